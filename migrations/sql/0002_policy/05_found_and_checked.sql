-- A statement finds rows about pupils by its own keys, by an index; the database only checks what was
-- found. For that its keys are a hash. As an array they are an index condition that is seldom the best
-- one, and else a filter that goes through all keys for every row (ops/decisions/0020).

alter policy reached on pupil
    using (id in (select reach.pupils('read', 'pupil.identity')));
alter policy reached on pupil_residence
    using (pupil_id in (select reach.pupils('read', 'pupil.whereabouts')));
alter policy reached on pupil_contact
    using (pupil_id in (select reach.pupils('read', 'pupil.contact'))
        or id in (select reach.contacts('read', 'pupil.contact')));
alter policy reached on enrolment
    using (pupil_id in (select reach.pupils('read', 'pupil.enrolment')));
alter policy reached on absence
    using ((data_class = 'attendance.unauthorised'
            and pupil_id in (select reach.pupils('read', 'attendance.unauthorised')))
        or (data_class = 'attendance.authorised'
            and pupil_id in (select reach.pupils('read', 'attendance.authorised'))));
alter policy reached on absence_reason
    using ((data_class = 'attendance.reason'
            and pupil_id in (select reach.pupils('read', 'attendance.reason')))
        or (data_class = 'attendance.reason.health.fact'
            and pupil_id in (select reach.pupils('read', 'attendance.reason.health.fact')))
        or (data_class = 'attendance.reason.health'
            and pupil_id in (select reach.pupils('read', 'attendance.reason.health')))
        or (data_class = 'attendance.reason.belief'
            and pupil_id in (select reach.pupils('read', 'attendance.reason.belief'))));
alter policy reached on pupil_week
    using (pupil_id in (select reach.pupils('read', 'attendance.rate')));
alter policy reached on signal
    using (pupil_id in (select reach.pupils('read', 'signal')));

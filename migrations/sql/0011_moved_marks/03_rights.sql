-- The intake says what was moved; it reads as before, and a moved version is read for one purpose.

grant update (moved) on absence, absence_reason, absence_presumed to schakel_import;

create policy corrects on absence_reason for update to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'attendance.rate'))))
    with check (branch_id = any (array(select reach.branches('import', 'attendance.rate'))));
create policy corrects on absence_presumed for update to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'attendance.rate'))))
    with check (branch_id = any (array(select reach.branches('import', 'attendance.rate'))));

alter policy reached on absence
    using (((data_class = 'attendance.unauthorised' and pupil_id in (select reach.pupils('read', 'attendance.unauthorised')))
        or (data_class = 'attendance.authorised' and pupil_id in (select reach.pupils('read', 'attendance.authorised'))))
        and (not moved or (select (sec.claims()).purpose) = 'daily_guidance'));
alter policy reached on absence_reason
    using (((data_class = 'attendance.reason' and pupil_id in (select reach.pupils('read', 'attendance.reason')))
        or (data_class = 'attendance.reason.health.fact' and pupil_id in (select reach.pupils('read', 'attendance.reason.health.fact')))
        or (data_class = 'attendance.reason.health' and pupil_id in (select reach.pupils('read', 'attendance.reason.health')))
        or (data_class = 'attendance.reason.belief' and pupil_id in (select reach.pupils('read', 'attendance.reason.belief'))))
        and (not moved or (select (sec.claims()).purpose) = 'daily_guidance'));
alter policy reached on absence_presumed
    using (((data_class = 'attendance.unauthorised' and pupil_id in (select reach.pupils('read', 'attendance.unauthorised')))
        or (data_class = 'attendance.authorised' and pupil_id in (select reach.pupils('read', 'attendance.authorised')))
        or (data_class = 'attendance.reason' and pupil_id in (select reach.pupils('read', 'attendance.reason')))
        or (data_class = 'attendance.reason.health.fact' and pupil_id in (select reach.pupils('read', 'attendance.reason.health.fact')))
        or (data_class = 'attendance.reason.health' and pupil_id in (select reach.pupils('read', 'attendance.reason.health')))
        or (data_class = 'attendance.reason.belief' and pupil_id in (select reach.pupils('read', 'attendance.reason.belief'))))
        and (not moved or (select (sec.claims()).purpose) = 'daily_guidance'));

-- A signal names the class of what its existence tells: that a threshold of absence was reached
-- (`signal`), an ordinary reason, or that it was illness. Whoever may be told that fact may see the
-- signal, and nobody else. The marks it rests on are named by key and read under their own classes.

alter table signal
    add column data_class text not null default 'signal'
        check (data_class in ('signal', 'attendance.reason', 'attendance.reason.health.fact')),
    add column marks uuid[] not null default '{}',
    drop constraint signal_unit_check,
    add constraint signal_unit_check
        check (unit in ('lesson_units', 'minutes', 'school_days', 'events', 'percent'));

-- Signals there are rest on the unauthorised absences in their window that stood when they were
-- raised. The owner passes by no policy, so force is lifted for these statements alone.
alter table signal no force row level security;
alter table absence no force row level security;
update signal s set marks = coalesce((
    select array_agg(a.id order by a.day, a.id) from absence a
    where a.controller_id = s.controller_id and a.branch_id = s.branch_id and a.pupil_id = s.pupil_id
      and a.data_class = 'attendance.unauthorised'
      and a.day between s.first_week and s.reached_on
      and a.recorded_at <= s.recorded_at and (a.replaced_at is null or a.replaced_at > s.recorded_at)), '{}');
alter table signal force row level security;
alter table absence force row level security;

alter table signal
    alter column data_class drop default,
    alter column marks drop default;

-- A signal is written once; what may change of it is only that it was withdrawn.
alter policy delivered on signal
    using ((data_class = 'signal' and branch_id = any (array(select reach.branches('import', 'signal'))))
        or (data_class = 'attendance.reason' and branch_id = any (array(select reach.branches('import', 'attendance.reason'))))
        or (data_class = 'attendance.reason.health.fact' and branch_id = any (array(select reach.branches('import', 'attendance.reason.health.fact')))));
alter policy delivers on signal
    with check ((data_class = 'signal' and branch_id = any (array(select reach.branches('import', 'signal'))))
        or (data_class = 'attendance.reason' and branch_id = any (array(select reach.branches('import', 'attendance.reason'))))
        or (data_class = 'attendance.reason.health.fact' and branch_id = any (array(select reach.branches('import', 'attendance.reason.health.fact')))));
alter policy reached on signal
    using ((data_class = 'signal' and pupil_id in (select reach.pupils('read', 'signal')))
        or (data_class = 'attendance.reason' and pupil_id in (select reach.pupils('read', 'attendance.reason')))
        or (data_class = 'attendance.reason.health.fact' and pupil_id in (select reach.pupils('read', 'attendance.reason.health.fact'))));

-- Illness is never reported: no report can be prepared from a signal that tells of it.
alter policy prepares on report
    with check (state = 'draft' and prepared_by = (select sec.actor())
        and branch_id = any (array(select reach.branches('prepare', 'report')))
        and pupil_id = any (array(select reach.pupils('prepare', 'report')))
        and exists (
            select 1 from signal s
            where s.id = signal_id and s.data_class in ('signal', 'attendance.reason')));

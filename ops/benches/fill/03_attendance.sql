-- What was missed. Absence j of a pupil lies in week j % weeks before this one, a lesson of fifty
-- minutes; one in four is unauthorised, and every second one has a coded reason.
--
-- Variables: weeks, absences (per pupil).

set session_replication_role = replica;
set maintenance_work_mem = '512MB';

-- Rows by the million go in faster without indexes, which are then built from what is there.
create table bench.index_of as
select case when c.oid is null then format('drop index %s', i.indexrelid::regclass)
        else format('alter table %s drop constraint %I cascade', i.indrelid::regclass, c.conname) end as drops_it,
    case when c.oid is null then replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
        else format('alter table %s add constraint %I %s', i.indrelid::regclass, c.conname,
            pg_get_constraintdef(c.oid)) end as makes_it
from pg_index i
left join pg_constraint c on c.conindid = i.indexrelid and c.contype in ('p', 'u')
where i.indrelid in ('absence'::regclass, 'absence_reason'::regclass, 'pupil_week'::regclass);
create table bench.foreign_key as
select format('alter table %s add constraint %I %s not valid', conrelid::regclass, conname,
    pg_get_constraintdef(oid)) as makes_it
from pg_constraint
where contype = 'f'
    and confrelid in (select inhrelid from pg_inherits where inhparent = 'absence'::regclass);
select drops_it from bench.index_of \gexec

insert into delivered_week (controller_id, branch_id, monday, recorded_at)
select bench.key('board', b / 5), bench.key('branch', b),
    date_trunc('week', now())::date - 7 * (1 + w), now() - interval '1 day'
from generate_series(0, :branches - 1) b, generate_series(0, :weeks - 1) w;

insert into pupil_week
    (controller_id, branch_id, pupil_id, monday, scheduled_minutes, scheduled_units,
     attended_minutes, attended_units, recorded_at)
select controller_id, branch_id, id, date_trunc('week', now())::date - 7 * (1 + w), 1600, 32,
    1600 - 50 * missed, 32 - missed, now() - interval '1 day'
from bench.pupil, generate_series(0, :weeks - 1) w,
    lateral (select (:absences + :weeks - 1 - w) / :weeks as missed) m;

insert into absence
    (id, controller_id, branch_id, pupil_id, external_id, day, start_unit, lesson_units, minutes,
     category, data_class, recorded_at)
select bench.key('absence', p.n::bigint * :absences + j), p.controller_id, p.branch_id, p.id,
    p.n || '-' || j, date_trunc('week', now())::date - 7 * (1 + j % :weeks) + (p.n + j / :weeks) % 5,
    1 + j / :weeks / 5, 1, 50, case when j % 4 = 0 then 'unauthorised' else 'authorised' end,
    case when j % 4 = 0 then 'attendance.unauthorised' else 'attendance.authorised' end,
    now() - interval '1 day'
from bench.pupil p, generate_series(0, :absences - 1) j;

insert into absence_reason
    (controller_id, absence_id, day, branch_id, pupil_id, code, data_class, recorded_at)
select p.controller_id, bench.key('absence', p.n::bigint * :absences + j),
    date_trunc('week', now())::date - 7 * (1 + j % :weeks) + (p.n + j / :weeks) % 5, p.branch_id, p.id,
    case when j % 4 = 1 then 'ILL' else 'SCHOOL_CLOSED' end,
    case when j % 4 = 1 then 'attendance.reason.health.fact' else 'attendance.reason' end,
    now() - interval '1 day'
from bench.pupil p, generate_series(1, :absences - 1, 2) j;

select makes_it from bench.index_of \gexec
select makes_it from bench.foreign_key \gexec

insert into signal
    (id, controller_id, branch_id, pupil_id, kind, rule_set, first_week, last_week, amount, unit,
     reached_on, act_by, data_class, marks, recorded_at)
select bench.key('signal', n), controller_id, branch_id, id, 'SIXTEEN_HOURS_IN_FOUR_WEEKS',
    'leerplichtwet-1969', date_trunc('week', now())::date - 35, date_trunc('week', now())::date - 14, 16,
    'lesson_units', current_date - 10, current_date + 5, 'signal',
    array(select bench.key('absence', n::bigint * :absences + j)
          from generate_series(0, least(:absences - 1, 60), 4) j), now() - interval '9 days'
from bench.pupil where n % 10 = 0;

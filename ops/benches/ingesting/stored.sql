-- Marks of another branch, from number `begin` up to `end`, half of them with a reason; and one of the
-- branch that delivers, so that every key of a delivery is looked up.
--
-- Variables: board, branch, other, first (a Monday), begin, end.

set session_replication_role = replica;
set maintenance_work_mem = '1GB';
-- Rows in a random order of keys would each fetch a page of every index: those are built afterwards.
create temporary view big as
select inhrelid from pg_inherits
where inhparent in ('absence'::regclass, 'absence_reason'::regclass);
update pg_index set indisready = false where indrelid in (select inhrelid from big);
insert into absence (id, controller_id, branch_id, pupil_id, external_id, day, start_unit,
    lesson_units, minutes, category, data_class, recorded_at)
select md5('m' || n)::uuid, :'board', :'other', md5('o' || n % 50000)::uuid, 'o' || n,
    date :'first' + 7 * (n / 50000 % 40) + n / 2000000 % 5, n / 10000000, 1, 50, 'late',
    'attendance.unauthorised', now()
from generate_series(:begin, :end) n;
insert into absence_reason (controller_id, absence_id, day, branch_id, pupil_id, code, data_class,
    recorded_at)
select :'board', md5('m' || n)::uuid, date :'first' + 7 * (n / 50000 % 40) + n / 2000000 % 5, :'other',
    md5('o' || n % 50000)::uuid, 'ILLNESS', 'attendance.reason.health.fact', now()
from generate_series(:begin, :end) n where n % 2 = 0;
update pg_index set indisready = true where indrelid in (select inhrelid from big);
reindex table absence;
reindex table absence_reason;
insert into absence (id, controller_id, branch_id, pupil_id, external_id, day, start_unit,
    lesson_units, minutes, category, data_class, recorded_at)
select gen_random_uuid(), :'board', :'branch', md5('p1')::uuid, 'kept', :'first', 12, 1, 50, 'late',
    'attendance.unauthorised', now()
on conflict do nothing;
analyze absence, absence_reason;
checkpoint;

-- Marks of another branch, from number `begin` up to `end`; and one of the branch that delivers, so that
-- every key of a delivery is looked up.
--
-- Variables: board, branch, other, first (a Monday), begin, end.

set session_replication_role = replica;
insert into absence (id, controller_id, branch_id, pupil_id, external_id, day, start_unit,
    lesson_units, minutes, category, data_class, recorded_at)
select gen_random_uuid(), :'board', :'other', md5('o' || n % 50000)::uuid, 'o' || n,
    date :'first' + 7 * (n / 50000 % 40) + n / 2000000 % 5, n / 10000000, 1, 50, 'late',
    'attendance.unauthorised', now()
from generate_series(:begin, :end) n;
insert into absence (id, controller_id, branch_id, pupil_id, external_id, day, start_unit,
    lesson_units, minutes, category, data_class, recorded_at)
select gen_random_uuid(), :'board', :'branch', md5('p1')::uuid, 'kept', :'first', 12, 1, 50, 'late',
    'attendance.unauthorised', now()
on conflict do nothing;
analyze absence;

-- Marks of another branch, from number `begin` up to `end`.
--
-- Variables: board, other, first (a Monday), begin, end.

set session_replication_role = replica;
insert into absence (id, controller_id, branch_id, pupil_id, external_id, day, start_unit,
    lesson_units, minutes, category, data_class, recorded_at)
select gen_random_uuid(), :'board', :'other', md5('o' || n % 50000)::uuid, 'o' || n,
    date :'first' + 7 * (n / 50000 % 40) + n / 2000000 % 5, n / 10000000, 1, 50, 'late',
    'attendance.unauthorised', now()
from generate_series(:begin, :end) n;
analyze absence;

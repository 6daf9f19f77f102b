-- Take out the marks of a branch.
--
-- Variables: branch.

set session_replication_role = replica;
delete from absence_reason;
delete from absence where branch_id = :'branch';
vacuum absence;
vacuum absence_reason;

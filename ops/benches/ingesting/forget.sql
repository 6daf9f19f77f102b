-- Take out the marks of a branch but the one that was kept before.
--
-- Variables: branch.

set session_replication_role = replica;
delete from absence_reason where branch_id = :'branch';
delete from absence where branch_id = :'branch' and external_id <> 'kept';
vacuum absence;
vacuum absence_reason;

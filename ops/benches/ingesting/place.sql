-- A board with two branches, a system that delivers for the first, and its pupils.
--
-- Variables: board, branch, other, client, receipt, pupils.

insert into directory_region values (gen_random_uuid(), '99', 'Region');
insert into directory_municipality values
    (gen_random_uuid(), '9901', 'Place', 'place', 'P', '99');
insert into organisation values (:'board', 'school_board', 'Board', '2020-01-01');
insert into oauth_client values
    (:'client', :'client', :'board', 'school_system', 'data_delivery', '{}');
insert into school_branch values
    (:'branch', :'board', '99ZZ00', 'Branch', 'VO', '9901', null, '2020-01-01'),
    (:'other', :'board', '99ZZ01', 'Other', 'VO', '9901', null, '2020-01-01');
insert into delivery_agreement values
    (gen_random_uuid(), :'client', :'branch', 'MAIN', '2020-01-01', null);
insert into import_receipt (id, controller_id, branch_id, client_id, kind, dry_run, state, upload_digest,
    upload_until, counts, problems, started_at)
values (:'receipt', :'board', :'branch', :'client', 'attendance_ndjson', false, 'waiting', '', now(), '{}',
    '[]', now());
insert into young_person (id) select md5('y' || n)::uuid from generate_series(1, :pupils) n;
insert into pupil (id, controller_id, young_person_id, external_id, given_name, family_name,
    recorded_at)
select md5('p' || n)::uuid, :'board', md5('y' || n)::uuid, n, 'Given', 'Family', '2020-01-01'
from generate_series(1, :pupils) n;
set session_replication_role = replica;
insert into enrolment (id, controller_id, branch_id, pupil_id, valid_from, recorded_at)
select gen_random_uuid(), :'board', :'branch', md5('p' || n)::uuid, '2020-08-01', '2020-01-01'
from generate_series(1, :pupils) n;
vacuum analyze young_person, pupil, enrolment, school_branch, organisation;

-- Pupils with what a roster says of them. Pupil n goes to branch n / pupils_per_branch, in class
-- n % pupils_per_branch / pupils_per_class there; one in ten came from another branch of the board.

set session_replication_role = replica;

create table bench.pupil as
select n, bench.key('pupil', n) as id, bench.key('young', n) as young_person_id,
    n / :pupils_per_branch as branch,
    bench.key('board', n / :pupils_per_branch / 5) as controller_id,
    bench.key('branch', n / :pupils_per_branch) as branch_id,
    bench.key('class', n / :pupils_per_branch * 1000 + n % :pupils_per_branch / :pupils_per_class)
        as class_group_id
from generate_series(0, :branches * :pupils_per_branch - 1) n;
create index on bench.pupil (n);
analyze bench.pupil;

insert into young_person (id) select young_person_id from bench.pupil;
insert into pupil
    (id, controller_id, young_person_id, external_id, given_name, infix, family_name, birth_date, sex,
     recorded_at)
select id, controller_id, young_person_id, 'L' || n,
    (array['Noor', 'Sem', 'Julia', 'Daan', 'Mila', 'Yusuf', 'Fatima', 'Lotte'])[1 + n % 8],
    case when n % 7 = 0 then 'van' end, 'Achternaam' || n * 7919 % 10000,
    current_date - 4400 - n % 2200, case when n % 2 = 0 then 'female' else 'male' end,
    now() - interval '300 days'
from bench.pupil;
insert into pupil_residence (controller_id, pupil_id, postcode, municipality_code, recorded_at)
select controller_id, id, '1234AB', 'GM' || lpad((9000 + branch / 25)::text, 4, '0'),
    now() - interval '300 days'
from bench.pupil;
insert into enrolment
    (id, controller_id, pupil_id, branch_id, year_group, valid_from, valid_until, recorded_at)
select gen_random_uuid(), controller_id, id, branch_id, 1 + n % 6, current_date - 300, null::date,
    now() - interval '300 days'
from bench.pupil
union all
select gen_random_uuid(), controller_id, id, bench.key('branch', branch / 5 * 5), 1 + n % 6,
    current_date - 700, current_date - 310, now() - interval '700 days'
from bench.pupil where n % 10 = 0 and branch % 5 <> 0;
insert into class_membership
    (id, controller_id, branch_id, pupil_id, class_group_id, valid_from, recorded_at)
select gen_random_uuid(), controller_id, branch_id, id, class_group_id, current_date - 300,
    now() - interval '300 days'
from bench.pupil;

insert into guardian (id) select bench.key('guardian', n) from bench.pupil;
insert into guardian_authority (id, controller_id, guardian_id, young_person_id, valid_from)
select gen_random_uuid(), controller_id, bench.key('guardian', n), young_person_id,
    now() - interval '300 days'
from bench.pupil;
insert into pupil_contact
    (id, controller_id, pupil_id, guardian_id, name, relation, phone, email, recorded_at)
select gen_random_uuid(), controller_id, id, bench.key('guardian', n), 'Ouder ' || n, 'mother',
    '0612345678', 'ouder' || n || '@example.org', now() - interval '300 days'
from bench.pupil;

-- Organisations, staff and classes of the bench. Never for the demo: nothing here is asked of the
-- services, and no row says who delivered it.
--
-- Variables: branches, pupils_per_branch, pupils_per_class. Ids are digests of a word and a number,
-- so that every file finds the rows of the others.

set session_replication_role = replica; -- rows are made whole: no trigger has to look again
create schema bench;
create function bench.key(word text, number bigint) returns uuid
language sql immutable parallel safe return md5(word || number)::uuid;

insert into organisation (id, kind, name, recorded_at)
select bench.key('board', b), 'school_board', 'Bestuur ' || b, now() - interval '1 year'
from generate_series(0, (:branches - 1) / 5) b
union all
select bench.key('office', o), 'attendance_office', 'Leerplichtbureau ' || o, now() - interval '1 year'
from generate_series(0, (:branches - 1) / 25) o
union all
select bench.key('care', c), 'youth_care_provider', 'Jeugdhulp ' || c, now() - interval '1 year'
from generate_series(0, (:branches - 1) / 25) c
union all
select bench.key('alliance', c), 'support_alliance', 'Samenwerkingsverband ' || c, now() - interval '1 year'
from generate_series(0, (:branches - 1) / 25) c;

insert into school_branch
    (id, organisation_id, branch_code, name, sector, municipality_code, alliance_code, recorded_at)
select bench.key('branch', b), bench.key('board', b / 5),
    '99' || chr(65 + b / 2600) || chr(65 + b / 100 % 26) || lpad((b % 100)::text, 2, '0'),
    'School ' || b, 'VO', 'GM' || lpad((9000 + b / 25)::text, 4, '0'), 'VO99' || lpad((b / 25)::text, 2, '0'),
    now() - interval '1 year'
from generate_series(0, :branches - 1) b;

insert into office_municipality (id, organisation_id, municipality_code, valid_from)
select bench.key('served', o), bench.key('office', o), 'GM' || lpad((9000 + o)::text, 4, '0'),
    now() - interval '1 year'
from generate_series(0, (:branches - 1) / 25) o;

insert into class_group
    (id, controller_id, branch_id, external_id, name, school_year, year_group, recorded_at)
select bench.key('class', b * 1000 + g), bench.key('board', b / 5), bench.key('branch', b), 'K' || g,
    'Klas ' || g, extract(year from now()), 1 + g % 6, now() - interval '1 year'
from generate_series(0, :branches - 1) b,
    generate_series(0, (:pupils_per_branch - 1) / :pupils_per_class) g;

-- Per branch a head, a coordinator and a support coordinator, and a mentor for each class; per
-- office five officers, per provider and alliance five workers.
create table bench.person as
select word, number, bench.key(word, number) as id, organisation_id, role, branch_id, class_group_id
from (
    select 'head' as word, b as number, bench.key('board', b / 5) as organisation_id,
        'head_of_school' as role, bench.key('branch', b) as branch_id, null::uuid as class_group_id
    from generate_series(0, :branches - 1) b
    union all
    select 'coordinator', b, bench.key('board', b / 5), 'attendance_coordinator', bench.key('branch', b), null
    from generate_series(0, :branches - 1) b
    union all
    select 'support', b, bench.key('board', b / 5), 'support_coordinator', bench.key('branch', b), null
    from generate_series(0, :branches - 1) b
    union all
    select 'mentor', b * 1000 + g, bench.key('board', b / 5), 'mentor', bench.key('branch', b),
        bench.key('class', b * 1000 + g)
    from generate_series(0, :branches - 1) b,
        generate_series(0, (:pupils_per_branch - 1) / :pupils_per_class) g
    union all
    select 'administrator', b, bench.key('board', b), 'organisation_administrator', null, null
    from generate_series(0, (:branches - 1) / 5) b
    union all
    select 'officer', n, bench.key('office', n / 5), 'attendance_officer', null, null
    from generate_series(0, (:branches - 1) / 25 * 5 + 4) n
    union all
    select 'worker', n, bench.key('care', n / 5), 'youth_care_worker', null, null
    from generate_series(0, (:branches - 1) / 25 * 5 + 4) n
    union all
    select 'consultant', n, bench.key('alliance', n / 5), 'alliance_consultant', null, null
    from generate_series(0, (:branches - 1) / 25 * 5 + 4) n
) staffed;

insert into staff (id, controller_id, external_id, name, recorded_at)
select id, organisation_id, word || number, 'Medewerker ' || word || number, now() - interval '1 year'
from bench.person;
insert into assignment
    (id, organisation_id, staff_id, role, branch_id, class_group_id, valid_from)
select gen_random_uuid(), organisation_id, id, role, branch_id, class_group_id, now() - interval '300 days'
from bench.person;
insert into head_mandate
    (id, organisation_id, branch_id, head_id, coordinator_id, valid_from)
select gen_random_uuid(), bench.key('board', b / 5), bench.key('branch', b), bench.key('head', b),
    bench.key('coordinator', b), now() - interval '300 days'
from generate_series(0, :branches - 1) b;

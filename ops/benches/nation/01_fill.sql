-- A nation of branches of real sizes, with one month of roll-ups, and nothing else. Four in five are
-- primary schools of about 185 pupils, secondary ones are larger: 2.4 million at 8,622 branches. Absence is as skewed as it is.
--
-- Variables: branches, first_monday, weeks, first_day. Ids are digests of a word and a number.

set session_replication_role = replica;
create schema bench;
create function bench.key(word text, number bigint) returns uuid
language sql immutable parallel safe return md5(word || number)::uuid;
create function bench.chance(word text, number bigint) returns double precision
language sql immutable parallel safe
return (('x' || substr(md5(word || number), 1, 8))::bit(32)::bigint & 2147483647) / 2147483648.0;

insert into organisation (id, kind, name, recorded_at)
select bench.key('platform', 0), 'platform', 'Platform', now()
union all
select bench.key('office', m), 'attendance_office', 'Leerplichtbureau ' || m, now()
from generate_series(0, :branches / 25) m
union all
select bench.key('board', b), 'school_board', 'Bestuur ' || b, now()
from generate_series(0, :branches / 8) b;

insert into directory_region (id, code, name)
select bench.key('region', r), 'R' || lpad(r::text, 3, '0'), 'Regio ' || r
from generate_series(0, :branches / 200) r;
insert into directory_municipality (id, code, name, search_name, province, region_code)
select bench.key('municipality', m), 'GM' || lpad(m::text, 4, '0'), 'Gemeente ' || m, 'gemeente ' || m,
    'Utrecht', 'R' || lpad((m / 8)::text, 3, '0')
from generate_series(0, :branches / 25) m;

create table bench.branch as
select b, bench.key('branch', b) as id, bench.key('board', b / 8) as controller_id,
    b % 5 = 0 as secondary,
    greatest(8, (case when b % 5 = 0 then 612 else 184 end
        * exp(0.7 * (bench.chance('size', b) + bench.chance('again', b) - 1)))::integer) as pupils
from generate_series(0, :branches - 1) b;

insert into school_branch
    (id, organisation_id, branch_code, name, sector, municipality_code, alliance_code, recorded_at)
select id, controller_id, lpad((b / 67600)::text, 2, '0') || chr(65 + b / 2600 % 26) || chr(65 + b / 100 % 26)
    || lpad((b % 100)::text, 2, '0'), 'School ' || b, case when secondary then 'VO' else 'PO' end,
    'GM' || lpad((b / 25)::text, 4, '0'),
    case when secondary then 'VO' else 'PO' end || lpad((b / 115)::text, 4, '0'), now()
from bench.branch;

insert into mandate (id, organisation_id, unit_level, unit_code, valid_from)
select bench.key('mandate', m), bench.key('office', m), 'municipality', 'GM' || lpad(m::text, 4, '0'),
    now() - interval '1 year'
from generate_series(0, :branches / 25) m;
insert into staff (id, controller_id, external_id, name, recorded_at)
select bench.key('adviser', m), bench.key('office', m), 'A' || m, 'Adviseur ' || m, now()
from generate_series(0, :branches / 25) m;
insert into assignment (id, organisation_id, staff_id, role, valid_from)
select bench.key('post', m), bench.key('office', m), bench.key('adviser', m), 'attendance_adviser',
    now() - interval '1 year'
from generate_series(0, :branches / 25) m;

create table bench.pupil as
select row_number() over () as n, r.id as branch_id, r.controller_id, r.secondary,
    bench.chance('share', row_number() over ()) as u
from bench.branch r, generate_series(1, r.pupils);
alter table bench.pupil add column id uuid, add column share double precision;
update bench.pupil set id = bench.key('pupil', n), share = case
    when u < 0.72 then 0.05 * u / 0.72 when u < 0.87 then 0.05 + 0.05 * (u - 0.72) / 0.15
    when u < 0.96 then 0.1 + 0.1 * (u - 0.87) / 0.09 when u < 0.99 then 0.2 + 0.3 * (u - 0.96) / 0.03
    else 0.5 + 0.45 * (u - 0.99) / 0.01 end;
analyze bench.pupil;

insert into pupil (id, controller_id, young_person_id, external_id, given_name, family_name, sex, recorded_at)
select id, controller_id, id, 'L' || n, 'Sam', 'Vos', case when n % 2 = 0 then 'female' else 'male' end, now()
from bench.pupil;
insert into enrolment (id, controller_id, pupil_id, branch_id, year_group, valid_from, recorded_at)
select id, controller_id, id, branch_id, case when secondary then 11 + n % 6 else 1 + n % 8 end,
    date :'first_day' - 60, now()
from bench.pupil;

insert into delivered_week (controller_id, branch_id, monday, recorded_at)
select controller_id, id, date :'first_monday' + 7 * w, now() - interval '20 days'
from bench.branch, generate_series(0, :weeks - 1) w;
insert into pupil_week (controller_id, branch_id, pupil_id, monday, scheduled_minutes, scheduled_units,
    attended_minutes, attended_units, recorded_at)
select controller_id, branch_id, id, date :'first_monday' + 7 * w, 1500, 30, 1500 - (1500 * share)::integer,
    30 - (30 * share)::integer, now() - interval '20 days'
from bench.pupil, generate_series(0, :weeks - 1) w;
insert into dimension_week (id, controller_id, branch_id, pupil_id, monday, dimension, data_class, minutes,
    times, recorded_at)
select gen_random_uuid(), controller_id, branch_id, id, date :'first_monday' + 7 * w,
    case when n % 3 = 0 then 'unauthorised' else 'sickness' end,
    case when n % 3 = 0 then 'attendance.unauthorised' else 'attendance.reason.health.fact' end,
    (1500 * share)::integer, 1, now() - interval '20 days'
from bench.pupil, generate_series(0, :weeks - 1) w where share > 0.02;

-- What was written over weeks was vacuumed since.
vacuum analyze;

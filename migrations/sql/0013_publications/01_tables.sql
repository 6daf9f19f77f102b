-- Publications in the place of provisional figures. A branch closes a period, its board or the
-- deadline locks it, and its exact table is taken once: counts, and nothing of a person. A release is
-- made of those tables and written once. None of these rows is ever changed or removed by a login.

grant create on schema reach to schakel_reach;

drop table figure;

-- The period of a branch: what was delivered of it when it was closed, and when it was locked and
-- taken. What came in later is counted. Weeks belong to the period of their Monday.
create table branch_period (
    id uuid primary key,
    controller_id uuid not null,
    branch_id uuid not null,
    branch_code text not null,
    unit text not null generated always as ('branch:' || branch_code) stored,
    kind text not null check (kind in ('month', 'term', 'school_year')),
    first_day date not null check (extract(day from first_day) = 1),
    last_day date not null check (last_day > first_day),
    score smallint check (score between 0 and 100),
    weeks smallint not null check (weeks >= 0),
    missing_weeks date[] not null check (cardinality(missing_weeks) <= weeks),
    closed_by uuid,
    closed_at timestamptz,
    locked_by uuid,
    locked_at timestamptz,
    taken_at timestamptz check (taken_at >= locked_at),
    late_weeks smallint not null default 0 check (late_weeks >= 0),
    check ((closed_by is null) = (closed_at is null)),
    check (locked_at is not null or (locked_by is null and taken_at is null)),
    check (closed_at is not null or locked_at is not null),
    check (taken_at is not null or late_weeks = 0),
    foreign key (branch_id, controller_id) references school_branch (id, organisation_id),
    unique (branch_id, kind, first_day),
    unique (id, branch_id, controller_id)
);
create index on branch_period (unit, kind, first_day);
create index branch_period_to_take on branch_period (kind, first_day) where taken_at is null;

-- What was counted of a branch: `cells` holds each category's pupils by group, categories in their
-- order and in each the groups in theirs. A group is `years:sexes`, such as `1_2:f`.
create table branch_table (
    id uuid primary key,
    controller_id uuid not null,
    branch_id uuid not null,
    branch_period_id uuid not null,
    kind text not null check (kind in ('month', 'term', 'school_year')),
    first_day date not null,
    measure text not null check (measure ~ '^[a-z][a-z0-9_]{0,59}$'),
    vintage smallint not null default 1 check (vintage > 0),
    categories text[] not null,
    groups text[] not null,
    cells bigint[] not null check (0 <= all (cells)),
    taken_at timestamptz not null,
    check (cardinality(cells) = cardinality(categories) * cardinality(groups)),
    foreign key (branch_period_id, branch_id, controller_id)
        references branch_period (id, branch_id, controller_id),
    unique (branch_period_id, measure, vintage)
);
create index on branch_table (branch_id, kind, first_day);
create index on branch_table (kind, first_day, measure, vintage);

create table release (
    id uuid primary key,
    kind text not null check (kind in ('month', 'term', 'school_year')),
    first_day date not null check (extract(day from first_day) = 1),
    last_day date not null check (last_day > first_day),
    school_year smallint not null,
    vintage smallint not null check (vintage > 0),
    method text not null,
    rule_set text not null,
    boundaries text not null,
    branches integer not null check (branches >= 0),
    branches_missing integer not null check (branches_missing >= 0),
    released_at timestamptz not null,
    digest text not null check (digest ~ '^[0-9a-f]{64}$'),
    unique (kind, first_day, vintage)
);

-- Where a branch lay at a release, what it was published with, and what was known of it.
create table release_unit (
    id uuid primary key,
    release_id uuid not null references release,
    branch_code text not null,
    unit text not null generated always as ('branch:' || branch_code) stored,
    name text not null,
    sector text not null,
    board text not null,
    municipality text not null,
    region text,
    alliance text,
    published_as text not null,
    area text not null,
    groups text[] not null,
    weeks smallint not null,
    missing_weeks smallint not null,
    closed boolean not null,
    unique (release_id, branch_code)
);

-- One answer: a unit, a measure and what it is divided by, with every cell, each label's categories
-- in their order. `members` are the codes of what was counted together as one.
create table published (
    id uuid primary key,
    release_id uuid not null references release,
    kind text not null check (kind in ('month', 'term', 'school_year')),
    first_day date not null,
    vintage smallint not null,
    level text not null
        check (level in ('branch', 'board', 'municipality', 'alliance', 'region', 'national')),
    unit_code text not null,
    unit text not null generated always as (level || ':' || unit_code) stored,
    data_class text not null generated always as ('aggregate.' || level) stored,
    unit_name text not null,
    members text[] not null,
    measure text not null check (measure ~ '^[a-z][a-z0-9_]{0,59}$'),
    by text not null check (by in ('total', 'sex', 'year', 'sector')),
    labels text[] not null,
    categories text[] not null,
    cells bigint[] not null check (0 <= all (cells)),
    units integer not null check (units > 0),
    check (cardinality(cells) = cardinality(labels) * cardinality(categories)),
    unique (unit, measure, by, kind, first_day, vintage)
);
create index on published (release_id, measure, by, level);

do $$
declare t text;
begin
    foreach t in array array['branch_period', 'branch_table', 'release', 'release_unit', 'published'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
    end loop;
end $$;

-- Whoever saw it twice would read one pupil from the difference.
create function written_once() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception '% is written once', tg_table_name using errcode = '23514';
end $$;

do $$
declare t text;
begin
    foreach t in array array['branch_table', 'release', 'release_unit', 'published'] loop
        execute format('create trigger written_once before update or delete on %I
            for each row execute function written_once()', t);
        execute format('create trigger never_emptied before truncate on %I
            for each statement execute function written_once()', t);
    end loop;
end $$;

-- What a period was closed and locked with stays; a policy cannot say so, for it does not see what
-- was.
create function period_goes_on() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if (old.locked_at is not null and (new.locked_at, new.locked_by) is distinct from (old.locked_at, old.locked_by))
        or (old.taken_at is not null and new.taken_at is distinct from old.taken_at)
        or new.late_weeks < old.late_weeks then
        raise exception 'a period goes on from where it is' using errcode = '23514';
    end if;
    return new;
end $$;
create trigger period_goes_on before update on branch_period
    for each row execute function period_goes_on();

-- A period that was locked is the ground of a release; one that was only closed is nobody's yet.
create function locked_stays() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op = 'TRUNCATE' or old.locked_at is not null then
        raise exception 'a period that was locked stays' using errcode = '23514';
    end if;
    return old;
end $$;
create trigger locked_stays before delete on branch_period
    for each row execute function locked_stays();
create trigger never_emptied before truncate on branch_period
    for each statement execute function locked_stays();

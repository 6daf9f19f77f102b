-- Young persons, and what a school board knows about them.

create table young_person (id uuid primary key);

-- The national number as a keyed index only: the number itself is never stored.
create table vault.national_number (
    controller_id uuid not null references organisation,
    young_person_id uuid not null references young_person,
    number_index bytea not null check (length(number_index) = 16),
    primary key (controller_id, number_index)
);
create index on vault.national_number (number_index);

create table pupil (
    id uuid primary key,
    controller_id uuid not null references organisation,
    young_person_id uuid not null references young_person,
    external_id text not null,
    given_name text not null,
    infix text,
    family_name text not null,
    birth_date date,
    sex text check (sex in ('female', 'male', 'unknown')),
    recorded_at timestamptz not null,
    unique (controller_id, external_id),
    unique (id, controller_id),
    unique (id, young_person_id)
);
create index on pupil (young_person_id);

create table pupil_residence (
    controller_id uuid not null,
    pupil_id uuid primary key,
    postcode text check (postcode ~ '^[1-9][0-9]{3}[A-Z]{2}$'),
    municipality_code text,
    recorded_at timestamptz not null,
    foreign key (pupil_id, controller_id) references pupil (id, controller_id)
);

create table enrolment (
    id uuid primary key,
    controller_id uuid not null,
    pupil_id uuid not null,
    branch_id uuid not null,
    year_group smallint,
    valid_from date not null,
    valid_until date check (valid_until > valid_from),
    recorded_at timestamptz not null,
    foreign key (pupil_id, controller_id) references pupil (id, controller_id),
    foreign key (branch_id, controller_id) references school_branch (id, organisation_id)
);
create index on enrolment (branch_id, pupil_id);
create index on enrolment (pupil_id);

create table class_membership (
    id uuid primary key,
    controller_id uuid not null,
    branch_id uuid not null,
    pupil_id uuid not null,
    class_group_id uuid not null,
    valid_from date not null,
    valid_until date check (valid_until > valid_from),
    recorded_at timestamptz not null,
    foreign key (pupil_id, controller_id) references pupil (id, controller_id),
    foreign key (branch_id, controller_id) references school_branch (id, organisation_id),
    foreign key (class_group_id, branch_id) references class_group (id, branch_id)
);
create index on class_membership (class_group_id, pupil_id);
create index on class_membership (pupil_id);

create table guardian (id uuid primary key);

create table guardian_authority (
    id uuid primary key,
    controller_id uuid not null references organisation,
    guardian_id uuid not null references guardian,
    young_person_id uuid not null references young_person,
    valid_from timestamptz not null,
    valid_until timestamptz,
    unique (controller_id, guardian_id, young_person_id, valid_from)
);
create index on guardian_authority (guardian_id);

create table pupil_contact (
    id uuid primary key,
    controller_id uuid not null,
    pupil_id uuid not null,
    guardian_id uuid not null references guardian,
    name text not null check (length(name) between 1 and 200),
    relation text not null check (relation in ('mother', 'father', 'guardian', 'other')),
    phone text,
    email text,
    recorded_at timestamptz not null,
    foreign key (pupil_id, controller_id) references pupil (id, controller_id)
);
create index on pupil_contact (pupil_id);
create index on pupil_contact (guardian_id);

-- Two enrolments of one pupil at one branch never overlap. btree_gist is not available, so a
-- trigger looks, under a lock per controller and pupil.
create function reach.enrolment_overlap() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(new.controller_id::text || new.pupil_id::text, 0));
    if exists (
        select 1 from public.enrolment e
        where e.pupil_id = new.pupil_id and e.branch_id = new.branch_id and e.id <> new.id
          and e.valid_from < coalesce(new.valid_until, 'infinity') and new.valid_from < coalesce(e.valid_until, 'infinity')
    ) then
        raise exception 'overlapping enrolment' using errcode = '23P01';
    end if;
    return new;
end $$;
revoke all on function reach.enrolment_overlap() from public;
-- After, so that a row that may not be written is refused before anything is looked up.
create trigger enrolment_overlap after insert or update on enrolment
    for each row execute function reach.enrolment_overlap();
alter function reach.enrolment_overlap() owner to schakel_reach;

do $$
declare t text;
begin
    foreach t in array array['public.young_person', 'vault.national_number', 'public.pupil', 'public.pupil_residence',
        'public.enrolment', 'public.class_membership', 'public.guardian', 'public.guardian_authority',
        'public.pupil_contact'] loop
        execute format('alter table %s enable row level security', t);
        execute format('alter table %s force row level security', t);
    end loop;
end $$;

create policy reach_reads on vault.national_number for select to schakel_reach using (true);
create policy reach_reads on pupil for select to schakel_reach using (true);
create policy reach_reads on pupil_residence for select to schakel_reach using (true);
create policy reach_reads on enrolment for select to schakel_reach using (true);
create policy reach_reads on class_membership for select to schakel_reach using (true);
create policy reach_reads on guardian_authority for select to schakel_reach using (true);
create policy reach_reads on pupil_contact for select to schakel_reach using (true);
grant select on vault.national_number, pupil, pupil_residence, enrolment, class_membership,
    guardian_authority, pupil_contact to schakel_reach;

-- Matching across boards goes through this function alone: it answers for one index at a time, to
-- an import, and only when the birth date is that of every record of the young person that has one.
create function vault.find(wanted bytea, born date) returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if born is null or not exists (select 1 from reach.controllers('import', 'pupil.number')) then
        return null;
    end if;
    return (
        select n.young_person_id
        from (select distinct v.young_person_id from vault.national_number v where v.number_index = wanted) n
        join public.pupil p on p.young_person_id = n.young_person_id and p.birth_date is not null
        group by n.young_person_id
        having bool_and(p.birth_date = born)
        order by n.young_person_id
        limit 1);
end $$;
revoke all on function vault.find(bytea, date) from public;
grant execute on function vault.find(bytea, date) to schakel_import;
alter function vault.find(bytea, date) owner to schakel_reach;

-- What a board delivered itself it may know again by the number alone.
create function vault.held(wanted bytea, board uuid) returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not exists (select 1 from reach.controllers('import', 'pupil.number') c where c = board) then
        return null;
    end if;
    return (
        select n.young_person_id from vault.national_number n
        where n.number_index = wanted and n.controller_id = board);
end $$;
revoke all on function vault.held(bytea, uuid) from public;
grant execute on function vault.held(bytea, uuid) to schakel_import;
alter function vault.held(bytea, uuid) owner to schakel_reach;

grant insert on young_person to schakel_import;
grant insert on vault.national_number to schakel_import;
grant select, insert on pupil, pupil_residence, enrolment, class_membership to schakel_import;
grant update (given_name, infix, family_name, birth_date, sex, recorded_at) on pupil to schakel_import;
grant update (postcode, municipality_code, recorded_at) on pupil_residence to schakel_import;
grant update (valid_until, year_group, recorded_at) on enrolment to schakel_import;
grant update (valid_until, recorded_at) on class_membership to schakel_import;
grant select on pupil, pupil_residence, enrolment, class_membership, guardian_authority, pupil_contact to schakel_app;
grant insert on guardian, guardian_authority, pupil_contact to schakel_app;
grant select on enrolment to schakel_jobs;

grant select on young_person to schakel_jobs;
create policy job_reads on young_person for select to schakel_jobs
    using ((select reach.job('account', 'log.own')));
create policy delivers on young_person for insert to schakel_import
    with check (exists (select 1 from reach.controllers('import', 'pupil.identity')));
create policy delivers on vault.national_number for insert to schakel_import
    with check (controller_id = any (array(select reach.controllers('import', 'pupil.number'))));

create policy delivered on pupil for select to schakel_import
    using (controller_id = any (array(select reach.controllers('import', 'pupil.identity'))));
create policy delivers on pupil for insert to schakel_import
    with check (controller_id = any (array(select reach.controllers('import', 'pupil.identity'))));
create policy redelivers on pupil for update to schakel_import
    using (controller_id = any (array(select reach.controllers('import', 'pupil.identity'))))
    with check (controller_id = any (array(select reach.controllers('import', 'pupil.identity'))));
create policy reached on pupil for select to schakel_app
    using (id = any (array(select reach.pupils('read', 'pupil.identity'))));

create policy delivered on pupil_residence for select to schakel_import
    using (controller_id = any (array(select reach.controllers('import', 'pupil.whereabouts'))));
create policy delivers on pupil_residence for insert to schakel_import
    with check (controller_id = any (array(select reach.controllers('import', 'pupil.whereabouts'))));
create policy redelivers on pupil_residence for update to schakel_import
    using (controller_id = any (array(select reach.controllers('import', 'pupil.whereabouts'))))
    with check (controller_id = any (array(select reach.controllers('import', 'pupil.whereabouts'))));
create policy reached on pupil_residence for select to schakel_app
    using (pupil_id = any (array(select reach.pupils('read', 'pupil.whereabouts'))));

create policy delivered on enrolment for select to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'pupil.enrolment'))));
create policy delivers on enrolment for insert to schakel_import
    with check (branch_id = any (array(select reach.branches('import', 'pupil.enrolment'))));
create policy redelivers on enrolment for update to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'pupil.enrolment'))))
    with check (branch_id = any (array(select reach.branches('import', 'pupil.enrolment'))));
create policy reached on enrolment for select to schakel_app
    using (pupil_id = any (array(select reach.pupils('read', 'pupil.enrolment'))));
create policy job_reads on enrolment for select to schakel_jobs
    using ((select reach.job('aggregate', 'pupil.enrolment')));

create policy delivered on class_membership for select to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'pupil.enrolment'))));
create policy delivers on class_membership for insert to schakel_import
    with check (branch_id = any (array(select reach.branches('import', 'pupil.enrolment'))));
create policy redelivers on class_membership for update to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'pupil.enrolment'))))
    with check (branch_id = any (array(select reach.branches('import', 'pupil.enrolment'))));
create policy reached on class_membership for select to schakel_app
    using (pupil_id = any (array(select reach.pupils('read', 'pupil.enrolment'))));

create policy registers on guardian for insert to schakel_app
    with check (exists (select 1 from reach.pupils('register', 'pupil.contact')));
create policy own_facts on guardian_authority for select to schakel_app
    using (guardian_id = (select sec.actor()));
create policy registers on guardian_authority for insert to schakel_app
    with check (controller_id = (select sec.organisation()) and young_person_id = any (array(
        select p.young_person_id from public.pupil p
        where p.id = any (array(select reach.pupils('register', 'pupil.contact'))))));
create policy reached on pupil_contact for select to schakel_app
    using (pupil_id = any (array(select reach.pupils('read', 'pupil.contact')))
        or id = any (array(select reach.contacts('read', 'pupil.contact'))));
create policy registers on pupil_contact for insert to schakel_app
    with check (pupil_id = any (array(select reach.pupils('register', 'pupil.contact'))));

-- A class is seen with the pupils in it.
create policy of_reached_pupils on class_group for select to schakel_app
    using (id in (select m.class_group_id from public.class_membership m));

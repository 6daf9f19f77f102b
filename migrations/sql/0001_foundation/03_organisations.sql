-- Organisations, their branches, staff and the facts that give staff a role.
-- `organisation`, `school_branch`, `office_municipality` and `mandate` say nothing about persons.

create table organisation (
    id uuid primary key,
    kind text not null check (kind in ('school_board', 'attendance_office', 'support_alliance',
        'youth_care_provider', 'absence_register', 'platform')),
    name text not null check (length(name) between 1 and 200),
    recorded_at timestamptz not null
);

create table school_branch (
    id uuid primary key,
    organisation_id uuid not null references organisation,
    branch_code text not null unique check (branch_code ~ '^[0-9]{2}[A-Z]{2}[0-9]{2}$'),
    name text not null,
    sector text not null check (sector in ('PO', 'VO', 'SBO', 'SO')),
    municipality_code text not null,
    alliance_code text,
    recorded_at timestamptz not null,
    unique (id, organisation_id)
);
create index on school_branch (organisation_id);
create index on school_branch (municipality_code);
create index on school_branch (alliance_code);

create table office_municipality (
    id uuid primary key,
    organisation_id uuid not null references organisation,
    municipality_code text not null,
    valid_from timestamptz not null,
    valid_until timestamptz,
    unique (organisation_id, municipality_code, valid_from)
);
create index on office_municipality (municipality_code);

create table mandate (
    id uuid primary key,
    organisation_id uuid not null references organisation,
    unit_level text not null check (unit_level in ('municipality', 'alliance')),
    unit_code text not null,
    valid_from timestamptz not null,
    valid_until timestamptz
);
create index on mandate (organisation_id);

create table oauth_client (
    client_id text primary key,
    actor_id uuid not null unique,
    organisation_id uuid not null references organisation,
    role text not null,
    purpose text not null,
    public_key jsonb not null
);
create table oauth_replay (
    client_id text not null,
    jti text not null,
    expires_at timestamptz not null,
    primary key (client_id, jti)
);
create index on oauth_replay (expires_at);

create table delivery_agreement (
    id uuid primary key,
    client_id uuid not null references oauth_client (actor_id),
    branch_id uuid not null references school_branch,
    branch_key text,
    valid_from timestamptz not null,
    valid_until timestamptz
);
create index on delivery_agreement (client_id);

create table staff (
    id uuid primary key,
    controller_id uuid not null references organisation,
    external_id text,
    name text not null check (length(name) between 1 and 200),
    recorded_at timestamptz not null,
    unique (id, controller_id),
    unique (controller_id, external_id)
);

create table class_group (
    id uuid primary key,
    controller_id uuid not null,
    branch_id uuid not null,
    external_id text not null,
    name text not null,
    school_year smallint not null,
    year_group smallint,
    recorded_at timestamptz not null,
    foreign key (branch_id, controller_id) references school_branch (id, organisation_id),
    unique (controller_id, branch_id, school_year, external_id),
    unique (id, branch_id)
);

create table assignment (
    id uuid primary key,
    organisation_id uuid not null,
    staff_id uuid not null,
    role text not null,
    branch_id uuid,
    class_group_id uuid,
    valid_from timestamptz not null,
    valid_until timestamptz check (valid_until > valid_from),
    foreign key (staff_id, organisation_id) references staff (id, controller_id),
    foreign key (branch_id, organisation_id) references school_branch (id, organisation_id),
    foreign key (class_group_id, branch_id) references class_group (id, branch_id)
);
create index on assignment (staff_id, organisation_id, role);

create table head_mandate (
    id uuid primary key,
    organisation_id uuid not null,
    branch_id uuid not null,
    head_id uuid not null,
    coordinator_id uuid not null,
    valid_from timestamptz not null,
    valid_until timestamptz check (valid_until > valid_from),
    foreign key (branch_id, organisation_id) references school_branch (id, organisation_id),
    foreign key (head_id, organisation_id) references staff (id, controller_id),
    foreign key (coordinator_id, organisation_id) references staff (id, controller_id)
);
create index on head_mandate (coordinator_id);

alter table staff enable row level security;
alter table staff force row level security;
alter table assignment enable row level security;
alter table assignment force row level security;
alter table head_mandate enable row level security;
alter table head_mandate force row level security;
alter table delivery_agreement enable row level security;
alter table delivery_agreement force row level security;
alter table class_group enable row level security;
alter table class_group force row level security;

-- These say nothing about persons, but ties are made of them: everyone reads, the operator adds.
do $$
declare t text;
begin
    foreach t in array array['organisation', 'school_branch', 'office_municipality', 'mandate', 'oauth_client'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy operator_adds on %I for insert to schakel_jobs
            with check ((select reach.job(''register'', ''organisation'')))', t);
    end loop;
    foreach t in array array['organisation', 'school_branch', 'office_municipality', 'mandate'] loop
        execute format('create policy everyone_reads on %I for select to schakel_app, schakel_aggregate,
            schakel_import, schakel_jobs, schakel_audit using (true)', t);
        execute format('create policy reach_reads on %I for select to schakel_reach using (true)', t);
    end loop;
end $$;
create policy server_reads on oauth_client for select to schakel_app, schakel_jobs using (true);
create policy reach_reads on oauth_client for select to schakel_reach using (true);

-- The reach functions read facts; their owner owns nothing else and cannot log in.
create policy reach_reads on staff for select to schakel_reach using (true);
create policy reach_reads on assignment for select to schakel_reach using (true);
create policy reach_reads on head_mandate for select to schakel_reach using (true);
create policy reach_reads on delivery_agreement for select to schakel_reach using (true);
grant select on staff, assignment, head_mandate, delivery_agreement, office_municipality, mandate,
    school_branch, organisation to schakel_reach;

grant select on organisation, school_branch, office_municipality, mandate
    to schakel_app, schakel_aggregate, schakel_import, schakel_jobs, schakel_audit;
grant insert on organisation, school_branch, office_municipality, mandate, oauth_client to schakel_jobs;
grant select on oauth_client to schakel_app, schakel_jobs;
grant select, insert, delete on oauth_replay to schakel_app;

grant select on staff, assignment, head_mandate to schakel_app;
grant select on assignment to schakel_aggregate;
grant insert on staff, assignment, head_mandate to schakel_app;
grant update (valid_until) on assignment, head_mandate to schakel_app;
grant insert on staff, assignment, delivery_agreement to schakel_jobs;
grant select on staff, assignment, delivery_agreement to schakel_jobs;
grant select on delivery_agreement to schakel_app, schakel_import;
grant select, insert, update (name, year_group, recorded_at) on class_group to schakel_import;
grant select on class_group to schakel_app;

create policy own_row on staff for select to schakel_app
    using (id = (select sec.actor()));
create policy administrator_reads on staff for select to schakel_app
    using (controller_id = any (array(select reach.controllers('read', 'staff'))));
create policy administrator_adds on staff for insert to schakel_app
    with check (controller_id = any (array(select reach.controllers('appoint', 'staff'))));
create policy operator_reads on staff for select to schakel_jobs
    using ((select reach.job('appoint', 'staff')));
create policy operator_adds on staff for insert to schakel_jobs
    with check ((select reach.job('appoint', 'staff')));

create policy own_facts on assignment for select to schakel_app, schakel_aggregate
    using (staff_id = (select sec.actor()));
create policy administrator_reads on assignment for select to schakel_app
    using (organisation_id = any (array(select reach.controllers('read', 'staff'))));
create policy administrator_adds on assignment for insert to schakel_app
    with check (organisation_id = any (array(select reach.controllers('appoint', 'staff')))
        and staff_id <> (select sec.actor()));
create policy administrator_ends on assignment for update to schakel_app
    using (organisation_id = any (array(select reach.controllers('appoint', 'staff'))))
    with check (valid_until = (select (sec.claims()).instant)
        and organisation_id = any (array(select reach.controllers('appoint', 'staff'))));
create policy operator_reads on assignment for select to schakel_jobs
    using ((select reach.job('appoint', 'staff')));
create policy operator_adds on assignment for insert to schakel_jobs
    with check ((select reach.job('appoint', 'staff')) and role = 'organisation_administrator');

create policy own_facts on head_mandate for select to schakel_app
    using (coordinator_id = (select sec.actor()));
create policy head_reads on head_mandate for select to schakel_app
    using (branch_id = any (array(select reach.branches('mandate', 'report'))));
create policy head_grants on head_mandate for insert to schakel_app
    with check (branch_id = any (array(select reach.branches('mandate', 'report')))
        and head_id = (select sec.actor()));
create policy head_ends on head_mandate for update to schakel_app
    using (branch_id = any (array(select reach.branches('mandate', 'report'))))
    with check (valid_until = (select (sec.claims()).instant)
        and branch_id = any (array(select reach.branches('mandate', 'report')))
        and head_id = (select sec.actor()));

create policy own_facts on delivery_agreement for select to schakel_app, schakel_import
    using (client_id = (select sec.actor()));
create policy operator_reads on delivery_agreement for select to schakel_jobs
    using ((select reach.job('register', 'organisation')));
create policy operator_adds on delivery_agreement for insert to schakel_jobs
    with check ((select reach.job('register', 'organisation')));

create policy delivered on class_group for select to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'pupil.enrolment'))));
create policy delivers on class_group for insert to schakel_import
    with check (branch_id = any (array(select reach.branches('import', 'pupil.enrolment'))));
create policy redelivers on class_group for update to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'pupil.enrolment'))))
    with check (branch_id = any (array(select reach.branches('import', 'pupil.enrolment'))));
create policy administrator_reads on class_group for select to schakel_app
    using (controller_id = any (array(select reach.controllers('read', 'staff'))));

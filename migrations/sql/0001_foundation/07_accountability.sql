-- Accountability: the trace of every individual read and act, and what is made of it.

create table trace (
    id uuid primary key,
    controller_id uuid,
    actor_id uuid not null,
    organisation_id uuid,
    role text not null,
    purpose text not null,
    activity text not null,
    act text not null,
    rules text[] not null,
    data_classes text[] not null,
    young_persons uuid[] not null,
    about uuid,
    request_id text not null,
    at timestamptz not null,
    recorded_at timestamptz not null default clock_timestamp(),
    expanded boolean not null default false
);
create index trace_to_expand on trace (recorded_at) where not expanded;

-- One line per young person, which is what a family reads. The employee is not in it.
create table access_line (
    id uuid primary key,
    trace_id uuid not null references trace,
    young_person_id uuid not null references young_person,
    organisation_id uuid,
    role text not null,
    purpose text not null,
    activity text not null,
    act text not null,
    rules text[] not null,
    data_classes text[] not null,
    at timestamptz not null,
    unique (trace_id, young_person_id)
);
create index on access_line (young_person_id, at desc, id);

create table trace_progress (
    singleton boolean primary key default true check (singleton),
    complete_until timestamptz not null
);
insert into trace_progress (complete_until) values ('-infinity');

create table import_receipt (
    id uuid primary key,
    controller_id uuid not null,
    branch_id uuid not null,
    client_id uuid not null,
    kind text not null check (kind in ('roster_edexml', 'attendance_ndjson')),
    dry_run boolean not null,
    state text not null check (state in ('waiting', 'accepted', 'refused')),
    upload_digest bytea not null,
    upload_until timestamptz not null,
    counts jsonb not null,
    problems jsonb not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    foreign key (branch_id, controller_id) references school_branch (id, organisation_id)
);
create index on import_receipt (client_id, started_at desc, id);

create table idempotency (
    actor_id uuid not null,
    operation text not null,
    key text not null,
    digest bytea not null,
    object_id uuid not null,
    recorded_at timestamptz not null,
    primary key (actor_id, operation, key)
);

create table figure (
    id uuid primary key,
    level text not null check (level in ('branch', 'municipality', 'alliance')),
    unit_code text not null,
    unit text generated always as (level || ':' || unit_code) stored,
    data_class text generated always as ('aggregate.' || level) stored,
    unit_name text not null,
    month date not null check (extract(day from month) = 1),
    measure text not null,
    value numeric(5, 4),
    pupils integer check (pupils >= 10),
    withheld boolean not null,
    recorded_at timestamptz not null,
    check (withheld = (value is null) and withheld = (pupils is null)),
    unique (level, unit_code, month, measure)
);

do $$
declare t text;
begin
    foreach t in array array['trace', 'access_line', 'import_receipt', 'idempotency', 'figure'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
    end loop;
end $$;

grant insert (id, controller_id, actor_id, organisation_id, role, purpose, activity, act, rules, data_classes,
    young_persons, about, request_id, at) on trace to schakel_app, schakel_import, schakel_jobs;
grant select on trace to schakel_jobs;
grant update (expanded) on trace to schakel_jobs;
grant select on access_line to schakel_app;
grant select, insert on access_line to schakel_jobs;
grant select on trace_progress to schakel_app;
grant select, update on trace_progress to schakel_jobs;
grant select, insert on import_receipt to schakel_app;
grant select, update (state, counts, problems, finished_at, upload_digest) on import_receipt to schakel_import;
grant select, insert on idempotency to schakel_app;
grant select on figure to schakel_aggregate;
grant select, insert, update (value, pupils, withheld, unit_name, recorded_at) on figure to schakel_jobs;

create policy records on trace for insert to schakel_app, schakel_import, schakel_jobs
    with check (actor_id = (select sec.actor())
        and organisation_id is not distinct from (select sec.organisation())
        and role = (select (sec.claims()).role) and purpose = (select (sec.claims()).purpose));
create policy job_reads on trace for select to schakel_jobs
    using ((select reach.job('account', 'log.own')));
create policy job_expands on trace for update to schakel_jobs
    using ((select reach.job('account', 'log.own')))
    with check ((select reach.job('account', 'log.own')));

create policy reached on access_line for select to schakel_app
    using (young_person_id = any (array(select reach.young_persons('read', 'log.own'))));
create policy job_reads on access_line for select to schakel_jobs
    using ((select reach.job('account', 'log.own')));
create policy job_expands on access_line for insert to schakel_jobs
    with check ((select reach.job('account', 'log.own')));

create policy own_receipts on import_receipt for select to schakel_app, schakel_import
    using (client_id = (select sec.actor())
        and branch_id = any (array(select reach.branches('read', 'import.receipt'))));
create policy starts on import_receipt for insert to schakel_app
    with check (state = 'waiting' and client_id = (select sec.actor())
        and branch_id = any (array(select reach.branches('read', 'import.receipt'))));
create policy finishes on import_receipt for update to schakel_import
    using (state = 'waiting' and client_id = (select sec.actor()))
    with check (state in ('accepted', 'refused') and client_id = (select sec.actor()));

create policy own_keys on idempotency for select to schakel_app
    using (actor_id = (select sec.actor()));
create policy keeps on idempotency for insert to schakel_app
    with check (actor_id = (select sec.actor()));

create policy reached on figure for select to schakel_aggregate
    using (unit = any (array(select reach.units(data_class_of.class)
        from (values ('aggregate.branch'), ('aggregate.municipality'), ('aggregate.alliance')) data_class_of (class))));
create policy job_writes on figure for insert to schakel_jobs
    with check ((select reach.job('aggregate', 'attendance.rate')));
create policy job_corrects on figure for update to schakel_jobs
    using ((select reach.job('aggregate', 'attendance.rate')))
    with check ((select reach.job('aggregate', 'attendance.rate')));
create policy job_reads on figure for select to schakel_jobs
    using ((select reach.job('aggregate', 'attendance.rate')));

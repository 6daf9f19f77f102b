-- The chain: reports, cases, plans and notes.

create table report (
    id uuid primary key,
    controller_id uuid not null,
    branch_id uuid not null,
    pupil_id uuid not null,
    young_person_id uuid not null,
    signal_id uuid not null,
    kind text not null,
    rule_set text not null,
    state text not null check (state in ('draft', 'sent', 'allocated', 'taken_on', 'closed')),
    municipality_code text not null,
    extract jsonb not null,
    prepared_by uuid not null,
    prepared_at timestamptz not null,
    sent_by uuid,
    sent_at timestamptz,
    taken_on_by uuid,
    taken_on_at timestamptz,
    closed_at timestamptz,
    outcome text check (outcome in ('back_to_school', 'help_started', 'enrolment_ended', 'no_absence')),
    retained_until date not null,
    foreign key (pupil_id, young_person_id) references pupil (id, young_person_id),
    foreign key (signal_id, pupil_id) references signal (id, pupil_id),
    foreign key (branch_id, controller_id) references school_branch (id, organisation_id),
    unique (id, young_person_id),
    unique (id, controller_id),
    unique (signal_id)
);
create index on report (branch_id);
create index on report (young_person_id);
create index on report (state) where state = 'sent';

-- Whom to call about a report: apart from its extract, for a parent who reads the report does not
-- read how to reach the other one.
create table report_contact (
    id uuid primary key,
    controller_id uuid not null,
    report_id uuid not null,
    position smallint not null check (position >= 0),
    name text not null,
    relation text not null check (relation in ('mother', 'father', 'guardian', 'other')),
    phone text,
    email text,
    recorded_at timestamptz not null,
    foreign key (report_id, controller_id) references report (id, controller_id),
    unique (report_id, position)
);

create table report_allocation (
    id uuid primary key,
    report_id uuid not null references report,
    office_id uuid not null references organisation,
    valid_from timestamptz not null,
    valid_until timestamptz
);
create unique index on report_allocation (report_id) where valid_until is null;
create index on report_allocation (office_id);

create table case_file (
    id uuid primary key,
    controller_id uuid not null references organisation,
    young_person_id uuid not null,
    report_id uuid not null,
    form text not null check (form in ('attendance_conference', 'multidisciplinary_conference')),
    state text not null check (state in ('open', 'closed')),
    opened_by uuid not null,
    opened_at timestamptz not null,
    closed_at timestamptz,
    outcome text check (outcome in ('attending_again', 'continued_elsewhere', 'no_longer_needed')),
    foreign key (report_id, young_person_id) references report (id, young_person_id),
    unique (id, young_person_id),
    unique (id, controller_id),
    unique (report_id)
);
create index on case_file (young_person_id);

create table case_identity (
    case_id uuid primary key,
    controller_id uuid not null,
    given_name text not null,
    infix text,
    family_name text not null,
    birth_date date,
    foreign key (case_id, controller_id) references case_file (id, controller_id)
);

create table participation (
    id uuid primary key,
    case_id uuid not null,
    controller_id uuid not null,
    young_person_id uuid not null,
    organisation_id uuid not null references organisation,
    branch_id uuid references school_branch,
    role text not null,
    purpose text not null,
    is_lead boolean not null,
    shares text[] not null,
    staff_id uuid references staff,
    display_name text,
    invited_at timestamptz not null,
    answered_at timestamptz,
    accepted_at timestamptz check (accepted_at = answered_at),
    ended_at timestamptz,
    foreign key (case_id, young_person_id) references case_file (id, young_person_id),
    foreign key (case_id, controller_id) references case_file (id, controller_id),
    unique (id, case_id)
);
create unique index one_party on participation (case_id, organisation_id, role) where ended_at is null;
create index on participation (staff_id);
create index on participation (organisation_id, role);
create index on participation (young_person_id);

create table attendance_summary (
    id uuid primary key,
    case_id uuid not null,
    controller_id uuid not null references organisation,
    young_person_id uuid not null,
    band text not null check (band in ('0-5', '5-10', '10-20', '20-50', '50-100')),
    trend text not null check (trend in ('improving', 'stable', 'worsening', 'unknown')),
    period_from date not null,
    period_until date not null,
    offered_at timestamptz not null,
    foreign key (case_id, young_person_id) references case_file (id, young_person_id)
);
create index on attendance_summary (case_id);

create table plan (
    id uuid primary key,
    case_id uuid not null,
    controller_id uuid not null,
    young_person_id uuid not null,
    goal text not null check (length(goal) between 1 and 2000),
    state text not null check (state in ('proposed', 'agreed')),
    review_on date not null,
    recorded_at timestamptz not null,
    agreed_at timestamptz,
    foreign key (case_id, young_person_id) references case_file (id, young_person_id),
    foreign key (case_id, controller_id) references case_file (id, controller_id),
    unique (id, case_id)
);
create index on plan (case_id);

create table plan_agreement (
    plan_id uuid not null,
    case_id uuid not null,
    participation_id uuid not null,
    agreed_at timestamptz not null,
    primary key (plan_id, participation_id),
    foreign key (plan_id, case_id) references plan (id, case_id),
    foreign key (participation_id, case_id) references participation (id, case_id)
);

create table plan_action (
    id uuid primary key,
    plan_id uuid not null,
    case_id uuid not null,
    owner_id uuid not null,
    description text not null check (length(description) between 1 and 2000),
    due_on date not null,
    state text not null check (state in ('open', 'done', 'dropped')),
    recorded_at timestamptz not null,
    foreign key (plan_id, case_id) references plan (id, case_id),
    foreign key (owner_id, case_id) references participation (id, case_id)
);
create index on plan_action (plan_id);

create table note (
    id uuid primary key,
    case_id uuid not null,
    controller_id uuid not null,
    young_person_id uuid not null,
    data_class text not null check (data_class in ('note.general')),
    author_id uuid not null,
    sealed bytea not null,
    recorded_at timestamptz not null,
    foreign key (case_id, young_person_id) references case_file (id, young_person_id),
    foreign key (case_id, controller_id) references case_file (id, controller_id),
    foreign key (author_id, case_id) references participation (id, case_id)
);
create index on note (case_id);

do $$
declare t text;
begin
    foreach t in array array['report', 'report_contact', 'report_allocation', 'case_file', 'case_identity', 'participation',
        'attendance_summary', 'plan', 'plan_agreement', 'plan_action', 'note'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
    end loop;
end $$;

-- What a report says is evidence: once written it stays as it is.
create function report_is_frozen() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'a report is frozen' using errcode = '23514';
end $$;
create trigger report_is_frozen before update of extract, kind, rule_set, pupil_id, young_person_id,
    branch_id, controller_id, signal_id, municipality_code on report
    for each row execute function report_is_frozen();

-- A report goes from state to state, skips none, and each step writes what belongs to it and
-- nothing else. Permissive policies are joined by OR, so no policy can say this.
create function report_moves() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    sending boolean := (new.sent_by, new.sent_at) is distinct from (old.sent_by, old.sent_at);
    taking_on boolean := (new.taken_on_by, new.taken_on_at) is distinct from (old.taken_on_by, old.taken_on_at);
    closing boolean := (new.closed_at, new.outcome) is distinct from (old.closed_at, old.outcome);
begin
    if (old.state, new.state, sending, taking_on, closing) not in (
        ('draft', 'sent', true, false, false),
        ('sent', 'allocated', false, false, false),
        ('allocated', 'taken_on', false, true, false),
        ('taken_on', 'closed', false, false, true)) then
        raise exception 'a report moves one step at a time' using errcode = '23514';
    end if;
    return new;
end $$;
create trigger report_moves before update of state, sent_by, sent_at, taken_on_by, taken_on_at,
    closed_at, outcome on report
    for each row execute function report_moves();

-- A part in a case is answered once, by whoever acts, now; it ends once, now, and never revives.
create function participation_moves() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare me sec.claim := sec.claims();
begin
    if new.answered_at is distinct from old.answered_at or new.accepted_at is distinct from old.accepted_at
        or new.staff_id is distinct from old.staff_id or new.display_name is distinct from old.display_name then
        if old.answered_at is not null or new.answered_at is distinct from me.instant
            or new.staff_id is distinct from me.actor then
            raise exception 'an invitation is answered once, by whom it was sent to' using errcode = '23514';
        end if;
    end if;
    if new.ended_at is distinct from old.ended_at
        and (old.ended_at is not null or new.ended_at is distinct from me.instant) then
        raise exception 'a part in a case ends once' using errcode = '23514';
    end if;
    return new;
end $$;
create trigger participation_moves before update on participation
    for each row execute function participation_moves();

create policy reach_reads on report for select to schakel_reach using (true);
create policy reach_reads on report_allocation for select to schakel_reach using (true);
create policy reach_reads on case_file for select to schakel_reach using (true);
create policy reach_reads on participation for select to schakel_reach using (true);
create policy reach_reads on plan_agreement for select to schakel_reach using (true);
grant select on report, report_allocation, case_file, participation, plan_agreement to schakel_reach;

grant select on report, report_contact, report_allocation, case_file, case_identity, participation, attendance_summary,
    plan, plan_agreement, plan_action, note to schakel_app;
grant insert on report, report_contact, case_file, case_identity, participation, attendance_summary, plan,
    plan_agreement, plan_action, note to schakel_app;
grant update (state, sent_by, sent_at, taken_on_by, taken_on_at, closed_at, outcome) on report to schakel_app;
grant update (valid_until) on report_allocation to schakel_app;
grant update (state, closed_at, outcome) on case_file to schakel_app;
grant update (staff_id, display_name, answered_at, accepted_at, ended_at) on participation to schakel_app;
grant update (state, agreed_at) on plan to schakel_app;
grant update (state) on plan_action to schakel_app;
grant select, update (state) on report to schakel_jobs;
grant select, insert on report_allocation to schakel_jobs;

create policy reached on report for select to schakel_app
    using (id = any (array(select reach.reports('read', 'report'))));
create policy prepares on report for insert to schakel_app
    with check (state = 'draft' and prepared_by = (select sec.actor())
        and branch_id = any (array(select reach.branches('prepare', 'report')))
        and pupil_id = any (array(select reach.pupils('prepare', 'report'))));
create policy sends on report for update to schakel_app
    using (state = 'draft' and id = any (array(select reach.reports('send', 'report'))))
    with check (state = 'sent' and sent_by = (select sec.actor())
        and id = any (array(select reach.reports('send', 'report'))));
create policy takes_on on report for update to schakel_app
    using (state = 'allocated' and id = any (array(select reach.reports('take_on', 'report'))))
    with check (state in ('taken_on', 'closed') and taken_on_by = (select sec.actor()));
create policy closes on report for update to schakel_app
    using (state = 'taken_on' and taken_on_by = (select sec.actor())
        and id = any (array(select reach.reports('close', 'report'))))
    with check (state = 'closed' and taken_on_by = (select sec.actor()));
create policy register_reads on report for select to schakel_jobs
    using (id = any (array(select reach.reports('allocate', 'report'))));
create policy register_allocates on report for update to schakel_jobs
    using (state = 'sent' and id = any (array(select reach.reports('allocate', 'report'))))
    with check (state = 'allocated');

create policy reached on report_contact for select to schakel_app
    using (report_id = any (array(select reach.reports('read', 'report.contact'))));
create policy prepares on report_contact for insert to schakel_app
    with check (controller_id = (select sec.organisation())
        and report_id = any (array(
            select r.id from public.report r
            where r.state = 'draft' and r.prepared_by = (select sec.actor())
              and r.branch_id = any (array(select reach.branches('prepare', 'report'))))));

create policy own_office on report_allocation for select to schakel_app
    using (report_id = any (array(select reach.reports('read', 'report')))
        or report_id = any (array(select reach.reports('open', 'case.core'))));
create policy closes on report_allocation for update to schakel_app
    using (report_id = any (array(select reach.reports('close', 'report'))))
    with check (office_id = (select sec.organisation()));
create policy register_reads on report_allocation for select to schakel_jobs
    using (report_id = any (array(select reach.reports('allocate', 'report'))));
create policy register_allocates on report_allocation for insert to schakel_jobs
    with check (report_id = any (array(select reach.reports('allocate', 'report'))));

create policy reached on case_file for select to schakel_app
    using (id = any (array(select reach.cases('read', 'case.core')))
        or id = any (array(select reach.cases('open', 'case.core'))));
create policy opens on case_file for insert to schakel_app
    with check (state = 'open' and opened_by = (select sec.actor())
        and controller_id = (select sec.organisation())
        and report_id = any (array(select reach.reports('open', 'case.core'))));
create policy closes on case_file for update to schakel_app
    using (state = 'open' and id = any (array(select reach.cases('close', 'case.core'))))
    with check (state = 'closed');

create policy reached on case_identity for select to schakel_app
    using (case_id = any (array(select reach.cases('read', 'case.identity'))));
create policy opens on case_identity for insert to schakel_app
    with check (case_id = any (array(select reach.cases('open', 'case.core')))
        and controller_id = (select sec.organisation()));

create policy reached on participation for select to schakel_app
    using (case_id = any (array(select reach.cases('read', 'case.participants'))));
create policy own_facts on participation for select to schakel_app
    using (staff_id = (select sec.actor()) and organisation_id = (select sec.organisation()));
create policy invited on participation for select to schakel_app
    using (id = any (array(select reach.invitations())));
create policy offers on participation for select to schakel_app
    using (organisation_id = (select sec.organisation())
        and case_id = any (array(select reach.cases('offer', 'attendance.summary'))));
create policy opens on participation for insert to schakel_app
    with check (is_lead and staff_id = (select sec.actor()) and organisation_id = (select sec.organisation())
        and case_id = any (array(select reach.cases('open', 'case.core'))));
create policy invites on participation for insert to schakel_app
    with check (not is_lead and staff_id is null and answered_at is null and accepted_at is null
        and case_id = any (array(select reach.cases('invite', 'case.core'))));
create policy answers on participation for update to schakel_app
    using (id = any (array(select reach.invitations())))
    with check (staff_id = (select sec.actor()) and organisation_id = (select sec.organisation())
        and answered_at is not null);
create policy leaves on participation for update to schakel_app
    using (staff_id = (select sec.actor()) and accepted_at is not null and ended_at is null and not is_lead)
    with check (staff_id = (select sec.actor()) and ended_at is not null);
create policy closes on participation for update to schakel_app
    using (case_id = any (array(select reach.cases('close', 'case.core'))))
    with check (ended_at is not null);

create policy reached on attendance_summary for select to schakel_app
    using (case_id = any (array(select reach.cases('read', 'attendance.summary'))));
create policy offers on attendance_summary for insert to schakel_app
    with check (controller_id = (select sec.organisation())
        and case_id = any (array(select reach.cases('offer', 'attendance.summary'))));

create policy reached on plan for select to schakel_app
    using (case_id = any (array(select reach.cases('read', 'plan'))));
create policy proposes on plan for insert to schakel_app
    with check (state = 'proposed' and case_id = any (array(select reach.cases('write', 'plan'))));
create policy agrees on plan for update to schakel_app
    using (case_id = any (array(select reach.cases('agree', 'plan'))))
    with check (case_id = any (array(select reach.cases('agree', 'plan')))
        and (state = 'proposed' or reach.agreed_by_all(id)));

create policy reached on plan_agreement for select to schakel_app
    using (case_id = any (array(select reach.cases('read', 'plan'))));
create policy agrees on plan_agreement for insert to schakel_app
    with check (case_id = any (array(select reach.cases('agree', 'plan')))
        and participation_id = any (array(
            select t.id from public.participation t where t.staff_id = (select sec.actor()))));

create policy reached on plan_action for select to schakel_app
    using (case_id = any (array(select reach.cases('read', 'action'))));
create policy adds on plan_action for insert to schakel_app
    with check (case_id = any (array(select reach.cases('write', 'action'))));
create policy moves on plan_action for update to schakel_app
    using (case_id = any (array(select reach.cases('write', 'action'))))
    with check (case_id = any (array(select reach.cases('write', 'action'))));

create policy reached on note for select to schakel_app
    using (data_class = 'note.general' and case_id = any (array(select reach.cases('read', 'note.general'))));
create policy adds on note for insert to schakel_app
    with check (data_class = 'note.general' and case_id = any (array(select reach.cases('write', 'note.general')))
        and author_id = any (array(
            select t.id from public.participation t where t.staff_id = (select sec.actor()))));

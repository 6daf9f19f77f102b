-- Attendance: what a school delivered, week by week. An absence and its coded reason are two
-- tables, for they are two data classes; a correction is a new version, never an overwrite.

create table delivered_week (
    controller_id uuid not null,
    branch_id uuid not null,
    monday date not null check (extract(isodow from monday) = 1),
    recorded_at timestamptz not null,
    primary key (controller_id, branch_id, monday),
    foreign key (branch_id, controller_id) references school_branch (id, organisation_id)
);

create table absence (
    id uuid not null,
    controller_id uuid not null,
    branch_id uuid not null,
    pupil_id uuid not null,
    external_id text not null,
    day date not null,
    start_unit smallint not null,
    lesson_units smallint not null check (lesson_units >= 0),
    minutes smallint not null check (minutes > 0),
    category text not null,
    data_class text not null check (data_class in ('attendance.unauthorised', 'attendance.authorised')),
    recorded_at timestamptz not null,
    replaced_at timestamptz check (replaced_at >= recorded_at),
    primary key (controller_id, id),
    unique (id),
    unique (controller_id, id, pupil_id, branch_id),
    foreign key (branch_id, controller_id) references school_branch (id, organisation_id),
    foreign key (pupil_id, controller_id) references pupil (id, controller_id)
);
create unique index absence_current on absence (controller_id, branch_id, external_id) where replaced_at is null;
create index absence_by_pupil on absence (pupil_id, day) where replaced_at is null;
create index absence_by_branch on absence (branch_id, day);

create table absence_reason (
    controller_id uuid not null,
    absence_id uuid not null,
    branch_id uuid not null,
    pupil_id uuid not null,
    code text not null,
    data_class text not null check (data_class in ('attendance.reason', 'attendance.reason.health.fact',
        'attendance.reason.health', 'attendance.reason.belief')),
    recorded_at timestamptz not null,
    primary key (controller_id, absence_id),
    foreign key (controller_id, absence_id, pupil_id, branch_id)
        references absence (controller_id, id, pupil_id, branch_id)
);
create index on absence_reason (pupil_id);
create index on absence_reason (absence_id);

-- The roll-up that every rate is read from. Attended is null until the school declares the week
-- delivered: unknown is not present.
create table pupil_week (
    controller_id uuid not null,
    branch_id uuid not null,
    pupil_id uuid not null,
    monday date not null check (extract(isodow from monday) = 1),
    scheduled_minutes smallint not null check (scheduled_minutes >= 0),
    scheduled_units smallint not null check (scheduled_units >= 0),
    attended_minutes smallint check (attended_minutes between 0 and scheduled_minutes),
    attended_units smallint check (attended_units between 0 and scheduled_units),
    recorded_at timestamptz not null,
    primary key (controller_id, branch_id, pupil_id, monday),
    foreign key (branch_id, controller_id) references school_branch (id, organisation_id),
    foreign key (pupil_id, controller_id) references pupil (id, controller_id)
);
create index on pupil_week (pupil_id, monday);

create table signal (
    id uuid primary key,
    controller_id uuid not null,
    branch_id uuid not null,
    pupil_id uuid not null,
    kind text not null,
    rule_set text not null,
    first_week date not null,
    last_week date not null,
    amount integer not null,
    unit text not null check (unit in ('lesson_units', 'minutes')),
    reached_on date not null,
    act_by date not null,
    recorded_at timestamptz not null,
    withdrawn_at timestamptz,
    unique (id, pupil_id),
    foreign key (branch_id, controller_id) references school_branch (id, organisation_id),
    foreign key (pupil_id, controller_id) references pupil (id, controller_id)
);
create unique index signal_current on signal (controller_id, pupil_id, kind, reached_on) where withdrawn_at is null;
create index on signal (pupil_id);

do $$
declare t text;
begin
    foreach t in array array['absence', 'absence_reason', 'pupil_week', 'signal', 'delivered_week'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
    end loop;
end $$;

grant select, insert on absence, absence_reason, pupil_week, signal, delivered_week to schakel_import;
grant update (replaced_at) on absence to schakel_import;
grant update (scheduled_minutes, scheduled_units, attended_minutes, attended_units, recorded_at) on pupil_week to schakel_import;
grant update (withdrawn_at) on signal to schakel_import;
grant select on absence, absence_reason, pupil_week, signal to schakel_app;
grant select on absence, pupil_week, delivered_week to schakel_jobs;

create policy delivered on delivered_week for select to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'attendance.rate'))));
create policy delivers on delivered_week for insert to schakel_import
    with check (branch_id = any (array(select reach.branches('import', 'attendance.rate'))));
create policy job_reads on delivered_week for select to schakel_jobs
    using ((select reach.job('aggregate', 'attendance.rate')));

create policy delivered on absence for select to schakel_import
    using ((data_class = 'attendance.unauthorised' and branch_id = any (array(select reach.branches('import', 'attendance.unauthorised'))))
        or (data_class = 'attendance.authorised' and branch_id = any (array(select reach.branches('import', 'attendance.authorised')))));
create policy delivers on absence for insert to schakel_import
    with check ((data_class = 'attendance.unauthorised' and branch_id = any (array(select reach.branches('import', 'attendance.unauthorised'))))
        or (data_class = 'attendance.authorised' and branch_id = any (array(select reach.branches('import', 'attendance.authorised')))));
create policy corrects on absence for update to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'attendance.rate'))))
    with check (branch_id = any (array(select reach.branches('import', 'attendance.rate'))));
create policy reached on absence for select to schakel_app
    using ((data_class = 'attendance.unauthorised' and pupil_id = any (array(select reach.pupils('read', 'attendance.unauthorised'))))
        or (data_class = 'attendance.authorised' and pupil_id = any (array(select reach.pupils('read', 'attendance.authorised')))));
create policy job_reads on absence for select to schakel_jobs
    using ((data_class = 'attendance.unauthorised' and (select reach.job('aggregate', 'attendance.unauthorised')))
        or (data_class = 'attendance.authorised' and (select reach.job('aggregate', 'attendance.authorised'))));

create policy delivered on absence_reason for select to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'attendance.reason'))));
create policy delivers on absence_reason for insert to schakel_import
    with check ((data_class = 'attendance.reason' and branch_id = any (array(select reach.branches('import', 'attendance.reason'))))
        or (data_class = 'attendance.reason.health.fact' and branch_id = any (array(select reach.branches('import', 'attendance.reason.health.fact'))))
        or (data_class = 'attendance.reason.health' and branch_id = any (array(select reach.branches('import', 'attendance.reason.health'))))
        or (data_class = 'attendance.reason.belief' and branch_id = any (array(select reach.branches('import', 'attendance.reason.belief')))));
create policy reached on absence_reason for select to schakel_app
    using ((data_class = 'attendance.reason' and pupil_id = any (array(select reach.pupils('read', 'attendance.reason'))))
        or (data_class = 'attendance.reason.health.fact' and pupil_id = any (array(select reach.pupils('read', 'attendance.reason.health.fact'))))
        or (data_class = 'attendance.reason.health' and pupil_id = any (array(select reach.pupils('read', 'attendance.reason.health'))))
        or (data_class = 'attendance.reason.belief' and pupil_id = any (array(select reach.pupils('read', 'attendance.reason.belief')))));

create policy delivered on pupil_week for select to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'attendance.rate'))));
create policy delivers on pupil_week for insert to schakel_import
    with check (branch_id = any (array(select reach.branches('import', 'attendance.rate'))));
create policy redelivers on pupil_week for update to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'attendance.rate'))))
    with check (branch_id = any (array(select reach.branches('import', 'attendance.rate'))));
create policy reached on pupil_week for select to schakel_app
    using (pupil_id = any (array(select reach.pupils('read', 'attendance.rate'))));
create policy job_reads on pupil_week for select to schakel_jobs
    using ((select reach.job('aggregate', 'attendance.rate')));

create policy delivered on signal for select to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'signal'))));
create policy delivers on signal for insert to schakel_import
    with check (branch_id = any (array(select reach.branches('import', 'signal'))));
create policy withdraws on signal for update to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'signal'))))
    with check (branch_id = any (array(select reach.branches('import', 'signal'))));
create policy reached on signal for select to schakel_app
    using (pupil_id = any (array(select reach.pupils('read', 'signal'))));

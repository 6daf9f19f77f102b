-- Attendance at scale: the big tables are partitioned by school year (1 August to 31 July), every
-- key carries controller_id and the day that places a row, and weeks have versions as marks have:
-- a version stands from recorded_at until replaced_at.

alter table absence rename to absence_before;
alter table absence_reason rename to absence_reason_before;
alter table pupil_week rename to pupil_week_before;
alter table delivered_week rename to delivered_week_before;

-- What is only moved from now on needs no key, and its names are wanted.
drop index absence_current, absence_by_pupil, absence_by_branch;
alter table absence_before drop constraint absence_pkey, drop constraint absence_id_key,
    drop constraint absence_controller_id_id_pupil_id_branch_id_key cascade;
alter table absence_reason_before drop constraint absence_reason_pkey;
alter table pupil_week_before drop constraint pupil_week_pkey;
alter table delivered_week_before drop constraint delivered_week_pkey;

-- A deletion at the source is recorded: a version that says so and never stood.
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
    deleted boolean not null default false,
    constraint a_deletion_never_stands check (not deleted or replaced_at = recorded_at)
) partition by range (day);

create table absence_reason (
    controller_id uuid not null,
    absence_id uuid not null,
    day date not null,
    branch_id uuid not null,
    pupil_id uuid not null,
    code text not null,
    data_class text not null check (data_class in ('attendance.reason', 'attendance.reason.health.fact',
        'attendance.reason.health', 'attendance.reason.belief')),
    recorded_at timestamptz not null
) partition by range (day);

-- The roll-up that every rate is read from. Attended is null until the school declares the week
-- delivered: unknown is not present.
create table pupil_week (
    controller_id uuid not null,
    branch_id uuid not null,
    pupil_id uuid not null,
    monday date not null check (extract(isodow from monday) = 1),
    version smallint not null default 1 check (version > 0),
    scheduled_minutes smallint not null check (scheduled_minutes >= 0),
    scheduled_units smallint not null check (scheduled_units >= 0),
    attended_minutes smallint check (attended_minutes between 0 and scheduled_minutes),
    attended_units smallint check (attended_units between 0 and scheduled_units),
    recorded_at timestamptz not null,
    replaced_at timestamptz check (replaced_at >= recorded_at)
) partition by range (monday);

create table delivered_week (
    controller_id uuid not null,
    branch_id uuid not null,
    monday date not null check (extract(isodow from monday) = 1),
    version smallint not null default 1 check (version > 0),
    recorded_at timestamptz not null,
    replaced_at timestamptz check (replaced_at >= recorded_at)
);

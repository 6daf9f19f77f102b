-- What a pupil missed in a week, by dimension (illness, without a valid reason, late). A tier is
-- read from these sums and never from the marks that happen to be visible. Each row is of the class
-- of what it tells; a sum that changed is a new version.

create table dimension_week (
    id uuid primary key,
    controller_id uuid not null,
    branch_id uuid not null,
    pupil_id uuid not null,
    monday date not null check (extract(isodow from monday) = 1),
    dimension text not null,
    data_class text not null check (data_class in ('attendance.unauthorised', 'attendance.reason.health.fact')),
    minutes integer not null check (minutes > 0),
    times smallint not null check (times > 0),
    recorded_at timestamptz not null,
    replaced_at timestamptz check (replaced_at >= recorded_at),
    foreign key (branch_id, controller_id) references school_branch (id, organisation_id),
    foreign key (pupil_id, controller_id) references pupil (id, controller_id)
);
create unique index dimension_week_current on dimension_week (controller_id, branch_id, pupil_id, monday, dimension)
    where replaced_at is null;
create index dimension_week_by_pupil on dimension_week (pupil_id, monday);

alter table dimension_week enable row level security;
alter table dimension_week force row level security;

grant select, insert on dimension_week to schakel_import;
grant update (replaced_at) on dimension_week to schakel_import;
grant select on dimension_week to schakel_app;

create policy delivered on dimension_week for select to schakel_import
    using ((data_class = 'attendance.unauthorised' and branch_id = any (array(select reach.branches('import', 'attendance.unauthorised'))))
        or (data_class = 'attendance.reason.health.fact' and branch_id = any (array(select reach.branches('import', 'attendance.reason.health.fact')))));
create policy delivers on dimension_week for insert to schakel_import
    with check ((data_class = 'attendance.unauthorised' and branch_id = any (array(select reach.branches('import', 'attendance.unauthorised'))))
        or (data_class = 'attendance.reason.health.fact' and branch_id = any (array(select reach.branches('import', 'attendance.reason.health.fact')))));
create policy corrects on dimension_week for update to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'attendance.rate'))))
    with check (branch_id = any (array(select reach.branches('import', 'attendance.rate'))));
create policy reached on dimension_week for select to schakel_app
    using ((data_class = 'attendance.unauthorised' and pupil_id in (select reach.pupils('read', 'attendance.unauthorised')))
        or (data_class = 'attendance.reason.health.fact' and pupil_id in (select reach.pupils('read', 'attendance.reason.health.fact'))));

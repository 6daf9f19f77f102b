-- What a school presumes of an absence, apart from what it established: the kind, the reason, or
-- both, as codes. A row of its own for each, for each code has its own data class. It belongs to one
-- version of the absence: the version that establishes what it was has none.

create table absence_presumed (
    controller_id uuid not null,
    absence_id uuid not null,
    day date not null,
    branch_id uuid not null,
    pupil_id uuid not null,
    about text not null check (about in ('category', 'reason')),
    code text not null,
    data_class text not null,
    recorded_at timestamptz not null,
    primary key (controller_id, absence_id, day, about),
    foreign key (controller_id, absence_id, day, pupil_id, branch_id)
        references absence (controller_id, id, day, pupil_id, branch_id),
    check (about <> 'category' or data_class in ('attendance.authorised', 'attendance.unauthorised'))
);
create index on absence_presumed (pupil_id);

alter table absence_presumed enable row level security;
alter table absence_presumed force row level security;
grant select, insert on absence_presumed to schakel_import;
grant select on absence_presumed to schakel_app;

create policy delivered on absence_presumed for select to schakel_import
    using ((data_class = 'attendance.unauthorised' and branch_id = any (array(select reach.branches('import', 'attendance.unauthorised'))))
        or (data_class = 'attendance.authorised' and branch_id = any (array(select reach.branches('import', 'attendance.authorised'))))
        or (data_class = 'attendance.reason' and branch_id = any (array(select reach.branches('import', 'attendance.reason'))))
        or (data_class = 'attendance.reason.health.fact' and branch_id = any (array(select reach.branches('import', 'attendance.reason.health.fact'))))
        or (data_class = 'attendance.reason.health' and branch_id = any (array(select reach.branches('import', 'attendance.reason.health'))))
        or (data_class = 'attendance.reason.belief' and branch_id = any (array(select reach.branches('import', 'attendance.reason.belief')))));
create policy delivers on absence_presumed for insert to schakel_import
    with check ((data_class = 'attendance.unauthorised' and branch_id = any (array(select reach.branches('import', 'attendance.unauthorised'))))
        or (data_class = 'attendance.authorised' and branch_id = any (array(select reach.branches('import', 'attendance.authorised'))))
        or (data_class = 'attendance.reason' and branch_id = any (array(select reach.branches('import', 'attendance.reason'))))
        or (data_class = 'attendance.reason.health.fact' and branch_id = any (array(select reach.branches('import', 'attendance.reason.health.fact'))))
        or (data_class = 'attendance.reason.health' and branch_id = any (array(select reach.branches('import', 'attendance.reason.health'))))
        or (data_class = 'attendance.reason.belief' and branch_id = any (array(select reach.branches('import', 'attendance.reason.belief')))));
create policy reached on absence_presumed for select to schakel_app
    using ((data_class = 'attendance.unauthorised' and pupil_id in (select reach.pupils('read', 'attendance.unauthorised')))
        or (data_class = 'attendance.authorised' and pupil_id in (select reach.pupils('read', 'attendance.authorised')))
        or (data_class = 'attendance.reason' and pupil_id in (select reach.pupils('read', 'attendance.reason')))
        or (data_class = 'attendance.reason.health.fact' and pupil_id in (select reach.pupils('read', 'attendance.reason.health.fact')))
        or (data_class = 'attendance.reason.health' and pupil_id in (select reach.pupils('read', 'attendance.reason.health')))
        or (data_class = 'attendance.reason.belief' and pupil_id in (select reach.pupils('read', 'attendance.reason.belief'))));

-- Who may, as before: per command and login role, on the tables that are asked; a version is replaced
-- and never changed otherwise.

do $$
declare t text;
begin
    foreach t in array array['absence', 'absence_other', 'absence_reason', 'absence_reason_other', 'pupil_week',
        'pupil_week_other', 'delivered_week'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
    end loop;
end $$;

grant select, insert on absence, absence_reason, pupil_week, delivered_week to schakel_import;
grant update (replaced_at) on absence, pupil_week, delivered_week to schakel_import;
grant select on absence, absence_reason, pupil_week to schakel_app;
grant select on absence, pupil_week, delivered_week to schakel_jobs;

create policy delivered on delivered_week for select to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'attendance.rate'))));
create policy delivers on delivered_week for insert to schakel_import
    with check (branch_id = any (array(select reach.branches('import', 'attendance.rate'))));
create policy replaces on delivered_week for update to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'attendance.rate'))))
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
    using ((data_class = 'attendance.unauthorised' and pupil_id in (select reach.pupils('read', 'attendance.unauthorised')))
        or (data_class = 'attendance.authorised' and pupil_id in (select reach.pupils('read', 'attendance.authorised'))));
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
    using ((data_class = 'attendance.reason' and pupil_id in (select reach.pupils('read', 'attendance.reason')))
        or (data_class = 'attendance.reason.health.fact' and pupil_id in (select reach.pupils('read', 'attendance.reason.health.fact')))
        or (data_class = 'attendance.reason.health' and pupil_id in (select reach.pupils('read', 'attendance.reason.health')))
        or (data_class = 'attendance.reason.belief' and pupil_id in (select reach.pupils('read', 'attendance.reason.belief'))));

create policy delivered on pupil_week for select to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'attendance.rate'))));
create policy delivers on pupil_week for insert to schakel_import
    with check (branch_id = any (array(select reach.branches('import', 'attendance.rate'))));
create policy replaces on pupil_week for update to schakel_import
    using (branch_id = any (array(select reach.branches('import', 'attendance.rate'))))
    with check (branch_id = any (array(select reach.branches('import', 'attendance.rate'))));
create policy reached on pupil_week for select to schakel_app
    using (pupil_id in (select reach.pupils('read', 'attendance.rate')));
create policy job_reads on pupil_week for select to schakel_jobs
    using ((select reach.job('aggregate', 'attendance.rate')));

-- The quality of a branch's registration is counted by a function of its own role.
grant select on absence, absence_reason, pupil_week, delivered_week to schakel_reach;
create policy reach_reads on absence for select to schakel_reach using (true);
create policy reach_reads on absence_reason for select to schakel_reach using (true);
create policy reach_reads on pupil_week for select to schakel_reach using (true);
create policy reach_reads on delivered_week for select to schakel_reach using (true);

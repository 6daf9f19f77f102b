-- Who sees and makes what. The login of figures reads publications and the state of periods; exact
-- tables are for the head of the branch, and for the job that makes releases of them.

grant select on branch_period, published, release, release_unit to schakel_aggregate;
grant update (locked_by, locked_at) on branch_period to schakel_aggregate;
grant select on branch_period, branch_table, release to schakel_app;
grant insert (id, controller_id, branch_id, branch_code, kind, first_day, last_day, score, weeks,
    missing_weeks, closed_by, closed_at) on branch_period to schakel_app;
grant select, insert on branch_period, branch_table, release, release_unit, published to schakel_jobs;
grant update (locked_at, taken_at, late_weeks) on branch_period to schakel_jobs;

create policy own_branch on branch_period for select to schakel_app
    using (branch_id = any (array(select reach.branches('read', 'aggregate.branch.exact'))));
create policy closes on branch_period for insert to schakel_app
    with check (branch_id = any (array(select reach.branches('close', 'aggregate.branch.exact')))
        and last_day < (select (sec.claims()).today)
        and closed_by = (select sec.actor()) and closed_at = (select (sec.claims()).instant)
        and branch_code = (select b.branch_code from school_branch b where b.id = branch_id));
create policy mandated on branch_period for select to schakel_aggregate
    using (unit = any (array(select reach.units('read', 'aggregate.branch'))));
create policy locks on branch_period for update to schakel_aggregate
    using (locked_at is null
        and 'board:' || controller_id = any (array(select reach.units('lock', 'aggregate.board'))))
    with check (locked_by = (select sec.actor()) and locked_at = (select (sec.claims()).instant)
        and 'board:' || controller_id = any (array(select reach.units('lock', 'aggregate.board'))));

create policy own_branch on branch_table for select to schakel_app
    using (branch_id = any (array(select reach.branches('read', 'aggregate.branch.exact'))));

create policy mandated on release_unit for select to schakel_aggregate
    using (unit = any (array(select reach.units('read', 'aggregate.branch'))));
create policy mandated on published for select to schakel_aggregate
    using (unit = any (array(select reach.units('read', data_class_of.class)
        from (values ('aggregate.branch'), ('aggregate.board'), ('aggregate.municipality'),
            ('aggregate.alliance'), ('aggregate.region'), ('aggregate.national')) data_class_of (class))));
-- That there is a release says nothing of anybody; what is in it is guarded row by row.
create policy everyone on release for select to schakel_app, schakel_aggregate using (true);

do $$
declare t text;
begin
    foreach t in array array['branch_period', 'branch_table', 'release', 'release_unit', 'published'] loop
        execute format('create policy job_reads on %I for select to schakel_jobs
            using ((select reach.job(''aggregate'', ''aggregate.branch.exact'')))', t);
        execute format('create policy job_adds on %I for insert to schakel_jobs
            with check ((select reach.job(''aggregate'', ''aggregate.branch.exact'')))', t);
    end loop;
end $$;
create policy job_moves on branch_period for update to schakel_jobs
    using ((select reach.job('aggregate', 'aggregate.branch.exact')))
    with check ((select reach.job('aggregate', 'aggregate.branch.exact')));

-- What figures are made of is counted by a function: the job reads no row of a pupil any more.
drop policy job_reads on absence;
drop policy job_reads on pupil_week;
drop policy job_reads on delivered_week;
drop policy job_reads on enrolment;
revoke select on absence, pupil_week, delivered_week, enrolment from schakel_jobs;

-- An act leaves its trace at the login of figures too: of its own, now, and about no young person.
grant insert (id, controller_id, actor_id, organisation_id, role, purpose, activity, act, rules, data_classes,
    young_persons, about, request_id, at) on trace to schakel_aggregate;
create policy records_about_nobody on trace for insert to schakel_aggregate
    with check (actor_id = (select sec.actor())
        and organisation_id is not distinct from (select sec.organisation())
        and controller_id is not distinct from (select sec.organisation())
        and role = (select (sec.claims()).role) and purpose = (select (sec.claims()).purpose)
        and at = (select (sec.claims()).instant)
        and cardinality(young_persons) = 0);

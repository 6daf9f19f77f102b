-- Row-level security for what the policy adds and changes: the chain, its figures and its accounts.

alter policy reached on report
    using (id = any (array(select reach.reports('read', 'report.head'))));
create policy facts_of_relation on report for select to schakel_app
    using (id = any (array(select reach.reports_of_relation())));
alter policy own_office on report_allocation
    using (report_id = any (array(select reach.reports('read', 'report.head')))
        or report_id = any (array(select reach.reports('open', 'case.core'))));
create policy facts_of_relation on report_allocation for select to schakel_app
    using (office_id = (select sec.organisation())
        and report_id = any (array(select reach.reports_of_relation())));

create policy reached on report_extract for select to schakel_app
    using (report_id = any (array(select reach.reports('read', 'report'))));
create policy prepares on report_extract for insert to schakel_app
    with check (controller_id = (select sec.organisation())
        and report_id = any (array(
            select r.id from public.report r
            where r.state = 'draft' and r.prepared_by = (select sec.actor())
              and r.branch_id = any (array(select reach.branches('prepare', 'report'))))));

alter policy reached on case_file
    using (id = any (array(select reach.cases('read', 'case.core')))
        or id = any (array(select reach.opened_cases())));
-- Who opened a case may withhold it from a parent also when it is closed, and no more than that.
create policy opener_keeps on case_file for select to schakel_app
    using (id = any (array(select reach.cases('withhold', 'case.core'))));
create index on case_file (opened_by);
alter policy opens on case_identity
    with check (case_id = any (array(select reach.opened_cases()))
        and controller_id = (select sec.organisation()));

alter policy opens on participation
    with check (is_lead and staff_id = (select sec.actor()) and organisation_id = (select sec.organisation())
        and case_id = any (array(select reach.opened_cases())));
-- What ties a mentor to a plan is the part that its own school takes; what lets somebody declare
-- an emergency may be the part that a colleague takes.
create policy own_school on participation for select to schakel_app
    using (organisation_id = (select sec.organisation()) and role = 'support_coordinator'
        and case_id = any (array(select reach.cases_of_class())));
create policy facts_of_relation on participation for select to schakel_app
    using (organisation_id = (select sec.organisation()) and role = (select (sec.claims()).role)
        and young_person_id = any (array(select reach.young_persons('declare', 'emergency'))));

alter policy reached on note
    using ((data_class = 'note.general' and case_id = any (array(select reach.cases('read', 'note.general'))))
        or (data_class = 'note.support' and case_id = any (array(select reach.cases('read', 'note.support'))))
        or (data_class = 'note.youth_care' and id = any (array(select reach.notes('read', 'note.youth_care')))));
-- A mentor takes no part of its own: its note is the school's, under the part of the school and the
-- mentor's own name.
alter policy adds on note
    with check (((data_class = 'note.general' and case_id = any (array(select reach.cases('write', 'note.general'))))
            or (data_class = 'note.support' and case_id = any (array(select reach.cases('write', 'note.support'))))
            or (data_class = 'note.youth_care' and case_id = any (array(select reach.cases('write', 'note.youth_care')))))
        and writer_role = (select (sec.claims()).role)
        and exists (
            select 1 from public.participation t
            where t.id = author_id
              and ((t.staff_id = (select sec.actor()) and t.display_name = writer_name)
                or (t.organisation_id = (select sec.organisation()) and t.role = 'support_coordinator'
                    and t.case_id = any (array(select reach.cases_of_class()))
                    and writer_name = (select s.name from public.staff s where s.id = (select sec.actor()))))));

alter policy reached on figure
    using (unit = any (array(select reach.units('read', data_class_of.class)
        from (values ('aggregate.branch'), ('aggregate.board'), ('aggregate.municipality'),
            ('aggregate.alliance'), ('aggregate.region'), ('aggregate.national')) data_class_of (class))));
-- A figure is written once: the difference of two versions would tell of one pupil.
drop policy job_corrects on figure;
revoke update (value, pupils, withheld, unit_name, recorded_at) on figure from schakel_jobs;
alter table mandate add constraint mandate_unit_code_check check (case unit_level
    when 'board' then unit_code ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    when 'national' then unit_code = 'NL'
    else true end);

-- A trace is of the actor's own organisation and of now: it stands in nobody else's log, and on no
-- other day.
alter policy records on trace
    with check (actor_id = (select sec.actor())
        and organisation_id is not distinct from (select sec.organisation())
        and controller_id is not distinct from (select sec.organisation())
        and role = (select (sec.claims()).role) and purpose = (select (sec.claims()).purpose)
        and at = (select (sec.claims()).instant));

create policy reached on access_line_organisation for select to schakel_app
    using (young_person_id = any (array(select reach.young_persons('read', 'log.own.organisation'))));
create policy job_expands on access_line_organisation for insert to schakel_jobs
    with check ((select reach.job('account', 'log.own')));
alter policy reached on access_line
    using (data_class = 'log.own' and young_person_id = any (array(select reach.young_persons('read', 'log.own'))));
alter policy job_reads on access_line
    using ((data_class = 'log.own' and (select reach.job('account', 'log.own')))
        or (data_class = 'log.own.shielded' and (select reach.job('account', 'log.own.shielded'))));
alter policy job_expands on access_line
    with check ((data_class = 'log.own' and (select reach.job('account', 'log.own')))
        or (data_class = 'log.own.shielded' and (select reach.job('account', 'log.own.shielded'))));

-- Where a fact is looked for that had no index yet.
create index on enrolment (branch_id, valid_until) where valid_until is not null;
drop index enrolment_pupil_id_idx;
create index on enrolment (pupil_id, valid_until);
create index on report (taken_on_by) where state = 'closed';
create index on report (municipality_code) where kind = 'transition';
drop index report_state_idx;
create index on report (state) where state in ('sent', 'allocated');
create index on report_allocation (report_id);
create index on participation (case_id);
create index on emergency_access (actor_id, ends_at);
create index on referral (referred_by);
create index on trace (controller_id, at desc, id);

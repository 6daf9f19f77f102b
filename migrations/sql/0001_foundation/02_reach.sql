-- From facts to rows, the database's own account: which objects does an activity on a data class
-- reach for the claims of this statement? Written by hand from shared facts, knowing nothing of
-- the policy table of the application; the two are held against each other by tests.
--
-- Every function: returns ids; nothing without claims; compares every fact with the one instant
-- of the request. Used in policies as `id = any (array(select reach.pupils('read', '...')))`,
-- which is evaluated once per statement.

-- The assignments that an actor holds now in the role that the claims name.
create function reach.assignments() returns table (branch_id uuid, class_group_id uuid)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 5 as $$
declare me sec.claim := sec.claims();
begin
    return query
        select a.branch_id, a.class_group_id from public.assignment a
        where a.staff_id = me.actor and a.organisation_id = me.organisation and a.role = me.role
          and a.valid_from <= me.instant and (a.valid_until is null or me.instant < a.valid_until);
end $$;

create function reach.branches(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 5 as $$
declare me sec.claim := sec.claims();
begin
    if me.role = 'school_system' and me.purpose = 'data_delivery' and (
        (act = 'import' and class in ('pupil.enrolment', 'attendance.timetable', 'attendance.rate',
            'attendance.unauthorised', 'attendance.authorised', 'attendance.reason',
            'attendance.reason.health.fact', 'attendance.reason.health', 'attendance.reason.belief',
            'signal'))
        or (act = 'read' and class = 'import.receipt')
    ) then
        return query
            select d.branch_id from public.delivery_agreement d
            where d.client_id = me.actor
              and d.valid_from <= me.instant and (d.valid_until is null or me.instant < d.valid_until);
    elsif me.purpose = 'daily_guidance' and (
        (me.role = 'head_of_school' and act = 'mandate' and class = 'report')
        or (me.role = 'attendance_coordinator' and act = 'prepare' and class = 'report')
    ) then
        return query select a.branch_id from reach.assignments() a where a.branch_id is not null;
    elsif me.purpose = 'daily_guidance' and me.role = 'attendance_coordinator'
        and act = 'send' and class = 'report' then
        return query
            select h.branch_id from public.head_mandate h
            join reach.assignments() a on a.branch_id = h.branch_id
            where h.coordinator_id = me.actor
              and h.valid_from <= me.instant and (h.valid_until is null or me.instant < h.valid_until);
    end if;
end $$;

create function reach.controllers(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 2 as $$
declare me sec.claim := sec.claims();
begin
    if me.role = 'school_system' and me.purpose = 'data_delivery' and act = 'import'
        and class in ('pupil.identity', 'pupil.number', 'pupil.whereabouts') then
        return query
            select distinct b.organisation_id from public.delivery_agreement d
            join public.school_branch b on b.id = d.branch_id
            where d.client_id = me.actor
              and d.valid_from <= me.instant and (d.valid_until is null or me.instant < d.valid_until);
    elsif me.role = 'organisation_administrator' and me.purpose = 'administration'
        and act in ('read', 'appoint') and class = 'staff' then
        return query
            select a.organisation_id from public.assignment a
            where a.staff_id = me.actor and a.organisation_id = me.organisation and a.role = me.role
              and a.valid_from <= me.instant and (a.valid_until is null or me.instant < a.valid_until);
    end if;
end $$;

create function reach.pupils(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 500 as $$
declare me sec.claim := sec.claims();
begin
    if me.role = 'mentor' and me.purpose = 'daily_guidance' and act = 'read' and class in (
        'pupil.identity', 'pupil.contact', 'pupil.enrolment', 'attendance.rate',
        'attendance.unauthorised', 'attendance.authorised', 'attendance.reason',
        'attendance.reason.health.fact', 'signal'
    ) then
        return query
            select m.pupil_id from reach.assignments() a
            join public.class_membership m on m.class_group_id = a.class_group_id
            where m.valid_from <= me.today and (m.valid_until is null or me.today < m.valid_until);
    elsif me.purpose = 'daily_guidance' and (
        (me.role = 'attendance_coordinator' and act = 'read' and class in (
            'pupil.identity', 'pupil.contact', 'pupil.whereabouts', 'pupil.enrolment',
            'attendance.rate', 'attendance.unauthorised', 'attendance.authorised',
            'attendance.reason', 'attendance.reason.health.fact', 'signal', 'report'))
        or (me.role = 'attendance_coordinator' and act = 'register' and class = 'pupil.contact')
        or (me.role = 'attendance_coordinator' and act = 'prepare' and class = 'report')
        or (me.role = 'head_of_school' and act = 'read' and class in (
            'pupil.identity', 'pupil.enrolment', 'attendance.rate', 'attendance.unauthorised',
            'attendance.authorised', 'attendance.reason', 'signal', 'report'))
    ) then
        return query
            select e.pupil_id from reach.assignments() a
            join public.enrolment e on e.branch_id = a.branch_id
            where e.valid_from <= me.today and (e.valid_until is null or me.today < e.valid_until);
    elsif me.role = 'support_coordinator' and me.purpose = 'case_coordination' and act = 'read'
        and class in ('pupil.identity', 'pupil.contact', 'pupil.enrolment', 'attendance.rate') then
        return query
            select p.id from public.participation t
            join public.pupil p on p.young_person_id = t.young_person_id and p.controller_id = me.organisation
            join public.enrolment e on e.pupil_id = p.id and e.branch_id = t.branch_id
            join reach.assignments() a on a.branch_id = e.branch_id
            where t.staff_id = me.actor and t.organisation_id = me.organisation
              and t.accepted_at <= me.instant and (t.ended_at is null or me.instant < t.ended_at)
              and e.valid_from <= me.today and (e.valid_until is null or me.today < e.valid_until);
    elsif me.role = 'guardian' and me.purpose = 'own_data' and act = 'read' and class in (
        'pupil.identity', 'pupil.enrolment', 'attendance.rate', 'attendance.unauthorised',
        'attendance.authorised', 'attendance.reason', 'attendance.reason.health.fact', 'signal'
    ) then
        return query
            select p.id from public.guardian_authority g
            join public.pupil p on p.young_person_id = g.young_person_id and p.controller_id = g.controller_id
            where g.guardian_id = me.actor
              and g.valid_from <= me.instant and (g.valid_until is null or me.instant < g.valid_until);
    end if;
end $$;

-- A guardian's own contact row: never the other parent's.
create function reach.contacts(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 2 as $$
declare me sec.claim := sec.claims();
begin
    if me.role = 'guardian' and me.purpose = 'own_data' and act = 'read' and class = 'pupil.contact' then
        return query
            select c.id from public.pupil_contact c
            join public.pupil p on p.id = c.pupil_id
            join public.guardian_authority g
              on g.guardian_id = c.guardian_id and g.young_person_id = p.young_person_id
                 and g.controller_id = p.controller_id
            where c.guardian_id = me.actor
              and g.valid_from <= me.instant and (g.valid_until is null or me.instant < g.valid_until);
    end if;
end $$;

create function reach.young_persons(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 3 as $$
declare me sec.claim := sec.claims();
begin
    if me.role = 'guardian' and me.purpose = 'own_data' and act = 'read' and class = 'log.own' then
        return query
            select g.young_person_id from public.guardian_authority g
            where g.guardian_id = me.actor
              and g.valid_from <= me.instant and (g.valid_until is null or me.instant < g.valid_until);
    end if;
end $$;

create function reach.reports(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 50 as $$
declare me sec.claim := sec.claims();
begin
    if me.role = 'attendance_officer' and (
        (me.purpose = 'compulsory_schooling' and act in ('read', 'take_on', 'close') and class = 'report')
        or (me.purpose = 'compulsory_schooling' and act = 'read' and class = 'report.contact')
        or (me.purpose = 'case_coordination' and act = 'open' and class = 'case.core')
    ) then
        return query
            select l.report_id from public.report_allocation l
            where l.office_id = me.organisation
              and l.valid_from <= me.instant and (l.valid_until is null or me.instant < l.valid_until)
              and exists (select 1 from reach.assignments());
        if act = 'read' then
            return query
                select r.id from public.report r
                where r.taken_on_by = me.actor and r.state = 'closed'
                  and r.retained_until >= me.today
                  and exists (select 1 from reach.assignments());
        end if;
    elsif me.purpose = 'daily_guidance' and act = 'read' and (
        (me.role in ('attendance_coordinator', 'head_of_school') and class = 'report')
        or (me.role = 'attendance_coordinator' and class = 'report.contact')
    ) then
        return query
            select r.id from public.report r
            join reach.assignments() a on a.branch_id = r.branch_id;
    elsif me.role = 'attendance_coordinator' and me.purpose = 'daily_guidance'
        and act = 'send' and class = 'report' then
        return query
            select r.id from public.report r
            where r.branch_id in (select reach.branches('send', 'report'));
    elsif me.role = 'guardian' and me.purpose = 'own_data' and act = 'read' and class = 'report' then
        return query
            select r.id from public.report r
            join public.guardian_authority g
              on g.young_person_id = r.young_person_id and g.controller_id = r.controller_id
            where g.guardian_id = me.actor and r.state <> 'draft'
              and g.valid_from <= me.instant and (g.valid_until is null or me.instant < g.valid_until);
    elsif me.role = 'absence_register' and me.purpose = 'compulsory_schooling'
        and act = 'allocate' and class = 'report' then
        return query select r.id from public.report r where r.state in ('sent', 'allocated');
    end if;
end $$;

create function reach.invitations() returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 5 as $$
declare me sec.claim := sec.claims();
begin
    if (me.role, me.purpose) in (('support_coordinator', 'case_coordination'),
        ('alliance_consultant', 'special_needs_support'), ('youth_care_worker', 'youth_care')) then
        return query
            select t.id from public.participation t
            where t.organisation_id = me.organisation and t.role = me.role and t.purpose = me.purpose
              and t.answered_at is null and (t.ended_at is null or me.instant < t.ended_at)
              and exists (
                  select 1 from reach.assignments() a
                  where t.branch_id is null or a.branch_id = t.branch_id);
    end if;
end $$;

create function reach.cases(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 20 as $$
declare me sec.claim := sec.claims();
begin
    if (me.role, me.purpose) in (('support_coordinator', 'case_coordination'),
        ('alliance_consultant', 'special_needs_support'), ('youth_care_worker', 'youth_care'),
        ('attendance_officer', 'case_coordination'))
        and (
            (act = 'read' and class in ('case.core', 'case.identity', 'case.participants', 'plan',
                'action', 'note.general'))
            or (act = 'read' and class = 'attendance.summary' and me.role <> 'alliance_consultant')
            or (act = 'agree' and class = 'plan')
            or (act = 'write' and class in ('action', 'note.general'))
            or (act = 'write' and class = 'plan' and me.role in ('support_coordinator', 'attendance_officer'))
            or (act in ('invite', 'close') and class = 'case.core' and me.role = 'attendance_officer')
        ) then
        return query
            select t.case_id from public.participation t
            where t.staff_id = me.actor and t.organisation_id = me.organisation
              and t.role = me.role and t.purpose = me.purpose
              and t.accepted_at <= me.instant and (t.ended_at is null or me.instant < t.ended_at)
              and (act not in ('invite', 'close') or t.is_lead)
              and exists (
                  select 1 from reach.assignments() a
                  where t.branch_id is null or a.branch_id = t.branch_id);
    end if;
    if act = 'read' and class = 'case.core' then
        return query
            select t.case_id from public.participation t
            where t.id in (select reach.invitations());
    end if;
    if me.role = 'attendance_officer' and me.purpose = 'case_coordination'
        and act = 'open' and class = 'case.core' then
        return query
            select c.id from public.case_file c
            where c.opened_by = me.actor and c.controller_id = me.organisation
              and c.report_id in (select reach.reports('open', 'case.core'))
              and not exists (select 1 from public.participation t where t.case_id = c.id);
    elsif me.role = 'attendance_coordinator' and me.purpose = 'daily_guidance'
        and act = 'offer' and class = 'attendance.summary' then
        return query
            select t.case_id from public.participation t
            join public.pupil p on p.young_person_id = t.young_person_id and p.controller_id = me.organisation
            join public.enrolment e on e.pupil_id = p.id and e.branch_id = t.branch_id
            join reach.assignments() a on a.branch_id = e.branch_id
            where t.organisation_id = me.organisation and t.role = 'support_coordinator'
              and t.accepted_at <= me.instant and (t.ended_at is null or me.instant < t.ended_at)
              and e.valid_from <= me.today and (e.valid_until is null or me.today < e.valid_until);
    elsif me.role = 'guardian' and me.purpose = 'own_data' and act = 'read' and class in (
        'case.core', 'case.identity', 'case.participants', 'plan', 'action', 'note.general',
        'attendance.summary'
    ) then
        return query
            select c.id from public.case_file c
            join public.report r on r.id = c.report_id
            join public.guardian_authority g
              on g.young_person_id = c.young_person_id and g.controller_id = r.controller_id
            where g.guardian_id = me.actor
              and g.valid_from <= me.instant and (g.valid_until is null or me.instant < g.valid_until);
    end if;
end $$;

-- Figures: the units an organisation holds a mandate for, as `level:code`.
create function reach.units(class text) returns setof text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 50 as $$
declare me sec.claim := sec.claims();
begin
    if not exists (select 1 from reach.assignments()) then
        return;
    end if;
    if me.role = 'attendance_adviser' and me.purpose = 'prevention_advice' then
        if class = 'aggregate.municipality' then
            return query
                select 'municipality:' || m.unit_code from public.mandate m
                where m.organisation_id = me.organisation and m.unit_level = 'municipality'
                  and m.valid_from <= me.instant and (m.valid_until is null or me.instant < m.valid_until);
        elsif class = 'aggregate.branch' then
            return query
                select 'branch:' || b.branch_code from public.mandate m
                join public.school_branch b on b.municipality_code = m.unit_code
                where m.organisation_id = me.organisation and m.unit_level = 'municipality'
                  and m.valid_from <= me.instant and (m.valid_until is null or me.instant < m.valid_until);
        end if;
    elsif me.role = 'alliance_analyst' and me.purpose = 'policy_statistics' then
        if class = 'aggregate.alliance' then
            return query
                select 'alliance:' || m.unit_code from public.mandate m
                where m.organisation_id = me.organisation and m.unit_level = 'alliance'
                  and m.valid_from <= me.instant and (m.valid_until is null or me.instant < m.valid_until);
        elsif class = 'aggregate.branch' then
            return query
                select 'branch:' || b.branch_code from public.mandate m
                join public.school_branch b on b.alliance_code = m.unit_code
                where m.organisation_id = me.organisation and m.unit_level = 'alliance'
                  and m.valid_from <= me.instant and (m.valid_until is null or me.instant < m.valid_until);
        end if;
    end if;
end $$;

-- May the claims of a job do this at all? Jobs work for every controller under its agreement.
create function reach.job(act text, class text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me sec.claim := sec.claims();
begin
    return coalesce(
        (me.role = 'platform_job' and me.purpose = 'policy_statistics' and act = 'aggregate' and class in (
            'pupil.enrolment', 'attendance.rate', 'attendance.unauthorised', 'attendance.authorised'))
        or (me.role = 'platform_job' and me.purpose = 'accountability' and act = 'account' and class = 'log.own')
        or (me.role = 'platform_operator' and me.purpose = 'operation'
            and (act, class) in (('register', 'organisation'), ('appoint', 'staff'))),
        false);
end $$;

-- Has every party that takes part in the plan's case agreed to it?
create function reach.agreed_by_all(wanted uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me sec.claim := sec.claims();
begin
    return not exists (
        select 1 from public.participation t
        where t.case_id = any (array(select reach.cases('agree', 'plan')))
          and t.case_id = (select a.case_id from public.plan_agreement a where a.plan_id = wanted limit 1)
          and t.accepted_at <= me.instant and t.ended_at is null
          and not exists (
              select 1 from public.plan_agreement g
              where g.plan_id = wanted and g.participation_id = t.id))
      and exists (select 1 from public.plan_agreement a where a.plan_id = wanted);
end $$;

-- What a case takes over from the report it is opened from: who it is about, and nothing else.
create function reach.identity_of_report(wanted uuid)
returns table (young_person_id uuid, branch_id uuid, given_name text, infix text, family_name text, birth_date date)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 1 as $$
begin
    return query
        select r.young_person_id, r.branch_id, r.extract->>'givenName', r.extract->>'infix',
               r.extract->>'familyName', (r.extract->>'birthDate')::date
        from public.report r
        where r.id = wanted and r.id in (select reach.reports('open', 'case.core'));
end $$;

do $$
declare f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
             where n.nspname = 'reach' loop
        execute format('revoke all on function %s from public', f);
        execute format('grant execute on function %s to schakel_app, schakel_aggregate, schakel_import, schakel_jobs', f);
        execute format('alter function %s owner to schakel_reach', f);
    end loop;
end $$;

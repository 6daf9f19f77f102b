-- From facts to rows, the database's own account, now of the whole policy. What each tie means is
-- said in ops/decisions/0008; who has which is written here once more, by hand.
--
-- The first functions are for the others alone: they take the claims that their caller has
-- verified, and no login role may call them. A role is allowed what a branch of the code below
-- names, and nothing falls through to somebody else's.

set role schakel_reach;

-- The actor's assignments, in the role and at the organisation of the claims, that hold now. Said to be
-- one: with more expected, a branch's pupils are looked for through everybody's enrolments.
create function reach.posts(me sec.claim) returns table (branch_id uuid, class_group_id uuid)
language plpgsql stable set search_path = pg_catalog, pg_temp rows 1 as $$
begin
    return query
        select a.branch_id, a.class_group_id from public.assignment a
        where a.staff_id = me.actor and a.organisation_id = me.organisation and a.role = me.role
          and a.valid_from <= me.instant and (a.valid_until is null or me.instant < a.valid_until);
end $$;

create function reach.works(me sec.claim) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return exists (
        select 1 from public.assignment a
        where a.staff_id = me.actor and a.organisation_id = me.organisation and a.role = me.role
          and a.valid_from <= me.instant and (a.valid_until is null or me.instant < a.valid_until));
end $$;

-- The parts in cases that the actor itself takes now, for this organisation, role and purpose.
create function reach.parts(me sec.claim)
returns table (case_id uuid, young_person_id uuid, branch_id uuid, is_lead boolean)
language plpgsql stable set search_path = pg_catalog, pg_temp rows 20 as $$
begin
    return query
        select t.case_id, t.young_person_id, t.branch_id, t.is_lead from public.participation t
        where t.staff_id = me.actor and t.organisation_id = me.organisation
          and t.role = me.role and t.purpose = me.purpose
          and t.accepted_at <= me.instant and (t.ended_at is null or me.instant < t.ended_at)
          and exists (
              select 1 from reach.posts(me) a where t.branch_id is null or a.branch_id = t.branch_id);
end $$;

-- What the support coordinator of the actor's board takes part in: who else of the school may say
-- or see something there hangs on it.
create function reach.school_parts(me sec.claim)
returns table (case_id uuid, young_person_id uuid, branch_id uuid)
language plpgsql stable set search_path = pg_catalog, pg_temp rows 50 as $$
begin
    return query
        select t.case_id, t.young_person_id, t.branch_id from public.participation t
        where t.organisation_id = me.organisation and t.role = 'support_coordinator'
          and t.accepted_at <= me.instant and (t.ended_at is null or me.instant < t.ended_at);
end $$;

-- The referrals to the actor's organisation in its role that hold now, if it works there; that of
-- a pupil while the pupil is enrolled.
create function reach.referred(me sec.claim)
returns table (referral_id uuid, young_person_id uuid, pupil_id uuid, kind text)
language plpgsql stable set search_path = pg_catalog, pg_temp rows 20 as $$
begin
    return query
        select r.id, r.young_person_id, r.pupil_id, r.kind from public.referral r
        where r.to_organisation_id = me.organisation and r.to_role = me.role
          and r.valid_from <= me.instant and (r.valid_until is null or me.instant < r.valid_until)
          and (r.pupil_id is null or exists (
              select 1 from public.enrolment e
              where e.pupil_id = r.pupil_id
                and e.valid_from <= me.today and (e.valid_until is null or me.today < e.valid_until)))
          and reach.works(me);
end $$;

-- The reports that are allocated to the actor's organisation now, if it works there.
create function reach.allocated(me sec.claim) returns table (report_id uuid)
language plpgsql stable set search_path = pg_catalog, pg_temp rows 50 as $$
begin
    if not reach.works(me) then
        return;
    end if;
    return query
        select l.report_id from public.report_allocation l
        where l.office_id = me.organisation
          and l.valid_from <= me.instant and (l.valid_until is null or me.instant < l.valid_until);
end $$;

-- The children a guardian has authority over, per board that registered it. A board's pupil record
-- gives the age; authority ends at 18, and lasts where no birth date is known.
create function reach.charges(me sec.claim)
returns table (pupil_id uuid, controller_id uuid, young_person_id uuid, under_16 boolean)
language plpgsql stable set search_path = pg_catalog, pg_temp rows 5 as $$
begin
    return query
        select p.id, p.controller_id, p.young_person_id,
               coalesce(me.today < p.birth_date + interval '16 years', false)
        from public.guardian_authority g
        join public.pupil p on p.young_person_id = g.young_person_id and p.controller_id = g.controller_id
        where g.guardian_id = me.actor
          and g.valid_from <= me.instant and (g.valid_until is null or me.instant < g.valid_until)
          and (p.birth_date is null or me.today < p.birth_date + interval '18 years');
end $$;

-- The records of a young person who has an account with the board that keeps them.
create function reach.own_records(me sec.claim)
returns table (pupil_id uuid, controller_id uuid, young_person_id uuid, from_12 boolean, from_16 boolean)
language plpgsql stable set search_path = pg_catalog, pg_temp rows 3 as $$
begin
    return query
        select p.id, p.controller_id, p.young_person_id,
               coalesce(p.birth_date + interval '12 years' <= me.today, false),
               coalesce(p.birth_date + interval '16 years' <= me.today, false)
        from public.own_account o
        join public.pupil p on p.young_person_id = o.young_person_id and p.controller_id = o.controller_id
        where o.account_id = me.actor
          and o.valid_from <= me.instant and (o.valid_until is null or me.instant < o.valid_until);
end $$;

-- Is the pupil of a board's record at a school of that board today?
create function reach.is_enrolled(me sec.claim, wanted uuid) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return exists (
        select 1 from public.enrolment e
        where e.pupil_id = wanted
          and e.valid_from <= me.today and (e.valid_until is null or me.today < e.valid_until));
end $$;

-- Is it kept from somebody where this young person is, by whichever board?
create function reach.is_protected(me sec.claim, child uuid) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return exists (
        select 1 from public.whereabouts_protection w
        where w.young_person_id = child
          and w.valid_from <= me.instant and (w.valid_until is null or me.instant < w.valid_until));
end $$;

-- Does who gave leave in a case still have authority, or is it the young person, by what the board
-- that the case came from registered? Leave lasts no longer than the right of whoever gave it.
create function reach.is_upheld(me sec.claim, case_id uuid, giver uuid) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return exists (
        select 1 from public.case_file f
        join public.guardian_authority g
          on g.young_person_id = f.young_person_id and g.controller_id = f.board_id
        where f.id = is_upheld.case_id and g.guardian_id = giver
          and g.valid_from <= me.instant and (g.valid_until is null or me.instant < g.valid_until)
    ) or exists (
        select 1 from public.case_file f
        join public.own_account o
          on o.young_person_id = f.young_person_id and o.controller_id = f.board_id
        where f.id = is_upheld.case_id and o.account_id = giver
          and o.valid_from <= me.instant and (o.valid_until is null or me.instant < o.valid_until));
end $$;

-- The areas that the actor's organisation holds a mandate for, if the actor works there or is its
-- client for this.
create function reach.mandates(me sec.claim) returns table (unit_level text, unit_code text)
language plpgsql stable set search_path = pg_catalog, pg_temp rows 5 as $$
begin
    if not (reach.works(me) or exists (
        select 1 from public.oauth_client c
        where c.actor_id = me.actor and c.organisation_id = me.organisation
          and c.role = me.role and c.purpose = me.purpose)) then
        return;
    end if;
    return query
        select m.unit_level, m.unit_code from public.mandate m
        where m.organisation_id = me.organisation
          and m.valid_from <= me.instant and (m.valid_until is null or me.instant < m.valid_until);
end $$;

create or replace function reach.branches(act text, class text) returns setof uuid
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
        (me.role = 'head_of_school' and (
            (act = 'mandate' and class = 'report')
            or (act in ('read', 'close') and class = 'aggregate.branch.exact')))
        or (me.role = 'attendance_coordinator' and act = 'prepare' and class = 'report')
    ) then
        return query select a.branch_id from reach.posts(me) a where a.branch_id is not null;
    elsif me.purpose = 'daily_guidance' and me.role = 'attendance_coordinator'
        and act = 'send' and class = 'report' then
        return query
            select h.branch_id from public.head_mandate h
            join reach.posts(me) a on a.branch_id = h.branch_id
            where h.coordinator_id = me.actor
              and h.valid_from <= me.instant and (h.valid_until is null or me.instant < h.valid_until);
    end if;
end $$;

create or replace function reach.controllers(act text, class text) returns setof uuid
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
    elsif (me.role = 'organisation_administrator' and me.purpose = 'administration'
            and (act, class) in (('read', 'staff'), ('appoint', 'staff'), ('register', 'court_measure')))
        or (me.role = 'privacy_officer' and me.purpose = 'accountability'
            and (act, class) in (('read', 'staff'), ('read', 'log.organisation'), ('advise', 'log.organisation'),
                ('hold', 'log.organisation'), ('read', 'emergency'), ('review', 'emergency'))) then
        if reach.works(me) then
            return next me.organisation;
        end if;
    end if;
end $$;

-- Figures: the units an organisation holds a mandate for, and those that lie in them, as
-- `level:code`. The code of a board is its organisation's id; that of the country is `NL`.
create function reach.units(act text, class text) returns setof text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 50 as $$
declare
    me sec.claim := sec.claims();
    level text := substr(class, length('aggregate.') + 1);
begin
    if not coalesce(
        (act = 'read' and (
            (me.role = 'board_analyst' and me.purpose = 'policy_statistics'
                and class in ('aggregate.branch', 'aggregate.board'))
            or (me.role = 'alliance_analyst' and me.purpose = 'policy_statistics'
                and class in ('aggregate.branch', 'aggregate.alliance'))
            or (me.role = 'attendance_adviser' and me.purpose = 'prevention_advice'
                and class in ('aggregate.branch', 'aggregate.municipality'))
            or (me.role = 'inspector' and me.purpose = 'supervision'
                and class in ('aggregate.branch', 'aggregate.board', 'aggregate.municipality',
                    'aggregate.alliance', 'aggregate.region', 'aggregate.national'))
            or (me.role = 'policy_maker' and me.purpose = 'policy_statistics'
                and class in ('aggregate.region', 'aggregate.national'))
            or (me.role = 'reporting_client' and me.purpose = 'policy_statistics'
                and class in ('aggregate.branch', 'aggregate.board', 'aggregate.municipality',
                    'aggregate.alliance', 'aggregate.region')
                and exists (
                    -- A program reads no finer than the people of its organisation do.
                    select 1 from public.organisation o
                    where o.id = me.organisation and case o.kind
                        when 'school_board' then level in ('branch', 'board')
                        when 'support_alliance' then level in ('branch', 'alliance')
                        when 'attendance_office' then level in ('branch', 'municipality')
                        when 'ministry' then level in ('region', 'national')
                        else o.kind = 'inspectorate' end))))
        or (act = 'advise' and class = 'aggregate.branch'
            and me.role = 'attendance_adviser' and me.purpose = 'prevention_advice'),
        false) then
        return;
    end if;
    return query
        select m.unit_level || ':' || m.unit_code from reach.mandates(me) m where m.unit_level = level;
    if level = 'branch' then
        return query
            select 'branch:' || b.branch_code from reach.mandates(me) m
            join public.school_branch b on b.organisation_id =
                case when m.unit_level = 'board' then m.unit_code::uuid end
            union
            select 'branch:' || b.branch_code from reach.mandates(me) m
            join public.school_branch b on b.municipality_code = m.unit_code
            where m.unit_level = 'municipality'
            union
            select 'branch:' || b.branch_code from reach.mandates(me) m
            join public.school_branch b on b.alliance_code = m.unit_code
            where m.unit_level = 'alliance'
            union
            select 'branch:' || b.branch_code from reach.mandates(me) m
            join public.directory_municipality d on d.region_code = m.unit_code
            join public.school_branch b on b.municipality_code = d.code
            where m.unit_level = 'region'
            union
            select 'branch:' || b.branch_code from public.school_branch b
            where exists (select 1 from reach.mandates(me) m where m.unit_level = 'national');
    elsif level = 'municipality' then
        return query
            select 'municipality:' || d.code from reach.mandates(me) m
            join public.directory_municipality d on d.region_code = m.unit_code
            where m.unit_level = 'region';
    end if;
    if level in ('board', 'municipality', 'alliance', 'region')
        and exists (select 1 from reach.mandates(me) m where m.unit_level = 'national') then
        if level = 'board' then
            return query
                select 'board:' || o.id from public.organisation o where o.kind = 'school_board';
        elsif level = 'municipality' then
            return query
                select 'municipality:' || d.code from public.directory_municipality d
                union select 'municipality:' || b.municipality_code from public.school_branch b;
        elsif level = 'alliance' then
            return query
                select distinct 'alliance:' || b.alliance_code from public.school_branch b
                where b.alliance_code is not null;
        else
            return query select distinct 'region:' || d.region_code from public.directory_municipality d;
        end if;
    end if;
end $$;

-- What the platform's own roles do for every controller.
create or replace function reach.job(act text, class text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me sec.claim := sec.claims();
begin
    return coalesce(
        (me.role = 'platform_job' and me.purpose = 'policy_statistics' and act = 'aggregate' and class in (
            'pupil.enrolment', 'attendance.rate', 'attendance.unauthorised', 'attendance.authorised'))
        or (me.role = 'platform_job' and me.purpose = 'accountability' and act = 'account'
            and class in ('log.own', 'log.own.shielded'))
        or (me.role = 'platform_operator' and me.purpose = 'operation'
            and (act, class) in (('register', 'organisation'), ('appoint', 'staff'))),
        false);
end $$;

create or replace function reach.units(class text) returns setof text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 50 as $$
begin
    return query select reach.units('read', class);
end $$;

set role schakel_owner;

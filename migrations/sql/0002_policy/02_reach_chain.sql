-- Which reports, cases, invitations, notes and referrals an activity on a data class reaches.

set role schakel_reach;

create or replace function reach.reports(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 50 as $$
declare me sec.claim := sec.claims();
begin
    if me.role = 'attendance_officer' and me.purpose = 'compulsory_schooling' then
        if (act = 'read' and class in ('report.head', 'report', 'report.contact', 'report.background',
                'note.enforcement', 'decision', 'information_request'))
            or (act, class) in (('take_on', 'report'), ('ask_back', 'report'), ('close', 'report'),
                ('request', 'information_request'), ('write', 'note.enforcement'),
                ('decide', 'decision'), ('refer', 'referral')) then
            return query select l.report_id from reach.allocated(me) l;
        end if;
        if act = 'read' and class in ('report.head', 'report', 'report.contact', 'report.background',
            'note.enforcement', 'decision', 'information_request') and reach.works(me) then
            return query
                select r.id from public.report r
                where r.taken_on_by = me.actor and r.state = 'closed' and r.retained_until >= me.today;
        end if;
        if act = 'read' and class in ('report.head', 'report', 'report.contact', 'report.background',
            'note.enforcement', 'decision') then
            -- What the office had before about somebody it has another report about now.
            return query
                select r.id from reach.allocated(me) l
                join public.report now_here on now_here.id = l.report_id
                join public.report r on r.young_person_id = now_here.young_person_id and r.id <> now_here.id
                where r.state = 'closed' and r.retained_until >= me.today
                  and exists (
                      select 1 from public.report_allocation b
                      where b.report_id = r.id and b.office_id = me.organisation
                        and b.valid_from <= me.instant);
        end if;
    elsif (me.role = 'attendance_officer' and me.purpose = 'case_coordination'
            and act = 'open' and class = 'case.core')
        or (me.role = 'office_allocator' and me.purpose = 'compulsory_schooling'
            and act in ('read', 'assign') and class = 'report.head') then
        return query select l.report_id from reach.allocated(me) l;
    elsif me.role = 'transition_coach' and me.purpose = 'transition' then
        if ((act = 'read' and class in ('report.head', 'report', 'report.contact'))
            or (act in ('take_on', 'close') and class = 'report')) and reach.works(me) then
            return query
                select r.id from public.office_municipality o
                join public.report r on r.municipality_code = o.municipality_code
                join public.report_extract x on x.report_id = r.id
                where o.organisation_id = me.organisation
                  and o.valid_from <= me.instant and (o.valid_until is null or me.instant < o.valid_until)
                  and r.kind = 'transition' and r.state <> 'draft'
                  and me.today < x.birth_date + interval '27 years';
        end if;
    elsif me.purpose = 'daily_guidance' and (
        (me.role = 'attendance_coordinator' and (
            (act = 'read' and class in ('report.head', 'report', 'report.contact', 'information_request'))
            or (act, class) in (('answer', 'information_request'), ('refer', 'referral'))))
        or (me.role = 'head_of_school' and (
            (act = 'read' and class in ('report.head', 'report', 'information_request'))
            or (act, class) in (('approve', 'report'), ('answer', 'information_request'))))
    ) then
        return query
            select r.id from reach.posts(me) a
            join public.report r on r.branch_id = a.branch_id;
    elsif me.role = 'attendance_coordinator' and me.purpose = 'daily_guidance'
        and act = 'send' and class = 'report' then
        return query
            select r.id from reach.branches('send', 'report') b (branch_id)
            join public.report r on r.branch_id = b.branch_id;
    elsif me.role = 'guardian' and me.purpose = 'own_data'
        and act = 'read' and class in ('report.head', 'report') then
        return query
            select r.id from reach.charges(me) c
            join public.report r on r.young_person_id = c.young_person_id and r.controller_id = c.controller_id
            where r.state <> 'draft' and not reach.is_protected(me, c.young_person_id);
    elsif me.role = 'young_person' and me.purpose = 'own_data'
        and act = 'read' and class in ('report.head', 'report') then
        return query
            select r.id from reach.own_records(me) o
            join public.report r on r.young_person_id = o.young_person_id and r.controller_id = o.controller_id
            where r.state <> 'draft' and o.from_16;
    elsif me.role = 'absence_register' and me.purpose = 'compulsory_schooling'
        and act = 'allocate' and class = 'report' then
        return query select r.id from public.report r where r.state in ('sent', 'allocated');
    end if;
end $$;

create function reach.invitations(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 5 as $$
declare me sec.claim := sec.claims();
begin
    if act = 'read' and class = 'case.core' and (me.role, me.purpose) in (
        ('support_coordinator', 'case_coordination'), ('alliance_consultant', 'special_needs_support'),
        ('transition_coach', 'transition'), ('youth_doctor', 'youth_health'),
        ('youth_care_worker', 'youth_care'), ('child_protection_worker', 'youth_care')) then
        return query
            select t.id from public.participation t
            where t.organisation_id = me.organisation and t.role = me.role and t.purpose = me.purpose
              and t.answered_at is null and (t.ended_at is null or me.instant < t.ended_at)
              and exists (
                  select 1 from reach.posts(me) a where t.branch_id is null or a.branch_id = t.branch_id);
    end if;
end $$;

create or replace function reach.invitations() returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 5 as $$
begin
    return query select reach.invitations('read', 'case.core');
end $$;

create or replace function reach.cases(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 20 as $$
declare
    me sec.claim := sec.claims();
    partner text := case
        when (me.role, me.purpose) in (
            ('attendance_officer', 'case_coordination'), ('support_coordinator', 'case_coordination'),
            ('alliance_consultant', 'special_needs_support'), ('transition_coach', 'transition'),
            ('youth_doctor', 'youth_health'), ('youth_care_worker', 'youth_care'),
            ('child_protection_worker', 'youth_care')) then me.role end;
begin
    if partner = 'child_protection_worker' then
        if (act = 'read' and class in ('case.core', 'case.identity', 'case.participants', 'plan', 'action',
                'note.general', 'conference', 'attendance.summary'))
            or (act = 'write' and class in ('action', 'note.general', 'note.youth_care'))
            or (act = 'agree' and class = 'plan') then
            return query select t.case_id from reach.measured_parts(me) t;
        end if;
    elsif partner is not null and (
        (act = 'read' and (
            class in ('case.core', 'case.identity', 'case.participants')
            or (class in ('plan', 'action', 'note.general') and partner <> 'youth_doctor')
            or (class in ('conference', 'attendance.summary')
                and partner in ('attendance_officer', 'support_coordinator', 'youth_care_worker'))
            or (class = 'note.support' and partner in ('support_coordinator', 'alliance_consultant'))))
        or (act = 'write' and (
            (class = 'plan' and partner in ('attendance_officer', 'support_coordinator'))
            or (class in ('action', 'note.general') and partner in ('attendance_officer',
                'support_coordinator', 'alliance_consultant', 'youth_care_worker'))
            or (class = 'note.support' and partner in ('support_coordinator', 'alliance_consultant'))
            or (class = 'note.youth_care' and partner = 'youth_care_worker')))
        or (act = 'agree' and class = 'plan' and partner in ('attendance_officer',
            'support_coordinator', 'alliance_consultant', 'youth_care_worker'))
    ) then
        return query select t.case_id from reach.parts(me) t;
    elsif act in ('invite', 'close') and class = 'case.core'
        and partner in ('attendance_officer', 'support_coordinator') then
        return query select t.case_id from reach.parts(me) t where t.is_lead;
    elsif act = 'write' and class = 'note.general' and partner = 'youth_doctor' then
        return query
            select t.case_id from reach.parts(me) t
            where exists (
                select 1 from public.consent c
                where c.case_id = t.case_id and c.data_class = 'note.general'
                  and c.from_organisation_id = me.organisation
                  and c.valid_from <= me.instant and (c.valid_until is null or me.instant < c.valid_until)
                  and reach.is_upheld(me, c.case_id, c.given_by));
    end if;
    if act = 'withhold' and class = 'case.core'
        and partner in ('attendance_officer', 'support_coordinator') then
        return query select t.case_id from reach.parts(me) t where t.is_lead;
        if partner = 'attendance_officer' and reach.works(me) then
            -- What an officer opened its office keeps, also when nobody takes part any more.
            return query
                select f.id from public.case_file f
                where f.opened_by = me.actor and f.controller_id = me.organisation;
        end if;
    end if;
    if act = 'read' and class = 'case.core' and partner is not null then
        return query
            select t.case_id from reach.invitations('read', 'case.core') i (id)
            join public.participation t on t.id = i.id;
    end if;
    if me.purpose = 'daily_guidance' then
        if me.role = 'mentor' and ((act = 'read' and class in ('plan', 'action'))
            or (act = 'write' and class = 'note.general')) then
            return query
                select t.case_id from reach.posts(me) a
                join public.class_membership m on m.class_group_id = a.class_group_id
                join public.pupil p on p.id = m.pupil_id
                join reach.school_parts(me) t on t.young_person_id = p.young_person_id
                where m.valid_from <= me.today and (m.valid_until is null or me.today < m.valid_until);
        elsif me.role = 'attendance_coordinator' and act = 'offer' and class = 'attendance.summary' then
            return query
                select t.case_id from reach.school_parts(me) t
                join reach.posts(me) a on a.branch_id = t.branch_id
                join public.pupil p on p.young_person_id = t.young_person_id and p.controller_id = me.organisation
                join public.enrolment e on e.pupil_id = p.id and e.branch_id = t.branch_id
                where e.valid_from <= me.today and (e.valid_until is null or me.today < e.valid_until);
        end if;
    elsif me.purpose = 'own_data' then
        return query select reach.cases_of_family(me, act, class);
    end if;
end $$;

create function reach.cases_of_family(me sec.claim, act text, class text) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp rows 3 as $$
begin
    if me.role = 'guardian' then
        if act = 'read' and class in ('case.core', 'case.identity') then
            return query
                select f.id from reach.charges(me) c
                join public.case_file f on f.young_person_id = c.young_person_id and f.board_id = c.controller_id
                where not reach.is_protected(me, c.young_person_id);
        elsif (act = 'read' and class in ('case.participants', 'attendance.summary', 'plan', 'action',
                'note.general', 'consent'))
            or (act = 'give' and class = 'consent') then
            return query
                select f.id from reach.charges(me) c
                join public.case_file f on f.young_person_id = c.young_person_id and f.board_id = c.controller_id
                where c.under_16 and not reach.is_protected(me, c.young_person_id)
                  and not exists (
                      select 1 from public.withholding w
                      where w.case_id = f.id and (w.guardian_id is null or w.guardian_id = me.actor)
                        and w.valid_from <= me.instant and me.instant < w.valid_until);
        end if;
    elsif me.role = 'young_person' then
        if act = 'read' and class in ('case.core', 'plan', 'action') then
            return query
                select f.id from reach.own_records(me) o
                join public.case_file f on f.young_person_id = o.young_person_id and f.board_id = o.controller_id
                where o.from_12;
        elsif (act = 'read' and class in ('case.identity', 'case.participants', 'note.general',
                'attendance.summary', 'consent'))
            or (act = 'give' and class = 'consent') then
            return query
                select f.id from reach.own_records(me) o
                join public.case_file f on f.young_person_id = o.young_person_id and f.board_id = o.controller_id
                where o.from_16;
        end if;
    end if;
end $$;

-- The cases that the actor is opening: made by it from a report that it may open one from, and
-- nobody takes part yet. No rule about cases reaches one before somebody does.
create function reach.opened_cases() returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 2 as $$
declare me sec.claim := sec.claims();
begin
    if me.role = 'attendance_officer' and me.purpose = 'case_coordination' then
        return query
            select c.id from reach.reports('open', 'case.core') r (id)
            join public.case_file c on c.report_id = r.id
            where c.opened_by = me.actor and c.controller_id = me.organisation
              and not exists (select 1 from public.participation t where t.case_id = c.id);
    end if;
end $$;

-- Notes of youth care stay in the provider's own file, unless consent carries one to somebody else.
create function reach.notes(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 20 as $$
declare me sec.claim := sec.claims();
begin
    if act <> 'read' or class <> 'note.youth_care' then
        return;
    end if;
    if me.role in ('youth_care_worker', 'child_protection_worker') and me.purpose = 'youth_care' then
        return query
            select n.id from reach.parts(me) t
            join public.note n on n.case_id = t.case_id
            join public.participation author on author.id = n.author_id
            where author.organisation_id = me.organisation;
    elsif (me.role, me.purpose) in (('attendance_officer', 'case_coordination'),
        ('support_coordinator', 'case_coordination'), ('alliance_consultant', 'special_needs_support')) then
        return query
            select n.id from reach.parts(me) t
            join public.note n on n.case_id = t.case_id
            join public.participation author on author.id = n.author_id
            join public.consent c on c.case_id = n.case_id and c.data_class = n.data_class
                and c.from_organisation_id = author.organisation_id
            where c.to_organisation_id = me.organisation
              and c.valid_from <= me.instant and (c.valid_until is null or me.instant < c.valid_until)
              and reach.is_upheld(me, c.case_id, c.given_by);
    end if;
end $$;

create function reach.referrals(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 20 as $$
declare me sec.claim := sec.claims();
begin
    if me.role = 'referral_partner' and me.purpose = 'referral'
        and act in ('read', 'receive') and class = 'referral' then
        return query select r.referral_id from reach.referred(me) r;
    end if;
end $$;

-- Has every party that takes part in the plan's case, and whose role may agree, agreed to it?
create or replace function reach.agreed_by_all(wanted uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me sec.claim := sec.claims();
begin
    return not exists (
        select 1 from public.participation t
        where t.case_id = any (array(select reach.cases('agree', 'plan')))
          and t.case_id = (select a.case_id from public.plan_agreement a where a.plan_id = wanted limit 1)
          and t.accepted_at <= me.instant and (t.ended_at is null or me.instant < t.ended_at)
          and t.role in ('attendance_officer', 'support_coordinator', 'alliance_consultant',
              'youth_care_worker', 'child_protection_worker')
          and not exists (
              select 1 from public.plan_agreement g
              where g.plan_id = wanted and g.participation_id = t.id))
      and exists (select 1 from public.plan_agreement a where a.plan_id = wanted);
end $$;

-- What a case takes over from the report it is opened from: who it is about, and nothing else.
create or replace function reach.identity_of_report(wanted uuid)
returns table (young_person_id uuid, branch_id uuid, given_name text, infix text, family_name text, birth_date date)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 1 as $$
begin
    return query
        select r.young_person_id, r.branch_id, x.extract->>'givenName', x.extract->>'infix',
               x.extract->>'familyName', x.birth_date
        from public.report r
        join public.report_extract x on x.report_id = r.id
        where r.id = wanted and r.id in (select reach.reports('open', 'case.core'));
end $$;

set role schakel_owner;

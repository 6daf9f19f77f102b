-- The pupils an activity reaches, as before, but that notices and leave are asked of their own
-- function: of this whole text only the first branch is new.

set role schakel_reach;

create or replace function reach.pupils(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 500 as $$
declare me sec.claim := sec.claims();
begin
    if class like 'notice.%' or class like 'leave.%' then
        return query select reach.pupils_of_leave(me, act, class);
    elsif me.purpose = 'daily_guidance' then
        if me.role = 'mentor' and (
            (act = 'read' and class in (
                'pupil.identity', 'pupil.contact', 'pupil.enrolment', 'attendance.rate',
                'attendance.unauthorised', 'attendance.authorised', 'attendance.reason',
                'attendance.reason.health.fact', 'attendance.timetable', 'signal'))
            or (act = 'propose' and class = 'case.core')
        ) then
            return query
                select m.pupil_id from reach.posts(me) a
                join public.class_membership m on m.class_group_id = a.class_group_id
                where m.valid_from <= me.today and (m.valid_until is null or me.today < m.valid_until);
        end if;
        if (me.role = 'attendance_coordinator' and (
                (act = 'read' and class in (
                    'pupil.identity', 'pupil.contact', 'pupil.whereabouts', 'pupil.enrolment',
                    'attendance.rate', 'attendance.unauthorised', 'attendance.authorised',
                    'attendance.reason', 'attendance.reason.health.fact', 'attendance.timetable',
                    'signal'))
                or (act in ('register', 'end') and class in ('pupil.contact', 'pupil.whereabouts'))
                or (act = 'correct' and class in ('attendance.unauthorised', 'attendance.authorised'))
                or (act, class) in (('prepare', 'report'), ('propose', 'case.core'), ('refer', 'referral'))))
            or (me.role = 'head_of_school' and (
                (act = 'read' and class in (
                    'pupil.identity', 'pupil.enrolment', 'attendance.rate', 'attendance.unauthorised',
                    'attendance.authorised', 'attendance.reason', 'signal'))
                or (act = 'decide' and class = 'attendance.authorised'))) then
            return query
                select e.pupil_id from reach.posts(me) a
                join public.enrolment e on e.branch_id = a.branch_id
                where e.valid_from <= me.today and (e.valid_until is null or me.today < e.valid_until);
        end if;
        if me.role = 'attendance_coordinator' and (
            (act = 'read' and class in (
                'pupil.identity', 'pupil.enrolment', 'attendance.rate', 'attendance.unauthorised',
                'attendance.authorised', 'attendance.reason', 'attendance.reason.health.fact',
                'attendance.timetable', 'signal'))
            or (act = 'end' and class in ('pupil.contact', 'pupil.whereabouts'))
        ) then
            -- Of who left: the branch of the last enrolment with the board, for five years. Asked per
            -- pupil, by the index: as an anti-join the planner reads the whole table for it.
            return query
                select e.pupil_id from reach.posts(me) a
                join public.enrolment e on e.branch_id = a.branch_id
                cross join lateral (
                    select max(coalesce(o.valid_until, 'infinity')) as at from public.enrolment o
                    where o.pupil_id = e.pupil_id) ended
                where e.valid_until <= me.today and e.valid_until > me.today - interval '5 years'
                  and me.today < e.valid_until + interval '5 years' and ended.at = e.valid_until;
        end if;
    elsif me.purpose = 'case_coordination' then
        if me.role = 'support_coordinator' and (
            (act = 'read' and class in ('pupil.identity', 'pupil.contact', 'pupil.enrolment',
                'attendance.rate', 'attendance.reason.health.fact'))
            or (act = 'refer' and class = 'referral')
        ) then
            return query
                select p.id from reach.parts(me) t
                join public.pupil p on p.young_person_id = t.young_person_id and p.controller_id = me.organisation
                join public.enrolment e on e.pupil_id = p.id and e.branch_id = t.branch_id
                where e.valid_from <= me.today and (e.valid_until is null or me.today < e.valid_until);
        end if;
    elsif me.purpose = 'special_needs_support' then
        if me.role = 'alliance_consultant' and act = 'read' then
            if class in ('pupil.identity', 'pupil.enrolment', 'attendance.rate') then
                return query
                    select r.pupil_id from reach.referred(me) r where r.pupil_id is not null;
            elsif class in ('attendance.reason.health.fact', 'attendance.reason.health') then
                return query
                    select r.pupil_id from reach.referred(me) r
                    where r.pupil_id is not null and r.kind = 'statutory';
            end if;
        end if;
    elsif me.purpose = 'youth_health' then
        if me.role = 'youth_doctor' and act = 'read' and class in (
            'pupil.identity', 'pupil.contact', 'attendance.rate', 'attendance.reason.health.fact',
            'attendance.reason.health'
        ) then
            return query select r.pupil_id from reach.referred(me) r where r.pupil_id is not null;
        end if;
    elsif me.purpose = 'youth_care' then
        if me.role = 'child_protection_worker' and act = 'read'
            and class in ('pupil.identity', 'pupil.contact') then
            return query
                select p.id from reach.measured_parts(me) t
                join public.pupil p on p.young_person_id = t.young_person_id;
        end if;
    elsif me.purpose = 'emergency' then
        if me.role in ('attendance_officer', 'youth_doctor', 'youth_care_worker', 'child_protection_worker')
            and act = 'read' and class in ('pupil.identity', 'pupil.contact', 'pupil.whereabouts')
            and reach.works(me) then
            return query
                select p.id from public.emergency_access d
                join public.pupil p on p.young_person_id = d.young_person_id
                where d.actor_id = me.actor and d.controller_id = me.organisation and d.role = me.role
                  and d.declared_at <= me.instant and me.instant < d.ends_at
                  and d.finding is distinct from 'not_justified';
        end if;
    elsif me.purpose = 'own_data' then
        return query select reach.pupils_of_family(me, act, class);
    end if;
end $$;

set role schakel_owner;

-- Which pupils and requests an activity on notices and leave reaches.

create policy reach_reads on leave_request for select to schakel_reach using (true);
grant select on leave_request to schakel_reach;

set role schakel_reach;

create function reach.pupils_of_leave(me sec.claim, act text, class text) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp rows 500 as $$
begin
    if me.purpose = 'daily_guidance' then
        if me.role = 'mentor' and act = 'read' and class in ('notice.illness', 'leave.request') then
            return query
                select m.pupil_id from reach.posts(me) a
                join public.class_membership m on m.class_group_id = a.class_group_id
                where m.valid_from <= me.today and (m.valid_until is null or me.today < m.valid_until);
        elsif act = 'read' and (
            (me.role = 'attendance_coordinator' and class in ('notice.illness', 'leave.request'))
            or (me.role = 'head_of_school' and class in (
                'notice.illness', 'notice.belief', 'leave.request', 'leave.explanation'))) then
            return query
                select e.pupil_id from reach.posts(me) a
                join public.enrolment e on e.branch_id = a.branch_id
                where e.valid_from <= me.today and (e.valid_until is null or me.today < e.valid_until);
        end if;
    elsif me.purpose = 'own_data' and me.role = 'guardian' then
        if (act = 'read' and class = 'leave.request')
            or (act = 'request' and class in (
                'notice.illness', 'notice.belief', 'leave.request', 'leave.explanation')) then
            return query select c.pupil_id from reach.charges(me) c;
        elsif act = 'read' and class in ('notice.illness', 'notice.belief') then
            return query select c.pupil_id from reach.charges(me) c where c.under_16;
        end if;
    elsif me.purpose = 'own_data' and me.role = 'young_person' and act = 'read' then
        if class = 'leave.request' then
            return query select o.pupil_id from reach.own_records(me) o where o.from_12;
        elsif class in ('notice.illness', 'notice.belief', 'leave.explanation') then
            return query select o.pupil_id from reach.own_records(me) o where o.from_16;
        end if;
    end if;
end $$;

-- Requests that the actor reaches as an officer: those of residents of its office's municipalities
-- on which an officer decides.
create function reach.leaves(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 50 as $$
declare me sec.claim := sec.claims();
begin
    if me.role = 'attendance_officer' and me.purpose = 'compulsory_schooling' and (
        (act = 'read' and class in ('leave.request', 'leave.explanation'))
        or (act = 'decide' and class = 'leave.request')) and reach.works(me) then
        return query
            select r.id from public.office_municipality o
            join public.leave_request r on r.municipality_code = o.municipality_code
            where o.organisation_id = me.organisation
              and o.valid_from <= me.instant and (o.valid_until is null or me.instant < o.valid_until)
              and r.decider = 'officer' and r.retained_until >= me.today;
    end if;
end $$;

-- Where leave is judged: the branch that the child attends now and the municipality it lives in. A
-- guardian to whom whereabouts are protected reads neither, and need not, to request leave. The branch
-- is then told to nobody, for what is counted by its holidays would tell in which region it stands.
create function reach.places_of_leave(wanted uuid)
returns table (branch_municipality text, residence text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 1 as $$
declare me sec.claim := sec.claims();
begin
    return query
        select case when not reach.is_protected(me, p.young_person_id) then b.municipality_code end,
               r.municipality_code
        from public.enrolment e
        join public.pupil p on p.id = e.pupil_id
        join public.school_branch b on b.id = e.branch_id
        left join public.pupil_residence r on r.pupil_id = e.pupil_id
        where e.pupil_id = wanted
          and e.pupil_id in (select reach.pupils_of_leave(me, 'request', 'leave.request'))
          and e.valid_from <= me.today and (e.valid_until is null or me.today < e.valid_until)
        order by e.valid_from desc, e.id limit 1;
end $$;

revoke all on function reach.pupils_of_leave(sec.claim, text, text), reach.leaves(text, text),
    reach.places_of_leave(uuid) from public;
grant execute on function reach.leaves(text, text), reach.places_of_leave(uuid)
    to schakel_app, schakel_aggregate, schakel_import, schakel_jobs;

set role schakel_owner;

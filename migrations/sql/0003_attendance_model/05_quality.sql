-- The quality of registration: counts per week of a branch, never of a person. The branches that an
-- activity reaches are as before, but for the first branch of the code.

create policy reach_reads on absence for select to schakel_reach using (true);
create policy reach_reads on absence_reason for select to schakel_reach using (true);
create policy reach_reads on pupil_week for select to schakel_reach using (true);
create policy reach_reads on delivered_week for select to schakel_reach using (true);
grant select on absence, absence_reason, pupil_week, delivered_week to schakel_reach;

set role schakel_reach;

create or replace function reach.branches(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 5 as $$
declare me sec.claim := sec.claims();
begin
    if class = 'quality.branch' then
        if act = 'read' and me.purpose = 'daily_guidance'
            and me.role in ('attendance_coordinator', 'head_of_school') then
            return query select a.branch_id from reach.posts(me) a where a.branch_id is not null;
        end if;
    elsif me.role = 'school_system' and me.purpose = 'data_delivery' and (
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

-- What was delivered of each week from one Monday to another. Counted of everything the branch
-- delivered, not of what the asker sees: a figure that somebody relies on is never made of that.
-- The branch's own coordinator and head may ask, and the job that makes figures of every branch.
create function reach.quality_weeks(wanted uuid, first date, last date)
returns table (monday date, pupils integer, delivered_at timestamptz, absences integer,
    judged integer, unknown_reasons integer, whole_days integer, most_of_one_code integer,
    corrections integer)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 50 as $$
begin
    if wanted not in (select reach.branches('read', 'quality.branch'))
        and not coalesce((select reach.job('aggregate', 'attendance.rate')), false) then
        return;
    end if;
    return query
        with scheduled as (
            select w.monday, count(*)::integer as pupils
            from public.pupil_week w
            where w.branch_id = wanted and w.monday between first and last and w.scheduled_minutes > 0
            group by w.monday
        ), missed as (
            select a.day - (extract(isodow from a.day)::integer - 1) as monday, a.category,
                   r.code, a.replaced_at is null as is_current,
                   w.scheduled_units > 0 and a.lesson_units * 5 >= w.scheduled_units as is_whole_day
            from public.absence a
            left join public.absence_reason r
                on r.controller_id = a.controller_id and r.absence_id = a.id
            left join public.pupil_week w
                on w.controller_id = a.controller_id and w.branch_id = a.branch_id
                and w.pupil_id = a.pupil_id
                and w.monday = a.day - (extract(isodow from a.day)::integer - 1)
            where a.branch_id = wanted and a.day between first and last + 6
              and a.category <> 'present'
        ), per_code as (
            select m.monday, m.code, count(*)::integer as times from missed m
            where m.is_current and m.code is not null and m.code <> 'UNKNOWN'
            group by m.monday, m.code
        ), counted as (
            select m.monday,
                   count(*) filter (where m.is_current)::integer as absences,
                   count(*) filter (where m.is_current
                       and m.category not in ('late', 'sent_out'))::integer as judged,
                   count(*) filter (where m.is_current and m.category not in ('late', 'sent_out')
                       and coalesce(m.code, 'UNKNOWN') = 'UNKNOWN')::integer as unknown_reasons,
                   count(*) filter (where m.is_current and m.is_whole_day)::integer as whole_days,
                   count(*) filter (where not m.is_current)::integer as corrections
            from missed m group by m.monday
        )
        select s.day::date, coalesce(w.pupils, 0), d.recorded_at, coalesce(c.absences, 0),
               coalesce(c.judged, 0), coalesce(c.unknown_reasons, 0), coalesce(c.whole_days, 0),
               coalesce((select max(p.times) from per_code p where p.monday = s.day::date), 0),
               coalesce(c.corrections, 0)
        from generate_series(first::timestamp, last::timestamp, interval '7 days') s (day)
        left join scheduled w on w.monday = s.day::date
        left join counted c on c.monday = s.day::date
        left join public.delivered_week d on d.branch_id = wanted and d.monday = s.day::date
        order by 1;
end $$;

revoke all on function reach.quality_weeks(uuid, date, date) from public;
grant execute on function reach.quality_weeks(uuid, date, date)
    to schakel_app, schakel_aggregate, schakel_import, schakel_jobs;

set role schakel_owner;

-- What exact tables are counted from. Only the job that makes figures may ask, and what it gets is
-- counts by branch, year group and sex: no row of a pupil. A pupil counts once at every branch where
-- it is enrolled in the period, also when nothing was delivered of it. A cell is named
-- `category|year group|sex`.

create policy reach_reads on plan for select to schakel_reach using (true);
create policy reach_reads on signal for select to schakel_reach using (true);
create policy reach_reads on dimension_week for select to schakel_reach using (true);
grant select on plan, signal, dimension_week to schakel_reach;

set role schakel_reach;

-- The tier of an amount out of a whole, by a rule of six numbers: the least weeks, at least so much
-- to every so much for tier 2, the same for tier 3, and 1 when the whole is weeks. Of whom nothing
-- was delivered is `unknown`, exactly as in the bands; of whom too few weeks were, is apart from it.
-- Its names were resolved here and now, so it needs no search path of its own; with one, PostgreSQL
-- would call it for every pupil where it can be a part of the query.
create function reach.tier(amount bigint, scheduled bigint, weeks bigint, rule integer[]) returns text
language sql immutable
return case
    when coalesce(scheduled, 0) <= 0 then 'unknown'
    when weeks < greatest(rule[1], 1) then 'few_weeks'
    when amount * rule[5] >= rule[4] * case rule[6] when 1 then weeks else scheduled end then 'tier_3'
    when amount * rule[3] >= rule[2] * case rule[6] when 1 then weeks else scheduled end then 'tier_2'
    else 'tier_1' end;

-- Who missed how much, of weeks that were delivered whole: the band of the share of scheduled time
-- (its upper end excluded); what most of it was for whoever missed a tenth or more, of equal amounts
-- illness first and then unauthorised absence; whether a threshold of frequent illness (M@ZL) was
-- reached in these weeks; and the tiers. And time, as the measure `minutes`: all that was scheduled,
-- and by class the minutes that were missed, with 1 as `class|dominated` when they are of too few or
-- mostly one's. One pass over the roll-ups gives all of them.
create function reach.branch_attendance(first date, last date, sickness integer[], unauthorised integer[],
    lateness integer[], fewest integer, percent integer, wanted uuid[])
returns table (branch_id uuid, measure text, cells text[], pupils bigint[])
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 40000
    set work_mem = '256MB' set enable_nestloop = on as $$
#variable_conflict use_column
begin
    if not coalesce((select reach.job('aggregate', 'aggregate.branch.exact')), false) then
        return;
    end if;
    if wanted is null or cardinality(wanted) > 1000 then
        -- Of that many branches most weeks are read, so none is looked up by who delivered it.
        perform set_config('enable_nestloop', 'off', true);
    end if;
    return query
        with member as (
            select e.branch_id, e.pupil_id, max(e.year_group) as year_group, max(p.sex) as sex
            from public.enrolment e join public.pupil p on p.id = e.pupil_id
            where e.valid_from <= last and (e.valid_until is null or e.valid_until > first)
              and (wanted is null or e.branch_id = any (wanted))
            group by e.branch_id, e.pupil_id
        ), week as (
            select w.branch_id, w.pupil_id, count(*) as weeks, sum(w.scheduled_minutes) as scheduled,
                   sum(w.scheduled_minutes - w.attended_minutes) as missed
            from public.pupil_week w
            where w.monday between first and last and w.replaced_at is null
              and w.attended_minutes is not null
              and (wanted is null or w.branch_id = any (wanted))
            group by w.branch_id, w.pupil_id
        ), side as (
            select d.branch_id, d.pupil_id,
                   sum(d.minutes) filter (where d.dimension = 'sickness') as sick,
                   sum(d.minutes) filter (where d.dimension = 'unauthorised') as away,
                   sum(d.minutes) filter (where d.dimension = 'lateness') as late,
                   sum(d.times) filter (where d.dimension = 'lateness') as times_late
            from public.dimension_week d
            join public.delivered_week v on v.controller_id = d.controller_id
                and v.branch_id = d.branch_id and v.monday = d.monday and v.replaced_at is null
            where d.monday between first and last and d.replaced_at is null
              and (wanted is null or d.branch_id = any (wanted))
            group by d.branch_id, d.pupil_id
        ), ill as (
            select distinct s.branch_id, s.pupil_id
            from public.signal s
            where s.kind in ('FOURTH_SICK_REPORT', 'SEVENTH_SICK_DAY') and s.withdrawn_at is null
              and date_trunc('week', s.reached_on::timestamp)::date between first and last
              and (wanted is null or s.branch_id = any (wanted))
        ), judged as materialized (
            select m.branch_id, m.year_group, coalesce(m.sex, 'unknown') as sex,
                   w.scheduled, w.missed, s.away, s.late,
                   case
                       when coalesce(w.scheduled, 0) = 0 then 'unknown'
                       when w.missed * 100 < w.scheduled * 5 then '0_5'
                       when w.missed * 100 < w.scheduled * 10 then '5_10'
                       when w.missed * 100 < w.scheduled * 20 then '10_20'
                       when w.missed * 100 < w.scheduled * 50 then '20_50'
                       else '50_plus' end as absence,
                   case
                       when coalesce(w.scheduled, 0) = 0 then 'unknown'
                       when w.missed * 100 < w.scheduled * 10 then 'below_10'
                       when coalesce(s.sick, 0) >= greatest(coalesce(s.away, 0),
                           w.missed - coalesce(s.sick, 0) - coalesce(s.away, 0)) then 'mostly_ill'
                       when coalesce(s.away, 0) >= w.missed - coalesce(s.sick, 0) - coalesce(s.away, 0)
                           then 'mostly_unauthorised'
                       else 'mostly_other' end as kind,
                   case
                       when coalesce(w.scheduled, 0) = 0 then 'unknown'
                       when i.pupil_id is null then 'not_often'
                       else 'often_ill' end as illness,
                   reach.tier(coalesce(s.sick, 0), w.scheduled, w.weeks, sickness) as sickness,
                   reach.tier(coalesce(s.away, 0), w.scheduled, w.weeks, unauthorised) as unauthorised,
                   reach.tier(coalesce(s.times_late, 0), w.scheduled, w.weeks, lateness) as lateness
            from member m
            left join week w on w.branch_id = m.branch_id and w.pupil_id = m.pupil_id
            left join side s on s.branch_id = m.branch_id and s.pupil_id = m.pupil_id
            left join ill i on i.branch_id = m.branch_id and i.pupil_id = m.pupil_id
        ), together as (
            select j.branch_id, j.year_group, j.sex, j.absence, j.kind, j.illness, j.sickness,
                   j.unauthorised, j.lateness, count(*) as pupils
            from judged j group by 1, 2, 3, 4, 5, 6, 7, 8, 9
        ), counted as (
            select t.branch_id, c.measure,
                   concat_ws('|', c.category, coalesce(t.year_group::text, ''), t.sex) as cell,
                   sum(t.pupils)::bigint as number
            from together t
            cross join lateral (values ('absence', t.absence), ('absence_kinds', t.kind),
                ('frequent_sickness', t.illness), ('sickness', t.sickness),
                ('unauthorised', t.unauthorised), ('lateness', t.lateness)
            ) c (measure, category)
            group by 1, 2, 3
        ), missed as (
            select j.branch_id, c.class, c.minutes,
                   row_number() over (partition by j.branch_id, c.class order by c.minutes desc) as place
            from judged j
            cross join lateral (values
                ('unauthorised', coalesce(j.away, 0)), ('late', coalesce(j.late, 0)),
                ('other', greatest(j.missed - coalesce(j.away, 0) - coalesce(j.late, 0), 0))
            ) c (class, minutes)
            where j.scheduled is not null and c.minutes > 0
        ), timed as (
            select j.branch_id, 'scheduled' as cell, sum(j.scheduled)::bigint as number
            from judged j where j.scheduled is not null group by 1
            union all
            select m.branch_id, m.class, sum(m.minutes)::bigint from missed m group by 1, 2
            union all
            select m.branch_id, m.class || '|dominated',
                   (count(*) < fewest or coalesce(sum(m.minutes) filter (where m.place > 3), 0) * 100
                       < percent * max(m.minutes))::integer
            from missed m group by m.branch_id, m.class
        )
        select q.branch_id, q.measure, array_agg(q.cell), array_agg(q.number)
        from (
            select c.branch_id, c.measure, c.cell, c.number from counted c
            union all
            select t.branch_id, 'minutes', t.cell, t.number from timed t
        ) q
        group by 1, 2
        order by 1, 2;
end $$;

-- What was done for whom, by the last of its kind in the period: reports sent, what came of them, the
-- days from the signal, and plans. Pupils for whom nothing was done are not counted here.
create function reach.branch_events(first date, last date, wanted uuid[])
returns table (branch_id uuid, measure text, cells text[], pupils bigint[])
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 20000 as $$
#variable_conflict use_column
begin
    if not coalesce((select reach.job('aggregate', 'aggregate.branch.exact')), false) then
        return;
    end if;
    return query
        with report as (
            select distinct on (r.branch_id, r.pupil_id) r.branch_id, r.pupil_id, r.kind,
                   coalesce(r.outcome, 'open') as outcome,
                   (r.sent_at at time zone 'Europe/Amsterdam')::date - s.reached_on as days
            from public.report r join public.signal s on s.id = r.signal_id
            where (r.sent_at at time zone 'Europe/Amsterdam')::date between first and last
              and (wanted is null or r.branch_id = any (wanted))
            order by r.branch_id, r.pupil_id, r.sent_at desc
        ), plan as (
            select l.id, l.case_id, f.board_id, f.young_person_id, l.review_on,
                   (l.recorded_at at time zone 'Europe/Amsterdam')::date as started_on,
                   (f.closed_at at time zone 'Europe/Amsterdam')::date as ended_on
            from public.plan l join public.case_file f on f.id = l.case_id
        ), planned as (
            select e.branch_id, e.pupil_id,
                   bool_or(l.started_on between first and last) as started,
                   bool_or(l.review_on between first and last) as due,
                   bool_or(l.review_on between first and last and (l.ended_on <= last or exists (
                       select 1 from plan n
                       where n.case_id = l.case_id and n.id <> l.id
                         and n.started_on between l.started_on and last))) as kept
            from plan l
            join public.pupil p on p.young_person_id = l.young_person_id and p.controller_id = l.board_id
            join public.enrolment e on e.pupil_id = p.id
                and e.valid_from <= last and (e.valid_until is null or e.valid_until > first)
            where wanted is null or e.branch_id = any (wanted)
            group by e.branch_id, e.pupil_id
        ), done as (
            select r.branch_id, r.pupil_id, c.measure, c.category
            from report r
            cross join lateral (values
                ('reports', r.kind), ('report_outcomes', r.outcome),
                ('days_to_action', case when r.days <= 5 then 'days_0_5' when r.days <= 10 then 'days_6_10'
                    when r.days <= 20 then 'days_11_20' else 'days_21_plus' end)) c (measure, category)
            union all
            select l.branch_id, l.pupil_id, 'plans_started', 'started' from planned l where l.started
            union all
            select l.branch_id, l.pupil_id, 'plans_reviewed', case when l.kept then 'kept' else 'missed' end
            from planned l where l.due
        ), member as (
            select e.branch_id, e.pupil_id, max(e.year_group) as year_group, max(p.sex) as sex
            from public.enrolment e join public.pupil p on p.id = e.pupil_id
            where e.valid_from <= last and (e.valid_until is null or e.valid_until > first)
              and e.pupil_id in (select d.pupil_id from done d)
            group by e.branch_id, e.pupil_id
        )
        select q.branch_id, q.measure, array_agg(q.cell), array_agg(q.pupils)
        from (
            select d.branch_id, d.measure,
                   concat_ws('|', d.category, coalesce(m.year_group::text, ''), coalesce(m.sex, 'unknown')) as cell,
                   count(*) as pupils
            from done d join member m on m.branch_id = d.branch_id and m.pupil_id = d.pupil_id
            group by 1, 2, 3
        ) q
        group by 1, 2;
end $$;

-- Of each branch and week: whether it has pupils in the period, whether anything was scheduled, and
-- whether and when the week was last declared delivered.
create function reach.branch_weeks(first date, last date)
returns table (branch_id uuid, monday date, enrolled boolean, scheduled boolean, delivered boolean,
    changed_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 40000
    set enable_bitmapscan = off as $$ -- one week of a pupil answers for the branch
#variable_conflict use_column
begin
    if not coalesce((select reach.job('aggregate', 'aggregate.branch.exact')), false) then
        return;
    end if;
    return query
        select b.id, s.day::date,
               exists (select 1 from public.enrolment e
                   where e.branch_id = b.id and e.valid_from <= last
                     and (e.valid_until is null or e.valid_until > first)),
               exists (select 1 from public.pupil_week w
                   where w.controller_id = b.organisation_id and w.branch_id = b.id
                     and w.monday = s.day::date and w.scheduled_minutes > 0),
               coalesce(bool_or(d.branch_id is not null and d.replaced_at is null), false), max(d.recorded_at)
        from public.school_branch b
        cross join generate_series(first::timestamp, last::timestamp, interval '7 days') s (day)
        left join public.delivered_week d on d.controller_id = b.organisation_id
            and d.branch_id = b.id and d.monday = s.day::date
        group by b.id, b.organisation_id, s.day;
end $$;

revoke all on function reach.tier(bigint, bigint, bigint, integer[]),
    reach.branch_attendance(date, date, integer[], integer[], integer[], integer, integer, uuid[]),
    reach.branch_events(date, date, uuid[]), reach.branch_weeks(date, date) from public;
grant execute on function
    reach.branch_attendance(date, date, integer[], integer[], integer[], integer, integer, uuid[]),
    reach.branch_events(date, date, uuid[]), reach.branch_weeks(date, date) to schakel_jobs;

set role schakel_owner;

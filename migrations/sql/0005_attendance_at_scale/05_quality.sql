-- The quality of registration as before, counted of the versions that stand. A deletion at the source
-- counts as one correction, for the version that it ended; the record of it is not counted besides.
-- Reasons are judged of unauthorised absence alone: no reason of it is withheld from who reads the
-- quality. Counted of authorised absence too, the number of unknown reasons would tell a reader which
-- of the reasons they do not see are withheld, and which are missing.

grant create on schema reach to schakel_reach;
set role schakel_reach;

create or replace function reach.quality_weeks(wanted uuid, first date, last date)
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
            where w.branch_id = wanted and w.replaced_at is null
              and w.monday between first and last and w.scheduled_minutes > 0
            group by w.monday
        ), missed as (
            select a.day - (extract(isodow from a.day)::integer - 1) as monday, a.category,
                   r.code, a.replaced_at is null as is_current,
                   w.scheduled_units > 0 and a.lesson_units * 5 >= w.scheduled_units as is_whole_day
            from public.absence a
            left join public.absence_reason r
                on r.controller_id = a.controller_id and r.absence_id = a.id and r.day = a.day
            left join public.pupil_week w
                on w.controller_id = a.controller_id and w.branch_id = a.branch_id
                and w.pupil_id = a.pupil_id
                and w.monday = a.day - (extract(isodow from a.day)::integer - 1)
                and w.replaced_at is null
            where a.branch_id = wanted and not a.deleted and a.day between first and last + 6
              and a.category <> 'present'
        ), per_code as (
            select m.monday, m.code, count(*)::integer as times from missed m
            where m.is_current and m.category = 'unauthorised' and m.code <> 'UNKNOWN'
            group by m.monday, m.code
        ), counted as (
            select m.monday,
                   count(*) filter (where m.is_current)::integer as absences,
                   count(*) filter (where m.is_current
                       and m.category = 'unauthorised')::integer as judged,
                   count(*) filter (where m.is_current and m.category = 'unauthorised'
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
            and d.replaced_at is null
        order by 1;
end $$;

set role schakel_owner;
revoke create on schema reach from schakel_reach;

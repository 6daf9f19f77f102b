"""The figures of a month, computed in the database from the roll-up and the absences.

A group is the pupils of one unit of which attendance was delivered for a week whose Monday lies in
the month. Minutes missed are counted per class of absence; a pupil counts once per unit.
"""

from typing import Final

from sqlalchemy import text

FEWEST_PUPILS: Final = 10
"""A group under this many pupils is withheld."""

MEASURES: Final = (
    "attendance_rate",
    "authorised_absence_rate",
    "unauthorised_absence_rate",
    "share_10_percent_absent",
)
"""Shares between 0 and 1: of scheduled minutes, and of pupils who missed a tenth or more."""

# A figure is written once: whoever saw it before and after a transfer, an erasure or a correction
# would read one pupil from the difference. A unit of which nothing was delivered gets none yet.
COMPUTE: Final = text(
    """
    with of_pupil as (
        select w.branch_id, w.pupil_id,
               sum(w.scheduled_minutes)::bigint as scheduled,
               sum(w.attended_minutes)::bigint as attended
        from pupil_week w
        where w.replaced_at is null and w.monday >= :month and w.monday < :next_month
          and w.attended_minutes is not null and w.scheduled_minutes > 0
        group by w.branch_id, w.pupil_id
    ), missed as (
        select a.branch_id, a.pupil_id,
               sum(a.minutes) filter (
                   where a.data_class = 'attendance.authorised') as authorised,
               sum(a.minutes) filter (
                   where a.data_class = 'attendance.unauthorised') as unauthorised
        from absence a
        join pupil_week w on w.controller_id = a.controller_id and w.branch_id = a.branch_id
            and w.pupil_id = a.pupil_id and w.monday = date_trunc('week', a.day)::date
        where a.replaced_at is null and w.replaced_at is null
          and w.monday >= :month and w.monday < :next_month
          and a.day >= :month and a.day < (cast(:next_month as date) + 7)
          and w.attended_minutes is not null and w.scheduled_minutes > 0
        group by a.branch_id, a.pupil_id
    ), unit as (
        select 'branch' as level, b.branch_code as code, b.name, b.id as branch_id
        from school_branch b
        union all
        select 'municipality', m.code, m.name, b.id
        from school_branch b join directory_municipality m on m.code = b.municipality_code
        union all
        select 'alliance', b.alliance_code, b.alliance_code, b.id
        from school_branch b where b.alliance_code is not null
    ), of_unit as (
        select u.level, u.code, min(u.name) as name,
               count(distinct p.pupil_id)::int as pupils,
               sum(p.scheduled) as scheduled,
               sum(p.attended) as attended,
               coalesce(sum(x.authorised), 0) as authorised,
               coalesce(sum(x.unauthorised), 0) as unauthorised,
               count(distinct p.pupil_id) filter (
                   where p.scheduled - p.attended >= p.scheduled * 0.1) as often_absent
        from unit u
        left join of_pupil p on p.branch_id = u.branch_id
        left join missed x on x.branch_id = p.branch_id and x.pupil_id = p.pupil_id
        group by u.level, u.code
    ), measured as (
        select u.level, u.code, u.name, u.pupils, m.measure, m.value
        from of_unit u
        cross join lateral (values
            ('attendance_rate', u.attended / nullif(u.scheduled, 0)),
            ('authorised_absence_rate', least(1, u.authorised / nullif(u.scheduled, 0))),
            ('unauthorised_absence_rate', least(1, u.unauthorised / nullif(u.scheduled, 0))),
            ('share_10_percent_absent', u.often_absent::numeric / nullif(u.pupils, 0))
        ) m (measure, value)
    )
    insert into figure (id, level, unit_code, unit_name, month, measure, value, pupils, withheld,
        recorded_at)
    select gen_random_uuid(), level, code, name, :month, measure,
           case when pupils >= :fewest then round(value, 4) end,
           case when pupils >= :fewest then pupils end,
           pupils < :fewest, :instant
    from measured
    where pupils > 0
    on conflict do nothing
    """
)
"""Bound: `month` and `next_month` (first days), `fewest`, `instant`."""

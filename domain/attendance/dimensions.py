"""Weekly sums of absence by dimension, from which tiers are read (see `02_dimension_week.sql`).

Which marks belong to a dimension is said by the tier rules of the rule set that holds in the week.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Date, DateTime, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from domain.base import KEY_TOGETHER, beginning
from domain.database import ask_of
from domain.pupils.bulk import CHECKS_PLANNED_ONCE, joined_in_bulk
from domain.reference.rulesets import BANDS, counting

Span = tuple[date, date]
"""The Monday of the first week and of the last."""

# What is added is joined to what was replaced, so that no sum ever stands twice.
_REFRESH: Final = text(
    f"""
    with rules as materialized (
        select * from json_to_recordset(cast(:rules as json)) as r (dimension text,
            data_class text, counts text[], reasons text[], first date, until date)
    ), marks as (
        select a.pupil_id, a.day - (extract(isodow from a.day)::integer - 1) as monday,
            a.category, a.minutes, x.code
        from absence a
        left join absence_reason x
            on x.controller_id = a.controller_id and x.absence_id = a.id and x.day = a.day
            and x.branch_id = :branch and x.pupil_id = any (:pupils)
        where a.controller_id = :controller and a.branch_id = :branch
            and a.replaced_at is null and a.pupil_id = any (:pupils)
            and a.day >= :first and a.day < :last + 7
    ), wanted as materialized (
        select m.pupil_id, m.monday, r.dimension, r.data_class,
            sum(m.minutes)::integer as minutes, count(*)::smallint as times
        from marks m join rules r on m.category = any (r.counts)
            and (r.reasons is null or m.code = any (r.reasons))
            and m.monday >= r.first and (r.until is null or m.monday < r.until)
        group by m.pupil_id, m.monday, r.dimension, r.data_class
    ), stored as materialized (
        select d.id, d.pupil_id, d.monday, d.dimension, d.data_class, d.minutes, d.times
        from dimension_week d
        where d.controller_id = :controller and d.branch_id = :branch
            and d.pupil_id = any (:pupils) and d.replaced_at is null
            and d.monday >= :first and d.monday <= :last
    ), replaced as (
        update dimension_week d set replaced_at = greatest(d.recorded_at, :instant)
        from (
            select s.id from stored s
            left join wanted w on w.pupil_id = s.pupil_id and w.monday = s.monday
                and w.dimension = s.dimension
            where (w.minutes, w.times, w.data_class)
                is distinct from (s.minutes, s.times, s.data_class)
        ) other
        where d.id = other.id and d.controller_id = :controller and d.branch_id = :branch
            and d.pupil_id = any (:pupils) and d.replaced_at is null
            and d.monday >= :first and d.monday <= :last
        returning d.id
    ), added as (
        insert into dimension_week (id, controller_id, branch_id, pupil_id, monday, dimension,
            data_class, minutes, times, recorded_at)
        select {KEY_TOGETHER}, :controller, :branch, w.pupil_id, w.monday, w.dimension,
            w.data_class, w.minutes, w.times, :instant
        from wanted w
        left join stored s on s.pupil_id = w.pupil_id and s.monday = w.monday
            and s.dimension = w.dimension
        left join replaced r on r.id = s.id
        where s.id is null or r.id is not null
        returning id
    )
    select (select count(*) from replaced) + (select count(*) from added), {CHECKS_PLANNED_ONCE}
    """  # noqa: S608 - fixed words of ours
).bindparams(
    bindparam("rules", type_=Text),
    bindparam("together", type_=Text),
    bindparam("instant", type_=DateTime(timezone=True)),
    bindparam("controller", type_=Uuid),
    bindparam("branch", type_=Uuid),
    bindparam("pupils", type_=ARRAY(Uuid)),
    bindparam("first", type_=Date),
    bindparam("last", type_=Date),
)


async def refresh(
    session: AsyncSession,
    *,
    controller_id: UUID,
    branch_id: UUID,
    pupils: Sequence[UUID],
    span: Span | None,
) -> int:
    """Compute the sums of pupils at a branch anew, in a span of weeks.

    Args:
        session: the transaction of the delivery.
        controller_id: the board of the branch.
        branch_id: the branch.
        pupils: whose sums.
        span: the first and the last Monday; None for no week.

    Returns:
        How many rows were added or replaced.
    """
    if not pupils or span is None:
        return 0
    values: dict[str, object] = {
        "rules": json.dumps(_rules()),
        "together": beginning(),
        "instant": ask_of(session).moment.instant,
        "controller": controller_id,
        "branch": branch_id,
        "pupils": list(pupils),
        "first": span[0],
        "last": span[1],
    }
    async with joined_in_bulk(session):
        changed = await session.scalar(_REFRESH, values)
    return cast("int", changed)


def _rules() -> list[dict[str, object]]:
    """Return what counts for each dimension and from when, as the statements take it."""
    return [
        {
            "dimension": tier.dimension,
            "data_class": tier.data_class,
            "counts": sorted(tier.counts),
            "reasons": None if tier.reasons is None else sorted(tier.reasons),
            "first": entry.valid_from.isoformat(),
            "until": None if entry.valid_until is None else entry.valid_until.isoformat(),
        }
        for entry in counting()
        if entry.family == BANDS
        for tier in entry.tiers
        if tier.counts
    ]

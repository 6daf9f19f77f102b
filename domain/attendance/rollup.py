"""The roll-up `pupil_week`: what a pupil attended of what was scheduled, once a week is known.

Attended is scheduled less absent: every category but presence takes its minutes. A lesson unit is
lost only when the whole unit was missed, so being late or sent out costs minutes and no unit. A
week that the school did not declare delivered stays unknown (null).
"""

from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Date, DateTime, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

PRESENT = "present"
PARTLY_MISSED = ("late", "sent_out")
"""Categories in which the unit was partly attended: its minutes are lost, the unit is not."""

# Fresh rows have no statistics yet: taking them for a handful, the planner would compare every
# week with every absence, minutes instead of a second. Everything joined here is one branch's.
_JOINS_IN_BULK = text("select set_config('enable_nestloop', :state, true)")

_REFRESH = text(
    """
    update pupil_week as stored
    set attended_minutes = computed.minutes, attended_units = computed.units,
        recorded_at = :instant
    from (
        select w.pupil_id, w.monday,
            case when d.monday is not null
                then w.scheduled_minutes - coalesce(missed.minutes, 0) end as minutes,
            case when d.monday is not null
                then w.scheduled_units - coalesce(missed.units, 0) end as units
        from pupil_week w
        left join delivered_week d
            on d.controller_id = :controller and d.branch_id = :branch and d.monday = w.monday
        left join (
            select a.pupil_id, a.day - (extract(isodow from a.day)::integer - 1) as monday,
                sum(a.minutes) as minutes,
                sum(a.lesson_units) filter (where a.category <> all (:partly)) as units
            from absence a
            where a.controller_id = :controller and a.branch_id = :branch
                and a.replaced_at is null and a.category <> :present
                and (:pupils is null or a.pupil_id = any (:pupils))
                and (:mondays is null or a.day - (extract(isodow from a.day)::integer - 1)
                    = any (:mondays))
            group by 1, 2
        ) missed on missed.pupil_id = w.pupil_id and missed.monday = w.monday
        where w.controller_id = :controller and w.branch_id = :branch
            and (:pupils is null or w.pupil_id = any (:pupils))
            and (:mondays is null or w.monday = any (:mondays))
    ) computed
    where stored.controller_id = :controller and stored.branch_id = :branch
        and stored.pupil_id = computed.pupil_id and stored.monday = computed.monday
        and (stored.attended_minutes, stored.attended_units)
            is distinct from (computed.minutes, computed.units)
    """
).bindparams(
    bindparam("instant", type_=DateTime(timezone=True)),
    bindparam("controller", type_=Uuid),
    bindparam("branch", type_=Uuid),
    bindparam("pupils", type_=ARRAY(Uuid)),
    bindparam("mondays", type_=ARRAY(Date)),
    bindparam("partly", type_=ARRAY(Text)),
    bindparam("present", type_=Text),
)


@asynccontextmanager
async def joins_in_bulk(session: AsyncSession) -> AsyncGenerator[None]:
    """Let the statements within join whole sets; a failure ends the transaction, and this too."""
    await session.execute(_JOINS_IN_BULK, {"state": "off"})
    yield
    await session.execute(_JOINS_IN_BULK, {"state": "on"})


async def refresh(
    session: AsyncSession,
    *,
    controller_id: UUID,
    branch_id: UUID,
    instant: datetime,
    pupils: Collection[UUID] | None = None,
    mondays: Collection[date] | None = None,
) -> int:
    """Compute weeks of a branch anew and return how many changed.

    `pupils` and `mondays` name those that something was delivered about, None for all of them.
    """
    async with joins_in_bulk(session):
        done = await session.execute(
            _REFRESH,
            {
                "instant": instant,
                "controller": controller_id,
                "branch": branch_id,
                "pupils": None if pupils is None else list(pupils),
                "mondays": None if mondays is None else list(mondays),
                "partly": list(PARTLY_MISSED),
                "present": PRESENT,
            },
        )
    return cast("CursorResult[Any]", done).rowcount

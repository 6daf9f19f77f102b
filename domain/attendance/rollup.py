"""The roll-up `pupil_week`: what a pupil attended of what was scheduled, once a week is known.

Attended is scheduled less absent: every category but presence takes its minutes. A lesson unit is
lost only when the whole unit was missed, so being late or sent out costs minutes and no unit. A
week that the school did not declare delivered stays unknown (null). A week that changes gets a new
version; one that does not is left alone.
"""

from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, Date, DateTime, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from domain.columns import COLUMN, array_text
from domain.pupils.bulk import CHECKS_PLANNED_ONCE, joined_in_bulk

PRESENT = "present"
PARTLY_MISSED = ("late", "sent_out")
"""Categories in which the unit was partly attended: its minutes are lost, the unit is not."""

MOST_IMPOSSIBLE: Final = 1_001
"""So many impossible weeks are told; a receipt lists no more problems."""

# The check of a foreign key is planned once for a connection, perhaps while a year's partition is
# still empty: it would then go through the whole of it for every row.
_LOOKED_UP = text("select set_config('enable_seqscan', :scans, true)")

_GIVEN = """
    select * from unnest(cast(:week_pupils as uuid[]), cast(:week_mondays as date[]),
            cast(:week_minutes as smallint[]), cast(:week_units as smallint[]))
        as given (pupil_id, monday, minutes, units)
"""
_STORED = """
    select w.pupil_id, w.monday, null::smallint as minutes, null::smallint as units
    from pupil_week w
    where w.controller_id = :controller and w.branch_id = :branch and w.replaced_at is null
        and (:pupils is null or w.pupil_id = any (:pupils))
        and (:mondays is null or w.monday = any (:mondays))
        and (:unknown is null or (w.attended_minutes is null) = :unknown)
"""

# The new version is joined to what was closed, so that a week never has two that stand. A week of
# which none stood may have been taken back (`leaving`): it goes on after the last version.
_BRING_UP_TO_DATE = """
    with wanted as materialized ({wanted}),
    missed as materialized (
        select a.pupil_id, a.day - (extract(isodow from a.day)::integer - 1) as monday,
            sum(a.minutes) as minutes,
            coalesce(sum(a.lesson_units) filter (where a.category <> all (:partly)), 0) as units
        from absence a
        where a.controller_id = :controller and a.branch_id = :branch
            and a.replaced_at is null and a.category <> :present
            and (:pupils is null or a.pupil_id = any (:pupils))
            and a.day between :first and :last + 6
        group by 1, 2
    ), target as materialized (
        select w.pupil_id, w.monday, w.minutes is not null as given, old.version,
            coalesce(w.minutes, old.scheduled_minutes) as scheduled_minutes,
            coalesce(w.units, old.scheduled_units) as scheduled_units,
            case when d.monday is not null then
                coalesce(w.minutes, old.scheduled_minutes) - coalesce(m.minutes, 0)
            end as attended_minutes,
            case when d.monday is not null then
                coalesce(w.units, old.scheduled_units) - coalesce(m.units, 0)
            end as attended_units,
            old.scheduled_minutes as old_minutes, old.scheduled_units as old_units,
            old.attended_minutes as old_attended_minutes, old.attended_units as old_attended_units,
            m.minutes as missed_minutes, m.units as missed_units
        from wanted w
        left join pupil_week old
            on old.controller_id = :controller and old.branch_id = :branch
            and old.pupil_id = w.pupil_id and old.monday = w.monday and old.replaced_at is null
            and (:pupils is null or old.pupil_id = any (:pupils))
            and old.monday between :first and :last
        left join delivered_week d
            on d.controller_id = :controller and d.branch_id = :branch and d.monday = w.monday
            and d.replaced_at is null
        left join missed m on m.pupil_id = w.pupil_id and m.monday = w.monday
    ), former as materialized (
        select w.pupil_id, w.monday, max(w.version) as version, max(w.replaced_at) as replaced_at
        from target t
        join pupil_week w on w.pupil_id = t.pupil_id and w.monday = t.monday
        where t.version is null and t.given
            and w.controller_id = :controller and w.branch_id = :branch
            and w.replaced_at is not null and (:pupils is null or w.pupil_id = any (:pupils))
            and w.monday between :first and :last
        group by w.pupil_id, w.monday
    ), impossible as materialized (
        select pupil_id, monday,
            case when scheduled_minutes is null then 'date'
                when missed_minutes > scheduled_minutes then 'minutes'
                else 'lessonUnits' end as field
        from target
        where missed_minutes is not null and (scheduled_minutes is null
            or missed_minutes > scheduled_minutes or missed_units > scheduled_units)
        limit {most_impossible}
    ), changed as materialized (
        select * from target
        where scheduled_minutes is not null and not exists (select from impossible)
            and (version is null
                or (scheduled_minutes, scheduled_units, attended_minutes, attended_units)
                is distinct from (old_minutes, old_units, old_attended_minutes, old_attended_units))
    ), closed as (
        update pupil_week w set replaced_at = greatest(w.recorded_at, :instant)
        from changed c
        where w.controller_id = :controller and w.branch_id = :branch
            and w.pupil_id = c.pupil_id and w.monday = c.monday and w.replaced_at is null
            and (:pupils is null or w.pupil_id = any (:pupils))
            and w.monday between :first and :last
        returning w.pupil_id, w.monday, w.replaced_at
    ), added as (
        insert into pupil_week (controller_id, branch_id, pupil_id, monday, version,
            scheduled_minutes, scheduled_units, attended_minutes, attended_units, recorded_at)
        select :controller, :branch, c.pupil_id, c.monday, coalesce(c.version, f.version, 0) + 1,
            c.scheduled_minutes, c.scheduled_units, c.attended_minutes, c.attended_units,
            coalesce(o.replaced_at, greatest(:instant, f.replaced_at))
        from changed c
        left join closed o on o.pupil_id = c.pupil_id and o.monday = c.monday
        left join former f on f.pupil_id = c.pupil_id and f.monday = c.monday
        returning pupil_id
    )
    select (select count(*) from added) as changed,
        (select coalesce(array_agg(distinct pupil_id), '{{}}') from added) as pupils,
        (select count(*) from target where given and version is null) as first_scheduled,
        (select count(*) from target where given and version is not null
            and (scheduled_minutes, scheduled_units) is distinct from (old_minutes, old_units)
        ) as rescheduled,
        (select coalesce(json_agg(json_build_array(pupil_id, monday, field)), '[]')
            from impossible) as impossible,
        {planned_once}
"""

_TYPES: Final[dict[str, Any]] = {
    "instant": DateTime(timezone=True),
    "controller": Uuid(),
    "branch": Uuid(),
    "pupils": ARRAY(Uuid),
    "mondays": ARRAY(Date),
    "unknown": Boolean(),
    "partly": ARRAY(Text),
    "present": Text(),
    "first": Date(),
    "last": Date(),
    "week_pupils": COLUMN,
    "week_mondays": COLUMN,
    "week_minutes": COLUMN,
    "week_units": COLUMN,
}


def _statement(wanted: str) -> Any:  # noqa: ANN401 - a text clause with its bound types
    sql = _BRING_UP_TO_DATE.format(
        wanted=wanted, most_impossible=MOST_IMPOSSIBLE, planned_once=CHECKS_PLANNED_ONCE
    )
    return text(sql).bindparams(
        *(bindparam(name, type_=type_) for name, type_ in _TYPES.items() if f":{name}" in sql)
    )


_OF_GIVEN: Final = _statement(_GIVEN)
_OF_STORED: Final = _statement(_STORED)


@dataclass(frozen=True, slots=True)
class Branch:
    """Whose attendance it is, and the instant at which what is stored becomes known."""

    controller_id: UUID
    branch_id: UUID
    instant: datetime

    @property
    def values(self) -> dict[str, Any]:
        """What every statement is bound to."""
        return {"controller": self.controller_id, "branch": self.branch_id}


class TouchedWeek(NamedTuple):
    """A week that something was delivered about; with what is now scheduled, or None as before."""

    pupil_id: UUID
    monday: date
    minutes: int | None = None
    units: int | None = None


@dataclass(frozen=True, slots=True)
class TouchedWeeks:
    """Weeks that something was delivered about, as they are bound; none may stand there twice."""

    pupils: list[UUID]
    first: date
    last: date
    columns: dict[str, str]

    @classmethod
    def of(cls, weeks: Sequence[TouchedWeek]) -> "TouchedWeeks":
        """Return weeks, of which there is one at least, as they are bound."""
        pupils, mondays, minutes, units = zip(*weeks, strict=True)
        return cls(
            list(set(pupils)),
            min(mondays),
            max(mondays),
            {
                "week_pupils": array_text(pupils),
                "week_mondays": array_text(mondays),
                "week_minutes": array_text(minutes),
                "week_units": array_text(units),
            },
        )


@dataclass(frozen=True, slots=True)
class ImpossibleWeek:
    """A week in which more is missed than scheduled; `field` is what cannot be.

    It is `date` when nothing is scheduled at all, `minutes` or `lessonUnits` otherwise.
    """

    pupil_id: UUID
    monday: date
    field: str


@dataclass(slots=True)
class RolledUp:
    """What a roll-up did: weeks that changed, whose, and what was scheduled first or anew."""

    changed: int = 0
    first_scheduled: int = 0
    rescheduled: int = 0
    pupils: set[UUID] = field(default_factory=set[UUID])
    impossible: list[ImpossibleWeek] = field(default_factory=list[ImpossibleWeek])

    def add(self, other: "RolledUp") -> None:
        """Add what another one did."""
        self.changed += other.changed
        self.first_scheduled += other.first_scheduled
        self.rescheduled += other.rescheduled
        self.pupils |= other.pupils
        self.impossible += other.impossible


@asynccontextmanager
async def looked_up(session: AsyncSession) -> AsyncGenerator[None]:
    """Let rows be found through indexes alone while the block runs."""
    await session.execute(_LOOKED_UP, {"scans": "off"})
    yield
    await session.execute(_LOOKED_UP, {"scans": "on"})


async def bring_up_to_date(session: AsyncSession, branch: Branch, weeks: TouchedWeeks) -> RolledUp:
    """Schedule and compute touched weeks of a branch; nothing changes when one is impossible."""
    return await _run(
        session,
        _OF_GIVEN,
        {
            **branch.values,
            "instant": branch.instant,
            "pupils": weeks.pupils,
            "first": weeks.first,
            "last": weeks.last,
            **weeks.columns,
        },
    )


async def refresh(
    session: AsyncSession,
    branch: Branch,
    *,
    pupils: Collection[UUID] | None = None,
    mondays: Collection[date] | None = None,
    unknown: bool | None = None,
) -> RolledUp:
    """Compute the stored weeks of a branch anew.

    `pupils` and `mondays` name those that something was delivered about, None for all of them;
    `unknown` is whether to look at unknown weeks alone, or at known ones alone.
    """
    return await _run(
        session,
        _OF_STORED,
        {
            **branch.values,
            "instant": branch.instant,
            "pupils": None if pupils is None else list(pupils),
            "mondays": None if mondays is None else list(mondays),
            "unknown": unknown,
            "first": min(mondays, default=date.min) if mondays is not None else date(1, 1, 1),
            "last": max(mondays, default=date.min) if mondays is not None else date(9999, 12, 6),
        },
    )


async def _run(
    session: AsyncSession,
    statement: Any,  # noqa: ANN401 - one of the two above
    values: dict[str, Any],
) -> RolledUp:
    async with joined_in_bulk(session):
        found = await session.execute(
            statement, {**values, "partly": list(PARTLY_MISSED), "present": PRESENT}
        )
        row = found.one()
    return RolledUp(
        row.changed,
        row.first_scheduled,
        row.rescheduled,
        set(row.pupils),
        [
            ImpossibleWeek(UUID(pupil_id), date.fromisoformat(monday), name)
            for pupil_id, monday, name in row.impossible
        ],
    )

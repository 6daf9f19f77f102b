"""Counting exact tables in the database: what comes back are counts of branches, never a pupil."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Text,
    Uuid,
    cast,
    column,
    func,
    insert,
    literal,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from domain.aggregates.measures import (
    ATTENDANCE,
    NONE,
    SCHEDULED,
    TIERS,
    TIME,
    TIMES,
    bands,
    measures_of,
)
from domain.aggregates.models import BranchPeriod, PeriodKind
from domain.aggregates.periods import Period
from domain.aggregates.rounding.minutes import PERCENT
from domain.aggregates.rounding.shape import ABSENCE, FEWEST_IN_GROUP
from domain.aggregates.tables import Counts, counts_of, kept, with_nobody_left_out
from domain.base import Base
from domain.database import renew
from domain.reference.rulesets import BANDS, rule_set

MOST_NAMED: Final = 1000
"""Up to so many branches are asked for by name; of more, the nation is counted at once."""

FETCHED: Final = 500
TIME_ROWS: Final = (SCHEDULED, *TIMES)
TIME_COLUMNS: Final = ("minutes", "dominated")


Cells = tuple[Sequence[str], Sequence[int]]
"""The names of cells, `category|jaargroep|sex`, and the pupils in each."""

Kept = tuple[Sequence[str], Sequence[int]]
"""The groups of a table and its cells."""


class Place(NamedTuple):
    """A branch of which the tables of a period are counted."""

    period_id: UUID
    branch_id: UUID
    controller_id: UUID
    sector: str


def of(period: Period) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions that a branch's period is this one."""
    return BranchPeriod.kind == str(period.kind), BranchPeriod.first_day == period.first_day


async def added(
    session: AsyncSession, model: type[Base], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Add rows, many at once; what was counted for them may have taken longer than claims live."""
    if rows:
        await renew(session)
        connection = await session.connection()
        await connection.execute(insert(model.__table__).inline(), rows)  # pyright: ignore[reportArgumentType] - a Table, narrowed by use


async def counted(
    session: AsyncSession, period: Period, places: Iterable[Place], *, named: bool = False
) -> AsyncIterator[dict[str, Any]]:
    """Yield the exact tables of branches, as rows without vintage and instant.

    Args:
        session: a transaction of the jobs' login role.
        period: what is counted.
        places: of which branches.
        named: whether these branches alone are counted, however many there are.
    """
    wanted = {place.branch_id: place for place in places}
    asked = _Asked(session, period, list(wanted) if named or len(wanted) <= MOST_NAMED else None)
    is_month = period.kind is PeriodKind.MONTH
    events = await asked.events() if is_month else _nothing
    async for branch_id, found in asked.attendance():
        place = wanted.get(branch_id)
        if place is None:
            continue
        everybody: Counts = {}
        for name, scale in measures_of(period.kind).items():
            counts = counts_of(scale, place.sector, *found.get(name, events(branch_id, name)))
            if name == ABSENCE.name:
                everybody = counts
            elif name not in ATTENDANCE:
                counts = with_nobody_left_out(counts, everybody, NONE)
            yield _row(place, period, name, scale.categories, kept(scale, place.sector, counts))
        if TIME in found:
            yield _row(place, period, TIME, TIME_ROWS, (TIME_COLUMNS, _time(*found[TIME])))


def _row(
    place: Place, period: Period, measure: str, categories: Sequence[str], kept: Kept
) -> dict[str, Any]:
    groups, cells = kept
    return {
        "id": uuid4(),
        "controller_id": place.controller_id,
        "branch_id": place.branch_id,
        "branch_period_id": place.period_id,
        "kind": str(period.kind),
        "first_day": period.first_day,
        "measure": measure,
        "categories": list(categories),
        "groups": list(groups),
        "cells": list(cells),
    }


def _nothing(_: UUID, __: str) -> Cells:
    return (), ()


def _time(names: Sequence[str], numbers: Sequence[int]) -> list[int]:
    """Return the cells of time: of each class its minutes, and 1 if they are too few's."""
    counted = dict(zip(names, numbers, strict=True))
    cells = [counted[SCHEDULED], 0]
    for name in TIMES:
        # Of nobody is too few as well: else what is not shown would be of somebody.
        cells += [counted.get(name, 0), counted.get(f"{name}|dominated", 1)]
    return cells


class _Asked:
    """The questions that are asked of the database about a period, of some branches or of all."""

    def __init__(self, session: AsyncSession, period: Period, named: list[UUID] | None) -> None:
        """Ask of the branches that are named; of every branch when none are."""
        self._session = session
        self._period = period
        self._days = (period.first_day, period.last_day)
        self._named = cast(null() if named is None else literal(named, ARRAY(Uuid)), ARRAY(Uuid))

    async def attendance(self) -> AsyncIterator[tuple[UUID, dict[str, Cells]]]:
        """Yield each branch with the cells of the measures that come from the roll-ups."""
        rules = rule_set(self._period.last_day, BANDS)
        tiers = [
            cast(literal(bands(rules, tier), ARRAY(Integer)), ARRAY(Integer)) for tier in TIERS
        ]
        found = func.reach.branch_attendance(
            *self._days, *tiers, FEWEST_IN_GROUP, PERCENT, self._named
        )
        await renew(self._session)
        connection = await self._session.connection()
        statement = select(found.table_valued(*_CELLS))
        branch_id: UUID | None = None
        cells: dict[str, Cells] = {}
        async with connection.stream(statement, execution_options={"yield_per": FETCHED}) as rows:
            async for row in rows:
                if branch_id is not None and row.branch_id != branch_id:
                    yield branch_id, cells
                    cells = {}
                branch_id = row.branch_id
                cells[row.measure] = (row.cells, row.pupils)
        if branch_id is not None:
            yield branch_id, cells

    async def events(self) -> Callable[[UUID, str], Cells]:
        """Return what was done, by branch and measure."""
        await renew(self._session)
        found = func.reach.branch_events(*self._days, self._named).table_valued(*_CELLS)
        known = {
            (row.branch_id, row.measure): (row.cells, row.pupils)
            for row in await self._session.execute(select(found))
        }
        return lambda branch_id, measure: known.get((branch_id, measure), ((), ()))


_CELLS: Final = (
    column("branch_id", Uuid),
    column("measure", Text),
    column("cells", ARRAY(Text)),
    column("pupils", ARRAY(BigInteger)),
)

"""A second vintage: counted anew after late deliveries; refused when it tells of a few pupils."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from domain.aggregates.counting import Place, added, counted, of
from domain.aggregates.gate.sums import Refusal
from domain.aggregates.gate.vintages import LEAST_CHANGE, vintage_refused
from domain.aggregates.made import DIVIDED, LEVELS, Answer
from domain.aggregates.measures import MEASURES
from domain.aggregates.models import BranchPeriod, BranchTable, Published
from domain.aggregates.periods import Period
from domain.aggregates.rounding.levels import By, Level, Row
from domain.database import ask_of
from domain.errors import Conflict
from domain.organisations.models import SchoolBranch

Key = tuple[str, str, str, str]
"""Level, code, measure and division of an answer."""

Cells = tuple[Sequence[str], Sequence[str], Sequence[int]]
"""The labels, the categories and the cells of an answer."""


async def take_again(session: AsyncSession, period: Period, vintage: int) -> None:
    """Count anew the branches of which weeks came late, as tables of a vintage.

    Raises:
        Conflict: nothing came late, or it changes a count by fewer than ten pupils.
    """
    rows = await session.execute(
        select(
            BranchPeriod.id, BranchPeriod.branch_id, BranchPeriod.controller_id, SchoolBranch.sector
        )
        .join(SchoolBranch, SchoolBranch.id == BranchPeriod.branch_id)
        .where(*of(period), BranchPeriod.late_weeks > 0)
    )
    places = [Place(*row) for row in rows]
    if not places:
        raise Conflict("Nothing came late, so there is nothing to release again.", path=("period",))
    instant = ask_of(session).moment.instant
    tables: list[dict[str, Any]] = [
        {**row, "vintage": vintage, "taken_at": instant}
        async for row in counted(session, period, places)
    ]
    await added(session, BranchTable, tables)
    stored = await session.scalars(
        select(BranchTable)
        .ext(distinct_on(BranchTable.branch_id, BranchTable.measure))
        .where(
            BranchTable.branch_period_id.in_([place.period_id for place in places]),
            BranchTable.vintage < vintage,
        )
        .order_by(BranchTable.branch_id, BranchTable.measure, BranchTable.vintage.desc())
    )
    counted_enough(
        [
            exact_rows(row.branch_id, row.measure, row.groups, row.cells)
            for row in stored
            if row.measure in MEASURES
        ],
        [
            exact_rows(row["branch_id"], row["measure"], row["groups"], row["cells"])
            for row in tables
            if row["measure"] in MEASURES
        ],
    )


def exact_rows(
    branch: object, measure: str, groups: Sequence[str], cells: Sequence[int]
) -> list[Row]:
    """Return an exact table by group, by year group, by sex and in all, as the gate takes rows."""
    width = len(groups)
    by_category = [cells[at : at + width] for at in range(0, len(cells), width)]
    sums: dict[tuple[By, str], list[int]] = {}
    for at, group in enumerate(groups):
        years, _, sexes = group.partition(":")
        for part in ((By.SECTOR, group), (By.YEAR, years), (By.SEX, sexes), (By.NOTHING, "")):
            counts = sums.setdefault(part, [0] * len(by_category))
            for place, row in enumerate(by_category):
                counts[place] += row[at]
    return [
        Row(Level.BRANCH, f"{branch} {measure}", by, label, MEASURES[measure], tuple(counts), 1)
        for (by, label), counts in sums.items()
        if any(counts)
    ]


def counted_enough(before: Sequence[Sequence[Row]], after: Sequence[Sequence[Row]]) -> None:
    """Refuse a second vintage in which a branch's exact count changes by fewer than ten pupils.

    What is published of one unit is compared elsewhere; but units that are told apart nowhere can
    be subtracted, and their change would be that of a few pupils. Which count it is is not said.

    Raises:
        Conflict: one does, or a group of pupils is in one vintage only.
    """
    old, new = ([row for rows in each for row in rows] for each in (before, after))
    if next(vintage_refused(old, new), None) is not None:
        raise Conflict(
            f"What came late changes a count of a branch by fewer than {LEAST_CHANGE} pupils, which"
            " could be read from the two releases; it joins the next period.",
            path=("period",),
        )


Answered = Mapping[Key, Cells]


async def published(session: AsyncSession, period: Period, vintage: int) -> Answered:
    """Return what was published of a period in a vintage."""
    rows = await session.execute(
        select(
            Published.level, Published.unit_code, Published.measure, Published.by,
            Published.labels, Published.categories, Published.cells,
        ).where(
            Published.kind == str(period.kind),
            Published.first_day == period.first_day,
            Published.vintage == vintage,
        )
    )  # fmt: skip
    return {
        (row.level, row.unit_code, row.measure, row.by): (row.labels, row.categories, row.cells)
        for row in rows
    }


def changed_enough(before: Answered, answers: Sequence[Answer]) -> None:
    """Refuse a second vintage in which any published count changes by fewer than ten pupils.

    Raises:
        Conflict: one does; the message names it.
    """
    now = {answer.key: (answer.labels, answer.categories, answer.cells) for answer in answers}
    for measure in sorted({key[2] for key in before.keys() | now.keys()}):
        if measure in MEASURES:
            found = vintage_refused(_rows(before, measure), _rows(now, measure))
        else:
            found = _time_refused(before, now, measure)
        for refusal in found:
            raise Conflict(
                f"{measure}: {refusal.cell} {refusal.reason}. A change of fewer than {LEAST_CHANGE}"
                " pupils could be read from the two releases; what came late joins the next"
                " period.",
                path=("period",),
            )


def _rows(answered: Answered, measure: str) -> list[Row]:
    """Return the answers of a measure as the gate takes them."""
    rows: list[Row] = []
    for (level, code, name, by), (labels, categories, cells) in answered.items():
        width = len(categories)
        rows += (
            Row(
                _LEVELS[level], code, _DIVIDED[by], label, MEASURES[name],
                tuple(cells[at * width : (at + 1) * width]), 1,
            )
            for at, label in enumerate(labels)
            if name == measure
        )  # fmt: skip
    return rows


def _time_refused(before: Answered, now: Answered, measure: str) -> Iterator[Refusal]:
    """Yield what of the time changes by less than ten pupils' worth."""
    for key in sorted(key for key in before.keys() | now.keys() if key[2] == measure):
        old, new = (
            dict(zip(row[1], row[2], strict=True)) if (row := answered.get(key)) else {}
            for answered in (before, now)
        )
        for name in sorted(old.keys() | new.keys()):
            change = abs(new.get(name, 0) - old.get(name, 0))
            if 0 < change < LEAST_CHANGE:
                yield Refusal(f"{key[0]} {key[1]}, {name}", f"would change by {change}")


_LEVELS: Final = {name: level for level, name in LEVELS.items()}
_DIVIDED: Final = {name: by for by, name in DIVIDED.items()}

"""A second vintage: counted anew after late deliveries; refused when it tells of a few pupils."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.aggregates.counting import Place, added, counted, of
from domain.aggregates.made import Answer
from domain.aggregates.models import BranchPeriod, BranchTable, Published
from domain.aggregates.periods import Period
from domain.database import ask_of
from domain.errors import Conflict
from domain.organisations.models import SchoolBranch

FEWEST_CHANGED: Final = 10
"""By at least so many pupils every cell that changed differs in a second vintage."""

Key = tuple[str, str, str, str]
"""Level, code, measure and division of an answer."""

Cells = tuple[Sequence[str], Sequence[str], Sequence[int]]
"""The labels, the categories and the cells of an answer."""


async def take_again(session: AsyncSession, period: Period, vintage: int) -> None:
    """Count anew the branches of which weeks came late, as tables of a vintage.

    Raises:
        Conflict: nothing came late.
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
    tables = [
        {**row, "vintage": vintage, "taken_at": instant}
        async for row in counted(session, period, places)
    ]
    await added(session, BranchTable, tables)


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
    for key in sorted(before.keys() | now.keys()):
        old, new = _by_name(before.get(key)), _by_name(now.get(key))
        for cell in sorted(old.keys() | new.keys()):
            change = abs(new.get(cell, 0) - old.get(cell, 0))
            if 0 < change < FEWEST_CHANGED:
                raise Conflict(
                    f"{' '.join(key)}, {' '.join(cell)} would change by {change}. A change of fewer"
                    f" than {FEWEST_CHANGED} pupils could be read from the two releases; what came"
                    " late joins the next period.",
                    path=("period",),
                )


def _by_name(row: Cells | None) -> dict[tuple[str, str], int]:
    if row is None:
        return {}
    labels, categories, cells = row
    names = [(label, category) for label in labels for category in categories]
    return dict(zip(names, cells, strict=True))

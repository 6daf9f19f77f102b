"""Whether corrected figures may take the place of released ones: only where much has changed."""

from collections.abc import Iterator, Sequence
from typing import Final

from domain.aggregates.gate.sums import Refusal
from domain.aggregates.rounding.levels import Row
from domain.aggregates.rounding.shape import Part

LEAST_CHANGE: Final = 10
"""Pupils by which every count that changes has to change, or the change would tell of a few."""


def vintage_refused(before: Sequence[Row], after: Sequence[Row]) -> Iterator[Refusal]:
    """Yield why corrected rows may not be released as a new vintage; nothing if they may.

    Every part of every row has to be as it was, or to differ by ten pupils or more, and the rows
    have to be the same ones. What is refused joins the next period.

    Args:
        before: the rows of the last vintage.
        after: the corrected rows of the same period and scale.
    """
    released = {_name(row): row for row in before}
    corrected = {_name(row): row for row in after}
    for name in sorted(released.keys() ^ corrected.keys()):
        yield Refusal(name, "is in one vintage only, so their difference is a count of its own")
    for name in sorted(released.keys() & corrected.keys()):
        row, other = released[name], corrected[name]
        changes = [new - old for old, new in zip(row.counts, other.counts, strict=True)]
        yield from _small_changes(name, row.scale.root, changes)


def _name(row: Row) -> str:
    return f"{row.level} {row.code}, {row.by} {row.label}"


def _small_changes(where: str, part: Part, changes: Sequence[int]) -> Iterator[Refusal]:
    change = abs(sum(changes))
    if 0 < change < LEAST_CHANGE:
        yield Refusal(f"{where}, {part.name}", f"would change by {change}")
    at = 0
    for child in part.parts:
        width = sum(1 for _ in child.categories())
        yield from _small_changes(where, child, changes[at : at + width])
        at += width

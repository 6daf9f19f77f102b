"""How far a published count may be from the truth, told from what is published alone."""

from collections.abc import Mapping, Sequence
from math import ceil, sqrt
from typing import Final

from domain.aggregates.rounding.levels import By, Row
from domain.aggregates.rounding.shape import FEWEST_IN_CELL, Part
from domain.aggregates.rounding.topdown import most_shared

_MOST_HIDDEN: Final = FEWEST_IN_CELL - 1
_OF_TWENTY: Final = 1.96
"""Standard deviations within which a sum of many roundings lies nineteen times of twenty."""

_VARIANCE: Final = {By.NOTHING: 3.0, By.SECTOR: 3.0, By.SEX: 14.0, By.YEAR: 14.0}
"""Of the rounding of one category in one unit, in pupils squared: see decision 25."""

_LEAN: Final = 0.02
"""Part of a sum by which rounding may lean to one side: what is rare is told too low."""

Bounds = tuple[int, int]


def bounds(row: Row) -> tuple[Mapping[str, Bounds], bool]:
    """Return by part the least and greatest true count, and whether that is certain.

    It is certain for a single unit that is divided by nothing. For sums it holds in at least
    nineteen of twenty cases, because roundings of many units cancel out.
    """
    if row.units == 1 and row.by in {By.NOTHING, By.SECTOR}:
        found = dict[str, Bounds]()
        total = sum(row.counts)
        low = total if total > FEWEST_IN_CELL else min(total, 1)
        high = total or _MOST_HIDDEN
        _down(row.scale.root, row.counts, (low, high), found)
        return found, True
    width = _OF_TWENTY * sqrt(_VARIANCE[row.by] * row.units)
    sums = {name: sum(row.counts[span.start : span.stop]) for name, span in row.scale.spans.items()}
    total = sums[row.scale.root.name]
    around = dict[str, Bounds]()
    for name, count in sums.items():
        each = ceil(width + _LEAN * min(count, total - count))
        around[name] = max(0, count - each), min(total, count + each)
    around[row.scale.root.name] = total, total
    return around, False


def _down(part: Part, counts: Sequence[int], known: Bounds, found: dict[str, Bounds]) -> None:
    """Write down the bounds of a part, given those of its own count, and of all within it."""
    found[part.name] = known
    at = 0
    spans = list[tuple[int, int]]()
    for child in part.parts:
        width = sum(1 for _ in child.categories())
        spans.append((at, at + width))
        at += width
    shown = [sum(counts[low:high]) for low, high in spans]
    lacking = max(0, known[1] - sum(shown))
    # A split that measures share keeps in each part what any of them has to keep there.
    alone = [
        _unless_chosen(count, most_shared(child), shown, lacking)
        for count, child in zip(shown, part.parts, strict=True)
    ]
    for own, child, count, (low, high) in zip(alone, part.parts, shown, spans, strict=True):
        least = sum(each[0] for each in alone) - own[0]
        most = sum(each[1] for each in alone) - own[1]
        within = own
        if count:
            # Where the key chose this part, it is what the others leave.
            within = max(1, min(own[0], known[0] - most)), max(own[1], known[1] - least)
        within = max(within[0], 0), min(within[1], known[1])
        _down(child, counts[low:high], within, found)


def _unless_chosen(count: int, categories: int, beside: Sequence[int], lacking: int) -> Bounds:
    """Return the bounds of a part that did not make up for others, or only as far as it could."""
    if count == 0:
        return 0, _MOST_HIDDEN
    low = 1 if count == FEWEST_IN_CELL else count
    filled = sum(1 for each in beside if each)
    if count <= FEWEST_IN_CELL * categories and filled > 1:
        # It may have given all it could, and others the rest.
        return low, count + _MOST_HIDDEN * (filled - 1) + lacking
    return low, count

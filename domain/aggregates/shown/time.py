"""Time that was missed, as it is shown: shares of scheduled time, in pupils' worth of it."""

from collections.abc import Sequence
from math import ceil, sqrt
from typing import Any, Final

from domain.aggregates.measures import SCHEDULED, TIMES
from domain.aggregates.rounding.minutes import PRESENT
from domain.aggregates.rounding.shape import FEWEST_IN_CELL
from domain.aggregates.rounding.showing import FEWEST_FOR_SHARE
from domain.aggregates.shown import names
from permissions.words import Words

_PLACES: Final = 3
_OF_TWENTY: Final = 1.96
_NUMBER: Final = "number"


def parts_of_time(
    categories: Sequence[str], steps: Sequence[int], units: int
) -> list[dict[str, Any]]:
    """Return scheduled time and each class of it, in pupils' worth of it.

    All was rounded in each of several units, to fives of steps at most, so `low` and `high` hold in
    nineteen of twenty cases at least.
    """
    known = dict(zip(categories, steps, strict=True))
    scheduled = known[SCHEDULED]
    width = ceil(_OF_TWENTY * sqrt(FEWEST_IN_CELL**2 / 4 * units))
    found = [_part(SCHEDULED, scheduled, None, names.NO_MEASURE, width)]
    for name in (*TIMES, PRESENT):
        if scheduled < FEWEST_FOR_SHARE:
            found.append(_part(name, known[name], None, names.TOO_FEW, width))
        else:
            share = round(known[name] / scheduled, _PLACES)
            found.append(_part(name, known[name], share, None, width))
    return found


def _name(part: str) -> Words:
    return names.OF_TIME.get(part) or names.named(names.PARTS, part)


def _part(
    part: str, steps: int, share: float | None, no_share: Words | None, width: int
) -> dict[str, Any]:
    return {
        "part": part,
        "name": _name(part),
        "form": _NUMBER,
        "text": Words(str(steps), str(steps)),
        "count": steps,
        "share": share,
        "noShare": no_share,
        "low": max(0, steps - width),
        "high": steps + width,
        "certain": False,
    }

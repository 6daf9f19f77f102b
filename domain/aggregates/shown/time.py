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
_DOMINATED: Final = "dominated"


def parts_of_time(
    categories: Sequence[str], steps: Sequence[int], units: int
) -> list[dict[str, Any]]:
    """Return scheduled time and each class of it; a class that is not among them is not shown.

    `low` and `high` of one unit are certain: it was rounded to a whole step. In a sum some classes
    may have been rounded to fives of steps, so they hold in nineteen of twenty cases at least.
    """
    known = dict(zip(categories, steps, strict=True))
    scheduled = known[SCHEDULED]
    width = 1 if units == 1 else ceil(_OF_TWENTY * sqrt(FEWEST_IN_CELL**2 / 4 * units))
    found = [_part(SCHEDULED, scheduled, None, names.NO_MEASURE, width=1, certain=units == 1)]
    for name in (*TIMES, PRESENT):
        if name not in known:
            found.append(_hidden(name))
        elif scheduled < FEWEST_FOR_SHARE:
            found.append(
                _part(name, known[name], None, names.TOO_FEW, width=width, certain=units == 1)
            )
        else:
            share = round(known[name] / scheduled, _PLACES)
            found.append(_part(name, known[name], share, None, width=width, certain=units == 1))
    return found


def _name(part: str) -> Words:
    return names.OF_TIME.get(part) or names.named(names.PARTS, part)


def _part(
    part: str,
    steps: int,
    share: float | None,
    no_share: Words | None,
    *,
    width: int,
    certain: bool,
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
        "certain": certain,
    }


def _hidden(part: str) -> dict[str, Any]:
    return {
        "part": part,
        "name": _name(part),
        "form": _DOMINATED,
        "text": names.FORMS[_DOMINATED],
        "count": None,
        "share": None,
        "noShare": names.DOMINATED,
        "low": None,
        "high": None,
        "certain": False,
    }

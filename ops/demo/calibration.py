"""The shapes of absence that the demo follows, from real figures; see `ops/calibrate.py`.

`calibration.json` names its sources. It holds shapes alone; the level is that of the habits in
`ops/demo/people.py`.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("calibration.json")
SCHOOL_DAYS: Final = 5


@cache
def _loaded() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return loaded


def sources() -> Mapping[str, Mapping[str, str]]:
    """Return title, publisher, date and licence of each source."""
    return _loaded()["sources"]


@cache
def weekday() -> tuple[float, ...]:
    """Return how each school day compares with its week, Monday first; the mean is one."""
    return tuple(_loaded()["weekday"])


@cache
def month() -> tuple[float, ...]:
    """Return how the typical day of each month compares with the year, January first.

    The source has no school days in July and August: July is taken as June, August as September.
    """
    known: dict[str, float] = _loaded()["month"]
    return tuple(known[str({7: 6, 8: 9}.get(number, number))] for number in range(1, 13))


@cache
def reasons(sector: str) -> Mapping[str, float]:
    """Return which part of what is missed has which reason, for `PO` or `VO`; together one."""
    mix: dict[str, float] = _loaded()["reasons"][sector]
    total = sum(mix.values())
    return {name: part / total for name, part in mix.items()}


UNAUTHORISED: Final = ("unauthorised_holiday", "other_unauthorised", "unknown")
"""The parts of the mix of reasons for which there is no leave."""


def unauthorised(sector: str) -> float:
    """Return which part of what is missed is missed without leave."""
    return sum(reasons(sector)[name] for name in UNAUTHORISED)


def school(percentile: float) -> float:
    """Return how a school at a percentile compares with the median school."""
    known = sorted((int(at), ratio) for at, ratio in _loaded()["between_schools"].items())
    at = min(max(percentile, known[0][0]), known[-1][0])
    for (low, below), (high, above) in pairwise(known):
        if at <= high:
            return below + (above - below) * (at - low) / (high - low)
    return known[-1][1]


@cache
def starts(lengths: Sequence[int]) -> tuple[float, ...]:
    """Return the weight with which a spell of illness starts on each day of a week.

    Spells last one of `lengths` days, each as often as it is there, and no longer than the week.
    With these weights the days on which somebody is ill compare as `weekday` says: what goes on
    from the days before is taken off.
    """
    goes_on = [
        sum(length > days for length in lengths) / len(lengths) for days in range(SCHOOL_DAYS)
    ]
    found: list[float] = []
    for day, wanted in enumerate(weekday()):
        before = sum(weight * goes_on[day - start] for start, weight in enumerate(found))
        found.append(wanted - before)
    return tuple(found)

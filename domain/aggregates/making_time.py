"""The time that was missed, of a release: in pupils' worth of scheduled time, total only."""

from collections.abc import Mapping, Sequence
from typing import Final

from domain.aggregates.made import LEVELS, Answer, Exact
from domain.aggregates.measures import SCHEDULED, TIME, TIME_LEVELS, TIMES
from domain.aggregates.rounding.levels import COUNTRY, EVERYBODY, Level
from domain.aggregates.rounding.merging import Unit
from domain.aggregates.rounding.minutes import PRESENT, Time, round_totals

CLASSES: Final = (*TIMES, PRESENT)


def time_answers(exact: Exact, units: Sequence[Unit], secret: bytes) -> list[Answer]:
    """Return the answers about time. Of one unit, a class that one pupil dominates is left out."""
    sums: dict[tuple[Level, str], list[Time]] = {}
    together: dict[tuple[Level, str], tuple[str, ...]] = {}
    for unit in units:
        time = _time(exact, unit, secret)
        if time is None:
            continue
        places = {
            (Level.REGION, unit.region): (unit.region,),
            (Level.ALLIANCE, unit.alliance or ""): (unit.alliance or "",),
            (Level.COUNTRY, COUNTRY): (COUNTRY,),
        }
        for place in places:
            sums.setdefault(place, []).append(time)
        together |= places
    return [
        _answer(level, code, together[level, place], times)
        for (level, place), times in sums.items()
        for code in together[level, place]
        if code and level in TIME_LEVELS
    ]


def _time(exact: Exact, unit: Unit, secret: bytes) -> Time | None:
    """Return the time of a unit; None when nothing was delivered of it."""
    known = [exact.time[code] for code in unit.members if code in exact.time]
    if not known:
        return None
    scheduled = sum(cells[0] for cells in known)
    longest = max(cells[2] for cells in known)
    missed = {
        name: (
            sum(cells[4 + 2 * at] for cells in known),
            # Two totals of which one is dominated may still be mostly one pupil's.
            any(cells[5 + 2 * at] for cells in known),
        )
        for at, name in enumerate(TIMES)
    }
    return round_totals(
        missed, scheduled, longest, secret=secret, school_year=exact.school_year, unit=unit.code
    )


def _answer(level: Level, code: str, members: tuple[str, ...], times: Sequence[Time]) -> Answer:
    alone = times[0] if len(times) == 1 else None
    shown = [name for name in CLASSES if alone is None or name in alone.shown]
    sums: Mapping[str, int] = {name: sum(time.steps[name] for time in times) for name in shown}
    return Answer(
        LEVELS[level],
        code,
        TIME,
        "total",
        members,
        (EVERYBODY,),
        (SCHEDULED, *shown),
        (sum(time.of for time in times), *sums.values()),
        len(times),
    )

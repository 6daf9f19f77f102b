"""The time that was missed, of a release: in pupils' worth of scheduled time, total only.

Time of one or two branches would bound how many of their pupils can be in each band of absence.
So a level is told whole or not at all, which leaves nothing to subtract, and only if each of its
areas has three units or more. Alliances and regions overlap, so alliances are told only if no
overlap is of fewer. Units in no alliance, or no region, are an area of their own in this.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from domain.aggregates.made import LEVELS, Answer, Exact
from domain.aggregates.measures import SCHEDULED, TIME, TIME_LEVELS, TIMES
from domain.aggregates.rounding.levels import COUNTRY, EVERYBODY, Level
from domain.aggregates.rounding.merging import FEWEST_UNITS, Unit
from domain.aggregates.rounding.minutes import PRESENT, Time, round_totals

CLASSES: Final = (*TIMES, PRESENT)


def time_answers(
    exact: Exact, units: Sequence[Unit], known: Mapping[str, int], secret: bytes
) -> list[Answer]:
    """Return the answers about time, of the levels at which it may be told.

    Of a unit of which something is known there is time; where there is none, none is told.

    Args:
        exact: the exact tables.
        units: what is published as one.
        known: of each unit, of how many pupils something is known, as it is published.
        secret: the key of the school year.
    """
    delivered = [unit for unit in units if known[unit.code]]
    if any(exact.time.keys().isdisjoint(unit.members) for unit in delivered):
        return []
    sums: dict[tuple[Level, str], list[Time]] = {}
    overlaps: dict[tuple[str, str], int] = {}
    together: dict[tuple[Level, str], tuple[str, ...]] = {}
    for unit in delivered:
        time = _time(exact, unit, known[unit.code], secret)
        places = {
            (Level.REGION, unit.region): (unit.region,),
            (Level.ALLIANCE, unit.alliance or ""): (unit.alliance or "",),
            (Level.COUNTRY, COUNTRY): (COUNTRY,),
        }
        for place in places:
            sums.setdefault(place, []).append(time)
        together |= places
        both = unit.region, unit.alliance or ""
        overlaps[both] = overlaps.get(both, 0) + 1
    told = _told({place: len(times) for place, times in sums.items()}, overlaps.values())
    return [
        _answer(level, code, together[level, place], times)
        for (level, place), times in sums.items()
        for code in together[level, place]
        if code and level in told
    ]


def _told(units: Mapping[tuple[Level, str], int], overlaps: Iterable[int]) -> frozenset[Level]:
    """Return the levels at which time may be told, given the units of each area and overlap."""
    told = TIME_LEVELS - {level for (level, _), number in units.items() if number < FEWEST_UNITS}
    if Level.REGION in told and min(overlaps, default=FEWEST_UNITS) < FEWEST_UNITS:
        return told - {Level.ALLIANCE}
    return told


def _time(exact: Exact, unit: Unit, known: int, secret: bytes) -> Time:
    """Return the time of a unit."""
    every = [exact.time[code] for code in unit.members if code in exact.time]
    missed = {
        name: (
            sum(cells[2 + 2 * at] for cells in every),
            # Two totals of which one is dominated may still be mostly one pupil's.
            any(cells[3 + 2 * at] for cells in every),
        )
        for at, name in enumerate(TIMES)
    }
    scheduled = sum(cells[0] for cells in every)
    return round_totals(
        missed, scheduled, known, secret=secret, school_year=exact.school_year, unit=unit.code
    )


def _answer(level: Level, code: str, members: tuple[str, ...], times: Sequence[Time]) -> Answer:
    sums: Mapping[str, int] = {name: sum(time.steps[name] for time in times) for name in CLASSES}
    return Answer(
        LEVELS[level],
        code,
        TIME,
        "total",
        members,
        (EVERYBODY,),
        (SCHEDULED, *CLASSES),
        (sum(time.of for time in times), *sums.values()),
        len(times),
    )

"""The time that was missed, of a release: in pupils' worth of scheduled time, total only.

Time of one or two branches would bound how many of their pupils can be in each band of absence.
So a level is told whole or not at all, which leaves nothing to subtract, and only if each of its
areas has three units or more. Alliances and regions overlap: what of a few units is in both may not
follow from the totals of all.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from domain.aggregates.made import LEVELS, Answer, Exact
from domain.aggregates.measures import SCHEDULED, TIME, TIME_LEVELS, TIMES
from domain.aggregates.rounding.levels import COUNTRY, EVERYBODY, Level
from domain.aggregates.rounding.merging import FEWEST_UNITS, Unit
from domain.aggregates.rounding.minutes import PRESENT, Time, round_totals

CLASSES: Final = (*TIMES, PRESENT)


def time_answers(exact: Exact, units: Sequence[Unit], secret: bytes) -> list[Answer]:
    """Return the answers about time, of the levels at which it may be told."""
    sums: dict[tuple[Level, str], list[Time]] = {}
    overlaps: dict[tuple[str, str], int] = {}
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
        if unit.alliance:
            both = f"{Level.REGION} {unit.region}", f"{Level.ALLIANCE} {unit.alliance}"
            overlaps[both] = overlaps.get(both, 0) + 1
    told = _told({place: len(times) for place, times in sums.items() if place[1]}, overlaps)
    return [
        _answer(level, code, together[level, place], times)
        for (level, place), times in sums.items()
        for code in together[level, place]
        if code and level in told
    ]


def _told(
    units: Mapping[tuple[Level, str], int], overlaps: Mapping[tuple[str, str], int]
) -> frozenset[Level]:
    """Return the levels at which time may be told, given the units of each area and overlap."""
    few = {level for (level, _), number in units.items() if number < FEWEST_UNITS}
    told = TIME_LEVELS - few
    if Level.REGION in told and any(
        number < FEWEST_UNITS and _follows(pair, overlaps) for pair, number in overlaps.items()
    ):
        return told - {Level.ALLIANCE}
    return told


def _follows(pair: tuple[str, str], overlaps: Iterable[tuple[str, str]]) -> bool:
    """Return whether the sum of an overlap follows from the sums of all regions and alliances.

    It does unless there is another way round, over other overlaps, from its region to its alliance:
    then what is more in one can be less in the next.
    """
    beside: dict[str, set[str]] = {}
    for one, other in overlaps:
        if (one, other) != pair:
            beside.setdefault(one, set()).add(other)
            beside.setdefault(other, set()).add(one)
    seen, waiting = {pair[0]}, [pair[0]]
    while waiting:
        found = beside.get(waiting.pop(), set()) - seen
        seen |= found
        waiting += found
    return pair[1] not in seen


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

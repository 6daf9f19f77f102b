"""Time of a unit: minutes missed, in whole pupils' worth of time, with a rule against dominance.

A total of minutes may be one truant's. So it is never published: what is published is how many
pupils' worth of scheduled time was missed, in whole steps. Of steps there are as many as pupils of
whom the rounded table of absence says that something is known: time tells of no other number.
A total that one pupil dominates is told only in fives of steps, as 0 or at least five like a count
of pupils. What is published are sums of these steps over three units and more.

The rule is the p-percent rule with p = 10 (Hundepool and others, *Statistical Disclosure Control*,
2012, section 4.2.2): what all others contributed must be at least a tenth of what the largest
contributed, here without the next two, who might tell each other what was theirs. To that come at
least ten pupils with any such time, as for every group.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Final

from domain.aggregates.rounding.draws import Draws
from domain.aggregates.rounding.shape import FEWEST_IN_CELL, FEWEST_IN_GROUP

PERCENT: Final = 10
COALITION: Final = 2
PRESENT: Final = "present"
"""The class of the time that nobody missed."""


@dataclass(frozen=True, slots=True)
class Time:
    """Time of one unit by class, in steps; `of` is all that was scheduled.

    The classes, `PRESENT` with them, add up to `of`.
    """

    of: int
    steps: Mapping[str, int]


def is_dominated(minutes: Sequence[int]) -> bool:
    """Return whether a total of these contributions would tell of one pupil's."""
    most, *others = sorted(minutes, reverse=True) or [0]
    contributing = sum(1 for each in minutes if each)
    return contributing < FEWEST_IN_GROUP or 100 * sum(others[COALITION:]) < PERCENT * most


def round_minutes(
    absent: Mapping[str, Sequence[int]],
    scheduled: Sequence[int],
    *,
    of: int,
    secret: bytes,
    school_year: int,
    unit: str,
) -> Time:
    """Return the time of a unit as it is published.

    Args:
        absent: by class of absence the minutes that each pupil missed, one per pupil.
        scheduled: the minutes that each pupil should have been there, in the same order.
        of: the rounded count of pupils of whom something is known.
        secret: the key of the school year.
        school_year: the year in which it begins.
        unit: the code of the unit.

    Returns:
        The time in steps. What is left of `of` after the classes of absence is `PRESENT`.
    """
    totals = {name: (sum(minutes), is_dominated(minutes)) for name, minutes in absent.items()}
    return round_totals(
        totals, sum(scheduled), of, secret=secret, school_year=school_year, unit=unit
    )  # fmt: skip


def round_totals(
    absent: Mapping[str, tuple[int, bool]],
    scheduled: int,
    of: int,
    *,
    secret: bytes,
    school_year: int,
    unit: str,
) -> Time:
    """Return the time of a unit as it is published, from totals that say nothing of one pupil.

    Args:
        absent: by class of absence the minutes missed, and whether one pupil dominates them.
        scheduled: all minutes that were scheduled.
        of: the rounded count of pupils of whom something is known.
        secret: the key of the school year.
        school_year: the year in which it begins.
        unit: the code of the unit.
    """
    if not (of and scheduled):
        return Time(0, dict.fromkeys([*absent, PRESENT], 0))
    left = of
    numbers = Draws(secret, school_year, unit, "minutes")
    steps = dict[str, int]()
    for name, (minutes, dominated) in absent.items():
        (number,) = numbers.numbers(name, 1)
        if dominated:
            found = FEWEST_IN_CELL * floor(minutes * of / (FEWEST_IN_CELL * scheduled) + number)
        else:
            found = floor(minutes * of / scheduled + number)
        steps[name] = min(found, left)
        left -= steps[name]
    steps[PRESENT] = left
    return Time(of, steps)

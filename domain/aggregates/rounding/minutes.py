"""Minutes of absence of a unit: published in whole pupils' worth of time, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Time:
    """Time of one unit by class, in steps of `step` minutes; `of` is all that was scheduled.

    `shown` says which classes may be shown for the unit alone; every class is counted in sums.
    """

    step: int
    of: int
    steps: Mapping[str, int]
    shown: frozenset[str]


def round_minutes(
    absent: Mapping[str, Sequence[int]],
    scheduled: Sequence[int],
    *,
    secret: bytes,
    school_year: int,
    unit: str,
) -> Time:
    """Return the time of a unit as it is published.

    Args:
        absent: by class of absence the minutes that each pupil missed, one per pupil.
        scheduled: the minutes that each pupil should have been there, in the same order.
        secret: the key of the school year.
        school_year: the year in which it begins.
        unit: the code of the unit.
    """
    raise NotImplementedError

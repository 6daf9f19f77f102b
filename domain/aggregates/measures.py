"""The measures that are published: each a scale that puts every enrolled pupil in one category.

Events are told of pupils too: for how many something was done, by the last of its kind in the
period. Time alone is told in pupils' worth of scheduled time; see `rounding/minutes.py`.
"""

from collections.abc import Mapping
from typing import Final

from domain.aggregates.models import PeriodKind
from domain.aggregates.rounding.levels import Level
from domain.aggregates.rounding.shape import (
    ABSENCE,
    FEW_WEEKS,
    KINDS,
    OFTEN_ILL,
    TOTAL,
    UNKNOWN,
    Part,
    Scale,
)
from domain.reference.ruleshapes import RuleSet

NONE: Final = "none"
"""Pupils for whom nothing of the kind was done."""

TIME: Final = "minutes"
SCHEDULED: Final = "scheduled"
TIMES: Final = ("unauthorised", "late", "other")
"""Classes of missed time; the other is authorised absence and being sent out of a lesson."""


def _tiers(name: str) -> Scale:
    raised = Part("raised", (Part("tier_2"), Part("tier_3")))
    delivered = (Part("enough_weeks", (Part("tier_1"), raised)), Part(FEW_WEEKS))
    return Scale(name, Part(TOTAL, (Part("delivered", delivered), Part(UNKNOWN))), "attendance")


def _events(name: str, whole: str, *categories: str) -> Scale:
    done = Part(whole, tuple(Part(each) for each in categories)) if categories else Part(whole)
    return Scale(name, Part(TOTAL, (Part(NONE), done)), whole)


TIERS: Final = ("sickness", "unauthorised", "lateness")
"""Dimensions of which the tiers are told (MD-MTSS); of attendance itself the bands are."""

MEASURES: Final = {
    scale.name: scale
    for scale in (
        ABSENCE,
        KINDS,
        OFTEN_ILL,
        *(_tiers(name) for name in TIERS),
        _events(
            "reports", "reported", "sixteen_hours_in_four_weeks", "long_term_absence",
            "unauthorised_holiday", "transition", "other",
        ),
        _events(
            "report_outcomes", "reported", "open", "back_to_school", "help_started",
            "enrolment_ended", "no_absence",
        ),
        _events(
            "days_to_action", "reported", "days_0_5", "days_6_10", "days_11_20", "days_21_plus"
        ),
        _events("plans_started", "started"),
        _events("plans_reviewed", "due", "kept", "missed"),
    )
}  # fmt: skip
"""By name; the order is that in which they are counted and kept."""

WITHIN_THE_BANDS: Final = frozenset({"sickness", "unauthorised"})
"""Tiers by share of time: whoever was ill for 15 % of it lies in the bands from 10 % on."""


def measures_of(kind: PeriodKind | str) -> Mapping[str, Scale]:
    """Return the measures of a kind of period: events are told of months alone.

    Whoever had none in a term had none in its months, so the two could be subtracted. Events of a
    longer period are sums of its months. That a pupil was often ill is such an event.
    """
    if kind == PeriodKind.MONTH:
        return MEASURES
    return {name: MEASURES[name] for name in ATTENDANCE if name != OFTEN_ILL.name}


ATTENDANCE: Final = (ABSENCE.name, KINDS.name, OFTEN_ILL.name, *TIERS)
"""Measures that come from the roll-ups; the others are of events."""


def released_of(kind: PeriodKind | str) -> Mapping[str, Scale]:
    """Return the measures of a period that leave the school: those that can be true together.

    All speak of the same pupils, and each is rounded by itself. So what is released of one may
    not lie within a part of another, else five here and none there prove one to four. The first
    splits are drawn alike by all that share them: who missed a tenth or more is one number, which
    bands and kinds divide each in their own way, as any two ways can be true together. Absence
    alone is divided by group (`is_divided`), for another by sex would again lie within absence by
    sex. Tiers by share of time are kept for the school itself. See `gate/across.py`, which refuses
    what is not so.
    """
    return {
        name: scale for name, scale in measures_of(kind).items() if name not in WITHIN_THE_BANDS
    }


def is_divided(measure: str) -> bool:
    """Return whether a measure is released by sex, year group and sector too."""
    return measure == ABSENCE.name


TIME_LEVELS: Final = frozenset({Level.REGION, Level.ALLIANCE, Level.COUNTRY})
"""Where time is told: the minutes of a small branch bound how many can be in each of its bands."""


def bands(rules: RuleSet, dimension: str) -> list[int]:
    """Return the tier rule of a dimension as `reach.tier` takes it.

    Raises:
        ValueError: the rules have no such dimension.
    """
    for rule in rules.tiers:
        if rule.dimension == dimension:
            second, third = (
                next(band for band in rule.bands if band.tier == tier) for tier in (2, 3)
            )
            of_weeks = int(rule.denominator == "weeks")
            return [
                rule.least_weeks, second.at_least, second.per, third.at_least, third.per, of_weeks
            ]  # fmt: skip
    raise ValueError(f"The rules have no tiers of {dimension}.")

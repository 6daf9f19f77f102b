"""The measures that are published: each a scale that puts every enrolled pupil in one category.

Events are told of pupils too: for how many something was done, by the last of its kind in the
period. Time alone is told in pupils' worth of scheduled time; see `rounding/minutes.py`.
"""

from collections.abc import Mapping
from typing import Final

from domain.aggregates.models import PeriodKind
from domain.aggregates.rounding.shape import ABSENCE, TOTAL, UNKNOWN, Part, Scale
from domain.reference.ruleshapes import RuleSet

NONE: Final = "none"
"""Pupils for whom nothing of the kind was done."""

TIME: Final = "minutes"
SCHEDULED: Final = "scheduled"
LONGEST: Final = "longest"
TIMES: Final = ("unauthorised", "late", "other")
"""Classes of missed time; the other is authorised absence and being sent out of a lesson."""


def _tiers(name: str) -> Scale:
    raised = Part("raised", (Part("tier_2"), Part("tier_3")))
    return Scale(name, Part(TOTAL, (Part("known", (Part("tier_1"), raised)), Part(UNKNOWN))), "attendance")


def _events(name: str, whole: str, *categories: str) -> Scale:
    done = Part(whole, tuple(Part(each) for each in categories)) if categories else Part(whole)
    return Scale(name, Part(TOTAL, (Part(NONE), done)), whole)


TIERS: Final = ("sickness", "unauthorised", "lateness")
"""Dimensions of which the tiers are told (MD-MTSS); of attendance itself the bands are."""

MEASURES: Final = {
    scale.name: scale
    for scale in (
        ABSENCE,
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
"""By name; the order is that in which they are counted and shown."""


def measures_of(kind: PeriodKind | str) -> Mapping[str, Scale]:
    """Return the measures of a kind of period: events are told of months alone.

    Whoever had none in a term had none in its months, so the two could be subtracted. Events of a
    longer period are sums of its months.
    """
    if kind == PeriodKind.MONTH:
        return MEASURES
    return {name: MEASURES[name] for name in ATTENDANCE}


ATTENDANCE: Final = (ABSENCE.name, *TIERS)
"""Measures that come from the roll-ups; the others are of events."""


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

"""Tiers of MD-MTSS: from what was counted on one dimension of attendance to a tier, 1 to 3.

Exact arithmetic on whole numbers. A pupil can be in another tier on each dimension (Kearney and
Graczyk 2020), so a dimension is judged alone; there is no tier over all of them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from domain.reference.ruleshapes import TierRule

LOWEST = 1
"""The tier of everyone who reaches no band: support for all."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of one pupil: `amount` out of `whole`, over so many delivered weeks."""

    amount: int
    whole: int
    weeks: int


def tier_of(rule: TierRule, counted: Counted) -> int | None:
    """Return the tier; None when too few weeks are known, or nothing was scheduled in them."""
    if counted.weeks < rule.least_weeks or counted.whole <= 0:
        return None
    reached = [
        band.tier
        for band in rule.bands
        if counted.amount * band.per >= band.at_least * counted.whole
    ]
    return max(reached, default=LOWEST)


def distribution(rule: TierRule, pupils: Iterable[Counted]) -> dict[int | None, int]:
    """Return how many pupils are in each tier, those without one under None.

    These are exact numbers about persons: what is published from them goes through disclosure
    control first.
    """
    return dict(Counter(tier_of(rule, counted) for counted in pupils))

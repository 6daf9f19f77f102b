"""The quality of a branch's registration, week by week: what was delivered, when, and how likely.

A week that was not delivered is unknown: it lowers completeness, and is counted in nothing else.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.clock import AMSTERDAM
from domain.reference.quality import QualityRules

_SUNDAY = timedelta(days=6)
_FULL = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCounts:
    """What a branch delivered of the week of a Monday: counts, of nobody in particular.

    Args:
        monday: the Monday of the week.
        pupils: with a schedule in the week.
        delivered_at: when the school declared everything delivered; None is not submitted.
        absences: that stand, lateness and being sent out among them.
        judged: absences that a reason is asked of: the unauthorised ones, of which no reason is
            withheld from who reads this. Of others it would tell which reasons are withheld.
        unknown_reasons: of those, without a reason or with `UNKNOWN`.
        whole_days: absences of a whole school day.
        most_of_one_code: how often the most frequent known reason of those was given.
        corrections: versions of absences that a correction replaced.
    """

    monday: date
    pupils: int
    delivered_at: datetime | None
    absences: int
    judged: int
    unknown_reasons: int
    whole_days: int
    most_of_one_code: int
    corrections: int


@dataclass(frozen=True, slots=True)
class JudgedWeek:
    """A week that was expected, whether it was in time, and the patterns in it."""

    counts: WeekCounts
    in_time: bool
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A part of the score as numerator and denominator; its score is None without a denominator."""

    code: str
    numerator: int
    denominator: int

    @property
    def score(self) -> float | None:
        """Return 0 to 100."""
        return _FULL * self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of registration in a period: a score, its parts and the weeks behind it."""

    rules: QualityRules
    score: float | None
    parts: tuple[Measured, ...]
    weeks: tuple[JudgedWeek, ...]


def patterns_of(rules: QualityRules, week: WeekCounts) -> tuple[str, ...]:
    """Return the patterns in a delivered week that look like a mistake in registration."""
    enough = week.absences >= rules.fewest_absences
    found = {
        "no_exceptions": week.absences == 0 and week.pupils >= rules.large_branch_pupils,
        "all_whole_days": enough and week.whole_days == week.absences,
        "one_code": week.judged >= rules.fewest_absences
        and week.most_of_one_code > rules.one_code_share * week.judged,
    }
    return tuple(pattern["code"] for pattern in rules.patterns if found[pattern["code"]])


def measure(
    rules: QualityRules,
    weeks: Sequence[WeekCounts],
    *,
    teaching: Collection[date] | None,
    today: date,
) -> Quality:
    """Judge weeks by the definitions.

    Args:
        rules: the definitions that hold.
        weeks: the counts of every week of the period, delivered or not.
        teaching: the Mondays of the calendar's teaching weeks, None while no calendar is known.
            A week is expected when something was scheduled in it; where no schedule was delivered
            at all, when the calendar says so.
        today: weeks that have not ended are expected by nobody yet.
    """
    scheduled = any(week.pupils for week in weeks)
    judged: list[JudgedWeek] = []
    for week in weeks:
        expected = (
            week.pupils > 0 if scheduled else teaching is not None and week.monday in teaching
        )
        if week.monday + _SUNDAY >= today or not (expected or week.delivered_at):
            continue
        last = week.monday + _SUNDAY + timedelta(days=rules.within_days)
        at = week.delivered_at
        in_time = at is not None and at.astimezone(AMSTERDAM).date() <= last
        judged.append(JudgedWeek(week, in_time, patterns_of(rules, week) if at else ()))
    delivered = [week for week in judged if week.counts.delivered_at]

    def total(of: Callable[[WeekCounts], int]) -> int:
        return sum(of(week.counts) for week in delivered)

    asked, absences = total(lambda w: w.judged), total(lambda w: w.absences)
    counted = {
        "completeness": (len(delivered), len(judged)),
        "timeliness": (sum(week.in_time for week in delivered), len(delivered)),
        "reasons": (asked - total(lambda w: w.unknown_reasons), asked),
        "plausibility": (sum(not week.patterns for week in delivered), len(delivered)),
        "corrections": (total(lambda w: w.corrections), absences),
    }
    parts = tuple(Measured(part["code"], *counted[part["code"]]) for part in rules.parts)
    return Quality(rules, _score(rules, parts), parts, tuple(judged))


def _score(rules: QualityRules, parts: Sequence[Measured]) -> float | None:
    """Return the weighted mean of the parts that say something; None when none does."""
    weights = {part["code"]: part["weight"] for part in rules.parts}
    said = [(part.score, weights[part.code]) for part in parts if part.score is not None]
    weight = sum(one for _, one in said)
    return sum(score * one for score, one in said) / weight if weight else None

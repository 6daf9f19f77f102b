"""Whether an exemption can be registered by the dated rules; nothing here knows the database."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.errors import Invalid
from domain.reference.calendar import school_year_of
from domain.reference.exemptions import ExemptionRules, KindRules

YEARS: Final = range(2000, 2101)
"""The years in which an exemption can begin and end; what lies outside is a mistake in typing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days of an exemption, both within it, and the day of the statement under it."""

    first_day: date
    last_day: date | None
    statement_on: date | None


def age_on(day: date, born: date) -> int:
    """Return the age in whole years on a day; born on 29 February, it is reached on the 28th."""
    last = monthrange(day.year, born.month)[1]
    return day.year - born.year - ((day.month, day.day) < (born.month, min(born.day, last)))


def months_before(day: date, months: int) -> date:
    """Return the day so many months earlier, or the last of that month where it is shorter."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def check_period(rules: KindRules, period: Period, born: date | None, today: date) -> None:
    """Refuse a period, a statement or an age that the law does not know for a kind.

    Raises:
        Invalid: and says which, and what to do.
    """
    _check_days(rules, period)
    _check_statement(rules, period.statement_on, today)
    if rules.from_age is not None:
        if born is None:
            raise Invalid("Register the birth date first; this kind has an age.", path=("kind",))
        if age_on(period.first_day, born) < rules.from_age:
            raise Invalid(f"This kind is given from the age of {rules.from_age}.", path=("kind",))


def _check_days(rules: KindRules, period: Period) -> None:
    at = ("lastDay",)
    for name, day in (("firstDay", period.first_day), ("lastDay", period.last_day)):
        if day is not None and day.year not in YEARS:
            raise Invalid(f"Name a day in {YEARS[0]} to {YEARS[-1]}.", path=(name,))
    if period.last_day is None:
        if not rules.may_have_no_end:
            raise Invalid("Name the last day; this kind is not for ever.", path=at)
        return
    if period.last_day < period.first_day:
        raise Invalid("The last day lies before the first.", path=at)
    if rules.one_school_year and (
        school_year_of(period.first_day) != school_year_of(period.last_day)
    ):
        raise Invalid(
            "These days lie in two school years (a new one starts on 1 August). Register an"
            " exemption for each year.",
            path=at,
        )


def _check_statement(rules: KindRules, statement_on: date | None, today: date) -> None:
    at = ("statementOn",)
    if rules.statement_within_months is None:
        if statement_on is not None:
            raise Invalid("This kind rests on no statement; leave the day out.", path=at)
        return
    oldest = months_before(today, rules.statement_within_months)
    if statement_on is None or not oldest <= statement_on <= today:
        raise Invalid(
            f"Name the day of the statement, not before {oldest} and not after today.", path=at
        )


def check_bound(rules: ExemptionRules, since: date, born: date | None, today: date) -> None:
    """Refuse non-enrolment of who cannot be bound to attend, or that has not begun.

    Raises:
        Invalid: and says which.
    """
    if since > today:
        raise Invalid("Name a day that is not after today.", path=("since",))
    if born is not None and not (
        rules.bound_from_age <= age_on(today, born)
        and rules.bound_from_age <= age_on(since, born) < rules.bound_to_age
    ):
        raise Invalid(
            f"Nobody is bound to attend before {rules.bound_from_age} or from"
            f" {rules.bound_to_age}.",
            path=("since",),
        )

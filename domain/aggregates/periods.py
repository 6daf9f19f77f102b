"""Periods of figures: months, terms and school years, each with a name that people type.

`2026-10` is a month, `2026-2027` a school year, and `2026-2027-autumn` a term of it. The Dutch
school year runs from August to July. The law knows no terms; these follow the reports that most
schools give: autumn is August to December, winter January to March, spring April to July. Weeks
belong to the period of their Monday.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.aggregates.models import PeriodKind
from domain.errors import Invalid
from domain.reference.calendar import school_year_of

GRACE: Final = timedelta(days=14)
"""How long after its last day a period can be closed; then it is locked as it is."""

YEARS: Final = range(2000, 2101)
"""The years of which anything can be known; what lies outside is a mistake in typing."""

TERMS: Final = {"autumn": (8, 12), "winter": (1, 3), "spring": (4, 7)}
"""The first and the last month of each term."""

WEEK: Final = timedelta(days=7)
_FIRST_MONTH: Final = 8
_MONTHS: Final = 12
_NAME = re.compile(r"(\d{4})-(?:(\d{4})(?:-([a-z]+))?|(\d{2}))")


@dataclass(frozen=True, slots=True)
class Period:
    """A period with its first and its last day."""

    kind: PeriodKind
    first_day: date
    last_day: date

    @property
    def school_year(self) -> int:
        """Return the year in which the school year of the period begins."""
        return school_year_of(self.first_day)

    @property
    def name(self) -> str:
        """Return the name that `period_of` reads."""
        year = f"{self.school_year}-{self.school_year + 1}"
        if self.kind is PeriodKind.MONTH:
            return f"{self.first_day:%Y-%m}"
        if self.kind is PeriodKind.SCHOOL_YEAR:
            return year
        (term,) = (name for name, (first, _) in TERMS.items() if first == self.first_day.month)
        return f"{year}-{term}"

    @property
    def mondays(self) -> tuple[date, date]:
        """Return the first and the last Monday in it."""
        first = self.first_day + timedelta(days=-self.first_day.weekday() % 7)
        return first, self.last_day - timedelta(days=self.last_day.weekday())

    def is_over(self, today: date) -> bool:
        """Return whether its last day has passed."""
        return self.last_day < today

    def is_due(self, today: date) -> bool:
        """Return whether the deadline for closing it has passed."""
        return self.last_day + GRACE < today


def month(year: int, number: int) -> Period:
    """Return a month."""
    return Period(PeriodKind.MONTH, date(year, number, 1), _last_day(year, number))


def term(school_year: int, name: str) -> Period:
    """Return a term of the school year that begins in a year."""
    first, last = TERMS[name]
    year = school_year + (first < _FIRST_MONTH)
    return Period(PeriodKind.TERM, date(year, first, 1), _last_day(year, last))


def school_year(year: int) -> Period:
    """Return the school year that begins in a year."""
    last = _last_day(year + 1, _FIRST_MONTH - 1)
    return Period(PeriodKind.SCHOOL_YEAR, date(year, _FIRST_MONTH, 1), last)


def of_school_year(year: int) -> Iterator[Period]:
    """Yield the months, the terms and the whole of a school year, in this order."""
    for number in (*range(_FIRST_MONTH, _MONTHS + 1), *range(1, _FIRST_MONTH)):
        yield month(year + (number < _FIRST_MONTH), number)
    for name in TERMS:
        yield term(year, name)
    yield school_year(year)


def period_of(kind: PeriodKind | str, first_day: date) -> Period:
    """Return the period of a kind that begins on a day.

    Raises:
        Invalid: no such period begins then.
    """
    for period in of_school_year(school_year_of(first_day)) if first_day.year in YEARS else ():
        if period.kind == kind and period.first_day == first_day:
            return period
    raise Invalid("No such period begins on this day.", path=("firstDay",))


def period_named(name: str) -> Period:
    """Return the period of a name: `2026-10`, `2026-2027` or `2026-2027-autumn`.

    Raises:
        Invalid: it is the name of no period.
    """
    found = _NAME.fullmatch(name)
    years = [int(year) for year in found.groups()[:2] if year] if found else []
    if found and all(year in YEARS for year in years):
        if found[4] and 1 <= int(found[4]) <= _MONTHS:
            return month(years[0], int(found[4]))
        if found[2] and years[1] == years[0] + 1:
            if not found[3]:
                return school_year(years[0])
            if found[3] in TERMS:
                return term(years[0], found[3])
    raise Invalid(
        "Name a period as 2026-10 (a month), 2026-2027 (a school year) or 2026-2027-autumn (a "
        f"term: {', '.join(TERMS)}).",
        path=("period",),
    )


def due(today: date) -> list[Period]:
    """Return the periods of this and the last school year that are locked by now, oldest first."""
    year = school_year_of(today)
    found = [each for one in (year - 1, year) for each in of_school_year(one)]
    return sorted(
        (each for each in found if each.is_due(today)), key=lambda each: (each.last_day, each.kind)
    )


def _last_day(year: int, number: int) -> date:
    return date(year + number // _MONTHS, number % _MONTHS + 1, 1) - timedelta(days=1)

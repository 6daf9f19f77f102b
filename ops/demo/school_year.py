"""The teaching weeks of a fictional school year, after the Dutch pattern of holidays."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

WEEK: Final = timedelta(days=7)
MOST_WEEKS: Final = 40
SCHOOL_DAYS: Final = 5

_FIRST_WEEK: Final = 35
_LAST_WEEK: Final = 28
# Autumn; Christmas, two weeks; spring; May, two weeks. ISO week 53 is a Christmas week too.
_HOLIDAYS: Final = frozenset({43, 52, 53, 1, 9, 18, 19})


@dataclass(frozen=True, slots=True)
class Teaching:
    """The teaching weeks (Mondays, ascending) of the school year that starts in `year`.

    `until` is the last day of which something is known; the week it lies in is complete only when
    that day is its Friday or later.
    """

    year: int
    mondays: tuple[date, ...]
    until: date

    @property
    def name(self) -> str:
        """The school year as rosters write it."""
        return f"{self.year}-{self.year + 1}"

    def complete(self, monday: date) -> bool:
        """Return whether everything about the week is known."""
        return monday + timedelta(days=SCHOOL_DAYS - 1) <= self.until

    def days(self, monday: date) -> list[date]:
        """Return the days of a week of which something is known."""
        week = [monday + timedelta(days=day) for day in range(SCHOOL_DAYS)]
        return [day for day in week if day <= self.until]


def school_year_of(day: date) -> int:
    """Return the year in which the school year of a day starts (on 1 August)."""
    return day.year if (day.month, day.day) >= (8, 1) else day.year - 1


def first_day(year: int) -> date:
    """Return the first teaching day of a school year."""
    return _mondays(year)[0]


def teaching(today: date) -> tuple[Teaching, ...]:
    """Return the last forty teaching weeks up to today: of one school year, or of two.

    Every school year has forty; early in one, the end of the one before fills up what is missing.
    """
    year = school_year_of(today)
    current = [monday for monday in _mondays(year) if monday <= today]
    before = _mondays(year - 1)
    lacking = MOST_WEEKS - len(current)
    found: list[Teaching] = []
    if lacking > 0:
        found.append(Teaching(year - 1, tuple(before[-lacking:]), today))
    if current:
        found.append(Teaching(year, tuple(current), today))
    return tuple(found)


def iso_week(monday: date) -> str:
    """Return a week as deliveries write it, such as `2026-W36`."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"


def ranges(mondays: tuple[date, ...]) -> list[tuple[date, date]]:
    """Return runs of consecutive weeks as first and last Monday."""
    found: list[tuple[date, date]] = []
    for monday in mondays:
        if found and found[-1][1] + WEEK == monday:
            found[-1] = (found[-1][0], monday)
        else:
            found.append((monday, monday))
    return found


def _mondays(year: int) -> list[date]:
    monday = date.fromisocalendar(year, _FIRST_WEEK, 1)
    last = date.fromisocalendar(year + 1, _LAST_WEEK, 1)
    found: list[date] = []
    while monday <= last:
        if monday.isocalendar().week not in _HOLIDAYS:
            found.append(monday)
        monday += WEEK
    return found

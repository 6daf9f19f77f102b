"""Short ways to write a pupil's history: weeks by number, marks by week and weekday."""

from collections.abc import Collection
from datetime import date, timedelta

from domain.reference.rules.evaluate import evaluate
from domain.reference.rules.marking import Found, History, Mark, Week
from domain.reference.rulesets import rule_named

MONDAY = date(2026, 8, 31)
"""The first Monday of the examples: a week with lessons in each holiday region."""
BORN_2012 = date(2012, 5, 6)


def day(week: int, weekday: int = 0) -> date:
    """Return a day: the week counted from the first, the weekday from Monday as 0."""
    return MONDAY + timedelta(weeks=week, days=weekday)


def weeks(
    count: int, *, without: Collection[int] = (), minutes: int = 1500, missed: int = 0
) -> list[Week]:
    """Return teaching weeks of thirty lessons, those without lessons left out."""
    return [
        Week(day(number), minutes, 30, minutes - missed)
        for number in range(count)
        if number not in without
    ]


def ill(*on: date, minutes: int = 300) -> list[Mark]:
    """Return whole days of illness."""
    return [Mark(each, minutes, 6, f"ill {each}", "authorised", "ILLNESS") for each in on]


def away(*on: date, minutes: int = 300, reason: str | None = "TRUANCY") -> list[Mark]:
    """Return whole days of absence without a valid reason."""
    return [Mark(each, minutes, 6, f"away {each}", "unauthorised", reason) for each in on]


def school_days(first: date, count: int, *, without: Collection[int] = ()) -> list[date]:
    """Return so many school days from a day on, past weekends and weeks without lessons."""
    closed = {day(number) for number in without}
    found: list[date] = []
    while len(found) < count:
        if first.weekday() < 5 and first - timedelta(days=first.weekday()) not in closed:
            found.append(first)
        first += timedelta(days=1)
    return found


def find(
    rule_set: str,
    code: str,
    over: list[Week],
    marks: list[Mark],
    *,
    sector: str = "VO",
    born: date | None = BORN_2012,
    closed: Collection[date] = (),
) -> list[Found]:
    """Apply a rule of the files to a history."""
    rule = rule_named(rule_set, code)
    assert rule is not None
    return evaluate(rule, History(weeks=over, marks=marks, sector=sector, born=born, closed=closed))

"""The shapes that rules count over: teaching weeks, marks, school days, and what was found."""

from calendar import isleap
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from domain.reference.ruleshapes import Measure, SignalRule

WEEK = timedelta(days=7)
FRIDAY = timedelta(days=4)
FIRST_DAY_OF_WEEKEND = 5
WHOLE_PERCENT = 100
LEAP_DAY = (2, 29)
FIRST_MONTH = 8
"""The school year runs from 1 August to 31 July (WPO art. 1, WVO 2020 art. 1.1)."""


class Week(NamedTuple):
    """A teaching week of one pupil: its Monday, the minutes and lesson units scheduled in it.

    `attended_minutes` comes from the roll-up; None where a rule does not need it.
    """

    monday: date
    scheduled_minutes: int
    scheduled_units: int
    attended_minutes: int | None = None


class Mark(NamedTuple):
    """An absence: minutes missed, and whole lesson units missed.

    `units` is 0 where only the minutes count (late, sent out); `counting_mark` sees to it.
    """

    date: date
    minutes: int
    units: int
    id: UUID | str
    category: str = "unauthorised"
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """That a rule's threshold was reached: where, how much, on which marks, by when to act.

    `amount` is whole, in `unit`, rounded down; `marks` are the absences it rests on, in the order
    of their days.
    """

    first_week: date
    last_week: date
    amount: int
    unit: str
    marks: tuple[UUID | str, ...]
    reached_on: date
    act_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is known of one pupil at one branch.

    `weeks` are delivered weeks with lessons, in order; a holiday week is not among them. `closed`
    are single days without school within them. `born` is None when it is not known.
    """

    weeks: Sequence[Week]
    marks: Sequence[Mark]
    sector: str
    born: date | None = None
    closed: Collection[date] = frozenset()


def as_counted(rule: SignalRule, marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks that count for a rule, as it counts them; asked for every pupil."""
    counts, reasons = rule.counts, rule.reasons
    found: list[Mark] = []
    for mark in marks:
        measure = counts.get(mark.category)
        if measure is None or (reasons is not None and mark.reason not in reasons):
            continue
        minutes_alone = measure is Measure.MINUTES_MISSED and mark.units
        found.append(mark._replace(units=0) if minutes_alone else mark)
    return found


def counting_mark(
    rule: SignalRule,
    category: str,
    *,
    on: date,
    minutes: int,
    units: int,
    mark_id: UUID | str,
    reason: str | None = None,
) -> Mark | None:
    """Return an absence as a rule counts it, or None when it does not count."""
    mark = Mark(on, minutes, units, mark_id, category, reason)
    return next(iter(as_counted(rule, [mark])), None)


def working_days_after(start: date, count: int) -> date:
    """Return the day that lies `count` working days after `start`; weekends are skipped."""
    result = start
    while count > 0:
        result += timedelta(days=1)
        count -= result.weekday() < FIRST_DAY_OF_WEEKEND
    return result


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def school_year_of(day: date) -> int:
    """Return the year in which the school year of a day starts."""
    return day.year - (day.month < FIRST_MONTH)


def birthday(born: date, age: int) -> date:
    """Return the day on which somebody reaches an age; born on a leap day, on 1 March otherwise."""
    year = born.year + age
    if (born.month, born.day) == LEAP_DAY and not isleap(year):
        return date(year, 3, 1)
    return born.replace(year=year)

"""How a request for leave is judged by the dated rules: who decides, and what forbids granting it.

Nothing here knows the database. An obstacle never refuses to take a request: a parent has a right
to a decision (Awb art. 1:3), so it is shown, and the head cannot grant while there is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.leave.models import Decider, LeaveGround
from domain.reference.calendar import TeachingCalendar, school_year_of
from domain.reference.leave import LeaveRules

_SCHOOL_DAYS = 5


class Obstacle(StrEnum):
    """What the law forbids about leave for a holiday (art. 13a)."""

    TOO_LONG = "holiday_too_long"
    ONCE_A_YEAR = "holiday_once_a_year"
    FIRST_WEEKS = "holiday_in_first_weeks"


@dataclass(frozen=True, slots=True)
class Granted:
    """Leave that was granted before, in one school year."""

    ground: str
    school_days: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What follows from the rules for a request."""

    school_year: int
    school_days: int
    calendar_known: bool
    decider: Decider
    obstacles: tuple[Obstacle, ...]


def days_of(first_day: date, last_day: date, calendar: TeachingCalendar | None) -> int:
    """Return the school days in a period; without a calendar, its days from Monday to Friday."""
    if calendar is not None:
        return calendar.teaching_days(first_day, last_day)
    span = (last_day - first_day).days + 1
    return sum((first_day + timedelta(days=n)).isoweekday() <= _SCHOOL_DAYS for n in range(span))


def judge(
    rules: LeaveRules,
    ground: LeaveGround,
    first_day: date,
    last_day: date,
    *,
    calendar: TeachingCalendar | None,
    granted: Sequence[Granted],
) -> Judged:
    """Judge a request by the rules of the day it is made on.

    Args:
        rules: those that hold on that day.
        ground: on what the request rests.
        first_day: the first day of the leave.
        last_day: the last day of the leave, within it.
        calendar: of the school year and the school's holiday region, None while it is not known;
            then weekdays count, and no first weeks can be told.
        granted: what was granted before in the same school year.
    """
    days = days_of(first_day, last_day, calendar)
    before = [one for one in granted if one.ground == str(ground)]
    obstacles: list[Obstacle] = []
    decider = Decider.HEAD
    if ground is LeaveGround.HOLIDAY:
        if days > rules.holiday_most_days:
            obstacles.append(Obstacle.TOO_LONG)
        if len(before) >= rules.holiday_times_a_year:
            obstacles.append(Obstacle.ONCE_A_YEAR)
        weeks = rules.holiday_not_in_first_weeks
        if calendar is not None and first_day <= calendar.ends_of_first_weeks(weeks):
            obstacles.append(Obstacle.FIRST_WEEKS)
    elif sum(one.school_days for one in before) + days > rules.head_decides_to:
        decider = Decider.OFFICER
    return Judged(school_year_of(first_day), days, calendar is not None, decider, tuple(obstacles))

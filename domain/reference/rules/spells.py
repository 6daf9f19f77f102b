"""Spells: school days that follow each other and on each of which something was missed.

A weekend, a holiday week and a closed day lie between school days and do not break a spell. There
is no timetable per day here: every weekday of a teaching week that is not closed is a school day,
so a pupil whose timetable leaves a weekday free is found later than the rule could, never earlier.
"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from domain.reference.rules.marking import (
    FIRST_DAY_OF_WEEKEND,
    WEEK,
    WHOLE_PERCENT,
    Mark,
    Week,
    monday_of,
)


@dataclass(frozen=True, slots=True)
class AbsentDay:
    """A school day that was missed: which teaching week it lies in, and by which marks."""

    day: date
    week: int
    marks: tuple[UUID | str, ...]


Spell = tuple[AbsentDay, ...]


def spells(
    weeks: Sequence[Week],
    marks: Sequence[Mark],
    *,
    from_percent: int,
    closed: Collection[date] = frozenset(),
) -> list[Spell]:
    """Return the spells of absence, in order of time.

    Args:
        weeks: teaching weeks in order; each has a Monday of its own.
        marks: the absences that count.
        from_percent: how much of an average school day of that week has to be missed before the
            day counts; 0 counts a day with any mark at all.
        closed: weekdays without school.
    """
    mondays = [week.monday for week in weeks]
    found: list[list[AbsentDay]] = []
    last: date | None = None
    ordered = sorted(marks, key=lambda mark: (mark.date, str(mark.id)))
    for day, of_day in groupby(ordered, key=lambda mark: mark.date):
        index = bisect_right(mondays, day) - 1
        if index < 0 or day >= mondays[index] + WEEK or not _open(day, closed):
            continue
        given = tuple(of_day)
        average = weeks[index].scheduled_minutes / max(1, _open_days(mondays[index], closed))
        missed = sum(mark.minutes for mark in given)
        if missed * WHOLE_PERCENT < from_percent * average:
            continue
        absent = AbsentDay(day, index, tuple(mark.id for mark in given))
        if last is not None and _next(last, mondays, closed) == day:
            found[-1].append(absent)
        else:
            found.append([absent])
        last = day
    return [tuple(spell) for spell in found]


def _open(day: date, closed: Collection[date]) -> bool:
    return day.weekday() < FIRST_DAY_OF_WEEKEND and day not in closed


def _open_days(monday: date, closed: Collection[date]) -> int:
    return FIRST_DAY_OF_WEEKEND - sum(
        0 <= (day - monday).days < FIRST_DAY_OF_WEEKEND for day in set(closed)
    )


def _next(day: date, mondays: Sequence[date], closed: Collection[date]) -> date | None:
    """Return the school day after a day; None when no teaching week that is known has one."""
    following = day + timedelta(days=1)
    index = bisect_right(mondays, monday_of(day)) - 1
    while index < len(mondays):
        following = max(following, mondays[index])
        while following < mondays[index] + WEEK:
            if _open(following, closed):
                return following
            following += timedelta(days=1)
        index += 1
    return None

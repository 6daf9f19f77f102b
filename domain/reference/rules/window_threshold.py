"""A threshold of missed time within a window of teaching weeks.

Pure arithmetic over what is handed in; the numbers come from a rule set. Totals are exact
fractions, rounded down only in what is returned, so that nothing reaches a threshold by rounding.
Made for Leerplichtwet 1969 art. 21a: sixteen hours missed within four teaching weeks.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from uuid import UUID

from domain.reference.rules.marking import WEEK, Found, History, Mark, Week, working_days_after
from domain.reference.ruleshapes import SectorUnit, Unit, WindowThreshold


@dataclass(frozen=True, slots=True)
class Window:
    """Teaching weeks in which the threshold was reached, and by when the head acts.

    `total` is in `unit`, rounded down to hundredths; `mark_ids` are the absences it rests on in the
    order of their dates.
    """

    first_week: date
    last_week: date
    total: Decimal
    unit: Unit
    mark_ids: tuple[UUID | str, ...]
    reached_on: date
    act_by: date


def window_threshold(rule: WindowThreshold, history: History, marks: Sequence[Mark]) -> list[Found]:
    """Return each window of a pupil's history that reached the threshold, in order of time.

    The amount is in exact minutes where clock hours count, else in whole lesson units.
    """
    if _never(rule, history.weeks, marks):
        return []
    minutes = {mark.id: mark.minutes for mark in marks}
    return [
        Found(
            first_week=window.first_week,
            last_week=window.last_week,
            amount=int(window.total)
            if window.unit is Unit.LESSON_HOUR
            else sum(minutes[mark] for mark in window.mark_ids),
            unit="lesson_units" if window.unit is Unit.LESSON_HOUR else "minutes",
            marks=window.mark_ids,
            reached_on=window.reached_on,
            act_by=window.act_by,
        )
        for window in windows(rule, history.weeks, marks, history.sector, None)
    ]


def _never(rule: WindowThreshold, weeks: Sequence[Week], marks: Sequence[Mark]) -> bool:
    """Return whether all marks together are too little, so that exact arithmetic can be spared.

    At most, each mark is its units, or its minutes in lessons as short as any that was scheduled;
    one more is left for rounding.
    """
    lengths = (w.scheduled_minutes / w.scheduled_units for w in weeks if w.scheduled_units > 0)
    shortest = min(*(unit.minutes for unit in rule.units.values()), min(lengths, default=math.inf))
    if shortest <= 0:
        return False
    most = sum(max(mark.units, mark.minutes / shortest) for mark in marks)
    return most < rule.threshold - 1


def weight(sector_unit: SectorUnit, week: Week, mark: Mark) -> Fraction:
    """Return how much an absence adds to the total, in the unit of the sector.

    Clock hours are minutes over sixty. A lesson hour is one unit, unless it is longer than the
    sector's maximum: then its minutes count. Minutes without a unit are parts of a lesson of the
    length that the week's timetable shows, at most the maximum.
    """
    clock = Fraction(mark.minutes, sector_unit.minutes)
    if sector_unit.unit is Unit.CLOCK_HOUR:
        return clock
    if mark.units > 0:
        return max(clock, Fraction(mark.units))
    if week.scheduled_units <= 0 or week.scheduled_minutes <= 0:
        return clock
    lesson = Fraction(week.scheduled_minutes, week.scheduled_units)
    return mark.minutes / min(lesson, Fraction(sector_unit.minutes))


def windows(
    rule: WindowThreshold,
    weeks: Sequence[Week],
    marks: Sequence[Mark],
    sector: str,
    after: date | None,
) -> list[Window]:
    """Return each window in which the total first reaches the threshold, in order of time.

    Args:
        rule: the threshold, the length of a window, the unit per sector, the days to act.
        weeks: the pupil's teaching weeks; a holiday week is absent, so entries that follow each
            other are consecutive teaching weeks, whatever lies between them.
        marks: absences that count; those outside the given weeks are not in teaching time and are
            left out.
        sector: `PO`, `SBO`, `SO` or `VO`.
        after: the day of the last report; only later marks count.

    A window ends on the day on which the total is reached, with all marks of that day; the next
    count begins on the day after it. A window begins at most the rule's number of teaching weeks
    back, and not before the week in which its count began.

    Raises:
        ValueError: the rule has no unit for the sector, or a week is repeated or not a Monday.
    """
    if sector not in rule.units:
        raise ValueError(f"rule {rule.code} has no unit for sector {sector!r}")
    ordered = sorted(weeks, key=lambda week: week.monday)
    mondays = [week.monday for week in ordered]
    if len(set(mondays)) != len(mondays) or any(monday.weekday() for monday in mondays):
        raise ValueError("teaching weeks must be different Mondays")

    found: list[Window] = []
    counted: list[tuple[int, Fraction, Mark]] = []
    began = 0 if after is None else _week_of_next_day(mondays, after)
    for day, of_day in groupby(
        sorted(marks, key=lambda mark: (mark.date, str(mark.id))), key=lambda mark: mark.date
    ):
        index = bisect_right(mondays, day) - 1
        if index < 0 or day >= mondays[index] + WEEK or (after is not None and day <= after):
            continue
        first = max(began, index - rule.window_teaching_weeks + 1)
        counted = [entry for entry in counted if entry[0] >= first]
        counted += [
            (index, weight(rule.units[sector], ordered[index], mark), mark) for mark in of_day
        ]
        total = sum((entry[1] for entry in counted), Fraction())
        if total < rule.threshold:
            continue
        found.append(
            Window(
                first_week=mondays[first],
                last_week=mondays[index],
                total=_rounded_down(total),
                unit=rule.units[sector].unit,
                mark_ids=tuple(entry[2].id for entry in counted),
                reached_on=day,
                act_by=working_days_after(day, rule.act_within_working_days),
            )
        )
        counted = []
        began = _week_of_next_day(mondays, day)
    return found


def _week_of_next_day(mondays: Sequence[date], day: date) -> int:
    """Return the index of the first week that has a day after `day`."""
    return bisect_right(mondays, day + timedelta(days=1) - WEEK)


def _rounded_down(total: Fraction) -> Decimal:
    return Decimal(total.numerator * 100 // total.denominator).scaleb(-2)

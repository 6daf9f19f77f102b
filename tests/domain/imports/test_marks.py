"""Marks of other systems: what is told twice, and how long a mark is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.imports.marks import Mark, measured, merged
from domain.imports.ndjson_lines import ExceptionLine
from domain.imports.problems import Problems

MONDAY = date(2026, 10, 5)
DAY = Mark(line=1, key="a", pupil="1", day=MONDAY, category="authorised", reason="ILLNESS")
SEEN = replace(DAY, line=2, key="b", category="unauthorised", reason="UNKNOWN", observed=True)
LESSON = replace(DAY, line=3, key="c", start_unit=2, lesson_units=2, minutes=90)


def lengths(*marks: Mark, week: tuple[int, int] | None = (1_500, 30)) -> list[ExceptionLine]:
    """Measure marks by one week's schedule; every one has to have a measure."""
    problems = Problems()
    found = list(measured(marks, lambda _pupil, _day: week, problems))
    assert not problems, problems.listed()
    return found


def test_a_day_told_twice_is_one_mark() -> None:
    """The first stands; another reason, another day and another pupil are marks of their own."""
    again = replace(DAY, line=9, key="z")
    others = [
        replace(DAY, key="d", reason="BELIEF"),
        replace(DAY, key="e", day=MONDAY + timedelta(days=1)),
        replace(DAY, key="f", pupil="2"),
    ]
    assert merged([DAY, again, *others]) == [DAY, others[0], others[1], others[2]]


def test_what_was_seen_within_a_notice_is_the_notice() -> None:
    """A whole day covers any lesson; lessons cover those within them and no others."""
    lesson = replace(SEEN, start_unit=3, lesson_units=1, minutes=45)
    assert merged([DAY, SEEN]) == merged([SEEN, DAY]) == merged([DAY, lesson]) == [DAY]
    assert merged([LESSON, lesson]) == [LESSON]
    outside = replace(lesson, start_unit=4)
    assert merged([LESSON, outside]) == [LESSON, outside]
    assert merged([replace(DAY, share=Fraction(1, 2)), lesson])[1] == lesson


def test_lessons_without_minutes_have_the_weeks_length_and_the_reverse() -> None:
    """At 30 lessons of 1,500 minutes a lesson is 50; 120 minutes are two whole lessons."""
    (lessons,) = lengths(replace(LESSON, minutes=None))
    (minutes,) = lengths(replace(LESSON, lesson_units=None, minutes=120))
    (late,) = lengths(replace(LESSON, lesson_units=None, minutes=120, category="late"))
    assert (lessons.minutes, minutes.lesson_units, late.lesson_units) == (100, 2, 0)
    (unscheduled,) = lengths(LESSON, week=None)
    assert (unscheduled.minutes, unscheduled.lesson_units) == (90, 2)


def test_a_day_takes_what_the_other_marks_of_it_leave() -> None:
    """Sent home after two lessons and absent the whole day is one day, not more."""
    whole, lesson = lengths(DAY, replace(LESSON, category="late"))
    assert (whole.minutes, whole.lesson_units) == (300 - 90, 6)
    assert lesson.minutes == 90
    (half,) = lengths(replace(DAY, share=Fraction(1, 2)))
    assert (half.minutes, half.lesson_units) == (150, 3)


@pytest.mark.parametrize(
    ("mark", "week"),
    [(DAY, None), (DAY, (0, 0)), (replace(LESSON, minutes=None), (1_500, 0)), (DAY, (4, 0))],
)
def test_a_mark_that_nothing_measures_is_a_problem(
    mark: Mark, week: tuple[int, int] | None
) -> None:
    """Without a schedule, in a week of holidays, or with lessons where none are: never a guess."""
    problems = Problems()
    assert not list(measured([mark], lambda _pupil, _day: week, problems))
    (problem,) = problems.listed()
    assert (problem.line, problem.field) == (mark.line, "date")


@given(minutes=st.integers(5, 3_000), units=st.integers(0, 100))
def test_five_days_make_the_week(minutes: int, units: int) -> None:
    """Absent from Monday to Friday is absent for all that was scheduled, to the minute."""
    days = [replace(DAY, key=str(n), day=MONDAY + timedelta(days=n), line=n) for n in range(5)]
    found = lengths(*days, week=(minutes, units))
    assert sum(line.minutes for line in found) == minutes
    assert sum(line.lesson_units for line in found) == units


def test_no_day_is_longer_than_a_day() -> None:
    """A mark never takes more than 1,440 minutes, whatever the schedule."""
    (line,) = lengths(DAY, week=(10_000, 100))
    assert line.minutes == 1_440

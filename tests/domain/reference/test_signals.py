from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reference.rules.marking import History, Mark, Week, counting_mark, working_days_after
from domain.reference.rules.window_threshold import Window, window_threshold
from domain.reference.rules.window_threshold import windows as sixteen_hours
from domain.reference.rulesets import rule_set

RULE = rule_set(date(2026, 11, 23)).sixteen_hours
MONDAY = date(2026, 8, 31)


def weeks(*numbers: int, minutes: int = 1500, units: int = 30) -> list[Week]:
    """Return teaching weeks, counted from the first one of the year."""
    return [Week(MONDAY + timedelta(weeks=number), minutes, units) for number in numbers]


def mark(week: int, weekday: int, *, minutes: int, units: int = 0) -> Mark:
    """Return an absence on a day of a week, named after that day."""
    day = MONDAY + timedelta(weeks=week, days=weekday)
    return Mark(day, minutes, units, f"{day}")


def test_sixteen_lessons_in_four_weeks() -> None:
    """A secondary pupil reaches the threshold at the sixteenth lesson, four a week."""
    marks = [mark(week, 2, minutes=200, units=4) for week in range(4)]
    (found,) = sixteen_hours(RULE, weeks(0, 1, 2, 3), marks, "VO", None)
    assert found == Window(
        first_week=MONDAY,
        last_week=MONDAY + timedelta(weeks=3),
        total=Decimal("16.00"),
        unit=RULE.units["VO"].unit,
        mark_ids=tuple(entry.id for entry in marks),
        reached_on=marks[-1].date,
        act_by=marks[-1].date + timedelta(days=7),
    )


def test_primary_schools_count_clock_hours() -> None:
    """Sixteen lessons of fifty minutes are below 16 clock hours; 960 minutes are not."""
    short = [mark(week, 2, minutes=200, units=4) for week in range(4)]
    assert sixteen_hours(RULE, weeks(0, 1, 2, 3), short, "PO", None) == []
    full = [mark(week, 2, minutes=240, units=4) for week in range(4)]
    assert sixteen_hours(RULE, weeks(0, 1, 2, 3), full, "PO", None)[0].total == 16


def test_one_minute_short_is_no_signal() -> None:
    """959 minutes in a primary school are reported to nobody."""
    marks = [mark(0, 0, minutes=480), mark(1, 0, minutes=479)]
    assert sixteen_hours(RULE, weeks(0, 1), marks, "PO", None) == []


def test_five_weeks_do_not_add_up() -> None:
    """Lessons missed in the first of five teaching weeks have left the window."""
    marks = [mark(0, 0, minutes=200, units=4), mark(4, 0, minutes=600, units=12)]
    assert sixteen_hours(RULE, weeks(0, 1, 2, 3, 4), marks, "VO", None) == []


def test_a_holiday_week_is_stepped_over() -> None:
    """The same five calendar weeks with a holiday in them are four teaching weeks."""
    marks = [mark(0, 0, minutes=200, units=4), mark(4, 0, minutes=600, units=12)]
    (found,) = sixteen_hours(RULE, weeks(0, 1, 3, 4), marks, "VO", None)
    assert found.first_week == MONDAY


def test_absence_in_a_holiday_is_not_counted() -> None:
    """A mark outside the teaching weeks counts for nothing."""
    marks = [mark(2, 0, minutes=1000, units=20), mark(-1, 0, minutes=1000, units=20)]
    assert sixteen_hours(RULE, weeks(0, 1, 3, 4), marks, "VO", None) == []


def test_a_new_count_begins_after_a_window() -> None:
    """What one window rests on is not counted again in the next."""
    marks = [mark(0, day, minutes=400, units=8) for day in range(5)]
    first, second = sixteen_hours(RULE, weeks(0), marks, "VO", None)
    assert (first.reached_on, second.reached_on) == (marks[1].date, marks[3].date)
    assert not set(first.mark_ids) & set(second.mark_ids)


def test_a_new_count_begins_after_a_report() -> None:
    """Marks up to and on the day of the last report are left out."""
    marks = [mark(0, day, minutes=400, units=8) for day in range(3)]
    assert sixteen_hours(RULE, weeks(0), marks, "VO", marks[1].date) == []
    (found,) = sixteen_hours(RULE, weeks(0), marks, "VO", marks[0].date)
    assert found.mark_ids == (marks[1].id, marks[2].id)


def test_a_lesson_longer_than_an_hour_counts_its_minutes() -> None:
    """A lesson hour is at most sixty minutes: twelve lessons of eighty are sixteen hours."""
    marks = [mark(0, day, minutes=320, units=4) for day in range(3)]
    (found,) = sixteen_hours(RULE, weeks(0), marks, "VO", None)
    assert found.total == 16


def test_lateness_counts_as_part_of_a_lesson() -> None:
    """Twenty-five minutes late are half a lesson where the timetable has lessons of fifty."""
    late = counting_mark(
        RULE, "late", on=MONDAY + timedelta(days=2), minutes=25, units=1, mark_id="late"
    )
    assert late is not None
    marks = [mark(0, 0, minutes=775, units=15), mark(0, 1, minutes=25), late]
    (found,) = sixteen_hours(RULE, weeks(0), marks, "VO", None)
    assert (found.total, found.reached_on) == (16, late.date)


def test_lateness_without_a_timetable_is_never_overcounted() -> None:
    """Where no lessons are scheduled, minutes count as parts of sixty."""
    marks = [mark(0, 0, minutes=750, units=15), mark(0, 1, minutes=59)]
    assert sixteen_hours(RULE, weeks(0, units=0), marks, "VO", None) == []
    marks[1] = mark(0, 1, minutes=60)
    assert len(sixteen_hours(RULE, weeks(0, units=0), marks, "VO", None)) == 1


@pytest.mark.parametrize("category", ["authorised", "school_caused", "present", "nonsense"])
def test_what_does_not_count(category: str) -> None:
    """Only the categories that the rule names are counted."""
    assert counting_mark(RULE, category, on=MONDAY, minutes=50, units=1, mark_id="x") is None


def test_whole_absences_keep_their_units() -> None:
    """An unauthorised absence counts the lessons it spans."""
    found = counting_mark(RULE, "unauthorised", on=MONDAY, minutes=50, units=1, mark_id="x")
    assert found == Mark(MONDAY, 50, 1, "x")


def test_working_days_skip_the_weekend() -> None:
    """Five working days after a Friday, a Saturday and a Monday."""
    assert working_days_after(date(2026, 11, 20), 5) == date(2026, 11, 27)
    assert working_days_after(date(2026, 11, 21), 5) == date(2026, 11, 27)
    assert working_days_after(date(2026, 11, 23), 5) == date(2026, 11, 30)


def test_the_threshold_comes_from_the_rule() -> None:
    """Another rule set with another threshold gives another answer over the same marks."""
    marks = [mark(0, 0, minutes=400, units=8)]
    assert sixteen_hours(RULE, weeks(0), marks, "VO", None) == []
    assert len(sixteen_hours(replace(RULE, threshold=8), weeks(0), marks, "VO", None)) == 1


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: (weeks(0), "MBO"), "sector"),
        (lambda: ([*weeks(0), *weeks(0)], "VO"), "Mondays"),
        (lambda: ([Week(MONDAY + timedelta(days=1), 1500, 30)], "VO"), "Mondays"),
    ],
)
def test_nonsense_is_refused(build: Callable[[], tuple[list[Week], str]], message: str) -> None:
    """An unknown sector, a repeated week and a week that starts on a Tuesday are errors."""
    given_weeks, sector = build()
    with pytest.raises(ValueError, match=message):
        sixteen_hours(RULE, given_weeks, [], sector, None)


def oracle_weight(home: Week, entry: Mark, sector: str) -> Fraction:
    """Say what one absence counts for, case by case."""
    if sector != "VO" or entry.minutes > 60 * entry.units > 0:
        return Fraction(entry.minutes, 60)
    if entry.units:
        return Fraction(entry.units)
    if not home.scheduled_minutes or not home.scheduled_units:
        return Fraction(entry.minutes, 60)
    length = Fraction(home.scheduled_minutes, home.scheduled_units)
    return Fraction(entry.minutes) / min(length, Fraction(60))


def oracle(
    teaching: list[Week], marks: list[Mark], sector: str, after: date | None
) -> list[tuple[date, date, Fraction, set[str], date]]:
    """Walk every day and every set of four weeks, knowing only the sentence of the law."""
    answer: list[tuple[date, date, Fraction, set[str], date]] = []
    cut = after or date.min
    start = min((week.monday for week in teaching), default=MONDAY)
    for offset in range(7 * 15):
        today = start + timedelta(days=offset)
        best: tuple[date, date, Fraction, set[str], date] | None = None
        for four in (teaching[place : place + 4] for place in range(len(teaching))):
            window = [week for week in four if week.monday <= today]
            if not window or not window[-1].monday <= today <= window[-1].monday + timedelta(6):
                continue
            total, ids = Fraction(), set[str]()
            for entry in marks:
                home = [w for w in window if 0 <= (entry.date - w.monday).days < 7]
                if not home or not cut < entry.date <= today:
                    continue
                total += oracle_weight(home[0], entry, sector)
                ids.add(str(entry.id))
            fresh = [week for week in window if week.monday + timedelta(6) > cut]
            newest = max((entry.date for entry in marks if str(entry.id) in ids), default=None)
            if total >= 16 and newest == today:
                candidate = (fresh[0].monday, window[-1].monday, total, ids, today)
                if best is None or candidate[0] < best[0]:
                    best = candidate
        if best is not None:
            answer.append(best)
            cut = today
    return answer


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Week], list[Mark], str, date | None]:
    """Draw up to ten calendar weeks with holidays among them, marks anywhere, a last report."""
    numbers = draw(st.lists(st.integers(0, 9), unique=True, max_size=10).map(sorted))
    teaching = [
        Week(
            MONDAY + timedelta(weeks=number),
            draw(st.sampled_from([0, 900, 1500, 2400])),
            draw(st.sampled_from([0, 20, 30, 32])),
        )
        for number in numbers
    ]
    spots = draw(
        st.lists(
            st.tuples(
                st.integers(-3, 74),
                st.sampled_from([5, 25, 50, 60, 80, 240, 400, 480]),
                st.sampled_from([0, 0, 1, 4, 8]),
            ),
            max_size=25,
        )
    )
    marks = [
        Mark(MONDAY + timedelta(days=day), minutes, units, f"{number:02}")
        for number, (day, minutes, units) in enumerate(spots)
    ]
    after = draw(st.none() | st.integers(-5, 70).map(lambda day: MONDAY + timedelta(days=day)))
    return teaching, marks, draw(st.sampled_from(["PO", "SBO", "SO", "VO"])), after


@given(world=worlds())
def test_the_rule_equals_an_oracle(
    world: tuple[list[Week], list[Mark], str, date | None],
) -> None:
    """Windows equal those found by walking every day and every four weeks."""
    teaching, marks, sector, after = world
    found = sixteen_hours(RULE, teaching, marks, sector, after)
    expected = oracle(teaching, marks, sector, after)
    assert [
        (window.first_week, window.last_week, set(window.mark_ids), window.reached_on)
        for window in found
    ] == [(first, last, ids, day) for first, last, _, ids, day in expected]
    for window, (_, _, total, _, _) in zip(found, expected, strict=True):
        assert 0 <= total - Fraction(window.total) < Fraction(1, 100)


@given(world=worlds())
def test_what_is_found_is_every_window(
    world: tuple[list[Week], list[Mark], str, date | None],
) -> None:
    """That exact arithmetic is spared where it cannot find anything hides no window."""
    teaching, marks, sector, _ = world
    found = window_threshold(RULE, History(weeks=teaching, marks=marks, sector=sector), marks)
    assert [(entry.reached_on, entry.marks) for entry in found] == [
        (window.reached_on, window.mark_ids)
        for window in sixteen_hours(RULE, teaching, marks, sector, None)
    ]


@given(world=worlds(), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_what_is_handed_in_is_nothing(
    world: tuple[list[Week], list[Mark], str, date | None], shuffle: Random
) -> None:
    """Weeks and marks in any order give the same windows."""
    teaching, marks, sector, after = world
    mixed_weeks, mixed_marks = list(teaching), list(marks)
    shuffle.shuffle(mixed_weeks)
    shuffle.shuffle(mixed_marks)
    assert sixteen_hours(RULE, teaching, marks, sector, after) == sixteen_hours(
        RULE, mixed_weeks, mixed_marks, sector, after
    )

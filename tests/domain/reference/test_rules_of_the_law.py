"""Worked examples of the Leerplichtwet 1969 and of DUO's kinds of report."""

from datetime import date
from functools import partial

import pytest

from domain.reference.rules.marking import Mark
from tests.domain.reference.counting import away, day, find, ill, school_days, weeks

LAW = "leerplichtwet-1969"


sixteen = partial(find, LAW, "SIXTEEN_HOURS_IN_FOUR_WEEKS")


def lessons(on: date, units: int, *, minutes: int = 50, category: str = "unauthorised") -> Mark:
    """Return so many lessons missed on a day, each of so many minutes."""
    return Mark(on, units * minutes, units, f"{on} {category}", category, None)


def test_sixteen_hours_go_on_over_a_holiday() -> None:
    """Ten lessons before the autumn holiday and six after it are sixteen in four teaching weeks."""
    marks = [lessons(day(1), 5), lessons(day(2), 5), lessons(day(5), 6)]
    (found,) = sixteen(weeks(6, without=(3,)), marks)
    assert (found.first_week, found.reached_on) == (day(1), day(5))
    assert (found.amount, found.unit) == (16, "lesson_units")
    assert sixteen(weeks(6), marks) == []


def test_the_head_has_five_working_days() -> None:
    """Forthwith is within five working days: reached on a Thursday, act by the next Thursday."""
    (found,) = sixteen(weeks(1), [lessons(day(0, 1), 8), lessons(day(0, 3), 8)])
    assert (found.reached_on, found.act_by) == (day(0, 3), day(1, 3))


def test_after_the_sixteenth_hour_a_new_window_starts() -> None:
    """Thirty-two lessons are two signals, and no lesson counts in both."""
    marks = [lessons(day(number, 2), 8) for number in range(4)]
    first, second = sixteen(weeks(4), marks)
    assert (first.reached_on, second.reached_on) == (day(1, 2), day(3, 2))
    assert not set(first.marks) & set(second.marks)


def test_lessons_of_mixed_length() -> None:
    """A lesson of 45 minutes is one lesson hour, one of 80 is more, and PO counts clock hours."""
    short = [lessons(day(number), 4, minutes=45) for number in range(4)]
    assert len(sixteen(weeks(4), short)) == 1
    assert sixteen(weeks(4), short, sector="PO") == []
    long = [lessons(day(number), 3, minutes=80) for number in range(4)]
    assert len(sixteen(weeks(4), long)) == 1
    assert sixteen(weeks(4), long)[0].amount == 16


def test_illness_that_turns_out_unauthorised_counts_from_the_correction() -> None:
    """Days of illness give no signal; the same days as unauthorised absence do."""
    days = [day(0, number) for number in range(3)]
    assert sixteen(weeks(1), ill(*days)) == []
    assert len(sixteen(weeks(1), away(*days, reason="UNKNOWN"))) == 1


def test_who_turned_eighteen_is_not_bound_any_more() -> None:
    """Marks from the eighteenth birthday on do not count; an unknown date of birth does."""
    marks = [lessons(day(0, 1), 8), lessons(day(0, 3), 8)]
    assert len(sixteen(weeks(1), marks, born=date(2008, 9, 4))) == 1
    assert sixteen(weeks(1), marks, born=date(2008, 9, 3)) == []
    assert len(sixteen(weeks(1), marks, born=None)) == 1


def test_longer_than_four_weeks_begins_on_the_first_day_after_them() -> None:
    """Away from a Wednesday on: four weeks are full on the Tuesday, longer on the Wednesday."""
    days = school_days(day(0, 2), 21)
    (found,) = find(LAW, "LONG_TERM_ABSENCE", weeks(6), away(*days))
    assert found.reached_on == days[20] == day(4, 2)
    assert (found.amount, found.unit) == (21, "school_days")
    assert find(LAW, "LONG_TERM_ABSENCE", weeks(6), away(*days[:20])) == []


def test_four_weeks_do_not_count_the_holiday() -> None:
    """A holiday week in between makes the absence a week longer, and does not break it."""
    days = school_days(day(0), 21, without=(2,))
    (found,) = find(LAW, "LONG_TERM_ABSENCE", weeks(7, without=(2,)), away(*days))
    assert found.reached_on == day(5)


def test_one_day_back_begins_the_four_weeks_again() -> None:
    """Whoever was at school for one day in between is not away for longer than four weeks."""
    days = school_days(day(0), 24)
    del days[10]
    assert find(LAW, "LONG_TERM_ABSENCE", weeks(6), away(*days)) == []


def test_long_illness_is_not_long_term_absence() -> None:
    """Illness is a valid reason: however long, it gives no signal that is reported."""
    days = school_days(day(0), 30)
    assert find(LAW, "LONG_TERM_ABSENCE", weeks(7), ill(*days)) == []


@pytest.mark.parametrize(("minutes", "counted"), [(150, True), (149, False)])
def test_a_day_counts_from_half_of_it(minutes: int, *, counted: bool) -> None:
    """Half of an average school day of 300 minutes makes a day of absence; a minute less none."""
    days = school_days(day(0), 21)
    found = find(LAW, "LONG_TERM_ABSENCE", weeks(6), away(*days, minutes=minutes))
    assert bool(found) is counted


def test_a_holiday_without_leave_is_reported_from_its_first_day() -> None:
    """The week before the summer holiday: one signal, on the first day, and not on each day."""
    days = school_days(day(3), 5)
    (found,) = find(
        LAW, "UNAUTHORISED_HOLIDAY", weeks(4), away(*days, reason="UNAUTHORISED_HOLIDAY")
    )
    assert (found.reached_on, found.amount, found.unit) == (day(3), 1, "events")
    assert found.act_by == day(4)
    assert find(LAW, "UNAUTHORISED_HOLIDAY", weeks(4), away(*days)) == []


def test_a_second_holiday_is_a_second_signal() -> None:
    """Two holidays with school in between are two."""
    marks = away(day(0), day(0, 1), day(2), reason="UNAUTHORISED_HOLIDAY")
    found = find(LAW, "UNAUTHORISED_HOLIDAY", weeks(3), marks)
    assert [entry.reached_on for entry in found] == [day(0), day(2)]


def test_eighteen_and_away_for_four_weeks() -> None:
    """A pupil of 18 is found on the twentieth school day; one of 17, or of unknown age, is not."""
    days = school_days(day(0), 25)
    code = ("doorstroompunt-18-plus", "TRANSITION_18_PLUS", weeks(6), away(*days))
    (found,) = find(*code, born=date(2008, 8, 1))
    assert (found.reached_on, found.amount) == (days[19], 20)
    assert find(*code, born=date(2010, 8, 1)) == []
    assert find(*code, born=None) == []


def test_until_which_age_is_a_matter_of_date() -> None:
    """At 24 a pupil is reported by the rules of 2026 and was not by those before."""
    days = school_days(day(0), 20)
    of_24 = date(2002, 8, 1)
    new = find("doorstroompunt-18-plus", "TRANSITION_18_PLUS", weeks(4), away(*days), born=of_24)
    old = find("rmc-18-plus", "TRANSITION_18_PLUS", weeks(4), away(*days), born=of_24)
    assert (len(new), len(old)) == (1, 0)

"""Worked examples of the Compulsory Schooling Act: terms, limits and who decides."""

from dataclasses import replace
from datetime import date

import pytest

from domain.leave.judging import Granted, Obstacle, judge
from domain.leave.models import Decider, LeaveGround, NoticeKind
from domain.leave.notices import kept_term
from domain.reference.calendar import HolidayRegion, TeachingCalendar, teaching_calendar
from domain.reference.leave import NoLeaveRulesError, leave_rules

RULES = leave_rules(date(2026, 3, 16))
HOLIDAY, WEIGHTY = LeaveGround.HOLIDAY, LeaveGround.WEIGHTY
MONDAY = date(2026, 3, 9)


def calendar() -> TeachingCalendar:
    """Return the calendar of 2025-2026 in the central region."""
    found = teaching_calendar(2025, HolidayRegion.CENTRAL)
    assert found is not None
    return found


def weighty(last: date, *before: int) -> Decider:
    """Return who decides on leave from 9 March, after so many days were granted."""
    granted = [Granted(WEIGHTY, days) for days in before]
    return judge(RULES, WEIGHTY, MONDAY, last, calendar=calendar(), granted=granted).decider


def test_ten_days_are_the_heads() -> None:
    """Ten school days in a school year are within what the head decides on; eleven are not."""
    assert weighty(date(2026, 3, 20)) is Decider.HEAD
    assert weighty(date(2026, 3, 23)) is Decider.OFFICER


def test_days_of_the_year_add_up() -> None:
    """What was granted before in the school year counts: eight and three make eleven."""
    assert weighty(date(2026, 3, 10), 5, 3) is Decider.HEAD
    assert weighty(date(2026, 3, 11), 5, 3) is Decider.OFFICER


def test_holiday_leave_does_not_count_towards_weighty_circumstances() -> None:
    """Leave on another ground is another ten days."""
    granted = [Granted(HOLIDAY, 10)]
    judged = judge(RULES, WEIGHTY, MONDAY, date(2026, 3, 20), calendar=calendar(), granted=granted)
    assert judged.decider is Decider.HEAD


def test_weekends_and_holidays_are_no_school_days() -> None:
    """Two weeks of which one is the spring holiday are five school days."""
    judged = judge(
        RULES, WEIGHTY, date(2026, 2, 7), date(2026, 2, 27), calendar=calendar(), granted=[]
    )
    assert (judged.school_days, judged.calendar_known) == (10, True)


def test_without_a_calendar_weekdays_count() -> None:
    """A year that the calendar does not have is counted in weekdays, and says so."""
    judged = judge(RULES, WEIGHTY, date(2040, 3, 5), date(2040, 3, 18), calendar=None, granted=[])
    assert (judged.school_days, judged.calendar_known) == (10, False)


@pytest.mark.parametrize(
    ("first", "last", "before", "obstacles"),
    [
        (date(2026, 3, 9), date(2026, 3, 20), 0, ()),
        (date(2026, 3, 9), date(2026, 3, 23), 0, (Obstacle.TOO_LONG,)),
        (date(2026, 3, 9), date(2026, 3, 13), 1, (Obstacle.ONCE_A_YEAR,)),
        (date(2025, 9, 12), date(2025, 9, 16), 0, (Obstacle.FIRST_WEEKS,)),
        (date(2025, 9, 15), date(2025, 9, 16), 0, ()),
    ],
)
def test_leave_for_a_holiday(
    first: date, last: date, before: int, obstacles: tuple[Obstacle, ...]
) -> None:
    """At most ten days, once a year, never in the first two teaching weeks: always the head's."""
    judged = judge(
        RULES, HOLIDAY, first, last, calendar=calendar(), granted=[Granted(HOLIDAY, 2)] * before
    )
    assert (judged.decider, judged.obstacles) == (Decider.HEAD, obstacles)


def test_a_limit_is_data() -> None:
    """Changing the number of days in the rules changes who decides; no code names it."""
    changed = replace(RULES, head_decides_to=4)
    judged = judge(changed, WEIGHTY, MONDAY, date(2026, 3, 13), calendar=calendar(), granted=[])
    assert judged.decider is Decider.OFFICER


def test_terms_of_notices() -> None:
    """An illness is notified within two days, a duty of belief at least two days before."""
    today = date(2026, 3, 16)
    kept = [kept_term(RULES, NoticeKind.ILLNESS, date(2026, 3, day), today) for day in (14, 13)]
    assert kept == [True, False]
    kept = [kept_term(RULES, NoticeKind.BELIEF, date(2026, 3, day), today) for day in (18, 17)]
    assert kept == [True, False]


def test_every_rule_has_a_source() -> None:
    """Each part of the rules names the article it rests on."""
    assert set(RULES.sources) == {"illness", "belief", "holiday", "weighty", "decision"}
    assert all("art." in source for source in RULES.sources.values())


def test_a_day_without_rules_is_an_error() -> None:
    """Before the first set of rules nothing is judged, rather than by rules of another time."""
    with pytest.raises(NoLeaveRulesError):
        leave_rules(date(1999, 1, 1))

"""Worked examples of M@ZL, of the bands of chronic absence, and of tiers."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reference.rules.marking import Found, Week
from domain.reference.rules.tiering import Counted, distribution, tier_of
from domain.reference.rulesets import BANDS, rule_set
from domain.reference.ruleshapes import TierRule
from tests.domain.reference.counting import away, day, find, ill, school_days, weeks

RULES = {rule.dimension: rule for rule in rule_set(date(2026, 11, 23), BANDS).tiers}


def reports(over: list[Week], *on: date) -> list[Found]:
    """Apply the rule of the fourth sick report."""
    return find("mazl", "FOURTH_SICK_REPORT", over, ill(*on))


def days_on_end(over: list[Week], *on: date, closed: tuple[date, ...] = ()) -> list[Found]:
    """Apply the rule of the seventh day of illness."""
    return find("mazl", "SEVENTH_SICK_DAY", over, ill(*on), closed=closed)


def test_the_fourth_sick_report() -> None:
    """Four times ill within twelve school weeks: found on the first day of the fourth time."""
    on = [day(0), day(3, 1), day(3, 2), day(6, 4), day(11, 3), day(11, 4)]
    (found,) = reports(weeks(12), *on)
    assert (found.reached_on, found.amount, found.unit) == (day(11, 3), 4, "events")
    assert found.marks == tuple(f"ill {each}" for each in on[:5])
    assert reports(weeks(12), *on[:4]) == []


def test_the_thirteenth_week_is_too_late() -> None:
    """A fourth time in the thirteenth school week does not count; with a holiday it is the 12th."""
    on = (day(0), day(3), day(6), day(12))
    assert reports(weeks(13), *on) == []
    assert len(reports(weeks(13, without=(8,)), *on)) == 1


def test_a_weekend_or_a_holiday_between_does_not_make_two_reports() -> None:
    """Ill on Friday and on Monday is one report, also with a holiday week between them."""
    on = (day(0, 4), day(1), day(2, 4), day(4), day(6), day(8))
    assert len(reports(weeks(9, without=(3,)), *on)) == 1
    assert reports(weeks(9, without=(3,)), *on[:-1]) == []


def test_after_the_fourth_report_the_count_begins_again() -> None:
    """A fifth report is the first of the next four."""
    on = [day(number) for number in range(8)]
    found = reports(weeks(8), *on)
    assert [entry.reached_on for entry in found] == [day(3), day(7)]


def test_the_seventh_school_day_of_illness() -> None:
    """Ill from a Thursday on: the seventh school day is the Friday of the week after."""
    on = school_days(day(0, 3), 8)
    (found,) = days_on_end(weeks(3), *on)
    assert (found.reached_on, found.amount, found.unit) == (day(1, 4), 7, "school_days")
    assert days_on_end(weeks(3), *on[:6]) == []


def test_weekends_holidays_and_closed_days_are_no_school_days() -> None:
    """They are not counted and do not break the row."""
    over = weeks(4, without=(1,))
    on = school_days(day(0), 7, without=(1,))
    (found,) = days_on_end(over, *on)
    assert found.reached_on == day(2, 1)
    del on[2]
    assert days_on_end(over, *on) == []
    assert days_on_end(over, *on, day(2, 2), closed=(day(0, 2),))[0].reached_on == day(2, 2)


def test_other_absence_is_not_illness() -> None:
    """Absence without a valid reason and a visit to the doctor are not counted as illness."""
    on = school_days(day(0), 8)
    assert find("mazl", "SEVENTH_SICK_DAY", weeks(3), away(*on)) == []


def chronic(code: str, missed: int, *, count: int = 4) -> list[Found]:
    """Apply a band to weeks of 1,500 minutes of which so many were missed."""
    return find("attendance-bands-1", code, weeks(count, missed=missed), ill(day(0)))


@pytest.mark.parametrize(
    ("code", "missed", "found"),
    [
        ("CHRONIC_ABSENCE", 150, True),
        ("CHRONIC_ABSENCE", 149, False),
        ("SEVERE_CHRONIC_ABSENCE", 300, True),
        ("SEVERE_CHRONIC_ABSENCE", 299, False),
    ],
)
def test_a_band_is_reached_at_the_number_itself(code: str, missed: int, *, found: bool) -> None:
    """Exactly ten and exactly twenty percent are in the band; one minute less is not."""
    assert bool(chronic(code, missed)) is found


def test_a_band_is_not_judged_on_three_weeks() -> None:
    """Before four weeks are known nothing is said, however much was missed."""
    assert chronic("CHRONIC_ABSENCE", 1500, count=3) == []
    (found,) = chronic("CHRONIC_ABSENCE", 1500, count=4)
    assert (found.amount, found.unit, found.reached_on) == (100, "percent", day(3, 4))


def test_a_new_school_year_is_judged_anew() -> None:
    """What was missed before the summer does not count after it."""
    before = [Week(date(2026, 6, 1 + 7 * n), 1500, 30, 0) for n in range(4)]
    after = weeks(4)
    assert len(find("attendance-bands-1", "CHRONIC_ABSENCE", before + after, ill(day(0)))) == 1


@pytest.mark.parametrize(
    ("dimension", "amount", "whole", "tier"),
    [
        ("attendance", 599, 6000, 1), ("attendance", 600, 6000, 2), ("attendance", 1199, 6000, 2),
        ("attendance", 1200, 6000, 3), ("lateness", 3, 8, 1), ("lateness", 4, 8, 2),
        ("lateness", 8, 8, 3), ("sickness", 480, 6000, 2), ("unauthorised", 119, 6000, 1),
        ("unauthorised", 120, 6000, 2),
    ],
)  # fmt: skip
def test_a_tier_begins_at_the_number_itself(
    dimension: str, amount: int, whole: int, tier: int
) -> None:
    """Each dimension has bands of its own, and each band begins at its number."""
    assert tier_of(RULES[dimension], Counted(amount, whole, weeks=8)) == tier


def test_no_tier_without_enough_weeks() -> None:
    """Three weeks, or weeks without lessons, give no tier at all instead of the lowest."""
    rule = RULES["attendance"]
    assert tier_of(rule, Counted(4500, 4500, weeks=3)) is None
    assert tier_of(rule, Counted(0, 0, weeks=8)) is None


@given(
    rule=st.sampled_from(sorted(RULES.values(), key=lambda rule: rule.code)),
    amount=st.integers(0, 5000),
    whole=st.integers(1, 5000),
)
def test_tiers_equal_plain_fractions(rule: TierRule, amount: int, whole: int) -> None:
    """The tier is the highest whose share is reached, counted with exact fractions."""
    share = Fraction(amount, whole)
    expected = 1 + sum(share >= Fraction(band.at_least, band.per) for band in rule.bands)
    assert tier_of(rule, Counted(amount, whole, weeks=10)) == expected


def test_a_distribution_counts_everyone_once() -> None:
    """Pupils without a tier are counted apart, so that the sum is the number of pupils."""
    pupils = [Counted(n, 100, weeks=n) for n in range(30)]
    counted = distribution(RULES["attendance"], pupils)
    assert counted == {None: 4, 1: 6, 2: 10, 3: 10}

from datetime import date, timedelta

import pytest

from domain.reference import directory
from domain.reference.calendar import (
    HolidayRegion,
    holiday_region,
    region_of_municipalities,
    region_of_provinces,
    school_year_of,
    teaching_calendar,
)

NORTH, CENTRAL, SOUTH = HolidayRegion
YEARS = (2025, 2026)


@pytest.mark.parametrize("region", HolidayRegion)
@pytest.mark.parametrize("year", YEARS)
def test_a_school_year_has_its_holidays(year: int, region: HolidayRegion) -> None:
    """Each school year has its five holidays in each region, in order, from Saturday to Sunday."""
    calendar = teaching_calendar(year, region)
    assert calendar is not None
    assert [h.code for h in calendar.holidays] == ["autumn", "christmas", "spring", "may", "summer"]
    for holiday in calendar.holidays:
        assert (holiday.first_day.isoweekday(), holiday.last_day.isoweekday()) == (6, 7)
        assert holiday.source
    assert (calendar.first_day.isoweekday(), calendar.last_day.isoweekday()) == (1, 5)


@pytest.mark.parametrize("region", HolidayRegion)
@pytest.mark.parametrize("year", YEARS)
def test_no_week_of_a_holiday_is_a_teaching_week(year: int, region: HolidayRegion) -> None:
    """A teaching week lies in no holiday, and every other week of the year is one."""
    calendar = teaching_calendar(year, region)
    assert calendar is not None
    off = {
        holiday.first_day + timedelta(days=2 + 7 * n)
        for holiday in calendar.holidays
        for n in range((holiday.last_day - holiday.first_day).days // 7)
        if holiday.code != "summer"
    }
    assert not off & set(calendar.teaching_weeks)
    weeks = (calendar.last_day - calendar.first_day).days // 7 + 1
    assert len(calendar.teaching_weeks) == weeks - len(off)


def test_worked_examples() -> None:
    """The autumn week of 2025 is free in the south a week before the rest of the country."""
    week = date(2025, 10, 13)
    teaching = {
        region: week in calendar.teaching_weeks
        for region in HolidayRegion
        if (calendar := teaching_calendar(2025, region))
    }
    assert teaching == {NORTH: True, CENTRAL: True, SOUTH: False}


def test_teaching_days_leave_out_weekends_and_free_days() -> None:
    """Of the week of Ascension Day in 2026 four days are teaching days, and no weekend is."""
    calendar = teaching_calendar(2025, CENTRAL)
    assert calendar is not None
    assert calendar.teaching_days(date(2026, 5, 11), date(2026, 5, 17)) == 4


def test_the_end_of_the_first_weeks() -> None:
    """The first two teaching weeks end on the second Sunday."""
    calendar = teaching_calendar(2025, NORTH)
    assert calendar is not None
    assert calendar.first_day == date(2025, 8, 25)
    assert calendar.ends_of_first_weeks(2) == date(2025, 9, 7)


def test_an_unknown_year_is_none() -> None:
    """A year without both summers is not known, rather than a year without holidays."""
    assert teaching_calendar(2024, NORTH) is None
    assert teaching_calendar(2099, NORTH) is None


def test_a_school_year_starts_in_august() -> None:
    """1 August is the first day of a school year, 31 July the last."""
    assert [school_year_of(date(2026, 7, 31)), school_year_of(date(2026, 8, 1))] == [2025, 2026]


def test_every_municipality_has_a_region() -> None:
    """All 342 municipalities have a region, and every municipality listed apart exists."""
    known = {m.code: m for m in directory.municipalities()}
    assert all(holiday_region(m.code, m.province) for m in known.values())
    assert set(region_of_municipalities()) <= set(known)
    assert {m.province for m in known.values()} == set(region_of_provinces()) - {"Schakelland"}
    named = {m.name: holiday_region(m.code, m.province) for m in known.values()}
    assert (named["Arnhem"], named["Hattem"], named["Zeewolde"]) == (SOUTH, NORTH, CENTRAL)


def test_an_unknown_province_has_none() -> None:
    """A place outside every province has no region, rather than a guessed one."""
    assert holiday_region("9999", "Nowhere") is None

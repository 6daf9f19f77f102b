"""The teaching calendar: school holidays per holiday region (vakantieregio), dated, with source.

`calendar/holidays.json` has the holidays and the free days, `calendar/regions.json` says which
province and which municipality lies in which region. A school year is named by the year in which it
starts (on 1 August, WPO and WVO 2020 art. 1) and is known when both the summer before it and its
own are there. A source that ends in `to be confirmed` was not read in the regulation itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import NotRequired, TypedDict, cast

from domain.reference.files import json_file

_FOLDER = "calendar"
_WEEK = timedelta(days=7)
_SCHOOL_DAYS = 5
_SUMMER = "summer"
_FIRST_MONTH = 8


class HolidayRegion(StrEnum):
    """One of the three regions that have their holidays at different times (vakantieregio)."""

    NORTH = "north"
    CENTRAL = "central"
    SOUTH = "south"


@dataclass(frozen=True, slots=True)
class SchoolHoliday:
    """A holiday (schoolvakantie) of a region; both days are within it.

    `fixed` says that the Minister sets it; otherwise it is advice, from which a school may differ.
    """

    code: str
    first_day: date
    last_day: date
    fixed: bool
    nl: str
    en: str
    source: str


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A public holiday (feestdag) on a weekday outside the school holidays, or in one."""

    day: date
    nl: str
    en: str
    source: str


@dataclass(frozen=True, slots=True)
class TeachingCalendar:
    """A school year in a region: its first and last teaching day, holidays and teaching weeks.

    `teaching_weeks` are the Mondays of weeks that have at least one teaching day, ascending.
    """

    school_year: int
    region: HolidayRegion
    first_day: date
    last_day: date
    holidays: tuple[SchoolHoliday, ...]
    free_days: tuple[FreeDay, ...]
    teaching_weeks: tuple[date, ...]

    def is_teaching_day(self, day: date) -> bool:
        """Return whether there is school on a day, as far as the calendar knows."""
        return (
            self.first_day <= day <= self.last_day
            and day.isoweekday() <= _SCHOOL_DAYS
            and not any(holiday.first_day <= day <= holiday.last_day for holiday in self.holidays)
            and not any(free.day == day for free in self.free_days)
        )

    def teaching_days(self, first: date, last: date) -> int:
        """Return how many teaching days lie in a period, both days within it."""
        days = (last - first).days + 1
        return sum(self.is_teaching_day(first + timedelta(days=n)) for n in range(days))

    def ends_of_first_weeks(self, weeks: int) -> date:
        """Return the last day of the first so many teaching weeks."""
        return self.teaching_weeks[weeks - 1] + _WEEK - timedelta(days=1)


class _HolidayEntry(TypedDict):
    school_year: int
    code: str
    regions: list[str]
    first_day: str
    last_day: str
    fixed: bool
    nl: str
    en: str
    source: str


class _FreeDayEntry(TypedDict):
    day: str
    nl: str
    en: str
    source: str


class _HolidaysFile(TypedDict):
    holidays: list[_HolidayEntry]
    free_days: list[_FreeDayEntry]


class _MunicipalityEntry(TypedDict):
    code: str
    name: str
    region: str
    note: NotRequired[str]


class _RegionsFile(TypedDict):
    source: str
    valid_from: str
    provinces: dict[str, str]
    fictional: dict[str, str]
    municipalities: list[_MunicipalityEntry]


@cache
def _holidays() -> _HolidaysFile:
    return cast("_HolidaysFile", json_file(_FOLDER, "holidays.json"))


@cache
def _regions() -> _RegionsFile:
    return cast("_RegionsFile", json_file(_FOLDER, "regions.json"))


def school_year_of(day: date) -> int:
    """Return the year in which the school year of a day starts (on 1 August)."""
    return day.year if day.month >= _FIRST_MONTH else day.year - 1


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


@cache
def holidays(school_year: int, region: HolidayRegion) -> tuple[SchoolHoliday, ...]:
    """Return the holidays of a school year in a region, in order of time."""
    found = (
        SchoolHoliday(
            code=entry["code"],
            first_day=date.fromisoformat(entry["first_day"]),
            last_day=date.fromisoformat(entry["last_day"]),
            fixed=entry["fixed"],
            nl=entry["nl"],
            en=entry["en"],
            source=entry["source"],
        )
        for entry in _holidays()["holidays"]
        if entry["school_year"] == school_year and str(region) in entry["regions"]
    )
    return tuple(sorted(found, key=lambda holiday: holiday.first_day))


def _summer(school_year: int, region: HolidayRegion) -> SchoolHoliday | None:
    found = [h for h in holidays(school_year, region) if h.code == _SUMMER]
    return found[0] if found else None


@cache
def teaching_calendar(school_year: int, region: HolidayRegion) -> TeachingCalendar | None:
    """Return the calendar of a school year in a region, or None when it is not known."""
    before, after = _summer(school_year - 1, region), _summer(school_year, region)
    if before is None or after is None:
        return None
    first, last = before.last_day + timedelta(days=1), after.first_day - timedelta(days=1)
    free = tuple(
        FreeDay(date.fromisoformat(entry["day"]), entry["nl"], entry["en"], entry["source"])
        for entry in _holidays()["free_days"]
        if first <= date.fromisoformat(entry["day"]) <= last
    )
    bare = TeachingCalendar(
        school_year, region, first, last, holidays(school_year, region), free, ()
    )
    mondays: list[date] = []
    monday = monday_of(first)
    while monday <= last:
        if bare.teaching_days(monday, monday + timedelta(days=_SCHOOL_DAYS - 1)):
            mondays.append(monday)
        monday += _WEEK
    return TeachingCalendar(school_year, region, first, last, bare.holidays, free, tuple(mondays))


@cache
def region_of_provinces() -> Mapping[str, HolidayRegion]:
    """Return the region that each province lies in, but for the municipalities listed apart.

    The province of the fictional demo region is among them.
    """
    content = _regions()
    named = content["provinces"] | content["fictional"]
    return MappingProxyType({name: HolidayRegion(region) for name, region in named.items()})


@cache
def region_of_municipalities() -> Mapping[str, HolidayRegion]:
    """Return the region of each municipality (CBS code) that differs from its province."""
    return MappingProxyType(
        {entry["code"]: HolidayRegion(entry["region"]) for entry in _regions()["municipalities"]}
    )


def holiday_region(municipality_code: str, province: str) -> HolidayRegion | None:
    """Return the region of a municipality, or None where its province is not known.

    A municipality that two regions divide (Altena, Montferland) has the one of most of it.
    """
    listed = region_of_municipalities().get(municipality_code)
    return listed or region_of_provinces().get(province)

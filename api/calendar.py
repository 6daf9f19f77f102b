"""The teaching calendar over GraphQL: public, about no person."""

from datetime import date
from typing import Annotated

import strawberry

from api.enums import describe
from api.wording import Wording
from domain.reference import calendar
from domain.reference.calendar import HolidayRegion
from domain.reference.files import is_unconfirmed

strawberry.enum(
    HolidayRegion, description="One of the three regions for school holidays (vakantieregio)."
)
describe(
    HolidayRegion,
    {"north": "North (noord).", "central": "Central (midden).", "south": "South (zuid)."},
)

SchoolYear = Annotated[
    int, strawberry.argument(description="The year in which the school year starts (schooljaar).")
]
Region = Annotated[
    HolidayRegion, strawberry.argument(description="The holiday region (vakantieregio).")
]


@strawberry.type(description="A school holiday of a region (schoolvakantie).")
class SchoolHoliday:
    """A holiday, from its first day up to and including its last."""

    code: str = strawberry.field(description="autumn, christmas, spring, may or summer.")
    name: Wording = strawberry.field(description="Its name (naam).")
    first_day: date = strawberry.field(description="The first day (eerste dag).")
    last_day: date = strawberry.field(description="The last day (laatste dag).")
    fixed: bool = strawberry.field(
        description="Whether the Minister sets it; if not it is advice, from which a school may "
        "differ (vastgesteld)."
    )
    source: str = strawberry.field(description="Where it says so (bron).")
    to_be_confirmed: bool = strawberry.field(
        description="Whether the dates still have to be confirmed (nog te bevestigen)."
    )

    @staticmethod
    def of(holiday: calendar.SchoolHoliday) -> "SchoolHoliday":
        """Return a holiday as a caller reads it."""
        return SchoolHoliday(
            code=holiday.code,
            name=Wording(nl=holiday.nl, en=holiday.en),
            first_day=holiday.first_day,
            last_day=holiday.last_day,
            fixed=holiday.fixed,
            source=holiday.source,
            to_be_confirmed=is_unconfirmed(holiday.source),
        )


@strawberry.type(description="A public holiday on which there is no school (feestdag).")
class FreeDay:
    """A day off."""

    day: date = strawberry.field(description="The day (datum).")
    name: Wording = strawberry.field(description="Its name (naam).")
    source: str = strawberry.field(description="Where it says so (bron).")


@strawberry.type(
    description="A school year in a holiday region (lesrooster van het schooljaar). A school may "
    "differ where a holiday is advice; what it scheduled is in its own figures."
)
class TeachingCalendar:
    """Holidays and teaching weeks."""

    school_year: int = strawberry.field(description="The year it starts in (schooljaar).")
    region: HolidayRegion = strawberry.field(description="The holiday region (vakantieregio).")
    first_day: date = strawberry.field(description="The first teaching day (eerste lesdag).")
    last_day: date = strawberry.field(description="The last day before the summer (laatste dag).")
    holidays: list[SchoolHoliday] = strawberry.field(
        description="The school holidays, in order of time (schoolvakanties)."
    )
    free_days: list[FreeDay] = strawberry.field(
        description="Public holidays within the school year (feestdagen)."
    )
    teaching_weeks: list[date] = strawberry.field(
        description="The Mondays of the weeks with at least one teaching day (lesweken)."
    )

    @staticmethod
    def of(found: calendar.TeachingCalendar) -> "TeachingCalendar":
        """Return a calendar as a caller reads it."""
        return TeachingCalendar(
            school_year=found.school_year,
            region=found.region,
            first_day=found.first_day,
            last_day=found.last_day,
            holidays=[SchoolHoliday.of(holiday) for holiday in found.holidays],
            free_days=[
                FreeDay(day=free.day, name=Wording(nl=free.nl, en=free.en), source=free.source)
                for free in found.free_days
            ],
            teaching_weeks=list(found.teaching_weeks),
        )


@strawberry.type
class CalendarQuery:
    """Reading the calendar."""

    @strawberry.field(
        description="The holidays and teaching weeks of a school year in a region; null when that "
        "year is not known here (onderwijskalender). Public."
    )
    def teaching_calendar(self, school_year: SchoolYear, region: Region) -> TeachingCalendar | None:
        """Return what the reference data says."""
        found = calendar.teaching_calendar(school_year, region)
        return None if found is None else TeachingCalendar.of(found)

"""The tour's own school: a roster and three teaching weeks, with what must come out beside them.

The school (branch 99ZT00) is not in the demo region: the tour registers it. Everything is counted
here from the same lines that are delivered, with nothing of the import's own arithmetic.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ops.demo.absences import TIMETABLES, Missed
from ops.demo.deliveries import Line, exception, schedule, written
from ops.demo.people import Child, Habit, Parent, Person, national_numbers
from ops.demo.region import MUNICIPALITY
from ops.demo.rosters import RosterGroup, RosterLine, RosterPlace, edexml
from ops.demo.school_year import (
    SCHOOL_DAYS,
    Teaching,
    iso_week,
    school_year_of,
    teaching,
)

BRANCH_CODE: Final = "99ZT00"
BRANCH_KEY: Final = "VT"
NAME: Final = "De Nieuwe Schakel"
SECTOR: Final = "VO"
GROUPS: Final = ("1X", "1Y")
PUPILS: Final = 24
WEEKS: Final = 3

_YEAR_GROUP: Final = 11
_FIRST_DAYS: Final = 45
_POSTCODES: Final = ("3683ZA", "3685ZB")
_TEACHERS: Final = (Person("Amber", "", "Reinders"), Person("Yusuf", "van", "Leeuwen"))
_FIRST_NAMES: Final = (
    "Mila", "Sem", "Noor", "Finn", "Zoë", "Adam", "Saar", "Levi", "Yara", "Mees", "Evi", "Bilal",
    "Lotte", "Daan", "Fenna", "Ties", "Amira", "Stijn", "Lina", "Jesse", "Roos", "Kaan", "Isa",
    "Thijs",
)  # fmt: skip
_SURNAMES: Final = (
    "Dekker", "Brink", "Postma", "Haan", "Wolters", "Kaya", "Prins", "Blom", "Schouten", "Bosch",
    "Vink", "Özdemir",
)  # fmt: skip
_STORY: Final = 3
"""Which pupil of the first class the tour is about."""


@dataclass(frozen=True, slots=True)
class TourPupil:
    """A pupil by the school's own key, and what must be computed of the three weeks.

    `attended` and `scheduled` are minutes; the rate is the one over the other.
    """

    key: str
    name: str
    group: str
    scheduled: int
    attended: int

    @property
    def rate(self) -> float:
        """The part of scheduled minutes attended, between 0 and 1."""
        return self.attended / self.scheduled


@dataclass(frozen=True, slots=True)
class TourSchool:
    """Two files to deliver, and what must come of them.

    `story` passes sixteen lesson hours without leave, and so reaches `signal_amount` lesson units,
    on `signal_on`; nobody else comes near. `parents` are the story pupil's, for the school to
    register.
    """

    roster: bytes
    attendance: bytes
    year: int
    mondays: tuple[date, ...]
    pupils: tuple[TourPupil, ...]
    story: TourPupil
    parents: tuple[Parent, ...]
    teachers: tuple[tuple[str, str], ...]
    signal_on: date
    signal_amount: int
    municipality_code: str = MUNICIPALITY


def tour_school(today: date) -> TourSchool:
    """Return the tour's school with the last three of its teaching weeks that are over."""
    year = _last_complete_weeks(today)
    children = _children(year)
    missed = _absences(children, year)
    lines: list[Line] = [line for child in children for line in schedule(child, SECTOR, year)]
    lines += (exception(entry) for entry in missed)
    lines += ({"kind": "delivered", "week": iso_week(monday)} for monday in year.mondays)
    groups = [
        RosterGroup(group, _YEAR_GROUP, teacher)
        for group, teacher in zip(GROUPS, _TEACHERS, strict=True)
    ]
    pupils = tuple(_expected(child, missed, year) for child in children)
    story = pupils[_STORY]
    without_leave = [m for m in missed if m.pupil == story.key and m.category == "unauthorised"]
    return TourSchool(
        roster=edexml(
            RosterPlace(BRANCH_CODE, BRANCH_KEY, NAME),
            year.year,
            groups,
            [RosterLine(child, child.year_group, child.group) for child in children],
            until=year.until,
        ),
        attendance=written(lines),
        year=year.year,
        mondays=year.mondays,
        pupils=pupils,
        story=story,
        parents=children[_STORY].parents,
        teachers=tuple((group.key, group.teacher.full_name) for group in groups),
        signal_on=max(entry.day for entry in without_leave),
        signal_amount=sum(entry.lesson_units for entry in without_leave),
    )


def _last_complete_weeks(today: date) -> Teaching:
    """Return the last three teaching weeks that are over, of the present school year if it can be.

    A case reads attendance of the present school year only. So in its first weeks, when no three
    teaching weeks are over, this school has been open all August.
    """
    present = school_year_of(today)
    years = {year.year: year for year in teaching(today)}
    open_in_august = [
        monday
        for monday in (date(present, 8, 1) + timedelta(days=day) for day in range(_FIRST_DAYS))
        if monday.weekday() == 0
    ]
    for year, mondays in (
        (present, years[present].mondays if present in years else ()),
        (present, tuple(open_in_august)),
        (present - 1, years[present - 1].mondays if present - 1 in years else ()),
    ):
        found = Teaching(year, mondays, today)
        complete = [monday for monday in mondays if found.complete(monday)]
        if len(complete) >= WEEKS:
            return Teaching(year, tuple(complete[-WEEKS:]), today)
    raise ValueError("there are no three teaching weeks before this day")


def _children(year: Teaching) -> tuple[Child, ...]:
    numbers = national_numbers()[-PUPILS:]
    half = PUPILS // len(GROUPS)
    found: list[Child] = []
    for index in range(PUPILS):
        child = Person(_FIRST_NAMES[index], "", _SURNAMES[index % len(_SURNAMES)])
        found.append(
            Child(
                key=f"ZT-{index + 1:03d}",
                person=child,
                birth_date=date(year.year - 12, 1, 15) + timedelta(days=index * 9),
                sex=1 + index % 2,
                number=numbers[index],
                postcode=_POSTCODES[index % 2],
                year_group=_YEAR_GROUP,
                group=GROUPS[index // half],
                group_before=None,
                entered=date(year.year, 8, 1),
                habit=Habit.UP_TO_5,
                absent=0.0,
                truant=False,
                ill=0.0,
                parents=_parents(child, index),
            )
        )
    return tuple(found)


def _parents(child: Person, index: int) -> tuple[Parent, ...]:
    return tuple(
        Parent(
            Person(given_name, "", child.family_name),
            relation,
            f"060000{index:02d}{place:02d}",
            f"{relation}-{index + 1}@example.org",
        )
        for place, (given_name, relation) in enumerate((("Sanne", "mother"), ("Mark", "father")))
    )


def _absences(children: tuple[Child, ...], year: Teaching) -> list[Missed]:
    """Return everything missed: the story pupil's hours, and a little of everybody else's."""
    first, second, last = year.mondays
    story = children[_STORY]
    found = [
        _missed(story, second + timedelta(days=1), (2, 2), "unauthorised", "TRUANCY"),
        _missed(story, second + timedelta(days=3), (3, 4), "unauthorised", "TRUANCY"),
        # Ill for a day: authorised, so it counts for the rate and never for the sixteen hours.
        _missed(story, first, (1, 6), "authorised", "ILLNESS"),
        _missed(story, last, (1, 6), "unauthorised", "TRUANCY"),
        _missed(story, last + timedelta(days=2), (2, 5), "unauthorised", "UNKNOWN"),
    ]
    for index, child in enumerate(children):
        if index == _STORY:
            continue
        if index % 3 == 0:
            day = first + timedelta(days=index % SCHOOL_DAYS)
            found.append(_missed(child, day, (1, 6), "authorised", "ILLNESS"))
        if index % 4 == 1:
            day = second + timedelta(days=index % SCHOOL_DAYS)
            found.append(_missed(child, day, (4, 2), "unauthorised", "OVERSLEPT"))
        if index % 5 == 2:  # noqa: PLR2004 - every fifth
            day = last + timedelta(days=index % SCHOOL_DAYS)
            found.append(
                Missed(f"{child.key}-{day:%Y%m%d}", child.key, day, 1, 0, 10, "late", "TRANSPORT")
            )
    return found


def _missed(
    child: Child, day: date, lessons: tuple[int, int], category: str, reason: str
) -> Missed:
    start, units = lessons
    return Missed(
        id=f"{child.key}-{day:%Y%m%d}",
        pupil=child.key,
        day=day,
        start_unit=start,
        lesson_units=units,
        minutes=units * TIMETABLES[SECTOR].minutes,
        category=category,
        reason=reason,
    )


def _expected(child: Child, missed: list[Missed], year: Teaching) -> TourPupil:
    scheduled = TIMETABLES[SECTOR].day * SCHOOL_DAYS * len(year.mondays)
    minutes = sum(entry.minutes for entry in missed if entry.pupil == child.key)
    return TourPupil(child.key, child.person.full_name, child.group, scheduled, scheduled - minutes)

"""A believable year of absence: by weekday, by season, and by the habit of each pupil.

How days, months and reasons compare is calibrated (`calibration.py`); how much is missed follows
from the habits of pupils (`people.py`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import Final

from ops.demo import calibration
from ops.demo.people import Child, Habit
from ops.demo.school_year import SCHOOL_DAYS, Teaching


@dataclass(frozen=True, slots=True)
class Timetable:
    """What is scheduled on every school day: lesson units, and how long each takes in minutes."""

    units: int
    minutes: int

    @property
    def day(self) -> int:
        """Minutes scheduled in a day."""
        return self.units * self.minutes


TIMETABLES: Final = {"PO": Timetable(5, 60), "VO": Timetable(6, 50)}


@dataclass(frozen=True, slots=True)
class Missed:
    """One absence, with the fields of an `exception` line."""

    id: str
    pupil: str
    day: date
    start_unit: int
    lesson_units: int
    minutes: int
    category: str
    reason: str | None


_SPELL_DAYS: Final = (1, 1, 1, 2, 2, 3, 4)
_PART_OF_DAY: Final = {"PO": 0.3, "VO": 0.6}
_PART_UNITS: Final = (1, 2, 3)
_LATE: Final = {"PO": 0.004, "VO": 0.011}
_SENT_OUT: Final = {"PO": 0.0, "VO": 0.002}
_CANCELLED: Final = 0.0006
_MOST: Final = 0.97
_OFTEN: Final = frozenset({Habit.UP_TO_20, Habit.UP_TO_50, Habit.OVER_50})
_ILLNESS: Final = ("ILLNESS", "LONG_TERM_ILLNESS", "MENTAL_ILLNESS")
OF_MIX: Final[Mapping[str, tuple[tuple[str, int], ...]]] = {
    "illness": tuple((reason, 1) for reason in _ILLNESS),
    "medical": (("MEDICAL_APPOINTMENT", 1),),
    "belief": (("BELIEF", 1),),
    "other_authorised": (
        ("FAMILY_EVENT", 3),
        ("WEIGHTY_CIRCUMSTANCES", 1),
        ("HOLIDAY_PARENT_OCCUPATION", 1),
    ),
    "unauthorised_holiday": (("UNAUTHORISED_HOLIDAY", 1),),
    "other_unauthorised": (("TRUANCY", 1),),
    "unknown": (("UNKNOWN", 1),),
}
"""Our reasons by the parts of the calibrated mix, each with its weight in its part."""


@dataclass(frozen=True, slots=True)
class _Mix:
    """Reasons with their cumulative weights, by what a kind of absence may be."""

    ill: float
    ill_of_often: float
    part_minutes: float
    other: tuple[tuple[str, ...], tuple[float, ...]]
    authorised: tuple[tuple[str, ...], tuple[float, ...]]
    unauthorised: tuple[tuple[str, ...], tuple[float, ...]]


@cache
def _mix(sector: str) -> _Mix:
    mix = calibration.reasons(sector)
    unauthorised = calibration.unauthorised(sector)
    authorised = [name for name in mix if name not in (*calibration.UNAUTHORISED, "illness")]
    units = TIMETABLES[sector].units
    mean_part = sum(_PART_UNITS) / len(_PART_UNITS) / units
    return _Mix(
        ill=mix["illness"],
        ill_of_often=mix["illness"] / (1 - unauthorised),
        part_minutes=1 - _PART_OF_DAY[sector] * (1 - mean_part),
        other=_weighted(sector, [*authorised, *calibration.UNAUTHORISED]),
        authorised=_weighted(sector, authorised),
        unauthorised=_weighted(sector, calibration.UNAUTHORISED),
    )


def _weighted(sector: str, names: Iterable[str]) -> tuple[tuple[str, ...], tuple[float, ...]]:
    found: dict[str, float] = {}
    for name in names:
        total = sum(weight for _, weight in OF_MIX[name])
        for reason, weight in OF_MIX[name]:
            found[reason] = calibration.reasons(sector)[name] * weight / total
    return tuple(found), tuple(accumulate(found.values()))


_NOT_AUTHORISED: Final = frozenset(
    reason for name in calibration.UNAUTHORISED for reason, _ in OF_MIX[name]
)


def absences(child: Child, sector: str, year: Teaching, seed: int) -> Iterator[Missed]:
    """Yield what a pupil missed in a school year's teaching weeks, at most one entry a day.

    The same days come out for a later end day: chances belong to the pupil and the week.
    """
    of_child = _Absences(child, sector)
    chance = Random()  # noqa: S311 - synthetic people, no secret
    for monday, days, until in _weeks(year):
        # As `people.stream` does it, without a generator of its own for each week.
        chance.seed(f"{seed}:{child.key}:{monday}")
        for missed in of_child.week(days, chance):
            if child.entered <= missed.day <= until:
                yield missed


@cache
def _weeks(year: Teaching) -> tuple[tuple[date, tuple["_Day", ...], date], ...]:
    """Return each teaching week with its school days, and the last day of which is known."""
    return tuple((monday, tuple(_days_of(monday)), year.until) for monday in year.mondays)


@dataclass(frozen=True, slots=True)
class _Day:
    """A school day, and how much is missed on it beside the typical day.

    `starts` is how often a spell of illness begins on it, beside the typical day.
    """

    day: date
    factor: float
    starts: float


def _days_of(monday: date) -> Iterator[_Day]:
    for weekday in range(SCHOOL_DAYS):
        day = monday + timedelta(days=weekday)
        month = calibration.month()[day.month - 1]
        starts = calibration.starts(_SPELL_DAYS)[weekday]
        yield _Day(day, calibration.weekday()[weekday] * month, starts * month)


class _Absences:
    def __init__(self, child: Child, sector: str) -> None:
        self._child = child
        self._sector = sector
        self._timetable = TIMETABLES[sector]
        self._mix = _mix(sector)
        self._often = child.habit in _OFTEN
        self._falls_ill = child.absent * self._mix.ill
        self._late = _LATE[sector]
        self._sent_out = self._late + _SENT_OUT[sector]
        self._cancelled = self._sent_out + _CANCELLED

    def week(self, days: tuple[_Day, ...], chance: Random) -> Iterator[Missed]:
        """Yield the whole week: a week that is cut short draws nothing else than this one."""
        ill_until = -1
        draw, often, falls_ill = chance.random, self._often, self._falls_ill
        for weekday, day in enumerate(days):
            if weekday > ill_until and not often and draw() < falls_ill * day.starts:
                ill_until = weekday + chance.choice(_SPELL_DAYS) - 1
            if weekday <= ill_until:
                missed = self._whole(day.day, "authorised", "ILLNESS")
            else:
                missed = self._day(day, chance)
            if missed is not None:
                yield missed

    def _day(self, day: _Day, chance: Random) -> Missed | None:
        absent = self._child.absent * day.factor
        if self._often:
            if chance.random() < min(absent, _MOST):
                return self._frequent(day.day, chance)
        elif chance.random() < absent * (1 - self._mix.ill) / self._mix.part_minutes:
            return self._now_and_then(day.day, chance)
        return self._short(day.day, chance)

    def _frequent(self, day: date, chance: Random) -> Missed:
        child = self._child
        if child.truant:
            reason = _drawn(chance, self._mix.unauthorised)
        elif child.ill < self._mix.ill_of_often:
            if child.habit is Habit.UP_TO_20:
                reason = "ILLNESS"
            else:
                reason = "LONG_TERM_ILLNESS" if child.sex == 1 else "MENTAL_ILLNESS"
        else:
            reason = _drawn(chance, self._mix.authorised)
        return self._whole(day, _category(reason), reason)

    def _now_and_then(self, day: date, chance: Random) -> Missed:
        reason = _drawn(chance, self._mix.other)
        if chance.random() >= _PART_OF_DAY[self._sector]:
            return self._whole(day, _category(reason), reason)
        units = chance.choice(_PART_UNITS)
        start = chance.randrange(1, self._timetable.units - units + 2)
        what = (start, units, units * self._timetable.minutes)
        return self._missed(day, what, _category(reason), reason)

    def _short(self, day: date, chance: Random) -> Missed | None:
        drawn = chance.random()
        unit = chance.randrange(1, self._timetable.units + 1)
        if drawn >= self._cancelled:
            return None
        if drawn < self._late:
            reason = chance.choice(("OVERSLEPT", "TRANSPORT", None))
            return self._missed(day, (1, 0, chance.randrange(3, 25)), "late", reason)
        if drawn < self._sent_out:
            return self._missed(day, (unit, 0, chance.randrange(10, 40)), "sent_out", "CONDUCT")
        lesson = (unit, 1, self._timetable.minutes)
        return self._missed(day, lesson, "school_caused", "TEACHER_ABSENT")

    def _whole(self, day: date, category: str, reason: str | None) -> Missed:
        timetable = self._timetable
        return self._missed(day, (1, timetable.units, timetable.day), category, reason)

    def _missed(
        self, day: date, what: tuple[int, int, int], category: str, reason: str | None
    ) -> Missed:
        start_unit, lesson_units, minutes = what
        return Missed(
            id=f"{self._child.key}-{day:%Y%m%d}",
            pupil=self._child.key,
            day=day,
            start_unit=start_unit,
            lesson_units=lesson_units,
            minutes=minutes,
            category=category,
            reason=reason,
        )


def _category(reason: str) -> str:
    return "unauthorised" if reason in _NOT_AUTHORISED else "authorised"


def _drawn(chance: Random, weighted: tuple[tuple[str, ...], tuple[float, ...]]) -> str:
    reasons, weights = weighted
    return chance.choices(reasons, cum_weights=weights)[0]

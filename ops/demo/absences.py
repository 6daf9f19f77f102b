"""A believable year of absence: by weekday, by season, and by the habit of each pupil."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from ops.demo.people import Child, Habit, stream
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


_SEASON: Final = (1.55, 1.6, 1.2, 0.9, 0.75, 0.7, 0.65, 0.65, 0.8, 1.0, 1.15, 1.4)
_WEEKDAY: Final = (1.5, 0.85, 0.75, 0.85, 1.35)
_SPELL_DAYS: Final = (1, 1, 1, 2, 2, 3, 4)
_MEAN_SPELL: Final = sum(_SPELL_DAYS) / len(_SPELL_DAYS)
_ILL: Final = 0.72
_PART_OF_DAY: Final = {"PO": 0.3, "VO": 0.6}
_LATE: Final = {"PO": 0.004, "VO": 0.011}
_SENT_OUT: Final = {"PO": 0.0, "VO": 0.002}
_CANCELLED: Final = 0.0006
_PARTS_WEIGH_LESS: Final = 1.5
_OFTEN: Final = frozenset({Habit.UP_TO_20, Habit.UP_TO_50, Habit.OVER_50})
_AUTHORISED: Final = (
    ("MEDICAL_APPOINTMENT", 5),
    ("FAMILY_EVENT", 3),
    ("WEIGHTY_CIRCUMSTANCES", 1),
    ("BELIEF", 1),
    ("HOLIDAY_PARENT_OCCUPATION", 1),
)
_UNAUTHORISED: Final = (("TRUANCY", 4), ("UNKNOWN", 4), ("UNAUTHORISED_HOLIDAY", 1))


def absences(child: Child, sector: str, year: Teaching, seed: int) -> Iterator[Missed]:
    """Yield what a pupil missed in a school year's teaching weeks, at most one entry a day.

    The same days come out for a later end day: chances belong to the pupil and the week.
    """
    of_child = _Absences(child, sector)
    for monday in year.mondays:
        known = set(year.days(monday))
        for missed in of_child.week(monday, stream(seed, child.key, monday)):
            if missed.day in known and missed.day >= child.entered:
                yield missed


class _Absences:
    def __init__(self, child: Child, sector: str) -> None:
        self._child = child
        self._sector = sector
        self._timetable = TIMETABLES[sector]

    def week(self, monday: date, chance: Random) -> Iterator[Missed]:
        """Yield the whole week: a week that is cut short draws nothing else than this one."""
        ill_until = -1
        for weekday in range(SCHOOL_DAYS):
            day = monday + timedelta(days=weekday)
            if weekday > ill_until and self._falls_ill(day, chance):
                ill_until = weekday + chance.choice(_SPELL_DAYS) - 1
            if weekday <= ill_until:
                missed = self._whole(day, "authorised", "ILLNESS")
            else:
                missed = self._day(day, chance)
            if missed is not None:
                yield missed

    def _falls_ill(self, day: date, chance: Random) -> bool:
        if self._child.habit in _OFTEN:
            return False
        factor = _WEEKDAY[day.weekday()] * _SEASON[day.month - 1]
        return chance.random() < self._child.absent * _ILL * factor / _MEAN_SPELL

    def _day(self, day: date, chance: Random) -> Missed | None:
        child = self._child
        if child.habit in _OFTEN:
            factor = _WEEKDAY[day.weekday()] if child.habit is not Habit.OVER_50 else 1.0
            if chance.random() < child.absent * factor:
                return self._frequent(day, chance)
        elif chance.random() < child.absent * (1 - _ILL) * _PARTS_WEIGH_LESS:
            return self._now_and_then(day, chance)
        return self._short(day, chance)

    def _frequent(self, day: date, chance: Random) -> Missed:
        child = self._child
        if child.truant:
            return self._whole(day, "unauthorised", _drawn(chance, _UNAUTHORISED))
        if child.habit is Habit.UP_TO_20:
            return self._whole(day, "authorised", "ILLNESS")
        reason = "LONG_TERM_ILLNESS" if child.sex == 1 else "MENTAL_ILLNESS"
        return self._whole(day, "authorised", reason)

    def _now_and_then(self, day: date, chance: Random) -> Missed:
        authorised = chance.random() < (0.35 if self._child.truant else 0.8)
        category = "authorised" if authorised else "unauthorised"
        reason = _drawn(chance, _AUTHORISED if authorised else _UNAUTHORISED)
        if chance.random() >= _PART_OF_DAY[self._sector]:
            return self._whole(day, category, reason)
        units = chance.randrange(1, 4)
        start = chance.randrange(1, self._timetable.units - units + 2)
        return self._missed(day, (start, units, units * self._timetable.minutes), category, reason)

    def _short(self, day: date, chance: Random) -> Missed | None:
        drawn = chance.random()
        unit = chance.randrange(1, self._timetable.units + 1)
        if drawn < (edge := _LATE[self._sector]):
            reason = chance.choice(("OVERSLEPT", "TRANSPORT", None))
            return self._missed(day, (1, 0, chance.randrange(3, 25)), "late", reason)
        if drawn < (edge := edge + _SENT_OUT[self._sector]):
            return self._missed(day, (unit, 0, chance.randrange(10, 40)), "sent_out", "CONDUCT")
        if drawn < edge + _CANCELLED:
            lesson = (unit, 1, self._timetable.minutes)
            return self._missed(day, lesson, "school_caused", "TEACHER_ABSENT")
        return None

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


def _drawn(chance: Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([word for word, _ in weighted], [weight for _, weight in weighted])[0]

"""Absences as other systems mark them: by the day, the lesson or the clock, not always all three.

Our own format has minutes and lesson units of every exception. A mark may lack them; what it then
takes is computed from what was scheduled for the pupil in that week (`measured`), never guessed by
a reader. How, and why so: `ops/decisions/0015`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from hashlib import sha256
from typing import Final

from domain.attendance.rollup import PARTLY_MISSED
from domain.imports.ndjson_lines import Category, ExceptionLine
from domain.imports.problems import Problem, Problems

MOST_MARKS: Final = 200_000
"""As many as our own format has lines: a year of a school of five thousand pupils."""

SCHOOL_DAYS: Final = 5
_MOST_MINUTES: Final = 1_440
_WHOLE_DAY: Final = Fraction(1)
_KEY_LENGTH: Final = 40

Scheduled = tuple[int, int]
"""Minutes and lesson units of one pupil in one week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One absence of a pupil on one day; None where the source does not say.

    `key` is the source's own key or one made of what the source identifies a mark by; `school` is
    the source's key of the school or branch. `start_unit` is 0 when nothing is said of the time.
    `share` is the part of the day that was missed, when neither units nor minutes are given.
    `observed` marks what a teacher saw, which a notice of the same time explains.
    """

    line: int
    key: str
    pupil: str
    school: str | None = None
    day: date
    start_unit: int = 0
    lesson_units: int | None = None
    minutes: int | None = None
    share: Fraction = _WHOLE_DAY
    category: Category
    reason: str | None = None
    observed: bool = False

    @property
    def by_the_day(self) -> bool:
        """Whether the source says no more than (a part of) the day."""
        return self.minutes is None and self.lesson_units is None


def key_of(*parts: object) -> str:
    """Make a key of what identifies a mark at its source, the same at every delivery."""
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_LENGTH]


def merged(marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks without those that another one says already.

    A day told twice by the same kind of mark with the same category and reason is one mark; what
    a teacher saw during time that a notice covers is that notice.
    """
    of_day: defaultdict[tuple[str, date], list[Mark]] = defaultdict(list)
    for mark in marks:
        kept = of_day[mark.pupil, mark.day]
        if not (mark.by_the_day and any(_same_day(mark, other) for other in kept)):
            kept.append(mark)
    return [
        mark
        for kept in of_day.values()
        for mark in kept
        if not (mark.observed and any(_covers(other, mark) for other in kept))
    ]


def _same_day(mark: Mark, other: Mark) -> bool:
    return other.by_the_day and (other.category, other.reason, other.share, other.observed) == (
        mark.category,
        mark.reason,
        mark.share,
        mark.observed,
    )


def _covers(notice: Mark, seen: Mark) -> bool:
    if notice.observed:
        return False
    if notice.by_the_day:
        return notice.share == _WHOLE_DAY
    if notice.lesson_units is None or seen.lesson_units is None:
        return False
    return (
        notice.start_unit <= seen.start_unit
        and seen.start_unit + seen.lesson_units <= notice.start_unit + notice.lesson_units
    )


def measured(
    marks: Sequence[Mark], scheduled: Callable[[str, date], Scheduled | None], problems: Problems
) -> Iterator[ExceptionLine]:
    """Yield each mark with its minutes and lesson units; note those that have no measure.

    `scheduled` gives what is scheduled for a pupil, by the school's key, in the week of a day. A
    school week is five days: a day is a fifth of the week, rounded so that the five make it up. A
    whole day takes what no other mark of that day in the file takes already.
    """
    of_day: defaultdict[tuple[str, date], list[Mark]] = defaultdict(list)
    for mark in marks:
        of_day[mark.pupil, mark.day].append(mark)
    for (pupil, day), together in of_day.items():
        week = scheduled(pupil, day)
        whole = [_with_time(mark, week) for mark in together]
        timed = [mark for mark in whole if mark.minutes is not None]
        taken = sum(mark.minutes or 0 for mark in timed)
        units_taken = sum(
            mark.lesson_units or 0 for mark in timed if mark.category not in PARTLY_MISSED
        )
        for mark in whole:
            made = mark if mark.minutes is not None else _day_long(mark, week, taken, units_taken)
            if made is None:
                problems.add(_unmeasured(mark, week))
            else:
                yield _line(made)


def _with_time(mark: Mark, week: Scheduled | None) -> Mark:
    """Fill in minutes from units, or units from minutes, at the length of the week's units."""
    minutes, units = week if week is not None else (0, 0)
    if mark.minutes is None and mark.lesson_units:
        if minutes and units:
            taken = max(mark.lesson_units * minutes // units, 1)
            return replace(mark, minutes=min(taken, _MOST_MINUTES))
        return mark
    if mark.minutes is not None and mark.lesson_units is None:
        partly = mark.category in PARTLY_MISSED
        whole = 0 if partly or not minutes else mark.minutes * units // minutes
        return replace(mark, lesson_units=whole)
    return mark


def _day_long(mark: Mark, week: Scheduled | None, minutes: int, units: int) -> Mark | None:
    if week is None or mark.lesson_units is not None:
        return None
    left = int(_of_day(week[0], mark.day) * mark.share) - minutes
    if left < 1:
        return None
    whole = max(int(_of_day(week[1], mark.day) * mark.share) - units, 0)
    return replace(mark, start_unit=1, minutes=min(left, _MOST_MINUTES), lesson_units=whole)


def _of_day(of_week: int, day: date) -> int:
    """Return a day's part of a week: all five make the week; a day of the weekend is as Monday."""
    index = min(day.weekday(), SCHOOL_DAYS) % SCHOOL_DAYS
    return of_week * (index + 1) // SCHOOL_DAYS - of_week * index // SCHOOL_DAYS


def _unmeasured(mark: Mark, week: Scheduled | None) -> Problem:
    if week is None:
        return Problem(
            mark.line,
            "date",
            "Nothing is scheduled for this pupil in this week, so the mark has no length.",
            "Deliver the schedule of the week first, in Schakel's own format.",
        )
    return Problem(
        mark.line,
        "date",
        "What is scheduled for this pupil in this week leaves no time for this mark.",
        "Correct the schedule of the week, or the marks of this day.",
    )


def _line(mark: Mark) -> ExceptionLine:
    return ExceptionLine(
        line=mark.line,
        key=mark.key,
        pupil=mark.pupil,
        day=mark.day,
        start_unit=mark.start_unit,
        lesson_units=mark.lesson_units or 0,
        minutes=mark.minutes or 0,
        category=mark.category,
        reason=mark.reason,
    )

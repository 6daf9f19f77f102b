"""The lines of a delivery as they stream in: checked one by one, kept column by column.

Nothing is stored here. Beside the present chunk only little is kept, however long the file is:
what is scheduled (16 bytes a line), which weeks of a pupil were touched (bits), and a digest of
each key (8 bytes). Problems name the line and the rule, never a key or another delivered value.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from typing import Final
from uuid import UUID

from domain.attendance.marks import NOTHING_PRESUMED, Marks, Presumed
from domain.attendance.rollup import TouchedWeek
from domain.imports.line_problems import coded, not_enrolled, presumed, repeated
from domain.imports.ndjson_lines import (
    DeletedLine,
    DeliveredLine,
    ExceptionLine,
    Line,
    ScheduleLine,
)
from domain.imports.problems import Problem, Problems, Refused
from domain.imports.queries import EnrolledPupil
from domain.reference import codes

MOST_SCHEDULED: Final = 4_000_000
"""Weeks of pupils; a year of a region of fifty thousand pupils is half of this."""

MOST_DECLARED: Final = 1_000
"""Declarations of weeks in a file; a year has fifty-three."""

_LINES_AT_ONCE: Final = 50_000
_FRIDAY = timedelta(days=4)
_SUNDAY = timedelta(days=6)
_AUGUST = 8
_FIRST_MONDAY: Final = date(2000, 1, 3).toordinal()
_BUCKETS: Final = 256
_NOTHING: Final["array[int]"] = array("i")

_Classes = tuple[str, str | None, Presumed | None]
"""The classes of a line's category and reason, and what it presumes with its classes."""


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def _week_number(day: date) -> int:
    return (day.toordinal() - _FIRST_MONDAY) // 7


def _monday(number: int) -> date:
    return date.fromordinal(_FIRST_MONDAY + 7 * number)


def _school_year(day: date) -> int:
    return day.year if day.month >= _AUGUST else day.year - 1


@dataclass(slots=True)
class Chunk:
    """Some of the file's exceptions, and keys of marks that were deleted at the source."""

    marks: Marks = field(default_factory=Marks)
    deleted: list[str] = field(default_factory=list[str])

    def __len__(self) -> int:
        return len(self.marks) + len(self.deleted)


@dataclass(slots=True)
class Intake:
    """Takes in lines, chunk by chunk, and remembers what the end of the file is needed for."""

    pupils: Mapping[str, EnrolledPupil]
    today: date
    rows: int = 0
    exceptions: int = 0
    deletions: int = 0
    delivered: dict[date, int] = field(default_factory=dict[date, int])
    taken_back: dict[date, int] = field(default_factory=dict[date, int])
    classes: dict[str, None] = field(default_factory=dict[str, None])
    scheduled: int = 0
    first: date = date.max
    _ended: bool = False
    _declarations: int = 0
    last: date = date.min
    _year: set[int] = field(default_factory=set[int])
    _repeated: Problems = field(default_factory=Problems)
    _dated: Problems = field(default_factory=Problems)
    _coded: Problems = field(default_factory=Problems)
    _not_enrolled: Problems = field(default_factory=Problems)
    _weeks: defaultdict[UUID, int] = field(default_factory=lambda: defaultdict[UUID, int](int))
    _former: defaultdict[UUID, int] = field(default_factory=lambda: defaultdict[UUID, int](int))
    _schedules: defaultdict[UUID, "array[int]"] = field(
        default_factory=lambda: defaultdict[UUID, "array[int]"](lambda: array("i"))
    )
    _digests: list["array[int]"] = field(
        default_factory=lambda: [array("q") for _ in range(_BUCKETS)]
    )
    _known_codes: dict[tuple[object, ...], _Classes | None] = field(
        default_factory=dict[tuple[object, ...], "_Classes | None"]
    )
    _judged_days: dict[date, bool] = field(default_factory=dict[date, bool])

    # --- reading ----------------------------------------------------------------------------

    def take(self, lines: Iterator[Line], most: int) -> Chunk | None:
        """Take lines until a chunk holds `most` marks; None after the end of the file.

        Raises:
            Refused: a line breaks a rule of the format, or there are too many of them.
        """
        if self._ended:
            return None
        chunk, in_chunk, until = Chunk(), set[str](), self.rows + _LINES_AT_ONCE
        self._ended = True
        for line in lines:
            self.rows += 1
            if isinstance(line, ExceptionLine):
                self._exception(line, chunk, in_chunk)
            elif isinstance(line, ScheduleLine):
                self._schedule(line)
            elif isinstance(line, DeliveredLine):
                self._dates(line.line, "week", line.week.monday, line.week.monday + _FRIDAY)
                self._declared(line.line)
                self.delivered.setdefault(line.week.monday, line.line)
                self._within(line.week.monday, line.week.monday)
            else:
                self._deleted(line, chunk, in_chunk)
            if self._enough:
                break
            if len(chunk) >= most or self.rows >= until:
                self._ended = False
                break
        return chunk

    @property
    def faulty(self) -> bool:
        """Whether something is wrong so far: then nothing more needs to be stored."""
        return any(map(len, self._found))

    def finish(self) -> None:
        """Refuse what was read when anything was wrong with it.

        Raises:
            Refused: a line says what cannot be, given the roster and the codes.
        """
        for monday in self.delivered.keys() & self.taken_back.keys():
            self._repeated.add(
                Problem(
                    max(self.delivered[monday], self.taken_back[monday]),
                    "week",
                    "This week is both declared complete and taken back.",
                    "Deliver the one that holds.",
                )
            )
        if self.faulty:
            problems = Problems()
            for found in self._found:
                problems.extend(found.listed())
            problems.refuse()

    @property
    def repeated_digests(self) -> set[int]:
        """Digests of keys that stand in the file more than once, or seem to."""
        found: set[int] = set()
        for bucket in self._digests:
            if len(set(bucket)) < len(bucket):
                seen: set[int] = set()
                found.update(d for d in bucket if d in seen or seen.add(d))
        return found

    # --- what is known at the end -----------------------------------------------------------

    def touch(self, pupil_id: UUID, day: date) -> None:
        """Note a week of what stood before; weeks of lines are noted by the thread that reads."""
        self._former[pupil_id] |= 1 << _week_number(day)

    @property
    def span(self) -> tuple[date, date] | None:
        """The first and the last Monday of weeks in which marks changed; None when none did."""
        weeks = reduce(int.__or__, (*self._weeks.values(), *self._former.values()), 0)
        first, last = (weeks & -weeks).bit_length() - 1, weeks.bit_length() - 1
        return (_monday(first), _monday(last)) if weeks else None

    def touched(self, most: int) -> Iterator[list[TouchedWeek]]:
        """Yield what is to be scheduled and rolled up, at most about `most` weeks at a time.

        A later schedule line replaces an earlier one for the same pupil and week.
        """
        batch: list[TouchedWeek] = []
        for pupil_id in sorted({*self._weeks, *self._former, *self._schedules}):
            weeks: dict[int, tuple[int, int] | None] = {}
            bits = self._weeks.get(pupil_id, 0) | self._former.get(pupil_id, 0)
            while bits:
                lowest = bits & -bits
                weeks[lowest.bit_length() - 1] = None
                bits ^= lowest
            lines = self._schedules.get(pupil_id, _NOTHING)
            for start in range(0, len(lines), 4):
                first, count, minutes, units = lines[start : start + 4]
                weeks.update(dict.fromkeys(range(first, first + count), (minutes, units)))
            for number, wanted in weeks.items():
                minutes, units = wanted or (None, None)
                batch.append(TouchedWeek(pupil_id, _monday(number), minutes, units))
            if len(batch) >= most:
                yield batch
                batch = []
        if batch:
            yield batch

    @property
    def scheduled_weeks(self) -> int:
        """How many different weeks of pupils the file schedules."""
        total = 0
        for lines in self._schedules.values():
            if len(lines) == 4:  # noqa: PLR2004 - one line: first week, weeks, minutes, units
                total += lines[1]
            else:
                total += len(
                    {
                        number
                        for start in range(0, len(lines), 4)
                        for number in range(lines[start], lines[start] + lines[start + 1])
                    }
                )
        return total

    @property
    def has_schedules(self) -> bool:
        """Whether the file schedules anything."""
        return bool(self._schedules)

    # --- line by line -----------------------------------------------------------------------

    @property
    def _found(self) -> tuple[Problems, ...]:
        return (self._repeated, self._dated, self._coded, self._not_enrolled)

    @property
    def _enough(self) -> bool:
        return any(found.enough for found in self._found)

    def _exception(self, line: ExceptionLine, chunk: Chunk, in_chunk: set[str]) -> None:
        day = line.day
        if self._judged_days.get(day) is not True:
            before = len(self._dated)
            self._dates(line.line, "date", day, day)
            self._judged_days[day] = len(self._dated) == before
            self._within(day, day)
        code: tuple[object, ...] = (line.category, line.reason, day)
        if line.presumed_category is not None or line.presumed_reason is not None:
            code = (*code, line.presumed_category, line.presumed_reason)
        classes = self._known_codes.get(code)
        if classes is None:
            classes = self._known_codes[code] = self._classes(line)
        pupil = self.pupils.get(line.pupil)
        if pupil is None or not pupil.enrolled(day, day):
            self._not_enrolled.add(not_enrolled(line, "on this date"))
            return
        self.exceptions += 1
        if not self._first_of(line.key, line.line, in_chunk) or classes is None:
            return
        self._weeks[pupil.id] |= 1 << _week_number(day)
        marks = chunk.marks
        marks.keys.append(line.key)
        marks.pupils.append(pupil.id)
        marks.days.append(day)
        marks.start_units.append(line.start_unit)
        marks.lesson_units.append(line.lesson_units)
        marks.minutes.append(line.minutes)
        marks.categories.append(line.category)
        marks.classes.append(classes[0])
        marks.reasons.append(line.reason)
        marks.reason_classes.append(classes[1])
        marks.presumed.append(classes[2])

    def _deleted(self, line: DeletedLine, chunk: Chunk, in_chunk: set[str]) -> None:
        if line.week is not None:
            self._dates(line.line, "week", line.week.monday, line.week.monday + _FRIDAY)
            self._declared(line.line)
            self.taken_back.setdefault(line.week.monday, line.line)
            self._within(line.week.monday, line.week.monday)
        elif line.key is not None:
            self.deletions += 1
            if self._first_of(line.key, line.line, in_chunk):
                chunk.deleted.append(line.key)

    def _schedule(self, line: ScheduleLine) -> None:
        first, last = line.first.monday, line.last.monday
        count = (last - first).days // 7 + 1
        self.scheduled += count
        if self.scheduled > MOST_SCHEDULED:
            rule = f"The file schedules more than {MOST_SCHEDULED:,} weeks of pupils."
            advice = "Deliver a shorter period, or one branch at a time."
            raise Refused([Problem(line.line, "file", rule, advice)])
        self._dates(line.line, "from", first, first + _FRIDAY, may_come=True)
        self._dates(line.line, "until", last, last + _FRIDAY, may_come=True)
        self._within(first, last)
        pupil = self.pupils.get(line.pupil)
        if pupil is None or not pupil.enrolled_throughout(first, last):
            self._not_enrolled.add(not_enrolled(line, "in every week of the range"))
            return
        numbers = (_week_number(first), count, line.minutes, line.lesson_units)
        self._schedules[pupil.id].extend(numbers)

    def _declared(self, line: int) -> None:
        self._declarations += 1
        if self._declarations > MOST_DECLARED:
            rule = f"The file declares more than {MOST_DECLARED:,} weeks complete, or no longer so."
            raise Refused([Problem(line, "file", rule, "Declare each week once.")])

    def _within(self, first: date, last: date) -> None:
        self.first = min(self.first, monday_of(first))
        self.last = max(self.last, monday_of(last) + _SUNDAY)

    def _first_of(self, key: str, line: int, in_chunk: set[str]) -> bool:
        digest = hash(key)
        self._digests[digest % _BUCKETS].append(digest)
        if key in in_chunk:
            self._repeated.add(repeated(line))
            return False
        in_chunk.add(key)
        return True

    def _dates(
        self, line: int, name: str, first: date, last: date, *, may_come: bool = False
    ) -> None:
        """Note a date too far in the future, or in another school year than the first of all."""
        if first > self.today and not may_come:
            self._dated.add(
                Problem(
                    line,
                    name,
                    "This lies in the future.",
                    "Deliver absence and complete weeks when they have come.",
                )
            )
        elif _school_year(first) > _school_year(self.today) + 1:
            self._dated.add(
                Problem(
                    line,
                    name,
                    "This lies after the next school year.",
                    "Correct the week, or deliver the schedule when that school year is near.",
                )
            )
        possible = {_school_year(first), _school_year(last)}
        if self._year and not self._year & possible:
            self._dated.add(
                Problem(
                    line,
                    name,
                    "This lies in another school year than the first line of the file.",
                    "Deliver each school year (1 August to 31 July) in a file of its own.",
                )
            )
        else:
            self._year = self._year & possible or possible

    def _classes(self, line: ExceptionLine) -> _Classes | None:
        """Return the classes of what a line tells; None when the codes cannot be."""
        category = codes.category(line.category, line.day)
        reason = None if line.reason is None else codes.reason(line.reason, line.day)
        said = self._presumed(line)
        problems = [*coded(line, category, reason), *presumed(line, *said)]
        self._coded.extend(problems)
        if problems or category is None:
            return None
        given = [entry.data_class for entry in (category, reason, *said) if entry is not None]
        self.classes.update(dict.fromkeys(given))
        found = Presumed(
            line.presumed_category,
            said[0] and said[0].data_class,
            line.presumed_reason,
            said[1] and said[1].data_class,
        )
        return (
            category.data_class,
            reason and reason.data_class,
            None if found == NOTHING_PRESUMED else found,
        )

    @staticmethod
    def _presumed(
        line: ExceptionLine,
    ) -> tuple[codes.AbsenceCategory | None, codes.AbsenceReason | None]:
        kind, why = line.presumed_category, line.presumed_reason
        return (
            None if kind is None else codes.category(kind, line.day),
            None if why is None else codes.reason(why, line.day),
        )

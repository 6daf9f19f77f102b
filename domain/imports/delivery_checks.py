"""What a delivery of attendance may not say, given what is known; nothing is stored here.

Problems name the line and the rule, never a pupil's key or any other delivered value.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from uuid import UUID

from domain.attendance.queries import AbsenceContent, StoredAbsence
from domain.attendance.rollup import PARTLY_MISSED
from domain.imports.ndjson_lines import DeliveredLine, ExceptionLine, Line, ScheduleLine
from domain.imports.problems import Problem
from domain.imports.queries import EnrolledPupil
from domain.reference import codes

_FRIDAY = timedelta(days=4)
_SUNDAY = timedelta(days=6)
_AUGUST = 8

PupilWeekKey = tuple[UUID, date]
Scheduled = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Delivery:
    """The lines of one file, by kind."""

    schedules: Sequence[ScheduleLine]
    delivered: Sequence[DeliveredLine]
    exceptions: Sequence[ExceptionLine]


@dataclass(frozen=True, slots=True)
class Present:
    """An absence as it would stand after the delivery; `line` is None when it stood before."""

    line: int | None
    content: AbsenceContent


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def repeated_keys(delivery: Delivery) -> Iterator[Problem]:
    """Find exceptions whose key stands in the file before."""
    seen: set[str] = set()
    for line in delivery.exceptions:
        if line.key in seen:
            yield Problem(
                line.line,
                "id",
                "This id stands in the file before.",
                "Give every exception its own id, and deliver each once.",
            )
        seen.add(line.key)


def dates(delivery: Delivery, today: date) -> Iterator[Problem]:
    """Find dates too far in the future, and in another school year than the file's first date."""
    year: set[int] = set()
    for line, field, first, last, may_come in _periods(delivery):
        if first > today and not may_come:
            yield Problem(
                line,
                field,
                "This lies in the future.",
                "Deliver absence and complete weeks when they have come.",
            )
        elif _school_year(first) > _school_year(today) + 1:
            yield Problem(
                line,
                field,
                "This lies after the next school year.",
                "Correct the week, or deliver the schedule when that school year is near.",
            )
        possible = {_school_year(first), _school_year(last)}
        if year and not year & possible:
            yield Problem(
                line,
                field,
                "This lies in another school year than the first line of the file.",
                "Deliver each school year (1 August to 31 July) in a file of its own.",
            )
        else:
            year = year & possible or possible


def _periods(delivery: Delivery) -> Iterator[tuple[int, str, date, date, bool]]:
    """Yield line, field, first and last day, and whether it may lie in the future."""
    found = [(line.line, "date", line.day, line.day, False) for line in delivery.exceptions]
    found += [
        (line.line, "week", *_school_days(line.week.monday), False) for line in delivery.delivered
    ]
    found += [
        (line.line, field, *_school_days(week.monday), True)
        for line in delivery.schedules
        for field, week in (("from", line.first), ("until", line.last))
    ]
    return iter(sorted(found))


def _school_days(monday: date) -> tuple[date, date]:
    return monday, monday + _FRIDAY


def _school_year(day: date) -> int:
    return day.year if day.month >= _AUGUST else day.year - 1


def coded(exceptions: Iterable[ExceptionLine]) -> Iterator[Problem]:
    """Find categories and reasons that are unknown on their day, or do not go together."""
    for line in exceptions:
        if codes.category(line.category, line.day) is None:
            yield Problem(
                line.line,
                "category",
                "This category is not in use on this date.",
                "Use a category of the published list that holds on the date.",
            )
        if line.reason is None:
            continue
        reason = codes.reason(line.reason, line.day)
        if reason is None:
            yield Problem(
                line.line,
                "reason",
                "This reason code is unknown on this date.",
                "Use a code of the published reason list, or leave the field out.",
            )
        elif line.category not in reason.categories:
            yield Problem(
                line.line,
                "reason",
                f"This reason does not go with the category {line.category}.",
                f"It goes with: {', '.join(reason.categories)}.",
            )


def enrolled(delivery: Delivery, pupils: Mapping[str, EnrolledPupil]) -> Iterator[Problem]:
    """Find pupils who were not enrolled at the branch on the day or in a week of the range."""
    for line in delivery.exceptions:
        if not _enrolled(pupils, line, line.day, line.day):
            yield _not_enrolled(line, "on this date")
    for line in delivery.schedules:
        for week in line.weeks():
            monday = week.monday
            if not _enrolled(pupils, line, monday, monday + _SUNDAY):
                yield _not_enrolled(line, "in every week of the range")
                break


def _enrolled(
    pupils: Mapping[str, EnrolledPupil], line: ScheduleLine | ExceptionLine, first: date, last: date
) -> bool:
    pupil = pupils.get(line.pupil)
    return pupil is not None and pupil.enrolled(first, last)


def _not_enrolled(line: Line, when: str) -> Problem:
    return Problem(
        line.line,
        "pupil",
        f"No pupil is enrolled at this branch under this key {when}.",
        "Deliver the roster first; then correct the key or the period.",
    )


def overlaps(present: Iterable[Present]) -> Iterator[Problem]:
    """Find absences of one pupil that take the same lesson unit of a day.

    Whoever missed a whole unit missed nothing else of it. A unit can be missed in parts, late and
    then sent out, but not twice in the same way.
    """
    of_day: defaultdict[tuple[UUID, date], list[Present]] = defaultdict(list)
    for absence in present:
        of_day[absence.content.pupil_id, absence.content.day].append(absence)
    for absences in of_day.values():
        if len(absences) == 1:
            continue
        # Lines come last and in their order, so that the later one is told.
        absences.sort(key=lambda absence: absence.line or 0)
        for index, absence in enumerate(absences):
            if absence.line is not None and any(
                _overlap(absence.content, other.content) for other in islice(absences, index)
            ):
                yield Problem(
                    absence.line,
                    "startUnit",
                    "This overlaps another exception of the same pupil on the same day.",
                    "Join the two into one exception, or correct the units.",
                )


def _overlap(one: AbsenceContent, other: AbsenceContent) -> bool:
    meet = one.start_unit < other.start_unit + max(
        other.lesson_units, 1
    ) and other.start_unit < one.start_unit + max(one.lesson_units, 1)
    return meet and (one.category == other.category or _whole(one) or _whole(other))


def _whole(content: AbsenceContent) -> bool:
    return content.lesson_units > 0 and content.category not in PARTLY_MISSED


def within_schedule(
    present: Iterable[Present],
    scheduled: Mapping[PupilWeekKey, Scheduled],
    schedule_lines: Mapping[PupilWeekKey, int],
) -> Iterator[Problem]:
    """Find absences without a schedule, and weeks with more absence than was scheduled.

    `schedule_lines` are the lines of the file that give a week its schedule.
    """
    minutes: defaultdict[PupilWeekKey, int] = defaultdict(int)
    units: defaultdict[PupilWeekKey, int] = defaultdict(int)
    lines: dict[PupilWeekKey, int] = {}
    for absence in present:
        content = absence.content
        week = (content.pupil_id, monday_of(content.day))
        minutes[week] += content.minutes
        if content.category not in PARTLY_MISSED:
            units[week] += content.lesson_units
        if absence.line is not None:
            lines[week] = max(lines.get(week, 0), absence.line)
    for week, missed in minutes.items():
        line = lines.get(week)
        if line is None and week not in schedule_lines:
            continue
        field = "minutes" if line is not None else "kind"
        line = line if line is not None else schedule_lines[week]
        if week not in scheduled:
            yield Problem(
                line,
                "date",
                "Nothing is scheduled for this pupil in this week.",
                "Deliver the schedule of the week with it, or correct the date.",
            )
        elif missed > scheduled[week][0]:
            yield Problem(
                line,
                field,
                "More minutes are missed in this week than were scheduled.",
                "Correct the minutes, or deliver the right schedule of the week.",
            )
        elif units[week] > scheduled[week][1]:
            yield Problem(
                line,
                "lessonUnits" if field == "minutes" else field,
                "More lesson units are missed in this week than were scheduled.",
                "Correct the lesson units, or deliver the right schedule of the week.",
            )


def after(
    stored: Iterable[StoredAbsence], given: Mapping[str, tuple[int, AbsenceContent]]
) -> list[Present]:
    """Return the absences as they would stand after the delivery, by the school's keys."""
    kept = [Present(None, old.content) for old in stored if old.external_id not in given]
    return kept + [Present(line, content) for line, content in given.values()]

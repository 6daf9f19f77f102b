"""Which lines of a file are wrong, when that shows only after all of it was taken in.

What was wrong is known by key and by week; the lines are found by reading the file once more, so
that a file without problems costs nothing for it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from uuid import UUID

from domain.attendance.rollup import ImpossibleWeek
from domain.imports.intake import monday_of
from domain.imports.line_problems import repeated
from domain.imports.ndjson_lines import DeletedLine, ExceptionLine, Line, ScheduleLine
from domain.imports.problems import Problem, Problems
from domain.imports.queries import EnrolledPupil

Lines = Callable[[], Iterator[Line]]
"""Gives the lines of a file from its start, every time it is called."""


def repeated_keys(lines: Lines, digests: set[int]) -> Problems:
    """Find the lines whose key stands in the file before, among those with these digests."""
    seen: set[str] = set()
    problems = Problems()
    for line in lines():
        key = line.key if isinstance(line, ExceptionLine | DeletedLine) else None
        if key is None or hash(key) not in digests:
            continue
        if key in seen:
            problems.add(repeated(line.line))
            if problems.enough:
                break
        seen.add(key)
    return problems


def overlaps(lines: Lines, pairs: Iterable[tuple[str, str]]) -> Problems:
    """Find the later line of each pair of exceptions that overlap."""
    pairs = list(pairs)
    keys = {key for pair in pairs for key in pair}
    at = {
        line.key: line.line
        for line in lines()
        if isinstance(line, ExceptionLine) and line.key in keys
    }
    problems = Problems()
    for number in sorted({max(at.get(one, 0), at.get(other, 0)) for one, other in pairs} - {0}):
        problems.add(
            Problem(
                number,
                "startUnit",
                "This overlaps another exception of the same pupil on the same day.",
                "Join the two into one exception, or correct the units.",
            )
        )
    return problems


def impossible_weeks(
    lines: Lines, pupils: Mapping[str, EnrolledPupil], weeks: Iterable[ImpossibleWeek]
) -> Problems:
    """Find the last exception of each impossible week, or else the line that schedules it."""
    fields = {(week.pupil_id, week.monday): week.field for week in weeks}
    of_pupil: dict[UUID, list[date]] = {}
    for pupil_id, monday in fields:
        of_pupil.setdefault(pupil_id, []).append(monday)
    missed: dict[tuple[UUID, date], int] = {}
    scheduled: dict[tuple[UUID, date], int] = {}
    for line in lines():
        pupil = pupils.get(line.pupil) if isinstance(line, ExceptionLine | ScheduleLine) else None
        if pupil is None or pupil.id not in of_pupil:
            continue
        if isinstance(line, ExceptionLine):
            missed[pupil.id, monday_of(line.day)] = line.line
        elif isinstance(line, ScheduleLine):
            for monday in of_pupil[pupil.id]:
                if line.first.monday <= monday <= line.last.monday:
                    scheduled[pupil.id, monday] = line.line
    found: list[Problem] = []
    for week, field in fields.items():
        number = missed.get(week, scheduled.get(week))
        if number is not None:
            found.append(_impossible(number, field, by_schedule=week not in missed))
    problems = Problems()
    problems.extend(sorted(found, key=lambda problem: problem.line or 0))
    return problems


def _impossible(number: int, field: str, *, by_schedule: bool) -> Problem:
    if field == "date":
        return Problem(
            number,
            "date",
            "Nothing is scheduled for this pupil in this week.",
            "Deliver the schedule of the week with it, or correct the date.",
        )
    what = "minutes" if field == "minutes" else "lesson units"
    return Problem(
        number,
        "kind" if by_schedule else field,
        f"More {what} are missed in this week than were scheduled.",
        f"Correct the {what}, or deliver the right schedule of the week.",
    )

"""Taking in attendance of any format: read by its reader, measured where it must be, stored.

Every format becomes the lines of our own. Ours streams; the others, whose marks are merged and
measured against each other, are read whole, which `MOST_MARKS` bounds.

A mark without minutes takes what the pupil's schedule of that week says, which the branch delivers
in our own format. A mark that names its school has to be of the branch of the delivery, as the
delivery agreement names that school.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from typing import BinaryIO
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance import queries as attendance
from domain.imports import deliveries, queries
from domain.imports.files import File, each_opened, opened
from domain.imports.intake import monday_of
from domain.imports.marks import Mark, Scheduled, measured, merged
from domain.imports.models import ImportReceipt
from domain.imports.ndjson_lines import ExceptionLine, Line
from domain.imports.problems import Problem, Problems
from domain.imports.progress import Progress
from domain.imports.queries import EnrolledPupil
from domain.imports.readers import AttendanceReader
from domain.imports.receipts import Stored
from domain.imports.telling_lines import Lines
from domain.reach import Kind, require
from permissions.vocabulary import Activity, Actor, DataClass

_SUNDAY = timedelta(days=6)
_NOTHING = ("exceptions", "scheduled_weeks", "delivered_weeks")


@dataclass(frozen=True, slots=True)
class Attendance:
    """What a reader gave: lines that are whole, marks still to be measured, and its warnings.

    `lines` gives the lines from the start each time; `empty` is that there is none, as far as is
    known before a file that streams is read.
    """

    lines: Lines
    marks: Sequence[Mark] = ()
    warnings: Sequence[Problem] = ()
    empty: bool = False


def read(reader: AttendanceReader, stream: BinaryIO) -> Attendance:
    """Read a delivery of attendance to its end, or make ready to read it line by line.

    Raises:
        Refused: the files break a rule of their format.
    """
    if reader.streams:
        return Attendance(each_opened(stream, lambda files: _lines(reader, files)))
    said = Problems()
    marks: list[Mark] = []
    lines: list[Line] = []

    def collect(files: Sequence[File]) -> None:
        """Put lines and marks apart."""
        for line in reader.read(files, said):
            if isinstance(line, Mark):
                marks.append(line)
            else:
                lines.append(line)

    opened(stream, collect)
    return Attendance(lambda: iter(lines), merged(marks), said.listed(), empty=not lines)


def _lines(reader: AttendanceReader, files: Sequence[File]) -> Iterator[Line]:
    for line in reader.read(files, Problems()):
        if isinstance(line, Mark):
            message = "a reader that streams yields lines alone"
            raise TypeError(message)
        yield line


async def store(
    session: AsyncSession,
    actor: Actor,
    receipt: ImportReceipt,
    found: Attendance,
    *,
    renew: Callable[[], Awaitable[None]],
    progress: Progress,
) -> Stored:
    """Measure the marks and store the delivery, or find everything that is wrong with it.

    Raises:
        Refused: a mark has no measure or is of another branch, or as `deliveries.store`.
        NotFound: the delivery agreement does not hold any more.
    """
    if found.empty and not found.marks:
        return await _nothing_new(session, actor, receipt, found.warnings)
    measures = await _measured(session, receipt, found.marks) if found.marks else []

    def lines() -> Iterator[Line]:
        """Give the lines that were whole, and then the marks with their measures."""
        return chain(found.lines(), measures)

    stored = await deliveries.store(session, actor, receipt, lines, renew=renew, progress=progress)
    return replace(stored, warnings=[*found.warnings, *stored.warnings])


async def _nothing_new(
    session: AsyncSession, actor: Actor, receipt: ImportReceipt, warnings: Sequence[Problem]
) -> Stored:
    """Answer a file of nothing but presence: it is taken in, and changes nothing."""
    rule = await require(
        session, actor, Activity.IMPORT, DataClass.ATTENDANCE_RATE,
        kind=Kind.BRANCH, reached=receipt.branch_id, path=("receipt",),
    )  # fmt: skip
    counts = {what: {"new": 0, "changed": 0, "unchanged": 0} for what in _NOTHING}
    return Stored(counts=counts, warnings=warnings, rules=[rule], young_persons=())


async def _measured(
    session: AsyncSession, receipt: ImportReceipt, marks: Sequence[Mark]
) -> list[ExceptionLine]:
    problems = Problems()
    problems.extend(await _of_other_schools(session, receipt, marks))
    pupils = await queries.enrolled_pupils(session, receipt.branch_id)
    problems.extend(_unknown(marks, pupils))
    if problems:
        problems.refuse()
    first = monday_of(min(mark.day for mark in marks))
    last = monday_of(max(mark.day for mark in marks)) + _SUNDAY
    weeks = await attendance.scheduled(session, receipt.branch_id, first=first, last=last)

    def scheduled(key: str, day: date) -> Scheduled | None:
        """Return what is scheduled for a pupil in the week of a day."""
        return weeks.get((pupils[key].id, monday_of(day)))

    found = await asyncio.to_thread(lambda: list(measured(marks, scheduled, problems)))
    if problems:
        problems.refuse()
    return sorted(found, key=lambda line: line.line)


async def _of_other_schools(
    session: AsyncSession, receipt: ImportReceipt, marks: Sequence[Mark]
) -> list[Problem]:
    """Find marks of schools that the agreement does not know as the branch of the delivery."""
    named = {mark.school for mark in marks} - {None}
    if not named:
        return []
    agreed: dict[str | None, set[UUID]] = {}
    for key, branch_id, code in await queries.agreed_branches(session, receipt.controller_id):
        for name in {key, code} - {None}:
            agreed.setdefault(name, set()).add(branch_id)
    wrong = {name for name in named if agreed.get(name) != {receipt.branch_id}}
    return [
        Problem(
            mark.line,
            "school",
            "The delivery agreement does not name the branch of this delivery so.",
            "Deliver each school by itself, and have its key entered in the agreement.",
        )
        for mark in marks
        if mark.school in wrong
    ]


def _unknown(marks: Sequence[Mark], pupils: dict[str, EnrolledPupil]) -> Iterator[Problem]:
    for mark in marks:
        if mark.pupil not in pupils:
            yield Problem(
                mark.line,
                "pupil",
                "No pupil is enrolled at this branch under this key on this date.",
                "Deliver the roster first; then correct the key or the period.",
            )

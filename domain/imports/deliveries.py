"""Taking in a delivery of attendance for one branch: what is new in it, and what follows."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import BinaryIO, Final

from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance import queries as attendance
from domain.attendance import services
from domain.attendance.queries import AbsenceContent, StoredAbsence
from domain.attendance.services import NewAbsence, Place, ScheduledWeek
from domain.database import ask_of
from domain.errors import NotFound
from domain.imports import delivery_checks as checks
from domain.imports import ndjson, queries
from domain.imports.delivery_checks import Delivery, PupilWeekKey, Scheduled, monday_of
from domain.imports.models import ImportReceipt
from domain.imports.ndjson_lines import DeliveredLine, ExceptionLine, Line, ScheduleLine
from domain.imports.problems import Problem, Problems, Refused
from domain.imports.queries import EnrolledPupil
from domain.imports.receipts import Stored
from domain.reach import Kind, require
from domain.reference import codes
from permissions.vocabulary import Activity, Actor, DataClass, Rule

__all__ = ["Delivery", "collected", "read", "store"]

_MIB: Final = 1024 * 1024
_LIMIT_BYTES: Final = 64 * _MIB
"""A year of a school of five thousand pupils is about half of this, unpacked."""

_MOST_SCHEDULED: Final = 400_000
"""Weeks of pupils; a year of five thousand pupils is 265,000, and one line may hold 53."""


def read(stream: BinaryIO) -> Delivery:
    """Read a file in our own format.

    Raises:
        Refused: a line breaks a rule of the format, or there are too many of them.
    """
    return collected(ndjson.read(stream, limit_bytes=_LIMIT_BYTES))


def collected(lines: Iterable[Line]) -> Delivery:
    """Collect the lines that a reader yields, by kind.

    Raises:
        Refused: the reader refuses, or the lines schedule too many weeks.
    """
    scheduled = 0
    schedules: list[ScheduleLine] = []
    delivered: list[DeliveredLine] = []
    exceptions: list[ExceptionLine] = []
    for line in lines:
        if isinstance(line, ScheduleLine):
            schedules.append(line)
            scheduled += (line.last.monday - line.first.monday).days // 7 + 1
            if scheduled > _MOST_SCHEDULED:
                rule = f"The file schedules more than {_MOST_SCHEDULED:,} weeks of pupils."
                advice = "Deliver a shorter period, or one branch at a time."
                raise Refused([Problem(line.line, "file", rule, advice)])
        elif isinstance(line, DeliveredLine):
            delivered.append(line)
        else:
            exceptions.append(line)
    return Delivery(schedules, delivered, exceptions)


async def store(
    session: AsyncSession,
    actor: Actor,
    receipt: ImportReceipt,
    delivery: Delivery,
    *,
    renew: Callable[[], Awaitable[None]],
) -> Stored:
    """Store a delivery of attendance, or find everything that is wrong with it.

    `renew` renews the claims of the transaction, which a large delivery outlives.

    Raises:
        Refused: a line says what cannot be, given the roster, the codes and what was delivered.
        NotFound: the delivery agreement does not hold any more.
    """
    branch = await queries.branch(session, receipt.branch_id)
    if branch is None:
        raise NotFound("receipt")
    place = Place(receipt.controller_id, receipt.branch_id, branch.sector, receipt.id)
    problems = Problems()
    pupils = await queries.enrolled_pupils(session, receipt.branch_id)
    problems.extend(checks.repeated_keys(delivery))
    problems.extend(checks.dates(delivery, ask_of(session).moment.today))
    problems.extend(checks.coded(delivery.exceptions))
    problems.extend(await _aside(checks.enrolled(delivery, pupils)))
    if problems:
        problems.refuse()

    first, last = _period(delivery)
    stored_weeks = await attendance.scheduled(session, place.branch_id, first=first, last=last)
    given_weeks, schedule_lines = _weeks(delivery.schedules, pupils)
    stored = await attendance.absences(
        session,
        place.branch_id,
        first=first,
        last=last,
        keys=[line.key for line in delivery.exceptions],
    )
    given = {line.key: (line.line, _content(line, pupils)) for line in delivery.exceptions}
    present = checks.after(stored, given)
    scheduled = {**stored_weeks, **given_weeks}
    problems.extend(await _aside(checks.overlaps(present)))
    problems.extend(await _aside(checks.within_schedule(present, scheduled, schedule_lines)))
    if problems:
        problems.refuse()

    await renew()
    rules = await _rules(session, actor, receipt, delivery)
    before = {old.external_id: old for old in stored}
    absences = [
        _new(line, content, before.get(line.key))
        for line in delivery.exceptions
        if (content := given[line.key][1]) != _content_of(before.get(line.key))
    ]
    schedule = [
        ScheduledWeek(
            pupil_id=week[0],
            monday=week[1],
            minutes=wanted[0],
            units=wanted[1],
            stored=week in stored_weeks,
        )
        for week, wanted in given_weeks.items()
        if stored_weeks.get(week) != wanted
    ]
    declared = {line.week.monday for line in delivery.delivered}
    new_mondays = declared - await attendance.delivered(session, place.branch_id)
    await services.store(
        session, place, schedule=schedule, absences=absences, delivered=sorted(new_mondays)
    )
    await renew()
    return await _consequences(
        session,
        place,
        rules=rules,
        schedule=schedule,
        absences=absences,
        before=before,
        delivered=sorted(new_mondays),
        weeks=[week for week in scheduled if week[1] in new_mondays],
        counts={
            "scheduled_weeks": _counted(
                new=sum(not week.stored for week in schedule),
                changed=sum(week.stored for week in schedule),
                of=len(given_weeks),
            ),
            "exceptions": _counted(
                new=sum(absence.replaces is None for absence in absences),
                changed=sum(absence.replaces is not None for absence in absences),
                of=len(given),
            ),
            "delivered_weeks": _counted(new=len(new_mondays), changed=0, of=len(declared)),
        },
    )


async def _aside(problems: Iterator[Problem]) -> list[Problem]:
    """Look for problems on another thread, so that other requests are answered meanwhile."""
    return await asyncio.to_thread(list, problems)


async def _consequences(
    session: AsyncSession,
    place: Place,
    *,
    rules: Sequence[Rule],
    schedule: Sequence[ScheduledWeek],
    absences: Sequence[NewAbsence],
    before: Mapping[str, StoredAbsence],
    delivered: Sequence[date],
    weeks: Iterable[PupilWeekKey],
    counts: dict[str, dict[str, int]],
) -> Stored:
    """Bring the roll-up and the signals of everything touched up to date."""
    touched: set[PupilWeekKey] = {(week.pupil_id, week.monday) for week in schedule}
    touched.update(weeks)
    for absence in absences:
        touched.add((absence.content.pupil_id, monday_of(absence.content.day)))
        old = before.get(absence.external_id)
        if old is not None:
            touched.add((old.content.pupil_id, monday_of(old.content.day)))
    pupils = {pupil_id for pupil_id, _ in touched}
    mondays = {monday for _, monday in touched}
    if touched or delivered:
        await services.roll_up(session, place, pupils=pupils, mondays=mondays)
    signals = await services.renew_signals(session, place, sorted(pupils))
    counts["signals"] = {
        "new": signals.new,
        "withdrawn": signals.withdrawn,
        "unchanged": signals.unchanged,
    }
    return Stored(
        counts=counts,
        warnings=(),
        rules=rules,
        young_persons=await queries.young_persons(session, pupils),
    )


def _period(delivery: Delivery) -> tuple[date, date]:
    """Return the first Monday and the last Sunday of everything in the file."""
    days = [line.day for line in delivery.exceptions]
    days += [line.week.monday for line in delivery.delivered]
    days += [week.monday for line in delivery.schedules for week in (line.first, line.last)]
    return monday_of(min(days)), monday_of(max(days)) + timedelta(days=6)


def _weeks(
    lines: Sequence[ScheduleLine], pupils: Mapping[str, EnrolledPupil]
) -> tuple[dict[PupilWeekKey, Scheduled], dict[PupilWeekKey, int]]:
    """Return each pupil's scheduled weeks and their lines; a later line replaces an earlier one."""
    scheduled: dict[PupilWeekKey, Scheduled] = {}
    said_by: dict[PupilWeekKey, int] = {}
    for line in lines:
        pupil_id = pupils[line.pupil].id
        for week in line.weeks():
            scheduled[pupil_id, week.monday] = (line.minutes, line.lesson_units)
            said_by[pupil_id, week.monday] = line.line
    return scheduled, said_by


def _content(line: ExceptionLine, pupils: Mapping[str, EnrolledPupil]) -> AbsenceContent:
    return AbsenceContent(
        pupil_id=pupils[line.pupil].id,
        day=line.day,
        start_unit=line.start_unit,
        lesson_units=line.lesson_units,
        minutes=line.minutes,
        category=line.category,
        reason=line.reason,
    )


def _content_of(stored: StoredAbsence | None) -> AbsenceContent | None:
    return None if stored is None else stored.content


def _new(line: ExceptionLine, content: AbsenceContent, old: StoredAbsence | None) -> NewAbsence:
    fact, reason = _classes(line)
    return NewAbsence(
        external_id=line.key,
        content=content,
        data_class=fact,
        reason_class=reason,
        replaces=None if old is None else old.id,
    )


def _classes(line: ExceptionLine) -> tuple[str, str | None]:
    """Return the data class of the fact of an absence and of its reason; the codes are checked."""
    category = codes.category(line.category, line.day)
    if category is None:
        raise LookupError("a category that does not hold passed the checks")
    reason = None if line.reason is None else codes.reason(line.reason, line.day)
    return category.data_class, None if reason is None else reason.data_class


async def _rules(
    session: AsyncSession, actor: Actor, receipt: ImportReceipt, delivery: Delivery
) -> list[Rule]:
    classes: dict[str, None] = {str(DataClass.ATTENDANCE_RATE): None}
    if delivery.schedules:
        classes[str(DataClass.ATTENDANCE_TIMETABLE)] = None
    for line in delivery.exceptions:
        for data_class in _classes(line):
            if data_class is not None:
                classes[data_class] = None
    classes[str(DataClass.SIGNAL)] = None
    return [
        await require(
            session, actor, Activity.IMPORT, DataClass(data_class),
            kind=Kind.BRANCH, reached=receipt.branch_id, path=("receipt",),
        )
        for data_class in classes
    ]  # fmt: skip


def _counted(*, new: int, changed: int, of: int) -> dict[str, int]:
    return {"new": new, "changed": changed, "unchanged": of - new - changed}

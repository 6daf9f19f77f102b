"""Taking in a delivery of attendance for one branch: what is new in it, and what follows.

The lines stream: a chunk is stored while the next one is read, so that a file of any length takes
little memory. All of it is one transaction: what shows only at the end refuses the whole.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance import announcing, marks, rollup, services
from domain.attendance.marks import StoredMark
from domain.attendance.rollup import Branch, RolledUp, TouchedWeeks
from domain.attendance.services import Place
from domain.attendance.signals import SignalCounts
from domain.database import ask_of
from domain.errors import NotFound
from domain.imports import queries, telling_lines
from domain.imports.beside import ahead
from domain.imports.intake import Chunk, Intake
from domain.imports.models import ImportReceipt
from domain.imports.progress import Progress
from domain.imports.receipts import Stored
from domain.imports.telling_lines import Lines
from domain.reach import Kind, require
from permissions.vocabulary import Activity, Actor, DataClass, Rule

__all__ = ["Lines", "store"]

MARKS_AT_ONCE: Final = 10_000
WEEKS_AT_ONCE: Final = 20_000
PUPILS_AT_ONCE: Final = 2_000
JUDGED_AT_ONCE: Final = 200
"""What one statement works on: enough for its own cost to vanish, little enough for memory."""

_STANDS_TWICE: Final = "23505"
"""PostgreSQL's code for what a unique index refuses."""


@dataclass(slots=True)
class Changes:
    """What of the exceptions was new, and whose weeks and signals it may change."""

    new: int = 0
    changed: int = 0
    deleted: int = 0
    pupils: set[UUID] = field(default_factory=set[UUID])
    classes: dict[str, None] = field(default_factory=dict[str, None])
    """Of what stood before; those of the lines are noted by the thread that reads."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery at work.

    `lines` gives the file from its start; `renew` renews the claims of the transaction, which a
    large delivery outlives.
    """

    session: AsyncSession
    branch: Branch
    place: Place
    intake: Intake
    lines: Lines
    renew: Callable[[], Awaitable[None]]


async def store(
    session: AsyncSession,
    actor: Actor,
    receipt: ImportReceipt,
    lines: Lines,
    *,
    renew: Callable[[], Awaitable[None]],
    progress: Progress | None = None,
) -> Stored:
    """Store a delivery of attendance, or find everything that is wrong with it.

    Raises:
        Refused: a line breaks a rule of the format, or says what cannot be, given the roster, the
            codes and what was delivered. Whoever calls undoes what was stored by then.
        NotFound: the delivery agreement does not hold any more.
    """
    work = await begin(session, receipt.branch_id, receipt.id, lines, renew=renew)
    progress = progress or Progress()
    progress.take(work.intake)
    changes = await store_marks(work)
    progress.follow()
    rules = await _rules(session, actor, receipt, work.intake, changes)
    declared, taken_back = await services.declare(
        session, work.place, delivered=work.intake.delivered, taken_back=work.intake.taken_back
    )
    rolled = await _roll_up(work, declared, taken_back)
    touched = rolled.pupils | changes.pupils
    signals = await _signals(work, touched)
    intake = work.intake
    weeks = _counted(
        new=rolled.first_scheduled, changed=rolled.rescheduled, of=intake.scheduled_weeks
    )
    counts = {
        "scheduled_weeks": weeks,
        "exceptions": _counted(new=changes.new, changed=changes.changed, of=intake.exceptions),
        "delivered_weeks": _counted(new=len(declared), changed=0, of=len(intake.delivered)),
        "signals": {
            "new": signals.new,
            "withdrawn": signals.withdrawn,
            "unchanged": signals.unchanged,
        },
    }
    if intake.deletions or intake.taken_back:
        counts["deletions"] = {
            "new": changes.deleted + len(taken_back),
            "unchanged": intake.deletions
            - changes.deleted
            + len(intake.taken_back)
            - len(taken_back),
        }
    return Stored(
        counts=counts,
        warnings=(),
        rules=rules,
        young_persons=await queries.young_persons(session, touched),
    )


async def begin(
    session: AsyncSession,
    branch_id: UUID,
    receipt_id: UUID,
    lines: Lines,
    *,
    renew: Callable[[], Awaitable[None]],
) -> Delivery:
    """Make ready to take in a file for a branch, under a receipt.

    Raises:
        NotFound: the delivery agreement does not hold any more.
    """
    branch = await queries.branch(session, branch_id)
    if branch is None:
        raise NotFound("receipt")
    pupils = await queries.enrolled_pupils(session, branch_id)
    moment = ask_of(session).moment
    return Delivery(
        session,
        Branch(branch.organisation_id, branch_id, moment.instant),
        Place(branch.organisation_id, branch_id, branch.sector, receipt_id),
        Intake(pupils, moment.today),
        lines,
        renew,
    )


async def store_marks(work: Delivery) -> Changes:
    """Store the marks of a file, versions and deletions; nothing is rolled up yet.

    Raises:
        Refused: a line breaks a rule, stands twice, or overlaps another mark.
    """
    async with rollup.looked_up(work.session):
        changes = await _take_in(work)
    await _nothing_repeated(work)
    await _nothing_overlaps(work, changes.pupils)
    return changes


# --- the lines -------------------------------------------------------------------------------


async def _take_in(work: Delivery) -> Changes:
    """Store what is new, chunk by chunk, while the chunk after it is read on another thread."""
    intake, changes = work.intake, Changes()
    lines = work.lines()
    await work.renew()
    first = not await marks.any_known(work.session, work.branch)
    broken: IntegrityError | None = None

    def read() -> Iterator[Chunk]:
        while (chunk := intake.take(lines, MARKS_AT_ONCE)) is not None:
            chunk.marks.columns()
            yield chunk

    async with aclosing(ahead(read())) as chunks:
        async for chunk in chunks:
            if intake.faulty or broken is not None:
                continue
            try:
                await work.renew()
                await _store(work, chunk, changes, first=first)
            except IntegrityError as error:
                # The key of a chunk before this one, for at first none is looked up. The rest is
                # read to say so of every line.
                if not first or getattr(error.orig, "sqlstate", None) != _STANDS_TWICE:
                    raise
                broken = error
    intake.finish()
    if broken is not None:
        await _nothing_repeated(work)
        raise broken
    await work.renew()
    return changes


async def _store(work: Delivery, chunk: Chunk, changes: Changes, *, first: bool) -> None:
    """Store a chunk; where it is of the first marks of a branch, none was known before the file."""
    given = chunk.marks
    if not chunk:
        return
    stood = {}
    if not first:
        stood = await marks.known(work.session, work.branch, given.keys + chunk.deleted)
    replaced: dict[str, StoredMark] = {}
    if stood:
        unchanged: set[int] = set()
        for index, key in enumerate(given.keys):
            old = stood.get(key)
            if old is None:
                continue
            if old.content == given.content(index):
                unchanged.add(index)
            else:
                replaced[key] = old
        given = given.without(unchanged)
    ids = await marks.add(work.session, work.branch, given, replaced, first=first)
    gone = [stood[key] for key in chunk.deleted if key in stood]
    await marks.delete(work.session, work.branch, gone)
    await announcing.marks(work.session, ids, given, replaced, **work.place.announced)
    await announcing.withdrawn(work.session, gone, **work.place.announced)
    for old in (*replaced.values(), *gone):
        work.intake.touch(old.pupil_id, old.day)
        changes.classes[old.data_class] = None
        changes.pupils.add(old.pupil_id)
    changes.pupils.update(given.pupils)
    changes.new += len(given) - len(replaced)
    changes.changed += len(replaced)
    changes.deleted += len(gone)


async def _nothing_repeated(work: Delivery) -> None:
    digests = work.intake.repeated_digests
    if digests:
        problems = await asyncio.to_thread(telling_lines.repeated_keys, work.lines, digests)
        if problems:
            problems.refuse()


async def _nothing_overlaps(work: Delivery, changed: set[UUID]) -> None:
    intake = work.intake
    pupils, pairs = sorted(changed), list[tuple[str, str]]()
    for some in _some_at_a_time(pupils, PUPILS_AT_ONCE):
        await work.renew()
        pairs += await marks.overlapping(
            work.session, work.branch, some, first=intake.first, last=intake.last
        )
    if pairs:
        (await asyncio.to_thread(telling_lines.overlaps, work.lines, pairs)).refuse()


# --- what follows ----------------------------------------------------------------------------


async def _roll_up(
    work: Delivery, declared: Sequence[date], taken_back: Sequence[date]
) -> RolledUp:
    """Bring the roll-up of everything touched up to date.

    Raises:
        Refused: more is missed in a week than was scheduled.
    """
    done = RolledUp()
    touched = map(TouchedWeeks.of, work.intake.touched(WEEKS_AT_ONCE))
    async with aclosing(ahead(touched)) as batches:
        async for weeks in batches:
            await work.renew()
            done.add(await rollup.bring_up_to_date(work.session, work.branch, weeks))
    if done.impossible:
        problems = await asyncio.to_thread(
            telling_lines.impossible_weeks, work.lines, work.intake.pupils, done.impossible
        )
        problems.refuse()
    # Of the weeks declared now, those with a line of their own are known by now.
    for mondays, unknown in ((declared, True), (taken_back, False)):
        for monday in mondays:
            await work.renew()
            done.add(
                await rollup.refresh(work.session, work.branch, mondays=[monday], unknown=unknown)
            )
    return done


async def _signals(work: Delivery, touched: set[UUID]) -> SignalCounts:
    """Announce the rates and renew the signals of everybody touched, some pupils at a time.

    What the marks of some give is found on another thread, while those of the next are read.
    """
    counts = SignalCounts()
    session, place, span = work.session, work.place, work.intake.span
    finding = deque[services.Found]()
    try:
        for pupils in _some_at_a_time(sorted(touched), JUDGED_AT_ONCE):
            await work.renew()
            await announcing.rates(session, pupils, **place.announced)
            finding.append(await services.find_signals(session, place, pupils, span=span))
            if len(finding) > 1:
                counts.add(await services.keep_signals(session, place, finding.popleft()))
        while finding:
            counts.add(await services.keep_signals(session, place, finding.popleft()))
    finally:
        await asyncio.gather(*(found.wanted for found in finding), return_exceptions=True)
    return counts


def _some_at_a_time(pupils: list[UUID], most: int) -> Iterator[list[UUID]]:
    for start in range(0, len(pupils), most):
        yield pupils[start : start + most]


async def _rules(
    session: AsyncSession, actor: Actor, receipt: ImportReceipt, intake: Intake, changes: Changes
) -> list[Rule]:
    classes: dict[str, None] = {str(DataClass.ATTENDANCE_RATE): None}
    if intake.has_schedules:
        classes[str(DataClass.ATTENDANCE_TIMETABLE)] = None
    classes |= intake.classes | changes.classes
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

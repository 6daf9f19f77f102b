"""Locking what is due, and taking the exact tables of what is locked: counts, and no person."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, any_, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from domain.aggregates.counting import Place, added, counted, of
from domain.aggregates.locking import count_late, lock
from domain.aggregates.models import BranchPeriod, BranchTable
from domain.aggregates.periods import Period, due, period_of
from domain.database import ask_of
from domain.errors import NotFound
from domain.organisations.models import SchoolBranch
from domain.reach import Kind, require
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass, Rule

FIRST: Final = 1
_KEY_ARRAY: Final = ARRAY(Uuid)
CHUNK: Final = 4000
"""How many rows are fetched or added at once."""

SOURCES: Final = (
    DataClass.PUPIL_IDENTITY,
    DataClass.PUPIL_ENROLMENT,
    DataClass.ATTENDANCE_RATE,
    DataClass.ATTENDANCE_UNAUTHORISED,
    DataClass.ATTENDANCE_AUTHORISED,
    DataClass.ATTENDANCE_REASON_HEALTH_FACT,
    DataClass.REPORT_HEAD,
    DataClass.PLAN,
    DataClass.AGGREGATE_BRANCH_EXACT,
)
"""What figures are added up from."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the branches: those whose keys lie from the first up to, and without, the last."""

    first: int
    last: int

    def holds(self, branch_id: UUID) -> bool:
        """Return whether a branch is in this part."""
        return self.first <= branch_id.int < self.last


_KEYS: Final = 1 << 128
WHOLE: Final = Part(0, _KEYS)
"""Every branch."""


def parts_of(number: int) -> list[Part]:
    """Return as many parts, of about as many branches each: their keys are random."""
    ends = [_KEYS * at // number for at in range(number + 1)]
    return [Part(first, last) for first, last in pairwise(ends)]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run did for a period: branches that were locked, and those whose tables were taken."""

    period: Period
    locked: int
    taken: int


async def lock_due(
    session: AsyncSession, actor: Actor, *, period: Period | None = None, take: bool = True
) -> list[Taken]:
    """Lock every branch of which the deadline has passed, and take what is locked.

    A branch whose head did not close the period is locked as it is. Of a branch that has no pupils
    in the period there is nothing to lock. What was delivered after its table was taken is counted.

    Args:
        session: a transaction of the jobs' login role.
        actor: the platform's job, for policy statistics.
        period: one period; by default all of this and the last school year that are due. What a
            board locked of it is taken though its deadline is yet to come.
        take: whether what is locked is taken now; else `take_part` takes it.

    Raises:
        NotFound: the actor is not the job.
    """
    rules = await added_up(session, actor)
    today = ask_of(session).moment.today
    done: list[Taken] = []
    for each in due(today) if period is None else [period]:
        locked = await lock(session, each) if each.is_due(today) else 0
        taken = await _take(session, each, WHOLE) if take else 0
        await count_late(session, each)
        if locked or taken:
            done.append(Taken(each, locked, taken))
    if done:
        await record(session, actor, rules, Act.FIGURES_TAKEN, subjects=())
    return done


async def take_part(session: AsyncSession, actor: Actor, *, period: Period, part: Part) -> int:
    """Take the tables of some of the branches that are locked; return of how many.

    Parts may be taken at the same time, each in a transaction of its own.

    Raises:
        NotFound: the actor is not the job.
    """
    rules = await added_up(session, actor)
    taken = await _take(session, period, part)
    if taken:
        await record(session, actor, rules, Act.FIGURES_TAKEN, subjects=())
    return taken


async def untaken(session: AsyncSession) -> list[Period]:
    """Return the periods of which a branch is locked and its tables are yet to be taken."""
    rows = await session.execute(
        select(BranchPeriod.kind, BranchPeriod.first_day)
        .where(BranchPeriod.locked_at.is_not(None), BranchPeriod.taken_at.is_(None))
        .distinct()
        .order_by(BranchPeriod.first_day, BranchPeriod.kind)
    )
    return [period_of(row.kind, row.first_day) for row in rows]


async def added_up(session: AsyncSession, actor: Actor) -> list[Rule]:
    """Return the rules by which the job adds up figures.

    Raises:
        NotFound: the actor is not the job.
    """
    if actor.organisation is None:
        raise NotFound
    return [
        await require(
            session, actor, Activity.AGGREGATE, data_class,
            kind=Kind.CONTROLLER, reached=actor.organisation,
        )
        for data_class in SOURCES
    ]  # fmt: skip


async def _take(session: AsyncSession, period: Period, part: Part) -> int:
    """Take the tables of every branch of a part that is locked and of which none were taken."""
    instant = ask_of(session).moment.instant
    rows = await session.execute(
        select(
            BranchPeriod.id, BranchPeriod.branch_id, BranchPeriod.controller_id, SchoolBranch.sector
        )
        .join(SchoolBranch, SchoolBranch.id == BranchPeriod.branch_id)
        .where(*of(period), BranchPeriod.locked_at.is_not(None), BranchPeriod.taken_at.is_(None))
    )
    places = [place for row in rows if part.holds((place := Place(*row)).branch_id)]
    if not places:
        return 0
    waiting: list[dict[str, Any]] = []
    async for row in counted(session, period, places, named=part != WHOLE):
        waiting.append({**row, "vintage": FIRST, "taken_at": instant})
        if len(waiting) >= CHUNK:
            await added(session, BranchTable, waiting)
            waiting = []
    await added(session, BranchTable, waiting)
    await session.execute(
        update(BranchPeriod)
        .where(BranchPeriod.id == any_(literal([place.period_id for place in places], _KEY_ARRAY)))
        .values(taken_at=instant)
        .execution_options(synchronize_session=False)
    )
    return len(places)

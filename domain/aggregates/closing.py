"""Closing a branch's period by its head, and locking it by its board."""

from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.aggregates.models import BranchPeriod
from domain.aggregates.periods import Period
from domain.aggregates.quality import teaching_weeks, weeks_of, whole
from domain.attendance.quality import Quality, measure
from domain.database import ask_of
from domain.errors import Conflict, Invalid, NotFound
from domain.organisations.models import SchoolBranch
from domain.reach import Kind, require
from domain.reference.quality import quality_rules
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass

_CLOSED: Final = "This period is closed already."
_LOCKED: Final = "This period was locked at its deadline. What comes in now counts as late."


async def close_period(
    session: AsyncSession, actor: Actor, *, branch_id: UUID, period: Period
) -> UUID:
    """Close a period of a branch, with the quality of what was delivered; return its id.

    Missing weeks are kept as missing: nobody counts as present in them.

    Args:
        session: a transaction of the actor's.
        actor: the head of the branch (Leerplichtwet 1969 art. 25(3)).
        branch_id: the branch.
        period: a period that is over.

    Raises:
        NotFound: there is no such branch, or not for this actor.
        Invalid: the period is not over.
        Conflict: it was closed before, or locked at its deadline.
    """
    rule = await require(
        session, actor, Activity.CLOSE, DataClass.AGGREGATE_BRANCH_EXACT,
        kind=Kind.BRANCH, reached=branch_id, path=("branchId",),
    )  # fmt: skip
    moment = ask_of(session).moment
    if not period.is_over(moment.today):
        raise Invalid("This period is not over. Close it when it is.", path=("period",))
    branch = await session.get(SchoolBranch, branch_id)
    if branch is None:
        raise NotFound("branchId")
    was_closed = await session.scalar(
        select(BranchPeriod.closed_at.is_not(None)).where(
            BranchPeriod.branch_id == branch_id,
            BranchPeriod.kind == str(period.kind),
            BranchPeriod.first_day == period.first_day,
        )
    )
    if was_closed is not None:
        raise Conflict(_CLOSED if was_closed else _LOCKED, path=("period",))
    found, pupils = await judged(session, branch, period)
    missing = [week.counts.monday for week in found.weeks if week.counts.delivered_at is None]
    key = uuid4()
    await session.execute(
        insert(BranchPeriod)
        .inline()
        .values(
            id=key,
            controller_id=branch.organisation_id,
            branch_id=branch_id,
            branch_code=branch.branch_code,
            kind=str(period.kind),
            first_day=period.first_day,
            last_day=period.last_day,
            score=whole(found.score, pupils),
            weeks=len(found.weeks),
            missing_weeks=missing,
            closed_by=actor.id,
            closed_at=moment.instant,
        )
    )
    await record(session, actor, rule, Act.PERIOD_CLOSED, subjects=(), about=key)
    return key


async def judged(
    session: AsyncSession, branch: SchoolBranch, period: Period
) -> tuple[Quality, int]:
    """Return the quality of a branch's period, and the most pupils that a week of it had."""
    today = ask_of(session).moment.today
    first, last = period.mondays
    weeks = await weeks_of(session, branch.id, first, last)
    teaching = await teaching_weeks(session, branch, first, last)
    found = measure(quality_rules(today), weeks, teaching=teaching, today=today)
    return found, max((week.pupils for week in weeks), default=0)


async def lock_period(session: AsyncSession, actor: Actor, *, period_id: UUID) -> UUID:
    """Lock a period that a branch of the actor's board closed; return its id.

    Its exact table is then taken, once; what is delivered afterwards is counted as late.

    Args:
        session: a transaction of the actor's.
        actor: an analyst of the board.
        period_id: the closed period.

    Raises:
        NotFound: there is no such period, or not for this actor.
        Conflict: it is locked already.
    """
    row = (
        await session.execute(
            select(BranchPeriod.controller_id, BranchPeriod.locked_at).where(
                BranchPeriod.id == period_id
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFound("periodId")
    rule = await require(
        session, actor, Activity.LOCK, DataClass.AGGREGATE_BOARD,
        kind=Kind.UNIT, reached=f"board:{row.controller_id}", path=("periodId",),
    )  # fmt: skip
    if row.locked_at is not None:
        raise Conflict("This period is locked already.", path=("periodId",))
    await session.execute(
        update(BranchPeriod)
        .where(BranchPeriod.id == period_id, BranchPeriod.locked_at.is_(None))
        .values(locked_by=actor.id, locked_at=ask_of(session).moment.instant)
        .execution_options(synchronize_session=False)
    )
    await record(session, actor, rule, Act.PERIOD_LOCKED, subjects=(), about=period_id)
    return period_id

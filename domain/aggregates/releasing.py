"""Releasing a period: looked at by the gate, written once, its digest in the log; or refused."""

import asyncio
import logging
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.aggregates.counting import of
from domain.aggregates.gate.sums import Refusal
from domain.aggregates.loading import load
from domain.aggregates.made import Exact, Made
from domain.aggregates.making import make
from domain.aggregates.models import BranchPeriod, Release
from domain.aggregates.periods import Period, period_of
from domain.aggregates.taking import FIRST, added_up
from domain.aggregates.vintages import changed_enough, published, take_again
from domain.aggregates.writing import Proposed, Released, write
from domain.database import ask_of, renew
from domain.errors import Conflict, Invalid
from domain.organisations.models import SchoolBranch
from domain.pupils.vault import key_of_figures
from domain.trace import Act, record
from permissions.vocabulary import Actor

LOGGER = logging.getLogger(__name__)

SAMPLE: Final = 1
"""How many units the gate attacks by integer programming for each measure, others for each."""


class Refused(Conflict):
    """A release that would reveal something: nothing was stored.

    Attributes:
        refusals: every cell with the reason.
    """

    code = "REFUSED"

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        """Name the first cell and the reason."""
        first = refusals[0]
        super().__init__(
            f"This release was refused and nothing was stored: {first.cell}: {first.reason}."
            + (f" There are {len(refusals) - 1} more." if len(refusals) > 1 else ""),
            path=("period",),
        )
        self.refusals = tuple(refusals)


async def inspect_period(
    session: AsyncSession, actor: Actor, *, period: Period, sample: int = SAMPLE
) -> Proposed:
    """Return what would be released of a period and the gate's findings; nothing is stored.

    Raises:
        NotFound: the actor is not the job.
        Invalid: the period is not over.
        Conflict: not every branch is locked, or none has pupils.
    """
    await added_up(session, actor)
    await _all_taken(session, period)
    vintage = await _vintage(session, period)
    loaded = await load(session, period, max(vintage, FIRST))
    made = await _made(session, loaded.exact, sample)
    return Proposed(period, max(vintage, FIRST), loaded, made)


async def release_period(
    session: AsyncSession,
    actor: Actor,
    *,
    period: Period,
    again: bool = False,
    sample: int = SAMPLE,
) -> Released:
    """Release a period, once: write every answer, and the digest in the log.

    Args:
        session: a transaction of the jobs' login role.
        actor: the platform's job, for policy statistics.
        period: a period of which every branch is locked.
        again: make a second vintage, of branches of which weeks came late. It is refused unless
            every published count that changes differs by ten pupils or more; what came late then
            joins the next period.
        sample: how many units the gate attacks for each measure.

    Raises:
        NotFound: the actor is not the job.
        Invalid: the period is not over.
        Conflict: not every branch is locked, it was released already, or a second vintage would
            tell of a few pupils.
        Refused: the gate found that it would reveal something.
    """
    rules = await added_up(session, actor)
    await _all_taken(session, period)
    before = await _vintage(session, period)
    if before and not again:
        raise Conflict("This period was released. A release is never written again.", path=_AT)
    if again and not before:
        raise Conflict("This period was not released yet.", path=_AT)
    vintage = before + 1
    if again:
        await take_again(session, period, vintage)
    loaded = await load(session, period, vintage)
    made = await _made(session, loaded.exact, sample)
    if made.refusals:
        raise Refused(made.refusals)
    if again:
        changed_enough(await published(session, period, before), made.answers)
    release = await write(session, Proposed(period, vintage, loaded, made))
    await record(session, actor, rules, Act.FIGURES_RELEASED, subjects=(), about=release.id)
    LOGGER.info("released %s, vintage %d, digest %s", period.name, vintage, release.digest)
    return release


async def _made(session: AsyncSession, exact: Exact, sample: int) -> Made:
    """Make a release on a thread of its own, while the transaction and its claims are kept."""
    making = asyncio.create_task(asyncio.to_thread(_make, exact, sample))
    while not making.done():
        await asyncio.wait({making}, timeout=_KEPT_SECONDS)
        await renew(session)
    return making.result()


def _make(exact: Exact, sample: int) -> Made:
    """Make a release; one of many branches by as many processes as there are processors."""
    secret = key_of_figures(exact.school_year)
    if len(exact.branches) < _MANY:
        return make(exact, secret=secret, sample=sample)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as workers:
        return make(exact, secret=secret, sample=sample, workers=workers)


async def unreleased(session: AsyncSession) -> list[Period]:
    """Return the periods that are due, taken and not released, oldest first."""
    rows = await session.execute(
        select(BranchPeriod.kind, BranchPeriod.first_day)
        .where(
            BranchPeriod.taken_at.is_not(None),
            ~select(Release.id)
            .where(Release.kind == BranchPeriod.kind, Release.first_day == BranchPeriod.first_day)
            .exists(),
        )
        .distinct()
    )
    today = ask_of(session).moment.today
    found = (period_of(row.kind, row.first_day) for row in rows)
    return sorted(
        (period for period in found if period.is_due(today)),
        key=lambda period: (period.last_day, period.kind),
    )


_AT: Final = ("period",)
_KEPT_SECONDS: Final = 10
_MANY: Final = 1000


async def _all_taken(session: AsyncSession, period: Period) -> None:
    today = ask_of(session).moment.today
    if not period.is_over(today):
        raise Invalid("This period is not over.", path=_AT)
    taken, waiting = (
        await session.execute(
            select(
                func.count().filter(BranchPeriod.taken_at.is_not(None)),
                func.count().filter(BranchPeriod.taken_at.is_(None)),
            ).where(*of(period))
        )
    ).one()
    unknown = await session.scalar(
        select(func.count()).where(
            SchoolBranch.id.not_in(select(BranchPeriod.branch_id).where(*of(period)))
        )
    )
    # After the deadline, a branch without a row has no pupils in the period.
    if waiting or (unknown and not period.is_due(today)):
        raise Conflict(
            f"Of {period.name}, {taken} branches are locked and {waiting + (unknown or 0)} are not."
            " Lock what is due first, or wait for the deadline.",
            path=_AT,
        )
    if not taken:
        raise Conflict(f"Nothing was delivered of {period.name}, so there is nothing to release.",
                       path=_AT)  # fmt: skip


async def _vintage(session: AsyncSession, period: Period) -> int:
    """Return the last vintage of a period; 0 when it was not released."""
    return (
        await session.scalar(
            select(func.max(Release.vintage)).where(
                Release.kind == str(period.kind), Release.first_day == period.first_day
            )
        )
    ) or 0

"""Acts on attendance: what a delivery stores, and the signals that follow from it.

A delivery asks `require` for the classes it holds before it comes here.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance import announcing, dimensions, queries, signals
from domain.attendance.models import DeliveredWeek, Signal
from domain.attendance.signals import SignalCounts
from domain.database import ask_of
from domain.pupils.bulk import insert_rows, update_rows


@dataclass(frozen=True, slots=True)
class Place:
    """The branch that attendance is about: its controller, its sector, and the delivery at work."""

    controller_id: UUID
    branch_id: UUID
    sector: str
    receipt_id: UUID

    @property
    def announced(self) -> dict[str, UUID]:
        """Under whom, at which branch and by which delivery a change is announced."""
        return {
            "controller_id": self.controller_id,
            "branch_id": self.branch_id,
            "receipt_id": self.receipt_id,
        }


async def declare(
    session: AsyncSession,
    place: Place,
    *,
    delivered: Collection[date],
    taken_back: Collection[date],
) -> tuple[list[date], list[date]]:
    """Declare weeks delivered, or take declarations back; return the Mondays that changed."""
    instant = ask_of(session).moment.instant
    versions = await queries.declarations(session, place.branch_id, [*delivered, *taken_back])
    stand = {monday for monday, version in versions.items() if version.stands}
    added, gone = sorted(set(delivered) - stand), sorted(set(taken_back) & stand)
    owner = {"controller_id": place.controller_id, "branch_id": place.branch_id}
    await insert_rows(
        session,
        DeliveredWeek,
        [
            {
                "monday": monday,
                "version": last.version + 1 if last else 1,
                "recorded_at": max(instant, last.replaced_at or instant) if last else instant,
            }
            for monday in added
            for last in (versions.get(monday),)
        ],
        common=owner,
    )
    await update_rows(
        session,
        DeliveredWeek,
        [{**owner, "monday": monday, "version": versions[monday].version} for monday in gone],
        key=["controller_id", "branch_id", "monday", "version"],
        common={"replaced_at": func.greatest(DeliveredWeek.recorded_at, instant)},
    )
    return added, gone


@dataclass(frozen=True, slots=True)
class Found:
    """The signals that stand of some pupils, and those that are being found on another thread."""

    stand: Sequence[Signal]
    wanted: asyncio.Task[signals.Wanted]


async def find_signals(
    session: AsyncSession, place: Place, pupils: Sequence[UUID], *, span: dimensions.Span | None
) -> Found:
    """Bring the sums by dimension of pupils up to date, and find what signals they give.

    `span` says in which weeks marks may have changed: sums of other weeks stay as they are.
    """
    at = {"controller_id": place.controller_id, "branch_id": place.branch_id}
    await dimensions.refresh(session, **at, pupils=pupils, span=span)
    known = await signals.known(
        session, branch_id=place.branch_id, sector=place.sector, pupils=pupils
    )
    return Found(known.stand, asyncio.create_task(asyncio.to_thread(signals.found_in, known)))


async def keep_signals(session: AsyncSession, place: Place, found: Found) -> SignalCounts:
    """Store what was found: signals that came, and that others went; announce both."""
    counts = await signals.renew(
        session,
        controller_id=place.controller_id,
        branch_id=place.branch_id,
        wanted=await found.wanted,
        stand=found.stand,
    )
    await announcing.signals(
        session,
        counts.ids,
        controller_id=place.controller_id,
        receipt_id=place.receipt_id,
    )
    return counts


async def renew_signals(
    session: AsyncSession, place: Place, pupils: Sequence[UUID], *, span: dimensions.Span | None
) -> SignalCounts:
    """Bring the sums by dimension and the signals of pupils up to date with their attendance."""
    return await keep_signals(session, place, await find_signals(session, place, pupils, span=span))

"""The access log: one line per young person, made from the traces by a job.

Making the log is itself not traced: it shows nobody anything, and its traces would have to be made
into lines by the next run, for ever.
"""

import asyncio
from datetime import datetime
from uuid import uuid4

from sqlalchemy import CursorResult
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.accountability.models import Alert
from domain.accountability.queries import EXPAND, PROGRESS, WRITERS
from domain.database import ask_of
from domain.errors import NotFound
from domain.reach import Kind, require
from permissions.vocabulary import Activity, Actor, DataClass

_LOOKS = 20
_BETWEEN_LOOKS_SECONDS = 0.02


async def expand(session: AsyncSession, actor: Actor, *, limit: int = 1000) -> int:
    """Make the lines of at most `limit` traces, and move the instant until which all are made.

    The log is complete for what was written to the trace before `complete_until`. That instant
    never lies after a trace that has no lines yet, nor after one that a transaction under way may
    still bring: where such a transaction takes long, the instant stays where it is.

    Args:
        session: a `READ COMMITTED` transaction of the jobs' login role.
        actor: the platform's job, for accountability.
        limit: how many traces at most.

    Returns:
        How many traces were expanded; as many as `limit` when there are probably more.

    Raises:
        NotFound: the actor is not the job.
    """
    if actor.organisation is None:
        raise NotFound
    for data_class in (DataClass.LOG_OWN, DataClass.LOG_OWN_SHIELDED):
        await require(
            session,
            actor,
            Activity.ACCOUNT,
            data_class,
            kind=Kind.CONTROLLER,
            reached=actor.organisation,
        )
    horizon = await _horizon(session)
    done = await session.execute(EXPAND, {"limit": limit})
    if horizon is not None:
        await session.execute(PROGRESS, {"horizon": horizon})
    return done.rowcount if isinstance(done, CursorResult) else 0


async def budget_spent(session: AsyncSession, actor: Actor, *, most: int) -> None:
    """Tell the actor's organisation that a reading budget was spent; once a day for a purpose.

    That it was told already is known by a unique index of which the actor is a part, so that nobody
    can put a row where another's alert would stand.

    A family member has none: then it is only refused.
    """
    if actor.organisation is None:
        return
    moment = ask_of(session).moment
    await session.execute(
        insert(Alert)
        .inline()
        .values(
            id=uuid4(),
            controller_id=actor.organisation,
            kind="reading_budget",
            actor_id=actor.id,
            actor_organisation_id=actor.organisation,
            role=str(actor.role),
            purpose=str(actor.purpose),
            amount=most,
            day=moment.today,
            at=moment.instant,
        )
        .on_conflict_do_nothing()
    )


async def _horizon(session: AsyncSession) -> datetime | None:
    """Return an instant before which no trace can still appear; None if it does not come soon."""
    first = (await session.execute(WRITERS)).one()
    instant: datetime = first.instant
    waited_for = set[str](first.writers)
    for _ in range(_LOOKS):
        if not waited_for:
            return instant
        await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
        now = (await session.execute(WRITERS)).one()
        waited_for &= set[str](now.writers)
    return None

"""The one act on what changed: removing what was kept long enough."""

from datetime import timedelta
from typing import Final

from sqlalchemy import CursorResult, delete
from sqlalchemy.ext.asyncio import AsyncSession

from domain.changes.views import KEPT
from domain.database import ask_of
from domain.errors import NotFound
from domain.outbox import Outbox
from domain.reach import Kind, require
from permissions.vocabulary import Activity, Actor, DataClass

MARGIN: Final = timedelta(days=1)
"""Longer than any transaction lasts: a cursor outlives no row that follows it."""


async def forget(session: AsyncSession, actor: Actor) -> int:
    """Remove the changes that nobody can still ask for, and return how many there were.

    Kept no longer than they are needed (AVG art. 5(1)(e)). They hold ids alone, so removing them
    is not traced: the objects themselves stay as long as their own retention says.

    Raises:
        NotFound: the actor is not the job.
    """
    if actor.organisation is None:
        raise NotFound
    await require(
        session, actor, Activity.ERASE, DataClass.CHANGE,
        kind=Kind.CONTROLLER, reached=actor.organisation,
    )  # fmt: skip
    before = ask_of(session).moment.instant - KEPT - MARGIN
    done = await session.execute(delete(Outbox).where(Outbox.at < before))
    return done.rowcount if isinstance(done, CursorResult) else 0

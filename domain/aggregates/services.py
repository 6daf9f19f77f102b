"""Closing a month: figures per branch, municipality and alliance. They are provisional.

Only groups under ten are withheld here: what can be computed from the difference of two figures is
not yet. The safe publication takes their place.
"""

from datetime import date

from sqlalchemy import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from domain.aggregates.quality import close_quality
from domain.aggregates.queries import COMPUTE, FEWEST_PUPILS
from domain.database import ask_of
from domain.errors import Invalid, NotFound
from domain.reach import Kind, require
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass

_CLASSES = (
    DataClass.ATTENDANCE_RATE,
    DataClass.ATTENDANCE_AUTHORISED,
    DataClass.ATTENDANCE_UNAUTHORISED,
)


async def close_month(session: AsyncSession, actor: Actor, *, month: date) -> int:
    """Compute the figures of a month that is over, once; return how many were new.

    What was computed stays, whatever is corrected, moved or erased later.

    Args:
        session: a transaction of the jobs' login role.
        actor: the platform's job, for policy statistics.
        month: the first day of the month. Weeks belong to the month of their Monday, and count
            once the school declared them delivered.

    Raises:
        NotFound: the actor is not the job.
        Invalid: the day is not the first of a month, or the month is not over.
    """
    if actor.organisation is None:
        raise NotFound
    rules = [
        await require(
            session,
            actor,
            Activity.AGGREGATE,
            data_class,
            kind=Kind.CONTROLLER,
            reached=actor.organisation,
        )
        for data_class in _CLASSES
    ]
    moment = ask_of(session).moment
    following = next_month(month)
    if month.day != 1:
        raise Invalid("Name a month by its first day.", path=("month",))
    if following > moment.today:
        raise Invalid("This month is not over. Close it when it is.", path=("month",))
    done = await session.execute(
        COMPUTE,
        {
            "month": month,
            "next_month": following,
            "fewest": FEWEST_PUPILS,
            "instant": moment.instant,
        },
    )
    await close_quality(session, month, following)
    await record(session, actor, rules, Act.FIGURES_COMPUTED, subjects=())
    return done.rowcount if isinstance(done, CursorResult) else 0


def next_month(month: date) -> date:
    """Return the first day of the month after the one a day lies in."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)

"""What acts on a case look up, and the lock that puts acts on one case in order."""

from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.cases.models import CaseFile, CaseState, Participation
from domain.cases.ties import mine
from domain.database import ask_of
from domain.errors import Conflict, NotFound
from domain.reach import ME
from domain.reach.facts import holds
from permissions.vocabulary import Role


async def hold(session: AsyncSession, case_id: UUID) -> None:
    """Wait until no other act on this case is going on; what follows sees what it did.

    Taken before `require`, so that a tie that another act is ending is seen as ended. It is a lock
    on a number made from the id: whether there is such a case is not told by it, and parties who
    may not lock the row of the case can take it.
    """
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"case {case_id}", 0)))
    )


async def open_case_file(session: AsyncSession, case_id: UUID, *path: str) -> CaseFile:
    """Return a case in which work goes on.

    Raises:
        NotFound: the case does not exist, or its head is not for this actor.
        Conflict: it is closed.
    """
    found = await session.scalar(
        select(CaseFile).where(CaseFile.id == case_id).execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(*path)
    if found.state != str(CaseState.OPEN):
        raise Conflict(
            "This case is closed; nothing can be added to it or changed in it.", path=path
        )
    return found


async def own_participation(session: AsyncSession, case_id: UUID, *path: str) -> UUID:
    """Return the id of the actor's own part in a case, accepted and not ended.

    Raises:
        NotFound: the actor takes no part in it.
    """
    found = await session.scalar(
        select(Participation.id).where(
            Participation.case_id == case_id, Participation.ended_at.is_(None), mine()
        ),
        ask_of(session).parameters,
    )
    if found is None:
        raise NotFound(*path)
    return found


async def speaking_part(
    session: AsyncSession, case_id: UUID, *path: str, of_school: bool
) -> Participation:
    """Return the part in a case in whose name the actor speaks: its own, or its school's.

    Raises:
        NotFound: there is no such part, accepted and not ended.
    """
    school = and_(
        Participation.organisation_id == ME.organisation,
        Participation.role == str(Role.SUPPORT_COORDINATOR),
        holds(Participation.accepted_at, Participation.ended_at, ME.instant),
    )
    found = await session.scalar(
        select(Participation).where(
            Participation.case_id == case_id,
            Participation.ended_at.is_(None),
            school if of_school else mine(),
        ),
        ask_of(session).parameters,
    )
    if found is None:
        raise NotFound(*path)
    return found


def taking_part(case_id: UUID) -> Select[UUID]:
    """Return the SELECT of every part in a case that was accepted and has not ended."""
    return select(Participation.id).where(
        Participation.case_id == case_id,
        Participation.accepted_at.is_not(None),
        Participation.ended_at.is_(None),
    )

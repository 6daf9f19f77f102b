"""What is asked of the database before a notice or a request: places, and leave granted before."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Text, column, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.leave.judging import Granted
from domain.leave.models import LeaveRequest, LeaveState
from domain.reference.calendar import HolidayRegion, holiday_region
from domain.reference.models import DirectoryMunicipality


@dataclass(frozen=True, slots=True)
class Places:
    """Where leave is judged: the holiday region of the school, the municipality of residence."""

    region: HolidayRegion | None
    residence: str | None


async def places(session: AsyncSession, pupil_id: UUID) -> Places | None:
    """Return the places of a pupil for whom the actor may request leave; None if not enrolled.

    They are not read by the actor: a guardian to whom whereabouts are protected learns nothing.
    """
    found = func.reach.places_of_leave(pupil_id).table_valued(
        column("branch_municipality", Text), column("residence", Text)
    )
    row = (
        await session.execute(
            select(found.c.residence, DirectoryMunicipality.code, DirectoryMunicipality.province)
            .select_from(found)
            .outerjoin(
                DirectoryMunicipality, DirectoryMunicipality.code == found.c.branch_municipality
            )
        )
    ).one_or_none()
    if row is None:
        return None
    region = None if row.province is None else holiday_region(row.code, row.province)
    return Places(region, row.residence)


async def one_at_a_time(session: AsyncSession, pupil_id: UUID) -> None:
    """Wait until no other act decides on leave of a pupil; until the end of the transaction."""
    key = func.hashtextextended(f"leave {pupil_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def granted_before(
    session: AsyncSession, pupil_id: UUID, school_year: int, *, but: UUID | None = None
) -> list[Granted]:
    """Return the leave granted to a pupil in a school year, but for one request."""
    rows = await session.execute(
        select(LeaveRequest.id, LeaveRequest.ground, LeaveRequest.school_days).where(
            LeaveRequest.pupil_id == pupil_id,
            LeaveRequest.school_year == school_year,
            LeaveRequest.state == str(LeaveState.GRANTED),
        )
    )
    return [Granted(row.ground, row.school_days) for row in rows if row.id != but]

"""What is asked of the database before a notice or a request: places, and leave granted before."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Text, column, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.database import ask_of
from domain.leave.judging import Granted
from domain.leave.models import LeaveRequest, LeaveState
from domain.organisations.models import SchoolBranch
from domain.pupils.models import Enrolment
from domain.reference.calendar import HolidayRegion, holiday_region
from domain.reference.models import DirectoryMunicipality


@dataclass(frozen=True, slots=True)
class Places:
    """Where leave is judged: the holiday region of the school, the municipality of residence."""

    region: HolidayRegion | None
    residence: str | None


async def places(session: AsyncSession, pupil_id: UUID) -> Places | None:
    """Return the places of a pupil for whom the actor may request leave; None if not enrolled.

    They are not read by the actor: a guardian to whom whereabouts are protected learns nothing, and
    has no region here, for the days and obstacles of a request would tell which it is.
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


async def region_of_school(session: AsyncSession, pupil_id: UUID) -> HolidayRegion | None:
    """Return the holiday region of the school that a pupil attends today, as the actor reads it."""
    today = ask_of(session).moment.today
    row = (
        await session.execute(
            select(DirectoryMunicipality.code, DirectoryMunicipality.province)
            .join(SchoolBranch, SchoolBranch.municipality_code == DirectoryMunicipality.code)
            .join(Enrolment, Enrolment.branch_id == SchoolBranch.id)
            .where(
                Enrolment.pupil_id == pupil_id,
                Enrolment.valid_from <= today,
                or_(Enrolment.valid_until.is_(None), today < Enrolment.valid_until),
            )
            .order_by(Enrolment.valid_from.desc(), Enrolment.id)
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else holiday_region(row.code, row.province)


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

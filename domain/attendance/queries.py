"""What is stored of attendance, as a delivery is compared with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance.models import Absence, AbsenceReason, DeliveredWeek, PupilWeek
from domain.pupils.bulk import one_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceContent:
    """What an absence says; two versions with the same content are one."""

    pupil_id: UUID
    day: date
    start_unit: int
    lesson_units: int
    minutes: int
    category: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class StoredAbsence:
    """The present version of an absence: its row, the school's key for it, what it says."""

    id: UUID
    external_id: str
    content: AbsenceContent


async def absences(
    session: AsyncSession, branch_id: UUID, *, first: date, last: date, keys: Sequence[str]
) -> list[StoredAbsence]:
    """Return present absences of a branch in a period, and those with one of the keys."""
    rows = await session.execute(
        select(
            Absence.id,
            Absence.external_id,
            Absence.pupil_id,
            Absence.day,
            Absence.start_unit,
            Absence.lesson_units,
            Absence.minutes,
            Absence.category,
            AbsenceReason.code,
        )
        .outerjoin(
            AbsenceReason,
            and_(
                AbsenceReason.absence_id == Absence.id,
                AbsenceReason.controller_id == Absence.controller_id,
            ),
        )
        .where(
            Absence.branch_id == branch_id,
            Absence.replaced_at.is_(None),
            or_(Absence.day.between(first, last), one_of(Absence.external_id, keys)),
        )
    )
    return [
        StoredAbsence(
            row.id,
            row.external_id,
            AbsenceContent(
                pupil_id=row.pupil_id,
                day=row.day,
                start_unit=row.start_unit,
                lesson_units=row.lesson_units,
                minutes=row.minutes,
                category=row.category,
                reason=row.code,
            ),
        )
        for row in rows
    ]


async def scheduled(
    session: AsyncSession, branch_id: UUID, *, first: date, last: date
) -> dict[tuple[UUID, date], tuple[int, int]]:
    """Return scheduled minutes and units per pupil and Monday, from `first` to `last`."""
    rows = await session.execute(
        select(
            PupilWeek.pupil_id,
            PupilWeek.monday,
            PupilWeek.scheduled_minutes,
            PupilWeek.scheduled_units,
        ).where(PupilWeek.branch_id == branch_id, PupilWeek.monday.between(first, last))
    )
    return {(row.pupil_id, row.monday): (row[2], row[3]) for row in rows}


async def delivered(session: AsyncSession, branch_id: UUID) -> set[date]:
    """Return the Mondays of the weeks that a branch declared delivered."""
    return set(
        await session.scalars(
            select(DeliveredWeek.monday).where(DeliveredWeek.branch_id == branch_id)
        )
    )

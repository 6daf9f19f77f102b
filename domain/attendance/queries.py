"""What is stored of attendance, as a delivery is compared with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance.models import DeliveredWeek, PupilWeek
from domain.pupils.bulk import one_of


@dataclass(frozen=True, slots=True)
class Declaration:
    """The last version of a week's declaration; it was taken back when `replaced_at` is set."""

    version: int
    replaced_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether the week counts as delivered."""
        return self.replaced_at is None


async def declarations(
    session: AsyncSession, branch_id: UUID, mondays: Sequence[date]
) -> dict[date, Declaration]:
    """Return the last declaration of each of some weeks of a branch, by Monday."""
    rows = await session.execute(
        select(DeliveredWeek.monday, DeliveredWeek.version, DeliveredWeek.replaced_at)
        .where(DeliveredWeek.branch_id == branch_id, one_of(DeliveredWeek.monday, mondays))
        .order_by(DeliveredWeek.version)
    )
    return {row.monday: Declaration(row.version, row.replaced_at) for row in rows}


async def scheduled(
    session: AsyncSession, branch_id: UUID, *, first: date, last: date
) -> dict[tuple[UUID, date], tuple[int, int]]:
    """Return what stands as scheduled minutes and units per pupil and Monday of a period."""
    rows = await session.execute(
        select(
            PupilWeek.pupil_id,
            PupilWeek.monday,
            PupilWeek.scheduled_minutes,
            PupilWeek.scheduled_units,
        ).where(
            PupilWeek.branch_id == branch_id,
            PupilWeek.replaced_at.is_(None),
            PupilWeek.monday.between(first, last),
        )
    )
    return {(row.pupil_id, row.monday): (row[2], row[3]) for row in rows}

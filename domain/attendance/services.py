"""Acts on attendance: what a delivery stores, and the signals that follow from it.

A delivery asks `require` for the classes it holds before it comes here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance import announcing, dimensions, rollup, signals
from domain.attendance.models import Absence, AbsenceReason, DeliveredWeek, PupilWeek
from domain.attendance.queries import AbsenceContent
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAbsence:
    """An absence to store, with the classes of the fact and of its reason; `replaces` an older."""

    external_id: str
    content: AbsenceContent
    data_class: str
    reason_class: str | None
    replaces: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledWeek:
    """What is scheduled for a pupil in the week of a Monday; `stored` when it replaces that."""

    pupil_id: UUID
    monday: date
    minutes: int
    units: int
    stored: bool


async def store(
    session: AsyncSession,
    place: Place,
    *,
    schedule: Sequence[ScheduledWeek],
    absences: Sequence[NewAbsence],
    delivered: Sequence[date],
) -> None:
    """Store what is new: weeks' schedules, versions of absences, weeks now delivered."""
    instant = ask_of(session).moment.instant
    owner = {"controller_id": place.controller_id, "branch_id": place.branch_id}
    recorded = {**owner, "recorded_at": instant}
    rows = [
        (
            week.stored,
            {
                "pupil_id": week.pupil_id,
                "monday": week.monday,
                "scheduled_minutes": week.minutes,
                "scheduled_units": week.units,
            },
        )
        for week in schedule
    ]
    await insert_rows(session, PupilWeek, [row for old, row in rows if not old], common=recorded)
    # Attended may exceed a schedule that became shorter; the roll-up computes it anew.
    await update_rows(
        session,
        PupilWeek,
        [{**row, **owner} for old, row in rows if old],
        key=["controller_id", "branch_id", "pupil_id", "monday"],
        common={"attended_minutes": None, "attended_units": None, "recorded_at": instant},
    )
    await insert_rows(
        session, DeliveredWeek, [{"monday": monday} for monday in delivered], common=recorded
    )
    await update_rows(
        session,
        Absence,
        [{"id": absence.replaces} for absence in absences if absence.replaces is not None],
        key=["id"],
        common={"replaced_at": func.greatest(Absence.recorded_at, instant)},
    )
    added = [(uuid4(), absence) for absence in absences]
    await insert_rows(
        session,
        Absence,
        [
            {
                "id": key,
                "external_id": absence.external_id,
                "pupil_id": absence.content.pupil_id,
                "day": absence.content.day,
                "start_unit": absence.content.start_unit,
                "lesson_units": absence.content.lesson_units,
                "minutes": absence.content.minutes,
                "category": absence.content.category,
                "data_class": absence.data_class,
            }
            for key, absence in added
        ],
        common=recorded,
    )
    await insert_rows(
        session,
        AbsenceReason,
        [
            {
                "absence_id": key,
                "pupil_id": absence.content.pupil_id,
                "code": absence.content.reason,
                "data_class": absence.reason_class,
            }
            for key, absence in added
            if absence.content.reason is not None
        ],
        common=recorded,
    )
    await announcing.marks(
        session,
        [
            {
                "id": key,
                "replaced_id": absence.replaces,
                "pupil_id": absence.content.pupil_id,
                "data_class": absence.data_class,
            }
            for key, absence in added
        ],
        controller_id=place.controller_id,
        branch_id=place.branch_id,
        receipt_id=place.receipt_id,
    )


async def roll_up(
    session: AsyncSession,
    place: Place,
    *,
    pupils: Collection[UUID] | None,
    mondays: Collection[date] | None,
) -> int:
    """Compute the roll-up of the touched weeks anew; return how many weeks changed."""
    refreshed = await rollup.refresh(
        session,
        controller_id=place.controller_id,
        branch_id=place.branch_id,
        instant=ask_of(session).moment.instant,
        pupils=pupils,
        mondays=mondays,
    )
    await announcing.rates(
        session,
        pupils or (),
        controller_id=place.controller_id,
        branch_id=place.branch_id,
        receipt_id=place.receipt_id,
    )
    return refreshed


async def renew_signals(
    session: AsyncSession, place: Place, pupils: Sequence[UUID]
) -> SignalCounts:
    """Bring the sums by dimension and the signals of pupils up to date with their attendance."""
    at = {"controller_id": place.controller_id, "branch_id": place.branch_id}
    await dimensions.refresh(session, **at, pupils=pupils)
    counts = await signals.renew(session, **at, sector=place.sector, pupils=pupils)
    await announcing.signals(
        session,
        counts.ids,
        controller_id=place.controller_id,
        receipt_id=place.receipt_id,
    )
    return counts

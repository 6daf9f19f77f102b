"""Locking what nobody closed by the deadline, with its missing weeks; and what came late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Boolean, Date, DateTime, Uuid, bindparam, column, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.aggregates.counting import added, of
from domain.aggregates.models import BranchPeriod
from domain.aggregates.periods import Period
from domain.database import ask_of
from domain.organisations.models import SchoolBranch
from domain.reference.calendar import holiday_region, teaching_calendar
from domain.reference.models import DirectoryMunicipality


@dataclass(frozen=True, slots=True)
class Week:
    """A week of a branch: what is known of it, and when it was last delivered or changed."""

    branch_id: UUID
    monday: date
    enrolled: bool
    scheduled: bool
    delivered: bool
    changed_at: datetime | None


async def lock(session: AsyncSession, period: Period) -> int:
    """Lock every branch of a period that is due; return how many were locked.

    One that has pupils and was not closed is locked as it is, with its missing weeks. It has no
    score: that is what a head closes with. Of a period of which nobody delivered anything there is
    nothing to lock.
    """
    instant = ask_of(session).moment.instant
    known = set(await session.scalars(select(BranchPeriod.branch_id).where(*of(period))))
    waiting = [
        branch for branch in await session.scalars(select(SchoolBranch)) if branch.id not in known
    ]
    weeks = await weeks_of_branches(session, period)
    if not any(week.delivered for of_branch in weeks.values() for week in of_branch):
        return 0
    provinces = await _provinces(session)
    rows = [
        _as_it_is(branch, period, weeks[branch.id], provinces, instant)
        for branch in waiting
        if any(week.enrolled or week.delivered for week in weeks[branch.id])
    ]
    await added(session, BranchPeriod, rows)
    locked = await session.scalars(
        select(BranchPeriod.id).where(*of(period), BranchPeriod.locked_at.is_(None))
    )
    closed = len(locked.all())
    if closed:
        await session.execute(
            update(BranchPeriod)
            .where(*of(period), BranchPeriod.locked_at.is_(None))
            .values(locked_at=instant)
            .execution_options(synchronize_session=False)
        )
    return len(rows) + closed


async def weeks_of_branches(session: AsyncSession, period: Period) -> dict[UUID, list[Week]]:
    """Return the weeks of every branch in a period."""
    first, last = period.mondays
    found = func.reach.branch_weeks(first, last).table_valued(
        column("branch_id", Uuid),
        column("monday", Date),
        column("enrolled", Boolean),
        column("scheduled", Boolean),
        column("delivered", Boolean),
        column("changed_at", DateTime(timezone=True)),
    )
    weeks: dict[UUID, list[Week]] = {}
    for row in await session.execute(select(found)):
        weeks.setdefault(row.branch_id, []).append(Week(*row))
    return weeks


async def count_late(session: AsyncSession, period: Period) -> None:
    """Count the weeks that were delivered, or again, after a branch's tables were taken."""
    taken = {
        row.branch_id: row
        for row in await session.execute(
            select(
                BranchPeriod.id,
                BranchPeriod.branch_id,
                BranchPeriod.taken_at,
                BranchPeriod.late_weeks,
            ).where(*of(period), BranchPeriod.taken_at.is_not(None))
        )
    }
    if not taken:
        return
    changed = [
        {"key": row.id, "late": late}
        for branch, weeks in (await weeks_of_branches(session, period)).items()
        if (row := taken.get(branch)) is not None
        and (late := sum(_is_after(week.changed_at, row.taken_at) for week in weeks))
        > row.late_weeks
    ]
    if changed:
        connection = await session.connection()
        await connection.execute(
            update(BranchPeriod)
            .where(BranchPeriod.id == bindparam("key"))
            .values(late_weeks=bindparam("late")),
            changed,
        )


def _is_after(changed_at: datetime | None, taken_at: datetime) -> bool:
    return changed_at is not None and changed_at > taken_at


def _as_it_is(
    branch: SchoolBranch,
    period: Period,
    weeks: Sequence[Week],
    provinces: Mapping[str, str],
    instant: datetime,
) -> dict[str, Any]:
    """Return the row of a period that is locked without having been closed."""
    if any(week.scheduled for week in weeks):
        expected = {week.monday for week in weeks if week.scheduled}
    else:
        expected = _teaching(branch.municipality_code, period, provinces)
    delivered = {week.monday for week in weeks if week.delivered}
    return {
        "id": uuid4(),
        "controller_id": branch.organisation_id,
        "branch_id": branch.id,
        "branch_code": branch.branch_code,
        "kind": str(period.kind),
        "first_day": period.first_day,
        "last_day": period.last_day,
        "weeks": len(expected | delivered),
        "missing_weeks": sorted(expected - delivered),
        "locked_at": instant,
    }


async def _provinces(session: AsyncSession) -> dict[str, str]:
    rows = await session.execute(select(DirectoryMunicipality.code, DirectoryMunicipality.province))
    return {row.code: row.province for row in rows}


def _teaching(municipality: str, period: Period, provinces: Mapping[str, str]) -> set[date]:
    """Return the teaching weeks of the calendar in a period; none where it is not known."""
    province = provinces.get(municipality)
    region = None if province is None else holiday_region(municipality, province)
    calendar = None if region is None else teaching_calendar(period.school_year, region)
    if calendar is None:
        return set()
    first, last = period.mondays
    return {day for day in calendar.teaching_weeks if first <= day <= last}

"""What a delivery is compared with: its receipt, its agreements, and what the branches hold."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.database import ask_of
from domain.imports.models import ImportReceipt
from domain.organisations.models import ClassGroup, DeliveryAgreement, SchoolBranch
from domain.pupils.bulk import one_of
from domain.pupils.enrolling import Period
from domain.pupils.models import ClassMembership, Enrolment, Pupil

_SUNDAY = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class EnrolledPupil:
    """A pupil who was ever enrolled at a branch, with the periods; ends are exclusive."""

    id: UUID
    young_person_id: UUID
    periods: list[tuple[date, date | None]]

    def enrolled(self, first: date, last: date) -> bool:
        """Return whether the pupil was enrolled on any day from `first` to `last`."""
        return any(begin <= last and (end is None or first < end) for begin, end in self.periods)

    def enrolled_throughout(self, first: date, last: date) -> bool:
        """Return whether the pupil was enrolled on a day of each week, from Monday to Monday."""
        if any(
            begin <= first + _SUNDAY and (end is None or last < end) for begin, end in self.periods
        ):
            return True
        weeks = range((last - first).days // 7 + 1)
        mondays = (first + timedelta(weeks=week) for week in weeks)
        return all(self.enrolled(monday, monday + _SUNDAY) for monday in mondays)


async def branch(session: AsyncSession, branch_id: UUID) -> SchoolBranch | None:
    """Return a branch."""
    return await session.get(SchoolBranch, branch_id)


async def receipt(
    session: AsyncSession, receipt_id: UUID, *, lock: bool = False
) -> ImportReceipt | None:
    """Return a receipt of the client; with `lock` nobody else can finish it meanwhile."""
    found = select(ImportReceipt).where(ImportReceipt.id == receipt_id)
    return await session.scalar(found.with_for_update() if lock else found)


async def alone(session: AsyncSession, *keys: UUID) -> None:
    """Wait until no other delivery works on the same things, and keep others waiting.

    The last key is taken alone, those before it together with others.
    """
    *shared, last = (f"delivery {key}" for key in keys)
    for key in shared:
        await session.execute(select(func.pg_advisory_xact_lock_shared(_number(key))))
    await session.execute(select(func.pg_advisory_xact_lock(_number(last))))


def _number(key: str) -> object:
    return func.hashtextextended(key, 0)


async def agreed_branches(
    session: AsyncSession, controller_id: UUID
) -> Sequence[Row[str | None, UUID, str]]:
    """Return roster key, id and code of each branch of a board that the client delivers for."""
    request = ask_of(session)
    rows = await session.execute(
        select(DeliveryAgreement.branch_key, SchoolBranch.id, SchoolBranch.branch_code)
        .join(SchoolBranch, SchoolBranch.id == DeliveryAgreement.branch_id)
        .where(
            DeliveryAgreement.client_id == request.actor.id,
            DeliveryAgreement.valid_from <= request.moment.instant,
            or_(
                DeliveryAgreement.valid_until.is_(None),
                DeliveryAgreement.valid_until > request.moment.instant,
            ),
            SchoolBranch.organisation_id == controller_id,
        )
    )
    return rows.all()


async def class_groups(session: AsyncSession, branches: Collection[UUID]) -> list[ClassGroup]:
    """Return every class group of branches."""
    return list(
        await session.scalars(
            select(ClassGroup).where(one_of(ClassGroup.branch_id, list(branches)))
        )
    )


async def enrolments(session: AsyncSession, branches: Collection[UUID]) -> list[Period]:
    """Return every enrolment at branches."""
    rows = await session.scalars(
        select(Enrolment).where(one_of(Enrolment.branch_id, list(branches)))
    )
    return [
        Period(
            id=row.id,
            pupil_id=row.pupil_id,
            branch_id=row.branch_id,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            year_group=row.year_group,
        )
        for row in rows
    ]


async def memberships(session: AsyncSession, branches: Collection[UUID]) -> list[Period]:
    """Return every class membership at branches, with the school year of the class."""
    rows = await session.execute(
        select(ClassMembership, ClassGroup.school_year)
        .join(ClassGroup, ClassGroup.id == ClassMembership.class_group_id)
        .where(one_of(ClassMembership.branch_id, list(branches)))
    )
    return [
        Period(
            id=row.id,
            pupil_id=row.pupil_id,
            branch_id=row.branch_id,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            class_group_id=row.class_group_id,
            school_year=school_year,
        )
        for row, school_year in rows
    ]


async def young_persons(session: AsyncSession, pupils: Collection[UUID]) -> list[UUID]:
    """Return the young persons that pupils' records are about, each once."""
    return list(
        await session.scalars(
            select(Pupil.young_person_id).where(one_of(Pupil.id, list(pupils))).distinct()
        )
    )


async def pupil_ids(
    session: AsyncSession, controller_id: UUID, keys: Sequence[str]
) -> dict[str, UUID]:
    """Return the ids of the pupils that a board knows under these keys."""
    rows = await session.execute(
        select(Pupil.external_id, Pupil.id).where(
            Pupil.controller_id == controller_id, one_of(Pupil.external_id, keys)
        )
    )
    return {row.external_id: row.id for row in rows}


async def enrolled_pupils(session: AsyncSession, branch_id: UUID) -> dict[str, EnrolledPupil]:
    """Return everyone who was ever enrolled at a branch, by the school's own key."""
    rows = await session.execute(
        select(
            Pupil.external_id,
            Pupil.id,
            Pupil.young_person_id,
            Enrolment.valid_from,
            Enrolment.valid_until,
        )
        .join(Enrolment, Enrolment.pupil_id == Pupil.id)
        .where(Enrolment.branch_id == branch_id)
    )
    found: dict[str, EnrolledPupil] = {}
    for row in rows:
        pupil = found.setdefault(row.external_id, EnrolledPupil(row.id, row.young_person_id, []))
        pupil.periods.append((row.valid_from, row.valid_until))
    return found

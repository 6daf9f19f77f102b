"""Questions about organisations that need no tie: who there is, and who serves what."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.database import ask_of
from domain.organisations.models import (
    Assignment,
    ClassGroup,
    DeliveryAgreement,
    OAuthClient,
    OfficeMunicipality,
    Organisation,
    OrganisationKind,
    SchoolBranch,
    Staff,
)
from domain.reach.facts import holds
from domain.reference.models import DirectoryAlliance, DirectoryMunicipality, DirectoryRegion
from permissions.vocabulary import Actor, Purpose, Role


async def organisation(session: AsyncSession, organisation_id: UUID) -> Organisation | None:
    """Return an organisation, or None when there is none with this id."""
    return await session.get(Organisation, organisation_id)


async def organisation_of_kind(session: AsyncSession, kind: OrganisationKind) -> UUID | None:
    """Return the id of the oldest organisation of a kind, such as the platform itself."""
    return await session.scalar(
        select(Organisation.id)
        .where(Organisation.kind == str(kind))
        .order_by(Organisation.recorded_at, Organisation.id)
        .limit(1)
    )


async def branch(session: AsyncSession, branch_id: UUID) -> SchoolBranch | None:
    """Return a branch, or None when there is none with this id."""
    return await session.get(SchoolBranch, branch_id)


async def branch_by_code(session: AsyncSession, branch_code: str) -> SchoolBranch | None:
    """Return the branch with a branch code (vestigingscode), or None."""
    return await session.scalar(select(SchoolBranch).where(SchoolBranch.branch_code == branch_code))


async def office_of(session: AsyncSession, municipality_code: str, at: datetime) -> UUID | None:
    """Return the attendance office that serves a municipality at an instant, or None."""
    return await session.scalar(
        select(OfficeMunicipality.organisation_id)
        .where(
            OfficeMunicipality.municipality_code == municipality_code,
            holds(OfficeMunicipality.valid_from, OfficeMunicipality.valid_until, literal(at)),
        )
        .order_by(OfficeMunicipality.valid_from.desc())
        .limit(1)
    )


async def municipality_exists(session: AsyncSession, code: str) -> bool:
    """Return whether the directory has a municipality with this CBS code."""
    found = await session.scalar(
        select(DirectoryMunicipality.id).where(DirectoryMunicipality.code == code)
    )
    return found is not None


async def alliance_exists(session: AsyncSession, code: str) -> bool:
    """Return whether the directory has an alliance with this code."""
    found = await session.scalar(select(DirectoryAlliance.id).where(DirectoryAlliance.code == code))
    return found is not None


async def region_exists(session: AsyncSession, code: str) -> bool:
    """Return whether the directory has a transition region with this code."""
    found = await session.scalar(select(DirectoryRegion.id).where(DirectoryRegion.code == code))
    return found is not None


async def client(session: AsyncSession, actor_id: UUID) -> OAuthClient | None:
    """Return the system client that acts under this id, or None."""
    return await session.scalar(select(OAuthClient).where(OAuthClient.actor_id == actor_id))


async def client_named(session: AsyncSession, client_id: str) -> OAuthClient | None:
    """Return the system client with this client id, or None."""
    return await session.get(OAuthClient, client_id)


async def delivering_system(session: AsyncSession, branch_code: str) -> tuple[Actor, UUID] | None:
    """Return who delivers for a branch now, and the branch's id; None when nobody does."""
    now = ask_of(session).moment.instant
    found = (
        await session.execute(
            select(OAuthClient, SchoolBranch.id)
            .join(DeliveryAgreement, DeliveryAgreement.client_id == OAuthClient.actor_id)
            .join(SchoolBranch, SchoolBranch.id == DeliveryAgreement.branch_id)
            .where(
                SchoolBranch.branch_code == branch_code,
                holds(DeliveryAgreement.valid_from, DeliveryAgreement.valid_until, literal(now)),
            )
            .order_by(DeliveryAgreement.valid_from.desc(), DeliveryAgreement.id)
            .limit(1)
        )
    ).one_or_none()
    if found is None:
        return None
    system, branch_id = found
    actor = Actor(
        id=system.actor_id,
        organisation=system.organisation_id,
        role=Role(system.role),
        purpose=Purpose(system.purpose),
        client=system.client_id,
    )
    return actor, branch_id


async def administrator_of(
    session: AsyncSession, organisation_id: UUID, at: datetime
) -> UUID | None:
    """Return a member of staff who administers the organisation at an instant, or None."""
    return await session.scalar(
        select(Assignment.staff_id)
        .where(
            Assignment.organisation_id == organisation_id,
            Assignment.role == str(Role.ORGANISATION_ADMINISTRATOR),
            Assignment.valid_from <= at,
            (Assignment.valid_until.is_(None)) | (Assignment.valid_until > at),
        )
        .limit(1)
    )


async def staff(session: AsyncSession, staff_id: UUID, organisation_id: UUID) -> Staff | None:
    """Return a member of an organisation's staff, or None."""
    return await session.scalar(
        select(Staff).where(Staff.id == staff_id, Staff.controller_id == organisation_id)
    )


async def class_group(
    session: AsyncSession, class_group_id: UUID, organisation_id: UUID
) -> ClassGroup | None:
    """Return a class of an organisation, or None."""
    return await session.scalar(
        select(ClassGroup).where(
            ClassGroup.id == class_group_id, ClassGroup.controller_id == organisation_id
        )
    )


async def head_of(session: AsyncSession, branch_code: str) -> tuple[Actor, UUID] | None:
    """Return who heads a branch now, and the branch's id; None when nobody does."""
    now = ask_of(session).moment.instant
    found = (
        await session.execute(
            select(Assignment.staff_id, Assignment.organisation_id, SchoolBranch.id)
            .join(SchoolBranch, SchoolBranch.id == Assignment.branch_id)
            .where(
                SchoolBranch.branch_code == branch_code,
                Assignment.role == str(Role.HEAD_OF_SCHOOL),
                holds(Assignment.valid_from, Assignment.valid_until, literal(now)),
            )
            .order_by(Assignment.valid_from.desc(), Assignment.id)
            .limit(1)
        )
    ).one_or_none()
    if found is None:
        return None
    staff_id, organisation_id, branch_id = found
    actor = Actor(
        id=staff_id,
        organisation=organisation_id,
        role=Role.HEAD_OF_SCHOOL,
        purpose=Purpose.DAILY_GUIDANCE,
        client="schakel-console",
    )
    return actor, branch_id

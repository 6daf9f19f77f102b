"""Acts on organisations: who works with the platform, who works there, and on whose mandate.

The operator registers who works with the platform (`registration`, offered here as well); the
administrator of an organisation says who works there and as what; the head of a school lets a
coordinator send reports (Awb 10:3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.database import ask_of
from domain.errors import Conflict, Invalid, NotFound
from domain.organisations import queries
from domain.organisations.models import Assignment, HeadMandate, OrganisationKind, Staff
from domain.organisations.registration import (
    agree_delivery,
    found_platform,
    grant_mandate_for_figures,
    named,
    register_branch,
    register_client,
    register_organisation,
    serve_municipality,
)
from domain.reach import Kind, require
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass, Role, Rule

__all__ = [
    "ROLES",
    "Place",
    "StaffAppointed",
    "agree_delivery",
    "appoint_first_administrator",
    "appoint_staff",
    "end_assignment",
    "found_platform",
    "grant_head_mandate",
    "grant_mandate_for_figures",
    "register_branch",
    "register_client",
    "register_organisation",
    "serve_municipality",
]


class Place(StrEnum):
    """What an assignment to a role names besides the organisation."""

    ORGANISATION = "organisation"
    BRANCH = "branch"
    CLASS_GROUP = "class_group"


_EVERYWHERE = {
    Role.ORGANISATION_ADMINISTRATOR: Place.ORGANISATION,
    Role.PRIVACY_OFFICER: Place.ORGANISATION,
}
ROLES: Mapping[OrganisationKind, Mapping[Role, Place]] = {
    OrganisationKind.SCHOOL_BOARD: {
        Role.MENTOR: Place.CLASS_GROUP,
        Role.ATTENDANCE_COORDINATOR: Place.BRANCH,
        Role.SUPPORT_COORDINATOR: Place.BRANCH,
        Role.HEAD_OF_SCHOOL: Place.BRANCH,
        Role.BOARD_ANALYST: Place.ORGANISATION,
        **_EVERYWHERE,
    },
    OrganisationKind.ATTENDANCE_OFFICE: {
        Role.ATTENDANCE_OFFICER: Place.ORGANISATION,
        Role.ATTENDANCE_ADVISER: Place.ORGANISATION,
        Role.OFFICE_ALLOCATOR: Place.ORGANISATION,
        **_EVERYWHERE,
    },
    OrganisationKind.SUPPORT_ALLIANCE: {
        Role.ALLIANCE_CONSULTANT: Place.ORGANISATION,
        Role.ALLIANCE_ANALYST: Place.ORGANISATION,
        **_EVERYWHERE,
    },
    OrganisationKind.YOUTH_HEALTH_SERVICE: {Role.YOUTH_DOCTOR: Place.ORGANISATION, **_EVERYWHERE},
    OrganisationKind.YOUTH_CARE_PROVIDER: {
        Role.YOUTH_CARE_WORKER: Place.ORGANISATION,
        **_EVERYWHERE,
    },
    OrganisationKind.CERTIFIED_INSTITUTION: {
        Role.CHILD_PROTECTION_WORKER: Place.ORGANISATION,
        **_EVERYWHERE,
    },
    OrganisationKind.TRANSITION_REGION: {
        Role.TRANSITION_COACH: Place.ORGANISATION,
        **_EVERYWHERE,
    },
    OrganisationKind.REFERRAL_PARTNER: {Role.REFERRAL_PARTNER: Place.ORGANISATION, **_EVERYWHERE},
    OrganisationKind.INSPECTORATE: {Role.INSPECTOR: Place.ORGANISATION, **_EVERYWHERE},
    OrganisationKind.MINISTRY: {Role.POLICY_MAKER: Place.ORGANISATION, **_EVERYWHERE},
    OrganisationKind.ABSENCE_REGISTER: _EVERYWHERE,
    OrganisationKind.PLATFORM: _EVERYWHERE,
}
"""Which roles there are at a kind of organisation, and what each is assigned to."""


@dataclass(frozen=True, slots=True)
class StaffAppointed:
    """A member of staff and the assignment that was made."""

    staff_id: UUID
    assignment_id: UUID


async def appoint_first_administrator(
    session: AsyncSession,
    actor: Actor,
    *,
    organisation_id: UUID,
    name: str,
    new_id: UUID | None = None,
) -> StaffAppointed:
    """Appoint the administrator of an organisation that has none; it appoints everyone else.

    Raises:
        NotFound: the organisation does not exist, or the actor is no platform operator.
        Conflict: the organisation has an administrator.
    """
    rule = await require(
        session,
        actor,
        Activity.APPOINT,
        DataClass.STAFF,
        kind=Kind.CONTROLLER,
        reached=organisation_id,
        path=("organisationId",),
    )
    now = ask_of(session).moment.instant
    if await queries.administrator_of(session, organisation_id, now) is not None:
        raise Conflict(
            "This organisation has an administrator. Ask that person to appoint others.",
            path=("organisationId",),
        )
    return await _appoint(
        session,
        actor,
        rule,
        Role.ORGANISATION_ADMINISTRATOR,
        organisation_id,
        new_staff=(new_id or uuid4(), name),
    )


async def appoint_staff(
    session: AsyncSession,
    actor: Actor,
    *,
    name: str,
    role: Role,
    branch_id: UUID | None = None,
    class_group_id: UUID | None = None,
    staff_id: UUID | None = None,
    new_id: UUID | None = None,
) -> StaffAppointed:
    """Give a role at the administrator's organisation to a new or a present member of staff.

    Args:
        session: the transaction of the act.
        actor: an administrator of the organisation.
        name: the name of a new member of staff.
        role: one that fits the kind of organisation (`ROLES`).
        branch_id: for a role at a branch, and where a mentor's class is.
        class_group_id: for a mentor.
        staff_id: someone who works there already; the name is then left as it is.
        new_id: the id of a new member of staff, when another system has given it.

    Raises:
        NotFound: the actor is no administrator, or the branch, class or member of staff is not of
            this organisation.
        Invalid: the role does not fit, or its place is missing or too much.
        Conflict: the person has this very role there already.
    """
    organisation_id, rule = await _administer(session, actor)
    organisation = await queries.organisation(session, organisation_id)
    if organisation is None:
        raise NotFound
    roles = ROLES[OrganisationKind(organisation.kind)]
    if role not in roles:
        raise Invalid(
            f"There is no such role here. Choose one of: {', '.join(roles)}.", path=("role",)
        )
    if staff_id == actor.id:
        raise Invalid("Nobody appoints themselves. Ask another administrator.", path=("staffId",))
    branch_id = await _place(session, organisation_id, roles[role], branch_id, class_group_id)
    if staff_id is not None:
        if await queries.staff(session, staff_id, organisation_id) is None:
            raise NotFound("staffId")
        await _not_twice(session, staff_id, role, branch_id, class_group_id)
    return await _appoint(
        session,
        actor,
        rule,
        role,
        organisation_id,
        new_staff=(new_id or uuid4(), name) if staff_id is None else None,
        staff_id=staff_id,
        branch_id=branch_id,
        class_group_id=class_group_id,
    )


async def end_assignment(session: AsyncSession, actor: Actor, *, assignment_id: UUID) -> None:
    """End an assignment at the administrator's organisation, and every tie that rests on it, now.

    Raises:
        NotFound: the actor is no administrator, or the assignment is not of this organisation.
        Conflict: it has ended already.
    """
    organisation_id, rule = await _administer(session, actor)
    assignment = await session.scalar(
        select(Assignment)
        .where(Assignment.id == assignment_id, Assignment.organisation_id == organisation_id)
        .with_for_update()
    )
    if assignment is None:
        raise NotFound("assignmentId")
    now = ask_of(session).moment.instant
    if assignment.valid_until is not None or assignment.valid_from >= now:
        raise Conflict("This assignment has ended already.", path=("assignmentId",))
    assignment.valid_until = now
    await record(session, actor, rule, Act.ASSIGNMENT_ENDED, subjects=(), about=assignment_id)


async def grant_head_mandate(
    session: AsyncSession, actor: Actor, *, branch_id: UUID, coordinator_id: UUID
) -> UUID:
    """Let a coordinator send reports on the head's behalf (mandaat, Awb 10:3); return its id.

    It works while the coordinator is assigned to the branch: that is the coordinator's tie.

    Raises:
        NotFound: the actor is not the head of this branch, or nobody at the board has this id.
        Conflict: the coordinator has the mandate already.
    """
    rule = await require(
        session,
        actor,
        Activity.MANDATE,
        DataClass.REPORT,
        kind=Kind.BRANCH,
        reached=branch_id,
        path=("branchId",),
    )
    if actor.organisation is None:
        raise NotFound("branchId")
    now = ask_of(session).moment.instant
    held = await session.scalar(
        select(HeadMandate.id).where(
            HeadMandate.branch_id == branch_id,
            HeadMandate.coordinator_id == coordinator_id,
            or_(HeadMandate.valid_until.is_(None), HeadMandate.valid_until > now),
        )
    )
    if held is not None:
        raise Conflict("This coordinator has the mandate already.", path=("coordinatorId",))
    mandate = HeadMandate(
        id=uuid4(),
        organisation_id=actor.organisation,
        branch_id=branch_id,
        head_id=actor.id,
        coordinator_id=coordinator_id,
        valid_from=now,
        valid_until=None,
    )
    session.add(mandate)
    try:
        await session.flush()
    except IntegrityError:
        # The head may not read the staff of the board: the foreign key knows who works there.
        raise NotFound("coordinatorId") from None
    await record(session, actor, rule, Act.MANDATE_GRANTED, subjects=(), about=mandate.id)
    return mandate.id


async def _administer(session: AsyncSession, actor: Actor) -> tuple[UUID, Rule]:
    if actor.organisation is None:
        raise NotFound
    rule = await require(
        session,
        actor,
        Activity.APPOINT,
        DataClass.STAFF,
        kind=Kind.CONTROLLER,
        reached=actor.organisation,
    )
    return actor.organisation, rule


async def _place(
    session: AsyncSession,
    organisation_id: UUID,
    place: Place,
    branch_id: UUID | None,
    class_group_id: UUID | None,
) -> UUID | None:
    """Return the branch of an assignment, once what it names fits the role."""
    if class_group_id is not None and place is not Place.CLASS_GROUP:
        raise Invalid("This role is not given for a class.", path=("classGroupId",))
    if place is Place.ORGANISATION:
        if branch_id is not None:
            raise Invalid("This role is given for the whole organisation.", path=("branchId",))
        return None
    if place is Place.CLASS_GROUP:
        if class_group_id is None:
            raise Invalid("This role is given for a class: name it.", path=("classGroupId",))
        group = await queries.class_group(session, class_group_id, organisation_id)
        if group is None or branch_id not in (None, group.branch_id):
            raise NotFound("classGroupId")
        return group.branch_id
    if branch_id is None:
        raise Invalid("This role is given for a branch: name it.", path=("branchId",))
    branch = await queries.branch(session, branch_id)
    if branch is None or branch.organisation_id != organisation_id:
        raise NotFound("branchId")
    return branch_id


async def _not_twice(
    session: AsyncSession,
    staff_id: UUID,
    role: Role,
    branch_id: UUID | None,
    class_group_id: UUID | None,
) -> None:
    now = ask_of(session).moment.instant
    held = await session.scalar(
        select(Assignment.id).where(
            Assignment.staff_id == staff_id,
            Assignment.role == str(role),
            Assignment.branch_id.is_not_distinct_from(branch_id),
            Assignment.class_group_id.is_not_distinct_from(class_group_id),
            or_(Assignment.valid_until.is_(None), Assignment.valid_until > now),
        )
    )
    if held is not None:
        raise Conflict("This person has this role there already.", path=("staffId",))


async def _appoint(
    session: AsyncSession,
    actor: Actor,
    rule: Rule,
    role: Role,
    organisation_id: UUID,
    *,
    new_staff: tuple[UUID, str] | None,
    staff_id: UUID | None = None,
    branch_id: UUID | None = None,
    class_group_id: UUID | None = None,
) -> StaffAppointed:
    """Write the assignment, and first the member of staff when it is a new one (id and name)."""
    now = ask_of(session).moment.instant
    if new_staff is not None:
        staff_id, name = new_staff
        session.add(
            Staff(
                id=staff_id,
                controller_id=organisation_id,
                external_id=None,
                name=named(name),
                recorded_at=now,
            )
        )
        await session.flush()
    assignment = Assignment(
        id=uuid4(),
        organisation_id=organisation_id,
        staff_id=staff_id,
        role=str(role),
        branch_id=branch_id,
        class_group_id=class_group_id,
        valid_from=now,
        valid_until=None,
    )
    session.add(assignment)
    await record(session, actor, rule, Act.STAFF_APPOINTED, subjects=(), about=assignment.id)
    return StaffAppointed(assignment.staff_id, assignment.id)

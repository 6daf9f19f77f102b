"""Staff over GraphQL: an organisation appoints, a head mandates (aanstelling, mandaat)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.types import Info

from api import ids
from api.access import Access
from api.acting import perform
from api.arguments import ONCE, After, First, Input
from api.binding import bound
from api.context import context_of, key_of
from api.directory import Branch
from api.node import Node, node_type
from api.paging import Connection
from api.problems import ConflictProblem, NotFoundProblem, ValidationProblem
from domain.errors import Invalid
from domain.organisations import services, views
from domain.organisations.views import branches
from permissions.vocabulary import Actor, Role


@bound(views.assignments, description="A role someone has, and where (aanstelling).")
class StaffAssignment:
    """An assignment."""

    id: strawberry.ID = strawberry.field(description="Opaque.")
    role: str = strawberry.field(description="The role (functie).")
    valid_from: datetime = strawberry.field(description="When it began (vanaf).")
    valid_until: datetime | None = strawberry.field(description="When it ended (tot).")
    branch: Branch | None = strawberry.field(description="The branch, if it has one (vestiging).")


@bound(views.staff, description="Someone who works at an organisation (medewerker).")
class StaffMember(Node):
    """A member of staff."""

    name: str = strawberry.field(description="The person's name (naam).")
    assignments: list[StaffAssignment] = strawberry.field(description="Roles, oldest first.")
    access: Access = strawberry.field(description="Why the person is seen.")


@bound(views.class_groups, description="A class of a branch in a school year (klas, stamgroep).")
class ClassGroup(Node):
    """A class."""

    name: str = strawberry.field(description="Its name (naam).")
    school_year: int = strawberry.field(description="The year in which the school year starts.")
    year_group: int | None = strawberry.field(description="Year group (leerjaar).")
    branch: Branch = strawberry.field(description="The branch (vestiging).")
    access: Access = strawberry.field(description="Why the class is seen.")


node_type("StaffMember")
node_type("ClassGroup")


@strawberry.input(description="Whom to appoint, in which role and where (aanstellen).")
class AppointStaffInput:
    """An appointment."""

    name: str = strawberry.field(description="The person's name, 1 to 200 characters (naam).")
    role: str = strawberry.field(description="A role that fits the organisation (functie).")
    branch_id: strawberry.ID | None = strawberry.field(
        default=None, description="The branch, for a role at a branch (vestiging)."
    )
    class_group_id: strawberry.ID | None = strawberry.field(
        default=None, description="The class, for a mentor (klas)."
    )
    staff_id: strawberry.ID | None = strawberry.field(
        default=None, description="Someone who already works here (medewerker)."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.type(description="The person is appointed.")
class AppointStaffSuccess:
    """Who was appointed."""

    staff_id: strawberry.ID = strawberry.field(
        description="The person's id, the subject of tokens."
    )


@strawberry.input(description="Which coordinator may send reports for the head (mandaat).")
class GrantHeadMandateInput:
    """A mandate."""

    branch_id: strawberry.ID = strawberry.field(description="The head's branch (vestiging).")
    coordinator_id: strawberry.ID = strawberry.field(description="The coordinator (medewerker).")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.type(description="The coordinator may send reports for the head.")
class GrantHeadMandateSuccess:
    """The mandate."""

    mandate_id: strawberry.ID = strawberry.field(description="The mandate's id.")


AppointStaffResult = Annotated[
    AppointStaffSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("AppointStaffResult", description="Appointed, or why not."),
]
GrantHeadMandateResult = Annotated[
    GrantHeadMandateSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("GrantHeadMandateResult", description="Mandated, or why not."),
]


def role_of(word: str) -> Role:
    """Return the role that a word names.

    Raises:
        Invalid: there is no such role.
    """
    try:
        return Role(word)
    except ValueError:
        message = "There is no such role. See the roles that the contract names."
        raise Invalid(message, path=("role",)) from None


@strawberry.type
class StaffQuery:
    """Reading who works here."""

    @strawberry.field(
        description="Staff of the organisation you administer (medewerkers), by name."
    )
    async def staff(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[StaffMember]:
        """Read a page of staff."""
        page: Any = await context_of(info).page(info, views.staff)
        return page

    @strawberry.field(description="Classes of the board you administer (klassen), by name.")
    async def class_groups(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[ClassGroup]:
        """Read a page of classes."""
        page: Any = await context_of(info).page(info, views.class_groups)
        return page


@strawberry.type
class StaffMutation:
    """Facts about staff."""

    @strawberry.mutation(description="Appoint staff of your organisation (aanstellen).")
    async def appoint_staff(
        self, info: Info[Any, Any], input: Input[AppointStaffInput]
    ) -> AppointStaffResult:
        """Appoint someone."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of who was appointed."""
            appointed = await services.appoint_staff(
                session,
                actor,
                name=input.name,
                role=role_of(input.role),
                branch_id=None
                if input.branch_id is None
                else key_of(branches, input.branch_id, "branchId"),
                class_group_id=None
                if input.class_group_id is None
                else key_of(views.class_groups, input.class_group_id, "classGroupId"),
                staff_id=None
                if input.staff_id is None
                else key_of(views.staff, input.staff_id, "staffId"),
            )
            return appointed.staff_id

        return await perform(
            info, "AppointStaffSuccess", act,
            lambda made: {"staffId": ids.encode(views.staff.name, made)},
            given=input, key=input.idempotency_key,
        )  # fmt: skip

    @strawberry.mutation(
        description="Let a coordinator send reports for you, the head (mandaat, Awb 10:3)."
    )
    async def grant_head_mandate(
        self, info: Info[Any, Any], input: Input[GrantHeadMandateInput]
    ) -> GrantHeadMandateResult:
        """Grant a mandate."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the mandate."""
            return await services.grant_head_mandate(
                session,
                actor,
                branch_id=key_of(branches, input.branch_id, "branchId"),
                coordinator_id=key_of(views.staff, input.coordinator_id, "coordinatorId"),
            )

        return await perform(
            info, "GrantHeadMandateSuccess", act,
            lambda made: {"mandateId": ids.encode("mandate", made)},
            given=input, key=input.idempotency_key,
        )  # fmt: skip

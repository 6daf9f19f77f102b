"""Staff over GraphQL: an organisation appoints, a head mandates (aanstelling, mandaat)."""

from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.types import Info

from api import ids
from api.acting import perform
from api.arguments import ONCE, Input
from api.context import key_of
from api.problems import ConflictProblem, NotFoundProblem, ValidationProblem
from domain.organisations import services
from domain.organisations.views import branches
from permissions.vocabulary import Actor


@strawberry.input(description="Whom to appoint, in which role and where (aanstellen).")
class AppointStaffInput:
    """An appointment."""

    name: str = strawberry.field(description="The person's name, 1 to 200 characters (naam).")
    role: str = strawberry.field(description="A role that fits the organisation (functie).")
    branch_id: strawberry.ID | None = strawberry.field(
        default=None, description="The branch, for a role at a branch (vestiging)."
    )
    class_external_id: str | None = strawberry.field(
        default=None, description="The school's key of the class, for a mentor (klas)."
    )
    staff_id: strawberry.ID | None = strawberry.field(
        default=None, description="Someone who already works here (medewerker)."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.type(description="The person is appointed.")
class AppointStaffSuccess:
    """Who was appointed."""

    staff_id: strawberry.ID = strawberry.field(description="The person's id, the subject of tokens.")


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


@strawberry.type
class StaffMutation:
    """Facts about staff."""

    @strawberry.mutation(description="Appoint staff of your organisation (aanstellen).")
    async def appoint_staff(
        self, info: Info[Any, Any], input: Input[AppointStaffInput]  # noqa: A002
    ) -> AppointStaffResult:
        """Appoint someone."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            appointed = await services.appoint_staff(
                session,
                actor,
                name=input.name,
                role=input.role,
                branch_id=None
                if input.branch_id is None
                else key_of(branches, input.branch_id, "branchId"),
                class_external_id=input.class_external_id,
                staff_id=None
                if input.staff_id is None
                else ids.decode("staff", input.staff_id, "staffId"),
            )
            return appointed.staff_id

        return await perform(
            info, "AppointStaffSuccess", act, lambda made: {"staffId": ids.encode("staff", made)},
            given=input, key=input.idempotency_key,
        )  # fmt: skip

    @strawberry.mutation(description="Let a coordinator send reports for you, the head (mandaat, Awb 10:3).")
    async def grant_head_mandate(
        self, info: Info[Any, Any], input: Input[GrantHeadMandateInput]  # noqa: A002
    ) -> GrantHeadMandateResult:
        """Grant a mandate."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            return await services.grant_head_mandate(
                session,
                actor,
                branch_id=key_of(branches, input.branch_id, "branchId"),
                coordinator_id=ids.decode("staff", input.coordinator_id, "coordinatorId"),
            )

        return await perform(
            info, "GrantHeadMandateSuccess", act,
            lambda made: {"mandateId": ids.encode("mandate", made)},
            given=input, key=input.idempotency_key,
        )  # fmt: skip

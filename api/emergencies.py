"""Emergency access over GraphQL (noodtoegang): declared, told at once, reviewed."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.types import Info

from api import ids
from api.acting import perform
from api.arguments import ONCE, After, First, Input
from api.binding import bound
from api.context import context_of, key_of
from api.paging import Connection
from api.problems import ConflictProblem, NotFoundProblem, ValidationProblem
from domain.emergencies import services, views
from permissions.vocabulary import Actor


@bound(views.emergencies, description="An emergency access that was declared (noodtoegang).")
class EmergencyAccess:
    """What a privacy officer reviews it by."""

    id: strawberry.ID = strawberry.field(description="Opaque.")
    actor_id: str = strawberry.field(description="Who declared it (wie).")
    role: str = strawberry.field(description="In which role (functie).")
    reason: str = strawberry.field(description="The danger, in their words (reden).")
    declared_at: datetime = strawberry.field(description="When (tijdstip).")
    ends_at: datetime = strawberry.field(description="When it ends; it is not renewed (einde).")
    reviewed_at: datetime | None = strawberry.field(description="When it was reviewed.")
    finding: str | None = strawberry.field(
        description="justified or not_justified, once reviewed (oordeel)."
    )


@strawberry.type
class EmergencyQuery:
    """Reading emergency access."""

    @strawberry.field(
        description="Emergency access at your organisation, newest first (noodtoegang)."
    )
    async def emergencies(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[EmergencyAccess]:
        """Read a page."""
        page: Any = await context_of(info).page(info, views.emergencies)
        return page


@strawberry.input(description="A young person in danger (noodtoegang).")
class DeclareEmergencyInput:
    """Whom, and why."""

    young_person_id: strawberry.ID = strawberry.field(description="The young person (jongere).")
    reason: str = strawberry.field(description="The danger, 20 to 1,000 characters (reden).")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="What a review found (beoordeling van noodtoegang).")
class ReviewEmergencyInput:
    """Which, and what was found."""

    emergency_id: strawberry.ID = strawberry.field(description="The emergency access.")
    finding: str = strawberry.field(description="justified or not_justified (oordeel).")


@strawberry.type(description="The emergency is declared; those who answer for it are told.")
class DeclareEmergencySuccess:
    """What was opened."""

    emergency_id: strawberry.ID = strawberry.field(description="The emergency access.")


@strawberry.type(description="The emergency access is reviewed.")
class ReviewEmergencySuccess:
    """The review."""

    emergency_id: strawberry.ID = strawberry.field(description="The emergency access.")


DeclareEmergencyResult = Annotated[
    DeclareEmergencySuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("DeclareEmergencyResult", description="Declared, or why not."),
]
ReviewEmergencyResult = Annotated[
    ReviewEmergencySuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("ReviewEmergencyResult", description="Reviewed, or why not."),
]


def _shown(made: UUID) -> dict[str, str]:
    return {"emergencyId": ids.encode(views.emergencies.name, made)}


@strawberry.type
class EmergencyMutation:
    """Declaring and reviewing."""

    @strawberry.mutation(
        description="Open what finds a young person in danger, for thirty minutes (noodtoegang)."
    )
    async def declare_emergency(
        self, info: Info[Any, Any], input: Input[DeclareEmergencyInput]
    ) -> DeclareEmergencyResult:
        """Declare an emergency."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the declaration."""
            person = ids.decode("youngperson", input.young_person_id, "youngPersonId")
            return await services.declare_emergency(
                session, actor, young_person_id=person, reason=input.reason
            )

        return await perform(
            info, "DeclareEmergencySuccess", act, _shown, given=input, key=input.idempotency_key
        )

    @strawberry.mutation(description="Review an emergency access (noodtoegang beoordelen).")
    async def review_emergency(
        self, info: Info[Any, Any], input: Input[ReviewEmergencyInput]
    ) -> ReviewEmergencyResult:
        """Review an emergency."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of what was reviewed."""
            return await services.review_emergency(
                session,
                actor,
                emergency_id=key_of(views.emergencies, input.emergency_id, "emergencyId"),
                finding=input.finding,
            )

        return await perform(info, "ReviewEmergencySuccess", act, _shown)

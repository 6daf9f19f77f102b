"""Plans over GraphQL (plan van aanpak): a goal that the parties agree on, and actions."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.types import Info

from api.access import Access
from api.acting import perform
from api.arguments import ONCE, Input
from api.binding import bound
from api.context import key_of
from api.node import Node, node_type
from api.participants import Participant
from api.problems import ConflictProblem, NotFoundProblem, ValidationProblem
from domain.cases.views import cases, participants
from domain.plans import services, views
from permissions.vocabulary import Actor


@bound(views.actions, description="An action of a plan (actie), with an owner and a due date.")
class PlanAction:
    """An action."""

    id: strawberry.ID = strawberry.field(description="Opaque.")
    description: str = strawberry.field(description="What will be done (omschrijving).")
    due_on: date = strawberry.field(description="The last day to do it (uiterlijk).")
    state: str = strawberry.field(description="open, done or dropped (status).")
    recorded_at: datetime = strawberry.field(description="When it was added.")
    owner: Participant | None = strawberry.field(description="The party that does it (eigenaar).")


@bound(views.agreements, description="A party's agreement to a plan (akkoord).")
class PlanAgreement:
    """An agreement."""

    agreed_at: datetime = strawberry.field(description="When the party agreed.")
    participant: Participant | None = strawberry.field(description="The party.")


@bound(views.plans, description="A plan within a case (plan van aanpak).")
class Plan(Node):
    """A goal, who agreed, and the actions."""

    goal: str = strawberry.field(description="What is to be reached (doel).")
    state: str = strawberry.field(
        description="proposed, or agreed once every party agreed (status)."
    )
    review_on: date = strawberry.field(
        description="The day on which it is looked at again (evaluatie)."
    )
    recorded_at: datetime = strawberry.field(description="When it was proposed.")
    agreed_at: datetime | None = strawberry.field(description="When the last party agreed.")
    actions: list[PlanAction] = strawberry.field(description="Its actions, by due date.")
    agreements: list[PlanAgreement] = strawberry.field(description="Who agreed, in that order.")
    access: Access = strawberry.field(description="Why the plan is seen.")


node_type("Plan")


@strawberry.input(description="A plan to propose (plan voorstellen).")
class ProposePlanInput:
    """A new plan."""

    case_id: strawberry.ID = strawberry.field(description="The case (casus).")
    goal: str = strawberry.field(description="What is to be reached, 1 to 2,000 characters (doel).")
    review_on: date = strawberry.field(description="The day to look at it again (evaluatie).")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="A plan (plan van aanpak).")
class PlanInput:
    """Which plan."""

    plan_id: strawberry.ID = strawberry.field(description="The plan.")


@strawberry.input(description="An action to add to a plan (actie toevoegen).")
class AddActionInput:
    """A new action."""

    plan_id: strawberry.ID = strawberry.field(description="The plan.")
    owner_id: strawberry.ID = strawberry.field(description="The party that does it (deelnemer).")
    description: str = strawberry.field(description="What will be done, 1 to 2,000 characters.")
    due_on: date = strawberry.field(description="The last day to do it (uiterlijk).")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="Where an action stands now (actie bijwerken).")
class MoveActionInput:
    """The new state of an action."""

    action_id: strawberry.ID = strawberry.field(description="The action.")
    state: str = strawberry.field(description="done or dropped (status).")


@strawberry.type(description="The plan is proposed.")
class ProposePlanSuccess:
    """The new plan."""

    plan: Plan | None = strawberry.field(description="The plan.")


@strawberry.type(description="The party agreed to the plan.")
class AgreePlanSuccess:
    """The plan."""

    plan: Plan | None = strawberry.field(description="The plan.")


@strawberry.type(description="The action is added.")
class AddActionSuccess:
    """The new action."""

    action: PlanAction | None = strawberry.field(description="The action.")


@strawberry.type(description="The action has its new state.")
class MoveActionSuccess:
    """The action."""

    action: PlanAction | None = strawberry.field(description="The action.")


ProposePlanResult = Annotated[
    ProposePlanSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("ProposePlanResult", description="Proposed, or why not."),
]
AgreePlanResult = Annotated[
    AgreePlanSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("AgreePlanResult", description="Agreed, or why not."),
]
AddActionResult = Annotated[
    AddActionSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("AddActionResult", description="Added, or why not."),
]
MoveActionResult = Annotated[
    MoveActionSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("MoveActionResult", description="Moved, or why not."),
]


@strawberry.type
class PlanMutation:
    """Working on plans."""

    @strawberry.mutation(
        description="Propose a plan in a case you take part in (plan voorstellen)."
    )
    async def propose_plan(
        self, info: Info[Any, Any], input: Input[ProposePlanInput]
    ) -> ProposePlanResult:
        """Propose a plan."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the proposed plan."""
            return await services.propose_plan(
                session,
                actor,
                case_id=key_of(cases, input.case_id, "caseId"),
                goal=input.goal,
                review_on=input.review_on,
            )

        return await perform(
            info, "ProposePlanSuccess", act, lambda made: {"plan": made},
            given=input, key=input.idempotency_key,
        )  # fmt: skip

    @strawberry.mutation(description="Agree to a plan, as your party (akkoord geven).")
    async def agree_plan(self, info: Info[Any, Any], input: Input[PlanInput]) -> AgreePlanResult:
        """Agree to a plan."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the plan that was agreed to."""
            plan_id = key_of(views.plans, input.plan_id, "planId")
            await services.agree_plan(session, actor, plan_id=plan_id)
            return plan_id

        return await perform(info, "AgreePlanSuccess", act, lambda made: {"plan": made})

    @strawberry.mutation(description="Add an action to a plan (actie toevoegen).")
    async def add_action(
        self, info: Info[Any, Any], input: Input[AddActionInput]
    ) -> AddActionResult:
        """Add an action."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the action."""
            return await services.add_action(
                session,
                actor,
                plan_id=key_of(views.plans, input.plan_id, "planId"),
                owner_id=key_of(participants, input.owner_id, "ownerId"),
                description=input.description,
                due_on=input.due_on,
            )

        return await perform(
            info, "AddActionSuccess", act, lambda made: {"action": made},
            given=input, key=input.idempotency_key,
        )  # fmt: skip

    @strawberry.mutation(description="Say where an action stands (actie bijwerken).")
    async def move_action(
        self, info: Info[Any, Any], input: Input[MoveActionInput]
    ) -> MoveActionResult:
        """Move an action."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the action that was moved."""
            action_id = key_of(views.actions, input.action_id, "actionId")
            await services.move_action(session, actor, action_id=action_id, state=input.state)
            return action_id

        return await perform(info, "MoveActionSuccess", act, lambda made: {"action": made})

"""Advice on a school's absence policy over GraphQL: recorded, answered, followed up, closed."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.types import Info

from api import ids
from api.access import Access
from api.acting import perform
from api.arguments import ONCE, After, First, Id, Input
from api.binding import bound, shape
from api.context import context_of, key_of
from api.directory import Branch, Organisation
from api.node import Node, node_type
from api.paging import Connection
from api.problems import ConflictProblem, NotFoundProblem, ValidationProblem
from domain.advice import services, views
from domain.advice.models import AdviceMeasure
from domain.organisations.views import branches
from permissions.vocabulary import Actor

NO_PUPIL = "Write about the school and never about a pupil; a text with a BSN is refused."
OfBranch = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Only advice to this branch (vestiging)."),
]
InState = Annotated[
    str | None,
    strawberry.argument(
        description="Only in this state: recorded, answered, followed_up or closed (stand)."
    ),
]


@shape(description="Where the series goes on after an advice (wat volgde): a key to figures.")
class FollowedBy:
    """What to look up in the published figures; no figure itself."""

    unit: str = strawberry.field(description="The unit as figures name it: branch:code (eenheid).")
    measure: str = strawberry.field(description="What is measured (maat).")
    period: str = strawberry.field(
        description="The month after the period of the advice, as `figures` takes it (periode)."
    )


@bound(
    views.advices,
    description="Advice of an attendance office to a school on its absence policy (advies over het "
    "verzuimbeleid), with the school's answer. About a school, never about a pupil.",
)
class Advice(Node):
    """An advice, the answer, and what followed."""

    branch: Branch = strawberry.field(description="The branch it is for (vestiging).")
    office: Organisation = strawberry.field(description="Who gave it (leerplichtbureau).")
    measure: str = strawberry.field(description="Which published figure it rests on (maat).")
    first_day: date = strawberry.field(description="The first day of that figure (eerste dag).")
    last_day: date = strawberry.field(description="The last day, within it (laatste dag).")
    seen: str = strawberry.field(description="The development that was seen (ontwikkeling).")
    text: str = strawberry.field(description="What is advised (advies).")
    state: str = strawberry.field(description="recorded, answered, followed_up or closed (stand).")
    recorded_at: datetime = strawberry.field(description="When it was recorded (vastgelegd op).")
    answer: str | None = strawberry.field(
        description="What the school makes of it; null until it answered (antwoord)."
    )
    will_do: str | None = strawberry.field(
        description="What the school will do, if anything (wat de school gaat doen)."
    )
    done_by: str | None = strawberry.field(
        description="By which function at the school (door welke functie)."
    )
    do_by: date | None = strawberry.field(description="By when (uiterlijk op).")
    answered_at: datetime | None = strawberry.field(description="When it answered (beantwoord op).")
    follow_up: str | None = strawberry.field(description="What the adviser saw after it (vervolg).")
    followed_up_at: datetime | None = strawberry.field(
        description="When that was written (vervolgd op)."
    )
    outcome: str | None = strawberry.field(
        description="What came of it, once closed: improved, unchanged, worsened, unanswered or "
        "mistaken (uitkomst)."
    )
    closed_at: datetime | None = strawberry.field(description="When it was closed (afgesloten op).")
    followed_by: FollowedBy = strawberry.field(
        description="Where to look up what the next periods show (wat volgde)."
    )
    access: Access = strawberry.field(description="Why the advice is seen.")


node_type("Advice")


@strawberry.type
class AdviceQuery:
    """Reading advice."""

    @strawberry.field(
        description="Advice that the token reaches (adviezen over het verzuimbeleid), newest first."
    )
    async def advices(
        self,
        info: Info[Any, Any],
        branch_id: OfBranch = None,
        state: InState = None,
        first: First = 50,
        after: After = None,
    ) -> Connection[Advice]:
        """Read a page of advice."""
        where = {"branch_id": _branch(branch_id), "state": state}
        page: Any = await context_of(info).page(info, views.advices, where=where)
        return page

    @strawberry.field(description="An advice by id; null when absent or not for this token.")
    async def advice(self, info: Info[Any, Any], id: Id) -> Advice | None:
        """Read one advice."""
        found: Any = await context_of(info).by_id(info, views.advices, "Advice", id)
        return found


def _branch(branch_id: strawberry.ID | None) -> UUID | None:
    """Return the key of a branch to list by; an id of anything else is that of no branch."""
    if branch_id is None:
        return None
    kind, key = ids.split(str(branch_id))
    return key if kind == branches.name and isinstance(key, UUID) else UUID(int=0)


@strawberry.input(description=f"Advice to a school (advies over het verzuimbeleid). {NO_PUPIL}")
class RecordAdviceInput:
    """Which branch, which figure, what was seen and what is advised."""

    branch_id: strawberry.ID = strawberry.field(description="The branch (vestiging).")
    measure: str = strawberry.field(
        description=f"The figure's measure: {', '.join(AdviceMeasure)} (maat)."
    )
    first_day: date = strawberry.field(description="The first day of its period (eerste dag).")
    last_day: date = strawberry.field(description="The last day, within it (laatste dag).")
    seen: str = strawberry.field(
        description=f"The development, 1 to 1,000 characters (ontwikkeling). {NO_PUPIL}"
    )
    text: str = strawberry.field(
        description=f"The advice, 1 to 4,000 characters (advies). {NO_PUPIL}"
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="What the school will do (toezegging): what, by whom and by when.")
class PromiseInput:
    """What, by which function, by when."""

    will_do: str = strawberry.field(
        description=f"What, 1 to 4,000 characters (wat de school gaat doen). {NO_PUPIL}"
    )
    done_by: str = strawberry.field(
        description="By which function at the school, not by name; 1 to 200 characters (functie)."
    )
    do_by: date = strawberry.field(description="By when, at most two years away (uiterlijk op).")


@strawberry.input(description=f"The school's answer to advice (antwoord). {NO_PUPIL}")
class AnswerAdviceInput:
    """Which advice, the answer, and what the school will do."""

    advice_id: strawberry.ID = strawberry.field(description="The advice (advies).")
    answer: str = strawberry.field(
        description=f"The answer, 1 to 4,000 characters (antwoord). {NO_PUPIL}"
    )
    promise: PromiseInput | None = strawberry.field(
        default=None, description="What the school will do; leave it out for nothing (toezegging)."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description=f"What followed on an advice (vervolg). {NO_PUPIL}")
class FollowUpAdviceInput:
    """Which advice, and the note."""

    advice_id: strawberry.ID = strawberry.field(description="The advice (advies).")
    note: str = strawberry.field(
        description=f"What the figures show now, 1 to 4,000 characters (vervolg). {NO_PUPIL}"
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="An advice that is closed (advies afsluiten).")
class CloseAdviceInput:
    """Which advice, and the outcome."""

    advice_id: strawberry.ID = strawberry.field(description="The advice (advies).")
    outcome: str = strawberry.field(
        description="improved, unchanged, worsened, unanswered or mistaken (uitkomst)."
    )


@strawberry.type(description="The advice was recorded or moved on (advies).")
class AdviceSuccess:
    """The advice."""

    advice: Advice = strawberry.field(description="The advice as it is now (advies).")


AdviceResult = Annotated[
    AdviceSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("AdviceResult", description="Done, or why not."),
]


def _shown(made: UUID) -> dict[str, UUID]:
    return {"advice": made}


@strawberry.type
class AdviceMutation:
    """The way of an advice."""

    @strawberry.mutation(
        description="Record advice to a school on its absence policy (advies vastleggen)."
    )
    async def record_advice(
        self, info: Info[Any, Any], input: Input[RecordAdviceInput]
    ) -> AdviceResult:
        """Record advice."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the advice."""
            return await services.record_advice(
                session,
                actor,
                branch_id=key_of(branches, input.branch_id, "branchId"),
                development=services.Development(
                    measure=input.measure,
                    first_day=input.first_day,
                    last_day=input.last_day,
                    seen=input.seen,
                ),
                text=input.text,
            )

        return await perform(
            info, "AdviceSuccess", act, _shown, given=input, key=input.idempotency_key
        )

    @strawberry.mutation(description="Answer advice for one's own school (advies beantwoorden).")
    async def answer_advice(
        self, info: Info[Any, Any], input: Input[AnswerAdviceInput]
    ) -> AdviceResult:
        """Answer."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the advice."""
            given = input.promise
            return await services.answer_advice(
                session,
                actor,
                advice_id=key_of(views.advices, input.advice_id, "adviceId"),
                answer=input.answer,
                promise=None
                if given is None
                else services.Promise(
                    will_do=given.will_do, done_by=given.done_by, do_by=given.do_by
                ),
            )

        return await perform(
            info, "AdviceSuccess", act, _shown, given=input, key=input.idempotency_key
        )

    @strawberry.mutation(
        description="Write down what followed on an answered advice (vervolg vastleggen)."
    )
    async def follow_up_advice(
        self, info: Info[Any, Any], input: Input[FollowUpAdviceInput]
    ) -> AdviceResult:
        """Follow up."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the advice."""
            return await services.follow_up_advice(
                session,
                actor,
                advice_id=key_of(views.advices, input.advice_id, "adviceId"),
                note=input.note,
            )

        return await perform(
            info, "AdviceSuccess", act, _shown, given=input, key=input.idempotency_key
        )

    @strawberry.mutation(description="Close an advice with what came of it (advies afsluiten).")
    async def close_advice(
        self, info: Info[Any, Any], input: Input[CloseAdviceInput]
    ) -> AdviceResult:
        """Close."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the advice."""
            return await services.close_advice(
                session,
                actor,
                advice_id=key_of(views.advices, input.advice_id, "adviceId"),
                outcome=input.outcome,
            )

        return await perform(info, "AdviceSuccess", act, _shown)

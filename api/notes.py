"""Notes over GraphQL (aantekening): each in one data class, every one disclosable."""

from datetime import datetime
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
from domain.cases.views import cases
from domain.errors import Invalid
from domain.notes import services, views
from permissions.vocabulary import Actor, DataClass


@bound(views.notes, description="A remark within a case (aantekening).")
class Note(Node):
    """A note, as it was written."""

    recorded_at: datetime = strawberry.field(description="When it was written (vastgelegd).")
    data_class: str = strawberry.field(description="Its data class (gegevensklasse).")
    text: str | None = strawberry.field(description="The text; null when withheld.")
    writer_name: str = strawberry.field(description="The name of who wrote it (schrijver).")
    writer_role: str = strawberry.field(description="The role in which it was written (rol).")
    party: Participant | None = strawberry.field(
        description="The party for which it was written (partij): of a mentor's, the school's."
    )
    access: Access = strawberry.field(description="Why the note is seen.")


node_type("Note")


@strawberry.input(description="A note to add (aantekening toevoegen).")
class AddNoteInput:
    """A new note."""

    case_id: strawberry.ID = strawberry.field(description="The case (casus).")
    data_class: str = strawberry.field(
        default="note.general", description="The data class of the note (gegevensklasse)."
    )
    text: str = strawberry.field(description="The text, 1 to 10,000 characters.")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.type(description="The note is added.")
class AddNoteSuccess:
    """The new note."""

    note: Note | None = strawberry.field(description="The note.")


AddNoteResult = Annotated[
    AddNoteSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("AddNoteResult", description="Added, or why not."),
]


def data_class_of(word: str) -> DataClass:
    """Return the data class that a word names.

    Raises:
        Invalid: it is no class of notes.
    """
    if word not in services.CLASSES:
        message = f"Choose one of: {', '.join(services.CLASSES)}."
        raise Invalid(message, path=("dataClass",))
    return DataClass(word)


@strawberry.type
class NoteMutation:
    """Writing notes."""

    @strawberry.mutation(
        description="Add a note to a case you take part in (aantekening toevoegen)."
    )
    async def add_note(self, info: Info[Any, Any], input: Input[AddNoteInput]) -> AddNoteResult:
        """Add a note."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the note."""
            return await services.add_note(
                session,
                actor,
                case_id=key_of(cases, input.case_id, "caseId"),
                data_class=data_class_of(input.data_class),
                text=input.text,
            )

        return await perform(
            info, "AddNoteSuccess", act, lambda made: {"note": made},
            given=input, key=input.idempotency_key,
        )  # fmt: skip

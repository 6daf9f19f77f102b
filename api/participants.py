"""The parties of a case, as cases, plans and notes show them."""

from datetime import datetime

import strawberry

from api.binding import bound
from api.directory import Organisation
from domain.cases import views


@bound(views.participants, description="A party in a case (deelnemer).")
class Participant:
    """An organisation in a role, and who took the part on."""

    id: strawberry.ID = strawberry.field(description="Opaque.")
    role: str = strawberry.field(description="The role (functie).")
    is_lead: bool = strawberry.field(description="Whether the party leads the case (regie).")
    name: str | None = strawberry.field(description="Who takes part; null until accepted (naam).")
    shares: list[str] = strawberry.field(
        description="The data classes shared with it (gegevensklassen)."
    )
    invited_at: datetime = strawberry.field(description="When it was invited (uitgenodigd).")
    answered_at: datetime | None = strawberry.field(description="When it answered (beantwoord).")
    accepted_at: datetime | None = strawberry.field(
        description="When it accepted; null after a refusal."
    )
    ended_at: datetime | None = strawberry.field(description="When its part ended (beëindigd).")
    organisation: Organisation = strawberry.field(description="The organisation.")

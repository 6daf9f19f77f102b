"""The change feed: what changed of what the token may read, to follow instead of asking again."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from api.access import Access
from api.arguments import After, First
from api.binding import bound
from api.context import context_of
from api.paging import Connection
from domain.changes import views


@bound(
    views.changes,
    description="That something changed (wijziging): its kind and id, and no content. Ask for the "
    "object itself to see it.",
)
class Change:
    """One change of something that the token may read."""

    kind: str = strawberry.field(
        description="What changed: pupil, enrolment, classplace, absence, attendance (the rate of "
        "a pupil), signal, report, case, participant, summary, plan, action, note or receipt "
        "(soort)."
    )
    change: str = strawberry.field(
        description="created, changed, deleted or key_changed: known under another id than before "
        "(aard van de wijziging)."
    )
    data_class: str = strawberry.field(description="The data class that it is of (gegevensklasse).")
    object_id: strawberry.ID = strawberry.field(
        description="The id of what changed; of a deletion, of what is no longer there (kenmerk)."
    )
    former_id: strawberry.ID | None = strawberry.field(
        description="The id that it takes the place of: of the version before a correction, or of "
        "the pupil's record under the school's earlier key (vorig kenmerk)."
    )
    pupil_id: strawberry.ID | None = strawberry.field(
        description="The pupil that it belongs to (leerling)."
    )
    report_id: strawberry.ID | None = strawberry.field(
        description="The report that it belongs to (verzuimmelding)."
    )
    case_id: strawberry.ID | None = strawberry.field(
        description="The case that it belongs to (casus)."
    )
    at: datetime = strawberry.field(description="When it was done (tijdstip).")
    access: Access = strawberry.field(description="Why the change is seen.")


@bound(
    views.delivered,
    description="What a delivery of one's own changed (wijziging door een aanlevering).",
)
class DeliveredChange:
    """One change that a delivery made; part of its receipt."""

    kind: str = strawberry.field(description="What changed (soort); see `Change`.")
    change: str = strawberry.field(description="How (aard van de wijziging); see `Change`.")
    data_class: str = strawberry.field(description="Of which class (gegevensklasse).")
    object_id: strawberry.ID = strawberry.field(description="The id of what changed (kenmerk).")
    former_id: strawberry.ID | None = strawberry.field(
        description="The id that it takes the place of (vorig kenmerk)."
    )
    pupil_id: strawberry.ID | None = strawberry.field(
        description="The pupil that it belongs to (leerling)."
    )
    at: datetime = strawberry.field(description="When it was done (tijdstip).")


@strawberry.type
class ChangeQuery:
    """Following what changes."""

    @strawberry.field(
        description="What changed of what the token may read now, oldest first, each change once "
        "(wijzigingen). Keep `endCursor` and give it as `after` next time, also when a page is "
        "empty; it is good for 30 days, as long as a change is kept. What the token may no longer "
        "read is not in it, and what it newly may read is not told again from the start."
    )
    async def changes(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[Change]:
        """Read the changes after a cursor."""
        page: Any = await context_of(info).page(info, views.changes)
        return page

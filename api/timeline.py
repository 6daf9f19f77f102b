"""The timeline of a pupil over GraphQL."""

from datetime import date

import strawberry

from api.binding import bound
from domain.timeline import views


@bound(
    views.timeline,
    description="Something that happened around a pupil's attendance (gebeurtenis).",
)
class TimelineEntry:
    """One entry, as the list it comes from shows it."""

    kind: str = strawberry.field(
        description="absence, signal, absencenotice, leaverequest or report (soort)."
    )
    day: date = strawberry.field(
        description="The day of an absence, of reaching a threshold or of preparing a report, or "
        "the first day of a notice or request (datum)."
    )
    code: str = strawberry.field(
        description="The category of an absence, the kind of a signal or report, the state of a "
        "notice or request (code)."
    )
    data_class: str = strawberry.field(description="The class it is read under (gegevensklasse).")
    object_id: strawberry.ID = strawberry.field(description="The id of what it is about.")

"""Attendance over GraphQL: rates from the roll-up, absences with their coded reasons, signals."""

from datetime import date

import strawberry

from api.binding import bound
from domain.attendance import views


@bound(views.attendance, description="Scheduled and attended time over a period (aanwezigheid).")
class Attendance:
    """A rate with its denominator. Weeks that were not delivered are unknown, never present."""

    scheduled_minutes: int = strawberry.field(description="Minutes scheduled in delivered weeks.")
    attended_minutes: int = strawberry.field(description="Minutes attended in delivered weeks.")
    scheduled_units: int = strawberry.field(description="Lesson units scheduled (lesuren).")
    attended_units: int = strawberry.field(description="Lesson units attended (lesuren).")
    delivered_weeks: int = strawberry.field(
        description="Weeks of which the school delivered everything."
    )
    unknown_weeks: int = strawberry.field(description="Weeks not delivered; they count in nothing.")
    rate: float | None = strawberry.field(
        description="Attended divided by scheduled minutes, 0 to 1; null without delivered weeks "
        "(aanwezigheidspercentage)."
    )


@bound(views.reasons, description="The coded reason of an absence (reden), in its own data class.")
class AbsenceReason:
    """A coded reason."""

    code: str = strawberry.field(description="The code, from dated reference data (redencode).")
    data_class: str = strawberry.field(description="The data class of the code (gegevensklasse).")


@bound(views.absences, description="One absence on one day (verzuim).")
class Absence:
    """An absence, as it is known now."""

    id: strawberry.ID = strawberry.field(description="Opaque.")
    day: date = strawberry.field(description="The day (datum).")
    start_unit: int = strawberry.field(description="The lesson unit it starts in (lesuur).")
    lesson_units: int = strawberry.field(description="Lesson units missed (lesuren).")
    minutes: int = strawberry.field(description="Minutes missed.")
    category: str = strawberry.field(
        description="authorised, unauthorised, late, sent_out or school_caused (verzuimcategorie)."
    )
    reason: AbsenceReason | None = strawberry.field(
        description="The coded reason; null when there is none or it is withheld (reden)."
    )


@bound(views.signals, description="A threshold of a dated rule set was reached (signaal).")
class Signal:
    """A signal: a read model that leaves no stain, withdrawn when its cause is corrected."""

    id: strawberry.ID = strawberry.field(description="Opaque.")
    kind: str = strawberry.field(description="Which rule, such as SIXTEEN_HOURS_IN_FOUR_WEEKS.")
    rule_set: str = strawberry.field(description="The rule set it was judged by (regelset).")
    first_week: date = strawberry.field(
        description="Monday of the first teaching week of the window."
    )
    last_week: date = strawberry.field(
        description="Monday of the last teaching week of the window."
    )
    amount: int = strawberry.field(description="How much was missed in the window, in `unit`.")
    unit: str = strawberry.field(description="lesson_units or minutes (lesuren of minuten).")
    reached_on: date = strawberry.field(description="The day on which the threshold was reached.")
    act_by: date = strawberry.field(description="The last day to act (uiterlijk melden op).")

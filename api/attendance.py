"""Attendance over GraphQL: rates from the roll-up, absences with their coded reasons, signals."""

from datetime import date, datetime

import strawberry

from api.arguments import After, First
from api.binding import bound, by_view
from api.paging import Connection
from domain.attendance import tiers, views


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
    indicator: str = strawberry.field(
        description="The code of `rate` in `indicators`: what it says and does not say."
    )
    rule_set: str | None = strawberry.field(
        description="The rule set in whose terms it is judged (regelset)."
    )
    first_week: date | None = strawberry.field(
        description="Monday of the first week that counts; null without delivered weeks (vanaf)."
    )
    last_week: date | None = strawberry.field(
        description="Monday of the last week that counts (tot en met)."
    )
    quality: list[str] = strawberry.field(
        description="What to know first: NO_DELIVERED_WEEKS, WEEKS_UNKNOWN, SHORT_PERIOD; "
        "`qualityFlags` explains each (kwaliteit)."
    )


@bound(views.reasons, description="The coded reason of an absence (reden), in its own data class.")
class AbsenceReason:
    """A coded reason."""

    code: str = strawberry.field(description="The code, from dated reference data (redencode).")
    data_class: str = strawberry.field(description="The data class of the code (gegevensklasse).")


@bound(
    views.presumed,
    description="What the school presumes of an absence, not established (vermoedelijk).",
)
class AbsencePresumed:
    """A presumed category or reason."""

    about: str = strawberry.field(description="category or reason.")
    code: str = strawberry.field(description="The code, from dated reference data.")
    data_class: str = strawberry.field(description="The data class of the code (gegevensklasse).")


@bound(views.absences, description="One absence on one day (verzuim).")
class Absence:
    """An absence, as it is known now or was known when it is asked for."""

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
    presumed: list[AbsencePresumed] = strawberry.field(
        description="What is presumed beside it and counts in nothing; gone when a correction "
        "establishes what it was (vermoedelijk)."
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
    act_by: date = strawberry.field(description="The last day to act (uiterlijk handelen op).")
    data_class: str = strawberry.field(
        description="The class of what it tells: who may not know that fact does not see it "
        "(gegevensklasse)."
    )
    recorded_at: datetime = strawberry.field(description="When it was raised (vastgelegd op).")

    @strawberry.field(
        description="The absences it rests on, as far as the token may see them (verzuim)."
    )
    def marks(self, first: First = 50, after: After = None) -> Connection[Absence]:
        """Read by the view."""
        return by_view(first, after)


@bound(
    tiers.tiers,
    description="How much attention one side of attendance asks (trede, MD-MTSS). A side whose "
    "data class is withheld is absent.",
)
class Tier:
    """A tier on one dimension."""

    dimension: str = strawberry.field(
        description="attendance, sickness, unauthorised or lateness (dimensie)."
    )
    data_class: str = strawberry.field(description="The class of what it tells (gegevensklasse).")
    tier: int | None = strawberry.field(
        description="1, 2 or 3; null when too few weeks are known (trede)."
    )
    rule: str = strawberry.field(description="The rule in `ruleSets` that gives it (regel).")
    rule_set: str = strawberry.field(description="The rule set it was judged by (regelset).")
    amount: int | None = strawberry.field(
        description="What was counted, in `amountUnit` (teller); null while there is no tier."
    )
    amount_unit: str = strawberry.field(description="minutes or times (minuten of keren).")
    out_of: int = strawberry.field(description="Out of how much, in `outOfUnit` (noemer).")
    out_of_unit: str = strawberry.field(
        description="scheduled_minutes or weeks (geroosterde minuten of lesweken)."
    )
    delivered_weeks: int = strawberry.field(
        description="Weeks that count: those of which the school delivered everything."
    )

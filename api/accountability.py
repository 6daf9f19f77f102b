"""The log a family reads (inzagelog): which organisation looked, for what, on which ground."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from api.access import Access
from api.arguments import After, First, YoungPersonId
from api.binding import bound, by_view, shape
from api.context import context_of
from api.directory import Organisation
from api.paging import Connection
from domain.accountability.views import access_lines, alerts, organisation_log
from domain.pupils.views import access_logs


@shape(description="A ground on which something was seen or done (grondslag).")
class LogGround:
    """One rule of the policy table, as a family needs it."""

    tie: str = strawberry.field(description="The fact that connected the two (band).")
    data_class: str = strawberry.field(description="The data class (gegevensklasse).")
    basis: str = strawberry.field(description="The ground in AVG art. 6 (grondslag).")
    source: str = strawberry.field(description="The legal source (bron).")


@bound(access_lines, description="One time that something was read or done (inzage).")
class AccessLine:
    """A line of the log. The employee is not in it: ask the organisation."""

    id: strawberry.ID = strawberry.field(description="Opaque.")
    at: datetime = strawberry.field(description="When (tijdstip).")
    role: str = strawberry.field(description="In which role (functie).")
    purpose: str = strawberry.field(description="For which purpose (doel).")
    act: str = strawberry.field(description="What was done; read is looking (handeling).")
    data_classes: list[str] = strawberry.field(description="Which data classes (gegevensklassen).")
    grounds: list[LogGround] = strawberry.field(description="On which grounds (grondslagen).")
    organisation: Organisation | None = strawberry.field(
        description="For which organisation; null for a family's own reading (organisatie)."
    )


@bound(access_logs, description="Who looked at a young person's data (inzagelog).")
class AccessLog:
    """The log, and until when it is complete."""

    complete_until: datetime | None = strawberry.field(
        description="Everything that a family reads, and that was before this instant, is in the"
        " log; null before the first time."
    )
    access: Access = strawberry.field(description="Why the log is seen.")

    @strawberry.field(
        description="The lines, newest first (regels). In nobody's log are referrals, emergencies,"
        " child protection measures and what is withheld or protected: ask the organisation."
    )
    def lines(self, first: First = 50, after: After = None) -> Connection[AccessLine]:
        """Read by the view."""
        return by_view(first, after)


@bound(
    organisation_log,
    description="One time that somebody of the organisation read or did something (logregel).",
)
class OrganisationLogLine:
    """A line for the privacy officer: who, in which role, why and when; never what it said."""

    id: strawberry.ID = strawberry.field(description="Opaque.")
    at: datetime = strawberry.field(description="When (tijdstip).")
    actor_id: str = strawberry.field(description="Who, as the organisation knows them (wie).")
    role: str = strawberry.field(description="In which role (functie).")
    purpose: str = strawberry.field(description="For which purpose (doel).")
    act: str = strawberry.field(description="What was done; read is looking (handeling).")
    data_classes: list[str] = strawberry.field(description="Which data classes (gegevensklassen).")
    grounds: list[LogGround] = strawberry.field(description="On which grounds (grondslagen).")
    young_persons: int = strawberry.field(description="How many young persons it was about.")


@bound(alerts, description="What the organisation is told at once (melding aan de organisatie).")
class Alert:
    """An emergency that was declared, or a reading budget that was spent."""

    id: strawberry.ID = strawberry.field(description="Opaque.")
    kind: str = strawberry.field(description="emergency or reading_budget (soort).")
    at: datetime = strawberry.field(description="When (tijdstip).")
    actor_id: str = strawberry.field(description="Whose act it was (wie).")
    role: str = strawberry.field(description="In which role (functie).")
    purpose: str = strawberry.field(description="For which purpose (doel).")
    amount: int | None = strawberry.field(
        description="How many young persons were asked for, where that is the cause (aantal)."
    )


@strawberry.type
class LogQuery:
    """Reading the log."""

    @strawberry.field(
        description="What was read and done for the organisation (logboek), newest first."
    )
    async def organisation_log(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[OrganisationLogLine]:
        """Read a page of the organisation's log."""
        page: Any = await context_of(info).page(info, organisation_log)
        return page

    @strawberry.field(description="What the organisation has to look at (meldingen), newest first.")
    async def alerts(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[Alert]:
        """Read a page of alerts."""
        page: Any = await context_of(info).page(info, alerts)
        return page

    @strawberry.field(
        description="The log of a young person; null when absent or not for this token."
    )
    async def access_log(
        self, info: Info[Any, Any], young_person_id: YoungPersonId
    ) -> AccessLog | None:
        """Read a log."""
        found: Any = await context_of(info).by_id(
            info, access_logs, "AccessLog", young_person_id, kind="youngperson"
        )
        return found

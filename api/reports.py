"""Reports over GraphQL (verzuimmelding): the frozen extract, and its way to the officer."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.types import Info

from api.access import Access
from api.acting import perform
from api.arguments import ONCE, After, First, Id, Input
from api.binding import bound, shape
from api.context import context_of, key_of
from api.directory import Branch
from api.node import Node, node_type
from api.paging import Connection
from api.problems import ConflictProblem, NotFoundProblem, ValidationProblem
from domain.attendance.views import signals
from domain.reports import services, views
from permissions.vocabulary import Actor


@bound(
    views.report_contacts,
    description="A contact person as the report names them (contactpersoon).",
)
class ReportContact:
    """A contact in a report."""

    name: str = strawberry.field(description="The person's name (naam).")
    relation: str = strawberry.field(description="mother, father, guardian or other (relatie).")
    phone: str | None = strawberry.field(description="Telephone.")
    email: str | None = strawberry.field(description="E-mail address.")


@shape(description="Unauthorised absence in one week of the report (verzuim per week).")
class ReportWeek:
    """A week in the extract."""

    monday: date = strawberry.field(description="Monday of the week.")
    lesson_units: int = strawberry.field(description="Lesson units missed (lesuren).")
    minutes: int = strawberry.field(description="Minutes missed.")


@bound(
    views.reports,
    description="A report of absence as it was sent (verzuimmelding); it never changes.",
)
class Report(Node):
    """A frozen extract, and where it stands."""

    young_person_id: strawberry.ID = strawberry.field(
        description="The young person's id (jongere)."
    )
    kind: str = strawberry.field(description="The kind of report (verzuimsoort).")
    rule_set: str = strawberry.field(description="The rule set it was judged by (regelset).")
    state: str = strawberry.field(
        description="draft, sent, allocated, taken_on or closed (status)."
    )
    municipality_code: str = strawberry.field(
        description="Municipality of residence (woongemeente)."
    )
    prepared_at: datetime = strawberry.field(description="When it was prepared (opgesteld).")
    sent_at: datetime | None = strawberry.field(description="When it was sent (verzonden).")
    taken_on_at: datetime | None = strawberry.field(
        description="When an officer took it on (in behandeling)."
    )
    closed_at: datetime | None = strawberry.field(description="When it was closed (afgesloten).")
    outcome: str | None = strawberry.field(description="What came of it (uitkomst).")
    given_name: str = strawberry.field(description="Given name in the extract (voornaam).")
    infix: str | None = strawberry.field(description="Infix in the extract (tussenvoegsel).")
    family_name: str = strawberry.field(description="Family name in the extract (achternaam).")
    birth_date: date | None = strawberry.field(description="Date of birth in the extract.")
    contacts: list[ReportContact] = strawberry.field(
        description="Whom to call, for a token that may see it."
    )
    weeks: list[ReportWeek] = strawberry.field(description="Unauthorised absence by week.")
    period_from: date = strawberry.field(description="First Monday of the window.")
    period_until: date = strawberry.field(description="Last Monday of the window.")
    amount: int = strawberry.field(description="How much was missed, in `unit`.")
    unit: str = strawberry.field(description="lesson_units or minutes (lesuren of minuten).")
    branch: Branch = strawberry.field(description="The branch that reports (vestiging).")
    access: Access = strawberry.field(description="Why the report is seen.")


node_type("Report")


@bound(
    views.report_heads,
    description="The head of a report, by which an office divides its work (kop van de melding).",
)
class ReportHead(Node):
    """Kind, state, date, branch and age; never who it is about."""

    kind: str = strawberry.field(description="The kind of report (verzuimsoort).")
    state: str = strawberry.field(
        description="draft, sent, allocated, taken_on or closed (status)."
    )
    age: int | None = strawberry.field(
        description="Age in whole years when it was prepared (leeftijd)."
    )
    municipality_code: str = strawberry.field(
        description="Municipality of residence (woongemeente)."
    )
    sent_at: datetime | None = strawberry.field(description="When it was sent (verzonden).")
    taken_on_at: datetime | None = strawberry.field(
        description="When an officer took it on (in behandeling)."
    )
    branch: Branch = strawberry.field(description="The branch that reports (vestiging).")
    access: Access = strawberry.field(description="Why the head is seen.")


node_type("ReportHead")


@strawberry.type
class ReportQuery:
    """Reading reports."""

    @strawberry.field(description="Reports the token reaches (verzuimmeldingen), newest first.")
    async def reports(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[Report]:
        """Read a page of reports."""
        page: Any = await context_of(info).page(info, views.reports)
        return page

    @strawberry.field(
        description="The heads of reports the token reaches (werkvoorraad), newest first."
    )
    async def report_heads(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[ReportHead]:
        """Read a page of heads."""
        page: Any = await context_of(info).page(info, views.report_heads)
        return page

    @strawberry.field(description="A report by id; null when absent or not for this token.")
    async def report(self, info: Info[Any, Any], id: Id) -> Report | None:
        """Read one report."""
        found: Any = await context_of(info).by_id(info, views.reports, "Report", id)
        return found


@strawberry.input(description="Which signal to report on (verzuimmelding opstellen).")
class PrepareReportInput:
    """The cause of a report."""

    signal_id: strawberry.ID = strawberry.field(description="A signal that stands (signaal).")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="A report (verzuimmelding).")
class ReportInput:
    """Which report."""

    report_id: strawberry.ID = strawberry.field(description="The report (verzuimmelding).")


@strawberry.input(description="A report and what came of it (afsluiten).")
class CloseReportInput:
    """How a report ends."""

    report_id: strawberry.ID = strawberry.field(description="The report (verzuimmelding).")
    outcome: str = strawberry.field(
        description="back_to_school, help_started, enrolment_ended or no_absence (uitkomst)."
    )


@strawberry.type(description="The report was prepared, and is frozen (opgesteld).")
class PrepareReportSuccess:
    """The new report."""

    report: Report | None = strawberry.field(description="The report.")


@strawberry.type(description="The report was sent to the register (verzonden).")
class SendReportSuccess:
    """The sent report."""

    report: Report | None = strawberry.field(description="The report.")


@strawberry.type(description="The report is the officer's (in behandeling genomen).")
class TakeOnReportSuccess:
    """The report taken on."""

    report: Report | None = strawberry.field(description="The report.")


@strawberry.type(description="The report is closed (afgesloten).")
class CloseReportSuccess:
    """The closed report."""

    report: Report | None = strawberry.field(description="The report.")


PrepareReportResult = Annotated[
    PrepareReportSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("PrepareReportResult", description="Prepared, or why not."),
]
SendReportResult = Annotated[
    SendReportSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("SendReportResult", description="Sent, or why not."),
]
TakeOnReportResult = Annotated[
    TakeOnReportSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("TakeOnReportResult", description="Taken on, or why not."),
]
CloseReportResult = Annotated[
    CloseReportSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("CloseReportResult", description="Closed, or why not."),
]


@strawberry.type
class ReportMutation:
    """A report's way."""

    @strawberry.mutation(description="Prepare a report from a signal (melding opstellen).")
    async def prepare_report(
        self, info: Info[Any, Any], input: Input[PrepareReportInput]
    ) -> PrepareReportResult:
        """Prepare a report."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the draft."""
            signal_id = key_of(signals, input.signal_id, "signalId")
            return await services.prepare_report(session, actor, signal_id=signal_id)

        return await perform(
            info, "PrepareReportSuccess", act, _shown, given=input, key=input.idempotency_key
        )

    @strawberry.mutation(description="Send a report on the head's mandate (melden, LPW 21a).")
    async def send_report(
        self, info: Info[Any, Any], input: Input[ReportInput]
    ) -> SendReportResult:
        """Send a report."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the report that was sent."""
            report_id = key_of(views.reports, input.report_id, "reportId")
            await services.send_report(session, actor, report_id=report_id)
            return report_id

        return await perform(info, "SendReportSuccess", act, _shown)

    @strawberry.mutation(description="Take an allocated report on (in behandeling nemen).")
    async def take_on_report(
        self, info: Info[Any, Any], input: Input[ReportInput]
    ) -> TakeOnReportResult:
        """Take a report on."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the report that was taken on."""
            report_id = key_of(views.reports, input.report_id, "reportId")
            await services.take_on_report(session, actor, report_id=report_id)
            return report_id

        return await perform(info, "TakeOnReportSuccess", act, _shown)

    @strawberry.mutation(description="Close a report with what came of it (afsluiten).")
    async def close_report(
        self, info: Info[Any, Any], input: Input[CloseReportInput]
    ) -> CloseReportResult:
        """Close a report."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the report that was closed."""
            report_id = key_of(views.reports, input.report_id, "reportId")
            await services.close_report(session, actor, report_id=report_id, outcome=input.outcome)
            return report_id

        return await perform(info, "CloseReportSuccess", act, _shown)


def _shown(report_id: UUID) -> dict[str, UUID]:
    return {"report": report_id}

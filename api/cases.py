"""Cases over GraphQL: invitations with what will be shared, participation, the school's summary."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.types import Info

from api.access import Access
from api.acting import perform
from api.arguments import ONCE, After, First, Id, Input
from api.binding import bound, by_view
from api.consents import Consent
from api.context import context_of, key_of
from api.directory import Organisation
from api.node import Node, node_type
from api.notes import Note
from api.paging import Connection
from api.participants import Participant
from api.plans import Plan
from api.problems import ConflictProblem, NotFoundProblem, ValidationProblem
from domain.cases import services, views
from domain.organisations.views import branches, organisations
from domain.reports.views import reports
from permissions.vocabulary import Actor


@bound(
    views.identities, description="Who a case is about, taken over from the report (identiteit)."
)
class CaseIdentity:
    """The identity in a case."""

    given_name: str = strawberry.field(description="Given name (voornaam).")
    infix: str | None = strawberry.field(description="Infix (tussenvoegsel).")
    family_name: str = strawberry.field(description="Family name (achternaam).")
    birth_date: date | None = strawberry.field(description="Date of birth (geboortedatum).")


@bound(views.summaries, description="What the school offers of the attendance: a band and a trend.")
class AttendanceSummary:
    """A summary in words, never marks."""

    id: strawberry.ID = strawberry.field(description="Opaque.")
    band: str = strawberry.field(
        description="Percentage absent: 0-5, 5-10, 10-20, 20-50 or 50-100."
    )
    trend: str = strawberry.field(
        description="improving, stable, worsening or unknown (ontwikkeling)."
    )
    period_from: date = strawberry.field(description="First Monday it is about.")
    period_until: date = strawberry.field(description="Last Monday it is about.")
    offered_at: datetime = strawberry.field(description="When the school offered it.")


@bound(views.cases, description="A case about one young person (casus).")
class Case(Node):
    """A case. What is null or empty may be withheld: `access` tells which classes are."""

    young_person_id: strawberry.ID | None = strawberry.field(
        description="The young person's id (jongere); null when withheld."
    )
    form: str = strawberry.field(description="The form of consultation (overlegvorm).")
    state: str = strawberry.field(description="open or closed (status).")
    opened_at: datetime = strawberry.field(description="When it was opened (geopend).")
    closed_at: datetime | None = strawberry.field(description="When it was closed (gesloten).")
    outcome: str | None = strawberry.field(description="What came of it (uitkomst).")
    office: Organisation = strawberry.field(
        description="The office that answers for it (leerplicht)."
    )
    identity: CaseIdentity | None = strawberry.field(description="Who it is about, or withheld.")
    participants: list[Participant] = strawberry.field(description="The parties (deelnemers).")
    summaries: list[AttendanceSummary] = strawberry.field(
        description="What the school offered, newest first."
    )
    consents: list[Consent] = strawberry.field(
        description="Leave given to share notes (toestemming), oldest first."
    )
    plans: list[Plan] = strawberry.field(description="Plans (plan van aanpak), oldest first.")
    access: Access = strawberry.field(description="Why the case is seen, and what is withheld.")

    @strawberry.field(description="Notes (aantekeningen) the token may see, newest first.")
    def notes(self, first: First = 50, after: After = None) -> Connection[Note]:
        """Read by the view."""
        return by_view(first, after)


@bound(
    views.case_heads,
    description="The head of a case: that it is there, and whose (kop van de casus).",
)
class CaseHead:
    """What a party sees of a case before it answers."""

    form: str = strawberry.field(description="The form of consultation (overlegvorm).")
    state: str = strawberry.field(description="open or closed (status).")
    opened_at: datetime = strawberry.field(description="When it was opened (geopend).")
    office: Organisation = strawberry.field(description="The office that invites (leerplicht).")


@bound(
    views.invitations, description="An invitation to a case (uitnodiging), until it is answered."
)
class Invitation(Node):
    """What will be shared, told before the party answers."""

    role: str = strawberry.field(description="The role that is invited (functie).")
    purpose: str = strawberry.field(description="The purpose of taking part (doelbinding).")
    shares: list[str] = strawberry.field(
        description="The data classes that will be shared (gegevensklassen)."
    )
    invited_at: datetime = strawberry.field(description="When the invitation was sent.")
    case: CaseHead = strawberry.field(description="The case, without who it is about.")
    access: Access = strawberry.field(description="Why the invitation is seen.")


for _name in ("Case", "Invitation"):
    node_type(_name)


@strawberry.type
class CaseQuery:
    """Reading cases."""

    @strawberry.field(description="Cases the token reaches (casussen), newest first.")
    async def cases(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[Case]:
        """Read a page of cases."""
        page: Any = await context_of(info).page(info, views.cases)
        return page

    @strawberry.field(description="A case by id; null when absent or not for this token.")
    async def case(self, info: Info[Any, Any], id: Id) -> Case | None:
        """Read one case."""
        found: Any = await context_of(info).by_id(info, views.cases, "Case", id)
        return found

    @strawberry.field(
        description="Invitations that wait for an answer (uitnodigingen), newest first."
    )
    async def invitations(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[Invitation]:
        """Read a page of invitations."""
        page: Any = await context_of(info).page(info, views.invitations)
        return page


@strawberry.input(description="From which report a case is opened (casus openen).")
class OpenCaseInput:
    """The start of a case."""

    report_id: strawberry.ID = strawberry.field(description="A report allocated to the office.")
    form: str = strawberry.field(
        description="attendance_conference or multidisciplinary_conference (overlegvorm)."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="Whom to invite to a case (uitnodigen).")
class InviteToCaseInput:
    """A party: an organisation in a role, at a branch when it is a school."""

    case_id: strawberry.ID = strawberry.field(description="The case (casus).")
    organisation_id: strawberry.ID = strawberry.field(description="The organisation.")
    role: str = strawberry.field(
        description="support_coordinator, alliance_consultant or youth_care_worker."
    )
    branch_id: strawberry.ID | None = strawberry.field(
        default=None, description="The branch, for a school (vestiging)."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="The answer to an invitation (antwoord).")
class AnswerInvitationInput:
    """Yes or no."""

    invitation_id: strawberry.ID = strawberry.field(description="The invitation (uitnodiging).")
    accept: bool = strawberry.field(description="Whether the party takes part.")
    display_name: str = strawberry.field(description="The name the other parties will see.")


@strawberry.input(description="A case (casus).")
class CaseInput:
    """Which case."""

    case_id: strawberry.ID = strawberry.field(description="The case (casus).")


@strawberry.input(description="A case and what came of it (sluiten).")
class CloseCaseInput:
    """How a case ends."""

    case_id: strawberry.ID = strawberry.field(description="The case (casus).")
    outcome: str = strawberry.field(
        description="attending_again, continued_elsewhere or no_longer_needed (uitkomst)."
    )


@strawberry.type(description="The case is open.")
class OpenCaseSuccess:
    """The new case."""

    case: Case | None = strawberry.field(description="The case.")


@strawberry.type(description="The party is invited.")
class InviteToCaseSuccess:
    """The new invitation."""

    participant: Participant | None = strawberry.field(description="The invited party.")
    case_id: strawberry.ID = strawberry.field(description="The case's id.")


@strawberry.type(description="The invitation is answered; null after a refusal.")
class AnswerInvitationSuccess:
    """The case as the party sees it now."""

    case: Case | None = strawberry.field(description="The case, when the party takes part.")


@strawberry.type(description="The party left the case: it sees nothing of it any more.")
class LeaveCaseSuccess:
    """The case that was left."""

    case_id: strawberry.ID = strawberry.field(description="The case's id.")


@strawberry.type(description="The case is closed: no party sees it any more.")
class CloseCaseSuccess:
    """The case that was closed."""

    case_id: strawberry.ID = strawberry.field(description="The case's id.")


@strawberry.type(description="The summary is offered to the case.")
class OfferSummarySuccess:
    """What was offered."""

    summary_id: strawberry.ID = strawberry.field(description="The summary's id.")


OpenCaseResult = Annotated[
    OpenCaseSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("OpenCaseResult", description="Opened, or why not."),
]
InviteToCaseResult = Annotated[
    InviteToCaseSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("InviteToCaseResult", description="Invited, or why not."),
]
AnswerInvitationResult = Annotated[
    AnswerInvitationSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("AnswerInvitationResult", description="Answered, or why not."),
]
LeaveCaseResult = Annotated[
    LeaveCaseSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("LeaveCaseResult", description="Left, or why not."),
]
CloseCaseResult = Annotated[
    CloseCaseSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("CloseCaseResult", description="Closed, or why not."),
]
OfferSummaryResult = Annotated[
    OfferSummarySuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("OfferSummaryResult", description="Offered, or why not."),
]


@strawberry.type
class CaseMutation:
    """A case's way."""

    @strawberry.mutation(
        description="Open a case from a report allocated to the office (casus openen)."
    )
    async def open_case(self, info: Info[Any, Any], input: Input[OpenCaseInput]) -> OpenCaseResult:
        """Open a case."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the case that was opened."""
            report_id = key_of(reports, input.report_id, "reportId")
            return await services.open_case(session, actor, report_id=report_id, form=input.form)

        return await perform(
            info, "OpenCaseSuccess", act, lambda made: {"case": made},
            given=input, key=input.idempotency_key,
        )  # fmt: skip

    @strawberry.mutation(
        description="Invite a party, which sees beforehand what will be shared (uitnodigen)."
    )
    async def invite_to_case(
        self, info: Info[Any, Any], input: Input[InviteToCaseInput]
    ) -> InviteToCaseResult:
        """Invite a party."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the party that was invited."""
            return await services.invite(
                session,
                actor,
                case_id=key_of(views.cases, input.case_id, "caseId"),
                organisation_id=key_of(organisations, input.organisation_id, "organisationId"),
                role=input.role,
                branch_id=None
                if input.branch_id is None
                else key_of(branches, input.branch_id, "branchId"),
            )

        return await perform(
            info, "InviteToCaseSuccess", act,
            lambda made: {"participant": made, "caseId": str(input.case_id)},
            given=input, key=input.idempotency_key,
        )  # fmt: skip

    @strawberry.mutation(
        description="Answer an invitation; accepting makes it personal (beantwoorden)."
    )
    async def answer_invitation(
        self, info: Info[Any, Any], input: Input[AnswerInvitationInput]
    ) -> AnswerInvitationResult:
        """Answer an invitation."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the case that was answered for."""
            return await services.answer_invitation(
                session,
                actor,
                participation_id=key_of(views.invitations, input.invitation_id, "invitationId"),
                accept=input.accept,
                display_name=input.display_name,
            )

        return await perform(info, "AnswerInvitationSuccess", act, lambda made: {"case": made})

    @strawberry.mutation(description="Leave a case you take part in (uittreden).")
    async def leave_case(self, info: Info[Any, Any], input: Input[CaseInput]) -> LeaveCaseResult:
        """Leave a case."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the case that was left."""
            case_id = key_of(views.cases, input.case_id, "caseId")
            await services.leave_case(session, actor, case_id=case_id)
            return case_id

        return await perform(
            info, "LeaveCaseSuccess", act, lambda _: {"caseId": str(input.case_id)}
        )

    @strawberry.mutation(description="Close a case you lead; every party's access ends (sluiten).")
    async def close_case(
        self, info: Info[Any, Any], input: Input[CloseCaseInput]
    ) -> CloseCaseResult:
        """Close a case."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the case that was closed."""
            case_id = key_of(views.cases, input.case_id, "caseId")
            await services.close_case(session, actor, case_id=case_id, outcome=input.outcome)
            return case_id

        return await perform(
            info, "CloseCaseSuccess", act, lambda _: {"caseId": str(input.case_id)}
        )

    @strawberry.mutation(
        description="Offer a case the pupil's band and trend of attendance, as the school "
        "(samenvatting)."
    )
    async def offer_summary(
        self, info: Info[Any, Any], input: Input[CaseInput]
    ) -> OfferSummaryResult:
        """Offer a summary."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the summary that was offered."""
            case_id = key_of(views.cases, input.case_id, "caseId")
            return await services.offer_summary(session, actor, case_id=case_id)

        return await perform(
            info, "OfferSummarySuccess", act, lambda made: {"summaryId": f"summary_{made.hex}"}
        )

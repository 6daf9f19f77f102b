"""Referrals over GraphQL (verwijzing): one question to one organisation, and its answer."""

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
from api.binding import bound
from api.context import context_of, key_of
from api.directory import Organisation
from api.node import Node, node_type
from api.paging import Connection
from api.problems import ConflictProblem, NotFoundProblem, ValidationProblem
from domain.organisations.views import organisations
from domain.pupils.views import pupils
from domain.referrals import services, views
from domain.reports.views import reports
from permissions.vocabulary import Actor


@bound(views.referrals, description="A referral, as its receiver reads it (verwijzing).")
class Referral(Node):
    """The file of a referral, and nothing else of the young person."""

    young_person_id: strawberry.ID = strawberry.field(
        description="The young person's id (jongere)."
    )
    kind: str = strawberry.field(
        description="mazl, special_needs, statutory, halt, child_protection_board, "
        "public_prosecutor or safe_at_home (soort)."
    )
    given_name: str = strawberry.field(description="Given name (voornaam).")
    family_name: str = strawberry.field(description="Family name with its infix (achternaam).")
    birth_date: date | None = strawberry.field(description="Date of birth (geboortedatum).")
    question: str = strawberry.field(description="What is asked (vraag).")
    referred_at: datetime = strawberry.field(description="When it was sent (verwezen).")
    valid_until: datetime | None = strawberry.field(description="When it was ended (beëindigd).")
    received_at: datetime | None = strawberry.field(description="When it was received.")
    outcome: str | None = strawberry.field(description="What came of it (uitkomst).")
    referrer: Organisation = strawberry.field(description="Who refers (verwijzer).")
    access: Access = strawberry.field(description="Why the referral is seen.")


node_type("Referral")


@strawberry.type
class ReferralQuery:
    """Reading referrals."""

    @strawberry.field(description="Referrals the token reaches (verwijzingen), newest first.")
    async def referrals(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[Referral]:
        """Read a page of referrals."""
        page: Any = await context_of(info).page(info, views.referrals)
        return page

    @strawberry.field(description="A referral by id; null when absent or not for this token.")
    async def referral(self, info: Info[Any, Any], id: Id) -> Referral | None:
        """Read one referral."""
        found: Any = await context_of(info).by_id(info, views.referrals, "Referral", id)
        return found


@strawberry.input(description="A pupil to refer (leerling verwijzen).")
class ReferPupilInput:
    """Whom, to whom, and the question."""

    pupil_id: strawberry.ID = strawberry.field(description="The pupil (leerling).")
    kind: str = strawberry.field(description="mazl, special_needs or statutory (soort).")
    to_organisation_id: strawberry.ID = strawberry.field(description="To whom (organisatie).")
    question: str = strawberry.field(description="What is asked, 1 to 4,000 characters (vraag).")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="A report to refer (doorverwijzen na een melding).")
class ReferReportInput:
    """Which report, to whom, and the question."""

    report_id: strawberry.ID = strawberry.field(description="The report (verzuimmelding).")
    kind: str = strawberry.field(
        description="halt, child_protection_board, public_prosecutor or safe_at_home (soort)."
    )
    to_organisation_id: strawberry.ID = strawberry.field(description="To whom (organisatie).")
    question: str = strawberry.field(description="What is asked, 1 to 4,000 characters (vraag).")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="A referral (verwijzing).")
class EndReferralInput:
    """Which referral."""

    referral_id: strawberry.ID = strawberry.field(description="The referral (verwijzing).")


@strawberry.input(description="A referral and what came of it (terugkoppeling).")
class ReceiveReferralInput:
    """Receipt and, then or later, the outcome."""

    referral_id: strawberry.ID = strawberry.field(description="The referral (verwijzing).")
    outcome: str | None = strawberry.field(
        default=None,
        description="help_started, measure_imposed, no_measure or not_taken_up (uitkomst).",
    )


@strawberry.type(description="The referral was sent, ended or received (verwijzing).")
class ReferralSuccess:
    """The referral."""

    referral_id: strawberry.ID = strawberry.field(description="The referral (verwijzing).")


ReferralResult = Annotated[
    ReferralSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("ReferralResult", description="Done, or why not."),
]


def _shown(made: UUID) -> dict[str, str]:
    return {"referralId": ids.encode(views.referrals.name, made)}


def _wanted(given: ReferPupilInput | ReferReportInput) -> services.Wanted:
    return services.Wanted(
        kind=given.kind,
        to_organisation_id=key_of(organisations, given.to_organisation_id, "toOrganisationId"),
        question=given.question,
    )


@strawberry.type
class ReferralMutation:
    """A referral's way."""

    @strawberry.mutation(description="Refer a pupil to youth health or the alliance (verwijzen).")
    async def refer_pupil(
        self, info: Info[Any, Any], input: Input[ReferPupilInput]
    ) -> ReferralResult:
        """Refer a pupil."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the referral."""
            pupil_id = key_of(pupils, input.pupil_id, "pupilId")
            return await services.refer_pupil(
                session, actor, pupil_id=pupil_id, wanted=_wanted(input)
            )

        return await perform(
            info, "ReferralSuccess", act, _shown, given=input, key=input.idempotency_key
        )

    @strawberry.mutation(
        description="Refer the young person of a report, to Halt and the like (doorverwijzen)."
    )
    async def refer_report(
        self, info: Info[Any, Any], input: Input[ReferReportInput]
    ) -> ReferralResult:
        """Refer a report."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the referral."""
            report_id = key_of(reports, input.report_id, "reportId")
            return await services.refer_report(
                session, actor, report_id=report_id, wanted=_wanted(input)
            )

        return await perform(
            info, "ReferralSuccess", act, _shown, given=input, key=input.idempotency_key
        )

    @strawberry.mutation(description="End a referral you made (verwijzing beëindigen).")
    async def end_referral(
        self, info: Info[Any, Any], input: Input[EndReferralInput]
    ) -> ReferralResult:
        """End a referral."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the referral."""
            referral_id = key_of(views.referrals, input.referral_id, "referralId")
            return await services.end_referral(session, actor, referral_id=referral_id)

        return await perform(info, "ReferralSuccess", act, _shown)

    @strawberry.mutation(
        description="Say that a referral was received, and what came of it (terugkoppelen)."
    )
    async def receive_referral(
        self, info: Info[Any, Any], input: Input[ReceiveReferralInput]
    ) -> ReferralResult:
        """Receive a referral."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the referral."""
            return await services.receive_referral(
                session,
                actor,
                referral_id=key_of(views.referrals, input.referral_id, "referralId"),
                outcome=input.outcome,
            )

        return await perform(info, "ReferralSuccess", act, _shown)

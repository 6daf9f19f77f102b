"""Consent and withholding over GraphQL (toestemming, achterhouden): within a case."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.types import Info

from api import ids
from api.acting import perform
from api.arguments import ONCE, Input
from api.binding import bound
from api.context import key_of
from api.directory import Organisation
from api.problems import ConflictProblem, NotFoundProblem, ValidationProblem
from domain.cases import consent, views
from domain.organisations.views import organisations
from permissions.vocabulary import Actor


@bound(views.consents, description="Leave to share one class of notes in a case (toestemming).")
class Consent:
    """A consent."""

    id: strawberry.ID = strawberry.field(description="Opaque.")
    data_class: str = strawberry.field(description="Which class of notes (gegevensklasse).")
    from_organisation: Organisation = strawberry.field(description="Whose notes (van).")
    to_organisation: Organisation | None = strawberry.field(
        description="Who may read them; null for everyone who takes part (aan)."
    )
    valid_from: datetime = strawberry.field(description="When it was given (gegeven).")
    valid_until: datetime | None = strawberry.field(
        description="When it was withdrawn (ingetrokken)."
    )


@strawberry.input(description="Leave to share one class of notes (toestemming geven).")
class GiveConsentInput:
    """What may be shared, and between whom."""

    case_id: strawberry.ID = strawberry.field(description="The case (casus).")
    data_class: str = strawberry.field(
        description="note.general or note.youth_care (gegevensklasse)."
    )
    from_organisation_id: strawberry.ID = strawberry.field(description="Whose notes (van).")
    to_organisation_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who may read them; left out for general notes (aan)."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="A consent to withdraw (toestemming intrekken).")
class WithdrawConsentInput:
    """Which consent."""

    consent_id: strawberry.ID = strawberry.field(description="The consent (toestemming).")


@strawberry.input(description="A case's work to withhold from parents (achterhouden).")
class WithholdFileInput:
    """From whom, why and until when."""

    case_id: strawberry.ID = strawberry.field(description="The case (casus).")
    guardian_id: strawberry.ID | None = strawberry.field(
        default=None, description="From which parent; left out for all (ouder)."
    )
    ground: str = strawberry.field(description="The legal reason, 1 to 1,000 characters (grond).")
    until: datetime = strawberry.field(description="The instant at which it ends (tot).")


@strawberry.type(description="The family's say in the case was registered.")
class CaseSaySuccess:
    """The case it is about."""

    case_id: strawberry.ID = strawberry.field(description="The case (casus).")


CaseSayResult = Annotated[
    CaseSaySuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("CaseSayResult", description="Registered, or why not."),
]


def _shown(case_id: UUID) -> dict[str, str]:
    return {"caseId": ids.encode(views.cases.name, case_id)}


@strawberry.type
class ConsentMutation:
    """What a family gives, and what is withheld from it."""

    @strawberry.mutation(description="Give leave to share one class of notes (toestemming geven).")
    async def give_consent(
        self, info: Info[Any, Any], input: Input[GiveConsentInput]
    ) -> CaseSayResult:
        """Give consent."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the case."""
            to = input.to_organisation_id
            return await consent.give_consent(
                session,
                actor,
                case_id=key_of(views.cases, input.case_id, "caseId"),
                data_class=input.data_class,
                from_organisation_id=key_of(
                    organisations, input.from_organisation_id, "fromOrganisationId"
                ),
                to_organisation_id=None
                if to is None
                else key_of(organisations, to, "toOrganisationId"),
            )

        return await perform(
            info, "CaseSaySuccess", act, _shown, given=input, key=input.idempotency_key
        )

    @strawberry.mutation(description="Withdraw a consent you gave (toestemming intrekken).")
    async def withdraw_consent(
        self, info: Info[Any, Any], input: Input[WithdrawConsentInput]
    ) -> CaseSayResult:
        """Withdraw consent."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the case."""
            consent_id = key_of(views.consents, input.consent_id, "consentId")
            return await consent.withdraw_consent(session, actor, consent_id=consent_id)

        return await perform(info, "CaseSaySuccess", act, _shown)

    @strawberry.mutation(
        description="Withhold a case's work from parents, for a dated legal reason (achterhouden)."
    )
    async def withhold_file(
        self, info: Info[Any, Any], input: Input[WithholdFileInput]
    ) -> CaseSayResult:
        """Withhold a file."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the case."""
            guardian = input.guardian_id
            return await consent.withhold_file(
                session,
                actor,
                case_id=key_of(views.cases, input.case_id, "caseId"),
                guardian_id=None
                if guardian is None
                else ids.decode("guardian", guardian, "guardianId"),
                ground=input.ground,
                until=input.until,
            )

        return await perform(info, "CaseSaySuccess", act, _shown)

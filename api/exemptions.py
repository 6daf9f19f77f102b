"""The office's own records over GraphQL: exemptions and non-enrolment."""

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
from api.node import Node, node_type
from api.paging import Connection
from api.problems import ConflictProblem, NotFoundProblem, ValidationProblem
from domain.exemptions import non_enrolment, services, views
from domain.exemptions.judging import Period
from domain.exemptions.whom import Named, Whom
from domain.reports.views import reports
from permissions.vocabulary import Actor

MUNICIPALITY = "Code of the municipality of residence (woongemeente)."


@bound(views.exemptions, description="An exemption (vrijstelling) in the records of the office.")
class Exemption(Node):
    """An exemption. What a statement says is asked of nobody and not kept."""

    young_person_id: strawberry.ID = strawberry.field(
        description="The young person (jongere); nobody's elsewhere when the office wrote it down."
    )
    given_name: str = strawberry.field(description="Given name (voornaam).")
    family_name: str = strawberry.field(description="Family name (achternaam).")
    birth_date: date | None = strawberry.field(description="Date of birth (geboortedatum).")
    municipality_code: str = strawberry.field(description=MUNICIPALITY)
    kind: str = strawberry.field(
        description="art_5_a_health (lichamelijk of psychisch), art_5_b_belief (richting), "
        "art_5_c_school_abroad (school in het buitenland), art_5a_itinerant (trekkend bestaan; not "
        "art. 5 under a), art_15_other_education, art_3a_substitute or art_3b_substitute "
        "(vervangende leerplicht)."
    )
    first_day: date = strawberry.field(description="The first day (eerste dag).")
    last_day: date | None = strawberry.field(
        description="The last day, within it; null for who never will be fit (laatste dag)."
    )
    statement_on: date | None = strawberry.field(
        description="The day of the statement of art. 7 (dagtekening van de verklaring)."
    )
    rule_set: str = strawberry.field(description="The rules it was held against (regelset).")
    state: str = strawberry.field(description="registered or ended (stand).")
    registered_at: datetime = strawberry.field(description="When it was registered.")
    end_reason: str | None = strawberry.field(
        description="enrolled, ground_gone, moved_away or mistaken (reden van einde)."
    )
    ended_at: datetime | None = strawberry.field(description="When it was ended (beëindigd op).")
    access: Access = strawberry.field(description="Why it is seen, what is withheld.")


@bound(views.non_enrolments, description="Non-enrolment (absoluut verzuim), the office's record.")
class NonEnrolment(Node):
    """Somebody who is bound to attend and is at no school."""

    young_person_id: strawberry.ID = strawberry.field(
        description="The young person (jongere); nobody's elsewhere when the office wrote it down."
    )
    given_name: str = strawberry.field(description="Given name (voornaam).")
    family_name: str = strawberry.field(description="Family name (achternaam).")
    birth_date: date | None = strawberry.field(description="Date of birth (geboortedatum).")
    municipality_code: str = strawberry.field(description=MUNICIPALITY)
    since: date = strawberry.field(description="The first day without a school (sinds).")
    state: str = strawberry.field(description="open or closed (stand).")
    opened_at: datetime = strawberry.field(description="When it was opened (geopend op).")
    outcome: str | None = strawberry.field(
        description="enrolled, exempt, moved_away, not_bound or mistaken (uitkomst)."
    )
    closed_at: datetime | None = strawberry.field(description="When it was closed (afgesloten op).")
    access: Access = strawberry.field(description="Why it is seen, what is withheld.")


node_type("Exemption")
node_type("NonEnrolment")


@strawberry.type
class ExemptionQuery:
    """Reading the office's own records."""

    @strawberry.field(
        description="Exemptions that the token reaches (vrijstellingen), newest first."
    )
    async def exemptions(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[Exemption]:
        """Read a page of exemptions."""
        page: Any = await context_of(info).page(info, views.exemptions)
        return page

    @strawberry.field(description="An exemption by id; null when absent or not for this token.")
    async def exemption(self, info: Info[Any, Any], id: Id) -> Exemption | None:
        """Read one exemption."""
        found: Any = await context_of(info).by_id(info, views.exemptions, "Exemption", id)
        return found

    @strawberry.field(
        description="Records of non-enrolment that the token reaches (absoluut verzuim), newest "
        "first."
    )
    async def non_enrolments(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[NonEnrolment]:
        """Read a page of records."""
        page: Any = await context_of(info).page(info, views.non_enrolments)
        return page

    @strawberry.field(description="A record by id; null when absent or not for this token.")
    async def non_enrolment(self, info: Info[Any, Any], id: Id) -> NonEnrolment | None:
        """Read one record."""
        found: Any = await context_of(info).by_id(info, views.non_enrolments, "NonEnrolment", id)
        return found


@strawberry.input(description="Somebody as the office writes it down; compared with nobody.")
class NamedPersonInput:
    """A name and a birth date."""

    given_name: str = strawberry.field(description="Given name (voornaam), to 200 characters.")
    family_name: str = strawberry.field(description="Family name (achternaam), to 200 characters.")
    birth_date: date = strawberry.field(description="Date of birth (geboortedatum).")


@strawberry.input(description="Whom a record is about: exactly one of these (over wie).")
class WhomInput:
    """A report or a record that the office reads already, or a person written down."""

    report_id: strawberry.ID | None = strawberry.field(
        default=None, description="A report that you may read (verzuimmelding)."
    )
    exemption_id: strawberry.ID | None = strawberry.field(
        default=None, description="An exemption of your own office (vrijstelling)."
    )
    non_enrolment_id: strawberry.ID | None = strawberry.field(
        default=None, description="A record of your own office (absoluut verzuim)."
    )
    person: NamedPersonInput | None = strawberry.field(
        default=None, description="Somebody you write down yourself (persoon)."
    )

    def named(self) -> Whom:
        """Return whom this is, with the keys of what is named."""
        return Whom(
            report_id=_key(reports, self.report_id, "reportId"),
            exemption_id=_key(views.exemptions, self.exemption_id, "exemptionId"),
            non_enrolment_id=_key(views.non_enrolments, self.non_enrolment_id, "nonEnrolmentId"),
            named=None
            if self.person is None
            else Named(
                given_name=self.person.given_name,
                family_name=self.person.family_name,
                birth_date=self.person.birth_date,
            ),
        )


def _key(view: Any, given: strawberry.ID | None, name: str) -> UUID | None:  # noqa: ANN401 - any view
    return None if given is None else key_of(view, given, "whom", name)


@strawberry.input(description="An exemption to register (vrijstelling registreren).")
class RegisterExemptionInput:
    """Whom, of which kind, and which days."""

    whom: WhomInput = strawberry.field(description="Whom it is about (over wie).")
    kind: str = strawberry.field(description="One of the kinds of `Exemption.kind` (soort).")
    municipality_code: str = strawberry.field(description=MUNICIPALITY)
    first_day: date = strawberry.field(description="The first day (eerste dag).")
    last_day: date | None = strawberry.field(
        default=None,
        description="The last day, in the same school year; leave it out only of art. 5 under a "
        "for who never will be fit (laatste dag).",
    )
    statement_on: date | None = strawberry.field(
        default=None,
        description="Of art. 5 under a alone: the day of the statement, not older "
        "than three months (dagtekening van de verklaring).",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="An exemption to end (vrijstelling beëindigen).")
class EndExemptionInput:
    """Which exemption, and why."""

    exemption_id: strawberry.ID = strawberry.field(description="The exemption (vrijstelling).")
    reason: str = strawberry.field(
        description="enrolled, ground_gone, moved_away or mistaken (reden)."
    )


@strawberry.input(description="A record of non-enrolment to open (absoluut verzuim).")
class OpenNonEnrolmentInput:
    """Whom, and since when."""

    whom: WhomInput = strawberry.field(description="Whom it is about (over wie).")
    municipality_code: str = strawberry.field(description=MUNICIPALITY)
    since: date = strawberry.field(description="The first day without a school (sinds).")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="A record of non-enrolment to close (absoluut verzuim afsluiten).")
class CloseNonEnrolmentInput:
    """Which record, and what came of it."""

    non_enrolment_id: strawberry.ID = strawberry.field(description="The record.")
    outcome: str = strawberry.field(
        description="enrolled, exempt, moved_away, not_bound or mistaken (uitkomst)."
    )


@strawberry.type(description="The exemption was registered or ended (vrijstelling).")
class ExemptionSuccess:
    """The exemption."""

    exemption_id: strawberry.ID = strawberry.field(description="The exemption (vrijstelling).")


@strawberry.type(description="The record was opened or closed (absoluut verzuim).")
class NonEnrolmentSuccess:
    """The record."""

    non_enrolment_id: strawberry.ID = strawberry.field(description="The record.")


ExemptionResult = Annotated[
    ExemptionSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("ExemptionResult", description="Done, or why not."),
]
NonEnrolmentResult = Annotated[
    NonEnrolmentSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("NonEnrolmentResult", description="Done, or why not."),
]


def _exemption(made: UUID) -> dict[str, str]:
    return {"exemptionId": ids.encode(views.exemptions.name, made)}


def _non_enrolment(made: UUID) -> dict[str, str]:
    return {"nonEnrolmentId": ids.encode(views.non_enrolments.name, made)}


@strawberry.type
class ExemptionMutation:
    """The way of an exemption and of a record of non-enrolment."""

    @strawberry.mutation(
        description="Register an exemption with your own office (vrijstelling registreren)."
    )
    async def register_exemption(
        self, info: Info[Any, Any], input: Input[RegisterExemptionInput]
    ) -> ExemptionResult:
        """Register."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the exemption."""
            return await services.register_exemption(
                session,
                actor,
                whom=input.whom.named(),
                kind=input.kind,
                municipality_code=input.municipality_code,
                period=Period(
                    first_day=input.first_day,
                    last_day=input.last_day,
                    statement_on=input.statement_on,
                ),
            )

        return await perform(
            info, "ExemptionSuccess", act, _exemption, given=input, key=input.idempotency_key
        )

    @strawberry.mutation(description="End an exemption now (vrijstelling beëindigen).")
    async def end_exemption(
        self, info: Info[Any, Any], input: Input[EndExemptionInput]
    ) -> ExemptionResult:
        """End."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the exemption."""
            exemption_id = key_of(views.exemptions, input.exemption_id, "exemptionId")
            return await services.end_exemption(
                session, actor, exemption_id=exemption_id, reason=input.reason
            )

        return await perform(info, "ExemptionSuccess", act, _exemption)

    @strawberry.mutation(
        description="Open a record of somebody who is at no school (absoluut verzuim, art. 19)."
    )
    async def open_non_enrolment(
        self, info: Info[Any, Any], input: Input[OpenNonEnrolmentInput]
    ) -> NonEnrolmentResult:
        """Open."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the record."""
            return await non_enrolment.open_non_enrolment(
                session,
                actor,
                whom=input.whom.named(),
                municipality_code=input.municipality_code,
                since=input.since,
            )

        return await perform(
            info, "NonEnrolmentSuccess", act, _non_enrolment,
            given=input, key=input.idempotency_key,
        )  # fmt: skip

    @strawberry.mutation(description="Close a record and say what came of it (afsluiten).")
    async def close_non_enrolment(
        self, info: Info[Any, Any], input: Input[CloseNonEnrolmentInput]
    ) -> NonEnrolmentResult:
        """Close."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the record."""
            record_id = key_of(views.non_enrolments, input.non_enrolment_id, "nonEnrolmentId")
            return await non_enrolment.close_non_enrolment(
                session, actor, record_id=record_id, outcome=input.outcome
            )

        return await perform(info, "NonEnrolmentSuccess", act, _non_enrolment)

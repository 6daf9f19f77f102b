"""Pupils over GraphQL: identity, contacts, enrolment, and the guardian's registration."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.types import Info

from api import ids
from api.access import Access
from api.acting import perform
from api.arguments import ONCE, After, AsKnownAt, First, From, Id, Input, Until
from api.attendance import Absence, Attendance, Signal, Tier
from api.binding import bound, by_view
from api.context import context_of, key_of
from api.directory import Branch
from api.leave import AbsenceNotice, LeaveRequest
from api.node import Node, node_type
from api.paging import Connection
from api.plans import Plan
from api.problems import ConflictProblem, NotFoundProblem, ValidationProblem
from api.reports import Report
from api.timeline import TimelineEntry
from domain.pupils import services, views
from permissions.vocabulary import Actor


@bound(views.contacts, description="A contact person of a pupil (contactpersoon).")
class Contact:
    """A contact person."""

    id: strawberry.ID = strawberry.field(description="Opaque.")
    name: str = strawberry.field(description="The person's name (naam).")
    relation: str = strawberry.field(description="mother, father, guardian or other (relatie).")
    phone: str | None = strawberry.field(description="Telephone (telefoon).")
    email: str | None = strawberry.field(description="E-mail address.")


@bound(views.residences, description="Where a pupil lives (woonplaats).")
class Residence:
    """A residence."""

    postcode: str | None = strawberry.field(
        description="Postcode; null when the school did not deliver it."
    )
    municipality_code: str | None = strawberry.field(
        description="CBS code of the municipality of residence (woongemeente)."
    )


@bound(views.enrolments, description="An enrolment at a branch (inschrijving).")
class Enrolment:
    """An enrolment."""

    id: strawberry.ID = strawberry.field(description="Opaque.")
    valid_from: date = strawberry.field(description="First day (inschrijfdatum).")
    valid_until: date | None = strawberry.field(description="First day after (uitschrijfdatum).")
    year_group: int | None = strawberry.field(description="Year group (leerjaar).")
    branch: Branch = strawberry.field(description="The branch (vestiging).")


@bound(views.class_places, description="A pupil's place in a class (groepsindeling).")
class ClassPlace:
    """A place in a class."""

    name: str = strawberry.field(description="Name of the class (klas, stamgroep).")
    year_group: int | None = strawberry.field(description="Year group (leerjaar).")
    school_year: int = strawberry.field(description="The year in which the school year starts.")
    valid_from: date = strawberry.field(description="First day in the class.")
    valid_until: date | None = strawberry.field(description="First day no longer in it.")


@bound(views.pupils, description="What a school knows of a young person (leerling).")
class Pupil(Node):
    """A pupil. Null means not known, or withheld: `access` tells which classes are withheld."""

    young_person_id: strawberry.ID = strawberry.field(
        description="The young person's id (jongere)."
    )
    given_name: str = strawberry.field(description="Given name (voornaam).")
    infix: str | None = strawberry.field(description="Infix (tussenvoegsel).")
    family_name: str = strawberry.field(description="Family name (achternaam).")
    birth_date: date | None = strawberry.field(description="Date of birth (geboortedatum).")
    sex: str | None = strawberry.field(description="female, male or unknown (geslacht).")
    contacts: list[Contact] = strawberry.field(description="Contact persons the token may see.")
    residence: Residence | None = strawberry.field(description="Where the pupil lives, or null.")
    enrolments: list[Enrolment] = strawberry.field(description="Enrolments the token may see.")
    classes: list[ClassPlace] = strawberry.field(description="Classes the pupil is or was in.")
    reports: list[Report] = strawberry.field(description="Reports on the pupil (verzuimmeldingen).")
    plans: list[Plan] = strawberry.field(
        description="Plans about the pupil (plan van aanpak), while the school takes part."
    )
    access: Access = strawberry.field(description="Why the pupil is seen, and what is withheld.")

    @strawberry.field(
        description="Scheduled and attended time over a period, from the roll-up; null if withheld."
    )
    def attendance(
        self,
        from_: From = None,
        until: Until = None,
        as_known_at: AsKnownAt = None,
    ) -> Attendance | None:
        """Read by the view."""
        return by_view(from_, until, as_known_at)

    @strawberry.field(
        description="A tier for each side of attendance over a period (MD-MTSS, treden); a side "
        "whose class is withheld is absent, and `access` names the class."
    )
    def tiers(self, from_: From = None, until: Until = None) -> list[Tier]:
        """Read by the view."""
        return by_view(from_, until)

    @strawberry.field(description="Absences the token may see (verzuim), newest first.")
    def absences(
        self, first: First = 50, after: After = None, as_known_at: AsKnownAt = None
    ) -> Connection[Absence]:
        """Read by the view."""
        return by_view(first, after, as_known_at)

    @strawberry.field(description="Signals that stand, or stood when it was known so (signalen).")
    def signals(self, as_known_at: AsKnownAt = None) -> list[Signal]:
        """Read by the view."""
        return by_view(as_known_at)

    @strawberry.field(
        description="Notices of illness and duties of belief that the token may see (meldingen), "
        "newest first."
    )
    def notices(self, first: First = 50, after: After = None) -> Connection[AbsenceNotice]:
        """Read by the view."""
        return by_view(first, after)

    @strawberry.field(
        description="Absences, signals, notices, requests for leave and reports in one list by "
        "date, each as far as the token may see it (tijdlijn), newest first."
    )
    def timeline(self, first: First = 50, after: After = None) -> Connection[TimelineEntry]:
        """Read by the view."""
        return by_view(first, after)

    @strawberry.field(description="Requests for leave (verlofaanvragen), newest first.")
    def leave_requests(self, first: First = 50, after: After = None) -> Connection[LeaveRequest]:
        """Read by the view."""
        return by_view(first, after)


node_type("Pupil")


@strawberry.type
class PupilQuery:
    """Reading pupils."""

    @strawberry.field(description="Pupils the token reaches (leerlingen), by name.")
    async def pupils(
        self, info: Info[Any, Any], first: First = 50, after: After = None
    ) -> Connection[Pupil]:
        """Read a page of pupils."""
        page: Any = await context_of(info).page(info, views.pupils)
        return page

    @strawberry.field(description="A pupil by id; null when absent or not for this token.")
    async def pupil(self, info: Info[Any, Any], id: Id) -> Pupil | None:
        """Read one pupil."""
        found: Any = await context_of(info).by_id(info, views.pupils, "Pupil", id)
        return found


@strawberry.input(description="A contact person with authority over a pupil (ouder, verzorger).")
class RegisterGuardianInput:
    """Whom to register."""

    pupil_id: strawberry.ID = strawberry.field(description="The pupil (leerling).")
    name: str = strawberry.field(description="The person's name, 1 to 200 characters.")
    relation: str = strawberry.field(description="mother, father, guardian or other (relatie).")
    phone: str | None = strawberry.field(default=None, description="Telephone.")
    email: str | None = strawberry.field(default=None, description="E-mail address.")
    has_authority: bool = strawberry.field(
        default=True, description="Whether the person has parental authority (gezag)."
    )
    guardian_id: strawberry.ID | None = strawberry.field(
        default=None, description="The same person as for another pupil, such as a sibling."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.type(description="The guardian is registered.")
class RegisterGuardianSuccess:
    """What was made."""

    guardian_id: strawberry.ID = strawberry.field(description="The guardian's id (ouder).")
    pupil: Pupil | None = strawberry.field(description="The pupil as the token sees it now.")


RegisterGuardianResult = Annotated[
    RegisterGuardianSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("RegisterGuardianResult", description="Registered, or why not."),
]


@strawberry.type
class PupilMutation:
    """Acting on pupils' records."""

    @strawberry.mutation(
        description="Register a contact person, and the authority, of a pupil (gezag)."
    )
    async def register_guardian(
        self, info: Info[Any, Any], input: Input[RegisterGuardianInput]
    ) -> RegisterGuardianResult:
        """Register a guardian."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the guardian."""
            return await services.register_guardian(
                session,
                actor,
                pupil_id=key_of(views.pupils, input.pupil_id, "pupilId"),
                guardian_id=None
                if input.guardian_id is None
                else ids.decode("guardian", input.guardian_id, "guardianId"),
                name=input.name,
                relation=input.relation,
                phone=input.phone,
                email=input.email,
                has_authority=input.has_authority,
            )

        return await perform(
            info,
            "RegisterGuardianSuccess",
            act,
            lambda made: {
                "guardianId": ids.encode("guardian", made),
                "pupil": key_of(views.pupils, input.pupil_id),
            },
            given=input,
            key=input.idempotency_key,
        )

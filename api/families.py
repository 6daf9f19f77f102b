"""Facts of the family over GraphQL: protection, a parent without authority, an own account."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.types import Info

from api import ids
from api.acting import perform
from api.arguments import Input
from api.context import key_of
from api.problems import ConflictProblem, NotFoundProblem, ValidationProblem
from domain.cases import measures
from domain.errors import NotFound
from domain.pupils import families
from domain.pupils.views import pupils
from permissions.vocabulary import Actor


@strawberry.input(description="A pupil (leerling).")
class PupilInput:
    """Which pupil."""

    pupil_id: strawberry.ID = strawberry.field(description="The pupil (leerling).")


@strawberry.input(description="A parent without authority (ouder zonder gezag, BW 1:377c).")
class RegisterParentInput:
    """Who it is, and whether a court limited it."""

    pupil_id: strawberry.ID = strawberry.field(description="The pupil (leerling).")
    guardian_id: strawberry.ID = strawberry.field(description="A registered contact person.")
    limited_by_court: bool = strawberry.field(
        default=False, description="Whether a court denied the information (beperkt)."
    )


@strawberry.input(description="A parent that was registered (ouder zonder gezag).")
class EndParentInput:
    """Of whom, and who."""

    pupil_id: strawberry.ID = strawberry.field(description="The pupil (leerling).")
    guardian_id: strawberry.ID = strawberry.field(description="The parent (ouder).")


@strawberry.input(description="Somebody's authority over a pupil (gezag).")
class EndGuardianInput:
    """Of whom, and over whom."""

    pupil_id: strawberry.ID = strawberry.field(description="The pupil (leerling).")
    guardian_id: strawberry.ID = strawberry.field(description="Who has it (gezagsdrager).")


@strawberry.input(description="The young person's own account (eigen account).")
class RegisterOwnAccountInput:
    """Whose, and which."""

    pupil_id: strawberry.ID = strawberry.field(description="The pupil (leerling).")
    account_id: strawberry.ID = strawberry.field(
        description="The subject that the identity provider gives, a UUID."
    )


@strawberry.input(description="A child protection measure (kinderbeschermingsmaatregel).")
class RegisterMeasureInput:
    """Whom, which and until when."""

    young_person_id: strawberry.ID = strawberry.field(description="The young person (jongere).")
    kind: str = strawberry.field(
        description="supervision or guardianship (ondertoezichtstelling, voogdij)."
    )
    until: datetime = strawberry.field(description="The end that the court ordered (tot).")


@strawberry.type(description="The measure is registered (vastgelegd).")
class RegisterMeasureSuccess:
    """Whom it is about."""

    young_person_id: strawberry.ID = strawberry.field(description="The young person (jongere).")


@strawberry.input(description="A measure that ends before its date (maatregel beëindigen).")
class EndMeasureInput:
    """Whom it is about, and which."""

    young_person_id: strawberry.ID = strawberry.field(description="The young person (jongere).")
    kind: str = strawberry.field(
        description="supervision or guardianship (ondertoezichtstelling, voogdij)."
    )


@strawberry.type(description="The measure has ended (beëindigd).")
class EndMeasureSuccess:
    """Whom it was about."""

    young_person_id: strawberry.ID = strawberry.field(description="The young person (jongere).")


EndMeasureResult = Annotated[
    EndMeasureSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("EndMeasureResult", description="Ended, or why not."),
]
RegisterMeasureResult = Annotated[
    RegisterMeasureSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("RegisterMeasureResult", description="Registered, or why not."),
]


@strawberry.type(description="The fact is registered (vastgelegd).")
class FamilyFactSuccess:
    """The pupil it is about."""

    pupil_id: strawberry.ID = strawberry.field(description="The pupil (leerling).")


FamilyFactResult = Annotated[
    FamilyFactSuccess | ValidationProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("FamilyFactResult", description="Registered, or why not."),
]


def _shown(pupil_id: UUID) -> dict[str, str]:
    return {"pupilId": ids.encode(pupils.name, pupil_id)}


@strawberry.type
class FamilyMutation:
    """What a school registers of a family."""

    @strawberry.mutation(
        description="Keep where a young person is from the family (verblijfplaats afschermen)."
    )
    async def protect_whereabouts(
        self, info: Info[Any, Any], input: Input[PupilInput]
    ) -> FamilyFactResult:
        """Protect whereabouts."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the pupil."""
            pupil_id = key_of(pupils, input.pupil_id, "pupilId")
            return await families.protect_whereabouts(session, actor, pupil_id=pupil_id)

        return await perform(info, "FamilyFactSuccess", act, _shown)

    @strawberry.mutation(
        description="End the protection your school registered (afscherming beëindigen)."
    )
    async def end_protection(
        self, info: Info[Any, Any], input: Input[PupilInput]
    ) -> FamilyFactResult:
        """End a protection."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the pupil."""
            pupil_id = key_of(pupils, input.pupil_id, "pupilId")
            return await families.end_protection(session, actor, pupil_id=pupil_id)

        return await perform(info, "FamilyFactSuccess", act, _shown)

    @strawberry.mutation(
        description="Register a contact as a parent without authority (ouder zonder gezag)."
    )
    async def register_parent(
        self, info: Info[Any, Any], input: Input[RegisterParentInput]
    ) -> FamilyFactResult:
        """Register a parent."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the pupil."""
            return await families.register_parent(
                session,
                actor,
                pupil_id=key_of(pupils, input.pupil_id, "pupilId"),
                guardian_id=ids.decode("guardian", input.guardian_id, "guardianId"),
                limited_by_court=input.limited_by_court,
            )

        return await perform(info, "FamilyFactSuccess", act, _shown)

    @strawberry.mutation(
        description="End the authority that your school registered (gezag beëindigen)."
    )
    async def end_guardian(
        self, info: Info[Any, Any], input: Input[EndGuardianInput]
    ) -> FamilyFactResult:
        """End an authority."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the pupil."""
            return await families.end_guardian(
                session,
                actor,
                pupil_id=key_of(pupils, input.pupil_id, "pupilId"),
                guardian_id=ids.decode("guardian", input.guardian_id, "guardianId"),
            )

        return await perform(info, "FamilyFactSuccess", act, _shown)

    @strawberry.mutation(description="Register the young person's own account (eigen account).")
    async def register_own_account(
        self, info: Info[Any, Any], input: Input[RegisterOwnAccountInput]
    ) -> FamilyFactResult:
        """Register an account."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the pupil."""
            return await families.register_own_account(
                session,
                actor,
                pupil_id=key_of(pupils, input.pupil_id, "pupilId"),
                account_id=_subject(str(input.account_id)),
            )

        return await perform(info, "FamilyFactSuccess", act, _shown)

    @strawberry.mutation(
        description="End what your school registered of a parent without authority (beëindigen)."
    )
    async def end_parent(
        self, info: Info[Any, Any], input: Input[EndParentInput]
    ) -> FamilyFactResult:
        """End a filiation."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the pupil."""
            return await families.end_parent(
                session,
                actor,
                pupil_id=key_of(pupils, input.pupil_id, "pupilId"),
                guardian_id=ids.decode("guardian", input.guardian_id, "guardianId"),
            )

        return await perform(info, "FamilyFactSuccess", act, _shown)

    @strawberry.mutation(
        description="End the young person's account with your school (eigen account beëindigen)."
    )
    async def end_own_account(
        self, info: Info[Any, Any], input: Input[PupilInput]
    ) -> FamilyFactResult:
        """End an account."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the pupil."""
            pupil_id = key_of(pupils, input.pupil_id, "pupilId")
            return await families.end_own_account(session, actor, pupil_id=pupil_id)

        return await perform(info, "FamilyFactSuccess", act, _shown)

    @strawberry.mutation(
        description="Register a measure that a court ordered (maatregel registreren)."
    )
    async def register_measure(
        self, info: Info[Any, Any], input: Input[RegisterMeasureInput]
    ) -> RegisterMeasureResult:
        """Register a measure."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the young person."""
            return await measures.register_measure(
                session,
                actor,
                young_person_id=ids.decode("youngperson", input.young_person_id, "youngPersonId"),
                kind=input.kind,
                until=input.until,
            )

        return await perform(
            info,
            "RegisterMeasureSuccess",
            act,
            lambda made: {"youngPersonId": ids.encode("youngperson", made)},
        )

    @strawberry.mutation(
        description="End a measure of your institution before its date (maatregel beëindigen)."
    )
    async def end_measure(
        self, info: Info[Any, Any], input: Input[EndMeasureInput]
    ) -> EndMeasureResult:
        """End a measure."""

        async def act(session: AsyncSession, actor: Actor) -> UUID:
            """Return the key of the young person."""
            return await measures.end_measure(
                session,
                actor,
                young_person_id=ids.decode("youngperson", input.young_person_id, "youngPersonId"),
                kind=input.kind,
            )

        return await perform(
            info,
            "EndMeasureSuccess",
            act,
            lambda ended: {"youngPersonId": ids.encode("youngperson", ended)},
        )


def _subject(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise NotFound("accountId") from None

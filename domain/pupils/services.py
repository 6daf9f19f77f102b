"""Acts on pupils: a delivery of a school's own records, and the registration of guardians."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.clock import AMSTERDAM
from domain.database import ask_of
from domain.errors import Conflict, Invalid, NotFound
from domain.pupils import vault
from domain.pupils.bulk import insert_rows, one_of, update_rows
from domain.pupils.enrolling import Changes
from domain.pupils.models import (
    ClassMembership,
    Enrolment,
    Guardian,
    GuardianAuthority,
    NationalNumber,
    Pupil,
    PupilContact,
    PupilResidence,
    YoungPerson,
)
from domain.reach import Kind, require
from domain.reference.models import DirectoryPostcode
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass

RELATIONS = ("mother", "father", "guardian", "other")
OF_AGE = 18
"""From this age nobody has parental authority (BW 1:233 and 1:245)."""

_LONGEST_NAME = 200
_LONGEST_CONTACT = 254
_PC4 = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredPupil:
    """A pupil as a school delivered it; `number` is the vault's index of the national number."""

    line: int
    key: str
    given_name: str
    infix: str | None
    family_name: str
    birth_date: date | None
    sex: str | None
    number: bytes | None
    postcode: str | None

    @property
    def identity(self) -> dict[str, object]:
        """The columns of class `pupil.identity`."""
        return {
            "given_name": self.given_name,
            "infix": self.infix,
            "family_name": self.family_name,
            "birth_date": self.birth_date,
            "sex": self.sex,
        }


@dataclass(frozen=True, slots=True)
class Known:
    """A pupil that is stored: its record and the young person it is about."""

    id: UUID
    young_person_id: UUID


@dataclass(slots=True)
class TakenIn:
    """What a delivery of pupils came to.

    `added` and `renamed` hold the records that are new, and those whose identity changed.
    `other_person` holds the lines whose national number the board delivered before, of somebody
    else than the pupil was known as; `no_municipality` counts postcodes that the directory does
    not know. Nothing here tells what another board delivered.
    """

    pupils: dict[str, Known] = field(default_factory=dict[str, Known])
    touched: set[UUID] = field(default_factory=set[UUID])
    added: list[UUID] = field(default_factory=list[UUID])
    renamed: list[UUID] = field(default_factory=list[UUID])
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    other_person: list[int] = field(default_factory=list[int])
    no_municipality: int = 0


@dataclass(slots=True)
class Places:
    """The keys of places that were added, and of those that were changed or ended."""

    added: list[UUID] = field(default_factory=list[UUID])
    changed: list[UUID] = field(default_factory=list[UUID])


@dataclass(slots=True)
class Moved:
    """The enrolments and the places in classes that a roster changed."""

    enrolments: Places = field(default_factory=Places)
    class_places: Places = field(default_factory=Places)


async def take_in(
    session: AsyncSession,
    *,
    controller_id: UUID,
    pupils: Sequence[DeliveredPupil],
    elsewhere: bool = True,
) -> TakenIn:
    """Store pupils, where they live and the index of their number; the delivery asked `require`.

    A new pupil is the young person whom the board itself delivered under the number before; with
    `elsewhere` also the one whom another board did, when the birth date is the same. A pupil who
    is known stays who it was, whatever the number.
    """
    result = TakenIn()
    recorded = {"controller_id": controller_id, "recorded_at": ask_of(session).moment.instant}
    stored = {
        pupil.external_id: pupil
        for pupil in await session.scalars(
            select(Pupil).where(
                Pupil.controller_id == controller_id,
                one_of(Pupil.external_id, [pupil.key for pupil in pupils]),
            )
        )
    }
    held = await vault.held(
        session, controller_id, [p.number for p in pupils if p.number is not None]
    )
    matched = held | await vault.find(
        session,
        {
            p.number: p.birth_date
            for p in pupils
            if elsewhere
            and p.key not in stored
            and p.number is not None
            and p.number not in held
            and p.birth_date is not None
        },
    )
    persons: list[dict[str, object]] = []
    added: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    numbers: list[dict[str, object]] = []
    for pupil in pupils:
        known = stored.get(pupil.key)
        match = None if pupil.number is None else matched.get(pupil.number)
        if known is None:
            person = match or uuid4()
            # Also one who is there, so that the work does not tell who was.
            persons.append({"id": person})
            result.pupils[pupil.key] = Known(uuid4(), person)
            added.append(
                {
                    "id": result.pupils[pupil.key].id,
                    "young_person_id": person,
                    "external_id": pupil.key,
                    **pupil.identity,
                }
            )
        else:
            person = known.young_person_id
            result.pupils[pupil.key] = Known(known.id, person)
            if match not in (None, person):  # of this board: no other was asked
                result.other_person.append(pupil.line)
            if any(getattr(known, name) != value for name, value in pupil.identity.items()):
                changed.append({"id": known.id, **pupil.identity})
                result.renamed.append(known.id)
                result.touched.add(known.id)
        if pupil.number is not None and match in (None, person):
            numbers.append({"number_index": pupil.number, "young_person_id": person})
    await insert_rows(session, YoungPerson, persons, unless_there=True)
    await insert_rows(session, Pupil, added, common=recorded)
    await update_rows(session, Pupil, changed, key=["id"], common=_again(recorded))
    shared = {"controller_id": controller_id}
    await insert_rows(session, NationalNumber, numbers, common=shared, unless_there=True)
    await _settle(session, pupils, result, recorded)
    result.added = [result.pupils[key].id for key in result.pupils if key not in stored]
    new = set(result.added)
    result.new, result.changed = len(new), len(result.touched - new)
    result.unchanged = len(pupils) - result.new - result.changed
    result.touched |= {known.id for known in result.pupils.values() if known.id in new}
    return result


async def _settle(
    session: AsyncSession,
    pupils: Sequence[DeliveredPupil],
    result: TakenIn,
    recorded: Mapping[str, object],
) -> None:
    """Store where pupils live: the postcode and its municipality, or that neither is known."""
    areas = {p.postcode[:_PC4] for p in pupils if p.postcode is not None}
    found = await session.execute(
        select(DirectoryPostcode.pc4, DirectoryPostcode.municipality_code).where(
            one_of(DirectoryPostcode.pc4, sorted(areas))
        )
    )
    municipality: dict[str, str] = {row.pc4: row.municipality_code for row in found}
    stored = await residences(session, [known.id for known in result.pupils.values()])
    added: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    for pupil in pupils:
        pupil_id = result.pupils[pupil.key].id
        area = None if pupil.postcode is None else municipality.get(pupil.postcode[:_PC4])
        result.no_municipality += pupil.postcode is not None and area is None
        row: dict[str, object] = {
            "pupil_id": pupil_id,
            "postcode": pupil.postcode,
            "municipality_code": area,
        }
        if pupil_id not in stored:
            added.append(row)
        elif stored[pupil_id] != (pupil.postcode, area):
            changed.append(row)
            result.touched.add(pupil_id)
    await insert_rows(session, PupilResidence, added, common=recorded)
    await update_rows(session, PupilResidence, changed, key=["pupil_id"], common=_again(recorded))


async def residences(
    session: AsyncSession, pupils: Sequence[UUID]
) -> dict[UUID, tuple[str | None, str | None]]:
    """Return the stored postcode and municipality of pupils."""
    rows = await session.execute(
        select(
            PupilResidence.pupil_id, PupilResidence.postcode, PupilResidence.municipality_code
        ).where(one_of(PupilResidence.pupil_id, pupils))
    )
    return {pupil_id: (postcode, code) for pupil_id, postcode, code in rows}


async def change_places(
    session: AsyncSession, *, controller_id: UUID, enrolments: Changes, memberships: Changes
) -> Moved:
    """Write what a roster changed in enrolments and class memberships, and return their keys."""
    moved = Moved()
    recorded = {"controller_id": controller_id, "recorded_at": ask_of(session).moment.instant}
    for model, changes, places in (
        (Enrolment, enrolments, moved.enrolments),
        (ClassMembership, memberships, moved.class_places),
    ):
        ended = [{"id": key, "valid_until": day} for key, day in changes.ended.items()]
        changed = [{"id": key, **values} for key, values in changes.changed.items()]
        keys = [uuid4() for _ in changes.added]
        added = [{"id": key, **row} for key, row in zip(keys, changes.added, strict=True)]
        # What ends goes first, so that what begins does not overlap it.
        await update_rows(session, model, ended, key=["id"], common=_again(recorded))
        await update_rows(session, model, changed, key=["id"], common=_again(recorded))
        await insert_rows(session, model, added, common=recorded)
        places.added += keys
        places.changed += dict.fromkeys([*changes.ended, *changes.changed])
    return moved


async def register_guardian(
    session: AsyncSession,
    actor: Actor,
    *,
    pupil_id: UUID,
    guardian_id: UUID | None,
    name: str,
    relation: str,
    phone: str | None,
    email: str | None,
    has_authority: bool,
) -> UUID:
    """Register a contact person of a pupil, with parental authority (gezag) or without.

    A `guardian_id` says that it is a person who is registered already, for a brother or sister.
    Authority ends by itself when the young person comes of age.

    Raises:
        NotFound: the pupil or that guardian does not exist, or not for this actor.
        Invalid: a value breaks a rule that the message names.
        Conflict: this person is registered for this pupil already.
    """
    rule = await require(
        session, actor, Activity.REGISTER, DataClass.PUPIL_CONTACT,
        kind=Kind.PUPIL, reached=pupil_id, path=("pupilId",),
    )  # fmt: skip
    name = _checked(name, "name", _LONGEST_NAME, required=True) or ""
    phone = _checked(phone, "phone", _LONGEST_CONTACT)
    email = _checked(email, "email", _LONGEST_CONTACT)
    if email is not None and "@" not in email.strip("@"):
        raise Invalid("This is not an e-mail address. Correct it or leave it out.", path=("email",))
    if relation not in RELATIONS:
        message = f"The relation is unknown. Use one of: {', '.join(RELATIONS)}."
        raise Invalid(message, path=("relation",))
    pupil = await session.get(Pupil, pupil_id)
    if pupil is None:
        raise NotFound("pupilId")
    if guardian_id is None:
        guardian_id = uuid4()
        session.add(Guardian(id=guardian_id))
    else:
        await _known_guardian(session, actor, guardian_id, pupil_id)
    moment = ask_of(session).moment
    session.add(
        PupilContact(
            id=uuid4(),
            controller_id=pupil.controller_id,
            pupil_id=pupil_id,
            guardian_id=guardian_id,
            name=name,
            relation=relation,
            phone=phone,
            email=email,
            recorded_at=moment.instant,
        )
    )
    if has_authority:
        until = comes_of_age(pupil.birth_date)
        if until is not None and until <= moment.instant:
            message = "The young person is of age, so nobody has authority. Register without it."
            raise Invalid(message, path=("hasAuthority",))
        await session.flush()  # the contact first: authority is registered of a contact alone
        session.add(
            GuardianAuthority(
                id=uuid4(),
                controller_id=pupil.controller_id,
                guardian_id=guardian_id,
                young_person_id=pupil.young_person_id,
                valid_from=moment.instant,
                valid_until=until,
            )
        )
    await record(
        session, actor, rule, Act.GUARDIAN_REGISTERED,
        subjects=[pupil.young_person_id], about=guardian_id,
    )  # fmt: skip
    return guardian_id


async def _known_guardian(
    session: AsyncSession, actor: Actor, guardian_id: UUID, pupil_id: UUID
) -> None:
    """Make sure that the guardian is the contact of a pupil whose contacts the actor may see."""
    registered = list(
        await session.scalars(
            select(PupilContact.pupil_id).where(PupilContact.guardian_id == guardian_id)
        )
    )
    if pupil_id in registered:
        raise Conflict(
            "This person is registered for this pupil already. There is nothing to do.",
            path=("guardianId",),
        )
    for other in registered:
        try:
            await require(
                session, actor, Activity.READ, DataClass.PUPIL_CONTACT,
                kind=Kind.PUPIL, reached=other,
            )  # fmt: skip
        except NotFound:
            continue
        return
    raise NotFound("guardianId")


def comes_of_age(birth_date: date | None) -> datetime | None:
    """Return the instant, midnight in the Netherlands, at which someone becomes eighteen."""
    if birth_date is None:
        return None
    year = birth_date.year + OF_AGE
    try:
        birthday = birth_date.replace(year=year)
    except ValueError:
        birthday = date(year, 3, 1)
    return datetime(birthday.year, birthday.month, birthday.day, tzinfo=AMSTERDAM)


def _checked(value: str | None, field_: str, longest: int, *, required: bool = False) -> str | None:
    text = (value or "").strip()
    if not text and required:
        raise Invalid("This may not be empty. Fill it in.", path=(field_,))
    if len(text) > longest or not text.isprintable():
        message = f"This is longer than {longest} characters or holds control characters."
        raise Invalid(message, path=(field_,))
    return text or None


def _again(recorded: Mapping[str, object]) -> dict[str, object]:
    return {"recorded_at": recorded["recorded_at"]}

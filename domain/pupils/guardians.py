"""Acts on who a pupil's contact persons are, one by one and many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.clock import AMSTERDAM
from domain.database import ask_of
from domain.errors import Conflict, Invalid, NotFound
from domain.pupils.bulk import insert_rows, one_of
from domain.pupils.models import Guardian, GuardianAuthority, Pupil, PupilContact
from domain.reach import Kind, require, require_all
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass

RELATIONS = ("mother", "father", "guardian", "other")
OF_AGE = 18
"""From this age nobody has parental authority (BW 1:233 and 1:245)."""

_LONGEST_NAME = 200
_LONGEST_CONTACT = 254


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
    contact = _contact(name, relation, phone, email)
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
            recorded_at=moment.instant,
            **contact,
        )
    )
    if has_authority:
        until = _authority_until(pupil, moment.instant)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGuardian:
    """A contact person to register, of a pupil; nobody who is registered already."""

    pupil_id: UUID
    name: str
    relation: str
    phone: str | None
    email: str | None
    has_authority: bool


async def register_guardians(
    session: AsyncSession, actor: Actor, *, guardians: Sequence[NewGuardian]
) -> list[UUID]:
    """Register new contact persons of many pupils at once; return their keys, in the same order.

    As `register_guardian` does one by one: every pupil has to be reached, all are registered or
    none, and one trace names all the young persons.

    Raises:
        NotFound: one of the pupils does not exist, or not for this actor.
        Invalid: a value breaks a rule that the message names.
    """
    wanted = list(dict.fromkeys(guardian.pupil_id for guardian in guardians))
    if not wanted:
        return []
    rules = await require_all(
        session, actor, Activity.REGISTER, DataClass.PUPIL_CONTACT,
        kind=Kind.PUPIL, reached=wanted, path=("pupilId",),
    )  # fmt: skip
    pupils = {
        pupil.id: pupil
        for pupil in await session.scalars(select(Pupil).where(one_of(Pupil.id, wanted)))
    }
    if len(pupils) < len(wanted):
        raise NotFound("pupilId")
    moment = ask_of(session).moment
    keys = [uuid4() for _ in guardians]
    contacts: list[dict[str, object]] = []
    authorities: list[dict[str, object]] = []
    for key, guardian in zip(keys, guardians, strict=True):
        pupil = pupils[guardian.pupil_id]
        contacts.append(
            {
                "id": uuid4(),
                "controller_id": pupil.controller_id,
                "pupil_id": pupil.id,
                "guardian_id": key,
                **_contact(guardian.name, guardian.relation, guardian.phone, guardian.email),
            }
        )
        if guardian.has_authority:
            authorities.append(
                {
                    "id": uuid4(),
                    "controller_id": pupil.controller_id,
                    "guardian_id": key,
                    "young_person_id": pupil.young_person_id,
                    "valid_until": _authority_until(pupil, moment.instant),
                }
            )
    await insert_rows(session, Guardian, [{"id": key} for key in keys])
    await insert_rows(session, PupilContact, contacts, common={"recorded_at": moment.instant})
    await insert_rows(
        session, GuardianAuthority, authorities, common={"valid_from": moment.instant}
    )
    await record(
        session, actor, rules, Act.GUARDIAN_REGISTERED,
        subjects=[pupils[pupil_id].young_person_id for pupil_id in wanted],
    )  # fmt: skip
    return keys


def _contact(name: str, relation: str, phone: str | None, email: str | None) -> dict[str, object]:
    """Return the columns of a contact as they are kept.

    Raises:
        Invalid: a value breaks a rule that the message names.
    """
    email = _checked(email, "email", _LONGEST_CONTACT)
    if email is not None and "@" not in email.strip("@"):
        raise Invalid("This is not an e-mail address. Correct it or leave it out.", path=("email",))
    if relation not in RELATIONS:
        message = f"The relation is unknown. Use one of: {', '.join(RELATIONS)}."
        raise Invalid(message, path=("relation",))
    return {
        "name": _checked(name, "name", _LONGEST_NAME, required=True) or "",
        "relation": relation,
        "phone": _checked(phone, "phone", _LONGEST_CONTACT),
        "email": email,
    }


def _authority_until(pupil: Pupil, instant: datetime) -> datetime | None:
    """Return when authority over a pupil ends by itself.

    Raises:
        Invalid: it has ended: the young person is of age.
    """
    until = comes_of_age(pupil.birth_date)
    if until is not None and until <= instant:
        message = "The young person is of age, so nobody has authority. Register without it."
        raise Invalid(message, path=("hasAuthority",))
    return until


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

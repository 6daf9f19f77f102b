"""Acts on pupils: a delivery of a school's own records.

The registration of guardians is in `guardians.py` and found here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.database import ask_of
from domain.pupils import vault
from domain.pupils.bulk import insert_rows, one_of, update_rows
from domain.pupils.enrolling import Changes
from domain.pupils.guardians import (
    NewGuardian,
    comes_of_age,
    register_guardian,
    register_guardians,
)
from domain.pupils.models import (
    ClassMembership,
    Enrolment,
    NationalNumber,
    Pupil,
    PupilResidence,
    YoungPerson,
)
from domain.reference.models import DirectoryPostcode

__all__ = [
    "DeliveredPupil",
    "Moved",
    "NewGuardian",
    "Places",
    "TakenIn",
    "change_places",
    "comes_of_age",
    "register_guardian",
    "register_guardians",
    "residences",
    "take_in",
]

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


def _again(recorded: Mapping[str, object]) -> dict[str, object]:
    return {"recorded_at": recorded["recorded_at"]}

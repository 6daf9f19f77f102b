"""Registering guardians as the coordinator of a branch."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.database import Database, Login, ask
from domain.errors import Conflict, Invalid, NotFound
from domain.pupils.services import (
    NewGuardian,
    comes_of_age,
    register_guardian,
    register_guardians,
)
from tests.conftest import TestDatabase
from tests.domain.imports.school import School, new_school, pools, pupil, roster, school

__all__ = ["pools", "school"]
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def pupils_of(school: School) -> dict[str, UUID]:
    """Deliver two pupils, one of age, and return their ids by the school's key."""
    await school.roster(
        roster(school, [pupil("1"), pupil("2"), pupil("3", geboortedatum="2008-10-30")])
    )
    rows = school.rows(f"select external_id, id from pupil where controller_id = '{school.board}'")
    return {row.split("|")[0]: UUID(row.split("|")[1]) for row in rows}


async def register(school: School, pupil_id: UUID, **given: Any) -> UUID:
    """Register a guardian as the coordinator."""
    values: dict[str, Any] = {
        "guardian_id": None,
        "name": "A. Parent",
        "relation": "mother",
        "phone": "0612345678",
        "email": "parent@example.org",
        "has_authority": True,
    } | given
    actor = school.coordinator
    async with school.database.acting(ask(actor, moment=school.now), Login.APP) as session:
        return await register_guardian(session, actor, pupil_id=pupil_id, **values)


async def test_a_guardian_with_authority_until_the_child_is_of_age(school: School) -> None:
    """Contact, authority and trace are written; authority ends on the eighteenth birthday."""
    pupils = await pupils_of(school)
    guardian = await register(school, pupils["1"])
    assert school.number("pupil_contact", f"guardian_id = '{guardian}'") == 1
    ends = school.rows(
        "select valid_until at time zone 'Europe/Amsterdam' from guardian_authority"
        f" where guardian_id = '{guardian}'"
    )
    assert ends == ["2030-05-06 00:00:00"]
    traced = school.rows(
        "select act, activity, about, cardinality(young_persons) from trace"
        f" where about = '{guardian}'"
    )
    assert traced == [f"guardian_registered|register|{guardian}|1"]


async def test_many_are_registered_at_once_or_none(school: School) -> None:
    """Contacts, authorities and one trace of all; one pupil who is not reached refuses them all."""
    pupils = await pupils_of(school)

    async def together(*keys: UUID) -> list[UUID]:
        """Register one guardian for each of some pupils."""
        actor = school.coordinator
        guardians = [
            NewGuardian(
                pupil_id=key,
                name=f"Parent {number}",
                relation="father",
                phone=None,
                email=None,
                has_authority=number == 0,
            )
            for number, key in enumerate(keys)
        ]
        async with school.database.acting(ask(actor, moment=school.now), Login.APP) as session:
            return await register_guardians(session, actor, guardians=guardians)

    made = await together(pupils["1"], pupils["2"], pupils["1"])
    contacts = school.rows(
        "select p.external_id, c.guardian_id, c.name from pupil_contact c"
        f" join pupil p on p.id = c.pupil_id where p.controller_id = '{school.board}' order by 3"
    )
    assert contacts == [
        f"{pupil}|{key}|Parent {number}"
        for number, (pupil, key) in enumerate(zip("121", made, strict=True))
    ]
    assert school.number("guardian_authority", f"guardian_id = '{made[0]}'") == 1
    assert school.number("guardian_authority") == 1
    traced = f"actor_id = '{school.coordinator.id}' and act = 'guardian_registered'"
    numbers = school.rows(f"select cardinality(young_persons) from trace where {traced}")
    assert numbers == ["2"]
    for strange in (
        uuid4(),
        (await pupils_of(new_school(school.test_database, school.database)))["1"],
    ):
        with pytest.raises(NotFound):
            await together(pupils["2"], strange)
    assert await together() == []
    assert school.number("pupil_contact") == 3


async def test_the_same_person_for_a_sibling(school: School) -> None:
    """A person whom the actor can see as a contact may be registered for a sibling, once."""
    pupils = await pupils_of(school)
    guardian = await register(school, pupils["1"])
    assert await register(school, pupils["2"], guardian_id=guardian) == guardian
    with pytest.raises(Conflict):
        await register(school, pupils["2"], guardian_id=guardian)
    without = await register(school, pupils["2"], has_authority=False)
    assert school.number("guardian_authority", f"guardian_id = '{without}'") == 0


async def test_a_stranger_is_not_found(
    school: School, database: TestDatabase, pools: Database
) -> None:
    """Another school's pupil, another school's guardian and an unknown guardian are not found."""
    pupils = await pupils_of(school)
    other = new_school(database, pools)
    theirs = await pupils_of(other)
    guardian = await register(other, theirs["1"])
    for pupil_id, known in (
        (theirs["1"], None),
        (uuid4(), None),
        (pupils["1"], guardian),
        (pupils["1"], uuid4()),
    ):
        with pytest.raises(NotFound):
            await register(school, pupil_id, guardian_id=known)
    assert school.number("pupil_contact") == 0


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"relation": "neighbour"}, "relation"),
        ({"email": "nobody"}, "email"),
        ({"phone": "1" * 300}, "phone"),
    ],
)
async def test_values_are_checked(school: School, given: dict[str, object], path: str) -> None:
    """A value that breaks a rule names its field and stores nothing."""
    pupils = await pupils_of(school)
    with pytest.raises(Invalid) as refused:
        await register(school, pupils["1"], **given)
    assert refused.value.path == (path,)
    assert school.number("pupil_contact") == 0


async def test_nobody_has_authority_over_an_adult(school: School) -> None:
    """From the eighteenth birthday on, authority is refused and a contact is not."""
    pupils = await pupils_of(school)
    with pytest.raises(Invalid):
        await register(school, pupils["3"])
    await register(school, pupils["3"], has_authority=False)
    assert school.number("pupil_contact") == 1


@pytest.mark.parametrize(
    ("born", "of_age"),
    [
        (date(2012, 5, 6), datetime(2030, 5, 5, 22, tzinfo=UTC)),
        (date(2012, 2, 29), datetime(2030, 2, 28, 23, tzinfo=UTC)),
    ],
)
async def test_coming_of_age(born: date, of_age: datetime) -> None:
    """Someone is of age at midnight in the Netherlands; born on 29 February, on 1 March."""
    assert comes_of_age(born) == of_age
    assert comes_of_age(None) is None

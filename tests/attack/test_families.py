"""A guardian, and who can make somebody one: what authority over a child opens."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from domain.database import Login
from domain.pupils.models import PupilContact
from permissions.vocabulary import Actor
from tests.attack.tries import attempt, looked_up, opaque
from tests.conftest import TestDatabase
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio

FOREIGN = 14
"""A pupil of the other board."""


async def test_a_report_does_not_show_a_parent_the_other(world: World, face: Face) -> None:
    """Nothing a guardian can read holds the name, telephone or address of the other parent."""
    answer = await face.data(
        world.actors["guardian"],
        "{ pupils { nodes { contacts { name email } reports { contacts { name email phone } } } }"
        " reports { nodes { contacts { name email phone } } } }",
    )
    assert "Mother Prins" in json.dumps(answer)
    assert "Father Prins" not in json.dumps(answer)
    assert "father@example.org" not in json.dumps(answer)


async def test_the_database_gives_whom_to_call_to_who_calls(world: World) -> None:
    """Without any predicate of the service, contacts of reports reach officer and coordinator."""
    kept = "select id from report where report::text ~ '(Mother|Father) Prins'"
    for name in ("coordinator", "officer", "guardian", "head", "mentor"):
        actor = world.actors[name]
        seen = await attempt(world, actor, "select id from report_contact")
        assert (seen != 0) is (name in {"coordinator", "officer"}), name
        assert await attempt(world, actor, kept) == 0, name
    assert await attempt(world, world.actors["guardian"], "select id from report") != 0


async def test_what_a_report_withholds_is_named(world: World, face: Face) -> None:
    """A guardian and a head are told that a report has a class they do not get; an officer none."""
    for name, withheld in (("guardian", ["report.contact"]), ("head", ["report.contact"]),
                           ("officer", []), ("coordinator", [])):  # fmt: skip
        answer = await face.data(
            world.actors[name], "{ reports { nodes { contacts { name } access { withheld } } } }"
        )
        nodes = answer["reports"]["nodes"]
        assert nodes, name
        assert all(node["access"]["withheld"] == withheld for node in nodes), name
        assert any(node["contacts"] for node in nodes) is not bool(withheld), name


async def test_a_guardian_sees_no_draft(world: World, face: Face) -> None:
    """A report that was only prepared is absent for the family, whichever way it is asked for."""
    registered = await world.act(world.actors["coordinator"], _contacts, pupil_id=world.pupils[2])
    guardian = replace(world.actors["guardian"], id=registered[0])
    answer = await face.data(
        guardian,
        """query ($id: ID!) { report(id: $id) { id } node(id: $id) { id }
            pupils { nodes { reports { id } } } reports { nodes { id } } }""",
        id=opaque("report", world.reports[2]),
    )
    assert answer["pupils"]["nodes"] == [{"reports": []}]
    assert answer["report"] is answer["node"] is None
    assert answer["reports"]["nodes"] == []


async def _contacts(session: Any, _actor: Actor, *, pupil_id: UUID) -> list[UUID]:
    return list(
        await session.scalars(
            select(PupilContact.guardian_id).where(PupilContact.pupil_id == pupil_id)
        )
    )


async def test_nobody_becomes_the_guardian_of_a_pupil_they_do_not_teach(
    world: World, face: Face
) -> None:
    """A guardian is registered by the pupil's own coordinator, for a guardian known to it."""
    register = """mutation ($pupil: ID!, $guardian: ID) {
        registerGuardian(input: {pupilId: $pupil, name: "N", relation: "other",
            guardianId: $guardian}) { __typename } }"""
    theirs = opaque("pupil", world.pupils[FOREIGN])
    for name in ("coordinator", "head", "mentor", "officer", "guardian", "administrator"):
        answer = await face.data(world.actors[name], register, pupil=theirs, guardian=None)
        assert answer["registerGuardian"]["__typename"] == "NotFoundProblem", name
    answer = await face.data(
        world.actors["coordinator"],
        register,
        pupil=opaque("pupil", world.pupils[0]),
        guardian=opaque("guardian", world.strangers["guardian"].id),
    )
    assert answer["registerGuardian"]["__typename"] == "NotFoundProblem"


async def test_authority_opens_what_its_own_board_knows(
    filled: tuple[TestDatabase, World],
) -> None:
    """Who delivers a child's number, and registers a guardian for it, opens no other board's data.

    The first half is what a roster with the number makes; a name or birth date is not compared.
    """
    made, world = filled
    pupil, enrolment, authority, contact = uuid4(), uuid4(), uuid4(), uuid4()
    accomplice = replace(world.actors["guardian"], id=uuid4())
    board, branch = world.organisations["board"], world.branches["99WA00"]
    person = world.young_persons[FOREIGN]
    try:
        await world.act(
            world.actors["school_system"],
            _write,
            Login.IMPORT,
            statements=(
                f"""insert into pupil (id, controller_id, young_person_id, external_id, given_name,
                        family_name, recorded_at)
                    values ('{pupil}', '{board}', '{person}', 'made up', 'A', 'B', now())""",
                f"""insert into enrolment (id, controller_id, branch_id, pupil_id, valid_from,
                        recorded_at)
                    values ('{enrolment}', '{board}', '{branch}', '{pupil}', '2020-08-01',
                        now())""",
            ),
        )
        await world.act(
            world.actors["coordinator"],
            _write,
            statements=(
                f"insert into guardian (id) values ('{accomplice.id}')",
                f"""insert into pupil_contact (id, controller_id, pupil_id, guardian_id, name,
                        relation, recorded_at)
                    values ('{contact}', '{board}', '{pupil}', '{accomplice.id}', 'N', 'other',
                        now())""",
                f"""insert into guardian_authority (id, controller_id, guardian_id,
                        young_person_id, valid_from)
                    values ('{authority}', '{board}', '{accomplice.id}', '{person}',
                        (select (sec.claims()).instant))""",
            ),
        )
        seen = "select id from pupil where controller_id <> :board"
        assert await attempt(world, accomplice, seen, given={"board": board}) == 0
        assert await attempt(world, accomplice, "select id from absence") == 0
    finally:
        for table, key in (
            ("guardian_authority", authority),
            ("pupil_contact", contact),
            ("guardian", accomplice.id),
            ("enrolment", enrolment),
            ("pupil", pupil),
        ):
            await looked_up(made, f"delete from {table} where id = '{key}'")


async def _write(session: Any, _actor: Actor, *, statements: tuple[str, ...]) -> None:
    for statement in statements:
        await session.execute(text(statement))

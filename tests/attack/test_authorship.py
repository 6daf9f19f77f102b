"""Who passes for somebody else, and what a fact that limits somebody tells them beside that."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from domain.database import Login
from domain.reach import Kind, predicate_source
from permissions.vocabulary import Actor, Purpose, Role, Tie
from tests.attack.tries import DENIED, attempt, looked_up, opaque
from tests.conftest import TestDatabase
from tests.filled import undone
from tests.serving import Face
from tests.world import PROTECTED, World

pytestmark = pytest.mark.asyncio

NOW = "(select (sec.claims()).instant)"
WHO = """query ($id: ID!) { whoCanSee(youngPersonId: $id, dataClass: "pupil.identity") {
    asked complete viewers { name role } } }"""
ACCOUNT = f"""insert into own_account (id, controller_id, account_id, young_person_id, valid_from)
    values (gen_random_uuid(), :board, :account, :child, {NOW})"""
PARENT = f"""insert into filiation (id, controller_id, parent_id, young_person_id,
        limited_by_court, valid_from)
    values (gen_random_uuid(), :board, :parent, :child, false, {NOW})"""
CONTACT = f"""insert into pupil_contact (id, controller_id, pupil_id, guardian_id, name, relation,
        recorded_at)
    values (gen_random_uuid(), :board, :pupil, :guardian, 'A', 'father', {NOW})"""
NOTE = f"""insert into note (id, case_id, controller_id, young_person_id, data_class, author_id,
        writer_role, writer_name, sealed, recorded_at)
    values (gen_random_uuid(), :case, :office, :child, 'note.general', :author, :role, :name,
        '\\x00', {NOW})"""
REGISTER = """mutation ($pupil: ID!, $account: ID!) {
    registerOwnAccount(input: {pupilId: $pupil, accountId: $account}) {
        __typename ... on ConflictProblem { message } } }"""


async def test_who_can_see_asks_somebody(world: World, face: Face) -> None:
    """In the world as it is made, a privacy officer is told who of her board could see a pupil."""
    answer = await face.data(
        world.actors["privacy_officer"], WHO, id=opaque("youngperson", world.young_persons[0])
    )
    found = answer["whoCanSee"]
    assert found["complete"]
    assert found["asked"] > 0
    assert {"mentor", "head_of_school"} <= {viewer["role"] for viewer in found["viewers"]}


async def test_nobody_registers_themselves_as_the_pupil(world: World, face: Face) -> None:
    """Staff, guardians and other young persons: the API and the database refuse all alike."""
    coordinator, pupil = world.actors["coordinator"], world.pupils[1]
    given: dict[str, object] = {
        "board": coordinator.organisation, "child": world.young_persons[1],
    }  # fmt: skip
    answers: set[str] = set()
    for name in ("coordinator", "youth_doctor", "guardian", "young_person", "school_system"):
        actor = world.actors[name]
        answer = await face.data(
            coordinator, REGISTER, pupil=opaque("pupil", pupil), account=str(actor.id)
        )
        answers.add(str(answer))
        outcome = await attempt(world, coordinator, ACCOUNT, given=given | {"account": actor.id})
        assert outcome == DENIED, name
    assert len(answers) == 1
    assert "ConflictProblem" in answers.pop()
    fresh = given | {"account": uuid4()}
    assert await attempt(world, coordinator, ACCOUNT, given=fresh) == 1
    assert await attempt(world, coordinator, ACCOUNT, ACCOUNT, given=fresh) == "23505"


async def test_which_accounts_are_taken_is_told_of_no_other_child(world: World) -> None:
    """Asked about a child of another board, or by anybody else, a free account is not free."""
    free = "select 1 where reach.is_free_account(:account, :child)"
    asking = [
        ("coordinator", 1, 1), ("coordinator", 14, 0), ("mentor", 1, 0), ("guardian", 1, 0),
    ]  # fmt: skip
    for name, number, found in asking:
        given: dict[str, object] = {"account": uuid4(), "child": world.young_persons[number]}
        assert await attempt(world, world.actors[name], free, given=given) == found, name


async def test_what_limits_a_parent_says_no_more_than_that(
    filled: tuple[TestDatabase, World],
) -> None:
    """The withheld see no ground, a protected child's parents no board; both that it holds."""
    made, world = filled
    withheld = world.actors["other_guardian"]
    assert await attempt(world, withheld, "select id from withholding") == 1
    [parent] = await looked_up(
        made,
        "select guardian_id from pupil_contact"
        f" where pupil_id = '{world.pupils[PROTECTED]}' limit 1",
    )
    guardian = replace(world.actors["guardian"], id=UUID(parent.strip()))
    assert await attempt(world, guardian, "select id from whereabouts_protection") == 1
    for actor, statement in (
        (withheld, "select ground from withholding"),
        (withheld, "select w from withholding w"),
        (withheld, "select 1 from withholding where ground like 'A%'"),
        (guardian, "select controller_id from whereabouts_protection"),
        (guardian, "select * from whereabouts_protection"),
        (guardian, "select 1 from whereabouts_protection p where p.controller_id is not null"),
    ):  # fmt: skip
        assert await attempt(world, actor, statement) == DENIED, statement


async def test_only_a_contact_of_the_pupil_becomes_its_parent(world: World) -> None:
    """Another board's guardian and nobody at all are refused alike; a contact is registered."""
    coordinator = world.actors["coordinator"]
    given: dict[str, object] = {
        "board": coordinator.organisation, "child": world.young_persons[0],
    }  # fmt: skip
    for parent, outcome in (
        (world.strangers["guardian"].id, DENIED),
        (uuid4(), DENIED),
        (world.actors["other_guardian"].id, 1),
    ):
        assert (
            await attempt(world, coordinator, PARENT, given=given | {"parent": parent}) == outcome
        )


async def test_only_its_own_or_a_new_guardian_becomes_a_contact(world: World) -> None:
    """Another board's guardian, nobody at all and the coordinator herself are refused alike."""
    coordinator, new = world.actors["coordinator"], uuid4()
    given: dict[str, object] = {"board": coordinator.organisation, "pupil": world.pupils[1]}
    made = "insert into guardian (id) values (:guardian)"
    for guardian, before, outcome in (
        (world.strangers["guardian"].id, (), DENIED),
        (uuid4(), (), DENIED),
        (coordinator.id, (made,), DENIED),
        (world.actors["guardian"].id, (), 1),
        (new, (made,), 1),
    ):
        wanted = given | {"guardian": guardian}
        assert await attempt(world, coordinator, *before, CONTACT, given=wanted) == outcome


async def test_a_note_is_written_under_the_writers_own_name(world: World) -> None:
    """A mentor writes as herself under the school's part; as the colleague who takes it, never."""
    mentor = world.actors["mentor"]
    given: dict[str, object] = {
        "case": world.case_id, "office": world.organisations["office"],
        "child": world.young_persons[0], "author": world.participations["support_coordinator"],
    }  # fmt: skip
    own = {"role": "mentor", "name": "Mentor of board"}
    assert await attempt(world, mentor, NOTE, given=given | own) == 1
    for change in ({"name": "Support Coordinator"}, {"role": "support_coordinator"}):
        assert await attempt(world, mentor, NOTE, given=given | own | change) == DENIED


async def test_a_program_reads_no_finer_than_its_people(
    filled: tuple[TestDatabase, World],
) -> None:
    """The ministry's program, with a mandate for the country, gets regions and no school."""
    made, world = filled
    ministry, key = world.organisations["ministry"], uuid4()
    program = Actor(
        id=key, organisation=ministry, role=Role.REPORTING_CLIENT,
        purpose=Purpose.POLICY_STATISTICS, client="tests",
    )  # fmt: skip
    await looked_up(
        made,
        "insert into oauth_client (client_id, actor_id, organisation_id, role, purpose, public_key)"
        f" values ('{key}', '{key}', '{ministry}', '{program.role}', '{program.purpose}', '{{}}');"
        " insert into mandate (id, organisation_id, unit_level, unit_code, valid_from)"
        f" values ('{key}', '{ministry}', 'national', 'NL', '2020-01-01')",
    )
    source = predicate_source(Tie.MANDATE, Kind.UNIT)
    assert source is not None
    tied = source.subquery()
    levels = select(func.split_part(tied.c.object, ":", 1)).distinct()
    reached = "select 1 from reach.units('read', :class) limit 1"
    try:
        async with undone(world, program, Login.AGGREGATE) as session:
            given = {"me_actor": key, "me_organisation": ministry, "me_role": str(program.role),
                     "me_purpose": str(program.purpose), "me_instant": world.moment.instant,
                     "me_today": world.moment.today}  # fmt: skip
            assert set(await session.scalars(levels, given)) == {"region", "national"}
            seen = {
                level
                for level in ("branch", "board", "municipality", "alliance", "region", "national")
                if await session.scalar(text(reached), {"class": f"aggregate.{level}"})
            }
            assert seen == {"region"}
    finally:
        await looked_up(
            made,
            f"delete from mandate where id = '{key}';"
            f" delete from oauth_client where actor_id = '{key}'",
        )

"""The log of a young person, for whom a board they left once registered, and for who only asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from domain.jobs import make_access_log
from tests.attack.logs import log_of
from tests.attack.tries import attempt, looked_up, opaque
from tests.conftest import TestDatabase
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio

FOREIGN = 14
"""A young person of the other board."""


@asynccontextmanager
async def known_to_the_board(made: TestDatabase, world: World) -> AsyncIterator[dict[str, UUID]]:
    """Make the board know a child of the other board: a record, an enrolment, and its family."""
    ids = {name: uuid4() for name in ("pupil", "enrolment", "guardian", "authority", "account")}
    board, person = world.organisations["board"], world.young_persons[FOREIGN]
    await looked_up(
        made,
        f"""insert into pupil (id, controller_id, young_person_id, external_id, given_name,
                family_name, birth_date, recorded_at)
            values ('{ids["pupil"]}', '{board}', '{person}', 'made up', 'A', 'B',
                current_date - 4000, now());
        insert into enrolment (id, controller_id, branch_id, pupil_id, valid_from, recorded_at)
            values ('{ids["enrolment"]}', '{board}', '{world.branches["99WA00"]}',
                '{ids["pupil"]}', '2020-08-01', now());
        insert into guardian (id) values ('{ids["guardian"]}');
        insert into guardian_authority (id, controller_id, guardian_id, young_person_id, valid_from)
            values ('{ids["authority"]}', '{board}', '{ids["guardian"]}', '{person}', '2020-08-01');
        insert into own_account (id, controller_id, account_id, young_person_id, valid_from)
            values ('{uuid4()}', '{board}', '{ids["account"]}', '{person}', '2020-08-01')""",
    )
    try:
        yield ids
    finally:
        await looked_up(
            made,
            f"""delete from own_account where account_id = '{ids["account"]}';
            delete from guardian_authority where id = '{ids["authority"]}';
            delete from guardian where id = '{ids["guardian"]}';
            delete from enrolment where id = '{ids["enrolment"]}';
            delete from pupil where id = '{ids["pupil"]}'""",
        )


async def test_a_board_that_a_child_left_opens_no_log_of_it(
    filled: tuple[TestDatabase, World], face: Face
) -> None:
    """Whom a board registered reads the log while the child is at that board, and no day longer."""
    made, world = filled
    person = world.young_persons[FOREIGN]
    await face.data(world.strangers["mentor"], "{ pupils { nodes { givenName } } }")
    await make_access_log(world.database)
    async with known_to_the_board(made, world) as ids:
        guardian = replace(world.actors["guardian"], id=ids["guardian"])
        self_ = replace(world.actors["young_person"], id=ids["account"])
        lines, left = "select id from access_line", "current_date - 1"
        for actor, age in ((guardian, 4000), (self_, 6500)):
            await looked_up(
                made,
                f"update pupil set birth_date = current_date - {age} where id = '{ids['pupil']}';"
                f"update enrolment set valid_until = null where id = '{ids['enrolment']}'",
            )
            assert await log_of(face, actor, person), actor.role
            assert await attempt(world, actor, lines) != 0, actor.role
            await looked_up(
                made,
                f"update enrolment set valid_until = {left} where id = '{ids['enrolment']}'",
            )
            assert await log_of(face, actor, person) is None, actor.role
            assert await attempt(world, actor, lines) == 0, actor.role
            assert await attempt(world, actor, f"{lines}_organisation".replace(" id ", " 1 ")) == 0


async def test_asking_who_can_see_a_stranger_leaves_nothing_in_their_log(
    filled: tuple[TestDatabase, World], face: Face
) -> None:
    """A privacy officer of elsewhere who asks about any young person writes in no family's log."""
    made, world = filled
    child = world.young_persons[0]
    officer = world.strangers["privacy_officer"]
    listed = (
        f"select 1 from access_line where act = 'viewers_listed' and young_person_id = '{child}'"
    )
    asked = f"select 1 from trace where act = 'viewers_listed' and actor_id = '{officer.id}'"
    before, asked_before = len(await looked_up(made, listed)), len(await looked_up(made, asked))
    await face.data(
        officer,
        """query ($id: ID!) { whoCanSee(youngPersonId: $id, dataClass: "pupil.identity") {
            asked viewers { name } } }""",
        id=opaque("youngperson", child),
    )
    await make_access_log(world.database)
    assert len(await looked_up(made, listed)) == before
    assert len(await looked_up(made, asked)) == asked_before + 1

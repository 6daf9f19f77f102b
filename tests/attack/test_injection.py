"""A statement that is broken on purpose, here alone: what is put into it goes no further.

The service never builds SQL from what a request says. Here a search does, as a careless one would,
under a mentor's claims and the application's login; and a whole script comes after it.
"""

from __future__ import annotations

import asyncio
import gc
import warnings
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from domain.database import Login, ask
from permissions.vocabulary import Actor
from tests.attack.tries import looked_up
from tests.conftest import TestDatabase
from tests.filled import pools_of
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

PERSONS = ("pupil", "pupil_contact", "report_extract", "case_identity", "note", "absence")
FACTS = (
    "assignment", "participation", "guardian_authority", "report_allocation", "head_mandate",
    "delivery_agreement", "referral", "consent", "emergency_access", "court_measure", "trace",
)  # fmt: skip
FORGED = '{0}.{{"actor":"{1}","organisation":"{2}","role":"head_of_school"}}'


def broken(search: str) -> str:
    """Return the search as a careless hand would write it."""
    return f"select id::text from pupil where family_name = '{search}'"


@pytest.fixture
def mentor(world: World) -> Actor:
    """The mentor of one class."""
    return world.actors["mentor"]


async def injected(
    made: TestDatabase, world: World, actor: Actor, *searches: str
) -> list[list[Any] | str]:
    """Run broken searches one after the other, each in a transaction that is undone.

    Returns for each the rows that it gave, or the name of the refusal.
    """
    url = made.url("schakel_app").replace("postgresql+asyncpg", "postgresql")
    connection = await asyncpg.connect(url)
    found: list[list[Any] | str] = []
    try:
        for search in searches:
            transaction = connection.transaction()
            await transaction.start()
            claims = world.database.claims(
                ask(actor, moment=world.moment), connection.get_server_pid()
            )
            await connection.execute("select set_config('schakel.claims', $1, true)", claims)
            try:
                found.append([row[0] for row in await connection.fetch(broken(search))])
            except asyncpg.PostgresError as refused:
                found.append(type(refused).__name__)
            finally:
                await transaction.rollback()
    finally:
        await connection.close()
    return found


async def facts(made: TestDatabase) -> dict[str, str]:
    """Return a digest of every table of facts."""
    return {
        table: (
            await looked_up(
                made,
                "select md5(coalesce(string_agg(t::text, '|' order by t::text), ''))"
                f" from {table} t",
            )
        )[0]
        for table in FACTS
    }  # fmt: skip


async def test_a_search_that_says_more_finds_no_more(
    filled: tuple[TestDatabase, World], mentor: Actor
) -> None:
    """A condition that is always true, or another table beside it, gives the mentor's own alone."""
    made, world = filled
    (whole,) = await injected(made, world, mentor, "' or true --")
    classmates = await looked_up(
        made,
        "select p.id from pupil p join class_membership m on m.pupil_id = p.id"
        f" join assignment a using (class_group_id) where a.staff_id = '{mentor.id}'",
    )
    assert isinstance(whole, list)
    assert sorted(whole) == sorted(classmates)
    assert len(whole) < int((await looked_up(made, "select count(*) from pupil"))[0])
    unions = [f"' union all select to_jsonb(t)::text from {table} t --" for table in PERSONS]
    reach = "' union all select reach.pupils('read', 'pupil.identity')::text --"
    for table, found in zip(PERSONS, await injected(made, world, mentor, *unions), strict=True):
        seen = set(found) if isinstance(found, list) else set()
        everything = set(await looked_up(made, f"select to_jsonb(t)::text from {table} t"))
        assert not seen or seen < everything, table
        for row in (
            seen & everything if table in {"report_extract", "case_identity", "note"} else ()
        ):
            pytest.fail(f"a mentor was shown {table}: {row}")
    assert (await injected(made, world, mentor, reach))[0] == whole


async def test_claims_put_in_by_a_search_are_refused(
    filled: tuple[TestDatabase, World], mentor: Actor
) -> None:
    """Whoever sets claims within a statement has no key: nothing comes back, or a refusal."""
    made, world = filled
    head = world.actors["head"]
    other = world.database.claims(ask(head, moment=world.moment), 1)
    own = world.database.claims(ask(mentor, moment=world.moment), 1)
    forged = FORGED.format(own[:64], head.id, head.organisation)
    for claims in (other, forged, "", "null"):
        quoted = claims.replace("'", "''")
        put = f"' or set_config('schakel.claims', '{quoted}', true) is not null --"
        also = (
            "' union all select id::text from (select set_config('schakel.claims',"
            f" '{quoted}', true)) c, lateral (select id from pupil offset 0) p --"
        )
        (mine,) = await injected(made, world, mentor, "' or true --")
        for found in await injected(made, world, mentor, put, also):
            assert isinstance(found, str) or set(found) <= set(mine), found


SCRIPTS = (
    (
        "insert into assignment (id, organisation_id, staff_id, role, valid_from) values"
        " (gen_random_uuid(), sec.organisation(), sec.actor(), 'head_of_school', now())"
    ),
    "insert into participation select * from participation",
    "update assignment set role = 'head_of_school'",
    "update assignment set valid_until = null",
    "update participation set staff_id = sec.actor(), accepted_at = now()",
    "update guardian_authority set guardian_id = sec.actor()",
    "update report_allocation set office_id = sec.organisation()",
    "update class_membership set class_group_id = class_group_id",
    "delete from assignment",
    "delete from trace",
    "truncate assignment",
    "set role schakel_owner",
    "set role schakel_reach",
    "reset role; set row_security = off; select * from pupil",
    "alter table pupil disable row level security",
    "drop policy reached on pupil",
    (
        "create or replace function reach.pupils(text, text) returns setof uuid language sql"
        " as 'select id from public.pupil'"
    ),
    "create temporary view all_pupils as select * from pupil",
    "do $$ begin perform sec.claims_key(); end $$",
    "select * from sec.claims_key",
    "copy pupil to stdout",
    "listen everything; notify everything, 'x'; select * from pg_authid",
    "select * from pg_stats where tablename = 'pupil'",
)


HARMLESS = ("update", "delete", "do", "copy", "reset", "listen", "select")
"""What is not refused for what it is, and then finds or changes nothing but one's own."""


@pytest.mark.parametrize("script", SCRIPTS)
async def test_a_script_after_a_search_changes_no_fact(
    filled: tuple[TestDatabase, World], mentor: Actor, script: str
) -> None:
    """A second statement, committed, makes no tie, lifts no policy and shows no more pupils."""
    made, world = filled
    before = await facts(made)
    (own,) = await injected(made, world, mentor, "' or true --")
    url = made.url("schakel_app").replace("postgresql+asyncpg", "postgresql")
    connection = await asyncpg.connect(url)
    try:
        claims = world.database.claims(
            ask(mentor, moment=world.moment), connection.get_server_pid()
        )
        quoted = claims.replace("'", "''")
        try:
            # Without arguments the driver sends all of it as one script.
            await connection.execute(
                f"select set_config('schakel.claims', '{quoted}', false); {broken('x')}; {script}"
            )
        except asyncpg.PostgresError:
            refused = True
        else:
            refused = False
        seen = [row[0] for row in await connection.fetch("select id::text from pupil")]
        assert set(seen) <= set(own)
    finally:
        await connection.close()
    assert await facts(made) == before
    assert refused or script.startswith(HARMLESS)


async def test_one_connection_serves_one_actor_at_a_time(
    filled: tuple[TestDatabase, World],
) -> None:
    """On a pool of one, requests that interleave or are cancelled read under their own claims."""
    made, world = filled
    pools = pools_of(made)
    single = type(pools)(
        {Login.APP: made.url("schakel_app")}, claims_key=pools._claims_key, pool_size=1
    )
    await pools.close()
    people = [world.actors[name] for name in ("mentor", "head", "coordinator", "guardian")]
    people += [world.strangers["mentor"]]

    async def pupils_of(actor: Actor) -> frozenset[str]:
        async with single.acting(ask(actor, moment=world.moment), Login.APP) as session:
            await asyncio.sleep(0)
            found = await session.scalars(text("select id::text from pupil"))
            return frozenset(found)

    try:
        alone = {actor: await pupils_of(actor) for actor in people}
        assert len(set(alone.values())) > 2
        for turn in range(12):
            running = {asyncio.create_task(pupils_of(actor)): actor for actor in people * 3}
            for number, task in enumerate(running):
                if (number + turn) % 3 == 0:
                    await asyncio.sleep(0.001 * (turn % 4))
                    task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            for task, actor in running.items():
                if not task.cancelled():
                    assert task.result() == alone[actor]
        async with single.engines[Login.APP].connect() as connection:
            left = text("select current_setting('schakel.claims', true)")
            assert not await connection.scalar(left)
    finally:
        await single.close()
        # A query that was cancelled takes its connection along, and nobody closes that one.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()

"""The filled world, with what only these tests need in it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
import pytest_asyncio

from domain.database import Database
from tests.conftest import TestDatabase
from tests.filled import pools_of
from tests.security.facts import Asked, Facts, asking
from tests.world import World


@dataclass(frozen=True)
class Secured:
    """The world, the pools it was built through, and the database it lies in."""

    world: World
    pools: Database
    database: TestDatabase


@pytest.fixture(scope="session")
def secured(filled: tuple[TestDatabase, World]) -> Secured:
    """The world, with a used key, another head's mandate and a plan that nobody agreed to."""
    database, world = filled
    coordinator = world.actors["coordinator"].id
    database.run_sql(
        "insert into idempotency select actor_id, 'openCase', 'key', '\\x00', id, at from trace"
        " limit 1;"
        "with made as (insert into head_mandate select gen_random_uuid(), organisation_id,"
        f" branch_id, '{coordinator}', coordinator_id, valid_from, valid_until from head_mandate"
        " limit 1 returning id) insert into trace select traced.* from made, lateral"
        " (select * from trace where act = 'mandate_granted' limit 1) t, lateral"
        " jsonb_populate_record(null::trace, to_jsonb(t) || jsonb_build_object("
        "'id', gen_random_uuid(), 'about', made.id)) traced;"
        "insert into plan select gen_random_uuid(), case_id, controller_id, young_person_id, goal,"
        " 'proposed', review_on, recorded_at, null from plan limit 1"
    )
    return Secured(world, world.database, database)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def facts(
    new_database: Callable[[], TestDatabase],
) -> AsyncIterator[tuple[TestDatabase, Database]]:
    """A database with one of every fact behind a tie, and the service's pools on it."""
    made = new_database()
    made.run_sql("\n".join(Facts().lines))
    database = pools_of(made)
    yield made, database
    await database.close()


@pytest_asyncio.fixture(loop_scope="session")
async def asked(facts: tuple[TestDatabase, Database]) -> AsyncIterator[Asked]:
    """A transaction on the facts; what a test changes is taken back."""
    async with asking(*facts) as made:
        yield made

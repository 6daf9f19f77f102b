"""The filled world, with what only these tests need in it."""

from dataclasses import dataclass

import pytest

from domain.database import Database
from tests.conftest import TestDatabase
from tests.world import World


@dataclass(frozen=True)
class Secured:
    """The world, the pools it was built through, and the database it lies in."""

    world: World
    pools: Database
    database: TestDatabase


@pytest.fixture(scope="session")
def secured(filled: tuple[TestDatabase, World]) -> Secured:
    """The world, in which an idempotency key was used and another head gave a mandate too."""
    database, world = filled
    coordinator = world.actors["coordinator"].id
    database.run_sql(
        "insert into idempotency select actor_id, 'openCase', 'key', '\\x00', id, at from trace"
        " limit 1;"
        "insert into head_mandate select gen_random_uuid(), organisation_id, branch_id,"
        f" '{coordinator}', coordinator_id, valid_from, valid_until from head_mandate limit 1"
    )
    return Secured(world, world.database, database)

from __future__ import annotations

import pytest
from sqlalchemy import text

from domain.database import Login
from domain.errors import NotFound
from domain.organisations.directory import Fictional, add_missing
from domain.reference import directory
from domain.reference.directory import DirectoryBranch
from tests.filled import undone
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_whole_directory_is_loaded_once(world: World) -> None:
    """Every real entry comes in beside the fictional ones; a second load adds nothing."""
    operator = world.actors["operator"]
    async with undone(world, operator, Login.JOBS) as session:
        added = await add_missing(session, operator, Fictional(), national=True)
        again = await add_missing(session, operator, Fictional(), national=True)
        branches = await session.scalar(
            text("select count(*) from directory_branch where not fictional")
        )
    assert added == sum(
        len(list(rows()))
        for rows in (
            directory.regions,
            directory.municipalities,
            directory.alliances,
            directory.postcodes,
            directory.branches,
        )
    )
    assert again == 0
    assert branches == 8622


async def test_only_the_operator_loads_the_directory(world: World) -> None:
    """For anybody else the platform is not found."""
    invented = Fictional(
        branches=(
            DirectoryBranch("99WZ00", "99WZ", "N", "PO", "S", "P", "", "9901", board_number=None),
        )
    )
    for actor in (world.actors["administrator"], world.actors["job_accountability"]):
        async with undone(world, actor, Login.JOBS) as session:
            with pytest.raises(NotFound):
                await add_missing(session, actor, invented, national=False)

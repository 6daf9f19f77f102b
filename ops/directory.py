"""Loads the national directory, with the fictional region's entries beside the real ones."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from domain.database import Database, Login, ask
from domain.organisations import directory, queries, services
from ops.demo.region import DIRECTORY
from ops.personas import operator, platform_id

if TYPE_CHECKING:
    from api.settings import Settings
    from ops.progress import Progress


def load(settings: Settings, progress: Progress) -> None:
    """Load what the directory lacks, found the platform first when need be."""
    from api.app import database_of

    async def run() -> None:
        """Load with pools of this loop's own."""
        database = database_of(settings)
        try:
            await load_into(database)
        finally:
            await database.close()

    with progress.step("Loading the national directory"):
        asyncio.run(run())


async def load_into(database: Database) -> int:
    """Found the platform when need be and load the directory; return how many rows were added."""
    actor = operator()
    async with database.acting(ask(actor), Login.JOBS) as session:
        if await queries.organisation(session, platform_id()) is None:
            await services.found_platform(session, actor, name="Schakel", platform_id=platform_id())
    return await directory.load(database, actor, DIRECTORY)

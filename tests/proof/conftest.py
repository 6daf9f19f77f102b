"""One database for the proof, per worker: worlds are written into it and removed again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest_asyncio

from tests.conftest import TestDatabase
from tests.proof.ground import Ground, ground


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def on(new_database: Callable[[], TestDatabase]) -> AsyncIterator[Ground]:
    """A migrated database without rows, and a connection of each login."""
    made = new_database()
    async with ground(made.cluster, made.name) as found:
        yield found

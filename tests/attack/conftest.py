"""The filled world, left as it was found."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.attack.tries import looked_up
from tests.conftest import TestDatabase
from tests.world import World

COMMITTED = ("import_receipt", "assignment", "staff")
"""Where an attack over HTTP leaves rows, each before what it refers to."""


@pytest_asyncio.fixture(loop_scope="session")
async def left_as_found(filled: tuple[TestDatabase, World]) -> AsyncIterator[None]:
    """Take away the receipts, staff and assignments that a test has made."""
    made = filled[0]
    kept = {table: await looked_up(made, f"select id from {table}") for table in COMMITTED}
    yield
    for table, ids in kept.items():
        known = ", ".join(f"'{key}'" for key in ids)
        await looked_up(made, f"delete from {table} where id not in ({known})")

"""The filled world, left as it was found."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.attack.tries import looked_up
from tests.conftest import TestDatabase
from tests.world import World

COMMITTED = {
    "import_progress": "receipt_id", "import_receipt": "id", "assignment": "id", "staff": "id",
}  # fmt: skip
"""Where an attack over HTTP leaves rows, each before what it refers to, and what names a row."""


@pytest_asyncio.fixture(loop_scope="session")
async def left_as_found(filled: tuple[TestDatabase, World]) -> AsyncIterator[None]:
    """Take away the receipts, staff and assignments that a test has made."""
    made = filled[0]
    kept = {
        table: await looked_up(made, f"select {key} from {table}")
        for table, key in COMMITTED.items()
    }
    yield
    for table, ids in kept.items():
        known = ", ".join(f"'{one}'" for one in ids) or "null::uuid"
        named = f"coalesce({COMMITTED[table]} not in ({known}), true)"
        await looked_up(made, f"delete from {table} where {named}")

"""What a release holds, and what it can never do."""

from __future__ import annotations

import pytest

from tests.conftest import TestDatabase
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_x(filled: tuple[TestDatabase, World]) -> None:
    """A."""
    made, world = filled
    for table in ("branch_period", "branch_table", "release", "release_unit", "published"):
        print(table)
        for row in made.run_sql(f"select to_jsonb(t)::text from {table} t"):
            print("   ", row[:400])
    raise AssertionError

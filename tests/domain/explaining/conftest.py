"""A filled world of these tests' own, in which facts are ended and put back."""

from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import pytest_asyncio

from tests.conftest import TestDatabase
from tests.domain.explaining.layers import Explained, built

FACTS = (
    "assignment", "guardian_authority", "own_account", "filiation", "participation", "referral",
    "consent", "report_allocation",
)  # fmt: skip
"""The tables of which these tests change rows."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def explained(new_database: Callable[[], TestDatabase]) -> AsyncIterator[Explained]:
    """The world and its database, for one file of tests."""
    async with built(new_database) as made:
        yield made


@pytest.fixture
def put_back(explained: Explained) -> Iterator[None]:
    """The facts are afterwards as they were, whatever the test does with them."""
    keep = [f"create table kept_{table} as table {table}" for table in FACTS]
    explained.database.run_sql(";".join(keep))
    yield
    restore = [
        f"delete from {table}; insert into {table} select * from kept_{table};"
        f" drop table kept_{table}"
        for table in FACTS
    ]
    explained.database.run_sql(";".join(["set session_replication_role = replica", *restore]))

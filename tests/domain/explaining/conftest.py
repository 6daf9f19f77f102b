"""A filled world of these tests' own: facts are ended in it, and not put back."""

from collections.abc import AsyncIterator, Callable

import pytest_asyncio

from tests.conftest import TestDatabase
from tests.domain.explaining.layers import Explained, built


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def explained(new_database: Callable[[], TestDatabase]) -> AsyncIterator[Explained]:
    """The world and its database, for one file of tests."""
    async with built(new_database) as made:
        yield made

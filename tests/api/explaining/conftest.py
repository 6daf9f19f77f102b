"""The API on a filled world of these tests' own, in which a privacy officer knows the staff."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest_asyncio

from tests.conftest import TestDatabase
from tests.domain.explaining.layers import Explained, built
from tests.serving import Face, served


@dataclass(frozen=True)
class Asked:
    """The API, and the world behind it."""

    face: Face
    explained: Explained


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def asked(new_database: Callable[[], TestDatabase]) -> AsyncIterator[Asked]:
    """The API on the world, for one file of tests."""
    async with built(new_database) as explained, served(explained.database) as face:
        yield Asked(face, explained)

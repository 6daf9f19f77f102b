"""The region as a fixture: one database per worker, with two months and a year published."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest_asyncio

import domain.ties
from domain.aggregates.periods import month, school_year
from tests.conftest import TestDatabase
from tests.filled import pools_of
from tests.publishing.land import Land, build_land, exact_counts
from tests.publishing.writing import Published, release
from tests.serving import Face, served


@dataclass(frozen=True, slots=True)
class Region:
    """The region with what was published of it, and the API on it."""

    made: TestDatabase
    land: Land
    face: Face
    published: dict[str, Published]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def region(new_database: Callable[[], TestDatabase]) -> AsyncIterator[Region]:
    """A region with figures of September and October and of the school year before."""
    made = new_database()
    database = pools_of(made)
    domain.ties.load_all()
    try:
        land = await build_land(database)
        year = land.moment.today.year - 1
        periods = (month(year, 9), month(year, 10), school_year(year - 1))
        published = {
            period.name: await release(made, land, period, exact_counts(seed))
            for seed, period in enumerate(periods, start=1)
        }
        async with served(made) as face:
            yield Region(made, land, face, published)
    finally:
        await database.close()

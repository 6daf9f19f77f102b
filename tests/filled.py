"""The filled world as a fixture: one database per worker; a test undoes what it does there."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncSession

import domain.ties
from domain.database import Database, Login, ask
from domain.notes import sealing
from domain.pupils import vault
from permissions.vocabulary import Actor
from tests.conftest import TestDatabase
from tests.serving import Face, served
from tests.world import World, build_world


class _Undone(Exception):  # noqa: N818 - it says what happens, and nothing is wrong
    """Leaves a transaction without a commit."""


def pools_of(made: TestDatabase) -> Database:
    """Return the service's pools on a database of the tests, and give the domain its keys."""
    environment = made.environment()
    keys = {
        name: base64.b64decode(environment[f"SCHAKEL_{name}_KEY"])
        for name in ("CLAIMS", "VAULT", "SEALING")
    }
    vault.configure(keys["VAULT"])
    sealing.configure(keys["SEALING"])
    urls = {login: made.url(f"schakel_{login}") for login in Login}
    return Database(urls, claims_key=keys["CLAIMS"], pool_size=4)


@asynccontextmanager
async def undone(
    world: World, actor: Actor, login: Login = Login.APP
) -> AsyncIterator[AsyncSession]:
    """Open a transaction of an actor's, at the moment of the world, that is rolled back."""
    try:
        async with world.database.acting(ask(actor, moment=world.moment), login) as session:
            yield session
            raise _Undone  # noqa: TRY301 - leaving is what undoes
    except _Undone:
        return


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def filled(
    new_database: Callable[[], TestDatabase],
) -> AsyncIterator[tuple[TestDatabase, World]]:
    """A database with the filled world, and the world."""
    made = new_database()
    database = pools_of(made)
    domain.ties.load_all()
    try:
        yield made, await build_world(database)
    finally:
        await database.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(filled: tuple[TestDatabase, World]) -> World:
    """The filled world."""
    return filled[1]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def face(filled: tuple[TestDatabase, World]) -> AsyncIterator[Face]:
    """The API on the filled world."""
    async with served(filled[0]) as found:
        yield found

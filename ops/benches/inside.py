"""The steps inside the database, from the bare statement to what the service does."""

from __future__ import annotations

import base64
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, cast

import asyncpg as untyped_driver  # pyright: ignore[reportMissingTypeStubs]

from domain.database import APP_SETTINGS, Database, Login
from domain.database import ask as asking
from domain.reading import Reader
from ops.benches.filled import Filled
from ops.benches.measure import Ask, Step
from ops.benches.reads import Read, Target
from ops.benches.statements import Statement, bare, traced, untraced
from ops.environment import SUPERUSER
from permissions.budgets import budget

BARE, MASKS, RLS, TRACE, DURABLE, SERVICE = (
    "bare statement",
    "+ ties and masks",
    "+ row-level security",
    "+ trace",
    "+ durable commit",
    "as the service asks",
)
APP = "schakel_app"
driver: Any = untyped_driver


def steps(database: Filled, read: Read) -> list[Step]:
    """Return the steps of a read, each with the one before it and something more."""
    raw = partial(_raw, database)
    return [
        Step(BARE, lambda: raw(SUPERUSER, bare(read), read)),
        Step(MASKS, lambda: raw(SUPERUSER, untraced(read), read)),
        Step(RLS, lambda: raw(APP, untraced(read), read)),
        Step(TRACE, lambda: raw(APP, traced(read), read, synchronous_commit="off")),
        Step(DURABLE, lambda: raw(APP, traced(read), read)),
        Step(SERVICE, lambda: _service(database, read)),
    ]


async def connect(url: str, **settings: str) -> Any:  # noqa: ANN401 - the driver has no types
    """Connect without any layer above the driver, with the settings of the service's pools."""
    plain_url = url.replace("+asyncpg", "")
    return await driver.connect(plain_url, server_settings={**APP_SETTINGS, **settings})


def claims_key(database: Filled) -> bytes:
    """Return the key that claims are signed with."""
    return base64.b64decode(database.cluster.secrets["CLAIMS_KEY"])


def signer(database: Filled) -> Database:
    """Return the service's own way to make claims; it connects to nothing."""
    return Database({}, claims_key(database))


def values_of(signing: Database, read: Read, target: Target, backend: int) -> dict[str, Any]:
    """Return everything that any step's statement refers to, for one request."""
    request = asking(target.actor)
    return {
        **read.values(target),
        **request.parameters,
        "claims": signing.claims(request, backend),
        "request_id": request.request_id,
        "budget": budget(target.actor.role, target.actor.purpose),
    }


def asks(
    connection: Any,  # noqa: ANN401 - the driver has no types
    statement: Statement,
    read: Read,
    signing: Database,
) -> Ask:
    """Return what runs a statement once: one round trip, a transaction of its own."""
    backend = cast("int", connection.get_server_pid())

    async def ask(target: Target) -> str | None:
        """Ask once."""
        values = values_of(signing, read, target, backend)
        return cast(
            "str | None",
            await connection.fetchval(statement.sql, *statement.arguments(values)),
        )

    return ask


@asynccontextmanager
async def _raw(
    database: Filled, role: str, statement: Statement, read: Read, **settings: str
) -> AsyncGenerator[Ask]:
    connection = await connect(database.url(role), **settings)
    try:
        yield asks(connection, statement, read, signer(database))
    finally:
        await connection.close()


@asynccontextmanager
async def _service(database: Filled, read: Read) -> AsyncGenerator[Ask]:
    """Ask as a request does, with the service's own pool and reader."""
    url = database.url(APP)
    service = Database({Login.APP: url}, claims_key(database), pool_size=1)
    cursor_key = base64.b64decode(database.cluster.secrets["CURSOR_KEY"])

    async def ask(target: Target) -> object:
        """Ask once, in a transaction of its own."""
        reader = Reader(service, cursor_key, asking(target.actor))
        async with service.reading(Login.APP) as connection:
            return await reader.read(connection, read.root, read.asked(target))

    try:
        yield ask
    finally:
        await service.close()

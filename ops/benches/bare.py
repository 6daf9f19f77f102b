"""The least that could answer over HTTP: one route, one statement, its text as the answer."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import domain.ties
from api.settings import load
from domain.database import APP_SETTINGS, Database
from ops.benches.inside import driver, values_of
from ops.benches.measure import CONNECTIONS
from ops.benches.reads import PURPOSE, READS, ROLE, Target
from ops.benches.statements import Statement, bare, traced
from permissions.vocabulary import Actor

domain.ties.load_all()

_READS = {read.name: read for read in READS}
SUPERUSER_URL = "BENCH_SUPERUSER_URL"


def create_bare() -> Starlette:
    """Return the application that runs the bare statement, as somebody who may see everything."""
    return _app(os.environ[SUPERUSER_URL], {name: bare(read) for name, read in _READS.items()})


def create_traced() -> Starlette:
    """Return the application that runs the service's own statement and adds nothing to it."""
    url = load().databases.app.get_secret_value()
    return _app(url, {name: traced(read) for name, read in _READS.items()})


def _app(url: str, statements: dict[str, Statement]) -> Starlette:
    signing = Database({}, load().claims_key.get_secret_value())
    pool: Any = None

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        """Keep as many connections as there are clients."""
        nonlocal pool
        pool = await driver.create_pool(
            url.replace("+asyncpg", ""),
            min_size=CONNECTIONS,
            max_size=CONNECTIONS,
            server_settings=dict(APP_SETTINGS),
        )
        yield
        await pool.close()

    async def answer(request: Request) -> Response:
        """Run the statement of the read that is named."""
        named: dict[str, str] = orjson.loads(await request.body())["extensions"]
        read, target = _READS[named["read"]], _target(named)
        async with pool.acquire() as connection:
            values = values_of(signing, read, target, connection.get_server_pid())
            statement = statements[read.name]
            text = await connection.fetchval(statement.sql, *statement.arguments(values))
        return Response(text, media_type="application/json")

    routes = [Route("/graphql", answer, methods=["POST"])]
    return Starlette(routes=routes, lifespan=lifespan)


def _target(named: dict[str, str]) -> Target:
    actor = Actor(
        id=UUID(named["actor"]),
        organisation=UUID(named["organisation"]),
        role=ROLE,
        purpose=PURPOSE,
        client="bench",
    )
    return Target(actor, UUID(named["branch"]), UUID(named["pupil"]))

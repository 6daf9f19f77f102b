"""A database that worlds lie in, and the connections by which they are written and asked."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import asyncpg

from domain.database import Login
from ops.cluster import Cluster
from ops.environment import SUPERUSER, development
from tests.proof.database import Asking

SETTINGS = {"jit": "off", "timezone": "UTC", "plan_cache_mode": "force_generic_plan"}


@dataclass(frozen=True)
class Ground:
    """A database with its superuser and the logins that actors ask by."""

    superuser: asyncpg.Connection
    asking: Asking


def claims_key(cluster: Cluster) -> bytes:
    """Return the key that claims are signed with on a server."""
    variables = development(cluster.folder, cluster.urls("unused"), 8000)
    return base64.b64decode(variables["SCHAKEL_CLAIMS_KEY"])


async def connected(url: str) -> asyncpg.Connection:
    """Connect, keeping every prepared statement."""
    return await asyncpg.connect(
        url.replace("postgresql+asyncpg", "postgresql"),
        statement_cache_size=5_000,
        max_cached_statement_lifetime=0,
        max_cacheable_statement_size=0,
        server_settings=SETTINGS,
    )


@asynccontextmanager
async def ground(cluster: Cluster, database: str) -> AsyncIterator[Ground]:
    """Open the connections of a database, and close them after."""
    async with AsyncExitStack() as stack:

        async def opened(role: str) -> asyncpg.Connection:
            connection = await connected(cluster.url(role, database))
            stack.push_async_callback(connection.close)
            return connection

        superuser = await opened(SUPERUSER)
        logins = {login: await opened(f"schakel_{login}") for login in Login}
        yield Ground(superuser, Asking(logins, claims_key(cluster)))

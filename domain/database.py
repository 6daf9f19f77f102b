"""Logging in: one pool per login role, one transaction per request, claims that cannot be forged.

The login roles are described in `migrations/roles.sql`; the claims in
`migrations/sql/0001_foundation/01_claims.sql`.
"""

import hashlib
import hmac
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from domain import clock
from domain.clock import Moment
from permissions.decide import only_aggregates
from permissions.vocabulary import Actor, Role

CLAIMS_LIFETIME = timedelta(seconds=60)
SHA256_BLOCK = 64


class Login(StrEnum):
    """The login roles of the service; each has rights of its own and owns nothing."""

    APP = "app"
    AGGREGATE = "aggregate"
    IMPORT = "import"
    JOBS = "jobs"


SETTINGS: Mapping[str, str] = {
    "timezone": "UTC",
    "jit": "off",
    "idle_in_transaction_session_timeout": "60s",
}
"""What each connection is set to. Nothing that was forgotten holds a transaction open."""

IMPORT_SETTINGS: Mapping[str, str] = {**SETTINGS, "idle_in_transaction_session_timeout": "0"}
"""Of deliveries: a long file is read again, in the transaction, to tell what is wrong with it."""

APP_SETTINGS: Mapping[str, str] = {**SETTINGS, "plan_cache_mode": "force_generic_plan"}
"""Of readers besides: a statement of a shape is planned once, for whoever asks. To plan it for each
asker takes longer than it can win, for every key is looked up by an index."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: who asks, at which instant, under which request id (the trace id)."""

    actor: Actor
    moment: Moment
    request_id: str

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the values that every compiled predicate refers to by name."""
        return {
            "me_actor": self.actor.id,
            "me_organisation": self.actor.organisation,
            "me_role": str(self.actor.role),
            "me_purpose": str(self.actor.purpose),
            "me_instant": self.moment.instant,
            "me_today": self.moment.today,
        }


def ask(actor: Actor, *, moment: Moment | None = None, request_id: str | None = None) -> Ask:
    """Return a request of the actor, now unless a moment is given."""
    return Ask(actor=actor, moment=moment or clock.now(), request_id=request_id or uuid4().hex)


def login_for(actor: Actor) -> Login:
    """Return the login role that serves the actor's reads and acts over GraphQL."""
    if only_aggregates(actor.role, actor.purpose):
        return Login.AGGREGATE
    if actor.role in (Role.PLATFORM_JOB, Role.PLATFORM_OPERATOR, Role.ABSENCE_REGISTER):
        return Login.JOBS
    return Login.APP


def pads(key: bytes) -> tuple[bytes, bytes]:
    """Return the inner and outer pad of HMAC-SHA-256 for a key (RFC 2104), 64 bytes each."""
    block = (key if len(key) <= SHA256_BLOCK else hashlib.sha256(key).digest()).ljust(
        SHA256_BLOCK, b"\0"
    )
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


class Database:
    """The pools of the service, and the one way to begin a transaction."""

    def __init__(self, urls: Mapping[Login, str], claims_key: bytes, *, pool_size: int = 8) -> None:
        """Make the pools; nothing connects before the first transaction."""
        self._claims_key = claims_key
        self.engines: dict[Login, AsyncEngine] = {
            login: _engine(login, url, pool_size) for login, url in urls.items()
        }
        self._aside: dict[Login, AsyncEngine] = {
            login: _engine(login, url, 1) for login, url in urls.items() if login is Login.IMPORT
        }

    async def close(self) -> None:
        """Close every pool."""
        for engine in (*self.engines.values(), *self._aside.values()):
            await engine.dispose()

    def claims(self, request: Ask, backend: int) -> str:
        """Return the claims of a request for one backend: digest, a full stop, JSON."""
        actor = request.actor
        body = orjson.dumps(
            {
                # As text: the driver's own UUIDs are a subclass that orjson does not write.
                "actor": str(actor.id),
                "organisation": actor.organisation and str(actor.organisation),
                "role": actor.role,
                "purpose": actor.purpose,
                "instant": request.moment.instant,
                "today": request.moment.today,
                "backend": backend,
                "expires": (datetime.now(UTC) + CLAIMS_LIFETIME).timestamp(),
            },
            default=str,  # the driver has a UUID class of its own
        )
        digest = hmac.new(self._claims_key, body, hashlib.sha256).hexdigest()
        return f"{digest}.{body.decode()}"

    @asynccontextmanager
    async def reading(self, login: Login) -> AsyncGenerator[AsyncConnection]:
        """Open one transaction for reads whose statements carry their own claims."""
        async with self.engines[login].begin() as connection:
            yield connection

    @asynccontextmanager
    async def plain(self, login: Login) -> AsyncGenerator[AsyncConnection]:
        """Open one `READ COMMITTED` transaction without claims, for what is about no person."""
        async with self.engines[login].connect() as connection:
            await connection.execution_options(isolation_level="READ COMMITTED")
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def acting(
        self, request: Ask, login: Login, *, aside: bool = False
    ) -> AsyncGenerator[AsyncSession]:
        """Open one transaction for an act; it is committed at the end, or nothing is.

        The session's `info["ask"]` is the request; `renew` renews its claims. An act sees what is
        committed by then: it is one `READ COMMITTED` transaction whose rows are locked where it
        decides on them. With `aside` it is a short one beside those of the pool, which may all be
        long at work: the import role has one connection for that.
        """
        engines = self._aside if aside else self.engines
        async with engines[login].connect() as connection:
            await connection.execution_options(isolation_level="READ COMMITTED")
            async with connection.begin():
                await self.claim(connection, request)
                session = AsyncSession(bind=connection, expire_on_commit=False)
                session.info["ask"] = request
                session.info["renew"] = partial(self.claim, connection, request)
                yield session
                await session.flush()

    async def claim(self, connection: AsyncConnection, request: Ask) -> None:
        """Set the claims of the request for the rest of the transaction."""
        await connection.execute(
            text("select set_config('schakel.claims', :claims, true)"),
            {"claims": self.claims(request, await backend_of(connection))},
        )


def _engine(login: Login, url: str, size: int) -> AsyncEngine:
    settings = {Login.APP: APP_SETTINGS, Login.IMPORT: IMPORT_SETTINGS}.get(login, SETTINGS)
    return create_async_engine(
        url,
        pool_size=size,
        max_overflow=0,
        isolation_level="REPEATABLE READ",
        connect_args={"server_settings": dict(settings)},
    )


async def backend_of(connection: AsyncConnection) -> int:
    """Return the process id of the backend; the driver knows it without a round trip."""
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    if driver is None:
        message = "the connection was closed"
        raise RuntimeError(message)
    return int(driver.get_server_pid())


def ask_of(session: AsyncSession) -> Ask:
    """Return the request that a session acts for."""
    request: Ask = session.info["ask"]
    return request


async def renew(session: AsyncSession) -> None:
    """Renew the claims of an act that takes longer than they live, such as a job of a nation."""
    await session.info["renew"]()

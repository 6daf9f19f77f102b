"""Claims on a real database: believed when whole, and worth nothing in any other form."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.database import Database, Login, backend_of
from permissions.vocabulary import Actor
from tests.architecture import catalog
from tests.architecture.catalog import rows_of
from tests.conftest import TestDatabase
from tests.domain.cases.world import Chain

REFUSED = "42501"
FACTS = {
    "public.organisation", "public.school_branch", "public.office_municipality", "public.mandate",
    "public.oauth_client",
}  # fmt: skip
"""Facts that ties or tokens are made of, although they are not about persons."""


def signed(key: bytes, body: dict[str, Any] | str) -> str:
    """Return claims as the database believes them, made here and not by the service."""
    plain = body if isinstance(body, str) else json.dumps(body)
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest() + "." + plain


async def body_of(chain: Chain, connection: AsyncConnection, actor: Actor) -> dict[str, Any]:
    """Return the body of good claims for an actor on a connection."""
    moment = chain.moment()
    return {
        "actor": str(actor.id),
        "organisation": str(actor.organisation),
        "role": actor.role,
        "purpose": actor.purpose,
        "instant": moment.instant.isoformat(),
        "today": moment.today.isoformat(),
        "backend": await backend_of(connection),
        "expires": time.time() + 60,
    }


def key_of(chain: Chain) -> bytes:
    """Return the key under which the tests' server believes claims."""
    return base64.b64decode(chain.test_database.environment()["SCHAKEL_CLAIMS_KEY"])


async def pupils_with(connection: AsyncConnection, claims: str | None) -> int:
    """Return how many pupils row-level security alone gives under claims."""
    if claims is not None:
        await connection.execute(
            text("select set_config('schakel.claims', :claims, true)"), {"claims": claims}
        )
    return (await connection.execute(text("select count(*) from pupil"))).scalar_one()


def state_of(error: DBAPIError) -> str | None:
    """Return PostgreSQL's code of an error."""
    return getattr(error.orig, "sqlstate", None)


@pytest.mark.asyncio
async def test_good_claims_reach_exactly_their_rows(chain: Chain) -> None:
    """The coordinator's claims give the one pupil of her school out of a board's pupils."""
    async with chain.database.reading(Login.APP) as connection:
        body = await body_of(chain, connection, chain.coordinator)
        assert await pupils_with(connection, signed(key_of(chain), body)) == 1
    async with chain.database.reading(Login.APP) as connection:
        body = await body_of(chain, connection, chain.neighbour)
        assert await pupils_with(connection, signed(key_of(chain), body)) == 0


@pytest.mark.asyncio
async def test_the_service_signs_as_the_database_believes(chain: Chain) -> None:
    """The claims that the service makes are believed, by the same rows."""
    async with chain.database.reading(Login.APP) as connection:
        backend = await backend_of(connection)
        claims = chain.database.claims(chain.request(chain.coordinator), backend)
        assert await pupils_with(connection, claims) == 1


@pytest.mark.asyncio
async def test_no_claims_is_no_rows(chain: Chain) -> None:
    """Without claims no login sees a row of any guarded table: zero rows, no error."""
    for login in Login:
        for name in sorted(readable(chain.test_database, login)):
            async with chain.database.reading(login) as connection:
                count = await connection.execute(text(f"select count(*) from {name}"))
                assert count.scalar_one() == 0, (login, name)


def readable(database: TestDatabase, login: Login) -> set[str]:
    """Return the guarded tables that a login may select every column of."""
    enabled = {table["name"] for table in rows_of(database, catalog.TABLES) if table["enabled"]}
    enabled -= catalog.READ_BY_ALL
    return {
        privilege["name"]
        for privilege in rows_of(database, catalog.PRIVILEGES)
        if privilege["login"] == f"schakel_{login}" and privilege["command"] == "SELECT"
    } & enabled


SPOILED = {
    "a digest of zeros": lambda key, body: "0" * 64 + signed(key, body)[64:],
    "a digest under another key": lambda _key, body: signed(b"x" * 32, body),
    "a body with another role": lambda key, body: signed(key, body).replace(
        body["role"], "head_of_school"
    ),
    "a body with another actor": lambda key, body: signed(key, body).replace(
        body["actor"], "00000000-0000-4000-8000-000000000000"
    ),
    "one character more": lambda key, body: signed(key, body) + " ",
    "the digest alone": lambda key, body: signed(key, body)[:64],
    "a single letter": lambda _key, _body: "x",
    "no digest": lambda key, body: signed(key, body)[64:],
    "another backend": lambda key, body: signed(key, {**body, "backend": body["backend"] + 1}),
    "expired": lambda key, body: signed(key, {**body, "expires": time.time() - 1}),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("spoiled", SPOILED)
async def test_spoiled_claims_are_refused(chain: Chain, spoiled: str) -> None:
    """Forged, altered, another backend's and expired claims are an error and never rows."""
    async with chain.database.engines[Login.APP].connect() as connection:
        body = await body_of(chain, connection, chain.coordinator)
        claims = SPOILED[spoiled](key_of(chain), body)
        with pytest.raises(DBAPIError, match="claims refused") as refused:
            await pupils_with(connection, claims)
    assert state_of(refused.value) == REFUSED


@pytest.mark.asyncio
@pytest.mark.parametrize("missing", ["backend", "expires"])
async def test_claims_without_a_binding_are_refused(chain: Chain, missing: str) -> None:
    """Claims that name no backend, or never expire, are refused even under a good digest."""
    async with chain.database.engines[Login.APP].connect() as connection:
        body = await body_of(chain, connection, chain.coordinator)
        del body[missing]
        with pytest.raises(DBAPIError, match="claims refused"):
            await pupils_with(connection, signed(key_of(chain), body))


@pytest.mark.asyncio
async def test_claims_of_one_connection_are_worth_nothing_on_another(chain: Chain) -> None:
    """What was overheard on one connection cannot be played on the next."""
    async with (
        chain.database.reading(Login.APP) as first,
        chain.database.reading(Login.APP) as second,
    ):
        body = await body_of(chain, first, chain.coordinator)
        claims = signed(key_of(chain), body)
        assert await pupils_with(first, claims) == 1
        with pytest.raises(DBAPIError, match="claims refused"):
            await pupils_with(second, claims)
        await second.rollback()


@pytest.mark.asyncio
@pytest.mark.parametrize("end", ["commit", "rollback"])
async def test_claims_end_with_their_transaction(chain: Chain, end: str) -> None:
    """After the transaction the setting is empty, and the next one there sees nothing."""
    async with chain.database.engines[Login.APP].connect() as connection:
        body = await body_of(chain, connection, chain.coordinator)
        assert await pupils_with(connection, signed(key_of(chain), body)) == 1
        await getattr(connection, end)()
        setting = text("select current_setting('schakel.claims', true)")
        assert (await connection.execute(setting)).scalar_one() in {None, ""}
        assert await pupils_with(connection, None) == 0


@pytest.mark.asyncio
async def test_the_key_of_the_claims_cannot_be_read_or_reached(chain: Chain) -> None:
    """No login reads the key, becomes the owner, or becomes the role that may."""
    for login in Login:
        for forbidden in (
            "select * from sec.claims_key",
            "set role schakel_owner",
            "set role schakel_reach",
            "set role schakel_migrate",
        ):
            with pytest.raises(DBAPIError) as refused:
                async with chain.database.reading(login) as connection:
                    await connection.execute(text(forbidden))
            assert state_of(refused.value) == REFUSED, (login, forbidden)


def writable(database: TestDatabase) -> list[tuple[str, str, list[str]]]:
    """Return each login and table it may insert into, with the columns it may give."""
    query = (
        "select l.rolname as login, n.nspname || '.' || c.relname as name,"
        " array(select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum > 0"
        " and not a.attisdropped and a.attgenerated = ''"
        " and has_column_privilege(l.rolname, c.oid, a.attname, 'INSERT')) as columns"
        f" from pg_class c join pg_namespace n on n.oid = c.relnamespace, ({catalog.LOGINS}) l"
        f" where n.nspname in {catalog.SCHEMAS} and c.relkind = 'r'"
        " and has_any_column_privilege(l.rolname, c.oid, 'INSERT')"
    )
    return [(row["login"], row["name"], row["columns"]) for row in rows_of(database, query)]


@pytest.mark.asyncio
async def test_without_claims_no_fact_can_be_written(
    pools: tuple[TestDatabase, Database],
) -> None:
    """Injected SQL writes itself no tie: every guarded table and every fact refuses the row.

    Row-level security judges a row before its constraints do, so nulls will do for values.
    """
    test_database, database = pools
    enabled = {t["name"] for t in rows_of(test_database, catalog.TABLES) if t["enabled"]}
    unguarded: list[tuple[str, str]] = []
    for role, name, columns in writable(test_database):
        if name not in enabled | FACTS:
            continue
        nulls = ", ".join(["null"] * len(columns))
        given = f"insert into {name} ({', '.join(columns)}) values ({nulls})"
        with pytest.raises(DBAPIError) as refused:
            async with database.reading(Login(role.removeprefix("schakel_"))) as connection:
                await connection.execute(text(given))
        if state_of(refused.value) != REFUSED:
            unguarded.append((role, name))
    assert unguarded == []

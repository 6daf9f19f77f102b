"""Trying a statement as a persona: what came of it, and nothing of it stays."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.database import Login
from permissions.vocabulary import Actor
from tests.conftest import TestDatabase
from tests.filled import undone
from tests.world import World

DENIED = "42501"
FOREIGN_KEY = "23503"
CHECKED = "23514"


async def attempt(
    world: World,
    actor: Actor,
    *statements: str,
    login: Login = Login.APP,
    given: Mapping[str, object] | None = None,
) -> str | int:
    """Run statements with a persona's own claims in one transaction that is rolled back.

    `given` holds the values of the names in them.

    Returns:
        How many rows the last one changed or showed, or the SQLSTATE with which one was refused.
    """
    try:
        async with undone(world, actor, login) as session:
            connection = await session.connection()
            count = 0
            for statement in statements:
                clause = text(statement)
                values = given or {}
                found = await connection.execute(
                    clause, {name: values[name] for name in clause.compile().params}
                )
                count = len(found.all()) if found.returns_rows else found.rowcount
            return count
    except DBAPIError as error:
        return str(getattr(error.orig, "sqlstate", "?"))


def nothing_came(outcome: str | int) -> bool:
    """Return whether an attempt was refused, or changed and showed no row at all."""
    return outcome in (0, DENIED, FOREIGN_KEY, CHECKED)


async def looked_up(made: TestDatabase, sql: str) -> list[str]:
    """Run SQL as the superuser without holding up the loop."""
    return await asyncio.to_thread(made.run_sql, sql)


def opaque(kind: str, key: UUID | None = None) -> str:
    """Return the id of a thing as the API writes it; of nothing at all when no key is given."""
    return f"{kind}_{(key or uuid4()).hex}"

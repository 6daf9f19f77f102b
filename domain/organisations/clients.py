"""System clients: their public keys, and the assertions that were used."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.database import Database, Login
from domain.organisations.models import OAuthClient, OAuthReplay


@dataclass(frozen=True, slots=True)
class Client:
    """A system that may ask for tokens: one actor, one role, one purpose, one organisation."""

    client_id: str
    actor_id: UUID
    organisation: UUID
    role: str
    purpose: str
    public_key: dict[str, Any]


async def find_client(database: Database, client_id: str) -> Client | None:
    """Return the client of that id, or None."""
    async with database.plain(Login.APP) as connection:
        row = (
            await connection.execute(
                select(OAuthClient.__table__).where(OAuthClient.client_id == client_id)
            )
        ).one_or_none()
    return None if row is None else Client(*row)


async def remember_assertion(
    database: Database, client_id: str, jti: str, expires_at: datetime
) -> bool:
    """Remember an assertion until it expires; False if it was there already.

    The unique key decides: of two at the same time one gets False.
    """
    async with database.plain(Login.APP) as connection:
        await connection.execute(delete(OAuthReplay).where(OAuthReplay.expires_at < func.now()))
        kept = await connection.execute(
            insert(OAuthReplay)
            .values(client_id=client_id, jti=jti, expires_at=expires_at)
            .on_conflict_do_nothing()
        )
    return kept.rowcount == 1

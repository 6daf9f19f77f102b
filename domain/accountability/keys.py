"""Idempotency keys: an act that is sent twice happens once."""

from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.accountability.models import Idempotency
from domain.database import ask_of
from domain.errors import Conflict, Invalid
from permissions.vocabulary import Actor

LONGEST_KEY = 100


async def done_before(
    session: AsyncSession, actor: Actor, *, operation: str, key: str, digest: bytes
) -> UUID | None:
    """Return what an earlier act under the same key made, or None.

    Raises:
        Invalid: the key is empty or too long.
        Conflict: the key was used for another input.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        message = f"An idempotency key has 1 to {LONGEST_KEY} characters."
        raise Invalid(message, path=("idempotencyKey",))
    found = await session.scalar(
        select(Idempotency).where(
            Idempotency.actor_id == actor.id,
            Idempotency.operation == operation,
            Idempotency.key == key,
        )
    )
    if found is None:
        return None
    if found.digest != digest:
        message = "This key was used for another input. Use a new key."
        raise Conflict(message, path=("idempotencyKey",))
    return found.object_id


async def remember(
    session: AsyncSession, actor: Actor, *, operation: str, key: str, digest: bytes, made: UUID
) -> None:
    """Keep what an act made under its key, in the act's own transaction."""
    await session.flush()
    await session.execute(
        insert(Idempotency).values(
            actor_id=actor.id,
            operation=operation,
            key=key,
            digest=digest,
            object_id=made,
            recorded_at=ask_of(session).moment.instant,
        )
    )

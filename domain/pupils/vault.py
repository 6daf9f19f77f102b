"""The national number (PGN), which is never stored: only a keyed index of it; and other keys.

The index is HMAC-SHA-256 under the vault's key over a label and the number, its first 16 bytes.
Whoever holds the table but not the key can neither read nor try out numbers.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    LargeBinary,
    Uuid,
    bindparam,
    column,
    func,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

INDEX_BYTES = 16
_SHORTEST_KEY = 32
_LABEL = b"schakel national number 1\0"
_FIGURES = b"schakel figures 1\0"
_key: list[bytes] = []


def configure(key: bytes) -> None:
    """Set the vault's key, of at least 32 bytes; the composition root does this once.

    Raises:
        ValueError: the key is too short.
    """
    if len(key) < _SHORTEST_KEY:
        raise ValueError(f"the key of the vault has {len(key)} bytes; give at least 32")
    _key[:] = [key]


def index_of(number: str) -> bytes:
    """Return the keyed index of a national number.

    Raises:
        RuntimeError: `configure` was not called.
    """
    if not _key:
        raise RuntimeError("the vault has no key; call configure where the service is composed")
    return hmac.new(_key[0], _LABEL + number.encode(), hashlib.sha256).digest()[:INDEX_BYTES]


def key_of_figures(school_year: int) -> bytes:
    """Return the key by which figures of a school year are rounded, of 32 bytes.

    It is derived from the vault's key whenever it is needed, and kept nowhere.

    Raises:
        RuntimeError: `configure` was not called.
    """
    if not _key:
        raise RuntimeError("the vault has no key; call configure where the service is composed")
    return hmac.new(_key[0], _FIGURES + str(school_year).encode(), hashlib.sha256).digest()


async def find(session: AsyncSession, wanted: Mapping[bytes, date]) -> dict[bytes, UUID]:
    """Return the young person of each index, given with a birth date, that any board delivered.

    A young person of whom a record has another birth date, or none has one, is not found: a
    number alone, which may be mistyped or made up, leads to nobody.
    """
    if not wanted:
        return {}
    indexes = bindparam("indexes", list(wanted), type_=ARRAY(LargeBinary))
    dates = bindparam("dates", list(wanted.values()), type_=ARRAY(Date))
    asked = func.unnest(indexes, dates).table_valued(
        column("number_index", LargeBinary), column("born", Date), name="asked"
    )
    given = asked.render_derived()
    return await _answers(
        session, given.c.number_index, func.vault.find(given.c.number_index, given.c.born)
    )


async def held(
    session: AsyncSession, controller_id: UUID, indexes: Sequence[bytes]
) -> dict[bytes, UUID]:
    """Return the young person of each index that this board delivered before."""
    if not indexes:
        return {}
    wanted = bindparam("indexes", list(indexes), type_=ARRAY(LargeBinary))
    asked = func.unnest(wanted).table_valued(column("number_index", LargeBinary), name="asked")
    given = asked.render_derived()
    board = bindparam("board", controller_id, type_=Uuid)
    return await _answers(
        session, given.c.number_index, func.vault.held(given.c.number_index, board)
    )


async def _answers(
    session: AsyncSession, index: ColumnElement[bytes], answer: ColumnElement[UUID]
) -> dict[bytes, UUID]:
    rows = await session.execute(
        select(index.label("number_index"), type_coerce(answer, Uuid).label("person"))
    )
    return {bytes(row.number_index): row.person for row in rows if row.person is not None}

"""Sealed cursors: a place in one list, for one actor and purpose, for a day; a feed's for longer.

A cursor holds keys of a row, so it is encrypted and bound to whom it was given; anything else is
refused with one answer that tells nothing.
"""

import base64
import hashlib
import os
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import Invalid

LIFETIME = timedelta(days=1)
NONCE = 12


class Cursors:
    """Seals and opens the cursors of one actor, purpose and list."""

    def __init__(self, key: bytes, bound_to: tuple[str, ...]) -> None:
        """Take the 32-byte key and what a cursor is bound to."""
        self._cipher = AESGCM(key)
        self._bound = hashlib.sha256("\0".join(bound_to).encode()).digest()

    def seal(self, keyset: list[Any], now: datetime, *, lifetime: timedelta = LIFETIME) -> str:
        """Return the cursor of a row's keyset."""
        nonce = os.urandom(NONCE)
        body = orjson.dumps([int((now + lifetime).timestamp()), keyset])
        return base64.urlsafe_b64encode(
            nonce + self._cipher.encrypt(nonce, body, self._bound)
        ).decode()

    def open(self, cursor: str, now: datetime) -> list[Any]:
        """Return the keyset of a cursor.

        Raises:
            Invalid: it was not given to this actor for this list, or its time is over.
        """
        expires: int
        keyset: list[Any]
        try:
            raw = base64.urlsafe_b64decode(cursor.encode())
            expires, keyset = orjson.loads(
                self._cipher.decrypt(raw[:NONCE], raw[NONCE:], self._bound)
            )
        except (ValueError, InvalidTag):
            expires, keyset = 0, []
        if expires < now.timestamp():
            message = "This cursor is not valid here. Start again without `after`."
            raise Invalid(message, path=("after",))
        return keyset


def decoded(value: Any, wanted: type[Any]) -> Any:  # noqa: ANN401 - a column decides
    """Return a keyset part as the Python type that the column's parameter takes."""
    if value is None or isinstance(value, wanted):
        return value
    if wanted is UUID:
        return UUID(value)
    if wanted is datetime:
        return datetime.fromisoformat(value)
    return wanted.fromisoformat(value) if hasattr(wanted, "fromisoformat") else wanted(value)

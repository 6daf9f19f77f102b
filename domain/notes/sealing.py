"""Sealing notes: what the database keeps, its owner cannot read.

AES-256-GCM. Each note has a random key of its own, wrapped by the master sealing key, so that the
master key encrypts only keys and can be replaced without touching a text. Both layers authenticate
where the note belongs (its controller, its case, its id, its data class): a sealed text that was
put at another note, or into another case, does not open.

The sealed value, in bytes: version (1), which master key (8), nonce of the wrapped key (12), the
wrapped key (48), nonce of the text (12), the text (its length in UTF-8, and 16).

Where a note belongs is not in the sealed value: it is read from the row beside it, or a value that
was moved would vouch for itself. So a view reads both together::

    Field(in_place, after=unseal)
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, FromClause, func

VERSION = b"\x01"
KEY = 32
KEY_NAME = 8
NONCE = 12
TAG = 16
HEAD = len(VERSION) + KEY_NAME
TEXT_STARTS = HEAD + NONCE + KEY + TAG


class SealError(Exception):
    """A seal that cannot be made or opened: a fault of the service, never of a request."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a note belongs."""

    controller_id: UUID
    case_id: UUID
    note_id: UUID
    data_class: str

    def vouched(self, what: bytes) -> bytes:
        """Return the bytes that a seal authenticates for one of its two layers."""
        ids = self.controller_id.bytes + self.case_id.bytes + self.note_id.bytes
        return b"schakel note " + VERSION + what + ids + self.data_class.encode()


class Sealer:
    """Seals and unseals texts under one master key."""

    __slots__ = ("_master", "_name")

    def __init__(self, key: bytes) -> None:
        """Take the master key: 32 random bytes.

        Raises:
            SealError: the key has another length.
        """
        if len(key) != KEY:
            raise SealError(f"The sealing key has {len(key)} bytes; it must have {KEY}.")
        self._master = AESGCM(key)
        self._name = hashlib.sha256(b"schakel sealing key" + key).digest()[:KEY_NAME]

    def seal(self, text: str, place: Place) -> bytes:
        """Return the sealed value of a text at its place."""
        key, key_nonce, nonce = os.urandom(KEY), os.urandom(NONCE), os.urandom(NONCE)
        wrapped = self._master.encrypt(key_nonce, key, place.vouched(b"K"))
        sealed = AESGCM(key).encrypt(nonce, text.encode(), place.vouched(b"T"))
        return VERSION + self._name + key_nonce + wrapped + nonce + sealed

    def unseal(self, sealed: bytes, place: Place) -> str:
        """Return the text of a sealed value that was made for this place.

        Raises:
            SealError: it was made under another key or for another place, or was changed.
        """
        if len(sealed) < TEXT_STARTS + NONCE + TAG or sealed[: len(VERSION)] != VERSION:
            raise SealError("A sealed note is not of a version that is known here.")
        if sealed[len(VERSION) : HEAD] != self._name:
            raise SealError("A note was sealed under another key; set the key it was sealed with.")
        key_nonce, wrapped = sealed[HEAD : HEAD + NONCE], sealed[HEAD + NONCE : TEXT_STARTS]
        nonce, rest = sealed[TEXT_STARTS : TEXT_STARTS + NONCE], sealed[TEXT_STARTS + NONCE :]
        try:
            key = self._master.decrypt(key_nonce, wrapped, place.vouched(b"K"))
            return AESGCM(key).decrypt(nonce, rest, place.vouched(b"T")).decode()
        except InvalidTag:
            raise SealError("A sealed note was changed, or stands at another place.") from None


_configured: list[Sealer] = []


def configure(key: bytes) -> None:
    """Set the master sealing key of this process; done once, where the service is put together.

    Raises:
        SealError: the key does not have 32 bytes.
    """
    _configured[:] = [Sealer(key)]


def sealer() -> Sealer:
    """Return the sealer of this process.

    Raises:
        SealError: no key was set.
    """
    if not _configured:
        raise SealError(
            "No sealing key is set: call domain.notes.sealing.configure(key) at the start."
        )
    return _configured[0]


def in_place(row: FromClause) -> ColumnElement[Any]:
    """Return the sealed text of a note's row together with its place, for `unseal`."""
    return func.json_build_object(
        "sealed", row.c.sealed,
        "controller", row.c.controller_id,
        "case", row.c.case_id,
        "note", row.c.id,
        "class", row.c.data_class,
    )  # fmt: skip


def unseal(value: Mapping[str, str]) -> str:
    r"""Return the text of a note, from what `in_place` reads as JSON.

    PostgreSQL writes bytes in JSON as text: `\x` and two hexadecimal digits for each.

    Raises:
        SealError: the value was made under another key or for another place, or was changed.
    """
    place = Place(
        controller_id=UUID(value["controller"]),
        case_id=UUID(value["case"]),
        note_id=UUID(value["note"]),
        data_class=value["class"],
    )
    return sealer().unseal(bytes.fromhex(value["sealed"].removeprefix("\\x")), place)

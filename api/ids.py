"""Opaque ids: the type and a random key; the same under every token."""

from typing import Any
from uuid import UUID

from domain.errors import NotFound

_HEX = 32


def encode(name: str, key: UUID) -> str:
    """Return the id of a thing of a view."""
    return f"{name}_{key.hex}"


def decode(name: str, value: Any, *path: str) -> UUID:  # noqa: ANN401 - an ID as clients send it
    """Return the key in an id of the kind.

    Raises:
        NotFound: it is no id of that kind; the answer is that of an absent thing.
    """
    kind, key = split(str(value))
    if kind != name or key is None:
        raise NotFound(*path)
    return key


def split(value: str) -> tuple[str, UUID | None]:
    """Return the kind and key of an id; no key where it is malformed."""
    kind, _, text = value.rpartition("_")
    if len(text) != _HEX or any(c not in "0123456789abcdef" for c in text):
        return "", None
    return kind, UUID(hex=text)

"""What the server needs to know of clients, and where it remembers what it has seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """A system that may ask for tokens: one actor, one role, one purpose, one organisation."""

    client_id: str
    actor_id: UUID
    """The subject of its tokens."""
    organisation: UUID
    role: str
    purpose: str
    jwk: Mapping[str, object]
    """Its public key, as a JWK."""


class ClientRegistry(Protocol):
    """Knows the clients."""

    async def find(self, client_id: str) -> RegisteredClient | None:
        """Give a client, or `None` if there is none of that name that may still ask."""
        ...


class ReplayStore(Protocol):
    """Remembers which assertions have been used."""

    async def remember(self, client_id: str, jti: str, expires_at: datetime) -> bool:
        """Remember an assertion until it expires; `False` if it was there already.

        Asking and remembering are one step: of two at the same time one gets `False`.
        """
        ...

"""Keys, an issuer and a server to ask, all in this process."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from joserfc.jwk import RSAKey
from starlette.applications import Starlette

from api.authentication import Authenticator, InlineJwks, TrustedIssuer
from api.authorization_server import keys, routes
from api.authorization_server.clients import RegisteredClient
from tests.api.authentication.tokens import AUDIENCE, CLIENT, ISSUER, ORGANISATION, SUBJECT


@pytest.fixture(scope="session")
def signing_key() -> RSAKey:
    """The key of the trusted issuer."""
    return keys.generate(2048)


@pytest.fixture(scope="session")
def foreign_key() -> RSAKey:
    """A key that nobody trusts."""
    return keys.generate(2048)


@pytest.fixture(scope="session")
def client_key() -> RSAKey:
    """The key of the registered client."""
    return keys.generate(2048)


@pytest.fixture
def authenticator(signing_key: RSAKey) -> Authenticator:
    """Trusts one issuer."""
    trusted = TrustedIssuer(ISSUER, InlineJwks(keys.public_jwks(signing_key)))
    return Authenticator([trusted], audience=AUDIENCE)


@dataclass
class MemoryRegistry:
    """A registry of one client."""

    client: RegisteredClient

    async def find(self, client_id: str) -> RegisteredClient | None:
        """Give the client by its name."""
        return self.client if client_id == self.client.client_id else None


@dataclass
class MemoryReplay:
    """Remembers assertions in a dictionary."""

    seen: dict[tuple[str, str], datetime] = field(default_factory=dict[tuple[str, str], datetime])

    async def remember(self, client_id: str, jti: str, expires_at: datetime) -> bool:
        """Remember an assertion, and say whether it is new."""
        assert expires_at.tzinfo is UTC
        new = (client_id, jti) not in self.seen
        self.seen[client_id, jti] = expires_at
        return new


@pytest.fixture
def replay() -> MemoryReplay:
    """An empty memory."""
    return MemoryReplay()


@pytest.fixture
def server(signing_key: RSAKey, client_key: RSAKey, replay: MemoryReplay) -> Starlette:
    """The embedded server with one client."""
    client = RegisteredClient(
        client_id=CLIENT,
        actor_id=SUBJECT,
        organisation=UUID(ORGANISATION),
        role="school_system",
        purpose="data_delivery",
        jwk=client_key.as_dict(private=False),
    )
    return Starlette(
        routes=routes.make_routes(ISSUER, signing_key, MemoryRegistry(client), replay, AUDIENCE)
    )


@pytest_asyncio.fixture
async def web(server: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the embedded server."""
    transport = httpx.ASGITransport(server)
    async with httpx.AsyncClient(transport=transport, base_url=ISSUER) as client:
        yield client

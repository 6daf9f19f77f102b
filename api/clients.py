"""What the embedded authorization server remembers, in the platform's own database."""

from datetime import datetime

from api.authorization_server.clients import RegisteredClient
from domain.database import Database
from domain.organisations.clients import find_client, remember_assertion


class Clients:
    """The registry of clients and the memory of assertions."""

    def __init__(self, database: Database) -> None:
        """Take the pools."""
        self._database = database

    async def find(self, client_id: str) -> RegisteredClient | None:
        """Return the client of that id, or None."""
        found = await find_client(self._database, client_id)
        if found is None:
            return None
        return RegisteredClient(
            client_id=found.client_id,
            actor_id=found.actor_id,
            organisation=found.organisation,
            role=found.role,
            purpose=found.purpose,
            jwk=found.public_key,
        )

    async def remember(self, client_id: str, jti: str, expires_at: datetime) -> bool:
        """Remember an assertion until it expires; False if it was there already."""
        return await remember_assertion(self._database, client_id, jti, expires_at)

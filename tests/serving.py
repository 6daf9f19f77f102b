"""The API on a database of the tests: in this process, through its own HTTP face."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

import httpx
from joserfc.jwk import RSAKey

from api.app import Service
from api.authorization_server.issue import mint
from api.authorization_server.keys import load as load_key
from api.settings import Settings, load
from permissions.vocabulary import Actor
from tests.conftest import TestDatabase


def settings_of(made: TestDatabase, port: int = 8000) -> Settings:
    """Return the settings of a development start on a database of the tests."""
    before = dict(os.environ)
    os.environ.update(made.environment(port))
    try:
        return load()
    finally:
        os.environ.clear()
        os.environ.update(before)


@dataclass
class Face:
    """The API as a client meets it, and tokens for whoever asks."""

    settings: Settings
    client: httpx.AsyncClient
    _tokens: dict[Actor, str] = field(default_factory=dict)

    @cached_property
    def issuer_key(self) -> RSAKey:
        """The key of the development issuer; reading one takes a sixth of a second."""
        key = self.settings.development_issuer_key
        assert key is not None
        return load_key(key)

    def token(self, actor: Actor) -> str:
        """Return a token of the development issuer for an actor."""
        if actor not in self._tokens:
            self._tokens[actor] = mint(
                self.issuer_key,
                issuer=f"{self.settings.public_url}/development",
                audience=self.settings.audience,
                subject=actor.id,
                client_id=actor.client,
                role=str(actor.role),
                purpose=str(actor.purpose),
                organisation=actor.organisation,
                lifetime=timedelta(hours=3),
            )
        return self._tokens[actor]

    def headers(self, actor: Actor | None) -> dict[str, str]:
        """Return the headers with which an actor asks; none is anonymous."""
        return {} if actor is None else {"Authorization": f"Bearer {self.token(actor)}"}

    async def ask(self, actor: Actor | None, query: str, **variables: Any) -> dict[str, Any]:
        """Post an operation and return the whole answer."""
        answer = await self.client.post(
            "/graphql", json={"query": query, "variables": variables}, headers=self.headers(actor)
        )
        parsed: dict[str, Any] = answer.json()
        return parsed

    async def data(self, actor: Actor | None, query: str, **variables: Any) -> dict[str, Any]:
        """Post an operation that must succeed and return its data."""
        answer = await self.ask(actor, query, **variables)
        assert "errors" not in answer, answer
        found: dict[str, Any] = answer["data"]
        return found


@asynccontextmanager
async def served(made: TestDatabase) -> AsyncIterator[Face]:
    """Serve the API on a database, without its jobs, and give a client of it."""
    settings = settings_of(made)
    service = Service(settings)
    transport = httpx.ASGITransport(service.app())
    try:
        async with httpx.AsyncClient(
            transport=transport, base_url=settings.public_url, timeout=30
        ) as client:
            yield Face(settings, client)
    finally:
        await service.database.close()

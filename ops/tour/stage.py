"""Where the tour plays: a copy of the demo's database, a server of its own, and a real client."""

import socket
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey

from api.app import Service
from api.authorization_server.issue import mint
from api.authorization_server.keys import load
from api.settings import Settings
from ops.folders import ROOT
from ops.tour.telling import NotSoError, Teller
from permissions.vocabulary import Purpose, Role

OPERATIONS = ROOT / "frontend-contract" / "operations"
TOKEN_LIFETIME = timedelta(minutes=15)
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in the story: a name to tell, a role, an organisation and the token's subject."""

    name: str
    role: Role
    organisation: UUID | None
    subject: UUID


@dataclass(slots=True)
class Stage:
    """One running tour."""

    settings: Settings
    client: httpx.Client
    teller: Teller
    tokens: dict[tuple[UUID, str, str], str] = field(
        default_factory=dict[tuple[UUID, str, str], str]
    )

    def token(self, person: Person, purpose: Purpose) -> str:
        """Return a short-lived token of the development issuer for a person and one purpose."""
        key = (person.subject, str(person.role), str(purpose))
        if key not in self.tokens:
            signing_key = self.settings.development_issuer_key
            if signing_key is None:
                message = "the tour needs the development issuer"
                raise NotSoError(message)
            self.tokens[key] = mint(
                load(signing_key),
                issuer=f"{self.settings.public_url}/development",
                audience=self.settings.audience,
                subject=person.subject,
                client_id="tour",
                role=str(person.role),
                purpose=str(purpose),
                organisation=person.organisation,
                lifetime=TOKEN_LIFETIME,
            )
        return self.tokens[key]

    def system_token(self, client_id: str, key: RSAKey) -> str:
        """Return a token that a system client gets at the embedded authorization server."""
        now = datetime.now(UTC)
        assertion = jwt.encode(
            {"alg": "RS256", "kid": str(key.kid)},
            {
                "iss": client_id,
                "sub": client_id,
                "aud": self.settings.issuer,
                "jti": uuid4().hex,
                "iat": now,
                "exp": now + timedelta(minutes=2),
            },
            key,
        )
        answer = self.client.post(
            "/oauth/token",
            data={
                "grant_type": "client_credentials",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": assertion,
            },
        )
        if answer.status_code != HTTPStatus.OK:
            message = f"no token for {client_id}: {answer.text}"
            raise NotSoError(message)
        token: str = answer.json()["access_token"]
        return token

    def ask(
        self,
        person: Person | None,
        purpose: Purpose | None,
        operation: str,
        *,
        token: str | None = None,
        quiet: bool = False,
        **variables: Any,  # noqa: ANN401 - JSON
    ) -> dict[str, Any]:
        """Ask one operation of the contract and return its data.

        Raises:
            NotSoError: it was answered with errors.
        """
        headers: dict[str, str] = {}
        if token is None and person is not None and purpose is not None:
            token = self.token(person, purpose)
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        text = (OPERATIONS / f"{operation}.graphql").read_text(encoding="utf-8")
        answer = self.client.post(
            "/graphql", json={"query": text, "variables": variables}, headers=headers
        ).json()
        if answer.get("errors"):
            message = f"{operation}: {answer['errors']}"
            raise NotSoError(message)
        data: dict[str, Any] = answer["data"]
        if not quiet:
            self.teller.asked(
                person.name if person else "Anyone", str(purpose or "nothing in particular"),
                operation, data,
            )  # fmt: skip
        return data

    def act(
        self,
        person: Person,
        purpose: Purpose,
        operation: str,
        **given: Any,  # noqa: ANN401 - JSON
    ) -> dict[str, Any]:
        """Perform a mutation and return its success.

        Raises:
            NotSoError: it was refused.
        """
        result = self.attempt(person, purpose, operation, **given)
        if not str(result["__typename"]).endswith("Success"):
            message = f"{operation} was refused: {result}"
            raise NotSoError(message)
        return result

    def attempt(
        self,
        person: Person,
        purpose: Purpose,
        operation: str,
        **given: Any,  # noqa: ANN401 - JSON
    ) -> dict[str, Any]:
        """Try a mutation and return whatever member of its union came back."""
        data = self.ask(person, purpose, operation, input=given)
        result: dict[str, Any] = next(iter(data.values()))
        return result

    def wait(self, what: str, look: Callable[[], Any]) -> Any:  # noqa: ANN401 - what `look` finds
        """Look again and again until something is found.

        Raises:
            NotSoError: it did not come.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found = look()
            if found:
                return found
            time.sleep(0.1)
        message = f"waited in vain for {what}"
        raise NotSoError(message)


def free_port() -> int:
    """Return a port of the loopback address that nothing listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@contextmanager
def serving(settings: Settings) -> Generator[httpx.Client]:
    """Serve the API in this process, and give a client of it."""
    server = uvicorn.Server(
        uvicorn.Config(
            Service(settings).app(),
            host="127.0.0.1",
            port=settings.port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=2,
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            message = "the tour's server did not start"
            raise NotSoError(message)
        time.sleep(0.02)
    with httpx.Client(base_url=settings.public_url, timeout=30) as client:
        try:
            yield client
        finally:
            server.should_exit = True
            thread.join(timeout=10)


def environment_of(folder: Path, urls: Mapping[str, str], port: int) -> dict[str, str]:
    """Return the settings of the tour's server: those of the demo, another database and port."""
    from ops.environment import development

    return development(folder, dict(urls), port)

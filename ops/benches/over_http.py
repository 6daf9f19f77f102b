"""The steps through HTTP: the least that could answer, and the service itself.

All servers run as `ops/run` runs the service, each in a process of its own, and answer the same
client over the loopback address.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast

import orjson

from api.authorization_server.issue import mint
from api.authorization_server.keys import load as load_key
from ops.benches.bare import SUPERUSER_URL
from ops.benches.filled import Filled
from ops.benches.measure import Ask, Step
from ops.benches.reads import Read, Target
from ops.environment import SUPERUSER
from ops.folders import ROOT
from permissions.vocabulary import Actor

BARE, STATEMENT, SERVICE = (
    "bare statement behind HTTP",
    "+ ties, RLS, trace, commit",
    "the service",
)
_FACTORIES = {
    BARE: "ops.benches.bare:create_bare",
    STATEMENT: "ops.benches.bare:create_traced",
    SERVICE: "api.app:create_app",
}
_PATIENCE_SECONDS = 30.0
_LIFETIME = timedelta(minutes=30)


class HttpError(Exception):
    """A server did not come up or did not answer as it should; the text says what it did."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    process: int


@contextmanager
def servers(database: Filled) -> Generator[Mapping[str, Server]]:
    """Run every server while the block runs."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(serving(database, name, factory))
            for name, factory in _FACTORIES.items()
        }


def steps(running: Mapping[str, Server], tokens: Mapping[Actor, str], read: Read) -> list[Step]:
    """Return the steps of a read, a server each."""

    def step(name: str, server: Server) -> Step:
        """Return the step that asks one server."""
        return Step(name, lambda: _client(server, tokens, read), web=server.process)

    return [step(name, server) for name, server in running.items()]


def tokens_of(database: Filled, targets: Sequence[Target], port: int) -> dict[Actor, str]:
    """Return a token of the development issuer for everyone who asks, for the service on a port."""
    environment = database.environment(port)
    key = load_key(Path(environment["SCHAKEL_DEVELOPMENT_ISSUER_KEY"]))
    public_url = environment["SCHAKEL_PUBLIC_URL"]
    return {
        actor: mint(
            key,
            issuer=f"{public_url}/development",
            audience=f"{public_url}/graphql",
            subject=actor.id,
            client_id=actor.client,
            role=str(actor.role),
            purpose=str(actor.purpose),
            organisation=actor.organisation,
            lifetime=_LIFETIME,
        )
        for actor in {target.actor for target in targets}
    }


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def serving(database: Filled, name: str, factory: str) -> Generator[Server]:
    """Run one server, by its name or the application it serves, while the block runs."""
    port = free_port()
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("SCHAKEL_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "ops.benches.serving", _FACTORIES.get(factory, factory)],
        cwd=ROOT,
        env={
            **inherited,
            **database.environment(port),
            SUPERUSER_URL: database.url(SUPERUSER),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, port, name)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, name: str) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise HttpError(f"The server of '{name}' did not come up.")


@asynccontextmanager
async def _client(server: Server, tokens: Mapping[Actor, str], read: Read) -> AsyncGenerator[Ask]:
    """Keep one connection open; no client library, for its work would be measured too."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)

    async def ask(target: Target) -> bytes:
        """Post once, and return the body of the answer.

        Raises:
            HttpError: another status than 200, or errors.
        """
        writer.write(_request(target, tokens[target.actor], read))
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        if b" 200 " not in head[:16] or b'"errors":' in body:
            raise HttpError((head + body)[:500].decode(errors="replace"))
        return body

    try:
        yield ask
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def _request(target: Target, token: str, read: Read) -> bytes:
    body = orjson.dumps(read.body(target) | {"extensions": _named(target, read)})
    return (
        b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer %b\r\nContent-Length: %d\r\n\r\n" % (token.encode(), len(body))
    ) + body


def _named(target: Target, read: Read) -> dict[str, str]:
    """Return what the bare server is told, and the service leaves unread: all ask the same way."""
    return {
        "read": read.name,
        "actor": str(target.actor.id),
        "organisation": str(target.actor.organisation),
        "branch": str(target.branch),
        "pupil": str(target.pupil),
    }


def nodes_of(body: bytes, read: Read) -> list[object]:
    """Return the objects in an answer of the service."""
    found = cast("dict[str, dict[str, object]]", orjson.loads(body))["data"]
    if read.root.paged:
        return cast("dict[str, list[object]]", found["pupils"])["nodes"]
    return [found["pupil"]]

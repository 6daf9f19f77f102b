"""A small schema, and a real server on loopback that speaks it."""

import asyncio
import io
import logging
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date

import httpx
import pytest
import strawberry
import uvicorn
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from api.authentication import AuthenticationFailed
from api.errors import ApiError, ErrorCode
from api.http import GraphQLEndpoint
from api.limits import Limits
from api.telemetry import Telemetry, configure_logging, make_tracer_provider


class Absent(Exception):  # noqa: N818 - plays an exception of the domain
    """An exception that the face knows how to translate."""


@strawberry.type
class Pet:
    """An object with others below it."""

    @strawberry.field
    def name(self) -> str:
        """Give its name."""
        return "Rex"

    @strawberry.field
    def friend(self) -> "Pet":
        """Give one other."""
        return Pet()

    @strawberry.field
    def toys(self) -> list["Pet"]:
        """Give a list without pages."""
        return [Pet()]

    @strawberry.field
    def pets(  # the arguments are for the limits, which read them in the document
        self,
        first: int | None = None,  # noqa: ARG002
        last: int | None = None,  # noqa: ARG002
    ) -> "PetConnection":
        """Give a page of others."""
        return PetConnection()


@strawberry.type
class PetEdge:
    """One object in a page."""

    node: Pet = strawberry.field(default_factory=Pet)


@strawberry.type
class PetConnection:
    """A page of objects."""

    @strawberry.field
    def edges(self) -> list[PetEdge]:
        """Give the objects."""
        return [PetEdge()]


@strawberry.input
class PetInput:
    """A pet as it is sent."""

    name: str
    born: date | None = None


@strawberry.type
class Query(Pet):
    """What can be asked."""

    @strawberry.field
    def echo(self, text: str | None = None) -> str | None:
        """Give back what is sent."""
        return text

    @strawberry.field
    def born(self, on: date) -> str:
        """Give back a date."""
        return on.isoformat()

    @strawberry.field
    def described(self, pet: PetInput) -> str:
        """Give back a name."""
        return pet.name

    @strawberry.field
    def fails(self, text: str = "") -> str:
        """Fail with a text that nobody may see."""
        raise RuntimeError(f"secret {text}")

    @strawberry.field
    def fails_softly(self, text: str = "") -> str | None:
        """Fail where null is allowed."""
        raise RuntimeError(f"secret {text}")

    @strawberry.field
    def absent(self) -> str | None:
        """Fail with an exception of the domain."""
        raise Absent("secret")

    @strawberry.field
    async def slow(self) -> str:
        """Take longer than a request may."""
        await asyncio.sleep(30)
        return "late"


@strawberry.type
class Mutation:
    """What can be done."""

    @strawberry.mutation
    def act(self) -> str:
        """Do something."""
        return "done"


@strawberry.type
class Subscription:
    """What can be followed."""

    @strawberry.subscription
    async def ticks(self) -> AsyncIterator[int]:
        """Tick twice."""
        yield 1
        yield 2


def translate(error: Exception) -> ApiError | None:
    """Translate the one exception of the domain."""
    return (
        ApiError(ErrorCode.BAD_REQUEST, "It is not there.") if isinstance(error, Absent) else None
    )


async def get_context(request: Request) -> dict[str, str]:
    """Refuse one token, fail for another, and let all others in."""
    authorization = request.headers.get("authorization", "")
    if authorization == "Bearer bad":
        raise AuthenticationFailed("invalid_token", "The access token is not accepted here.")
    if authorization == "Bearer fault":
        raise RuntimeError("secret")
    return {"token": authorization}


@dataclass(frozen=True)
class Server:
    """A server that runs, and what it writes about itself."""

    url: str
    log: io.StringIO
    spans: InMemorySpanExporter


@pytest.fixture(scope="session")
def schema() -> strawberry.Schema:
    """The schema, limited."""
    return strawberry.Schema(
        Query, mutation=Mutation, subscription=Subscription, extensions=[Limits]
    )


@pytest.fixture(scope="module")
def server(schema: strawberry.Schema) -> Iterator[Server]:
    """Run the endpoint on loopback in a thread."""
    log, spans = io.StringIO(), InMemorySpanExporter()
    endpoint = GraphQLEndpoint(
        schema,
        get_context,
        telemetry=Telemetry(make_tracer_provider(spans)),
        translate=translate,
        deadline=0.5,
        resource_metadata="https://api.example/.well-known/oauth-protected-resource/graphql",
    )
    loggers = [logging.getLogger(name) for name in (None, "strawberry.execution")]
    before = [(logger, logger.level, logger.handlers) for logger in loggers]
    configure_logging(log, logging.DEBUG)
    app = Starlette(routes=[Route("/graphql", endpoint)])
    running = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=running.run)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    port = running.servers[0].sockets[0].getsockname()[1]
    yield Server(f"http://127.0.0.1:{port}", log, spans)
    running.should_exit = True
    thread.join(10)
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers = handlers


@pytest.fixture
def web(server: Server) -> Iterator[httpx.Client]:
    """A client of the running server."""
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client

"""The composition root: everything is put together here and nowhere else."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

import domain.ties
from api.authentication import (
    Authenticator,
    FileJwks,
    InlineJwks,
    JwksSource,
    RemoteJwks,
    TrustedIssuer,
    VerifiedToken,
    not_accepted,
)
from api.authorization_server.keys import load, public_jwks
from api.authorization_server.metadata import protected_resource_routes, resource_metadata_url
from api.authorization_server.routes import make_routes
from api.clients import Clients
from api.context import Context
from api.errors import ApiError, ErrorCode
from api.http import GraphQLEndpoint, fail, refuse
from api.imports import receive
from api.page import START_PAGE
from api.schema import make_schema
from api.settings import Mode, Settings
from api.settings import load as load_settings
from api.telemetry import Telemetry, configure_logging, current_observation
from domain.database import Ask, Database, Login, ask
from domain.errors import Problem
from domain.interpreter import keep_what_is_loaded, take_turns
from domain.jobs import run_jobs
from domain.notes import sealing
from domain.pupils import vault
from permissions.vocabulary import Actor, Purpose, Role

domain.ties.load_all()


PLATFORM_ROLES = frozenset({Role.PLATFORM_OPERATOR, Role.PLATFORM_JOB, Role.ABSENCE_REGISTER})


def database_of(settings: Settings) -> Database:
    """Return the pools that the settings name."""
    urls = settings.databases
    return Database(
        {
            Login.APP: urls.app.get_secret_value(),
            Login.AGGREGATE: urls.aggregate.get_secret_value(),
            Login.IMPORT: urls.import_.get_secret_value(),
            Login.JOBS: urls.jobs.get_secret_value(),
        },
        settings.claims_key.get_secret_value(),
    )


def configure(settings: Settings) -> None:
    """Give the domain the keys it works with."""
    vault.configure(settings.vault_key.get_secret_value())
    sealing.configure(settings.sealing_key.get_secret_value())


def authenticator_of(settings: Settings) -> Authenticator:
    """Return what verifies tokens: the trusted issuers, and the embedded one when it is on."""
    issuers: list[TrustedIssuer] = []
    for trusted in settings.trusted_issuers:
        source: JwksSource
        if trusted.jwks_file is not None:
            source = FileJwks(trusted.jwks_file)
        else:
            source = RemoteJwks(str(trusted.jwks_uri))
        issuers.append(TrustedIssuer(trusted.issuer, source, trusted.development))
    named = {trusted.issuer for trusted in issuers}
    if settings.authorization_server_key is not None and settings.issuer not in named:
        keys = public_jwks(load(settings.authorization_server_key))
        issuers.append(TrustedIssuer(settings.issuer, InlineJwks(keys)))
    return Authenticator(
        issuers,
        audience=settings.audience,
        development=settings.environment is Mode.DEVELOPMENT,
    )


def actor_of(token: VerifiedToken) -> Actor:
    """Return the actor that a token names.

    Raises:
        AuthenticationFailed: the token speaks of a role or purpose that does not exist, or of a
            role that only the platform itself has: no issuer can make an operator or a job.
    """
    try:
        role, purpose = Role(token.role), Purpose(token.purpose)
    except ValueError:
        raise not_accepted() from None
    if role in PLATFORM_ROLES:
        raise not_accepted()
    return Actor(
        id=token.subject,
        organisation=token.organisation,
        role=role,
        purpose=purpose,
        client=token.client_id,
    )


def translated(error: Exception) -> ApiError | None:
    """Return the refusal that a problem of a read is answered with at the top level."""
    return ApiError(ErrorCode.BAD_REQUEST, error.message) if isinstance(error, Problem) else None


class Service:
    """One running service: its pools, who it trusts, and its endpoints."""

    def __init__(self, settings: Settings) -> None:
        """Put everything together; nothing connects before the first request."""
        configure(settings)
        self.settings = settings
        self.database = database_of(settings)
        self.authenticator = authenticator_of(settings)
        self.telemetry = Telemetry()

    async def asking(self, request: Request) -> tuple[Ask | None, datetime | None]:
        """Return who asks, at one instant, and until when; nothing without a token.

        Raises:
            AuthenticationFailed: a token was sent that is not accepted.
        """
        token = await self.authenticator.authenticate(request)
        if token is None:
            return None, None
        observation = current_observation()
        reference = observation.reference if observation else None
        return ask(actor_of(token), request_id=reference), token.expires_at

    async def context(self, request: Request) -> Context:
        """Return what the resolvers of a request have at hand."""
        key = self.settings.cursor_key.get_secret_value()
        return Context(self.database, key, *await self.asking(request))

    async def upload(self, request: Request) -> Response:
        """Take the file of an announced delivery."""
        with self.telemetry.request(request.headers) as observation:
            metadata = resource_metadata_url(self.settings.audience)
            try:
                asking, _ = await self.asking(request)
            except ApiError as error:
                return refuse(error, resource_metadata=metadata, observation=observation)
            except Exception as error:  # noqa: BLE001 - its text must not reach anyone
                return fail(error, observation)
            if asking is None:
                missing = ApiError(
                    ErrorCode.UNAUTHENTICATED, "Send the token that announced it.", status=401
                )
                return refuse(missing, resource_metadata=metadata, observation=observation)
            response = await receive(request, self.database, asking)
            observation.status = response.status_code
            return response

    async def alive(self, _request: Request) -> Response:
        """Say that the process answers."""
        return JSONResponse({"status": "alive"})

    async def ready(self, _request: Request) -> Response:
        """Say whether the database answers to every login role."""
        try:
            for login in self.database.engines:
                async with asyncio.timeout(2), self.database.reading(login) as connection:
                    await connection.execute(text("select 1"))
        except Exception:  # noqa: BLE001 - whatever it is, the answer is the same
            return JSONResponse({"status": "waiting"}, status_code=503)
        return JSONResponse({"status": "ready"})

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncGenerator[None]:
        """Run the jobs beside the service, and close the pools after it."""
        jobs = asyncio.create_task(run_jobs(self.database))
        try:
            yield
        finally:
            jobs.cancel()
            with suppress(asyncio.CancelledError):
                await jobs
            await self.database.close()

    def app(self) -> Starlette:
        """Return the application."""
        settings = self.settings
        graphql = GraphQLEndpoint(
            make_schema(),
            self.context,
            telemetry=self.telemetry,
            translate=translated,
            resource_metadata=resource_metadata_url(settings.audience),
        )
        routes = [
            Route("/", start, methods=["GET"]),
            Route("/graphql", graphql),
            Route("/imports/{receipt}/{secret}", self.upload, methods=["PUT"]),
            Route("/healthz", self.alive, methods=["GET"]),
            Route("/readyz", self.ready, methods=["GET"]),
            *protected_resource_routes(
                settings.audience,
                [settings.issuer]
                if settings.embedded_authorization_server
                else [issuer.issuer for issuer in settings.trusted_issuers],
            ),
        ]
        if settings.embedded_authorization_server and settings.authorization_server_key is not None:
            clients = Clients(self.database)
            key = load(settings.authorization_server_key)
            routes += make_routes(settings.issuer, key, clients, clients, settings.audience)
        return Starlette(routes=routes, lifespan=self.lifespan)


def start(_request: Request) -> HTMLResponse:
    """Answer a browser that looks what this is."""
    return HTMLResponse(START_PAGE)


def create_app() -> Starlette:
    """Return the application that the environment's settings describe."""
    configure_logging()
    take_turns()
    made = Service(load_settings()).app()
    keep_what_is_loaded()
    return made

"""The endpoints of the embedded server: metadata, keys, and tokens for client credentials."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, cast
from urllib.parse import parse_qsl

import orjson
from joserfc.jwk import RSAKey
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from api.authorization_server.assertion import authenticate_client
from api.authorization_server.clients import ClientRegistry, RegisteredClient, ReplayStore
from api.authorization_server.issue import access_details, mint
from api.authorization_server.keys import public_jwks
from api.authorization_server.metadata import (
    AUTHORIZATION_SERVER_PATH,
    JWKS_PATH,
    TOKEN_PATH,
    server_metadata,
)
from api.authorization_server.refusals import TokenRefused
from api.telemetry import log_event

TOKEN_LIFETIME: Final = timedelta(minutes=10)
_LARGEST_FORM = 16_384  # bytes
_MOST_PARAMETERS = 20
_FORM = "application/x-www-form-urlencoded"
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def make_routes(
    issuer: str,
    signing_key: RSAKey,
    registry: ClientRegistry,
    replay: ReplayStore,
    audience: str,
) -> list[Route]:
    """Make the routes of the server.

    Args:
        issuer: its identifier, a URL without a path; also the only audience of assertions.
        signing_key: signs the tokens.
        registry: knows the clients.
        replay: remembers used assertions.
        audience: what its tokens are for, the identifier of the API.
    """
    metadata = server_metadata(issuer, audience)
    jwks = public_jwks(signing_key)

    async def describe(_request: Request) -> JSONResponse:
        """Answer with the metadata of the server."""
        return JSONResponse(metadata, headers={"Cache-Control": "max-age=300"})

    async def keys(_request: Request) -> JSONResponse:
        """Answer with the public key that tokens are signed with."""
        return JSONResponse(jwks, headers={"Cache-Control": "max-age=300"})

    async def token(request: Request) -> JSONResponse:
        """Answer with a token, or with the error of RFC 6749 section 5.2."""
        try:
            form = await _read_form(request)
            _check_grant(form, audience)
            client = await authenticate_client(
                form, issuer=issuer, registry=registry, replay=replay
            )
            details = _granted(form.get("authorization_details"), client)
        except TokenRefused as refused:
            return _refuse(refused)
        log_event("token_issued")
        text = mint(
            signing_key,
            issuer=issuer,
            audience=audience,
            subject=client.actor_id,
            client_id=client.client_id,
            role=client.role,
            purpose=client.purpose,
            organisation=client.organisation,
            lifetime=TOKEN_LIFETIME,
        )
        return JSONResponse(
            {
                "access_token": text,
                "token_type": "Bearer",
                "expires_in": int(TOKEN_LIFETIME.total_seconds()),
                "authorization_details": [details],
            },
            headers=_NO_STORE,
        )

    return [
        Route(AUTHORIZATION_SERVER_PATH, describe, methods=["GET"]),
        Route(JWKS_PATH, keys, methods=["GET"]),
        Route(TOKEN_PATH, token, methods=["POST"]),
    ]


def _refuse(refused: TokenRefused) -> JSONResponse:
    headers = dict(_NO_STORE)
    if refused.status == 401:  # noqa: PLR2004 - the status itself
        headers["WWW-Authenticate"] = "private_key_jwt"
    return JSONResponse(
        {"error": refused.error, "error_description": refused.description},
        status_code=refused.status,
        headers=headers,
    )


async def _read_form(request: Request) -> dict[str, str]:
    """Read the parameters; each at most once, and one without a value counts as left out."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise TokenRefused("invalid_request", f"Send the request as {_FORM}.")
    if request.headers.getlist("authorization"):
        raise TokenRefused("invalid_request", "Authenticate with a client assertion only.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_FORM:
            raise TokenRefused("invalid_request", "The request is too large.", status=413)
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except ValueError:
        raise TokenRefused("invalid_request", f"The body is not {_FORM}.") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise TokenRefused("invalid_request", "Send each parameter once.")
    return {name: value for name, value in pairs if value}


def _check_grant(form: Mapping[str, str], audience: str) -> None:
    grant = form.get("grant_type")
    if grant is None:
        raise TokenRefused("invalid_request", "Send grant_type=client_credentials.")
    if grant != "client_credentials":
        raise TokenRefused("unsupported_grant_type", "Only client_credentials is served.")
    if "scope" in form:
        raise TokenRefused("invalid_scope", "Use authorization_details; there are no scopes.")
    if form.get("resource", audience) != audience:
        raise TokenRefused("invalid_target", "Tokens are given for this API only.")


def _granted(asked: str | None, client: RegisteredClient) -> dict[str, str | None]:
    """Give the access a token will carry: what the client is registered for.

    A request may repeat it, in whole or in part, and may not ask for anything else (RFC 9396).

    Raises:
        TokenRefused: it is not exactly one entry, or lies outside the registration.
    """
    registered = access_details(client.role, client.purpose, client.organisation)
    if asked is None:
        return registered
    try:
        parsed: object = orjson.loads(asked)
    except orjson.JSONDecodeError:
        parsed = None
    entries = cast("list[object]", parsed) if isinstance(parsed, list) else []
    entry = entries[0] if len(entries) == 1 else None
    if not isinstance(entry, dict) or "type" not in entry:
        raise TokenRefused(
            "invalid_authorization_details", "Send a JSON array with exactly one entry."
        )
    if not cast("dict[str, object]", entry).items() <= registered.items():
        raise TokenRefused(
            "invalid_authorization_details",
            "Ask for nothing but the type, role, purpose and organisation you are registered for.",
        )
    return registered

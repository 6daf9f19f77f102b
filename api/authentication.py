"""Who asks: verifies signed access tokens (RFC 9068) through the keys of trusted issuers.

A token says who acts, in which role, for which organisation and for which one purpose; what that
entitles to is not decided here.
"""

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final, Literal, Protocol, cast
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import orjson
from joserfc.jwk import Key
from starlette.requests import HTTPConnection

from api.authorization_server.signed import (
    DETAILS_TYPE,
    LONGEST_LIFETIME,
    TOKEN_TYPE,
    import_public_key,
    read_signed,
)
from api.errors import ApiError, ErrorCode
from api.telemetry import log_event

LEEWAY_SECONDS: Final = 10
_LONGEST_NAME = 256
_LONGEST_WORD = 64


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """What a token says once it has been verified."""

    issuer: str
    subject: UUID
    client_id: str
    role: str
    purpose: str
    organisation: UUID | None
    expires_at: datetime
    development: bool
    jti: str


class AuthenticationFailed(ApiError):  # noqa: N818 - it says what happened, as the caller sees it
    """A token was sent that is not accepted; answered 401 with a challenge (RFC 6750)."""

    def __init__(self, code: Literal["invalid_token", "invalid_request"], message: str) -> None:
        super().__init__(
            ErrorCode.UNAUTHENTICATED,
            message,
            status=401,
            headers={"WWW-Authenticate": f'Bearer error="{code}", error_description="{message}"'},
        )
        self.oauth_code = code


def not_accepted() -> AuthenticationFailed:
    """Refuse a token without saying which check it failed."""
    return AuthenticationFailed("invalid_token", "The access token is not accepted here.")


# --- where an issuer's keys come from ---------------------------------------------------


class JwksSource(Protocol):
    """Knows the public keys of one issuer."""

    async def find(self, kid: str) -> Key | None:
        """Give the key of that name, or `None`.

        Raises:
            ApiError: the keys cannot be had now.
        """
        ...


def read_jwks(content: bytes | str) -> dict[str, Key]:
    """Read a JWKS; keys without a name or not fit for verifying are left out.

    Raises:
        ValueError: it is not a JWKS.
    """
    document: object = orjson.loads(content)
    entries = (
        cast("dict[str, object]", document).get("keys") if isinstance(document, dict) else None
    )
    if not isinstance(entries, list):
        raise ValueError("not a JWKS")  # noqa: TRY004 - what was sent is wrong, not our call
    keys: dict[str, Key] = {}
    for entry in cast("list[object]", entries):
        if isinstance(entry, dict):
            jwk = cast("dict[str, object]", entry)
            kid, key = jwk.get("kid"), import_public_key(jwk)
            if isinstance(kid, str) and key is not None:
                keys[kid] = key
    return keys


class InlineJwks:
    """Keys that are given as they are, such as those of the embedded server."""

    def __init__(self, jwks: Mapping[str, object]) -> None:
        self._keys = read_jwks(orjson.dumps(dict(jwks)))

    async def find(self, kid: str) -> Key | None:
        """Give the key of that name."""
        return self._keys.get(kid)


class RefreshedJwks(ABC):
    """Keys that are fetched, kept for a while, and fetched again when an unknown name comes.

    Args:
        kept: seconds after which keys are fetched again, so that a withdrawn one stops working.
        pause: seconds between two attempts, whatever names callers make up.
        stale: seconds for which keys are used while they cannot be fetched again.
    """

    def __init__(self, *, kept: float = 600, pause: float = 30, stale: float = 3600) -> None:
        self._kept, self._pause, self._stale = kept, pause, stale
        self._keys: dict[str, Key] = {}
        self._fetched = self._tried = float("-inf")
        self._lock = asyncio.Lock()

    @abstractmethod
    async def fetch(self) -> bytes:
        """Fetch the JWKS; may raise OSError, ValueError or an HTTP error."""

    async def find(self, kid: str) -> Key | None:
        """Give the key of that name, fetching where needed."""
        if time.monotonic() - self._fetched > self._kept or kid not in self._keys:
            await self._refresh()
        if time.monotonic() - self._fetched > self._stale:
            raise ApiError(
                ErrorCode.UNAVAILABLE,
                "Access tokens cannot be verified at the moment. Try again later.",
            )
        return self._keys.get(kid)

    async def _refresh(self) -> None:
        async with self._lock:
            now = time.monotonic()
            if now - self._tried < self._pause:
                return
            self._tried = now
            try:
                self._keys = read_jwks(await self.fetch())
                self._fetched = now
            except (OSError, ValueError, httpx.HTTPError) as error:
                log_event("jwks_unavailable", level=logging.WARNING, exception=type(error).__name__)


class FileJwks(RefreshedJwks):
    """Keys in a file, such as those of the development issuer."""

    def __init__(self, path: Path, *, kept: float = 60, pause: float = 1) -> None:
        super().__init__(kept=kept, pause=pause)
        self._path = path

    async def fetch(self) -> bytes:
        """Read the file."""
        return await asyncio.to_thread(self._path.read_bytes)


class RemoteJwks(RefreshedJwks):
    """Keys that an issuer publishes over HTTPS; plain HTTP is for loopback only."""

    _LARGEST = 256 * 1024

    def __init__(
        self,
        uri: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        kept: float = 600,
        pause: float = 30,
        stale: float = 3600,
    ) -> None:
        super().__init__(kept=kept, pause=pause, stale=stale)
        address = urlsplit(uri)
        local = address.hostname in {"127.0.0.1", "::1", "localhost"}
        if address.scheme != "https" and not (address.scheme == "http" and local):
            raise ValueError("The address of a JWKS must begin with https://.")
        self._uri = uri
        self._transport = transport

    async def fetch(self) -> bytes:
        """Fetch the document; redirects are not followed."""
        content = bytearray()
        async with (
            httpx.AsyncClient(transport=self._transport, timeout=5) as client,
            client.stream("GET", self._uri, headers={"Accept": "application/json"}) as response,
        ):
            if response.status_code != HTTPStatus.OK:
                raise ValueError("status")
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > self._LARGEST:
                    raise ValueError("size")
        return bytes(content)


# --- verifying --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer whose tokens are accepted."""

    issuer: str
    jwks: JwksSource
    development: bool = False
    """It signs whatever a developer asks for: only where the settings say development."""


class Authenticator:
    """Verifies the tokens of requests.

    Args:
        issuers: whom to believe.
        audience: what a token must be meant for, and nothing else.
        development: whether a development issuer may be among the issuers.

    Raises:
        ValueError: a development issuer is named outside development, or one issuer twice.
    """

    def __init__(
        self, issuers: Iterable[TrustedIssuer], *, audience: str, development: bool = False
    ) -> None:
        self._issuers: dict[str, TrustedIssuer] = {}
        self._audience = audience
        for trusted in issuers:
            if trusted.development and not development:
                raise ValueError(
                    f"The issuer {trusted.issuer} is for development."
                    " Take it out of the trusted issuers, or set the environment to development."
                )
            if trusted.issuer in self._issuers:
                raise ValueError(f"The issuer {trusted.issuer} is named twice.")
            self._issuers[trusted.issuer] = trusted

    async def authenticate(self, connection: HTTPConnection) -> VerifiedToken | None:
        """Verify the token of a request; `None` if it has none, which is to be anonymous.

        Raises:
            AuthenticationFailed: there is a token and it is not accepted.
        """
        if "access_token" in connection.query_params:
            raise AuthenticationFailed(
                "invalid_request", "Send the access token in the Authorization header only."
            )
        headers = connection.headers.getlist("authorization")
        if not headers:
            return None
        scheme, _, token = headers[0].partition(" ")
        if len(headers) > 1 or scheme.lower() != "bearer" or not token.strip():
            raise AuthenticationFailed(
                "invalid_request", "Send one header 'Authorization: Bearer' with an access token."
            )
        return await self.verify(token.strip())

    async def verify(self, token: str) -> VerifiedToken:
        """Verify the text of a token.

        Raises:
            AuthenticationFailed: it is not accepted; only that it has expired is said, and only
                of a token whose signature holds.
        """
        signed = read_signed(token)
        if signed is None or not _is_access_token(signed.header.get("typ")) or signed.kid is None:
            raise not_accepted()
        issuer = signed.claims.get("iss")
        trusted = self._issuers.get(issuer) if isinstance(issuer, str) else None
        if trusted is None:
            raise not_accepted()
        key = await trusted.jwks.find(signed.kid)
        if key is None or not signed.holds(key):
            raise not_accepted()
        expires_at = _lifetime(signed.claims)
        if signed.claims.get("aud") not in (self._audience, [self._audience]):
            # A token that is also good elsewhere could be sent on to us from there.
            raise not_accepted()
        return _verified(signed.claims, trusted, expires_at)


def _is_access_token(kind: object) -> bool:
    return isinstance(kind, str) and kind.lower().removeprefix("application/") == TOKEN_TYPE


def _lifetime(claims: Mapping[str, object]) -> datetime:
    """Check `iat`, `nbf` and `exp` against the real clock, with a small leeway."""
    now = time.time()
    issued, expires = _seconds(claims.get("iat")), _seconds(claims.get("exp"))
    begins = _seconds(claims.get("nbf", issued))
    if issued is None or expires is None or begins is None:
        raise not_accepted()
    if max(issued, begins) > now + LEEWAY_SECONDS:
        raise not_accepted()
    if not 0 < expires - issued <= LONGEST_LIFETIME.total_seconds():
        raise not_accepted()
    if expires <= now - LEEWAY_SECONDS:
        raise AuthenticationFailed(
            "invalid_token", "The access token has expired. Ask for a new one."
        )
    return datetime.fromtimestamp(expires, UTC)


def _seconds(value: object) -> float | None:
    """Read a NumericDate; a sane range keeps arithmetic and dates from failing."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 2**33 else None


def _verified(
    claims: Mapping[str, object], trusted: TrustedIssuer, expires_at: datetime
) -> VerifiedToken:
    subject, client, jti = _uuid(claims.get("sub")), claims.get("client_id"), claims.get("jti")
    access = _access(claims.get("authorization_details"))
    if subject is None or not _is_name(client) or not _is_name(jti) or access is None:
        raise not_accepted()
    if claims.get("azp", client) != client or "cnf" in claims:
        # A token bound to a key of its holder (`cnf`) is not to be taken as a bearer token.
        raise not_accepted()
    role, purpose, organisation = access
    return VerifiedToken(
        issuer=trusted.issuer,
        subject=subject,
        client_id=cast("str", client),
        role=role,
        purpose=purpose,
        organisation=organisation,
        expires_at=expires_at,
        development=trusted.development,
        jti=cast("str", jti),
    )


def _access(details: object) -> tuple[str, str, UUID | None] | None:
    """Read the one entry of `authorization_details`: exactly its four members, one purpose."""
    entries = cast("list[object]", details) if isinstance(details, list) else []
    if len(entries) != 1 or not isinstance(entries[0], dict):
        return None
    entry = cast("dict[str, object]", entries[0])
    if set(entry) != {"type", "purpose", "role", "organisation"} or entry["type"] != DETAILS_TYPE:
        return None
    role, purpose, named = entry["role"], entry["purpose"], entry["organisation"]
    organisation = _uuid(named)
    if not _is_word(role) or not _is_word(purpose) or (organisation is None and named is not None):
        return None
    return cast("str", role), cast("str", purpose), organisation


def _uuid(value: object) -> UUID | None:
    """Read a UUID in its one canonical form."""
    try:
        identity = UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return identity if str(identity) == value else None


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME and value.isprintable()


def _is_word(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_WORD and value.isidentifier()

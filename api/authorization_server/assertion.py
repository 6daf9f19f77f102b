"""How a client shows who it is: a short assertion signed with its own key (RFC 7523)."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from api.authorization_server.clients import ClientRegistry, RegisteredClient, ReplayStore
from api.authorization_server.refusals import TokenRefused
from api.authorization_server.signed import SignedToken, import_public_key, read_signed

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_ASSERTION_SECONDS: Final = 300
LEEWAY_SECONDS: Final = 10
_LONGEST_NAME = 128
_TYPES = ("JWT", "jwt", "client-authentication+jwt", None)


def _unknown() -> TokenRefused:
    """Refuse a client without saying whether it exists or which check it failed."""
    return TokenRefused("invalid_client", "The client assertion is not accepted.", status=401)


async def authenticate_client(
    form: Mapping[str, str], *, issuer: str, registry: ClientRegistry, replay: ReplayStore
) -> RegisteredClient:
    """Tell which client has signed the assertion in a token request.

    The assertion must name the issuer, and only the issuer, as its audience, live at most five
    minutes, and not have been used before.

    Raises:
        TokenRefused: `invalid_client`, or `invalid_request` for a second way to authenticate.
    """
    if "client_secret" in form:
        raise TokenRefused("invalid_request", "Authenticate with a client assertion only.")
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise TokenRefused(
            "invalid_client",
            f"Authenticate by private_key_jwt: client_assertion_type={ASSERTION_TYPE}.",
            status=401,
        )
    assertion = read_signed(form.get("client_assertion", ""))
    if assertion is None or assertion.header.get("typ") not in _TYPES:
        raise _unknown()
    name = assertion.claims.get("sub")
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME:
        raise _unknown()
    if assertion.claims.get("iss") != name or form.get("client_id", name) != name:
        raise _unknown()
    client = await registry.find(name)
    if client is None or client.client_id != name or not _signed_by(client, assertion):
        raise _unknown()
    expires = _expiry(assertion.claims)
    jti = assertion.claims.get("jti")
    if assertion.claims.get("aud") != issuer or expires is None:
        raise _unknown()
    if not isinstance(jti, str) or not 0 < len(jti) <= _LONGEST_NAME or not jti.isprintable():
        raise _unknown()
    # Remembered a little longer than it is accepted, so that the leeway is no gap.
    until = datetime.fromtimestamp(expires + 2 * LEEWAY_SECONDS, UTC)
    if not await replay.remember(client.client_id, jti, until):
        raise _unknown()
    return client


def _signed_by(client: RegisteredClient, assertion: SignedToken) -> bool:
    named = client.jwk.get("kid")
    if None not in {named, assertion.kid} and named != assertion.kid:
        return False
    key = import_public_key(client.jwk)
    return key is not None and assertion.holds(key)


def _expiry(claims: Mapping[str, object]) -> float | None:
    """Give when an assertion expires; `None` if its times are missing or not acceptable now."""
    now = time.time()
    times: dict[str, float] = {}
    for name in ("exp", "iat", "nbf"):
        value = claims.get(name)
        if value is None and name != "exp":
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        times[name] = float(value)
    longest = now + LONGEST_ASSERTION_SECONDS + LEEWAY_SECONDS
    if not now - LEEWAY_SECONDS < times["exp"] <= longest:
        return None
    if any(times.get(name, now) > now + LEEWAY_SECONDS for name in ("iat", "nbf")):
        return None
    return times["exp"]

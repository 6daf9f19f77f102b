"""Making access tokens, for the embedded server and the development issuer alike."""

import secrets
import time
from datetime import timedelta
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import RSAKey

from api.authorization_server.signed import DETAILS_TYPE, LONGEST_LIFETIME, TOKEN_TYPE


def access_details(role: str, purpose: str, organisation: UUID | None) -> dict[str, str | None]:
    """Make the one entry of `authorization_details` (RFC 9396) that a token carries."""
    return {
        "type": DETAILS_TYPE,
        "purpose": purpose,
        "role": role,
        "organisation": None if organisation is None else str(organisation),
    }


def mint(
    signing_key: RSAKey,
    *,
    issuer: str,
    audience: str,
    subject: UUID,
    client_id: str,
    role: str,
    purpose: str,
    organisation: UUID | None,
    lifetime: timedelta,
) -> str:
    """Sign an access token (RFC 9068) with PS256.

    Args:
        subject: the actor.
        lifetime: from now; at most six hours.

    Raises:
        ValueError: the lifetime is not between one second and six hours.
    """
    if not timedelta(seconds=1) <= lifetime <= LONGEST_LIFETIME:
        raise ValueError("An access token lives between one second and six hours.")
    now = int(time.time())
    signing_key.ensure_kid()
    return jwt.encode(
        {"alg": "PS256", "typ": TOKEN_TYPE, "kid": signing_key.kid},
        {
            "iss": issuer,
            "sub": str(subject),
            "aud": audience,
            "client_id": client_id,
            "azp": client_id,
            "iat": now,
            "exp": now + int(lifetime.total_seconds()),
            "jti": secrets.token_urlsafe(16),
            "authorization_details": [access_details(role, purpose, organisation)],
        },
        signing_key,
        algorithms=["PS256"],
    )

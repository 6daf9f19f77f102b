"""Tokens made by hand, good and bad, without the code under test."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc.jwk import RSAKey

ISSUER = "https://issuer.example"
AUDIENCE = "https://api.example/graphql"
SUBJECT = UUID("6f1c2d3e-0000-4000-8000-000000000001")
ORGANISATION = "6f1c2d3e-0000-4000-8000-000000000002"
CLIENT = "school-system-99xx"


def details(**changed: Any) -> dict[str, Any]:
    """Make one entry of `authorization_details`."""
    return {
        "type": "urn:schakel:access:v1",
        "purpose": "data_delivery",
        "role": "school_system",
        "organisation": ORGANISATION,
        **changed,
    }


def claims(**changed: Any) -> dict[str, Any]:
    """Make the claims of a good access token; a changed claim of `...` is left out."""
    now = int(time.time())
    whole = {
        "iss": ISSUER,
        "sub": str(SUBJECT),
        "aud": AUDIENCE,
        "client_id": CLIENT,
        "azp": CLIENT,
        "iat": now,
        "exp": now + 600,
        "jti": secrets.token_urlsafe(16),
        "authorization_details": [details()],
        **changed,
    }
    return {name: value for name, value in whole.items() if value is not ...}


def assertion_claims(**changed: Any) -> dict[str, Any]:
    """Make the claims of a good client assertion; a changed claim of `...` is left out."""
    now = int(time.time())
    whole = {
        "iss": CLIENT,
        "sub": CLIENT,
        "aud": ISSUER,
        "iat": now,
        "exp": now + 60,
        "jti": secrets.token_urlsafe(16),
        **changed,
    }
    return {name: value for name, value in whole.items() if value is not ...}


def encode(part: object) -> str:
    """Encode one part of a compact token."""
    content = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def sign(key: RSAKey, header: dict[str, Any], payload: object) -> str:
    """Sign with PS256, or RS256 if the header says so, whatever else the header says."""
    whole = {"alg": "PS256", "typ": "at+jwt", "kid": key.kid, **header}
    whole = {name: value for name, value in whole.items() if value is not ...}
    signed = f"{encode(whole)}.{encode(payload)}"
    salt = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256().digest_size)
    scheme = padding.PKCS1v15() if whole.get("alg") == "RS256" else salt
    private = key.private_key
    assert private is not None
    return f"{signed}.{encode(private.sign(signed.encode(), scheme, hashes.SHA256()))}"


def sign_with_public_key(key: RSAKey, payload: object) -> str:
    """Sign with HS256 and the published key as the secret: the classic confusion."""
    secret = key.public_key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    header = {"alg": "HS256", "typ": "at+jwt", "kid": key.kid}
    signed = f"{encode(header)}.{encode(payload)}"
    return f"{signed}.{encode(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def unsigned(key: RSAKey, alg: str) -> str:
    """Make a token without a signature."""
    header = {"alg": alg, "typ": "at+jwt", "kid": key.kid}
    return f"{encode(header)}.{encode(claims())}."

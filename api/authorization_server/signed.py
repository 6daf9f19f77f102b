"""Signed JSON Web Tokens: what may sign one, and how one is read before it is believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, cast

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.util import urlsafe_b64decode

TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 - the media type of RFC 9068, not a secret
DETAILS_TYPE: Final = "urn:schakel:access:v1"
SIGNING_ALGORITHMS: Final = ("PS256", "RS256", "ES256", "EdDSA")
LONGEST_LIFETIME: Final = timedelta(hours=6)
"""What the NL GOV OAuth profile advises for client credentials, its longest."""
SMALLEST_RSA_KEY: Final = 2048
_LONGEST_TOKEN = 8_192  # characters
_KEY_BRINGING = frozenset({"jwk", "jku", "x5u", "x5c", "crit", "b64"})
"""Header members by which a token would bring its own key, or change how it is read."""


@dataclass(frozen=True, slots=True)
class SignedToken:
    """A compact JWS that has been read; nothing in it is to be believed before `holds`."""

    text: str
    header: Mapping[str, object]
    claims: Mapping[str, object]

    @property
    def kid(self) -> str | None:
        """The name of the key that is said to have signed it."""
        kid = self.header.get("kid")
        return kid if isinstance(kid, str) else None

    def holds(self, key: Key) -> bool:
        """Say whether `key` signed it, with an algorithm that both allow."""
        try:
            jws.deserialize_compact(self.text, key, registry=_REGISTRY)
        except (JoseError, ValueError, TypeError):
            return False
        return True


class _Registry(jws.JWSRegistry):
    """Knows the allowed algorithms only, without joserfc's warning about the name EdDSA."""

    # joserfc defines the class in a private module and re-exports it without saying so.
    def get_alg(self, name: str) -> jws.JWSAlgModel:  # pyright: ignore[reportPrivateImportUsage]
        """Give an allowed algorithm."""
        if name not in SIGNING_ALGORITHMS:
            raise ValueError("algorithm")
        return self.algorithms[name]


_REGISTRY = _Registry(algorithms=SIGNING_ALGORITHMS, strict_check_header=False)


def read_signed(text: str) -> SignedToken | None:
    """Read a compact JWS with an allowed algorithm; `None` for anything else."""
    parts = text.split(".")
    if len(text) > _LONGEST_TOKEN or len(parts) != 3 or not text.isascii():  # noqa: PLR2004 - a JWS
        return None
    header, claims = _json_object(parts[0]), _json_object(parts[1])
    if header is None or claims is None:
        return None
    if header.get("alg") not in SIGNING_ALGORITHMS or not _KEY_BRINGING.isdisjoint(header):
        return None
    return SignedToken(text, header, claims)


def _json_object(part: str) -> dict[str, object] | None:
    try:
        value: object = orjson.loads(urlsafe_b64decode(part.encode()))
    except ValueError:
        return None
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def import_public_key(jwk: Mapping[str, object]) -> Key | None:
    """Read a public signing key; `None` for a key that must not verify anything.

    That is a shared secret, a private key, one for encryption, or RSA under 2048 bits.
    """
    kinds: dict[str, type[RSAKey | ECKey | OKPKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
    kind = kinds.get(str(jwk.get("kty")))
    if kind is None or "d" in jwk or jwk.get("use", "sig") != "sig":
        return None
    try:
        key = kind.import_key(cast("dict[str, Any]", dict(jwk)))
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    if isinstance(key, RSAKey) and key.raw_value.key_size < SMALLEST_RSA_KEY:
        return None
    return key

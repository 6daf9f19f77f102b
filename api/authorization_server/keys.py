"""Signing keys: RSA, kept in a file that only its owner reads, published as a JWKS."""

import os
import stat
import tempfile
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from api.authorization_server.signed import SMALLEST_RSA_KEY

DEFAULT_KEY = 3072


class KeyFileError(Exception):
    """A key file cannot be used as it is; the message says what to do."""


def generate(bits: int = DEFAULT_KEY) -> RSAKey:
    """Make a signing key of at least 2048 bits, named by its RFC 7638 thumbprint."""
    if bits < SMALLEST_RSA_KEY:
        raise ValueError(f"A signing key has at least {SMALLEST_RSA_KEY} bits.")
    return RSAKey.generate_key(bits, auto_kid=True)


def load(path: Path) -> RSAKey:
    """Read a signing key from a PEM file.

    Raises:
        KeyFileError: it is not a plain file of ours that only we can read, or not such a key.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError as error:
        raise KeyFileError(
            f"The key file {path.name} cannot be opened: {error.strerror}."
        ) from None
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(file.fileno())
        if os.name == "posix" and (
            not stat.S_ISREG(facts.st_mode)
            or stat.S_IMODE(facts.st_mode) & 0o077
            or facts.st_uid != os.geteuid()
        ):
            raise KeyFileError(
                f"The key file {path.name} must be a plain file of the user that runs this,"
                " readable by nobody else. Set its mode to 0600."
            )
        content = file.read()
    try:
        key = RSAKey.import_key(content)
    except (JoseError, ValueError, TypeError):
        key = None
    if key is None or not key.is_private or key.raw_value.key_size < SMALLEST_RSA_KEY:
        raise KeyFileError(
            f"The key file {path.name} must hold an RSA private key in PEM form,"
            f" of at least {SMALLEST_RSA_KEY} bits and without a password."
        )
    key.ensure_kid()
    return key


def load_or_create(path: Path, bits: int = DEFAULT_KEY) -> RSAKey:
    """Read the signing key, or make one; of several processes that start at once, one makes it."""
    if not os.path.lexists(path):
        content = generate(bits).as_pem(private=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent)  # made with mode 0600
        written = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(written, path)
            except FileExistsError:
                return load(path)
        finally:
            written.unlink()
    return load(path)


def public_jwks(*keys: RSAKey) -> dict[str, list[dict[str, Any]]]:
    """Publish the public half of keys as a JWKS with `kid`, `kty`, `alg` and `use`."""
    return {
        "keys": [
            {**key.as_dict(private=False), "kid": key.kid, "alg": "PS256", "use": "sig"}
            for key in keys
        ]
    }

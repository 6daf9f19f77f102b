"""Passwords, keys and settings of a development start, kept beside the embedded database."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

from api.authorization_server.keys import load_or_create, public_jwks
from ops.folders import write_private

LOGIN_ROLES = (
    "schakel_migrate",
    "schakel_app",
    "schakel_aggregate",
    "schakel_import",
    "schakel_jobs",
    "schakel_audit",
)
SUPERUSER = "schakel_cluster"
DATABASE = "schakel"

_KEYS = ("CLAIMS_KEY", "VAULT_KEY", "SEALING_KEY", "CURSOR_KEY")


def secrets_of(folder: Path) -> dict[str, str]:
    """The passwords and keys in `secrets.env`; what is missing is made and written first.

    Names are `PASSWORD_<ROLE>` and `CLAIMS_KEY`, `VAULT_KEY`, `SEALING_KEY`, `CURSOR_KEY`; values
    hold letters, digits, `-`, `_`, `+`, `/` and `=` only.
    """
    path = folder / "secrets.env"
    found: dict[str, str] = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            name, separator, value = line.partition("=")
            if separator:
                found[name] = value
    wanted = [f"PASSWORD_{role.upper()}" for role in (SUPERUSER, *LOGIN_ROLES)]
    made = {name: secrets.token_urlsafe(24) for name in wanted if name not in found}
    made |= {name: _key() for name in _KEYS if name not in found}
    if made:
        found |= made
        write_private(path, "".join(f"{name}={value}\n" for name, value in sorted(found.items())))
    return found


def development(folder: Path, urls: dict[str, str], port: int) -> dict[str, str]:
    """The environment variables of a development start: databases, keys and the two issuers.

    `urls` maps a login role to its database URL. The development issuer has a key of its own, so
    that a production server that knows only the embedded one's never accepts its tokens.
    """
    kept = secrets_of(folder)
    base = f"http://127.0.0.1:{port}"
    server_key, server_jwks = _signing_key(folder, "authorization-server")
    issuer_key, issuer_jwks = _signing_key(folder, "development-issuer")
    trusted = [
        {"issuer": base, "jwks_file": str(server_jwks)},
        {"issuer": f"{base}/development", "jwks_file": str(issuer_jwks), "development": True},
    ]
    return {
        "SCHAKEL_ENVIRONMENT": "development",
        "SCHAKEL_PORT": str(port),
        "SCHAKEL_PUBLIC_URL": base,
        **{
            f"SCHAKEL_DATABASES__{role.removeprefix('schakel_').upper()}": url
            for role, url in urls.items()
        },
        **{f"SCHAKEL_{name}": kept[name] for name in _KEYS},
        "SCHAKEL_TRUSTED_ISSUERS": json.dumps(trusted),
        "SCHAKEL_EMBEDDED_AUTHORIZATION_SERVER": "true",
        "SCHAKEL_AUTHORIZATION_SERVER_KEY": str(server_key),
        "SCHAKEL_DEVELOPMENT_ISSUER_KEY": str(issuer_key),
    }


def named_servers() -> bool:
    """Whether the environment names the database servers to use, instead of the embedded one."""
    return any(name.upper().startswith("SCHAKEL_DATABASES") for name in os.environ)


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _signing_key(folder: Path, name: str) -> tuple[Path, Path]:
    """The files with the private key and the public key set; made when they are not there."""
    private = folder / f"{name}.pem"
    public = folder / f"{name}.jwks.json"
    published = json.dumps(public_jwks(load_or_create(private)))
    if not public.exists() or public.read_text(encoding="utf-8") != published:
        write_private(public, published)
    return private, public

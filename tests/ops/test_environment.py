"""Secrets are made once, kept private, and hold for the settings."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from api import settings
from api.authorization_server.keys import load
from ops.environment import LOGIN_ROLES, development, named_servers, secrets_of

URLS = {role: f"postgresql+asyncpg://{role}:x@/schakel" for role in LOGIN_ROLES}


def test_secrets_are_kept(tmp_path: Path) -> None:
    """The same secrets come back, all differ, and only their owner can read them."""
    first = secrets_of(tmp_path)
    assert secrets_of(tmp_path) == first
    assert len(set(first.values())) == len(first)
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600


def test_missing_secret_is_added(tmp_path: Path) -> None:
    """A file from before a role existed gets what it lacks and keeps what it has."""
    (tmp_path / "secrets.env").write_text("VAULT_KEY=kept\n")
    assert secrets_of(tmp_path)["VAULT_KEY"] == "kept"
    assert "VAULT_KEY=kept\n" in (tmp_path / "secrets.env").read_text()


def test_settings_accept_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a development start sets is what the settings ask for."""
    for name, value in development(tmp_path, URLS, 8042).items():
        monkeypatch.setenv(name, value)
    loaded = settings.load()
    assert loaded.environment is settings.Mode.DEVELOPMENT
    assert loaded.public_url == "http://127.0.0.1:8042"
    assert loaded.audience == "http://127.0.0.1:8042/graphql"
    assert loaded.databases.import_.get_secret_value() == URLS["schakel_import"]
    assert [issuer.development for issuer in loaded.trusted_issuers] == [False, True]
    assert named_servers()


def test_issuers_have_their_own_keys(tmp_path: Path) -> None:
    """The two issuers sign with different keys, published without their private part."""
    variables = development(tmp_path, URLS, 8000)
    sets = [
        json.loads(Path(issuer["jwks_file"]).read_text())["keys"]
        for issuer in json.loads(variables["SCHAKEL_TRUSTED_ISSUERS"])
    ]
    assert len({keys[0]["kid"] for keys in sets}) == 2
    assert all("d" not in key for keys in sets for key in keys)
    for name in ("SCHAKEL_AUTHORIZATION_SERVER_KEY", "SCHAKEL_DEVELOPMENT_ISSUER_KEY"):
        path = Path(variables[name])
        assert load(path).is_private
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

"""The settings name what is wrong and what to set, and never a value."""

from __future__ import annotations

import base64
import json
import os

import pytest

from api.settings import SettingsError, load


def key(letter: str) -> str:
    """A key of 32 equal bytes."""
    return base64.b64encode(letter.encode() * 32).decode()


GOOD = {
    "SCHAKEL_PUBLIC_URL": "https://schakel.example/",
    "SCHAKEL_CLAIMS_KEY": key("a"),
    "SCHAKEL_VAULT_KEY": key("b"),
    "SCHAKEL_SEALING_KEY": key("c"),
    "SCHAKEL_CURSOR_KEY": key("d"),
    "SCHAKEL_TRUSTED_ISSUERS": json.dumps(
        [{"issuer": "https://id.example", "jwks_uri": "https://id.example/jwks"}]
    ),
    **{
        f"SCHAKEL_DATABASES__{role}": f"postgresql+asyncpg://{role}:hidden@db/schakel"
        for role in ("APP", "AGGREGATE", "IMPORT", "JOBS", "AUDIT")
    },
}


@pytest.fixture(autouse=True)
def good(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings with which production starts."""
    for name in list(os.environ):
        if name.startswith("SCHAKEL_"):
            monkeypatch.delenv(name)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_production_is_the_default() -> None:
    """Whoever says nothing gets production, on loopback, without the embedded server."""
    loaded = load()
    assert loaded.environment == "production"
    assert loaded.host == "127.0.0.1"
    assert loaded.public_url == "https://schakel.example"
    assert not loaded.embedded_authorization_server


def test_secrets_are_not_shown() -> None:
    """Printing the settings shows no password and no key."""
    assert "hidden" not in repr(load())
    assert "aaaa" not in repr(load())


@pytest.mark.parametrize("name", sorted(set(GOOD) - {"SCHAKEL_PUBLIC_URL"}))
def test_missing(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Each setting that is missing is named with what to do."""
    monkeypatch.delenv(name)
    with pytest.raises(SettingsError, match=name):
        load()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SCHAKEL_EMBEDDED_AUTHORIZATION_SERVER", "true", "must be false in production"),
        ("SCHAKEL_DEVELOPMENT_ISSUER_KEY", "issuer.jwk.json", "must not be set in production"),
        ("SCHAKEL_PUBLIC_URL", "http://schakel.example", "must start with https"),
        ("SCHAKEL_VAULT_KEY", key("a"), "must differ"),
        ("SCHAKEL_VAULT_KEY", "c2hvcnQ=", "32 bytes in base64"),
        ("SCHAKEL_VAULT_KEY", "not base64!", "32 bytes in base64"),
        ("SCHAKEL_DATABASES__APP", "postgresql://hidden", "postgresql\\+asyncpg"),
        ("SCHAKEL_TRUSTED_ISSUERS", "[]", "at least one issuer"),
        ("SCHAKEL_TRUSTED_ISSUERS", '[{"issuer": "x"}]', "jwks_uri or jwks_file"),
        ("SCHAKEL_TRUSTED_ISSUERS", "[{", "not the JSON"),
        (
            "SCHAKEL_TRUSTED_ISSUERS",
            '[{"issuer": "x", "jwks_file": "y", "development": true}]',
            "must not hold a development issuer",
        ),
        ("SCHAKEL_PORT", "0", "SCHAKEL_PORT"),
    ],
)
def test_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str) -> None:
    """What production must not have is refused with what to do, and no value is repeated."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=says) as caught:
        load()
    assert "hidden" not in str(caught.value)


def test_url_safe_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in the URL-safe alphabet without padding is the same key."""
    raw = bytes(range(224, 256))
    monkeypatch.setenv("SCHAKEL_VAULT_KEY", base64.urlsafe_b64encode(raw).decode().rstrip("="))
    assert load().vault_key.get_secret_value() == raw


def test_embedded_server_needs_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded authorization server does not start without a key to sign with."""
    monkeypatch.setenv("SCHAKEL_ENVIRONMENT", "development")
    monkeypatch.setenv("SCHAKEL_EMBEDDED_AUTHORIZATION_SERVER", "true")
    with pytest.raises(SettingsError, match="SCHAKEL_AUTHORIZATION_SERVER_KEY"):
        load()

"""What can be set, and what production refuses to start without.

Every setting is an environment variable with the prefix `SCHAKEL_`; two underscores reach into a
group, as in `SCHAKEL_DATABASES__APP`.
"""

from __future__ import annotations

import base64
import binascii
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretBytes,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableError

KEY_BYTES = 32


class SettingsError(Exception):
    """The settings do not hold; the text names each variable and what to do, and no value."""


class Mode(StrEnum):
    """What the process is for."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


def _decoded(value: object) -> object:
    """Turn base64, either alphabet, padded or not, into bytes."""
    if not isinstance(value, str):
        return value
    text = value.strip().translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        message = f"must be {KEY_BYTES} bytes in base64"
        raise ValueError(message) from None


def _long_enough(key: SecretBytes) -> SecretBytes:
    if len(key.get_secret_value()) != KEY_BYTES:
        message = f"must be {KEY_BYTES} bytes in base64"
        raise ValueError(message)
    return key


def _driven_by_asyncpg(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith("postgresql+asyncpg://"):
        message = "must start with postgresql+asyncpg://"
        raise ValueError(message)
    return url


def _without_slash(url: str) -> str:
    return url.rstrip("/")


Key = Annotated[SecretBytes, BeforeValidator(_decoded), AfterValidator(_long_enough)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_driven_by_asyncpg)]


class Databases(BaseModel):
    """One URL per login role; each names the same database."""

    model_config = ConfigDict(populate_by_name=True, frozen=True)

    app: DatabaseUrl
    aggregate: DatabaseUrl
    import_: Annotated[DatabaseUrl, Field(alias="import")]
    jobs: DatabaseUrl
    audit: DatabaseUrl
    migrate: DatabaseUrl | None = None
    """Only `schakel migrate` and the setting up of a demo need it."""


class TrustedIssuer(BaseModel):
    """An authorization server whose access tokens are accepted."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    jwks_uri: str | None = None
    jwks_file: Path | None = None
    development: bool = False
    """A development issuer gives anybody any persona: production never trusts one."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.jwks_uri is None) == (self.jwks_file is None):
            message = "needs either jwks_uri or jwks_file"
            raise ValueError(message)
        return self


class Settings(BaseSettings):
    """The settings of one process, read once when it starts.

    Raises:
        ValidationError: something is missing or malformed; `load` turns it into plain lines.
    """

    model_config = SettingsConfigDict(
        env_prefix="SCHAKEL_",
        env_nested_delimiter="__",
        frozen=True,
        hide_input_in_errors=True,
    )

    environment: Mode = Mode.PRODUCTION
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    public_url: Annotated[str, AfterValidator(_without_slash)] = "http://127.0.0.1:8000"
    """Where the outside world finds this server: base of the embedded issuer, and audience."""

    databases: Databases

    claims_key: Key
    """Digest over the claims that a transaction carries into the database."""
    vault_key: Key
    """Keyed index over national numbers, and their encryption."""
    sealing_key: Key
    """Envelope around sealed texts."""
    cursor_key: Key
    """Seal of the cursors that a list gives out."""

    trusted_issuers: tuple[TrustedIssuer, ...] = ()
    embedded_authorization_server: bool = False
    authorization_server_key: Path | None = None
    """File with the private JWK that the embedded authorization server signs with."""
    development_issuer_key: Path | None = None
    """File with the private JWK that `schakel token` signs with."""

    @property
    def issuer(self) -> str:
        """The issuer name of the embedded authorization server."""
        return self.public_url

    @property
    def audience(self) -> str:
        """What an access token must name as its audience."""
        return f"{self.public_url}/graphql"

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        wrong: list[str] = []
        if self.environment is Mode.PRODUCTION:
            wrong += self._refused_in_production()
        if self.embedded_authorization_server and self.authorization_server_key is None:
            wrong.append(
                "SCHAKEL_AUTHORIZATION_SERVER_KEY must name the signing key's file when the "
                "embedded authorization server is on"
            )
        if not self.trusted_issuers and not self.embedded_authorization_server:
            wrong.append(
                "SCHAKEL_TRUSTED_ISSUERS must name at least one issuer: without one no token is "
                "accepted"
            )
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _refused_in_production(self) -> list[str]:
        wrong: list[str] = []
        if self.embedded_authorization_server:
            wrong.append(
                "SCHAKEL_EMBEDDED_AUTHORIZATION_SERVER must be false in production: name your own "
                "server in SCHAKEL_TRUSTED_ISSUERS"
            )
        if any(issuer.development for issuer in self.trusted_issuers):
            wrong.append(
                "SCHAKEL_TRUSTED_ISSUERS must not hold a development issuer in production: remove "
                "it"
            )
        if self.development_issuer_key is not None:
            wrong.append("SCHAKEL_DEVELOPMENT_ISSUER_KEY must not be set in production: remove it")
        if not self.public_url.startswith("https://"):
            wrong.append("SCHAKEL_PUBLIC_URL must start with https:// in production")
        keys = (self.claims_key, self.vault_key, self.sealing_key, self.cursor_key)
        if len({key.get_secret_value() for key in keys}) != len(keys):
            wrong.append("the four SCHAKEL_..._KEY values must differ from each other")
        return wrong


def load() -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingsError: one line per variable that is missing or malformed, without its value.
    """
    try:
        return Settings()  # pyright: ignore[reportCallIssue] - the environment gives the values
    except ValidationError as error:
        lines = [_line(problem["loc"], problem["msg"]) for problem in error.errors()]
        text = "The settings do not hold:\n" + "\n".join(f"  - {line}" for line in lines)
        raise SettingsError(text) from None
    except UnreadableError as error:
        message = f"A setting is not the JSON that it should be: {error}"
        raise SettingsError(message) from None


def _line(place: tuple[int | str, ...], message: str) -> str:
    text = message.removeprefix("Value error, ")
    if not place:
        return text
    name = "SCHAKEL_" + "__".join(str(part).upper() for part in place)
    if text == "Field required":
        return f"{name} is not set: {_WHAT_TO_SET.get(str(place[-1]), 'set it')}"
    return f"{name}: {text}"


_KEY_HINT = f"set it to {KEY_BYTES} random bytes in base64 (openssl rand -base64 {KEY_BYTES})"
_URL_HINT = "set it to postgresql+asyncpg://ROLE:PASSWORD@HOST/DATABASE with the role's own login"
_WHAT_TO_SET = {
    "claims_key": _KEY_HINT,
    "vault_key": _KEY_HINT,
    "sealing_key": _KEY_HINT,
    "cursor_key": _KEY_HINT,
    "databases": "set SCHAKEL_DATABASES__APP, __AGGREGATE, __IMPORT, __JOBS and __AUDIT",
    "app": _URL_HINT,
    "aggregate": _URL_HINT,
    "import": _URL_HINT,
    "jobs": _URL_HINT,
    "audit": _URL_HINT,
}

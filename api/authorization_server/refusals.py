"""Refusals of the token endpoint, as OAuth writes them (RFC 6749, section 5.2)."""

from typing import Literal

OAuthError = Literal[
    "invalid_request",
    "invalid_client",
    "unsupported_grant_type",
    "invalid_scope",
    "invalid_target",
    "invalid_authorization_details",
]


class TokenRefused(Exception):  # noqa: N818 - it says what happened, as the client sees it
    """A token request is refused; `description` may be shown to anyone."""

    def __init__(self, error: OAuthError, description: str, *, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status

"""Access tokens of the development issuer, for the personas of the demo."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from ops.personas import find, folder_of
from permissions.vocabulary import Purpose

if TYPE_CHECKING:
    from api.settings import Settings

LIFETIME = timedelta(minutes=15)


def mint(settings: Settings, persona: str, purpose: str) -> str:
    """Return a token for a persona and one of its purposes, good for fifteen minutes.

    Raises:
        ClickException: there is no development issuer, persona or purpose of that name.
    """
    from api.authorization_server.issue import mint as sign
    from api.authorization_server.keys import load

    if settings.development_issuer_key is None:
        raise click.ClickException("There is no development issuer here: ask your own server.")
    found = find(folder_of(settings), persona)
    if purpose not in found.purposes:
        raise click.ClickException(
            f"{persona} has no purpose {purpose!r}. Choose from: {', '.join(found.purposes)}."
        )
    return sign(
        load(settings.development_issuer_key),
        issuer=f"{settings.public_url}/development",
        audience=settings.audience,
        subject=found.actor_id,
        client_id=found.client,
        role=str(found.role),
        purpose=str(Purpose(purpose)),
        organisation=found.organisation,
        lifetime=LIFETIME,
    )

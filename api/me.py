"""What the token says of its bearer, and which rules it stands under."""

from typing import Any

import strawberry
from strawberry.types import Info

from api.context import context_of
from permissions.table import TABLE
from permissions.vocabulary import Purpose


@strawberry.type(
    description="A rule of the policy table that speaks for the token (autorisatieregel)."
)
class Entitlement:
    """What a rule permits, as a sentence in parts."""

    activity: str = strawberry.field(description="What may be done (verwerking).")
    data_class: str = strawberry.field(description="With which data class (gegevensklasse).")
    tie: str = strawberry.field(description="While which fact holds (band).")
    basis: str = strawberry.field(description="On which ground of AVG art. 6 (grondslag).")
    exception: str | None = strawberry.field(
        description="By which exception of AVG art. 9 (uitzondering)."
    )
    ends: str = strawberry.field(description="What ends it (einde).")
    source: str = strawberry.field(description="The legal source (bron).")


@strawberry.type(description="Who asks, as the token says (vrager).")
class Me:
    """The bearer of the token."""

    role: str = strawberry.field(description="The role (functie).")
    purpose: Purpose = strawberry.field(description="The one purpose of the token (doelbinding).")
    entitlements: list[Entitlement] = strawberry.field(
        description="The rules that speak for this role and purpose; each still needs its tie."
    )


@strawberry.type
class MeQuery:
    """Reading what one is."""

    @strawberry.field(
        description="Who asks; null without a token. No data about anyone (wie ben ik)."
    )
    async def me(self, info: Info[Any, Any]) -> Me | None:
        """Return the bearer of the token and its rules."""
        request = context_of(info).request
        if request is None:
            return None
        actor = request.actor
        return Me(
            role=str(actor.role),
            purpose=actor.purpose,
            entitlements=[
                Entitlement(
                    activity=str(rule.may),
                    data_class=str(rule.what),
                    tie=str(rule.tie),
                    basis=str(rule.basis),
                    exception=None if rule.exception is None else str(rule.exception),
                    ends=str(rule.end),
                    source=rule.source,
                )
                for rule in TABLE
                if rule.who is actor.role and rule.purpose is actor.purpose
            ],
        )

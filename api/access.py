"""Why something is seen: the rule behind a row, in the words of the policy table."""

from typing import Any

import strawberry

from api.enums import describe
from permissions.table import TABLE
from permissions.vocabulary import Purpose, Tie
from permissions.words import PURPOSES, TIES

_RULES = {rule.id: rule for rule in TABLE}


strawberry.enum(
    Purpose, name="Purpose", description="What data is used for (doelbinding). One per token."
)
strawberry.enum(
    Tie, name="Tie", description="The fact that connects the asker to what is seen, while it lasts."
)
describe(
    Purpose,
    {key: f"{said.en[0].upper()}{said.en[1:]} ({said.nl})." for key, said in PURPOSES.items()},
)
describe(
    Tie,
    {key: f"{said.en[0].upper()}{said.en[1:]} (zolang {said.nl})." for key, said in TIES.items()},
)


@strawberry.type(
    description="Why a thing is seen (toegang), from rules and ties alone: it says nothing of "
    "whether withheld data exists."
)
class Access:
    """The rule that makes a row visible, and what is withheld on it."""

    purpose: Purpose = strawberry.field(description="The purpose of the token (doelbinding).")
    tie: Tie = strawberry.field(description="The fact that connects the asker to it (band).")
    basis: str = strawberry.field(description="The ground in AVG art. 6 (grondslag).")
    exception: str | None = strawberry.field(
        description="The exception for special-category data (uitzondering, AVG art. 9)."
    )
    source: str = strawberry.field(description="The legal source of the rule (bron).")
    until: str | None = strawberry.field(
        description="When the tie ends as known now (ISO 8601), null while that is open."
    )
    withheld: list[str] = strawberry.field(
        description="Data classes that are not given on this object (onthouden)."
    )

    @staticmethod
    def of(value: dict[str, Any]) -> "Access":
        """Return the access that a statement's row describes."""
        rule = _RULES[value["rule"]]
        return Access(
            purpose=rule.purpose,
            tie=rule.tie,
            basis=str(rule.basis),
            exception=None if rule.exception is None else str(rule.exception),
            source=rule.source,
            until=value["until"],
            withheld=value["withheld"],
        )

"""One thing said in two languages."""

import strawberry

from permissions.words import Words


@strawberry.type(description="One thing said in two languages.")
class Wording:
    """The words."""

    nl: str = strawberry.field(description="In Dutch (Nederlands).")
    en: str = strawberry.field(description="In English (Engels).")

    @staticmethod
    def of(words: Words) -> "Wording":
        """Return words of the policy."""
        return Wording(nl=words.nl, en=words.en)

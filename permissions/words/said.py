"""One thing said in two languages."""

from typing import NamedTuple


class Words(NamedTuple):
    """One thing said in Dutch and in English."""

    nl: str
    en: str

    def said(self, language: str) -> str:
        """Return it in one language: 'nl' for Dutch, anything else for English."""
        return self.nl if language == "nl" else self.en

"""Prints the table as sentences for a lawyer: `python -m permissions.render` writes MATRIX.md.

The page is made from the table and nothing else; a stale copy fails the build. Its diff is what
is approved when a rule changes.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from permissions.law import BASES, EXCEPTIONS, SOURCES, UNCONFIRMED
from permissions.table import TABLE
from permissions.vocabulary import TO_BE_CONFIRMED, Role, Rule
from permissions.words import (
    ACTIVITIES,
    DATA_CLASSES,
    ENDS,
    PURPOSES,
    ROLES,
    TIES,
    Words,
)

MATRIX: Final = Path(__file__).with_name("MATRIX.md")

_TITLE = Words("Wie mag wat, waarvoor en tot wanneer", "Who may do what, for what and until when")
_COUNTED = Words(
    "Regels: **{rules}**. Daarvan met een bron die **nog te bevestigen** is: **{unconfirmed}**.",
    "Rules: **{rules}**. Of these with a source **to be confirmed**: **{unconfirmed}**.",
)
_NOTHING_ELSE = Words(
    "Wat hier niet staat, mag niet. Elke rij staat op zichzelf: de volgorde betekent niets.",
    "What is not here is not permitted. Every row stands alone: the order means nothing.",
)
_OF_ROLE = Words(
    "Regels: {rules}, nog te bevestigen: {unconfirmed}.",
    "Rules: {rules}, to be confirmed: {unconfirmed}.",
)
_COLUMNS = Words("| Gegevens | Regel | Bevestigd |", "| Data | Rule | Confirmed |")
_CONFIRMED = Words("ja", "yes")
_LANGUAGES = {"nl": "Nederlands", "en": "English"}


def is_confirmed(rule: Rule) -> bool:
    """Return whether the source of a rule stands without reserve."""
    return TO_BE_CONFIRMED not in rule.source


def dutch(rule: Rule) -> str:
    """Return the rule as one Dutch sentence, its source behind it.

    Raises:
        KeyError: a part of the rule has no Dutch words.
    """
    act = ACTIVITIES[rule.may].nl.format(what=DATA_CLASSES[rule.what].nl)
    lifted = (
        ""
        if rule.exception is None
        else f", met als uitzondering op het verbod van AVG art. 9: {EXCEPTIONS[rule.exception].nl}"
    )
    return (
        f"{ROLES[rule.who].nl} mag {act}, voor {PURPOSES[rule.purpose].nl},"
        f" zolang {TIES[rule.tie].nl}, op grond van {BASES[rule.basis].nl}{lifted},"
        f" tot {ENDS[rule.end].nl}. Bron: {SOURCES[rule.source]}."
    )


def english(rule: Rule) -> str:
    """Return the rule as one English sentence, its source behind it.

    Raises:
        KeyError: a part of the rule has no English words.
    """
    act = ACTIVITIES[rule.may].en.format(what=DATA_CLASSES[rule.what].en)
    lifted = (
        ""
        if rule.exception is None
        else f", with {EXCEPTIONS[rule.exception].en} as the exception to AVG 9"
    )
    return (
        f"{ROLES[rule.who].en} may {act}, for {PURPOSES[rule.purpose].en},"
        f" tied by {TIES[rule.tie].en}, on the basis of {BASES[rule.basis].en}{lifted},"
        f" until {ENDS[rule.end].en}. Source: {rule.source}."
    )


def matrix(table: Sequence[Rule] = TABLE) -> str:
    """Return the whole page: Dutch first, then English, grouped by role."""
    parts = [
        "<!-- Made by `python -m permissions.render` from table.py; do not edit. -->",
        f"# {_TITLE.nl}",
        f"*{_TITLE.en}: [English](#english). Leeswijzer / how to read: [README](README.md).*",
    ]
    for language in ("nl", "en"):
        parts += _page(table, language)
    return "\n\n".join(parts) + "\n"


def _page(table: Sequence[Rule], language: str) -> Iterator[str]:
    """Give the page of one language, block by block."""
    yield f"## {_LANGUAGES[language]}"
    yield _counted(_said(_COUNTED, language), table)
    yield _said(_NOTHING_ELSE, language)
    for role in dict.fromkeys(rule.who for rule in table):
        rules = [rule for rule in table if rule.who is role]
        yield f"### {_heading(role, language)}"
        yield _counted(_said(_OF_ROLE, language), rules)
        yield "\n".join(
            [_said(_COLUMNS, language), "| --- | --- | --- |", *_lines(rules, language)]
        )


def _lines(rules: Iterable[Rule], language: str) -> Iterator[str]:
    """Give one line for each rule, each with the one data class it is about."""
    for rule in rules:
        sentence = dutch(rule) if language == "nl" else english(rule)
        confirmed = (
            _said(_CONFIRMED, language)
            if is_confirmed(rule)
            else f"**{_said(UNCONFIRMED, language)}**"
        )
        yield f"| `{rule.what}` | {sentence} | {confirmed} |"


def _heading(role: Role, language: str) -> str:
    """Return the name of a role without its article, as a title."""
    _, _, name = _said(ROLES[role], language).partition(" ")
    return name[:1].upper() + name[1:]


def _counted(text: str, rules: Sequence[Rule]) -> str:
    """Return a text with how many rules there are and how many are unconfirmed."""
    return text.format(rules=len(rules), unconfirmed=sum(not is_confirmed(rule) for rule in rules))


def _said(words: Words, language: str) -> str:
    """Return words in one language."""
    return words.nl if language == "nl" else words.en


def main() -> None:
    """Write the page beside the table."""
    MATRIX.write_text(matrix(), encoding="utf-8")


if __name__ == "__main__":
    main()

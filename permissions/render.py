"""Prints the table: sentences for a lawyer, Cedar policies for whoever analyses them.

`python -m permissions.render` writes MATRIX.md and the files in `permissions/cedar`. They are made
from the table and nothing else; a stale copy fails the build. The difference of MATRIX.md is what
is approved when a rule changes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from permissions import cedar
from permissions.law import BASES, EXCEPTIONS, SOURCES, UNCONFIRMED, prohibition
from permissions.table import TABLE
from permissions.vocabulary import TO_BE_CONFIRMED, Role, Rule
from permissions.words import (
    ENDS,
    PURPOSES,
    ROLES,
    Words,
    act_of,
    tie_of,
)

MATRIX: Final = Path(__file__).with_name("MATRIX.md")
CEDAR: Final = MATRIX.with_name("cedar")

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
_LIFTED = {
    "nl": ", met als uitzondering op het verbod van {ban}: {exception}",
    "en": ", with {exception} as the exception to {ban}",
}
_LANGUAGES = {"nl": "Nederlands", "en": "English"}


def is_confirmed(rule: Rule) -> bool:
    """Return whether the source of a rule stands without reserve."""
    return TO_BE_CONFIRMED not in rule.source


def dutch(rule: Rule) -> str:
    """Return the rule as one Dutch sentence, its source behind it.

    Raises:
        KeyError: a part of the rule has no Dutch words.
    """
    return (
        f"{ROLES[rule.who].nl} mag {act_of(rule).nl}, voor {PURPOSES[rule.purpose].nl},"
        f" zolang {tie_of(rule).nl}, op grond van {BASES[rule.basis].nl}{_lifted(rule, 'nl')},"
        f" tot {ENDS[rule.end].nl}. Bron: {SOURCES[rule.source]}."
    )


def english(rule: Rule) -> str:
    """Return the rule as one English sentence, its source behind it.

    Raises:
        KeyError: a part of the rule has no English words.
    """
    return (
        f"{ROLES[rule.who].en} may {act_of(rule).en}, for {PURPOSES[rule.purpose].en},"
        f" while {tie_of(rule).en}, on the basis of {BASES[rule.basis].en}{_lifted(rule, 'en')},"
        f" until {ENDS[rule.end].en}. Source: {rule.source}."
    )


def _lifted(rule: Rule, language: str) -> str:
    """Return what lifts the prohibition on special-category data, or nothing."""
    if rule.exception is None:
        return ""
    ban = prohibition(rule.exception).said(language)
    exception = EXCEPTIONS[rule.exception].said(language)
    return _LIFTED[language].format(exception=exception, ban=ban)


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
    yield _counted(_COUNTED.said(language), table)
    yield _NOTHING_ELSE.said(language)
    for role in dict.fromkeys(rule.who for rule in table):
        rules = [rule for rule in table if rule.who is role]
        yield f"### {heading(role, language)}"
        yield _counted(_OF_ROLE.said(language), rules)
        yield "\n".join([_COLUMNS.said(language), "| --- | --- | --- |", *_lines(rules, language)])


def _lines(rules: Iterable[Rule], language: str) -> Iterator[str]:
    """Give one line for each rule, each with the one data class it is about."""
    for rule in rules:
        sentence = dutch(rule) if language == "nl" else english(rule)
        confirmed = (
            _CONFIRMED.said(language) if is_confirmed(rule) else f"**{UNCONFIRMED.said(language)}**"
        )
        yield f"| `{rule.what}` | {sentence} | {confirmed} |"


def heading(role: Role, language: str) -> str:
    """Return the name of a role without its article, as a title."""
    _, _, name = ROLES[role].said(language).partition(" ")
    return name[:1].upper() + name[1:]


def _counted(text: str, rules: Sequence[Rule]) -> str:
    """Return a text with how many rules there are and how many are unconfirmed."""
    return text.format(rules=len(rules), unconfirmed=sum(not is_confirmed(rule) for rule in rules))


def pages() -> Mapping[Path, str]:
    """Return everything that is made from the table, by the file that holds it."""
    return {
        MATRIX: matrix(),
        CEDAR / "policies.cedar": cedar.policies(),
        CEDAR / "schema.cedarschema": cedar.schema(),
    }


def main() -> None:
    """Write the page and the policies beside the table."""
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

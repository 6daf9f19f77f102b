"""Prints the table as Cedar: one `permit` per rule, and the schema that types them.

Nothing is added and nothing left out: an actor has a role and a purpose, an activity is an action,
a thing has a data class and the ties that hold between it and the actor now. Which ties hold is
a matter of facts, given with the question; Cedar decides what follows.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final

from permissions.table import TABLE
from permissions.vocabulary import Activity, DataClass, Purpose, Role, Rule, Tie

NAMESPACE: Final = "Schakel"

_MADE: Final = "// Made by `python -m permissions.render` from table.py; do not edit."
_VOCABULARIES: Final[dict[str, type[StrEnum]]] = {
    "Role": Role,
    "Purpose": Purpose,
    "DataClass": DataClass,
    "Tie": Tie,
}
_SCHEMA: Final = """\
  // Who asks, in which function and for which one purpose.
  entity Actor = {
    role: Role,
    purpose: Purpose,
  };

  // What is asked for: something of one data class, with the ties that hold between it and the
  // actor at the instant of the question.
  entity Thing = {
    dataClass: DataClass,
    tied: Set<Tie>,
  };
"""


def policies(table: Sequence[Rule] = TABLE) -> str:
    """Return a `permit` for every rule of the table, grouped by role."""
    parts = [_MADE]
    for role in dict.fromkeys(rule.who for rule in table):
        parts.append(f"// {role}")
        parts += [policy(rule) for rule in table if rule.who is role]
    return "\n\n".join(parts) + "\n"


def policy(rule: Rule) -> str:
    """Return one rule as a `permit` that carries the rule's name, basis, exception, end, source."""
    return "\n".join(
        [
            *(f"@{name}({_quoted(text)})" for name, text in _annotations(rule)),
            f"permit (principal, action == {_member('Action', rule.may)}, resource)",
            "when {",
            f"  principal.role == {_member('Role', rule.who)} &&",
            f"  principal.purpose == {_member('Purpose', rule.purpose)} &&",
            f"  resource.dataClass == {_member('DataClass', rule.what)} &&",
            f"  resource.tied.contains({_member('Tie', rule.tie)})",
            "};",
        ]
    )


def schema() -> str:
    """Return the types of the policies, in which every vocabulary is a closed list."""
    return "\n".join(
        [
            _MADE,
            f"namespace {NAMESPACE} {{",
            *(_listed(name, members) for name, members in _VOCABULARIES.items()),
            _SCHEMA,
            "  // What is done (verwerking).",
            f"  action{_list(Activity)}appliesTo {{",
            "    principal: [Actor],",
            "    resource: [Thing],",
            "  };",
            "}",
            "",
        ]
    )


def _annotations(rule: Rule) -> Iterator[tuple[str, str]]:
    """Give what a policy says about itself; Cedar keeps it and decides nothing by it."""
    yield "id", rule.id
    yield "basis", rule.basis
    if rule.exception is not None:
        yield "exception", rule.exception
    yield "end", rule.end
    yield "source", rule.source


def _listed(name: str, members: Iterable[str]) -> str:
    """Return a vocabulary as an entity type with exactly its members."""
    return f"  entity {name} enum [{_list(members)}];\n"


def _list(members: Iterable[str]) -> str:
    """Return names, one a line."""
    return "\n    " + ",\n    ".join(map(_quoted, members)) + "\n  "


def _member(kind: str, name: str) -> str:
    """Return the name of one member of a vocabulary."""
    return f"{NAMESPACE}::{kind}::{_quoted(name)}"


def _quoted(text: str) -> str:
    """Return text as a Cedar string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

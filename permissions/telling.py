"""Tells the table of one version of the policy, as JSON: `python -I telling.py FOLDER`.

It runs in a process of its own, in which `permissions` is the package in that folder and not this
one. So it imports nothing of either but by name, and takes a version as it finds it: one that lacks
the words for a rule gives the rule without its sentence.
"""

import json
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, Final

GROUNDS: Final = ("basis", "exception", "end", "source")
"""What a rule rests on and ends by: what can change while the permission stays the same."""

Say = Callable[[Any], str]


def told(table: Iterable[Any], dutch: Say, english: Say) -> list[dict[str, Any]]:
    """Return the rules of a table as plain values, each with its sentences where it has words."""
    return [
        {
            "id": rule.id,
            "role": str(rule.who),
            "grounds": {name: str(getattr(rule, name) or "") for name in GROUNDS},
            "nl": _said(dutch, rule),
            "en": _said(english, rule),
        }
        for rule in table
    ]


def _said(say: Say, rule: Any) -> str | None:  # noqa: ANN401 - a rule of whichever version
    """Return the sentence of a rule, or nothing where a part of it has no words."""
    try:
        return say(rule)
    except KeyError:
        return None


def main() -> None:
    """Print the table of the version in the folder that the command names."""
    sys.path.insert(0, sys.argv[1])
    table = import_module("permissions.table").TABLE
    render = import_module("permissions.render")
    json.dump(told(table, render.dutch, render.english), sys.stdout)


if __name__ == "__main__":
    main()

"""Dated tables of what other systems' words for presence and absence mean here.

One file per format in `mappings/`; each entry has its source and the days on which it holds. A
word that a table does not know is None here: the reader that met it says where, and nothing of
the file is taken. Widening a table is a change of data.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypedDict, cast

from domain.reference.files import day, holds, json_file

PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word means: a category of ours, a reason of ours, or both."""

    category: str | None
    reason: str | None
    source: str
    valid_from: date
    valid_until: date | None


_Entry = TypedDict(
    "_Entry",
    {
        "list": str,
        "code": str,
        "with": str | None,
        "category": str | None,
        "reason": str | None,
        "source": str,
        "valid_from": str,
        "valid_until": str | None,
    },
)
_Key = tuple[str, str, str | None]


class _File(TypedDict):
    format: str
    about: str
    entries: list[_Entry]


@cache
def table(name: str) -> dict[_Key, list[Meaning]]:
    """Return the table of a format: list, word and accompanying word to what they mean."""
    found: dict[_Key, list[Meaning]] = {}
    for entry in cast("_File", json_file("mappings", f"{name}.json"))["entries"]:
        found.setdefault((entry["list"], entry["code"], entry["with"]), []).append(
            Meaning(
                category=entry["category"],
                reason=entry["reason"],
                source=entry["source"],
                valid_from=date.fromisoformat(entry["valid_from"]),
                valid_until=day(entry["valid_until"]),
            )
        )
    return found


def meaning(
    name: str, list_: str, code: str, on: date, accompanied_by: str | None = None
) -> Meaning | None:
    """Return what a word of a format means on a day, or None when the table does not say.

    An entry for exactly this accompanying word goes before one that names none.
    """
    known = table(name)
    for accompanying in dict.fromkeys((accompanied_by, None)):
        for entry in known.get((list_, code, accompanying), ()):
            if holds(entry.valid_from, entry.valid_until, on):
                return entry
    return None

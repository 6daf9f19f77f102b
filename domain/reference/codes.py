"""Dated codes of attendance: categories, and reasons with the data class that guards each.

The list is `codes/attendance.json`; a code that changes meaning gets an end day and a new entry.
An unknown code is None here; the capability that met it says what is wrong and where.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypedDict, cast

from domain.reference.files import day, holds, json_file


@dataclass(frozen=True, slots=True)
class AbsenceCategory:
    """What kind of presence or absence it was (verzuimcategorie), and what guards that fact."""

    code: str
    data_class: str
    nl: str
    en: str
    source: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class AbsenceReason:
    """Why someone was absent (verzuimreden), with the categories it may go with.

    `data_class` guards the reason itself: an illness or a religious duty is special-category data.
    """

    code: str
    categories: tuple[str, ...]
    data_class: str
    nl: str
    en: str
    source: str
    valid_from: date
    valid_until: date | None


class _CategoryEntry(TypedDict):
    code: str
    data_class: str
    nl: str
    en: str
    source: str
    valid_from: str
    valid_until: str | None


class _ReasonEntry(_CategoryEntry):
    categories: list[str]


class _CodesFile(TypedDict):
    categories: list[_CategoryEntry]
    reasons: list[_ReasonEntry]


@cache
def _content() -> _CodesFile:
    return cast("_CodesFile", json_file("codes", "attendance.json"))


@cache
def categories() -> tuple[AbsenceCategory, ...]:
    """Return every category that ever held, in the order of the list."""
    return tuple(
        AbsenceCategory(
            code=entry["code"],
            data_class=entry["data_class"],
            nl=entry["nl"],
            en=entry["en"],
            source=entry["source"],
            valid_from=date.fromisoformat(entry["valid_from"]),
            valid_until=day(entry["valid_until"]),
        )
        for entry in _content()["categories"]
    )


@cache
def reasons() -> tuple[AbsenceReason, ...]:
    """Return every reason that ever held, in the order of the list."""
    return tuple(
        AbsenceReason(
            code=entry["code"],
            categories=tuple(entry["categories"]),
            data_class=entry["data_class"],
            nl=entry["nl"],
            en=entry["en"],
            source=entry["source"],
            valid_from=date.fromisoformat(entry["valid_from"]),
            valid_until=day(entry["valid_until"]),
        )
        for entry in _content()["reasons"]
    )


def category(code: str, on: date) -> AbsenceCategory | None:
    """Return the category with this code on a day, or None when there is none."""
    for entry in categories():
        if entry.code == code and holds(entry.valid_from, entry.valid_until, on):
            return entry
    return None


def reason(code: str, on: date) -> AbsenceReason | None:
    """Return the reason with this code on a day, or None when there is none."""
    for entry in reasons():
        if entry.code == code and holds(entry.valid_from, entry.valid_until, on):
            return entry
    return None

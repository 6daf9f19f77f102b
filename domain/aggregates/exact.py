"""The school's own exact figures, as it may read them: marked as not for publication."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, func, literal_column

from domain.aggregates.measures import TIME
from domain.aggregates.models import BranchTable
from domain.aggregates.shown import names
from domain.organisations.views import table
from domain.reach import Kind
from domain.reading.view import Field, View
from permissions.vocabulary import DataClass
from permissions.words import Words

MARK: Final = Words(
    "Niet voor publicatie. Dit zijn exacte aantallen van eigen leerlingen: kleine aantallen zijn "
    "tot personen te herleiden. Deel naar buiten alleen de gepubliceerde cijfers.",
    "Not for publication. These are exact counts of the school's own pupils: small counts can be "
    "traced to persons. Share only the published figures with others.",
)
_KEPT = ("measure", "categories", "groups", "cells")


def _kept(row: FromClause) -> ColumnElement[Any]:
    parts: list[ColumnElement[Any]] = []
    for name in _KEPT:
        parts += [literal_column(f"'{name}'"), row.c[name]]
    return func.json_build_object(*parts)


def _counts(categories: list[str], pupils: list[int]) -> list[dict[str, Any]]:
    return [
        {"category": name, "name": names.named(names.PARTS, name), "amount": count}
        for name, count in zip(categories, pupils, strict=True)
    ]


def _by_category(kept: Mapping[str, Any]) -> list[list[int]]:
    """Return the cells of each category, one per group."""
    width, cells = len(kept["groups"]), kept["cells"]
    return [cells[at : at + width] for at in range(0, len(cells), width)] if width else []


def total_of(kept: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return all pupils of a table by category, or minutes by class of time."""
    if kept["measure"] == TIME:
        minutes = [cells[0] for cells in _by_category(kept)]
        return _counts(kept["categories"], minutes)
    return _counts(kept["categories"], [sum(cells) for cells in _by_category(kept)])


def groups_of(kept: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the groups of a table that have pupils, such as `3_4:f`, with their counts."""
    if kept["measure"] == TIME:
        return []
    found: list[dict[str, Any]] = []
    rows = _by_category(kept)
    for at, name in enumerate(kept["groups"]):
        years, _, sexes = name.partition(":")
        pupils = [cells[at] for cells in rows]
        if not any(pupils):
            continue
        found.append(
            {
                "years": [year for year in years.split("+") if year],
                "sexes": [sex for sex in sexes.split("+") if sex],
                "pupils": sum(pupils),
                "counts": _counts(kept["categories"], pupils),
            }
        )
    return found


def _mark(_measure: str) -> Words:
    return MARK


tables = View(
    "exactFigures",
    table(BranchTable),
    keys={Kind.BRANCH: "branch_id"},
    row_class=DataClass.AGGREGATE_BRANCH_EXACT,
    traced=True,
    order=("first_day", "kind", "measure", "id"),
    descending=True,
    fields={
        "periodKind": Field("kind"),
        "firstDay": Field("first_day"),
        "measure": Field("measure"),
        "vintage": Field("vintage"),
        "notForPublication": Field("measure", after=_mark),
        "total": Field(_kept, after=total_of),
        "groups": Field(_kept, after=groups_of),
        "takenAt": Field("taken_at"),
    },
)

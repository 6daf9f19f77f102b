"""JSON-stat 2.0: a cube for each measure and division; several of them are a collection."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import orjson

from domain.aggregates.export.tables import Released, Table
from domain.aggregates.shown import explained, guidance_of, names
from permissions.words import Words

_SOURCE: Final = "Schakel"
_METRICS: Final = {
    "count": Words("afgerond aantal", "rounded count"),
    "share": Words("aandeel", "share"),
    "low": Words("laagste waarde", "lowest value"),
    "high": Words("hoogste waarde", "highest value"),
}
"""What is told of a part; `status` says, under the count, what is shown in its place."""


def jsonstat_text(tables: Sequence[Table], release: Released) -> str:
    """Return tables, ordered by measure and division, as JSON-stat: a dataset, or a collection."""
    cubes = [
        _cube(measure, by, list(same), release)
        for (measure, by), same in groupby(tables, key=lambda table: (table.measure, table.by))
    ]
    if len(cubes) == 1:
        return orjson.dumps(cubes[0], option=orjson.OPT_INDENT_2).decode()
    collection = {
        "version": "2.0",
        "class": "collection",
        "label": _title(release),
        "updated": release.released_at,
        "link": {"item": cubes},
        "extension": _extension(release),
    }
    return orjson.dumps(collection, option=orjson.OPT_INDENT_2).decode()


def _cube(measure: str, by: str, tables: Sequence[Table], release: Released) -> dict[str, Any]:
    labels = _names(row for table in tables for row in table.rows)
    parts = _names(part for table in tables for row in table.rows for part in row["parts"])
    values: dict[str, Any] = {}
    status: dict[str, str] = {}
    strides = (len(labels) * len(parts) * len(_METRICS), len(parts) * len(_METRICS), len(_METRICS))
    label_at = {label: at for at, label in enumerate(labels)}
    part_at = {part: at for at, part in enumerate(parts)}
    for unit_at, table in enumerate(tables):
        for row in table.rows:
            for part in row["parts"]:
                first = (
                    unit_at * strides[0]
                    + label_at[row["label"]] * strides[1]
                    + part_at[part["part"]] * strides[2]
                )
                status[str(first)] = part["form"]
                for at, metric in enumerate(_METRICS):
                    if part[metric] is not None:
                        values[str(first + at)] = part[metric]
    units = {table.unit: table.unit_name for table in tables}
    guidance = guidance_of(measure)
    return {
        "version": "2.0",
        "class": "dataset",
        "label": f"{measure} ({by}), {_title(release)}",
        "source": _SOURCE,
        "updated": release.released_at,
        "note": list(explained("")),
        "role": {"time": ["period"], "geo": ["unit"], "metric": ["metric"]},
        "id": ["period", "unit", "label", "part", "metric"],
        "size": [1, len(units), len(labels), len(parts), len(_METRICS)],
        "dimension": {
            "period": _dimension("periode", {release.period: release.period}),
            "unit": _dimension("eenheid", units),
            "label": _dimension("label", labels),
            "part": _dimension("onderdeel", parts),
            "metric": _dimension("grootheid", {key: words.nl for key, words in _METRICS.items()}),
        },
        "value": values,
        "status": status,
        "extension": {
            **_extension(release),
            "measure": measure,
            "by": by,
            "indicator": None if guidance is None else guidance["code"],
            "forms": {form: words._asdict() for form, words in names.FORMS.items()},
            "countedTogether": {
                table.unit: list(table.members) for table in tables if table.members
            },
        },
    }


def _names(found: Any) -> dict[str, str]:  # noqa: ANN401 - rows and parts are told apart by key
    """Return what labels or parts are called in Dutch, in the order in which they are met."""
    return {str(each.get("label") or each["part"]): each["name"].nl for each in found}


def _dimension(label: str, categories: Mapping[str, str]) -> dict[str, Any]:
    return {"label": label, "category": {"index": list(categories), "label": dict(categories)}}


def _title(release: Released) -> str:
    return f"Verzuimcijfers {release.period}, versie {release.vintage}"


def _extension(release: Released) -> dict[str, Any]:
    return {
        "vintage": release.vintage,
        "method": release.method,
        "ruleSet": release.rule_set,
        "boundaries": release.boundaries,
        "digest": f"sha256:{release.digest}",
    }

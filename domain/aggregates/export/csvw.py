"""CSV with its metadata: RFC 4180, and W3C *Metadata Vocabulary for Tabular Data* (2015)."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final

import orjson

from domain.aggregates.export.tables import Line, Released, Table, lines_of
from domain.aggregates.shown import explained, guidance_of
from permissions.words import Words

METADATA_TYPE: Final = "application/csvm+json"
_CONTEXT: Final = "http://www.w3.org/ns/csvw"
_SEPARATOR: Final = " "


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    title: Words
    datatype: Any
    value: Callable[[Line, Released], object]
    required: bool = True
    listed: bool = False


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


COLUMNS: Final = (
    _Column("period", Words("periode", "period"), "string", lambda _, release: release.period),
    _Column("vintage", Words("versie", "vintage"), "integer", lambda _, release: release.vintage),
    _Column("unit", Words("eenheid", "unit"), "string", lambda line, _: line.table.unit),
    _Column("level", Words("niveau", "level"), "string", lambda line, _: line.table.level),
    _Column(
        "unit_name",
        Words("naam", "name of the unit"),
        "string",
        lambda line, _: line.table.unit_name,
    ),
    _Column(
        "counted_together",
        Words("samen geteld", "counted together"),
        "string",
        lambda line, _: _SEPARATOR.join(line.table.members),
        required=False,
        listed=True,
    ),
    _Column("measure", Words("maat", "measure"), "string", lambda line, _: line.table.measure),
    _Column("by", Words("uitsplitsing", "divided by"), "string", lambda line, _: line.table.by),
    _Column("label", Words("label", "label"), "string", lambda line, _: line.label),
    _Column("part", Words("onderdeel", "part"), "string", lambda line, _: line.part["part"]),
    _Column("form", Words("vorm", "form"), "string", lambda line, _: line.part["form"]),
    _Column("shown", Words("getoond", "as shown"), "string", lambda line, _: line.part["text"].nl),
    _Column(
        "count",
        Words("afgerond aantal", "rounded count"),
        {"base": "integer", "minimum": 0},
        lambda line, _: line.part["count"],
        required=False,
    ),
    _Column(
        "share",
        Words("aandeel", "share"),
        {"base": "decimal", "minimum": 0, "maximum": 1},
        lambda line, _: line.part["share"],
        required=False,
    ),
    _Column(
        "low",
        Words("laagste waarde", "lowest value"),
        {"base": "integer", "minimum": 0},
        lambda line, _: line.part["low"],
        required=False,
    ),
    _Column(
        "high",
        Words("hoogste waarde", "highest value"),
        {"base": "integer", "minimum": 0},
        lambda line, _: line.part["high"],
        required=False,
    ),
    _Column(
        "certain",
        Words("grenzen gelden altijd", "bounds always hold"),
        {"base": "boolean", "format": "true|false"},
        lambda line, _: line.part["certain"],
    ),
)
"""The columns of a file, in their order."""

KEY: Final = ("period", "vintage", "unit", "measure", "by", "label", "part")


def csv_text(tables: Sequence[Table], release: Released) -> str:
    """Return the lines of tables as CSV with a header, in UTF-8, each line ended by CR and LF."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in COLUMNS])
    for line in lines_of(tables):
        writer.writerow([_plain(column.value(line, release)) for column in COLUMNS])
    return out.getvalue()


def metadata_text(tables: Sequence[Table], release: Released, *, url: str) -> str:
    """Return the metadata of the CSV file with a name, as JSON.

    Args:
        tables: what the file holds; their measures are explained.
        release: what it is of.
        url: the file, relative to the metadata.
    """
    measures = list(dict.fromkeys(table.measure for table in tables))
    found = {
        "@context": [_CONTEXT, {"@language": "nl"}],
        "url": url,
        "dc:title": f"Verzuimcijfers {release.period}, versie {release.vintage}",
        "dc:description": [_said(explained(""), "nl"), _said(explained(""), "en")],
        "dc:identifier": f"sha256:{release.digest}",
        "dc:issued": {"@value": release.released_at, "@type": "xsd:dateTime"},
        "dc:conformsTo": [release.method, release.rule_set, release.boundaries],
        "dialect": {
            "encoding": "utf-8", "delimiter": ",", "header": True, "lineTerminators": ["\r\n"],
        },
        "tableSchema": {
            "columns": [_described(column) for column in COLUMNS], "primaryKey": list(KEY),
        },
        "notes": [
            {"measure": measure, **_guidance(measure)} for measure in measures
        ],
    }  # fmt: skip
    return orjson.dumps(found, option=orjson.OPT_INDENT_2).decode()


def _described(column: _Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "titles": {"und": column.name},
        "dc:title": [_said(column.title, "nl"), _said(column.title, "en")],
        "datatype": column.datatype,
        "required": column.required,
    }
    if column.listed:
        found["separator"] = _SEPARATOR
    return found


def _said(words: Words, language: str) -> dict[str, str]:
    return {"@value": words.said(language), "@language": language}


def _guidance(measure: str) -> dict[str, Any]:
    found = guidance_of(measure)
    if found is None:
        return {}
    return {
        "indicator": found["code"],
        "says": found["says"]._asdict(),
        "doesNotSay": found["doesNotSay"]._asdict(),
        "misreadings": [text._asdict() for text in found["misreadings"]],
    }

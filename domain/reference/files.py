"""Reads the reference files that are shipped beside this module."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import TypedDict

_HERE = files("domain.reference")


class Text(TypedDict):
    """The same text in Dutch and in English."""

    nl: str
    en: str


def holds(valid_from: date, valid_until: date | None, on: date) -> bool:
    """Return whether an entry holds on a day: from its first day until its end, that excluded."""
    return valid_from <= on and (valid_until is None or on < valid_until)


def day(text: str | None) -> date | None:
    """Return the day that an ISO 8601 text names, None for none."""
    return None if text is None else date.fromisoformat(text)


def is_unconfirmed(source: str) -> bool:
    """Return whether a source still has to be confirmed by a lawyer, as its own words say."""
    return source.endswith("to be confirmed")


def packed_text(*path: str) -> str:
    """Return the text of a gzip file below this folder."""
    return gzip.decompress(_HERE.joinpath(*path).read_bytes()).decode()


def packed_rows(*path: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a compressed CSV file with a header."""
    yield from csv.DictReader(io.StringIO(packed_text(*path), newline=""), strict=True)


def json_file(*path: str) -> object:
    """Return the content of a JSON file below this folder."""
    return json.loads(_HERE.joinpath(*path).read_text(encoding="utf-8"))


def json_names(folder: str) -> list[str]:
    """Return the names of the JSON files in a folder, in alphabetical order."""
    return sorted(
        entry.name for entry in _HERE.joinpath(folder).iterdir() if entry.name.endswith(".json")
    )

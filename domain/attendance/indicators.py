"""The registry of indicators: what each number is, what it says, and what it does not say.

About no person: it is the schooling that belongs to a number, given where the number is read. One
entry is one indicator; its texts are data, in `indicators.json`, in plain Dutch and English (B1).
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, cast

import orjson

from domain.reference.files import Text

ATTENDANCE_RATE: Final = "ATTENDANCE_RATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator.

    `data_class` guards its values; `read_at` is where the API gives them; `rule_codes` are the
    rules that judge it, empty for a number that nothing judges.
    """

    code: str
    name: Text
    formula: Text
    numerator: Text
    denominator: Text
    unit: Text
    says: Text
    does_not_say: Text
    misreadings: tuple[Text, ...]
    source: str
    data_class: str
    read_at: str
    rule_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """A code of data quality that comes with a value, and what to do with it."""

    code: str
    explanation: Text


@cache
def _content() -> dict[str, list[dict[str, Any]]]:
    text = files("domain.attendance").joinpath("indicators.json").read_bytes()
    return cast("dict[str, list[dict[str, Any]]]", orjson.loads(text))


@cache
def indicators() -> tuple[Indicator, ...]:
    """Return every indicator, in the order in which they are explained."""
    return tuple(
        Indicator(
            code=entry["code"],
            name=entry["name"],
            formula=entry["formula"],
            numerator=entry["numerator"],
            denominator=entry["denominator"],
            unit=entry["unit"],
            says=entry["says"],
            does_not_say=entry["does_not_say"],
            misreadings=tuple(entry["misreadings"]),
            source=entry["source"],
            data_class=entry["data_class"],
            read_at=entry["read_at"],
            rule_codes=tuple(entry["rule_codes"]),
        )
        for entry in _content()["indicators"]
    )


@cache
def flags() -> tuple[Flag, ...]:
    """Return every flag of data quality."""
    return tuple(Flag(**entry) for entry in _content()["flags"])

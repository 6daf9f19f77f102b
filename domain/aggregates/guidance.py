"""What each published measure says and does not say, in plain Dutch and English (B1).

The texts are data, in `guidance.json`: an indicator for each measure, as for the numbers about one
pupil, and one sentence for schools on how numbers are rounded.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, cast

import orjson

from domain.attendance.indicators import Indicator
from domain.reference.files import Text
from permissions.vocabulary import DataClass

READ_AT: Final = "Query.figures"


@cache
def _content() -> dict[str, Any]:
    text = files("domain.aggregates").joinpath("guidance.json").read_bytes()
    return cast("dict[str, Any]", orjson.loads(text))


def rounding() -> Text:
    """Return what is said beside every figure on how it was rounded."""
    return cast("Text", _content()["rounding"])


@cache
def guidance() -> Mapping[str, Indicator]:
    """Return the indicator of each measure, by the measure's name."""
    return {
        entry["measure"]: Indicator(
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
            data_class=str(DataClass.AGGREGATE_BRANCH),
            read_at=f"{READ_AT} (measure: {entry['measure']})",
            rule_codes=(),
        )
        for entry in _content()["measures"]
    }

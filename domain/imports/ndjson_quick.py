"""The short way to read the most common line: an exception without anything unusual about it.

It knows no rule of its own: whatever is not plainly right is left to the careful reader, which says
what is wrong with it. A test holds the two against each other.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, Final, cast

import orjson

from domain.imports import ndjson_values as values
from domain.imports.ndjson_lines import ExceptionLine

_FIELDS: Final = frozenset(
    ("kind", "id", "pupil", "date", "startUnit", "lessonUnits", "minutes", "category")
)
_WITH_REASON: Final = _FIELDS | {"reason"}
_CATEGORIES: Final = frozenset(values.CATEGORIES)
_LONGEST_KEY: Final = 64
_LONGEST_PUPIL: Final = 256
_MOST_UNITS: Final = 40
_MOST_MINUTES: Final = 1_440


@lru_cache(maxsize=4_096)
def _day(text: str) -> date | None:
    return _checked(values.weekday, text)


@lru_cache(maxsize=4_096)
def _is_reason(text: str) -> bool:
    return _checked(values.reason, text) is not None


def _checked(check: Callable[[object], Any], text: str) -> Any:  # noqa: ANN401 - what it checks
    try:
        return check(text)
    except values.Wrong:
        return None


def quickly(number: int, raw: bytes) -> ExceptionLine | None:  # noqa: PLR0911 - each way out is one doubt
    """Return the exception that a line plainly is, or None when it has to be looked at closely."""
    # Without a backslash every quotation mark begins or ends a name or a text, so that their
    # number tells whether a field stands twice.
    if b"\\" in raw:
        return None
    try:
        parsed: object = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(parsed, dict):
        return None
    fields = cast("dict[str, Any]", parsed)
    reason: object = fields.get("reason")
    wanted = _FIELDS if "reason" not in fields else _WITH_REASON
    if fields.get("kind") != "exception" or fields.keys() != wanted:
        return None
    key, pupil, day = fields["id"], fields["pupil"], fields["date"]
    start, units, minutes = fields["startUnit"], fields["lessonUnits"], fields["minutes"]
    category = fields["category"]
    if not (
        type(key) is type(pupil) is type(day) is type(category) is str
        and type(start) is type(units) is type(minutes) is int
    ):
        return None
    texts = 5
    if "reason" in fields:
        if type(reason) is not str or not _is_reason(reason):
            return None
        texts = 6
    if raw.count(b'"') != 2 * (len(fields) + texts):
        return None
    found = _day(day)
    if (
        found is None
        or category not in _CATEGORIES
        or not 0 < len(key) <= _LONGEST_KEY
        or not 0 < len(pupil) <= _LONGEST_PUPIL
        or not (key.isprintable() and pupil.isprintable())
        or not 0 <= start <= _MOST_UNITS
        or not 0 <= units <= _MOST_UNITS
        or not 1 <= minutes <= _MOST_MINUTES
    ):
        return None
    return ExceptionLine(
        number, key, pupil, found, start, units, minutes,
        category, cast("str | None", reason),
    )  # fmt: skip

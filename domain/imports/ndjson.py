"""Reads attendance in Schakel's own delivery format: one JSON object per line (NDJSON), UTF-8.

The format is documented in `frontend-contract/delivery/README.md` and published as a JSON Schema
beside it; a test holds this reader and that schema together. What only the reader can check:
that a date and a week exist, that a day is a weekday, that a range does not run backwards and is
no longer than a year, that no field stands twice.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final, NoReturn, TypeVar, cast

from domain.imports import ndjson_values as values
from domain.imports.ndjson_lines import (
    Category,
    DeletedLine,
    DeliveredLine,
    ExceptionLine,
    Line,
    ScheduleLine,
    Week,
)
from domain.imports.ndjson_quick import quickly
from domain.imports.problems import Problem, Problems

__all__ = [
    "Category",
    "DeletedLine",
    "DeliveredLine",
    "ExceptionLine",
    "Line",
    "ScheduleLine",
    "Week",
    "read",
]

MOST_WEEKS: Final = 53
"""One schedule line covers at most a year."""

_KIB: Final = 1024
_MIB: Final = 1024 * 1024
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"

MOST_LINES: Final = 12_000_000
"""More than a year of a region of fifty thousand pupils; packed, lines cost a sender nothing."""

T = TypeVar("T")


def read(
    source: BinaryIO,
    *,
    limit_line_bytes: int = 16 * _KIB,
    limit_bytes: int = 2048 * _MIB,
    limit_lines: int = MOST_LINES,
) -> Iterator[Line]:
    """Yield the lines of a delivery one by one, in bounded memory, and its problems at the end.

    Lines that break no rule are yielded even when others do: the caller keeps nothing until the
    iteration ends without `Refused`. Rules across lines (an `id` used twice, an unknown pupil,
    more minutes than scheduled) are the caller's.

    Raises:
        Refused: after the last line, with every broken rule (at most a thousand).
    """
    problems = Problems()
    found = False
    for number, raw in _raw_lines(source, limit_line_bytes, limit_bytes, problems):
        found = True
        if number > limit_lines:
            advice = "Deliver a shorter period, or one branch at a time."
            rule = f"The file has more than {limit_lines:,} lines."
            problems.add(Problem(None, "file", rule, advice))
            break
        try:
            yield quickly(number, raw) or _line(number, raw)
        except _Broken as broken:
            problems.extend(
                Problem(number, field, rule, advice) for field, rule, advice in broken.found
            )
        if problems.enough:
            break
    if not found and not problems:
        problems.add(
            Problem(None, "file", "The file holds no line.", "Deliver one JSON object per line.")
        )
    if problems:
        problems.refuse()


class _Broken(Exception):  # noqa: N818 - rules are broken; the caller adds the line
    """What is wrong with one line: (field, rule, advice) for each broken rule."""

    def __init__(self, *found: tuple[str, str, str]) -> None:
        super().__init__(len(found))
        self.found = found


def _raw_lines(
    source: BinaryIO, limit_line: int, limit: int, problems: Problems
) -> Iterator[tuple[int, bytes]]:
    """Yield (number, bytes) of each line that is not too long, until the file is too long."""
    number = taken = 0
    while raw := source.readline(limit_line + 1):
        number += 1
        taken += len(raw)
        whole = raw
        while whole and len(raw) > limit_line and not whole.endswith(b"\n") and taken <= limit:
            whole = source.readline(limit_line + 1)
            taken += len(whole)
        if taken > limit:
            advice = "Deliver a shorter period, or one branch at a time."
            rule = f"The file is larger than {limit} bytes."
            problems.add(Problem(None, "file", rule, advice))
            return
        if len(raw.rstrip(b"\r\n")) > limit_line or whole is not raw:
            advice = "Write one object per line; no object comes near this size."
            rule = f"The line is longer than {limit_line} bytes."
            problems.add(Problem(number, "line", rule, advice))
            continue
        if number == 1 and raw.startswith(_BYTE_ORDER_MARK):
            advice = "Save the file as UTF-8 without byte order mark."
            problems.add(Problem(1, "file", "The file begins with a byte order mark.", advice))
            raw = raw.removeprefix(_BYTE_ORDER_MARK)
        yield number, raw


def _line(number: int, raw: bytes) -> Line:
    fields = _object(raw)
    kind = fields.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        advice = f"Use one of: {', '.join(_KINDS)}."
        raise _Broken(("kind", "The kind of line is missing or unknown.", advice))
    taken = _Taken(kind, fields)
    made = _KINDS[kind].make(number, taken)
    taken.finish()
    return made


def _object(raw: bytes) -> dict[str, object]:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise _Broken(("line", "The line is not UTF-8.", "Save the file as UTF-8.")) from None
    if not text.strip(" \t\r\n"):
        advice = "Remove it; every line is one JSON object."
        raise _Broken(("line", "The line is empty.", advice))
    try:
        value: object = _DECODER.decode(text)
    except (ValueError, RecursionError):
        advice = "Write one complete JSON object on this line, as JSON (RFC 8259) has it."
        raise _Broken(("line", "The line is not JSON.", advice)) from None
    if not isinstance(value, dict):
        advice = 'Write one object, such as {"kind": "delivered", "week": "2026-W36"}.'
        raise _Broken(("line", "The line is not a JSON object.", advice))
    return cast("dict[str, object]", value)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) == len(pairs):
        return fields
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    known = {name for kind in _KINDS.values() for name in kind.fields} | {"kind"}
    field = twice[0] if twice[0] in known else "line"
    raise _Broken((field, "A field stands twice in one object.", "Keep it once."))


def _no_constant(_: str) -> NoReturn:
    advice = "Write a whole number."
    raise _Broken(("line", "NaN and Infinity are not numbers in JSON.", advice))


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


class _Taken:
    """Takes the fields out of one object; collects every broken rule before it raises."""

    def __init__(self, kind: str, fields: Mapping[str, object]) -> None:
        self._fields = fields
        self._allowed = _KINDS[kind].fields
        self._broken: list[tuple[str, str, str]] = []
        unknown = fields.keys() - self._allowed - {"kind"}
        if unknown:
            advice = f"Remove it; `{kind}` has: {', '.join(self._allowed)}."
            self.note("line", f"The line has {len(unknown)} field(s) that are unknown.", advice)

    def note(self, field: str, rule: str, advice: str) -> None:
        """Note a broken rule."""
        self._broken.append((field, rule, advice))

    def take(self, name: str, check: Callable[[object], T], fallback: T) -> T:
        """The checked value of a field, or the fallback after noting why."""
        if name not in self._fields:
            self.note(name, "The field is missing.", "Add it.")
            return fallback
        try:
            return check(self._fields[name])
        except values.Wrong as wrong:
            self.note(name, wrong.rule, wrong.advice)
            return fallback

    def take_if_there(self, name: str, check: Callable[[object], T]) -> T | None:
        """The checked value of an optional field."""
        return self.take(name, check, cast("T", None)) if name in self._fields else None

    def finish(self) -> None:
        """Raise when any rule was broken."""
        if self._broken:
            raise _Broken(*self._broken)


_ANY_WEEK: Final = Week(2000, 1)
_ANY_DAY: Final = date(2000, 1, 3)
_pupil: Final = values.printed(256)
_exception_key: Final = values.printed(64)
_scheduled_minutes: Final = values.whole(0, 3_000)
_scheduled_units: Final = values.whole(0, 100)
_minutes: Final = values.whole(1, 1_440)
_units: Final = values.whole(0, 40)


def _schedule(line: int, taken: _Taken) -> ScheduleLine:
    made = ScheduleLine(
        line=line,
        pupil=taken.take("pupil", _pupil, ""),
        first=taken.take("from", values.week, _ANY_WEEK),
        last=taken.take("until", values.week, _ANY_WEEK),
        minutes=taken.take("minutes", _scheduled_minutes, 0),
        lesson_units=taken.take("lessonUnits", _scheduled_units, 0),
    )
    taken.finish()
    if made.last < made.first:
        taken.note("until", "The range ends before it begins.", "Give the last week in `until`.")
    elif (made.last.monday - made.first.monday).days // 7 >= MOST_WEEKS:
        rule = f"The range is longer than {MOST_WEEKS} weeks."
        taken.note("until", rule, "Deliver one school year at a time.")
    return made


def _delivered(line: int, taken: _Taken) -> DeliveredLine:
    return DeliveredLine(line=line, week=taken.take("week", values.week, _ANY_WEEK))


def _deleted(line: int, taken: _Taken) -> DeletedLine:
    key = taken.take_if_there("id", _exception_key)
    week = taken.take_if_there("week", values.week)
    taken.finish()
    if (key is None) == (week is None):
        advice = "Give the `id` of an exception, or the `week` that is no longer complete."
        taken.note("line", "A deletion names one thing.", advice)
    return DeletedLine(line, key, week)


def _exception(line: int, taken: _Taken) -> ExceptionLine:
    return ExceptionLine(
        line=line,
        key=taken.take("id", _exception_key, ""),
        pupil=taken.take("pupil", _pupil, ""),
        day=taken.take("date", values.weekday, _ANY_DAY),
        start_unit=taken.take("startUnit", _units, 0),
        lesson_units=taken.take("lessonUnits", _units, 0),
        minutes=taken.take("minutes", _minutes, 0),
        category=taken.take("category", values.category, "authorised"),
        reason=taken.take_if_there("reason", values.reason),
        presumed_category=taken.take_if_there("presumedCategory", values.category),
        presumed_reason=taken.take_if_there("presumedReason", values.reason),
    )


@dataclass(frozen=True, slots=True)
class _Kind:
    fields: Mapping[str, None]
    make: Callable[[int, _Taken], Line]


def _kind(fields: str, make: Callable[[int, _Taken], Line]) -> _Kind:
    return _Kind(dict.fromkeys(fields.split()), make)


_KINDS: Final[Mapping[str, _Kind]] = {
    "schedule": _kind("pupil from until minutes lessonUnits", _schedule),
    "delivered": _kind("week", _delivered),
    "deleted": _kind("id week", _deleted),
    "exception": _kind(
        "id pupil date startUnit lessonUnits minutes category reason"
        " presumedCategory presumedReason",
        _exception,
    ),
}

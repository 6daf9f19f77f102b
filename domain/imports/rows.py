"""Rows of CSV from outside: decoded, split and counted, each with the line it begins on.

UTF-8, with or without byte order mark, or else windows-1252. Refused: control characters and
unassigned bytes, quotes that do not close, fields and rows of absurd size, files over the limits.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, NoReturn

from domain.imports.problems import Problem, Refused

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_MARK: Final = b"\xef\xbb\xbf"
_KIB: Final = 1024
LONGEST_LINE: Final = 16 * _KIB
LONGEST_FIELD: Final = 4 * _KIB
_MOST_FIELDS: Final = 200
_MOST_LINES_OF_A_ROW: Final = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file, and the line on which it begins, counted from 1."""

    line: int
    fields: list[str]


def rows(
    source: BinaryIO, *, delimiter: str, limit_bytes: int, limit_rows: int, field: str = "file"
) -> Iterator[Row]:
    """Yield the rows of a file one by one; empty lines are passed over.

    `field` is what a problem with the file as such names.

    Raises:
        Refused: the file is not what this module takes.
    """
    lines = _Lines(source, limit_bytes, field)
    found = csv.reader(lines, delimiter=delimiter, strict=True)
    count = 0
    while True:
        begin = lines.number + 1
        try:
            fields = next(found, None)
        except csv.Error:
            _refuse(begin, field, "A quote does not close, or text follows one.", "Quote anew.")
        if fields is None:
            return
        if not fields:
            continue
        count += 1
        if count > limit_rows:
            rule = f"The file has more than {limit_rows:,} rows."
            _refuse(None, field, rule, "Deliver a shorter period, or one school at a time.")
        if lines.number - begin >= _MOST_LINES_OF_A_ROW or len(fields) > _MOST_FIELDS:
            _refuse(begin, field, "The row is absurdly large.", "Export the file again.")
        if any(len(value) > LONGEST_FIELD for value in fields):
            rule = f"A field is longer than {LONGEST_FIELD} characters."
            _refuse(begin, field, rule, "Shorten it; no field comes near this size.")
        yield Row(begin, fields)


def _refuse(line: int | None, field: str, rule: str, advice: str) -> NoReturn:
    raise Refused([Problem(line, field, rule, advice)])


class _Lines:
    """The lines of a file as text; the encoding is the first that a line beyond ASCII is in."""

    def __init__(self, source: BinaryIO, limit: int, field: str) -> None:
        self._source = source
        self._left = limit
        self._limit = limit
        self._field = field
        self._encoding: str | None = None
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        raw = self._source.readline(LONGEST_LINE + 1)
        if not raw:
            raise StopIteration
        self.number += 1
        self._left -= len(raw)
        if self._left < 0:
            rule = f"The file is larger than {self._limit} bytes."
            _refuse(None, self._field, rule, "Deliver a shorter period, or one school at a time.")
        if len(raw) > LONGEST_LINE:
            rule = f"The line is longer than {LONGEST_LINE} bytes."
            _refuse(self.number, self._field, rule, "Export the file again.")
        if self.number == 1 and raw.startswith(_MARK):
            self._encoding = "utf-8"
            raw = raw.removeprefix(_MARK)
        text = self._decoded(raw)
        if _CONTROL.search(text):
            advice = "Remove control characters and save the file as UTF-8."
            _refuse(self.number, self._field, "The line holds control characters.", advice)
        return text

    def _decoded(self, raw: bytes) -> str:
        if raw.isascii():
            return raw.decode("ascii")
        for encoding in (self._encoding,) if self._encoding else ("utf-8", "cp1252"):
            try:
                text = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            self._encoding = encoding
            return text
        _refuse(
            self.number,
            self._field,
            "A byte here is neither UTF-8 nor windows-1252, or both are used.",
            "Save the whole file as UTF-8.",
        )

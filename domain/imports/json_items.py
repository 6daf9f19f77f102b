"""The items of lists in one JSON document, one at a time, each with the line it begins on.

The bytes of the document are held and never its tree, so that memory stays that of the file and of
one value, which is bounded too. Refused: what is not JSON in UTF-8, a name that stands twice in one
object, `NaN` and `Infinity`, values and documents over their limits, and objects around the lists
with more names than any has.
"""

import json
import re
from codecs import getincrementaldecoder
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, NoReturn

from domain.imports.problems import Problem, Refused

_MARK: Final = b"\xef\xbb\xbf"
_SPACE: Final = re.compile(rb"[ \t\r\n]*")
_PIECE: Final = 64 * 1024
LONGEST_VALUE: Final = 256 * 1024
"""Bytes of one item, or of one member that is passed over; an item has some hundreds."""

MOST_NAMES: Final = 1_000
"""Members of an object that a list may be in."""

_WINDOWS: Final = (4 * 1024, 32 * 1024, LONGEST_VALUE)
"""So many bytes are looked at for one value, the next when it does not end in them."""

_LONGEST_WORD: Final = len("\\ud83d\\ude00-Infinity")
"""What may stand between the place of an error and the end of a window that cut a value off."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list; `name` is that of the member that holds it, "" when at the top."""

    name: str
    line: int
    value: object


def items(source: BinaryIO, *, limit_bytes: int, lists: Collection[str]) -> Iterator[Item]:
    """Yield the items of `{"items": [...]}`, at the top or below each member named in `lists`.

    Raises:
        Refused: the document is not JSON, too long, or holds none of the lists.
    """
    return _Document(_read(source, limit_bytes), lists).items()


def _refuse(line: int | None, rule: str, advice: str) -> NoReturn:
    raise Refused([Problem(line, "file", rule, advice)])


def _read(source: BinaryIO, limit: int) -> bytearray:
    data = bytearray()
    decoder = getincrementaldecoder("utf-8")()
    try:
        while piece := source.read(_PIECE):
            data += piece
            if len(data) > limit:
                rule = f"The file is larger than {limit} bytes."
                _refuse(None, rule, "Deliver a shorter period.")
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        _refuse(None, "The file is not UTF-8.", "Save the file as UTF-8.")
    return data


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a name stands twice"
        raise _TwiceError(message)
    return found


def _no_constant(_: str) -> NoReturn:
    message = "not a number in JSON"
    raise ValueError(message)


class _TwiceError(Exception):
    """A name stands twice in one object."""


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


def _cut_off(error: Exception, length: int) -> bool:
    """Return whether an error may come of the text ending early, and not of what it says."""
    return isinstance(error, json.JSONDecodeError) and (
        error.msg.startswith("Unterminated string") or error.pos >= length - _LONGEST_WORD
    )


class _Document:
    def __init__(self, data: bytearray, lists: Collection[str]) -> None:
        self._data = data
        self._lists = lists
        self._at = len(_MARK) if data.startswith(_MARK) else 0
        self._line = 1
        self._counted = 0
        self._found = False

    def items(self) -> Iterator[Item]:
        """Yield the items; the document ends after its one object."""
        yield from self._members("", self._lists)
        self._skip()
        if self._at != len(self._data):
            self._not_json()
        if not self._found:
            names = " or ".join(f"`{name}`" for name in self._lists)
            _refuse(None, f"The file holds no list of {names}.", "Deliver what was announced.")

    def _members(self, name: str, lists: Collection[str]) -> Iterator[Item]:
        """Yield the items in the object that begins here."""
        self._take(b"{")
        seen: set[str] = set()
        if self._next() == b"}":
            self._take(b"}")
            return
        while True:
            key = self._value() if self._next() == b'"' else self._not_json()
            if not isinstance(key, str) or key in seen:
                self._twice()
            seen.add(key)
            if len(seen) > MOST_NAMES:
                rule = f"An object has more than {MOST_NAMES:,} fields."
                _refuse(self._here(), rule, "Deliver the lists and what the API puts beside them.")
            self._take(b":")
            if key == "items" and self._next() == b"[":
                self._found = True
                yield from self._list(name)
            elif key in lists and self._next() == b"{":
                yield from self._members(key, ())
            else:
                self._value()
            if self._next() == b"}":
                self._take(b"}")
                return
            self._take(b",")

    def _list(self, name: str) -> Iterator[Item]:
        self._take(b"[")
        if self._next() == b"]":
            self._take(b"]")
            return
        while True:
            self._next()
            line = self._here()
            yield Item(name, line, self._value())
            if self._next() == b"]":
                self._take(b"]")
                return
            self._take(b",")

    def _value(self) -> object:
        self._skip()
        for window in _WINDOWS:
            last = self._at + window >= len(self._data)
            # All of it is UTF-8: only a character that the window cuts off is left out.
            text = self._data[self._at : self._at + window].decode("utf-8", "ignore")
            try:
                value, end = _DECODER.raw_decode(text)
            except _TwiceError:
                self._twice()
            except (ValueError, RecursionError) as error:
                if last or not _cut_off(error, len(text)):
                    self._not_json()
            else:
                if last or end < len(text):
                    self._at += end if text.isascii() else len(text[:end].encode())
                    return value
        rule = f"A value is longer than {LONGEST_VALUE:,} bytes."
        _refuse(self._here(), rule, "Deliver the lists alone, each absence as one item.")

    def _next(self) -> bytes:
        self._skip()
        return bytes(self._data[self._at : self._at + 1])

    def _take(self, character: bytes) -> None:
        if self._next() != character:
            self._not_json()
        self._at += 1

    def _skip(self) -> None:
        found = _SPACE.match(self._data, self._at)
        self._at = self._at if found is None else found.end()

    def _here(self) -> int:
        self._line += self._data.count(b"\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _not_json(self) -> NoReturn:
        advice = "Write one complete JSON object, as JSON (RFC 8259) has it."
        _refuse(self._here(), "The file is not JSON at this point.", advice)

    def _twice(self) -> NoReturn:
        _refuse(self._here(), "A field stands twice in one object.", "Keep it once.")

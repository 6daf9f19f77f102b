"""The items of lists in one JSON document, one at a time, each with the line it begins on.

The text of the document is held and never its tree, so that memory stays that of the text and of
one item. Refused: what is not JSON in UTF-8, a name that stands twice in one object, `NaN` and
`Infinity`, and documents over the limit.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, NoReturn

from domain.imports.problems import Problem, Refused

_MARK: Final = b"\xef\xbb\xbf"
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_PIECE: Final = 64 * 1024


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
    return _Document(_text(source, limit_bytes), lists).items()


def _refuse(line: int | None, rule: str, advice: str) -> NoReturn:
    raise Refused([Problem(line, "file", rule, advice)])


def _text(source: BinaryIO, limit: int) -> str:
    data = bytearray()
    while piece := source.read(_PIECE):
        data += piece
        if len(data) > limit:
            _refuse(None, f"The file is larger than {limit} bytes.", "Deliver a shorter period.")
    try:
        return data.removeprefix(_MARK).decode("utf-8")
    except UnicodeDecodeError:
        _refuse(None, "The file is not UTF-8.", "Save the file as UTF-8.")


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


class _Document:
    def __init__(self, text: str, lists: Collection[str]) -> None:
        self._text = text
        self._lists = lists
        self._at = 0
        self._line = 1
        self._counted = 0
        self._found = False

    def items(self) -> Iterator[Item]:
        """Yield the items; the document ends after its one object."""
        yield from self._members("", self._lists)
        self._skip()
        if self._at != len(self._text):
            self._not_json()
        if not self._found:
            names = " or ".join(f"`{name}`" for name in self._lists)
            _refuse(None, f"The file holds no list of {names}.", "Deliver what was announced.")

    def _members(self, name: str, lists: Collection[str]) -> Iterator[Item]:
        """Yield the items in the object that begins here."""
        self._take("{")
        seen: set[str] = set()
        if self._next() == "}":
            self._take("}")
            return
        while True:
            key = self._value() if self._next() == '"' else self._not_json()
            if not isinstance(key, str) or key in seen:
                self._twice()
            seen.add(key)
            self._take(":")
            if key == "items" and self._next() == "[":
                self._found = True
                yield from self._list(name)
            elif key in lists and self._next() == "{":
                yield from self._members(key, ())
            else:
                self._value()
            if self._next() == "}":
                self._take("}")
                return
            self._take(",")

    def _list(self, name: str) -> Iterator[Item]:
        self._take("[")
        if self._next() == "]":
            self._take("]")
            return
        while True:
            self._next()
            line = self._here()
            yield Item(name, line, self._value())
            if self._next() == "]":
                self._take("]")
                return
            self._take(",")

    def _value(self) -> object:
        self._skip()
        try:
            value, self._at = _DECODER.raw_decode(self._text, self._at)
        except _TwiceError:
            self._twice()
        except (ValueError, RecursionError):
            self._not_json()
        return value

    def _next(self) -> str:
        self._skip()
        return self._text[self._at : self._at + 1]

    def _take(self, character: str) -> None:
        if self._next() != character:
            self._not_json()
        self._at += 1

    def _skip(self) -> None:
        found = _SPACE.match(self._text, self._at)
        self._at = self._at if found is None else found.end()

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _not_json(self) -> NoReturn:
        advice = "Write one complete JSON object, as JSON (RFC 8259) has it."
        _refuse(self._here(), "The file is not JSON at this point.", advice)

    def _twice(self) -> NoReturn:
        _refuse(self._here(), "A field stands twice in one object.", "Keep it once.")

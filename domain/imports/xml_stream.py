"""XML from outside, parsed a line at a time and safely.

Refused: any document type declaration (and with it every entity, internal or external), other
encodings than four that contain ASCII, nesting beyond what any format needs, single records of
absurd size, files over the limit, and whatever is not well-formed. The parser's own messages are
never passed on: they quote the file.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Literal, NoReturn, Protocol, cast

# lxml has no type stubs: what is used of it is said by the protocols below.
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue, reportMissingTypeStubs, reportUnknownVariableType]

from domain.imports.problems import Problem, Refused

_etree: Any = cast("Any", etree)
_PIECE: Final = 64 * 1024
_DEEPEST: Final = 32
_EXACT_UP_TO: Final = 65_535
"""Up to this line libxml2 keeps the exact line of an element."""

_ENCODINGS: Final = frozenset({"utf-8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"})
_DECLARED: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']"
)
_PROLOG: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:[ \t\r\n]+|<\?.*?\?>|<!--.*?-->)*", flags=re.DOTALL
)

_NOT_WELL_FORMED: Final = (
    "The file is not well-formed XML at this point.",
    "Export the file again; do not edit it by hand.",
)
_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "ERR_DOCUMENT_EMPTY": (
        "The file holds no XML.",
        "Deliver the XML file itself, not an empty file.",
    ),
    "ERR_TAG_NOT_FINISHED": (
        "The file ends before its last element is closed.",
        "The file was cut off: export or upload it again.",
    ),
    "ERR_TAG_NAME_MISMATCH": (
        "An element is closed by another name than it was opened with.",
        "Export the file again; do not edit it by hand.",
    ),
    "ERR_UNDECLARED_ENTITY": (
        "An entity is used that XML does not know.",
        "Write the character itself; only the five entities of XML are taken.",
    ),
    "ERR_INVALID_ENCODING": (
        "A byte here is not in the encoding that the file declares.",
        "Save the file as UTF-8 and declare UTF-8 in its first line.",
    ),
    "ERR_INVALID_CHAR": (
        "A character here is not allowed in XML.",
        "Remove control characters from the field and export again.",
    ),
    "ERR_RESOURCE_LIMIT": (
        "A text is too long or elements are nested too deep.",
        "Deliver a file of the announced format; no field of it comes near this size.",
    ),
}


class Element(Protocol):
    """What the reader uses of an XML element."""

    tag: str
    text: str | None
    tail: str | None
    sourceline: int | None

    @property
    def attrib(self) -> Mapping[str, str]:
        """The attributes by name."""
        ...

    def __iter__(self) -> Iterator["Element"]: ...

    def __len__(self) -> int: ...

    def getparent(self) -> "Element | None":
        """The element around this one."""
        ...

    def getprevious(self) -> "Element | None":
        """The element before this one."""
        ...

    @property
    def clear(self) -> Callable[..., None]:
        """What removes children, attributes and text; the text after it too unless `keep_tail`."""
        ...

    def remove(self, element: "Element", /) -> None:
        """Remove a child with the text after it."""
        ...


class _Parser(Protocol):
    @property
    def feed_error_log(self) -> "Iterable[_LoggedError]": ...

    def feed(self, data: bytes) -> None: ...

    def close(self) -> Element: ...

    def read_events(self) -> Iterator[tuple[Literal["start", "end"], Element]]: ...


class _LoggedError(Protocol):
    type_name: str
    line: int


def refuse(line: int | None, field: str, rule: str, advice: str) -> NoReturn:
    """Refuse the file for one reason.

    Raises:
        Refused: always.
    """
    raise Refused([Problem(line, field, rule, advice)])


@dataclass(frozen=True, slots=True)
class Limits:
    """How many elements and lines a document may have, and how many elements one record."""

    elements: int
    lines: int
    in_a_record: int


class Stream:
    """The elements of one document, as they begin and end.

    Iterating gives (event, element, depth); the root has depth 1. The consumer calls `release`
    with each record that has ended, so that the memory needed is that of the largest record.

    Raises:
        Refused: while iterating, for a document that is unsafe or not well-formed.
    """

    def __init__(self, source: BinaryIO, *, limit_bytes: int, limits: Limits) -> None:
        self._source = source
        self._limit = limit_bytes
        self._limits = limits
        self._taken = 0
        self._lines = self._elements = 0
        self._starts: dict[Element, int] = {}

    def line_of(self, element: Element) -> int:
        """The line on which the element's opening tag ends, counted from 1."""
        return self._starts.get(element) or element.sourceline or self._lines

    def release(self, element: Element) -> None:
        """Empty an element that has ended, and take away the one before it."""
        self._starts.clear()
        element.clear(keep_tail=True)
        parent, before = element.getparent(), element.getprevious()
        if parent is not None and before is not None:
            parent.remove(before)

    def __iter__(self) -> Iterator[tuple[Literal["start", "end"], Element, int]]:
        parser = _parser()
        depth = 0
        for piece in self._pieces():
            try:
                parser.feed(piece)
            except _etree.XMLSyntaxError:
                self._not_well_formed(parser)
            for event, element in parser.read_events():
                if event == "start":
                    depth += 1
                    self._started(element, depth)
                    yield event, element, depth
                else:
                    yield event, element, depth
                    depth -= 1
            self._lines += piece.count(b"\n")
            if self._lines > self._limits.lines:
                rule = f"The file has more than {self._limits.lines:,} lines."
                refuse(self._lines, "file", rule, "Deliver one file per school.")
        try:
            parser.close()
        except _etree.XMLSyntaxError:
            self._not_well_formed(parser)

    def _started(self, element: Element, depth: int) -> None:
        if depth == 1:
            _refuse_document_type(element)
        self._elements += 1
        if self._elements > self._limits.elements:
            rule = f"The file has more than {self._limits.elements:,} elements."
            refuse(self._lines + 1, "file", rule, "Deliver one file per school, without additions.")
        if depth > _DEEPEST:
            refuse(self._lines + 1, "file", *_SAID["ERR_RESOURCE_LIMIT"])
        line = element.sourceline or 0
        self._starts[element] = line if 0 < line < _EXACT_UP_TO else self._lines + 1
        if len(self._starts) > self._limits.in_a_record:
            refuse(
                self._lines + 1,
                "file",
                f"One record holds more than {self._limits.in_a_record} elements.",
                "Deliver a file of the announced format; no record of it comes near this size.",
            )

    def _pieces(self) -> Iterator[bytes]:
        """Yield the document in pieces of at most one line, once its prolog is found safe."""
        head = b""
        while len(head) < _PIECE and (more := self._read(_PIECE)):
            head += more
        _check_encoding(head)
        _check_prolog(head)
        yield from head.splitlines(keepends=True)
        while piece := self._source.readline(_PIECE):
            self._count(piece)
            yield piece

    def _read(self, size: int) -> bytes:
        data = self._source.read(size)
        self._count(data)
        return data

    def _count(self, data: bytes) -> None:
        self._taken += len(data)
        if self._taken > self._limit:
            refuse(
                None,
                "file",
                f"The file is larger than {self._limit} bytes.",
                "Deliver one file per school, without photos or additions.",
            )

    def _not_well_formed(self, parser: _Parser) -> NoReturn:
        errors = list(parser.feed_error_log)
        line = errors[-1].line if errors else 0
        kind = errors[-1].type_name if errors else ""
        refuse(line or self._lines + 1, "file", *_SAID.get(kind, _NOT_WELL_FORMED))


def _parser() -> _Parser:
    # Declared entities cannot occur, since document types are refused; the settings stand anyway.
    return cast(
        "_Parser",
        _etree.XMLPullParser(
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            load_dtd=False,
            dtd_validation=False,
            attribute_defaults=False,
            remove_comments=True,
            remove_pis=True,
        ),
    )


def _check_encoding(head: bytes) -> None:
    declared = _DECLARED.match(head)
    name = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    if name not in _ENCODINGS or b"\x00" in head[:4] or head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        refuse(
            1,
            "file",
            "The encoding is not one that is taken: UTF-8, ISO-8859-1 or windows-1252.",
            "Save the file as UTF-8 and declare UTF-8 in its first line.",
        )


def _check_prolog(head: bytes) -> None:
    prolog = _PROLOG.match(head)
    end = prolog.end() if prolog else 0
    line = head.count(b"\n", 0, end) + 1
    rest = head[end : end + 9]
    if rest.startswith(b"<!") and not rest.startswith(b"<!--"):
        _refuse_type(line)
    if not rest.startswith(b"<"):
        refuse(line, "file", *_SAID["ERR_DOCUMENT_EMPTY"])
    if rest.startswith((b"<!", b"<?")):
        refuse(
            line,
            "file",
            "The first element does not begin within the first 64 KiB.",
            "Remove comments before the first element.",
        )


def _refuse_document_type(root: Element) -> None:
    tree = cast("_WithTree", root).getroottree()
    if tree.docinfo.internalDTD is not None or tree.docinfo.externalDTD is not None:
        _refuse_type(1)


def _refuse_type(line: int) -> NoReturn:
    refuse(
        line,
        "file",
        "The file declares a document type (DOCTYPE); no format needs one.",
        "Remove the DOCTYPE and every entity it declares, and deliver again.",
    )


class _DocInfo(Protocol):
    internalDTD: object | None  # noqa: N815 - lxml's name
    externalDTD: object | None  # noqa: N815 - lxml's name


class _Tree(Protocol):
    docinfo: _DocInfo


class _WithTree(Protocol):
    def getroottree(self) -> _Tree: ...

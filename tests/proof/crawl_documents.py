"""What is asked of the API in one request, and which paths that walks.

A path goes from a root field through objects to a value. A connection is crossed by its `nodes` or
by its `edges`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from graphql import Lexer, Source, TokenKind

from api.allowances import MAXIMUM, UNPAGED_LIST

NODES_FORM, EDGES_FORM = "nodes", "edges"
Path = tuple[str, ...]


class TooLargeError(Exception):
    """A document cannot be made small enough for one request."""


@dataclass(frozen=True)
class Part:
    """What is asked of one type at one place."""

    type_name: str
    leaves: tuple[str, ...]
    inner: tuple[Inner, ...] = ()

    def text(self) -> str:
        """Return the selection."""
        return f"{{ {' '.join((*self.leaves, *(part.text() for part in self.inner)))} }}"

    def paths(self, before: Path) -> Iterator[Path]:
        """Yield every path from here to a value."""
        for leaf in self.leaves:
            yield (*before, leaf)
        for part in self.inner:
            yield from part.paths(before)

    def cost(self, page: int) -> int:
        """Return what the service reckons for an object of this."""
        return 1 + sum(part.cost(page) for part in self.inner)

    def halves(self) -> tuple[Part, ...]:
        """Return the same as several, each with one of the objects inside."""
        return tuple(Part(self.type_name, self.leaves, (part,)) for part in self.inner)


@dataclass(frozen=True)
class Inner:
    """A field that leads to objects; `form` is how a connection is crossed, if it is one."""

    name: str
    part: Part
    form: str = ""
    listed: bool = False

    def text(self) -> str:
        """Return the field and what is asked inside it."""
        if not self.form:
            return f"{self.name} {self.part.text()}"
        return f"{self.name}(first: $page) {crossed(self.form, self.part)}"

    def paths(self, before: Path) -> Iterator[Path]:
        """Yield every path through this field."""
        return self.part.paths((*before, *steps(self.name, self.form)))

    def cost(self, page: int) -> int:
        """Return what the service reckons for it."""
        return (page if self.form else UNPAGED_LIST if self.listed else 1) * self.part.cost(page)


def crossed(form: str, part: Part) -> str:
    """Return the selection of a connection in one form."""
    where = "pageInfo { hasNextPage endCursor }"
    if form == NODES_FORM:
        return f"{{ nodes {part.text()} {where} }}"
    return f"{{ edges {{ cursor node {part.text()} }} {where} }}"


def steps(name: str, form: str) -> Path:
    """Return the steps through a field."""
    return (
        (name,) if not form else (name, "nodes") if form == NODES_FORM else (name, "edges", "node")
    )


@dataclass(frozen=True)
class Document:
    """One operation with one root field."""

    root: str
    type_name: str
    part: Part
    form: str
    arguments: tuple[tuple[str, str], ...]
    """The required arguments with their types."""

    @cached_property
    def text(self) -> str:
        """Return the operation."""
        given = dict(self.arguments)
        asked = [f"{name}: ${name}" for name in given]
        declared = [f"${name}: {kind}" for name, kind in given.items()]
        if self.form:
            asked += ["first: $first", "after: $after"]
            declared += ["$first: Int!", "$after: String"]
        inside = crossed(self.form, self.part) if self.form else self._inside()
        if "$page" in inside:
            declared.append("$page: Int!")
        head = f"query ({', '.join(declared)})" if declared else "query"
        called = f"{self.root}({', '.join(asked)})" if asked else self.root
        return f"{head} {{ {called} {inside} }}"

    def _inside(self) -> str:
        if self.root != "node":
            return self.part.text()
        return f"{{ __typename id ... on {self.type_name} {self.part.text()} }}"

    @cached_property
    def start(self) -> Path:
        """Return the steps to the first object."""
        start = steps(self.root, self.form)
        return (*start, f"... on {self.type_name}") if self.root == "node" else start

    @cached_property
    def paths(self) -> frozenset[Path]:
        """Return every path that the operation walks."""
        return frozenset(self.part.paths(self.start))

    @cached_property
    def is_plain(self) -> bool:
        """Return whether every connection is crossed by its nodes."""
        return not any("edges" in path for path in self.paths)

    def first(self, page: int) -> int:
        """Return how many rows may be asked for at once; 0 where one is too many."""
        return min(MAXIMUM["page"], MAXIMUM["cost"] // self.part.cost(page))


def fitting(document: Document, page: int) -> Iterator[Document]:
    """Yield a document, or several instead, each within the limits of one request."""
    if words(document.text) <= MAXIMUM["tokens"] and document.first(page) > 0:
        yield document
        return
    for part in document.part.halves():
        smaller = replace(document, part=part)
        if smaller == document:
            raise TooLargeError(f"{document.root} does not fit into one request")
        yield from fitting(smaller, page)


def words(text: str) -> int:
    """Return how many words and signs a document has, as the service counts them."""
    lexer, number = Lexer(Source(text)), 0
    while lexer.advance().kind is not TokenKind.EOF:
        number += 1
    return number

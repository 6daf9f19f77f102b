"""What came back along every path, held against what should have: row by row, value by value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from graphql import GraphQLEnumType, GraphQLObjectType, get_named_type

from api import ids
from api.binding import VIEWS
from domain.reading.view import Derived, Many, View
from permissions.table import TABLE
from permissions.vocabulary import Actor
from tests.proof.closure import Closure, finished
from tests.proof.crawl_documents import NODES_FORM, Inner, Part, Path, steps
from tests.proof.crawl_paths import Walker
from tests.proof.expecting import Row
from tests.proof.labelled import ROW
from tests.proof.roots import rules_on

RULES = {rule.id: rule for rule in TABLE}
LEAK, MISS = "leak", "miss"


@dataclass(frozen=True)
class Found:
    """Something that came back and should not have, or should have and did not."""

    kind: str
    seed: int
    actor: Actor
    path: str
    key: str
    expected: str
    answered: str

    def __str__(self) -> str:
        """Return it in one line."""
        who = f"{self.actor.role}/{self.actor.purpose} {self.actor.id} of {self.actor.organisation}"
        return (
            f"{self.kind}: world {self.seed}, {who}, {self.path} of {self.key}: "
            f"expected {self.expected[:120]}, answered {self.answered[:120]}"
        )


@dataclass
class Comparing:
    """Compares the answers that one actor was given; counts the values it compared."""

    walker: Walker
    closure: Closure
    filled: set[Path]
    cells: int = 0

    def object(
        self, view: View, part: Part, row: Row | None, given: Any, path: tuple[str, ...]
    ) -> Iterator[Found]:
        """Yield where an object differs from the row that should be there, if one should."""
        if row is None or given is None:
            if row is not None:
                yield self._found(MISS, path, row, "a row", "nothing")
            elif given is not None:
                yield self._found(LEAK, path, None, "nothing", str(given))
            return
        type_of = self.walker.schema.type_map[part.type_name]
        assert isinstance(type_of, GraphQLObjectType)
        for leaf in part.leaves:
            self.cells += 1
            expected = self._value(view, type_of, leaf, row)
            if given[leaf] is not None:
                self.filled.add((*path, leaf))
            yield from self._values((*path, leaf), row, expected, given[leaf])
        for inner in part.inner:
            here = (*path, *steps(inner.name, inner.form))
            yield from self._inner(view, inner, row, given[inner.name], here)

    def _inner(
        self, view: View, inner: Inner, row: Row, given: Any, path: tuple[str, ...]
    ) -> Iterator[Found]:
        """Yield where what is inside a row differs; reference data about nobody is not compared."""
        relation = view.relations.get(inner.name)
        if isinstance(relation, Many):
            due = row[inner.name]
            due = [child["nodes"] for child in due] if relation.paged else due
            yield from self.rows(relation.view, inner.part, due, opened(inner.form, given), path)
        elif isinstance(relation, Derived) and relation.many:
            yield from self.rows(
                relation.view, inner.part, row[inner.name] or [], given or [], path
            )
        elif relation is not None:
            yield from self.object(relation.view, inner.part, row[inner.name], given, path)
        elif inner.name in view.fields:
            due = finished(view, inner.name, row[inner.name])
            yield from self._shapes(inner, row, due, given, path)
        elif inner.part.type_name == "Access":
            yield from self._access(view, row, given, path)

    def rows(
        self, view: View, part: Part, expected: list[Row], given: list[Any], path: tuple[str, ...]
    ) -> Iterator[Found]:
        """Yield where a list differs: by their ids where rows have one, else in their order.

        The rows of a feed have no id: they are known by what they say, and how often it is said.
        """
        answered: dict[Any, Any] = dict(enumerate(given))
        due: dict[Any, Row] = dict(enumerate(expected))
        if "id" in part.leaves:
            answered = {row["id"]: row for row in given}
            due = {self._id(view, row): row for row in expected}
            if len(answered) < len(given):
                yield self._found(LEAK, path, None, "each row once", "a row twice")
        elif view.feed is not None:
            answered = _numbered((tuple(row[leaf] for leaf in part.leaves), row) for row in given)
            due = _numbered((self._said(view, part, row), row) for row in expected)
        for key in dict.fromkeys([*due, *answered]):
            yield from self.object(view, part, due.get(key), answered.get(key), path)

    @staticmethod
    def _id(view: View, row: Row) -> str:
        return ids.encode(view.name, UUID(row[ROW][0]))

    def _said(self, view: View, part: Part, row: Row) -> tuple[Any, ...]:
        type_of = self.walker.schema.type_map[part.type_name]
        assert isinstance(type_of, GraphQLObjectType)
        return tuple(self._value(view, type_of, leaf, row) for leaf in part.leaves)

    def _value(self, view: View, type_of: GraphQLObjectType, leaf: str, row: Row) -> Any:
        if leaf == "id":
            return self._id(view, row)
        value = finished(view, leaf, row[leaf])
        named = get_named_type(type_of.fields[leaf].type)
        if isinstance(named, GraphQLEnumType) and value is not None:
            return next(name for name, one in named.values.items() if one.value == value)
        return value

    def _values(
        self, path: tuple[str, ...], row: Row, expected: Any, given: Any
    ) -> Iterator[Found]:
        if expected == given:
            return
        if given is not None and given != []:
            yield self._found(LEAK, path, row, str(expected), str(given))
        if expected is not None and expected != []:
            yield self._found(MISS, path, row, str(expected), str(given))

    def _shapes(
        self, inner: Inner, row: Row, expected: Any, given: Any, path: tuple[str, ...]
    ) -> Iterator[Found]:
        """Compare a value that is a list of shapes or one shape."""
        if expected is not None:
            expected = _named(inner.part, expected)
        self.cells += 1
        if given:
            self.filled |= {(*path, leaf) for leaf in inner.part.leaves}
        yield from self._values(path, row, expected, given)

    def _access(self, view: View, row: Row, given: Any, path: tuple[str, ...]) -> Iterator[Found]:
        """Yield where the reason given for a row is none, or a class is withheld that is given."""
        self.cells += 1
        self.filled |= {(*path, name) for name, value in given.items() if value is not None}
        said = {name: given[name] for name in ("purpose", "tie", "basis", "exception", "source")}
        due = [
            {
                "purpose": rule.purpose.name,
                "tie": rule.tie.name,
                "basis": str(rule.basis),
                "exception": None if rule.exception is None else str(rule.exception),
                "source": rule.source,
            }
            for rule in (RULES[name] for name in rules_on(self.closure.me, view, row))
        ]
        if said not in due:
            yield self._found(LEAK, path, row, f"one of {due}", str(said))
        for data_class in view.classes:
            hidden = str(data_class) in given["withheld"]
            if hidden and self.closure.expecting.is_given(data_class, row):
                yield self._found(MISS, path, row, f"{data_class} given", "withheld")

    def _found(
        self, kind: str, path: tuple[str, ...], row: Row | None, expected: str, answered: str
    ) -> Found:
        me = self.closure.me
        key = "an unseen row" if row is None else str(row[ROW][0])
        return Found(kind, me.world.seed, me.actor, ".".join(path), key, expected, answered)


def _named(part: Part, value: Any) -> Any:
    """Return what is asked of a shape, or of each of a list, with the shapes inside it."""
    if value is None:
        return None
    if isinstance(value, list):
        return [_named(part, one) for one in cast("list[Any]", value)]
    known = value if isinstance(value, dict) else value._asdict()
    return {
        **{leaf: known.get(leaf) for leaf in part.leaves},
        **{inner.name: _named(inner.part, known.get(inner.name)) for inner in part.inner},
    }


def _numbered(rows: Iterable[tuple[Hashable, Any]]) -> dict[Any, Any]:
    """Return rows by what they say and how often it was said before."""
    often: Counter[Hashable] = Counter()
    found: dict[Any, Any] = {}
    for said, row in rows:
        found[said, often[said]] = row
        often[said] += 1
    return found


def opened(form: str, given: Any) -> list[Any]:
    """Return the objects of a list or a connection, however it was crossed."""
    if not form:
        return given
    if form == NODES_FORM:
        return given["nodes"]
    return [edge["node"] for edge in given["edges"]]


def view_of(part: Part) -> View:
    """Return the view that a part is read by."""
    return VIEWS[part.type_name]

"""Every path of the schema to a depth, as documents that stay within the service's own limits.

A path goes from a root field through objects to a value. A connection is crossed by its `nodes` or
by its `edges`; there is a document for each way to do that along the way. What the schema has is
read from the schema, so a new field, type or root is walked without a word here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
)
from graphql.type import get_nullable_type

from api.allowances import MAXIMUM
from api.binding import SHAPES, VIEWS
from api.core import core_schema
from api.node import NODES
from api.schema import make_schema
from tests.proof.closure import DEEPEST
from tests.proof.crawl_documents import (
    EDGES_FORM,
    NODES_FORM,
    Document,
    Inner,
    Part,
    fitting,
    steps,
)

OTHERWISE = {
    "me": "tells the token's own role and rules, about nobody",
    "explain": "answers from rules and ties, in words; tests/api/explaining holds it",
    "whoCanSee": "answers from rules and ties, and names colleagues; tests/api/explaining holds it",
    "dataQuality": "counts and scores of a branch, in one answer; tests/api/quality holds it",
    "export": "a text of what figures tells; tests/api/publications holds it",
    "teachingCalendar": "public reference data; tests/api/calendar holds it",
    "indicators": "public reference data; tests/api/attendance holds it",
    "qualityFlags": "public reference data; tests/api/attendance holds it",
    "ruleSets": "public reference data; tests/api/attendance holds it",
}
"""Root fields that read no view, with why: what they answer is searched for canaries all the same.
"""

ASKED_TOO = frozenset({"vintage"})
"""Arguments that are given though they need not be: without it the newest alone is found."""

UNBOUND = {
    "Access": "why a row is seen: compared with the evaluator's rules",
    "PageInfo": "where a page stands",
    "LogGround": "a ground of a line of a log, inside one value of its view",
    "Indicator": "what a number means, from reference data",
    "Wording": "one thing said in two languages, inside one value of its view",
    "QualityFlag": "what a number lacks, from reference data",
}
"""Types inside others that are bound to no view, with why."""


class UnguardedError(Exception):
    """The schema has something that no view and no reason accounts for."""


class Walker:
    """Makes the documents of a schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        """Take the schema as the service executes it."""
        self.schema = schema

    def documents(self, page: int) -> list[Document]:
        """Return the documents that walk every path, for nested pages of a size."""
        query = self.schema.query_type
        assert query is not None
        found: dict[Document, None] = {}
        for name, field in query.fields.items():
            for document in self._of_root(name, field):
                found |= dict.fromkeys(fitting(document, page))
        return list(found)

    def _of_root(self, name: str, field: GraphQLField) -> Iterator[Document]:
        arguments = tuple(
            (argument, str(given.type))
            for argument, given in field.args.items()
            if is_required_argument(given) or argument in ASKED_TOO
        )
        given = get_named_type(field.type)
        if isinstance(given, GraphQLInterfaceType):
            members = {t.name for t in self.schema.get_possible_types(given)}
            missing = members - set(NODES.values())
            if missing:
                raise UnguardedError(f"{name} cannot give {sorted(missing)}")
            for member in sorted(members):
                yield from self._of_type(name, self._object(member), "", arguments, 1)
            return
        if not isinstance(given, GraphQLObjectType):
            raise UnguardedError(f"the root {name} gives a value that no view guards")
        node = node_of(given)
        if node is not None:
            for form, used in ((NODES_FORM, 2), (EDGES_FORM, 3)):
                yield from self._of_type(name, node, form, arguments, used)
        elif given.name in VIEWS:
            yield from self._of_type(name, given, "", arguments, 1)
        elif name in OTHERWISE:
            yield Document(name, given.name, self._plain(given), "", arguments)
        else:
            raise UnguardedError(f"the root {name} reads no view, and nobody said why")

    def _of_type(
        self,
        root: str,
        given: GraphQLObjectType,
        form: str,
        arguments: tuple[tuple[str, str], ...],
        used: int,
    ) -> Iterator[Document]:
        for forms in product((NODES_FORM, EDGES_FORM), repeat=self._connections(given.name)):
            part = self._part(given, forms, DEEPEST, MAXIMUM["depth"] - used)
            assert part is not None
            yield Document(root, given.name, part, form, arguments)

    def _connections(self, name: str, depth: int = DEEPEST) -> int:
        """Return through how many connections a path from a type leads at most."""
        if depth == 1:
            return 0
        most = 0
        for field in self._object(name).fields.values():
            named = get_named_type(field.type)
            node = node_of(named)
            if (node or named).name in VIEWS:
                inside = self._connections((node or named).name, depth - 1)
                most = max(most, inside + (node is not None))
        return most

    def _object(self, name: str) -> GraphQLObjectType:
        found = self.schema.type_map[name]
        assert isinstance(found, GraphQLObjectType)
        return found

    def _part(
        self, given: GraphQLObjectType, forms: tuple[str, ...], depth: int, room: int
    ) -> Part | None:
        """Return what is asked of a type with so many objects to go; None where it is too deep."""
        if room < 1:
            return None
        leaves: list[str] = []
        inner: list[Inner] = []
        for name, field in given.fields.items():
            named = get_named_type(field.type)
            if any(map(is_required_argument, field.args.values())):
                raise UnguardedError(f"{given.name}.{name} asks for what nobody said what to give")
            if is_leaf_type(named):
                self._judge(given, name)
                leaves.append(name)
                continue
            assert isinstance(named, GraphQLObjectType), f"{given.name}.{name}"
            listed = is_list_type(get_nullable_type(field.type))
            node = node_of(named)
            if node is None and named.name not in VIEWS:
                if named.name not in SHAPES and named.name not in UNBOUND:
                    raise UnguardedError(f"{given.name}.{name}: {named.name} reads no view")
                if room > 1:
                    inner.append(Inner(name, self._plain(named), listed=listed))
                continue
            if depth == 1:
                continue
            form, rest = (forms[0], forms[1:]) if node is not None else ("", forms)
            used = len(steps(name, form))
            part = self._part(node or named, rest, depth - 1, room - used)
            if part is not None:
                inner.append(Inner(name, part, form, listed))
        return Part(given.name, tuple(leaves), tuple(inner))

    @staticmethod
    def _judge(given: GraphQLObjectType, name: str) -> None:
        """Refuse a value of a bound type that no data class guards."""
        view = VIEWS[given.name]
        if name == "id":
            return
        if name not in view.fields:
            raise UnguardedError(f"{given.name}.{name} is no field of the view {view.name}")
        if not view.public and view.fields[name].data_class is None and not view.row_classes:
            raise UnguardedError(f"{given.name}.{name} is of no data class")

    def _plain(self, given: GraphQLObjectType) -> Part:
        """Return everything in a type that is no row."""
        leaves = [n for n, f in given.fields.items() if is_leaf_type(get_named_type(f.type))]
        inner: list[Inner] = []
        for name, field in given.fields.items():
            named = get_named_type(field.type)
            if isinstance(named, GraphQLObjectType):
                if named.name in VIEWS:
                    raise UnguardedError(f"{given.name}.{name} leads to rows from no row")
                listed = is_list_type(get_nullable_type(field.type))
                inner.append(Inner(name, self._plain(named), listed=listed))
        return Part(given.name, tuple(leaves), tuple(inner))


def node_of(given: GraphQLNamedType) -> GraphQLObjectType | None:
    """Return the type of the objects of a connection; None for any other type."""
    if not isinstance(given, GraphQLObjectType) or "nodes" not in given.fields:
        return None
    node = get_named_type(given.fields["nodes"].type)
    assert isinstance(node, GraphQLObjectType)
    return node


@cache
def walker() -> Walker:
    """Return the walker of the schema as it is served."""
    return Walker(core_schema(make_schema()))

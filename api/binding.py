"""Ties GraphQL types to views: every field of a bound type is read by its view, or nothing starts.

A row is a dict under the keys of the answer; what the statement left out does not exist. Types
that are only a shape inside JSON (a week of an extract) are read by field name. How a field is
taken from what was read is said once, as a `Take`, for graphql-core and for `api.direct` alike.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import strawberry
from graphql import (
    GraphQLAbstractType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLUnionType,
)
from graphql.pyutils import AwaitableOrValue

from api.access import Access
from api.core import core_schema
from domain.reading import Page, View

T = TypeVar("T")
VIEWS: dict[str, View] = {}
SHAPES: set[str] = set()
BY_ATTRIBUTE = frozenset({"Access", "Wording"})
"""Types whose fields are attributes of what was read, of one word each."""
TYPE = "/type"
Take = Callable[[Any, str], Any]
"""Takes a field from what was read; the second argument is the key it is answered under."""
_TAKE = "schakel-take"


def take_of(field: GraphQLField) -> Take | None:
    """Return how a field is taken from what was read; None when a resolver must say."""
    return field.extensions.get(_TAKE)


def bound(view: View, *, description: str) -> Callable[[type[T]], type[T]]:
    """Declare a GraphQL type whose every field is read by a view."""

    def declare(cls: type[T]) -> type[T]:
        VIEWS[cls.__name__] = view
        return strawberry.type(cls, description=description)

    return declare


def shape(*, description: str) -> Callable[[type[T]], type[T]]:
    """Declare a GraphQL type that is a shape inside a JSON value."""

    def declare(cls: type[T]) -> type[T]:
        SHAPES.add(cls.__name__)
        return strawberry.type(cls, description=description)

    return declare


def by_view(*_arguments: object) -> Any:  # noqa: ANN401 - any field's type
    """Stand in for the resolver of a bound field that takes arguments; `bind` replaces it."""
    message = "a bound field is read by its view"
    raise TypeError(message)


def bind(schema: strawberry.Schema) -> None:
    """Give every bound type its resolvers.

    Raises:
        TypeError: a bound type has a field that its view does not have.
    """
    for name, graphql_type in core_schema(schema).type_map.items():
        if isinstance(graphql_type, GraphQLScalarType) and name in {"Date", "DateTime"}:
            graphql_type.coerce_output_value = _as_json_has_it
        elif isinstance(graphql_type, GraphQLInterfaceType | GraphQLUnionType):
            _type_by_name(graphql_type)
        elif isinstance(graphql_type, GraphQLObjectType):
            _bind_object(graphql_type)


def _bind_object(graphql_type: GraphQLObjectType) -> None:
    name, fields = graphql_type.name, graphql_type.fields
    if name in VIEWS:
        _bind_row(graphql_type, VIEWS[name])
    elif name in SHAPES:
        for field_name, field in fields.items():
            _bind(field, _by_name(field_name))
    elif name in BY_ATTRIBUTE:
        for field_name, field in fields.items():
            _bind(field, _by_attribute(field_name))
    elif name.endswith("Connection") and "nodes" in fields:
        _bind_connection(graphql_type)
    elif name == "PageInfo":
        graphql_type.is_type_of = None
        _bind(fields["hasNextPage"], _has_next)
        _bind(fields["endCursor"], _end_cursor)
    elif name.endswith("Success"):
        graphql_type.is_type_of = None
        for field in fields.values():
            _bind(field, _by_key)


def _bind(field: GraphQLField, take: Take) -> None:
    def resolve(source: Any, info: GraphQLResolveInfo[Any], **_read: object) -> Any:  # noqa: ANN401 - JSON
        return take(source, str(info.path.key))

    field.resolve = resolve
    field.extensions[_TAKE] = take


def _bind_row(graphql_type: GraphQLObjectType, view: View) -> None:
    graphql_type.is_type_of = None
    for name, field in graphql_type.fields.items():
        if name == "access":
            _bind(field, _access)
        elif name == "id" or name in view.fields or name in view.relations:
            _bind(field, _by_key)
        else:
            message = f"{graphql_type.name}.{name}: the view {view.name} has no such field"
            raise TypeError(message)


def _bind_connection(graphql_type: GraphQLObjectType) -> None:
    graphql_type.is_type_of = None
    _bind(graphql_type.fields["nodes"], _nodes)
    _bind(graphql_type.fields["edges"], _edges)
    _bind(graphql_type.fields["pageInfo"], _itself)
    edge = graphql_type.fields["edges"].type
    while hasattr(edge, "of_type"):
        edge = edge.of_type
    _bind(edge.fields["node"], _edge_node)
    _bind(edge.fields["cursor"], _edge_cursor)


def _type_by_name(graphql_type: GraphQLInterfaceType | GraphQLUnionType) -> None:
    otherwise = graphql_type.resolve_type

    def resolve_type(
        value: object,
        info: Any,  # noqa: ANN401 - graphql-core's alias leaves its parameter open
        abstract: GraphQLAbstractType,
    ) -> AwaitableOrValue[str | None]:
        if isinstance(value, dict):
            return str(cast("dict[str, Any]", value)[TYPE])
        return otherwise(value, info, abstract) if otherwise else None

    graphql_type.resolve_type = resolve_type


def _as_json_has_it(value: Any) -> str:  # noqa: ANN401 - text from the database, or a date
    return value if isinstance(value, str) else value.isoformat()


def _by_key(source: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401 - JSON
    return source[key]


def _by_name(name: str) -> Take:
    def take(source: Mapping[str, Any], _key: str) -> Any:  # noqa: ANN401 - JSON
        return source.get(name)

    return take


def _by_attribute(name: str) -> Take:
    def take(source: object, _key: str) -> Any:  # noqa: ANN401 - JSON
        return getattr(source, name)

    return take


def _access(source: Mapping[str, Any], key: str) -> Access:
    return Access.of(source[key])


def _itself(source: Page, _key: str) -> Page:
    return source


def _has_next(source: Page, _key: str) -> bool:
    return source.has_next


def _end_cursor(source: Page, _key: str) -> str | None:
    return source.end


def _nodes(source: Page, key: str) -> list[Any]:
    return [row[key] for row in source.rows]


def _edges(source: Page, key: str) -> list[tuple[Page, dict[str, Any], str]]:
    return [(source, row, key) for row in source.rows]


def _edge_node(source: tuple[Page, dict[str, Any], str], key: str) -> Any:  # noqa: ANN401 - JSON
    _, row, edges = source
    return row[f"{edges}/{key}"]


def _edge_cursor(source: tuple[Page, dict[str, Any], str], _key: str) -> str:
    page, row, _ = source
    return page.cursor(row)

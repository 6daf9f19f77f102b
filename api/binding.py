"""Ties GraphQL types to views: every field of a bound type is read by its view, or nothing starts.

A row is a dict under the keys of the answer; what the statement left out does not exist. Types
that are only a shape inside JSON (a week of an extract) are read by field name.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import strawberry
from graphql import (
    GraphQLAbstractType,
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
TYPE = "/type"


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
            if name in VIEWS:
                _bind_row(graphql_type, VIEWS[name])
            elif name in SHAPES:
                _each(graphql_type, _by_name)
            elif name.endswith("Connection") and "nodes" in graphql_type.fields:
                _bind_connection(graphql_type)
            elif name == "PageInfo":
                graphql_type.is_type_of = None
                graphql_type.fields["hasNextPage"].resolve = _has_next
                graphql_type.fields["endCursor"].resolve = _end_cursor
            elif name.endswith("Success"):
                graphql_type.is_type_of = None
                _each(graphql_type, _by_key)


def _bind_row(graphql_type: GraphQLObjectType, view: View) -> None:
    graphql_type.is_type_of = None
    for name, field in graphql_type.fields.items():
        if name == "access":
            field.resolve = _access
        elif name == "id" or name in view.fields or name in view.relations:
            field.resolve = _by_key
        else:
            message = f"{graphql_type.name}.{name}: the view {view.name} has no such field"
            raise TypeError(message)


def _bind_connection(graphql_type: GraphQLObjectType) -> None:
    graphql_type.is_type_of = None
    graphql_type.fields["nodes"].resolve = _nodes
    graphql_type.fields["edges"].resolve = _edges
    graphql_type.fields["pageInfo"].resolve = _itself
    edge = graphql_type.fields["edges"].type
    while hasattr(edge, "of_type"):
        edge = edge.of_type
    edge.fields["node"].resolve = _edge_node
    edge.fields["cursor"].resolve = _edge_cursor


def _each(graphql_type: GraphQLObjectType, resolve: Callable[..., Any]) -> None:
    for field in graphql_type.fields.values():
        field.resolve = resolve


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


def _by_key(source: Mapping[str, Any], info: GraphQLResolveInfo[Any], **_read: object) -> Any:  # noqa: ANN401 - JSON
    return source[str(info.path.key)]


def _by_name(source: Mapping[str, Any], info: GraphQLResolveInfo[Any]) -> Any:  # noqa: ANN401 - JSON
    return source.get(info.field_name)


def _access(source: Mapping[str, Any], info: GraphQLResolveInfo[Any]) -> Access:
    return Access.of(source[str(info.path.key)])


def _itself(source: Page, _info: GraphQLResolveInfo[Any]) -> Page:
    return source


def _has_next(source: Page, _info: GraphQLResolveInfo[Any]) -> bool:
    return source.has_next


def _end_cursor(source: Page, _info: GraphQLResolveInfo[Any]) -> str | None:
    return source.end


def _nodes(source: Page, info: GraphQLResolveInfo[Any]) -> list[Any]:
    return [row[str(info.path.key)] for row in source.rows]


def _edges(source: Page, info: GraphQLResolveInfo[Any]) -> list[tuple[Page, dict[str, Any], str]]:
    return [(source, row, str(info.path.key)) for row in source.rows]


def _edge_node(source: tuple[Page, dict[str, Any], str], info: GraphQLResolveInfo[Any]) -> Any:  # noqa: ANN401 - JSON
    _, row, edges = source
    return row[f"{edges}/{info.path.key}"]


def _edge_cursor(source: tuple[Page, dict[str, Any], str], _info: GraphQLResolveInfo[Any]) -> str:
    page, row, _ = source
    return page.cursor(row)

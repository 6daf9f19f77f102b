"""The *direct* finisher: completes what a view read without graphql-core's work for every value.

What is completed, and from what, is the same for both finishers: the parsed rows, the selection
that the statement was made of, the `Take` of each bound field and the schema's own types. So is
the answer; whatever is not plainly what its type says is left to graphql-core, which says where.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api.binding import take_of
from domain.reading import Selection

Complete = Callable[[Any], Any]
Leaf = GraphQLScalarType | GraphQLEnumType

_AS_IS: Final[Mapping[str, type]] = {
    "String": str,
    "ID": str,
    "Date": str,
    "DateTime": str,
    "Boolean": bool,
}
"""What needs no work when it comes out of the database as this very type."""


class _NotPlain(Exception):  # noqa: N818 - it is not a fault but a case for the other finisher
    """A value, or its type, that graphql-core has to judge."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A completed value; the executor gives it as it is."""

    answer: Any


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Executes as graphql-core does, but for what is `Finished` already."""

    def complete_value(
        self,
        return_type: Any,  # noqa: ANN401 - graphql-core leaves its parameters open
        field_details_list: Any,  # noqa: ANN401 - handed on as it came
        info: GraphQLResolveInfo[Any],
        path: Any,  # noqa: ANN401 - as above
        result: Any,  # noqa: ANN401 - whatever a resolver returns
        position_context: Any,  # noqa: ANN401 - as above
    ) -> Any:  # noqa: ANN401 - JSON, or what gives it when awaited
        """Complete a value."""
        if type(result) is Finished:
            return result.answer
        return cast("Any", super()).complete_value(
            return_type, field_details_list, info, path, result, position_context
        )


def finished(info: GraphQLResolveInfo[Any], asked: Selection, value: object) -> object:
    """Return the value of a root field `Finished`, or as it is where graphql-core must finish it.

    Args:
        info: graphql-core's account of the field.
        asked: what the statement was made of, fragments and directives already judged.
        value: what was read: a `Page`, a row or None.
    """
    try:
        return Finished(_complete(cast("Any", info).return_type, asked.fields)(value))
    except Exception:  # noqa: BLE001 - graphql-core meets the same, and tells at which path
        return value


@lru_cache(maxsize=2_000)
def _complete(kind: Any, fields: tuple[Selection, ...]) -> Complete:  # noqa: ANN401 - any type
    """Return what completes values of a type for a selection."""
    nullable = not isinstance(kind, GraphQLNonNull)
    inner: Any = kind if nullable else cast("Any", kind).of_type
    if isinstance(inner, GraphQLScalarType | GraphQLEnumType):
        return _leaf(inner, nullable=nullable)
    if isinstance(inner, GraphQLList):
        of_some = _list(_complete(cast("Any", inner).of_type, fields))
    elif isinstance(inner, GraphQLObjectType):
        of_some = _object(inner, fields)
    else:
        of_some = _not_plain

    def complete(value: Any) -> Any:  # noqa: ANN401 - JSON
        if value is not None:
            return of_some(value)
        return None if nullable else _not_plain(value)

    return complete


def _leaf(kind: Leaf, *, nullable: bool) -> Complete:
    as_is = _AS_IS.get(kind.name)

    def complete(value: Any) -> Any:  # noqa: ANN401 - JSON
        if type(value) is as_is or (value is None and nullable):
            return value
        found = None if value is None else kind.coerce_output_value(value)
        return _not_plain(value) if found is None else found

    return complete


def _list(complete: Complete) -> Complete:
    def complete_all(value: Any) -> Any:  # noqa: ANN401 - JSON
        if type(value) is not list:
            return _not_plain(value)
        return [complete(item) for item in cast("list[Any]", value)]

    return complete_all


def _object(kind: GraphQLObjectType, fields: tuple[Selection, ...]) -> Complete:
    parts: list[tuple[str, Callable[[Any, str], Any], Complete]] = []
    for asked in fields:
        if asked.name == "__typename":
            parts.append((asked.key, lambda _source, _key: kind.name, str))
            continue
        field = kind.fields[asked.name]
        take = take_of(field)
        if take is None:
            return _not_plain
        parts.append((asked.key, take, _complete(field.type, asked.fields)))

    def complete(source: Any) -> Any:  # noqa: ANN401 - JSON
        return {key: finish(take(source, key)) for key, take, finish in parts}

    return complete


def _not_plain(_value: object) -> Any:  # noqa: ANN401 - it returns nothing
    raise _NotPlain

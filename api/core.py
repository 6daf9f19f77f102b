"""What strawberry builds on and gives no public name: graphql-core's own schema and field."""

from typing import Any

from graphql import GraphQLResolveInfo, GraphQLSchema
from strawberry import Schema
from strawberry.types import Info


def core_schema(schema: Schema) -> GraphQLSchema:
    """Return the schema that is executed."""
    # There is no other way to it.
    return schema._schema  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


def core_info(info: Info[Any, Any]) -> GraphQLResolveInfo[Any]:
    """Return the account of the field that is being resolved."""
    # There is no other way to its path, its arguments as written and the type that declares it.
    return info._raw_info  # noqa: SLF001 # pyright: ignore[reportPrivateUsage, reportUnknownMemberType, reportUnknownVariableType]

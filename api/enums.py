"""Descriptions for the values of enums whose members are declared elsewhere."""

from collections.abc import Mapping
from enum import StrEnum

from strawberry.types.enum import has_enum_definition


def describe(kind: type[StrEnum], descriptions: Mapping[str, str]) -> None:
    """Give every value of a GraphQL enum its description.

    Raises:
        KeyError: a value has no description.
        TypeError: it is not a GraphQL enum.
    """
    if not has_enum_definition(kind):
        message = f"{kind.__name__} is not an enum of the schema"
        raise TypeError(message)
    for value in kind.__strawberry_definition__.values:
        value.description = descriptions[value.value]

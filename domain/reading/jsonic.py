"""The JSON of an answer, as expressions: objects, ids, and names that cannot break out."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, case, cast, func, literal_column, null
from sqlalchemy.dialects.postgresql import array

from domain.reading.view import View

MOST_ARGUMENTS = 100


class Unreadable(Exception):  # noqa: N818 - a statement that cannot be built, not a refusal
    """The view cannot answer the selection; a mistake in code, never in a request."""


def json_object(parts: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    """Return a JSON object of keys and values in turn.

    A function takes at most a hundred arguments, so a larger object is put together of several.
    """
    if len(parts) <= MOST_ARGUMENTS:
        return func.json_build_object(*parts)
    pieces = [
        func.jsonb_build_object(*parts[start : start + MOST_ARGUMENTS])
        for start in range(0, len(parts), MOST_ARGUMENTS)
    ]
    whole: ColumnElement[Any] = pieces[0]
    for piece in pieces[1:]:
        whole = whole.op("||")(piece)
    return whole


def first_of(
    cases: Sequence[tuple[ColumnElement[bool], ColumnElement[Any]]],
) -> ColumnElement[Any]:
    """Return the value of the first case that holds; null when there is none."""
    return case(*cases, else_=null()) if cases else null()


def public_id(view: View, row: FromClause) -> ColumnElement[Any]:
    """Return the opaque id of a row: the type and the random key."""
    return literal_column(quoted(view.name + "_"), Text) + func.replace(
        cast(row.c.id, Text), literal_column("'-'"), literal_column("''")
    )


def text_array(parts: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    """Return an array of texts."""
    return array([cast(part, Text) for part in parts])


def quoted(key: str) -> str:
    """Return a key as an SQL string; keys are GraphQL names and ids of types."""
    if not all(character.isalnum() or character in "_/" for character in key):
        message = "a key is a name"
        raise Unreadable(message)
    return f"'{key}'"

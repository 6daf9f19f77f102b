"""Columns of many rows, each bound as the text of one array.

asyncpg asks of every element of an array whether it is an array itself, which for a chunk of marks
was a quarter of all that Python did. PostgreSQL reads the text of an array as fast as its own form.
"""

from collections.abc import Sequence
from datetime import date, datetime
from types import NoneType
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Dialect, Text, TypeDecorator

Value = UUID | date | int | str | None


class Column(TypeDecorator[Sequence[Value]]):
    """A column of keys, days, instants, numbers or texts; the SQL says `cast(:name as uuid[])`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[Value] | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the base's
        """Return the values as the text of an array; a text already is one."""
        return value if value is None or isinstance(value, str) else array_text(value)


COLUMN: Final = Column()
_PLAIN: Final = {int, date, datetime}


def array_text(values: Sequence[Value]) -> str:
    """Return values as PostgreSQL reads an array: `{1,2}`, or `{"one","two",NULL}`.

    Raises:
        TypeError: a value is of none of these kinds. PostgreSQL would say so too, and quote it.
    """
    kinds = set(map(type, values))
    if kinds == {str}:
        texts = '","'.join(map(str, values))
        if "\\" not in texts and texts.count('"') == 2 * (len(values) - 1):
            return '{"' + texts + '"}'
    if kinds and all(issubclass(kind, UUID) for kind in kinds):  # the driver has its own
        return (
            "{" + ",".join([f"{value.int:032x}" for value in cast("Sequence[UUID]", values)]) + "}"
        )
    if kinds == {NoneType}:
        return "{" + ",".join(["NULL"] * len(values)) + "}"
    plain = kinds <= _PLAIN
    return "{" + ",".join(map(str if plain else _element, values)) + "}"


def _element(value: Value) -> str:
    if isinstance(value, UUID):
        return f"{value.int:032x}"
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if type(value) in _PLAIN:
        return str(value)
    message = f"no column holds a {type(value).__name__}"
    raise TypeError(message)

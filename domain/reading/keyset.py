"""Pages by keyset: the order of a list, and where in it a page begins."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, bindparam, tuple_

from domain.reading.view import View

PAGE = 50
"""How many rows a page has when the asker does not say."""


def ordering(view: View, row: FromClause) -> list[ColumnElement[Any]]:
    """Return the order of a view's lists."""
    columns: list[ColumnElement[Any]] = [row.c[column] for column in view.order]
    return [column.desc() for column in columns] if view.descending else columns


def beyond(view: View, row: FromClause, parameter: str) -> ColumnElement[bool]:
    """Return whether a row comes after the keyset whose parts the parameters `…_0`, `…_1` carry."""
    here = tuple_(*(row.c[column] for column in view.order))
    there = tuple_(
        *(
            bindparam(f"{parameter}_{position}", type_=row.c[column].type)
            for position, column in enumerate(view.order)
        )
    )
    return here < there if view.descending else here > there


def parameters_of(view: View, parameter: str, keyset: Sequence[Any]) -> Mapping[str, Any]:
    """Return the parameters that `beyond` refers to, for the keyset of a cursor."""
    return {
        f"{parameter}_{position}": value
        for position, (_, value) in enumerate(zip(view.order, keyset, strict=True))
    }

"""Every guarded view, with rows that say which they are and what they are about."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, ColumnElement, FromClause, Text, cast, func, literal

import domain.ties
from domain.reading.selection import Selection
from domain.reading.view import Derived, Field, Many, View

domain.ties.load_all()

ROW = "rowItself"
"""The added field: the row's own key and class, the keys of what it is about, and if it moved."""


def row_itself(view: View) -> Field:
    """Return the added field of a view."""

    def expression(row: FromClause) -> ColumnElement[Any]:
        guard = row.c[view.guarded_by[0]] if view.guarded_by else literal("", Text)
        about = [part for kind, column in view.keys.items() for part in (str(kind), row.c[column])]
        last = view.order[-1]
        own = row.c[last] if last in row.c else next(iter(row.c))
        moved = row.c["moved"] if "moved" in row.c else literal(False, Boolean)  # noqa: FBT003 - SQL
        about_it = func.json_build_object(*about)
        return func.json_build_array(cast(own, Text), guard, about_it, moved)

    return Field(expression)


@cache
def labelled(view: View, *, deep: bool) -> View:
    """Return a view with the added field, and so its single relations; its lists too when deep."""
    relations = {
        name: replace(relation, view=labelled(relation.view, deep=deep))
        for name, relation in view.relations.items()
        if deep or not isinstance(relation, Many)
    }
    added = {} if view.public else {ROW: row_itself(view)}
    return replace(view, fields={**view.fields, **added}, relations=relations)


def _views() -> Iterator[View]:
    folder = Path(domain.ties.__file__).parent
    for path in sorted(folder.glob("*/views.py")):
        for found in vars(import_module(f"domain.{path.parent.name}.views")).values():
            if isinstance(found, View) and not found.public and found.keys:
                yield found


DERIVED = {
    relation.view
    for view in _views()
    for relation in view.relations.values()
    if isinstance(relation, Derived)
}
PLAIN: tuple[View, ...] = tuple(view for view in dict.fromkeys(_views()) if view not in DERIVED)
VIEWS = tuple(labelled(view, deep=False) for view in PLAIN)
"""Every guarded view that has rows of its own; what is computed is asked for on its owner."""

DEEP = tuple(labelled(view, deep=True) for view in PLAIN)
"""The same with every nested list, as far down as lists go."""


@cache
def everything_of(view: View) -> tuple[Selection, ...]:
    """Return a selection of every field and everything a view is connected to."""
    return (
        *(Selection(name, name) for name in view.fields),
        *(
            Selection(name, name, fields=_within(relation))
            for name, relation in view.relations.items()
        ),
    )


def _within(relation: Any) -> tuple[Selection, ...]:
    asked = everything_of(relation.view)
    if isinstance(relation, Many) and relation.paged:
        return (Selection("nodes", "nodes", fields=asked),)
    return asked

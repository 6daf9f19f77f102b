"""What an actor's every path should lead to: each view as far as paths go, by the evaluator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import asyncpg
import orjson

from api.binding import VIEWS
from domain import clock
from domain.reading.view import Derived, Many, View
from permissions.vocabulary import Purpose, Role
from tests.proof.canaries import found_in
from tests.proof.compiled import Bare, prepared
from tests.proof.evaluate import Seer
from tests.proof.expecting import Expecting, Row, Rows, grouped
from tests.proof.labelled import ROW, row_itself

DEEPEST = 6
"""How many objects a path leads through, one inside the other."""


@cache
def unrolled(view: View, depth: int = DEEPEST) -> View:
    """Return a view whose rows say which they are, with relations as far down as a depth."""
    return replace(
        view,
        fields={**view.fields, ROW: row_itself(view)},
        relations={
            name: replace(relation, view=unrolled(relation.view, depth - 1))
            for name, relation in view.relations.items()
            if depth > 1
        },
    )


def readable() -> tuple[View, ...]:
    """Return every view that a type is bound to and that has rows of its own."""
    views = dict.fromkeys(VIEWS.values())
    computed = {
        relation.view
        for view in views
        for relation in view.relations.values()
        if isinstance(relation, Derived)
    }
    return tuple(view for view in views if view not in computed)


@dataclass(frozen=True)
class Truth:
    """Every row of every view as it is, as far down as paths go."""

    rows: Rows
    public: Mapping[View, list[Row]]
    longest: int

    @classmethod
    async def of(cls, superuser: asyncpg.Connection) -> Truth:
        """Read it with every predicate and mask lifted."""
        views = tuple(unrolled(view) for view in readable())
        bare = Bare(role=Role.GUARDIAN, purpose=Purpose.OWN_DATA, claimed=None)
        answer = await prepared(bare, views).row(superuser, {"me_today": clock.now().today})
        assert answer is not None
        texts: dict[View, str | None] = dict(zip(views, answer, strict=True))
        public = {view: orjson.loads(text or "[]") for view, text in texts.items() if view.public}
        guarded = grouped({view: text for view, text in texts.items() if not view.public})
        longest = max(
            (
                length
                for view, text in texts.items()
                for row in orjson.loads(text or "[]")
                for length in _lengths(view, row)
            ),
            default=0,
        )
        return cls(guarded, public, longest)

    def keys(self, view: View) -> list[str]:
        """Return the key of every row of a view."""
        groups = self.rows.get(view, {}).values()
        rows = [*self.public.get(view, ()), *(row for group in groups for row in group)]
        return sorted({row[ROW][0] for row in rows})


def _lengths(view: View, row: Row) -> Iterator[int]:
    """Yield how long each list inside a row is."""
    for name, relation in view.relations.items():
        inner = row[name]
        if isinstance(relation, Many):
            yield len(inner)
            inner = [child["nodes"] if relation.paged else child for child in inner]
        elif isinstance(relation, Derived) and relation.many:
            yield len(inner or ())
            inner = inner or []
        else:
            inner = [] if inner is None else [inner]
        for child in inner:
            yield from _lengths(relation.view, child)


class Closure:
    """What one actor should be given, view by view."""

    def __init__(self, me: Seer, truth: Truth) -> None:
        """Take the actor and the rows as they are."""
        self.me = me
        self.expecting = Expecting(me, truth.rows)
        self._truth = truth
        self._visible: dict[View, dict[str, Row]] = {}

    def visible(self, view: View) -> dict[str, Row]:
        """Return the rows of an unrolled view that are there for the actor, masked, by key."""
        found = self._visible.get(view)
        if found is None:
            if view.public:
                rows = self._truth.public[view]
                found = {row[ROW][0]: self.expecting.masked(view, row) for row in rows}
            else:
                found = self.expecting.visible(view)
            self._visible[view] = found
        return found


def canaries_of(view: View, row: Row) -> Iterator[str]:
    """Yield the canaries of a row and of what is inside it."""
    for name in view.fields:
        if row[name] is not None:
            yield from found_in(orjson.dumps(finished(view, name, row[name]), default=list))
    for name, relation in view.relations.items():
        inner: Any = row[name]
        if isinstance(relation, Many):
            for child in inner:
                yield from canaries_of(relation.view, child["nodes"] if relation.paged else child)
        elif isinstance(relation, Derived) and relation.many:
            for child in inner or ():
                yield from canaries_of(relation.view, child)
        elif inner is not None:
            yield from canaries_of(relation.view, inner)


def finished(view: View, name: str, value: Any) -> Any:
    """Return the value of a field after the work that the database cannot do."""
    after = view.fields[name].after
    return value if value is None or after is None else after(value)

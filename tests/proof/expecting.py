"""What an actor should be given of rows as they are, by what the views declare."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from domain.reach import Kind
from domain.reading.view import Derived, Many, One, View
from permissions.vocabulary import DataClass
from tests.proof.database import Difference
from tests.proof.evaluate import Seer
from tests.proof.labelled import ROW

Row = dict[str, Any]
Rows = Mapping[View, Mapping[tuple[Kind, str], list[Row]]]
"""Every row of every view as it is, by what it is about."""


def grouped(texts: Mapping[View, str | None]) -> Rows:
    """Return rows by what they are about, from the JSON of each view."""
    found: dict[View, dict[tuple[Kind, str], list[Row]]] = {}
    for view, text in texts.items():
        groups = found.setdefault(view, defaultdict(list))
        for row in orjson.loads(text or "[]"):
            for kind, key in row[ROW][2].items():
                groups[Kind(kind), key].append(row)
    return found


@dataclass
class Expecting:
    """What one actor should be given of the rows as they are."""

    me: Seer
    rows: Rows

    def __post_init__(self) -> None:
        """Start with nothing worked out, and no cell judged."""
        self._reads: dict[tuple[DataClass, Kind], set[str]] = {}
        self.cells = 0

    def reads(self, data_class: DataClass, kind: Kind) -> set[str]:
        """Return the keys of the objects on which the class may be read."""
        found = self._reads.get((data_class, kind))
        if found is None:
            found = {str(key) for key in self.me.reads(data_class, kind)}
            self._reads[data_class, kind] = found
        return found

    def is_given(self, data_class: DataClass, row: Row) -> bool:
        """Return whether a class is given on a row."""
        return any(key in self.reads(data_class, Kind(kind)) for kind, key in row[ROW][2].items())

    def is_visible(self, view: View, row: Row) -> bool:
        """Return whether a row is there for the actor."""
        if view.public:
            return True
        if row[ROW][3] and not self.me.explains:
            return False
        if view.guarded_by is not None:
            data_class = DataClass(row[ROW][1])
            return data_class in view.guarded_by[1] and self.is_given(data_class, row)
        assert view.row_class is not None
        return self.is_given(view.row_class, row)

    def visible(self, view: View) -> dict[str, Row]:
        """Return the rows of a view that are there for the actor, masked, by their own key."""
        groups = self.rows[view]
        near = {
            row[ROW][0]: row
            for data_class in view.row_classes
            for kind in view.keys
            for key in self.reads(data_class, kind)
            for row in groups.get((kind, key), ())
        }
        return {
            key: self.masked(view, row) for key, row in near.items() if self.is_visible(view, row)
        }

    def masked(self, view: View, row: Row) -> Row:
        """Return a row as the actor should be given it."""
        given = dict(row)
        for name, field in view.fields.items():
            self.cells += 1
            if field.data_class is not None and not self.is_given(field.data_class, row):
                given[name] = None
        for name, relation in view.relations.items():
            self.cells += 1
            if isinstance(relation, Many):
                given[name] = self._list(relation, row[name])
            elif isinstance(relation, Derived) and relation.many:
                given[name] = self._rows(relation.view, row[name])
            elif isinstance(relation, One) and (
                relation.data_class is not None and not self.is_given(relation.data_class, row)
            ):
                given[name] = None
            else:
                given[name] = self._one(relation.view, row[name])
        return given

    def _one(self, view: View, child: Row | None) -> Row | None:
        if child is None or not self.is_visible(view, child):
            return None
        return self.masked(view, child)

    def _rows(self, view: View, children: list[Row]) -> list[Row]:
        return [self.masked(view, child) for child in children if self.is_visible(view, child)]

    def _list(self, relation: Many, children: list[Row]) -> list[Row]:
        if not relation.paged:
            return self._rows(relation.view, children)
        return [
            {**child, "nodes": self.masked(relation.view, child["nodes"])}
            for child in children
            if self.is_visible(relation.view, child["nodes"])
        ]


def differing_rows(
    me: Seer, view: View, expected: Mapping[str, Row], answer: Mapping[str, Row], other: str
) -> Iterator[Difference]:
    """Yield where an answer differs from what is expected: rows first, then fields."""
    for keys, says, says_other in (
        (expected.keys() - answer.keys(), "yes", f"{other} no"),
        (answer.keys() - expected.keys(), "no", f"{other} yes"),
    ):
        if keys:
            names = tuple(sorted(keys))
            yield Difference(
                me.world.seed, me.actor, f"rows of {view.name}", names, says, says_other
            )
    for key in sorted(expected.keys() & answer.keys()):
        for name in expected[key]:
            one, two = expected[key][name], answer[key][name]
            if one != two:
                what = f"{view.name}.{name}"
                yield Difference(
                    me.world.seed, me.actor, what, (key,), str(one)[:80], f"{other} {two}"[:120]
                )

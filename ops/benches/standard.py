"""The standard reads of everyone who reads about persons: every root field of the schema, whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from graphql import GraphQLObjectType

from api.binding import VIEWS
from api.core import core_schema
from api.schema import make_schema
from domain.database import login_for
from domain.reading import Derived, Many, Root, Selection, View
from ops.benches.filled import Filled
from permissions.decide import rules_for
from permissions.table import TABLE
from permissions.vocabulary import Activity, Actor, Purpose, Role

_DEPTH = 3
_SAMPLES: dict[type, Any] = {
    str: "M",
    int: 0,
    UUID: UUID(int=2**127),
    date: date(2025, 1, 1),
    datetime: datetime(2025, 1, 1, tzinfo=UTC),
}
"""A place in the middle of a list, by the type of the column that orders it."""


@dataclass(frozen=True, slots=True)
class Persona:
    """Someone in a role, for a purpose."""

    actor: Actor

    @property
    def name(self) -> str:
        """Return the role and purpose."""
        return f"{self.actor.role}/{self.actor.purpose}"

    @property
    def login(self) -> str:
        """Return the login role that serves the persona."""
        return f"schakel_{login_for(self.actor)}"


@dataclass(frozen=True, slots=True)
class Standard:
    """A root field as some persona asks it: everything in it, a page or one by its key."""

    name: str
    root: Root
    selection: Selection
    values: dict[str, Any]


def roots() -> list[tuple[str, View, bool]]:
    """Return the root fields that are read by a view: their names, views, and whether paged."""
    schema = core_schema(make_schema())
    query = schema.query_type
    found: list[tuple[str, View, bool]] = []
    fields: dict[str, Any] = query.fields if query else {}
    for name, field in fields.items():
        kind = str(field.type).strip("!")
        inner = schema.get_type(kind)
        if kind.endswith("Connection") and isinstance(inner, GraphQLObjectType):
            nodes = str(inner.fields["nodes"].type).strip("[]!")
            found.append((name, VIEWS[nodes], True))
        elif kind in VIEWS:
            found.append((name, VIEWS[kind], False))
    return found


def personas(database: Filled) -> list[Persona]:
    """Return someone for every role and purpose that reads, with facts where there are any."""
    lines = database.run_sql(
        "select distinct on (role) role, staff_id, organisation_id from assignment"
        " order by role, staff_id"
    )
    staff = {role: (UUID(who), UUID(at)) for role, who, at in (line.split("|") for line in lines)}
    guardian = database.run_sql("select guardian_id from guardian_authority order by id limit 1")
    somebody = (uuid4(), UUID(database.run_sql("select id from organisation limit 1")[0]))
    pairs = dict.fromkeys((r.who, r.purpose) for r in TABLE if r.may is Activity.READ)
    return [
        Persona(_actor(role, purpose, staff.get(str(role), somebody), UUID(guardian[0])))
        for role, purpose in pairs
    ]


def _actor(role: Role, purpose: Purpose, staff: tuple[UUID, UUID], guardian: UUID) -> Actor:
    who, at = staff
    if role is Role.GUARDIAN:
        return Actor(id=guardian, organisation=None, role=role, purpose=purpose, client="bench")
    return Actor(id=who, organisation=at, role=role, purpose=purpose, client="bench")


def standards(actor: Actor, view: View, name: str, *, paged: bool, key: UUID) -> list[Standard]:
    """Return the ways in which a root field is read, none when no rule speaks for the actor."""
    if view.public or not any(
        rules_for(actor.role, actor.purpose, Activity.READ, data_class)
        for data_class in view.row_classes
    ):
        return []
    names = iter(f"p{number}" for number in range(1000))
    values: dict[str, Any] = {}
    fields = tuple(_everything(view, names, values, _DEPTH))
    if not paged:
        root = Root(view, paged=False, where=(("id", "where_id"),))
        return [Standard(name, root, Selection(name, name, (), fields), {"where_id": key} | values)]
    first, root = next(names), Root(view, paged=True)
    nodes = (Selection("nodes", "nodes", (), fields),)
    page = Selection(name, name, (("first", first),), nodes)
    beyond = Selection(name, name, (("first", first), ("after", "after")), nodes)
    there = {
        f"after_{position}": _SAMPLES[view.table.c[column].type.python_type]
        for position, column in enumerate(view.order)
    }
    return [
        Standard(name, root, page, values | {first: 50}),
        Standard(f"{name}, next page", root, beyond, values | there | {first: 50}),
    ]


def key_read(view: View) -> Standard:
    """Return the read that finds the key of a row that the persona may see."""
    nodes = (Selection("nodes", "nodes", (), (Selection("id", "id"),)),)
    selection = Selection("keys", "keys", (("first", "p0"),), nodes)
    return Standard("keys", Root(view, paged=True), selection, {"p0": 1})


def _everything(
    view: View, names: Iterator[str], values: dict[str, Any], depth: int, *, stored: bool = True
) -> Iterator[Selection]:
    """Give every field of a view and all that hangs on it, to a depth; `stored` rows have an id."""
    yield from (Selection(field, field) for field in view.fields)
    if stored and "id" in view.table.c:
        yield Selection("id", "id")
    if not view.public:
        yield Selection("access", "access")
    for name, relation in view.relations.items() if depth else ():
        stored = not isinstance(relation, Derived)
        inner = tuple(_everything(relation.view, names, values, depth - 1, stored=stored))
        if isinstance(relation, Many) and relation.paged:
            first = next(names)
            values[first] = 20
            nodes = (Selection("nodes", "nodes", (), inner),)
            yield Selection(name, name, (("first", first),), nodes)
        else:
            yield Selection(name, name, (), inner)

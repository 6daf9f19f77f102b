"""Running a read: plan, one statement, and the *checked* finisher's parsed tree."""

from asyncio import to_thread
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import clock
from domain.database import Ask, Database, backend_of
from domain.errors import BudgetSpent
from domain.reading.compile import page_objects
from domain.reading.cursor import Cursors, decoded
from domain.reading.keyset import PAGE, parameters_of
from domain.reading.selection import Asked, Selection
from domain.reading.statement import Plan, Root, plan
from domain.reading.view import Derived, Feed, Many, Relation, View
from permissions.budgets import budget
from permissions.decide import rules_for
from permissions.vocabulary import Activity, Purpose, Role

Scope = tuple[str, ...]
LARGE = 200_000
"""Characters of an answer from which on it is finished in a thread, so that others are served."""
BEFORE_ALL = -1
"""Comes before every number that a row of a feed has."""


@lru_cache(maxsize=2_000)
def planned(root: Root, asked: Selection, role: Role | None, purpose: Purpose | None) -> Plan:
    """Return the plan for a shape; values are parameters, so equal shapes share one."""
    return plan(root, asked, role, purpose)


@lru_cache(maxsize=2_000)
def unfinished(view: View, fields: tuple[Selection, ...]) -> tuple[Selection, ...]:
    """Return the fields that need work after the statement: unsealing, or a page somewhere in."""
    return tuple(part for part in fields if _needs_work(view, part))


def _needs_work(view: View, part: Selection) -> bool:
    if part.name in view.fields:
        return view.fields[part.name].after is not None
    relation = view.relations.get(part.name)
    if relation is None:
        return False
    paged = isinstance(relation, Many) and relation.paged
    return paged or bool(unfinished(relation.view, part.fields))


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read: the rows, each with its keyset, and whether more follow."""

    rows: list[dict[str, Any]]
    has_next: bool
    cursors: Cursors
    now: datetime = field(compare=False)
    feed: Feed | None = None
    horizon: int | None = None

    def cursor(self, row: Mapping[str, Any]) -> str:
        """Return the sealed cursor of a row."""
        if self.feed is None:
            return self.cursors.seal(row["/"], self.now)
        *keyset, at = row["/"]
        return self.cursors.seal(keyset, datetime.fromisoformat(at), lifetime=self.feed.kept)

    @property
    def end(self) -> str | None:
        """Return where to go on: after the last row, or in a feed after all that has come."""
        if self.feed is not None and self.horizon is not None and not self.has_next:
            return self.cursors.seal([self.horizon, BEFORE_ALL], self.now, lifetime=self.feed.kept)
        return self.cursor(self.rows[-1]) if self.rows else None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads for one request; without a request for anyone, and then only what is public."""

    database: Database
    cursor_key: bytes
    request: Ask | None

    async def read(
        self, connection: AsyncConnection, root: Root, asked: Asked
    ) -> dict[str, Any] | Page | None:
        """Run one root field: a `Page` for a list, an object or None for a single row.

        Raises:
            Invalid: a cursor that was not given to this actor for this list.
            BudgetSpent: the actor would see more young persons today than the work asks.
        """
        now = self.request.moment.instant if self.request else clock.now().instant
        finisher = Finisher(self, asked.values, now, scope_of(root, asked.values))
        if not self.speaks(root.view):
            if not root.paged:
                return None
            return Page([], has_next=False, cursors=self.cursors(finisher.scope), now=now)
        values = dict(asked.values) | finisher.opened(
            root.view, asked.selection, finisher.scope, paged=root.paged
        )
        actor = self.request.actor if self.request else None
        made = planned(
            root, asked.selection, actor.role if actor else None, actor.purpose if actor else None
        )
        if self.request is not None and not root.view.public:
            values |= self.request.parameters
            values["claims"] = self.database.claims(self.request, await backend_of(connection))
            values["request_id"] = self.request.request_id
            values["budget"] = budget(self.request.actor.role, self.request.actor.purpose)
        found = (await connection.execute(made.statement, values)).one_or_none()
        if made.personal and found is not None and not found.within:
            raise BudgetSpent(values["budget"])
        rows: list[dict[str, Any]] = orjson.loads("[]" if found is None else found.body or "[]")
        if root.paged:
            given = (root.view, rows, asked.selection, finisher.scope)
            if found is not None and len(found.body or "") > LARGE:
                page = await to_thread(finisher.page, *given)
            else:
                page = finisher.page(*given)
            feed = root.view.feed
            if feed is None or found is None:
                return page
            return replace(page, feed=feed, horizon=found.horizon)
        if not rows:
            return None
        return finisher.row(root.view, rows[0], asked.selection)

    def speaks(self, view: View) -> bool:
        """Return whether any rule could make a row of the view visible: else nothing is asked."""
        if view.public or self.request is None:
            return view.public
        actor = self.request.actor
        return any(
            rules_for(actor.role, actor.purpose, Activity.READ, data_class)
            for data_class in view.row_classes
        )

    def cursors(self, scope: Scope) -> Cursors:
        """Return what seals the cursors of a list for this actor and purpose."""
        actor = self.request.actor if self.request else None
        who = (actor.id, actor.organisation, actor.role, actor.purpose) if actor else ()
        return Cursors(self.cursor_key, (*map(str, who), "list", *scope))


def scope_of(root: Root, values: Mapping[str, Any]) -> Scope:
    """Return which list a root is: its view and what it is filtered by."""
    filters = [f"{column}={values[parameter]}" for column, parameter in root.where]
    if root.starts_with is not None:
        filters.append(f"{root.starts_with[0]}^{values[root.starts_with[1]]}")
    return (root.view.name, *sorted(filters))


@dataclass(frozen=True, slots=True)
class Finisher:
    """The work around the statement: opening cursors before it; after it, unsealing and paging.

    A scope names one list: the root's with its filters, or a nested one by its parent's view, so
    that a page begun in a list of parents goes on under one of them.
    """

    reader: Reader
    values: Mapping[str, Any]
    now: datetime
    scope: Scope

    def opened(self, view: View, asked: Selection, scope: Scope, *, paged: bool) -> dict[str, Any]:
        """Return the keyset parameters of every `after` in a selection."""
        found: dict[str, Any] = {}
        after = asked.argument("after")
        if paged and after is not None:
            keyset = self.reader.cursors(scope).open(str(self.values[after]), self.now)
            typed = [
                decoded(part, view.table.c[column].type.python_type)
                for part, column in zip(keyset, view.order, strict=True)
            ]
            found |= parameters_of(view, after, typed)
        objects = [fields for _, fields in page_objects(asked)] if paged else [asked.fields]
        for part in (part for fields in objects for part in fields):
            relation = view.relations.get(part.name)
            if relation is not None:
                nested = isinstance(relation, Many) and relation.paged
                found |= self.opened(relation.view, part, (view.name, part.name), paged=nested)
        return found

    def page(self, view: View, rows: list[dict[str, Any]], asked: Selection, scope: Scope) -> Page:
        """Return the page of what was read, without the row that only told there is more."""
        first = asked.argument("first")
        size = int(self.values[first]) if first is not None else PAGE
        for key, fields in page_objects(asked):
            if unfinished(view, fields):
                for row in rows[:size]:
                    self.fields(view, row[key], fields)
        return Page(rows[:size], len(rows) > size, self.reader.cursors(scope), self.now)

    def row(self, view: View, row: dict[str, Any], asked: Selection) -> dict[str, Any]:
        """Return an object, finished in place."""
        self.fields(view, row, asked.fields)
        return row

    def fields(self, view: View, row: dict[str, Any], fields: tuple[Selection, ...]) -> None:
        """Finish each asked-for field of an object that needs it."""
        for part in unfinished(view, fields):
            value = row.get(part.key)
            if value is None:
                continue
            if part.name in view.fields:
                after = view.fields[part.name].after
                row[part.key] = value if after is None else after(value)
            else:
                row[part.key] = self.related(
                    view.relations[part.name], value, part, (view.name, part.name)
                )

    def related(self, relation: Relation, value: Any, part: Selection, scope: Scope) -> Any:  # noqa: ANN401 - JSON
        """Return a finished relation: a page, a list or an object."""
        if isinstance(relation, Many) and relation.paged:
            return self.page(relation.view, value, part, scope)
        if isinstance(relation, Many) or (isinstance(relation, Derived) and relation.many):
            return [self.row(relation.view, row, part) for row in value]
        return self.row(relation.view, value, part)

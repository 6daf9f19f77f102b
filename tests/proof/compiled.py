"""The first layer alone: compiled predicates and masks, run by a login that passes every policy.

All views in one statement, so that a world costs little; `roots` runs the statements themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import asyncpg
import orjson
from sqlalchemy import (
    ColumnElement,
    Executable,
    FromClause,
    Integer,
    Text,
    cast,
    func,
    literal,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import asyncpg as dialect

from domain.database import ask
from domain.reading.compile import Compiler
from domain.reading.view import View
from permissions.decide import rules_for
from permissions.vocabulary import Activity, DataClass, Purpose, Role
from tests.proof.database import Difference
from tests.proof.evaluate import Seer
from tests.proof.expecting import Expecting, Row, Rows, differing_rows, grouped
from tests.proof.labelled import ROW, VIEWS, everything_of

ANY_DAY = date(2026, 1, 5)
"""A day on which the rule sets hold that hold in every world: it chooses them and nothing else."""


class Bare(Compiler):
    """Compiles as if everybody might see everything: for the values themselves."""

    def may_see(
        self, data_class: DataClass, view: View, row: FromClause, *, used: bool = True
    ) -> ColumnElement[bool]:
        """Return true."""
        del data_class, view, row, used
        return true()

    def visible(self, view: View, row: FromClause) -> ColumnElement[bool]:
        """Return true."""
        del view, row
        return true()

    def grounds_of(self, view: View, row: FromClause) -> ColumnElement[int]:
        """Return no ground: none is asked."""
        del view, row
        return literal_column("0", Integer)


@dataclass(frozen=True)
class Prepared:
    """The text of a statement, the names of its parameters in order, and the fixed values."""

    text: str
    names: tuple[str, ...]
    fixed: Mapping[str, Any]
    views: tuple[View, ...] = ()

    @classmethod
    def of(cls, statement: Executable, views: tuple[View, ...] = ()) -> "Prepared":
        """Compile a statement for the driver."""
        compiled: Any = statement.compile(dialect=dialect.dialect())  # pyright: ignore[reportAttributeAccessIssue]
        fixed = {name: bound.effective_value for name, bound in compiled.binds.items()}
        expanded = compiled.construct_expanded_state(fixed)
        return cls(expanded.statement, tuple(expanded.positiontup), expanded.parameters, views)

    async def row(self, on: asyncpg.Connection, given: Mapping[str, Any]) -> asyncpg.Record | None:
        """Run it and return its one row."""
        values = (given[name] if name in given else self.fixed[name] for name in self.names)
        return await on.fetchrow(self.text, *values)


def objects(compiler: Compiler, view: View) -> ColumnElement[Any]:
    """Return all visible objects of a view as the text of one JSON array."""
    row = compiler.row(view)
    body = compiler.object_of(view, row, everything_of(view)).label("body")
    rows = select(body).select_from(row).where(compiler.visible(view, row)).subquery()
    return select(cast(func.json_agg(rows.c.body), Text)).scalar_subquery()


def prepared(compiler: Compiler, views: tuple[View, ...]) -> Prepared:
    """Return one statement with an array of objects for each view."""
    columns = [objects(compiler, view).label(f"v{n}") for n, view in enumerate(views)]
    return Prepared.of(select(*columns), views)


@cache
def bare(views: tuple[View, ...]) -> Prepared:
    """Return the statement of every row as it is."""
    return prepared(Bare(role=Role.GUARDIAN, purpose=Purpose.OWN_DATA, claimed=None), views)


@cache
def masked(role: Role, purpose: Purpose) -> Prepared | None:
    """Return the statement of all a role may read for a purpose; None where it reads nothing."""
    claimed = select(literal("set", Text).label("claims")).cte("claimed")
    views = tuple(view for view in VIEWS if speaks(role, purpose, view))
    if not views:
        return None
    return prepared(Compiler(role=role, purpose=purpose, claimed=claimed), views)


def speaks(role: Role, purpose: Purpose, view: View) -> bool:
    """Return whether any rule could make a row visible."""
    return any(rules_for(role, purpose, Activity.READ, c) for c in view.row_classes)


async def rows_as_they_are(superuser: asyncpg.Connection, views: tuple[View, ...] = VIEWS) -> Rows:
    """Read every row of every view, with every predicate and mask lifted."""
    statement = bare(views)
    answer = await statement.row(superuser, {"me_today": ANY_DAY})
    assert answer is not None
    return grouped(dict(zip(views, answer, strict=True)))


async def answers(on: asyncpg.Connection, me: Seer) -> dict[View, dict[str, Row]]:
    """Return what the compiled statement gives an actor, by view and row."""
    statement = masked(me.actor.role, me.actor.purpose)
    if statement is None:
        return {}
    given = ask(me.actor, moment=me.world.moment, request_id="proof").parameters
    answer = await statement.row(on, given)
    assert answer is not None
    return {
        view: {row[ROW][0]: row for row in orjson.loads(text or "[]")}
        for view, text in zip(statement.views, answer, strict=True)
    }


def compare_views(
    me: Seer,
    rows: Rows,
    found: Mapping[View, Mapping[str, Row]],
    other: str = "the compiled statement",
) -> tuple[list[Difference], int]:
    """Return where the compiled answer differs from the evaluator's, and how much was compared."""
    expecting = Expecting(me, rows)
    differences: list[Difference] = []
    for view in rows:
        expected, answer = expecting.visible(view), found.get(view, {})
        if expected != answer:
            differences += differing_rows(me, view, expected, answer, other)
    return differences, expecting.cells

"""Writing many rows in one statement.

A policy's subquery runs once per statement, so that thousands of rows written one by one would
verify the claims thousands of times. Here the rows travel as one array per column.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Insert,
    Select,
    Table,
    any_,
    bindparam,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.selectable import TableValuedAlias

from domain.base import Base

Row = Mapping[str, Any]
T = TypeVar("T")

_PLANS = text("select set_config('plan_cache_mode', :plans, true)")
_JOINS = text(
    "select set_config('enable_nestloop', :state, true),"
    " set_config('plan_cache_mode', :plans, true)"
)

CHECKS_PLANNED_ONCE: Final = "set_config('plan_cache_mode', 'auto', true)"
"""What a statement that adds rows selects while everything is planned anew.

Foreign keys are checked when a statement is over, row by row: each check would be planned anew, and
for a board without statistics be planned to go through all its pupils (`ops/decisions/0029`).
"""


def table_of(model: type[Base]) -> Table:
    """Return the table of a model."""
    return cast("Table", model.__table__)


def unnested(columns: Sequence[Column[Any]], rows: Sequence[Row]) -> TableValuedAlias:
    """Return rows as a table of their own: one bound array per column."""
    arrays = [
        bindparam(
            f"all_{column.name}", [row[column.name] for row in rows], type_=ARRAY(column.type)
        )
        for column in columns
    ]
    names = (column.name for column in columns)
    return func.unnest(*arrays).table_valued(*names, name="given").render_derived()


def one_of(
    column: InstrumentedAttribute[T] | Column[T], values: Sequence[T]
) -> ColumnElement[bool]:
    """Return whether a column is one of many values: one array, however many they are."""
    return column == any_(bindparam(None, list(values), type_=ARRAY(column.type), unique=True))


@asynccontextmanager
async def joined_in_bulk(session: AsyncSession) -> AsyncGenerator[None]:
    """Have what is joined meanwhile joined as a whole.

    Rows written in the same transaction have no statistics yet: taken for a handful, they would be
    compared one by one with every other. A plan of the connection's, made for whatever came first,
    would not know better.
    """
    await session.execute(_JOINS, {"state": "off", "plans": "force_custom_plan"})
    yield
    await session.execute(_JOINS, {"state": "on", "plans": "auto"})


@asynccontextmanager
async def planned_anew(session: AsyncSession) -> AsyncGenerator[None]:
    """Have what is asked meanwhile planned for the keys that are given.

    Many keys are hashed only where they are known to the plan: one for any keys would go through
    all of them for every row.
    """
    await session.execute(_PLANS, {"plans": "force_custom_plan"})
    yield
    await session.execute(_PLANS, {"plans": "auto"})


async def insert_rows(
    session: AsyncSession,
    model: type[Base],
    rows: Sequence[Row],
    *,
    common: Row | None = None,
    unless_there: bool = False,
) -> None:
    """Insert rows that have the same columns; `common` holds the values that they share.

    With `unless_there` a row whose key is taken is left out.
    """
    if not rows:
        return
    table = table_of(model)
    columns = [table.c[name] for name in rows[0]]
    given = unnested(columns, rows)
    shared = common or {}
    source: Select[Any] = select(
        *(given.c[column.name] for column in columns),
        *(literal(value, table.c[name].type) for name, value in shared.items()),
    )
    names = [*rows[0], *shared]
    # Every value is given here: a default of the model would be one value for all the rows.
    statement: Insert
    if unless_there:
        statement = (
            postgresql_insert(table)
            .from_select(names, source, include_defaults=False)
            .on_conflict_do_nothing()
        )
    else:
        statement = insert(table).from_select(names, source, include_defaults=False)
    await session.execute(statement)


async def update_rows(
    session: AsyncSession,
    model: type[Base],
    rows: Sequence[Row],
    *,
    key: Sequence[str],
    common: Mapping[str, ColumnElement[Any] | Any] | None = None,
) -> None:
    """Set the columns of rows, found by `key`, to their own values and to the `common` ones."""
    if not rows:
        return
    table = table_of(model)
    given = unnested([table.c[name] for name in rows[0]], rows)
    values: dict[str, Any] = {name: given.c[name] for name in rows[0] if name not in key}
    await session.execute(
        update(table)
        .values(values | dict(common or {}))
        .where(*(table.c[name] == given.c[name] for name in key))
    )

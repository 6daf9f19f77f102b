"""The form of a reading statement, built in this one place.

Claims first, the read lateral to them, the trace inserted from the read: one round trip, and
nothing is answered that was not traced. Claims that were set later would return no rows.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Executable,
    FromClause,
    Integer,
    Select,
    Text,
    Uuid,
    bindparam,
    cast,
    func,
    insert,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from domain.reach import ME
from domain.reading.compile import PAGE, Compiler
from domain.reading.selection import Selection
from domain.reading.view import View
from domain.trace import Act, Trace
from permissions.vocabulary import Activity, Purpose, Role


@dataclass(frozen=True, slots=True)
class Root:
    """What a root field reads: a page of the view's rows, or the one row with a key.

    `where` names filters as (column, parameter) pairs; only columns of the row's own class.
    """

    view: View
    paged: bool
    where: tuple[tuple[str, str], ...] = ()
    starts_with: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled statement: run it with the request's parameters and the selection's values."""

    statement: Executable
    personal: bool


def plan(root: Root, asked: Selection, role: Role | None, purpose: Purpose | None) -> Plan:
    """Compile the statement of one root field for a role and purpose (None: anonymous)."""
    if root.view.public:
        compiler = Compiler(role=Role.GUARDIAN, purpose=Purpose.OWN_DATA, claimed=None)
        rows = read_rows(compiler, root, asked).subquery("rows")
        return Plan(select(body_of(rows)), personal=False)
    if role is None or purpose is None:
        message = "a view about persons or figures has no anonymous reader"
        raise ValueError(message)
    set_claims = func.set_config(
        literal_column("'schakel.claims'"), bindparam("claims", type_=Text), literal_column("true")
    )
    claimed = (
        select(set_claims.label("claims"))
        .cte("claimed")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )  # fmt: skip
    compiler = Compiler(role=role, purpose=purpose, claimed=claimed)
    rows = read_rows(compiler, root, asked).subquery("rows")
    subjects = subjects_of(root, rows, asked)
    inner = (
        select(body_of(rows).label("body"), subjects.label("subjects"))
        .select_from(rows)
        .where(claimed.c.claims.is_not(None))
        .lateral("read")
    )
    answer = (
        select(inner.c.body, inner.c.subjects)
        .select_from(claimed.join(inner, literal_column("true")))
        .cte("answer")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    statement: Select[Any] = select(answer.c.body)
    if root.view.subject is None:
        return Plan(statement, personal=False)
    return Plan(statement.add_cte(traced(compiler, answer)), personal=True)


def read_rows(compiler: Compiler, root: Root, asked: Selection) -> Select[Any]:
    """Return the rows of the root: a page, or at most one."""
    row = compiler.row(root.view)
    where = compiler.visible(root.view, row)
    for column, parameter in root.where:
        where &= row.c[column] == bindparam(parameter, type_=row.c[column].type)
    if root.starts_with is not None:
        column, parameter = root.starts_with
        where &= func.starts_with(row.c[column], bindparam(parameter, type_=Text))
    if root.paged:
        return compiler.page(root.view, row, asked, where)
    columns: list[ColumnElement[Any]] = [
        compiler.object_of(root.view, row, asked.fields).label("body"),
        literal_column("1").label("position"),
    ]
    if root.view.subject is not None:
        columns.append(row.c[root.view.subject].label("subject"))
    return select(*columns).select_from(row).where(where).limit(literal_column("1"))


def body_of(rows: FromClause) -> ColumnElement[Any]:
    """Return all rows as the text of one JSON array, in the order of their positions.

    The order is said here: another aggregate beside this one may sort its input otherwise.
    """
    ordered = func.json_agg(aggregate_order_by(rows.c.body, rows.c.position))
    return cast(func.coalesce(ordered, literal_column("'[]'::json")), Text)


def subjects_of(root: Root, rows: FromClause, asked: Selection) -> ColumnElement[Any]:
    """Return the young persons on the page; the row beyond it was not shown and is not traced."""
    if root.view.subject is None:
        return literal_column("'{}'::uuid[]")
    first = asked.argument("first")
    shown = bindparam(first, type_=Integer) if first else literal_column(str(PAGE), Integer)
    distinct = func.array_agg(rows.c.subject.distinct())
    return func.coalesce(
        distinct.filter(rows.c.position <= shown) if root.paged else distinct,
        literal_column("'{}'::uuid[]"),
    )


def traced(compiler: Compiler, answer: CTE) -> CTE:
    """Return the INSERT of the trace of what the read touched; nothing touched leaves none."""
    return (
        insert(Trace)
        .from_select(
            [
                "id", "controller_id", "actor_id", "organisation_id", "role", "purpose", "activity",
                "act", "rules", "data_classes", "young_persons", "request_id", "at",
            ],
            select(
                func.gen_random_uuid(),
                ME.organisation,
                ME.actor,
                ME.organisation,
                ME.role,
                ME.purpose,
                literal_column(f"'{Activity.READ}'", Text),
                literal_column(f"'{Act.READ}'", Text),
                bindparam("trace_rules", sorted(compiler.rules), type_=ARRAY(Text)),
                bindparam("trace_classes", sorted(map(str, compiler.classes)), type_=ARRAY(Text)),
                cast(answer.c.subjects, ARRAY(Uuid)),
                bindparam("request_id", type_=Text),
                ME.instant,
            ).where(func.cardinality(answer.c.subjects) > literal_column("0")),
            include_defaults=False,
        )
        .cte("traced")
    )  # fmt: skip

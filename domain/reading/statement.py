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
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal_column,
    null,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, array

from domain.reach import ME
from domain.reading.compile import Compiler
from domain.reading.keyset import PAGE
from domain.reading.selection import Selection
from domain.reading.view import View
from domain.trace import Act, Sighting, Trace
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
        return Plan(select(body_of(rows).label("body")), personal=False)
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
    grounds = func.coalesce(func.bit_or(rows.c.grounds), 0)
    inner = (
        select(body_of(rows).label("body"), subjects.label("subjects"), grounds.label("grounds"))
        .select_from(rows)
        .where(claimed.c.claims.is_not(None))
        .lateral("read")
    )
    feed = root.view.feed
    horizon = null() if feed is None else feed.horizon
    answer = (
        select(inner.c.body, inner.c.subjects, inner.c.grounds, horizon.label("horizon"))
        .select_from(claimed.join(inner, literal_column("true")))
        .cte("answer")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    if root.view.subject is None and not root.view.traced:
        return Plan(select(answer.c.body), personal=False)
    counted = counting(claimed, answer)
    given = select(
        case((counted.c.within, answer.c.body), else_=null()).label("body"),
        counted.c.within,
        answer.c.horizon,
    ).select_from(answer.join(counted, literal_column("true")))
    return Plan(
        given.add_cte(traced(compiler, root.view, answer, counted)).add_cte(sighted(counted)),
        personal=True,
    )


def read_rows(compiler: Compiler, root: Root, asked: Selection) -> Select[Any]:
    """Return the rows of the root: a page, or at most one."""
    row = compiler.row(root.view)
    where = compiler.visible(root.view, row)
    compiler.tells(root.view, *(column for column, _ in root.where))
    for column, parameter in root.where:
        where &= row.c[column] == bindparam(parameter, type_=row.c[column].type)
    if root.starts_with is not None:
        column, parameter = root.starts_with
        compiler.tells(root.view, column)
        where &= func.starts_with(row.c[column], bindparam(parameter, type_=Text))
    if root.paged:
        return compiler.page(root.view, row, asked, where)
    columns: list[ColumnElement[Any]] = [
        compiler.object_of(root.view, row, asked.fields).label("body"),
        literal_column("1").label("position"),
        compiler.grounds_of(root.view, row).label("grounds"),
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
    # A row about nobody, such as the receipt of a delivery, has no subject.
    about = rows.c.subject.is_not(None)
    return func.coalesce(
        func.array_agg(rows.c.subject.distinct()).filter(
            and_(about, rows.c.position <= shown) if root.paged else about
        ),
        literal_column("'{}'::uuid[]"),
    )


def counting(claimed: CTE, answer: CTE) -> CTE:
    """Return whom the actor had not seen today for this purpose, and whether the budget allows it.

    Who was seen is looked up only for the page at hand; they are counted only when someone is new.
    """
    seen = Sighting.__table__.alias("seen")
    today = and_(seen.c.actor_id == ME.actor, seen.c.purpose == ME.purpose, seen.c.day == ME.today)
    known = (
        select(seen.c.young_person_id)
        .where(today, seen.c.young_person_id == any_(answer.c.subjects))
        .correlate(answer)
    )
    fresh = (
        select(
            func.array(
                select(func.unnest(answer.c.subjects)).correlate(answer).except_(known)
                .scalar_subquery()
            ).label("persons")
        )
        .select_from(answer.join(claimed, literal_column("true")))
        .where(claimed.c.claims.is_not(None))
        .cte("fresh")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )  # fmt: skip
    counted = select(func.count(seen.c.young_person_id.distinct())).where(today).scalar_subquery()
    new = func.cardinality(fresh.c.persons)
    within = case(
        (new == literal_column("0"), true()),
        else_=counted + new <= bindparam("budget", type_=Integer),
    )
    return (
        select(fresh.c.persons, within.label("within"))
        .select_from(fresh)
        .cte("counted")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )


def sighted(counted: CTE) -> CTE:
    """Return the INSERT of whom the actor sees for the first time today for this purpose."""
    return (
        insert(Sighting)
        .from_select(
            ["actor_id", "purpose", "day", "young_person_id"],
            select(ME.actor, ME.purpose, ME.today, func.unnest(counted.c.persons)).where(
                counted.c.within
            ),
            include_defaults=False,
        )
        .cte("sighted")
    )


def relied_on(compiler: Compiler, view: View, answer: CTE) -> ColumnElement[Any]:
    """Return the ids of the rules that the answer rests on.

    Where several ties can make a row visible, those that made none are left out.
    """
    ties = compiler.alternatives(view)
    ids: list[ColumnElement[Any]] = []
    for name, rule in sorted(compiler.rules.items()):
        said = bindparam(None, name, type_=Text, unique=True)
        if rule.tie in ties:
            bit = literal_column(str(1 << ties.index(rule.tie)), Integer)
            ids.append(case((answer.c.grounds.op("&")(bit) > 0, said), else_=null()))
        else:
            ids.append(said)
    return func.array_remove(cast(array(ids), ARRAY(Text)), null())


def traced(compiler: Compiler, view: View, answer: CTE, counted: CTE) -> CTE:
    """Return the INSERT of the trace of what the read touched; nothing touched leaves none."""
    touched = func.cardinality(answer.c.subjects) > literal_column("0")
    if view.traced:
        touched = answer.c.body != literal_column("'[]'")
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
                relied_on(compiler, view, answer),
                bindparam("trace_classes", sorted(map(str, compiler.classes)), type_=ARRAY(Text)),
                cast(answer.c.subjects, ARRAY(Uuid)),
                bindparam("request_id", type_=Text),
                ME.instant,
            )
            .select_from(answer.join(counted, literal_column("true")))
            .where(counted.c.within, touched),
            include_defaults=False,
        )
        .cte("traced")
    )  # fmt: skip

"""Both layers together: the statement of each root field as the service runs it, at its login."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson

from domain.database import Login, ask, login_for
from domain.reading.selection import Selection
from domain.reading.statement import Root, plan
from domain.reading.view import View
from permissions.vocabulary import Purpose, Role
from tests.proof.compiled import Prepared, speaks
from tests.proof.database import Asking, Difference
from tests.proof.evaluate import Seer
from tests.proof.expecting import Expecting, Row, Rows, differing_rows
from tests.proof.labelled import DEEP, ROW, everything_of

ENOUGH = 100_000
"""More rows than there are, and more young persons than anybody may see in a day."""


@cache
def rooted(view: View, role: Role, purpose: Purpose) -> Prepared:
    """Return the statement of a page of everything in a view, with why each row is seen."""
    nodes = Selection(
        "nodes", "nodes", fields=(*everything_of(view), Selection("access", "access"))
    )
    asked = Selection("root", "root", arguments=(("first", "first"),), fields=(nodes,))
    return Prepared.of(plan(Root(view, paged=True), asked, role, purpose).statement)


async def page(asking: Asking, me: Seer, view: View) -> list[Row]:
    """Return the page of a view that the actor is given; what it leaves behind is undone."""
    login = login_for(me.actor)
    connection = asking.connections[login]
    request = ask(me.actor, moment=me.world.moment, request_id="proof")
    given = {
        **request.parameters,
        "claims": asking.claims(login, me),
        "request_id": request.request_id,
        "budget": ENOUGH,
        "first": ENOUGH,
    }
    transaction = connection.transaction()
    await transaction.start()
    try:
        row = await rooted(view, me.actor.role, me.actor.purpose).row(connection, given)
    finally:
        await transaction.rollback()
    return [] if row is None else [found["nodes"] for found in orjson.loads(row["body"] or "[]")]


async def compare_roots(asking: Asking, me: Seer, rows: Rows) -> tuple[list[Difference], int]:
    """Return where a root differs from what the evaluator expects, and how much was compared."""
    expecting = Expecting(me, rows)
    found: list[Difference] = []
    for view in DEEP:
        if login_for(me.actor) is Login.JOBS or not speaks(me.actor.role, me.actor.purpose, view):
            continue
        nodes = await page(asking, me, view)
        expected = expecting.visible(view)
        for node in nodes:
            found += compare_access(me, expecting, view, node, node.pop("access"))
        answer = {node[ROW][0]: node for node in nodes}
        if answer != expected:
            found += differing_rows(me, view, expected, answer, "the service")
    return found, expecting.cells


def compare_access(
    me: Seer, expecting: Expecting, view: View, node: Row, access: dict[str, Any]
) -> Iterator[Difference]:
    """Yield where the reason given for a row is not one, or a withheld class is given after all."""
    key = (node[ROW][0],)
    if access["rule"] not in set(rules_on(me, view, node)):
        yield Difference(
            me.world.seed, me.actor, f"why {view.name}", key, "no such rule holds", access["rule"]
        )
    for data_class in view.classes:
        hidden = str(data_class) in access["withheld"]
        if hidden and expecting.is_given(data_class, node):
            what = f"{data_class} withheld on {view.name}"
            yield Difference(me.world.seed, me.actor, what, key, "it is given", "access withheld")


def rules_on(me: Seer, view: View, node: Row) -> Iterator[str]:
    """Yield the ids of the rules by which a row is visible."""
    _, guard, about, _ = node[ROW]
    for data_class in view.row_classes:
        if view.guarded_by is None or guard == data_class:
            for kind, key in about.items():
                yield from me.because(data_class, kind, key)

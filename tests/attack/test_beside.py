"""Root fields beside each other: what becomes of one when another takes the answer with it."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from permissions import budgets
from permissions.vocabulary import Role
from tests.conftest import TestDatabase
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

LEFT = "query($n: Int = 5) { a: %s(first: 3) { nodes { id } } b: %s(first: $n) { nodes { id } } }"
IDLE = (
    "select count(*) from pg_stat_activity where state like 'idle in transaction%'"
    " and datname = current_database()"
)


@pytest.mark.parametrize(("who", "root"), [("coordinator", "pupils"), (None, "municipalities")])
async def test_nothing_is_left_behind(
    face: Face, filled: tuple[TestDatabase, World], who: str | None, root: str
) -> None:
    """A root that fails at once leaves no connection with the one beside it."""
    database, world = filled
    actor = None if who is None else world.actors[who]
    fields = "code" if who is None else "id"
    query = (LEFT % (root, root)).replace("{ id }", f"{{ {fields} }}")
    for _ in range(3):
        answers = await asyncio.gather(*(face.ask(actor, query, n=None) for _ in range(8)))
        assert all(answer.get("data") is None for answer in answers)
    await asyncio.sleep(0.2)
    assert database.run_sql(IDLE) == ["0"]
    answer = await face.ask(actor, query, n=1)
    assert answer["data"]["b"]["nodes"]


async def test_a_spent_budget_is_told_whatever_is_beside_it(
    face: Face, filled: tuple[TestDatabase, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second list beside the one that spends the budget keeps nobody from being told."""
    database, world = filled
    monkeypatch.setitem(cast("dict[Role, int]", budgets.BUDGETS), Role.HEAD_OF_SCHOOL, 0)
    alerts = "select count(*) from alert where kind = 'reading_budget'"
    database.run_sql("delete from alert where kind = 'reading_budget'; delete from sighting")
    query = "{ a: pupils(first: 50) { nodes { id } } b: pupils(first: 50) { nodes { id } } }"
    answer = await face.ask(world.actors["head"], query)
    assert answer.get("data") is None
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"LIMIT_EXCEEDED"}
    assert database.run_sql(alerts) == ["1"]

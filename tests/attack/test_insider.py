"""Somebody with a real token who reads on and on: what a day's budget gives, and who is told."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, cast
from uuid import uuid4

import pytest
import pytest_asyncio

from permissions import budgets
from permissions.vocabulary import Actor, Purpose, Role
from tests.conftest import TestDatabase
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

PUPILS = "{ pupils(first: 50) { nodes { id } } }"
PUPIL = "query ($id: ID!) { pupil(id: $id) { familyName } }"


@pytest.fixture
def coordinator(world: World) -> Actor:
    """The coordinator of a branch with more pupils than the budget that the tests set."""
    return world.actors["coordinator"]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    """A budget of three young persons a day."""
    numbers = cast("dict[Role, int]", budgets.BUDGETS)
    monkeypatch.setitem(numbers, Role.ATTENDANCE_COORDINATOR, 3)
    monkeypatch.setitem(numbers, Role.HEAD_OF_SCHOOL, 3)
    return 3


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def unseen(filled: tuple[TestDatabase, World]) -> AsyncIterator[None]:
    """Nobody saw anybody yet; afterwards it is as it was."""
    forget = "delete from sighting; delete from alert where kind = 'reading_budget'"
    filled[0].run_sql(f"create table seen_before as table sighting; {forget}")
    yield
    filled[0].run_sql(
        f"{forget}; insert into sighting select * from seen_before; drop table seen_before"
    )


async def test_a_list_over_the_budget_shows_nothing(
    face: Face, filled: tuple[TestDatabase, World], coordinator: Actor
) -> None:
    """A page with more young persons than the day allows is refused as a whole, and not traced."""
    before = filled[0].run_sql("select count(*) from trace")
    answer = await face.ask(coordinator, PUPILS)
    assert answer.get("data") is None
    assert answer["errors"][0]["extensions"] == {"code": "LIMIT_EXCEEDED", "limit": 3}
    assert "privacy officer" in answer["errors"][0]["message"]
    assert filled[0].run_sql("select count(*) from trace") == before
    assert filled[0].run_sql("select count(*) from sighting") == ["0"]


async def test_a_slow_crawl_ends_at_the_same_number(
    face: Face, world: World, coordinator: Actor
) -> None:
    """One pupil at a time, by id, through node or in aliases: the fourth new one is refused."""
    ids = [f"pupil_{pupil.hex}" for pupil in world.pupils[:4]]
    for seen in ids[:3]:
        assert (await face.data(coordinator, PUPIL, id=seen))["pupil"] is not None
    for query, variables in (
        (PUPIL, {"id": ids[3]}),
        (f'{{ node(id: "{ids[3]}") {{ id }} }}', {}),
        (f'{{ a: pupil(id: "{ids[0]}") {{ id }} b: pupil(id: "{ids[3]}") {{ id }} }}', {}),
    ):
        answer: dict[str, Any] = await face.ask(coordinator, query, **variables)
        assert answer.get("data") is None, query
        assert answer["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
    # Whom she saw today she sees again, as often as the work asks.
    for seen in ids[:3]:
        assert (await face.data(coordinator, PUPIL, id=seen))["pupil"] is not None


async def test_a_hidden_pupil_costs_nothing_and_answers_alike(
    face: Face, filled: tuple[TestDatabase, World], world: World, coordinator: Actor
) -> None:
    """Asking for pupils of another board neither fills the budget nor tells that they exist."""
    for hidden in (world.pupils[14].hex, world.pupils[15].hex, uuid4().hex):
        assert await face.data(coordinator, PUPIL, id=f"pupil_{hidden}") == {"pupil": None}
    assert filled[0].run_sql("select count(*) from sighting") == ["0"]


async def test_the_organisation_is_told_once_a_day(
    face: Face, filled: tuple[TestDatabase, World], world: World, coordinator: Actor
) -> None:
    """However often the limit is met, there is one alert for an actor, a purpose and a day."""
    for _ in range(3):
        await face.ask(coordinator, PUPILS)
    told = filled[0].run_sql(
        "select kind, actor_id, controller_id, role, amount from alert"
        " where kind = 'reading_budget'"
    )
    assert told == [
        f"reading_budget|{coordinator.id}|{coordinator.organisation}|attendance_coordinator|3"
    ]


async def test_each_purpose_and_each_actor_has_a_budget_of_its_own(
    face: Face, filled: tuple[TestDatabase, World], world: World, coordinator: Actor
) -> None:
    """What one saw does not fill the budget of another."""
    for pupil in world.pupils[:3]:
        await face.data(coordinator, PUPIL, id=f"pupil_{pupil.hex}")
    head = world.actors["head"]
    assert (await face.data(head, PUPIL, id=f"pupil_{world.pupils[4].hex}"))["pupil"] is not None


async def test_a_role_without_a_number_sees_nobody() -> None:
    """A role that nobody thought of has a budget of nothing; in an emergency it is three."""
    assert budgets.budget(Role.INSPECTOR, Purpose.SUPERVISION) == 0
    assert budgets.budget(Role.YOUTH_CARE_WORKER, Purpose.EMERGENCY) == budgets.IN_EMERGENCY


async def test_a_token_for_another_organisation_does_not_empty_the_count(
    face: Face, world: World, coordinator: Actor
) -> None:
    """The count is of the person: naming another organisation in a token starts no new day."""
    for pupil in world.pupils[:3]:
        await face.data(coordinator, PUPIL, id=f"pupil_{pupil.hex}")
    elsewhere = replace(coordinator, organisation=world.organisations["other_board"])
    answer = await face.data(elsewhere, PUPIL, id=f"pupil_{world.pupils[3].hex}")
    assert answer == {"pupil": None}

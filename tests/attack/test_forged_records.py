"""Records put in by SQL: a trace in another's log, an alert where somebody else's would stand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

import pytest
import pytest_asyncio

from domain.accountability.services import budget_spent
from permissions.vocabulary import Actor
from tests.attack.tries import DENIED, attempt, looked_up
from tests.conftest import TestDatabase
from tests.world import World

pytestmark = pytest.mark.asyncio

TRACE = """insert into trace (id, controller_id, actor_id, organisation_id, role, purpose, activity,
        act, rules, data_classes, young_persons, request_id, at)
    values (gen_random_uuid(), :controller, sec.actor(), sec.organisation(),
        (select (sec.claims()).role), (select (sec.claims()).purpose), 'read', 'read', '{}', '{}',
        '{}', 'x', (select (sec.claims()).instant) - make_interval(days => cast(:before as int)))"""
ALERT = """insert into alert (id, controller_id, kind, actor_id, actor_organisation_id, role,
        purpose, amount, day, at)
    values (:id, sec.organisation(), 'reading_budget', :actor, sec.organisation(),
        (select (sec.claims()).role), (select (sec.claims()).purpose), 1,
        (select (sec.claims()).today) + cast(:days as int), (select (sec.claims()).instant))"""
TAKEN = "23505"


@pytest_asyncio.fixture(loop_scope="session")
async def untold(filled: tuple[TestDatabase, World]) -> AsyncIterator[TestDatabase]:
    """Nobody spent a budget yet, and afterwards neither."""
    forget = "delete from alert where kind = 'reading_budget'"
    await looked_up(filled[0], forget)
    yield filled[0]
    await looked_up(filled[0], forget)


async def told_of(made: TestDatabase, actor: Actor) -> list[str]:
    """Return the organisations that were told that an actor's budget is spent."""
    return await looked_up(
        made,
        "select controller_id from alert where kind = 'reading_budget'"
        f" and actor_id = '{actor.id}' order by 1",
    )


async def test_a_trace_stands_in_ones_own_log_and_on_its_own_day(world: World) -> None:
    """Whoever writes a trace chooses neither whose log it stands in nor when it was."""
    for name in ("mentor", "officer", "guardian"):
        actor = world.actors[name]
        own: dict[str, object] = {"controller": actor.organisation, "before": 0}
        assert await attempt(world, actor, TRACE, given=own) == 1, name
        for wrong in (
            {"controller": world.organisations["other_board"]},
            {"controller": None if actor.organisation else world.organisations["board"]},
            {"before": 400},
            {"before": -1},
        ):
            assert await attempt(world, actor, TRACE, given=own | wrong) == DENIED, (name, wrong)


async def test_an_alert_is_suppressed_by_no_colleague(untold: TestDatabase, world: World) -> None:
    """Nobody puts in an alert of somebody else's, and no id that one can work out is taken."""
    head, mentor = world.actors["head"], world.actors["mentor"]
    values: dict[str, object] = {"id": uuid4(), "actor": mentor.id, "days": 0}
    assert await attempt(world, mentor, ALERT, given=values) == 1
    assert await attempt(world, mentor, ALERT, given=values | {"actor": head.id}) == DENIED
    assert await attempt(world, mentor, ALERT, given=values | {"days": 1}) == DENIED
    await world.act(head, budget_spent, most=3)
    await world.act(head, budget_spent, most=3)
    assert await told_of(untold, head) == [str(head.organisation)]
    (made,) = await looked_up(untold, f"select id from alert where actor_id = '{head.id}'")
    once = f"{head.id} {head.purpose} {world.moment.today.isoformat()}"
    assert UUID(made).version == 4
    assert UUID(made) != uuid5(NAMESPACE_OID, once)
    again = {"id": uuid4(), "actor": head.id, "days": 0}
    assert await attempt(world, head, ALERT, given=again) == TAKEN


async def test_each_organisation_is_told_of_its_own(untold: TestDatabase, world: World) -> None:
    """Who works at two organisations spends at each: one being told does not silence the other."""
    head = world.actors["head"]
    elsewhere = replace(head, organisation=world.organisations["other_board"])
    for actor in (head, elsewhere):
        await world.act(actor, budget_spent, most=3)
    both = {str(head.organisation), str(elsewhere.organisation)}
    assert set(await told_of(untold, head)) == both

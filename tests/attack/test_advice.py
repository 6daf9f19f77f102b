"""Injected SQL against advice: what an analyst's or a school's login can see, forge or rewrite."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from domain.database import Login, login_for
from permissions.vocabulary import Actor, Purpose
from tests.attack.tries import CHECKED, DENIED, attempt, nothing_came
from tests.world import World

pytestmark = [pytest.mark.asyncio]

GIVEN = """insert into advice (id, controller_id, branch_id, measure, first_day, last_day, seen,
        advised, state, recorded_by, recorded_at)
    values (:key, :office, :branch, 'absence', '2026-01-01', '2026-01-31', 's', 'a',
        'recorded', :me, (sec.claims()).instant + :late)"""
ANSWERS = """update advice set state = 'answered', answer = 'x', answered_by = :me,
    answered_at = (sec.claims()).instant where id = :advice"""
FOLLOWS = """update advice set state = 'followed_up', follow_up = 'x', followed_up_by = :me,
    followed_up_at = (sec.claims()).instant where id = :advice"""
CLOSES = """update advice set state = 'closed', outcome = 'improved', closed_by = :me,
    closed_at = (sec.claims()).instant where id = :advice"""
TRACE = """insert into trace (id, controller_id, actor_id, organisation_id, role, purpose, activity,
        act, rules, data_classes, young_persons, request_id, at)
    values (:key, :office, :me, :office, 'attendance_adviser', 'prevention_advice', 'advise',
        'advice_recorded', '{}', '{}', :young, 'r', (sec.claims()).instant)"""


@pytest_asyncio.fixture(loop_scope="session")
async def given(world: World) -> dict[str, object]:
    """What the adviser's own statements name."""
    return {
        "key": uuid4(), "office": world.organisations["office"],
        "branch": world.branches["99WA00"], "me": world.actors["adviser"].id,
        "advice": world.advice["recorded"], "done": world.advice["closed"],
        "late": timedelta(0), "young": list[UUID](),
    }  # fmt: skip


async def tried(
    world: World, actor: Actor, statement: str, given: dict[str, object], **changed: object
) -> str | int:
    """Try a statement at the login that serves the actor."""
    values = {**given, "me": actor.id, **changed}
    return await attempt(world, actor, statement, login=login_for(actor), given=values)


async def test_the_statements_are_right_as_they_are(world: World, given: dict[str, object]) -> None:
    """What is refused below is refused for what it changes: so it would go through."""
    adviser, head = world.actors["adviser"], world.actors["head"]
    assert await tried(world, adviser, GIVEN, given) == 1
    assert await tried(world, adviser, CLOSES, given) == 1
    assert await tried(world, adviser, TRACE, given) == 1
    assert await tried(world, head, ANSWERS, given) == 1


async def test_nobody_else_sees_gives_or_moves_advice(
    world: World, given: dict[str, object]
) -> None:
    """At whatever login they are served: without a tie no row comes and none is written."""
    inside = {"adviser", "head", "coordinator", "board_analyst"}
    people = {name: a for name, a in world.actors.items() if name not in inside}
    people |= {f"other {name}": a for name, a in world.strangers.items()}
    for name, actor in people.items():
        for statement in ("select 1 from advice where id = :advice", ANSWERS, FOLLOWS, CLOSES):
            outcome = await tried(world, actor, statement, given)
            assert nothing_came(outcome), f"{name}: {statement}"
        assert nothing_came(await tried(world, actor, GIVEN, given, office=actor.organisation))


async def test_who_reads_does_not_write(world: World, given: dict[str, object]) -> None:
    """A coordinator and an analyst change nothing; head and adviser not what is the other's."""
    for name, statements in (
        ("coordinator", (ANSWERS, FOLLOWS, CLOSES)),
        ("board_analyst", (ANSWERS, FOLLOWS, CLOSES, GIVEN)),
        ("head", (FOLLOWS, CLOSES, GIVEN)),
        ("adviser", (ANSWERS,)),
    ):
        for statement in statements:
            outcome = await tried(world, world.actors[name], statement, given)
            assert nothing_came(outcome), f"{name}: {statement}"


@pytest.mark.parametrize(
    "changed",
    [
        {"office": "other_office"},
        {"branch": "99WB00"},
        {"me": "adviser"},
        {"late": timedelta(days=-1)},
    ],
    ids=lambda changed: next(iter(changed)),
)
async def test_an_adviser_forges_no_advice(
    world: World, given: dict[str, object], changed: dict[str, object]
) -> None:
    """Not another office's, to a branch without a mandate, in another's name or of another day."""
    names: dict[str, object] = {
        **world.organisations, **world.branches, "adviser": world.strangers["adviser"].id,
    }  # fmt: skip
    values = {key: names.get(str(value), value) for key, value in changed.items()}
    assert await tried(world, world.actors["adviser"], GIVEN, given, **values) == DENIED


async def test_what_was_said_stays_said(world: World, given: dict[str, object]) -> None:
    """Neither side rewrites what it or the other wrote, moves advice back, or takes it away."""
    of_adviser = (
        "update advice set advised = 'x' where id = :advice",
        "update advice set branch_id = branch_id where id = :advice",
        "update advice set answer = 'x' where id = :done",
        "update advice set follow_up = 'x' where id = :done",
        "update advice set state = 'recorded' where id = :done",
        "update advice set outcome = 'unchanged' where id = :done",
        "delete from advice where id = :advice",
        FOLLOWS,
        CLOSES.replace("closed_by = :me", "closed_by = :key"),
        CLOSES.replace("outcome", "follow_up = 'x', outcome"),
    )
    of_head = (
        "update advice set seen = 'x' where id = :advice",
        "update advice set answer = 'x' where id = :done",
        "update advice set follow_up = 'x' where id = :advice",
        "update advice set state = 'closed' where id = :advice",
        "delete from advice where id = :advice",
        ANSWERS.replace("answered_by = :me", "answered_by = :key"),
        ANSWERS.replace(":advice", ":done"),
    )
    for name, statements in (("adviser", of_adviser), ("head", of_head)):
        for statement in statements:
            outcome = await tried(world, world.actors[name], statement, given)
            assert outcome in (0, DENIED, CHECKED), f"{name}: {statement}"
            assert outcome != 0 or "delete" in statement, f"{name}: {statement}"


async def test_the_login_of_advisers_still_opens_nothing_about_persons(
    world: World, given: dict[str, object]
) -> None:
    """It adds a trace of its own that names nobody; it reads none, nor a key of another's act."""
    adviser = world.actors["adviser"]
    young = [world.young_persons[0]]
    assert await tried(world, adviser, TRACE, given, young=young) == DENIED
    other = {"office": world.organisations["other_office"]}
    assert await tried(world, adviser, TRACE, given, **other) == DENIED
    for statement in (
        "select 1 from trace",
        "select 1 from pupil",
        "select 1 from young_person",
        "select 1 from report",
    ):
        assert await tried(world, adviser, statement, given) == DENIED
    keys = "select 1 from idempotency where actor_id <> :me"
    assert await tried(world, adviser, keys, given) == 0


async def test_a_token_of_another_purpose_or_place_reaches_nothing(
    world: World, given: dict[str, object]
) -> None:
    """Purposes never meet: the adviser's facts under the officer's purpose open no advice."""
    adviser, head = world.actors["adviser"], world.actors["head"]
    for actor in (
        replace(adviser, purpose=Purpose.COMPULSORY_SCHOOLING),
        replace(adviser, purpose=Purpose.CASE_COORDINATION),
        replace(adviser, organisation=world.organisations["other_office"]),
        replace(head, purpose=Purpose.POLICY_STATISTICS),
        replace(head, organisation=world.organisations["other_board"]),
    ):
        for login in (Login.APP, Login.AGGREGATE):
            for statement in ("select 1 from advice", ANSWERS, CLOSES, GIVEN):
                outcome = await attempt(world, actor, statement, login=login, given=given)
                assert nothing_came(outcome), (actor, login, statement)

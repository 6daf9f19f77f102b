"""Advice over GraphQL: recorded, answered, followed up, closed; and absent for everybody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from api import ids
from permissions.vocabulary import Actor
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio

ADVICE = """id state measure seen text answer willDo doneBy doBy followUp outcome
    branch { id branchCode } office { name } followedBy { unit measure period }
    access { tie purpose }"""
PROBLEM = "... on Problem { code message path }"
BSN = "999990019"
LIST = "query ($branch: ID, $state: String, $first: Int!, $after: String) { advices("
LIST += "branchId: $branch, state: $state, first: $first, after: $after) {"
LIST += " nodes { id state } pageInfo { hasNextPage endCursor } } }"


def opaque(world: World, name: str) -> str:
    """Return the id of an advice of the world."""
    return ids.encode("advice", world.advice[name])


def given(world: World, **changed: Any) -> dict[str, Any]:
    """Return the input of an advice to the school."""
    today = world.moment.today
    return {
        "branchId": ids.encode("branch", world.branches["99WA00"]),
        "measure": "absence",
        "firstDay": str(today - timedelta(days=40)),
        "lastDay": str(today - timedelta(days=10)),
        "seen": "Twice as much as last year.",
        "text": "Agree on when a mentor calls home.",
        **changed,
    }


async def act(face: Face, actor: Actor, name: str, **given: Any) -> dict[str, Any]:
    """Do a mutation and return the member of its union."""
    kind = name[0].upper() + name[1:] + "Input"
    query = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ __typename"
    query += f" ... on AdviceSuccess {{ advice {{ {ADVICE} }} }} {PROBLEM} }} }}"
    return (await face.data(actor, query, input=given))[name]


async def pages(face: Face, actor: Actor, **wanted: Any) -> list[str]:
    """Return the ids of every page of a list, one advice at a time."""
    found, after = [], None
    while True:
        page = (await face.data(actor, LIST, first=1, after=after, **wanted))["advices"]
        found += [one["id"] for one in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


async def test_an_adviser_advises_a_school_answers_and_both_see_what_followed(
    world: World, face: Face
) -> None:
    """The whole way over HTTP, each with a token of its own; the series after it is named."""
    adviser, head, today = world.actors["adviser"], world.actors["head"], world.moment.today
    once = given(world, idempotencyKey=str(uuid4()))
    made = await act(face, adviser, "recordAdvice", **once)
    assert made == await act(face, adviser, "recordAdvice", **once)
    advice = made["advice"]
    assert (advice["state"], advice["answer"], advice["branch"]["branchCode"]) == (
        "recorded", None, "99WA00",
    )  # fmt: skip
    assert advice["followedBy"] == {
        "unit": "branch:99WA00",
        "measure": "absence",
        "period": f"{today - timedelta(days=9):%Y-%m}",
    }
    assert advice["access"]["tie"] == "MANDATE"
    promise = {"willDo": "Call in week one.", "doneBy": "mentor", "doBy": str(today)}
    key = str(uuid4())
    for _ in range(2):
        answered = await act(
            face, head, "answerAdvice",
            adviceId=advice["id"], answer="Agreed.", promise=promise, idempotencyKey=key,
        )  # fmt: skip
        assert answered["advice"]["access"]["tie"] == "BRANCH_ASSIGNMENT"
        assert answered["advice"]["willDo"] == "Call in week one."
    followed = await act(
        face, adviser, "followUpAdvice", adviceId=advice["id"], note="Back to normal."
    )
    assert (followed["advice"]["state"], followed["advice"]["answer"]) == ("followed_up", "Agreed.")
    closed = [
        await act(face, adviser, "closeAdvice", adviceId=advice["id"], outcome="improved")
        for _ in range(2)
    ]
    assert [one["__typename"] for one in closed] == ["AdviceSuccess", "ConflictProblem"]
    read = f"query ($id: ID!) {{ advice(id: $id) {{ {ADVICE} }} node(id: $id) {{ id }} }}"
    for actor in (adviser, head, world.actors["coordinator"], world.actors["board_analyst"]):
        found = await face.data(actor, read, id=advice["id"])
        assert found["advice"]["outcome"] == "improved"
        assert found["node"]["id"] == advice["id"]


async def test_a_list_is_of_one_branch_or_one_state(world: World, face: Face) -> None:
    """Filters narrow what is reached, and a filter on nothing gives nothing."""
    adviser = world.actors["adviser"]
    branch = ids.encode("branch", world.branches["99WA00"])
    everything = await pages(face, adviser)
    assert {opaque(world, "recorded"), opaque(world, "closed")} <= set(everything)
    assert await pages(face, adviser, branch=branch) == everything
    assert opaque(world, "recorded") in await pages(face, adviser, state="recorded")
    assert opaque(world, "closed") not in await pages(face, adviser, state="recorded")
    for nothing in (
        {"branch": ids.encode("branch", world.branches["99WB00"])},
        {"branch": opaque(world, "recorded")},
        {"branch": "nonsense"},
        {"state": "nonsense"},
    ):
        assert await pages(face, adviser, **nothing) == []


async def test_nobody_else_sees_lists_or_counts_it(world: World, face: Face) -> None:
    """For everyone without a tie every list is empty with no further page, and ids are of nothing.

    The other office, the other board, the heads of other branches, the officer herself with her
    enforcement token, family and partners.
    """
    inside = {"adviser", "head", "coordinator", "board_analyst", "operator"}
    people = {name: a for name, a in world.actors.items() if name not in inside}
    people = {n: a for n, a in people.items() if a.role != "platform_job"}
    people |= {f"other {name}": actor for name, actor in world.strangers.items()}
    hidden, own = opaque(world, "closed"), opaque(world, "elsewhere")
    one = "query ($id: ID!) { advice(id: $id) { id } node(id: $id) { id } }"
    branch = ids.encode("branch", world.branches["99WA00"])
    for name, actor in people.items():
        for wanted in ({}, {"branch": branch}, {"state": "recorded"}):
            found = await face.data(actor, LIST, first=1, **wanted)
            assert found["advices"]["pageInfo"]["hasNextPage"] is False, name
            assert {node["id"] for node in found["advices"]["nodes"]} <= {own}, name
        assert await face.data(actor, one, id=hidden) == {"advice": None, "node": None}, name


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"measure": "grades"}, ["measure"]),
        ({"seen": f"Look at {BSN}."}, ["seen"]),
        ({"text": ""}, ["text"]),
        ({"lastDay": "2100-01-01"}, ["lastDay"]),
    ],
)
async def test_a_refusal_names_the_field_and_no_number(
    world: World, face: Face, changed: dict[str, Any], path: list[str]
) -> None:
    """What is wrong is told where it is, without saying again what must not be written."""
    refused = await act(face, world.actors["adviser"], "recordAdvice", **given(world, **changed))
    assert (refused["code"], refused["path"]) == ("INVALID", ["input", *path])
    assert BSN not in refused["message"]


async def test_a_promise_is_refused_at_its_field(world: World, face: Face) -> None:
    """Inside the promise too the path leads to the field."""
    promise = {"willDo": BSN, "doneBy": "mentor", "doBy": str(world.moment.today)}
    refused = await act(
        face, world.actors["head"], "answerAdvice",
        adviceId=opaque(world, "recorded"), answer="Yes.", promise=promise,
    )  # fmt: skip
    assert refused["path"] == ["input", "promise", "willDo"]


async def test_an_act_without_a_tie_is_of_nothing(world: World, face: Face) -> None:
    """Readers that may not act, other offices and other heads are told that there is none."""
    acts = (
        ("answerAdvice", {"answer": "a"}),
        ("followUpAdvice", {"note": "n"}),
        ("closeAdvice", {"outcome": "improved"}),
    )
    for actor, allowed in (
        (world.actors["adviser"], {"followUpAdvice", "closeAdvice"}),
        (world.actors["head"], {"answerAdvice"}),
        (world.actors["coordinator"], set[str]()),
        (world.actors["board_analyst"], set[str]()),
        (world.actors["officer"], set[str]()),
        (world.actors["head_of_other_branch"], set[str]()),
        (world.strangers["adviser"], set[str]()),
        (world.strangers["head"], set[str]()),
    ):
        for name, rest in acts:
            if name in allowed:
                continue
            for advice in (opaque(world, "recorded"), ids.encode("advice", uuid4())):
                refused = await act(face, actor, name, adviceId=advice, **rest)
                assert (refused["code"], refused["path"]) == ("NOT_FOUND", ["input", "adviceId"])

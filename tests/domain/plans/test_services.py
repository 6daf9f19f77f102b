"""Acts on plans and actions, on a real database."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from domain.cases.services import close_case, leave_case
from domain.errors import Conflict, Invalid, NotFound
from domain.plans.services import add_action, agree_plan, move_action, propose_plan
from permissions.vocabulary import Actor
from tests.domain.cases.world import Chain

pytestmark = pytest.mark.asyncio

TODAY = date(2026, 3, 16)
GOAL = {"goal": "Three mornings a week at school", "review_on": date(2026, 4, 20)}
TASK = {"description": "Call her father", "due_on": TODAY}


async def working(chain: Chain) -> UUID:
    """Return a case in which school, alliance and youth care take part."""
    case = await chain.opened()
    for actor in (chain.support, chain.consultant, chain.worker):
        await chain.joined(case, actor)
    return case


def parties(chain: Chain) -> tuple[Actor, ...]:
    """Return everyone who takes part in that case."""
    return (chain.lead, chain.support, chain.consultant, chain.worker)


async def proposed(chain: Chain, case: UUID) -> UUID:
    """Propose a plan."""
    return await chain.act(chain.support, propose_plan, case_id=case, **GOAL)


def own_part(chain: Chain, case: UUID, actor: Actor) -> UUID:
    """Return the id of somebody's part in a case."""
    [found] = chain.rows(
        f"select id from participation where case_id = '{case}' and staff_id = '{actor.id}'"
    )
    return UUID(found)


async def test_who_may_propose(chain: Chain) -> None:
    """The lead and the school's support coordinator propose a plan; others find no case."""
    case = await working(chain)
    for actor in chain.all_but(chain.lead, chain.support):
        with pytest.raises(NotFound):
            await chain.act(actor, propose_plan, case_id=case, **GOAL)
    for actor in (chain.lead, chain.support):
        plan = await chain.act(actor, propose_plan, case_id=case, **GOAL)
        assert chain.rows(
            "select case_id, controller_id, young_person_id, goal, state, review_on, agreed_at"
            f" from plan where id = '{plan}'"
        ) == [f"{case}|{chain.office}|{chain.young_person}|{GOAL['goal']}|proposed|2026-04-20|"]
        assert chain.traces(plan) == [f"plan_proposed|{actor.id}|{chain.young_person}"]


async def test_a_plan_has_a_goal_and_a_day_of_review_to_come(chain: Chain) -> None:
    """An empty or endless goal, and a review in the past, are refused, naming the field."""
    case = await working(chain)
    for goal, review_on, field in (
        (" ", TODAY, "goal"),
        ("x" * 2001, TODAY, "goal"),
        ("a\0", TODAY, "goal"),
        ("Come back", date(2026, 3, 15), "reviewOn"),
    ):
        with pytest.raises(Invalid) as met:
            await chain.act(chain.lead, propose_plan, case_id=case, goal=goal, review_on=review_on)
        assert met.value.path == (field,)
    await chain.act(chain.lead, propose_plan, case_id=case, goal="x" * 2000, review_on=TODAY)


async def test_a_plan_is_agreed_when_everyone_agreed(chain: Chain) -> None:
    """The last of the parties makes the plan agreed; who proposed it has to agree too."""
    case = await working(chain)
    await chain.invited(case, chain.worker_elsewhere)
    plan = await proposed(chain, case)
    for actor in chain.all_but(*parties(chain)):
        with pytest.raises(NotFound):
            await chain.act(actor, agree_plan, plan_id=plan)
    for actor in parties(chain):
        assert chain.rows(f"select state from plan where id = '{plan}'") == ["proposed"]
        await chain.act(actor, agree_plan, plan_id=plan)
        if actor is chain.lead:
            with pytest.raises(Conflict, match="waits for the other"):
                await chain.act(actor, agree_plan, plan_id=plan)
    assert chain.rows(
        "select state, agreed_at = (select max(a.agreed_at) from plan_agreement a"
        f" where a.plan_id = plan.id) from plan where id = '{plan}'"
    ) == ["agreed|t"]
    with pytest.raises(Conflict, match="agreed by every party"):
        await chain.act(chain.worker, agree_plan, plan_id=plan)
    assert [line.split("|")[0] for line in chain.traces(plan)] == [
        "plan_proposed",
        *["plan_agreed"] * 4,
    ]


async def test_two_last_agreements_at_once(chain: Chain) -> None:
    """When the last two parties agree at the same time, the plan still becomes agreed."""
    case = await chain.opened()
    await chain.joined(case, chain.worker)
    plan = await chain.act(chain.lead, propose_plan, case_id=case, **GOAL)
    met = await chain.overlapping(
        (chain.lead, agree_plan, {"plan_id": plan}), (chain.worker, agree_plan, {"plan_id": plan})
    )
    assert met == plan
    assert chain.rows(f"select state from plan where id = '{plan}'") == ["agreed"]


async def test_who_left_is_not_waited_for(chain: Chain) -> None:
    """When the one who had not agreed leaves, any other may confirm, and the plan is agreed."""
    case = await chain.opened()
    await chain.joined(case, chain.worker)
    plan = await chain.act(chain.lead, propose_plan, case_id=case, **GOAL)
    await chain.act(chain.lead, agree_plan, plan_id=plan)
    await chain.act(chain.worker, leave_case, case_id=case)
    await chain.act(chain.lead, agree_plan, plan_id=plan)
    assert chain.rows(f"select state from plan where id = '{plan}'") == ["agreed"]


async def test_who_may_add_and_move_actions(chain: Chain) -> None:
    """Every party that takes part adds actions and moves them; for others there is no plan."""
    case = await working(chain)
    plan = await proposed(chain, case)
    owner = own_part(chain, case, chain.worker)
    for actor in chain.all_but(*parties(chain)):
        with pytest.raises(NotFound):
            await chain.act(actor, add_action, plan_id=plan, owner_id=owner, **TASK)
    for actor in parties(chain):
        action = await chain.act(actor, add_action, plan_id=plan, owner_id=owner, **TASK)
        assert chain.rows(
            "select plan_id, case_id, owner_id, description, due_on, state from plan_action"
            f" where id = '{action}'"
        ) == [f"{plan}|{case}|{owner}|Call her father|2026-03-16|open"]
        for other in chain.all_but(*parties(chain)):
            with pytest.raises(NotFound):
                await chain.act(other, move_action, action_id=action, state="done")
        await chain.act(actor, move_action, action_id=action, state="done")
        assert chain.traces(action) == [
            f"action_added|{actor.id}|{chain.young_person}",
            f"action_moved|{actor.id}|{chain.young_person}",
        ]
    with pytest.raises(NotFound):
        await chain.act(chain.lead, move_action, action_id=uuid4(), state="done")


async def test_an_action_belongs_to_a_party(chain: Chain) -> None:
    """Its owner takes part now, in this case; its text and its day are checked."""
    case = await working(chain)
    plan = await proposed(chain, case)
    owner = own_part(chain, case, chain.lead)
    invited = await chain.invited(case, chain.worker_elsewhere)
    left = own_part(chain, case, chain.consultant)
    await chain.act(chain.consultant, leave_case, case_id=case)
    for inputs, field in (
        ({**TASK, "owner_id": invited}, "ownerId"),
        ({**TASK, "owner_id": left}, "ownerId"),
        ({**TASK, "owner_id": uuid4()}, "ownerId"),
        ({**TASK, "owner_id": owner, "description": ""}, "description"),
        ({**TASK, "owner_id": owner, "description": "x" * 2001}, "description"),
        ({**TASK, "owner_id": owner, "due_on": date(2026, 3, 15)}, "dueOn"),
    ):
        with pytest.raises(Invalid) as met:
            await chain.act(chain.lead, add_action, plan_id=plan, **inputs)
        assert met.value.path == (field,)


@pytest.mark.parametrize("end", ["done", "dropped"])
async def test_an_action_ends_once(chain: Chain, end: str) -> None:
    """An open action is done or dropped, and stays so; two at once are told apart."""
    case = await working(chain)
    plan = await proposed(chain, case)
    action = await chain.act(
        chain.lead, add_action, plan_id=plan, owner_id=own_part(chain, case, chain.lead), **TASK
    )
    with pytest.raises(Conflict):
        await chain.act(chain.lead, move_action, action_id=action, state="open")
    with pytest.raises(Invalid, match="dropped"):
        await chain.act(chain.lead, move_action, action_id=action, state="lost")
    met = await chain.overlapping(
        (chain.lead, move_action, {"action_id": action, "state": end}),
        (chain.worker, move_action, {"action_id": action, "state": "done"}),
    )
    assert isinstance(met, Conflict)
    for state in ("open", "done", "dropped"):
        with pytest.raises(Conflict, match="Only an open action"):
            await chain.act(chain.lead, move_action, action_id=action, state=state)
    assert chain.rows(f"select state from plan_action where id = '{action}'") == [end]


async def test_nothing_changes_in_a_closed_case(chain: Chain) -> None:
    """After closing the parties find nothing; a request that began before it meets a conflict."""
    case = await chain.opened()
    plan = await chain.act(chain.lead, propose_plan, case_id=case, **GOAL)
    owner = own_part(chain, case, chain.lead)
    action = await chain.act(chain.lead, add_action, plan_id=plan, owner_id=owner, **TASK)
    before = chain.moment()
    await chain.act(chain.lead, close_case, case_id=case, outcome="continued_elsewhere")
    for service, inputs in (
        (propose_plan, {"case_id": case, **GOAL}),
        (agree_plan, {"plan_id": plan}),
        (add_action, {"plan_id": plan, "owner_id": owner, **TASK}),
        (move_action, {"action_id": action, "state": "done"}),
    ):
        with pytest.raises(NotFound):
            await chain.act_with(chain.lead, service, inputs)
        with pytest.raises(Conflict, match="closed"):
            await chain.act_with(chain.lead, service, inputs, before)

"""Declaring an emergency, what it opens and for how long, who is told, and the review."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.cases.services import leave_case
from domain.emergencies.services import declare_emergency, review_emergency
from domain.errors import Conflict, Invalid, NotFound
from permissions.vocabulary import Actor, Purpose, Role
from tests.domain.cases.acting import EARLIER
from tests.domain.cases.whole_chain import WholeChain

pytestmark = pytest.mark.asyncio

REASON = "She called and does not dare to go home tonight."
OPENED = {"pupil": 1, "contact": 3, "residence": 1}
"""What finds the child: who she is, whom to call, where she lives."""


async def declared(whole: WholeChain, actor: Actor, **given: object) -> UUID:
    """Declare an emergency about the pupil."""
    inputs: dict[str, Any] = {"young_person_id": whole.young_person, "reason": REASON} | given
    return await whole.act(whole.in_danger(actor), declare_emergency, **inputs)


async def working(whole: WholeChain) -> Actor:
    """Let a youth care worker join the pupil's case, and return her with an emergency's token."""
    await whole.joined(await whole.opened(), whole.worker)
    return whole.in_danger(whole.worker)


async def test_it_opens_what_finds_the_child_for_thirty_minutes(whole: WholeChain) -> None:
    """Identity, contacts and whereabouts, nothing else, and nothing after half an hour."""
    actor = await working(whole)
    assert await whole.sees(actor) == {}
    at = whole.moment()
    emergency = await whole.act(
        actor, declare_emergency, at=at, young_person_id=whole.young_person, reason=REASON
    )
    assert await whole.sees(actor, at.instant) == OPENED
    last = at.instant + timedelta(minutes=30)
    assert await whole.sees(actor, last - timedelta(microseconds=1)) == OPENED
    assert await whole.sees(actor, last) == {}
    assert whole.traces(emergency) == [f"emergency_declared|{actor.id}|{whole.young_person}"]


async def test_it_opens_nothing_for_another_token_or_person(whole: WholeChain) -> None:
    """The declarer's other token, a colleague, and the same person elsewhere see no more by it."""
    actor = await working(whole)
    colleague = whole.in_danger(whole.worker_2)
    elsewhere = replace(actor, organisation=whole.other_care)
    as_doctor = replace(actor, role=Role.YOUTH_DOCTOR)
    before = await whole.sees(whole.worker)
    await declared(whole, whole.worker)
    assert await whole.sees(actor) == OPENED
    for other in (colleague, elsewhere, as_doctor):
        assert await whole.sees(other) == {}
    assert await whole.sees(whole.worker) == before


async def test_who_may_declare(whole: WholeChain) -> None:
    """Whoever's work knows the young person in a role with the rule, with a token for it."""
    case = await whole.opened()
    for actor in (whole.worker, whole.protector, whole.doctor):
        await whole.joined(case, actor)
    may = (
        whole.officer,
        whole.officer_2,
        whole.worker,
        whole.worker_2,
        whole.protector,
        whole.doctor,
    )
    for actor in whole.everyone:
        with pytest.raises(NotFound):
            await whole.act(
                actor, declare_emergency, young_person_id=whole.young_person, reason=REASON
            )
        if actor.id not in {one.id for one in may}:
            with pytest.raises(NotFound):
                await declared(whole, actor)
    for actor in may:
        await declared(whole, actor)


async def test_the_unknown_and_the_strange_are_answered_alike(whole: WholeChain) -> None:
    """Somebody the organisation does not work with, and nobody at all: the same refusal."""
    actor = await working(whole)
    stranger = await asyncio.to_thread(whole.another_child)
    told: set[tuple[str, tuple[str, ...]]] = set()
    for person in (stranger, uuid4()):
        for reason in (REASON, "short"):
            with pytest.raises(NotFound) as met:
                await declared(whole, actor, young_person_id=person, reason=reason)
            told.add((met.value.message, met.value.path))
    assert len(told) == 1
    assert whole.rows(f"select count(*) from emergency_access where actor_id = '{actor.id}'") == [
        "0"
    ]


async def test_a_reason_is_a_reason(whole: WholeChain) -> None:
    """From 20 to 1,000 characters, white space around it not counted."""
    case = await whole.opened()
    for actor in (whole.worker, whole.protector):
        await whole.joined(case, actor)
    for reason in ("", " " * 40, "x" * 19, "  " + "x" * 19 + "  ", "x" * 1001, "x" * 30 + "\0"):
        with pytest.raises(Invalid) as met:
            await declared(whole, whole.worker, reason=reason)
        assert met.value.path == ("reason",)
    await declared(whole, whole.worker, reason="  " + "x" * 20)
    await declared(whole, whole.protector, reason="x" * 1000)


async def test_the_end_of_the_relation_ends_the_right_to_declare(whole: WholeChain) -> None:
    """Who left the case declares nothing about its young person any more."""
    case = await whole.opened()
    await whole.joined(case, whole.worker)
    await whole.act(whole.worker, leave_case, case_id=case)
    with pytest.raises(NotFound):
        await declared(whole, whole.worker)


async def test_the_end_of_the_work_ends_the_emergency(whole: WholeChain) -> None:
    """Whose assignment ends within the half hour sees nothing at the next statement."""
    actor = await working(whole)
    await declared(whole, actor)
    assert await whole.sees(actor) == OPENED
    whole.ended_work(actor)
    assert await whole.sees(actor) == {}


async def test_an_open_review_blocks_the_next(whole: WholeChain) -> None:
    """It is not renewed, and another comes after the review alone; colleagues are not blocked."""
    actor = await working(whole)
    at = whole.moment()
    first = await whole.act(
        actor, declare_emergency, at=at, young_person_id=whole.young_person, reason=REASON
    )
    for _ in range(2):
        with pytest.raises(Conflict, match="privacy officer"):
            await declared(whole, actor)
    whole.minutes = iter(range(100, 10_000))
    with pytest.raises(Conflict, match="privacy officer"):
        await declared(whole, actor)
    assert await whole.sees(actor) == {}
    await declared(whole, whole.worker_2)
    await whole.act(
        whole.privacy[whole.care], review_emergency, emergency_id=first, finding="justified"
    )
    assert await whole.sees(actor) == {}
    await declared(whole, actor)
    assert await whole.sees(actor) == OPENED


async def test_two_declarations_at_once_are_one(whole: WholeChain) -> None:
    """The second of two at once meets the open review of the first."""
    actor = await working(whole)
    inputs: dict[str, object] = {"young_person_id": whole.young_person, "reason": REASON}
    met = await whole.overlapping(
        (actor, declare_emergency, inputs), (actor, declare_emergency, inputs)
    )
    assert isinstance(met, Conflict)


async def test_who_answers_for_it_is_told_at_once(whole: WholeChain) -> None:
    """The declarer's organisation and every board with a record have an alert, and nobody else."""
    actor = await working(whole)
    second_board, third_board = (whole.organisation("school_board") for _ in range(2))
    whole.add(
        "pupil",
        controller_id=second_board,
        young_person_id=whole.young_person,
        external_id=uuid4(),
        given_name="Noor",
        family_name="Dijk",
        recorded_at=EARLIER,
    )
    await asyncio.to_thread(whole.put)
    told = "select controller_id from alert where about = '{}' order by 1"
    emergency = await declared(whole, actor)
    expected = sorted(map(str, (whole.care, whole.board, second_board)))
    assert whole.rows(told.format(emergency)) == expected
    assert whole.rows(
        "select distinct kind, actor_id, actor_organisation_id, role, purpose, young_person_id"
        f" from alert where about = '{emergency}'"
    ) == [
        f"emergency|{actor.id}|{whole.care}|youth_care_worker|emergency|{whole.young_person}",
    ]
    assert str(third_board) not in whole.rows("select controller_id from alert")
    assert (await whole.sees(whole.privacy[whole.board]))["alert"] == 1
    assert "alert" not in await whole.sees(whole.privacy[whole.office])


async def test_a_refused_declaration_tells_nobody(whole: WholeChain) -> None:
    """What was refused left neither a declaration nor an alert."""
    actor = await working(whole)
    first = await declared(whole, actor)
    with pytest.raises(Conflict):
        await declared(whole, actor)
    alerts = f"select distinct about from alert where actor_id = '{actor.id}'"
    assert whole.rows(alerts) == [str(first)]


async def test_who_may_review(whole: WholeChain) -> None:
    """The privacy officer of the declarer's organisation; a board that was told cannot."""
    emergency = await declared(whole, await working(whole))
    reviewer = whole.privacy[whole.care]
    for actor in (*whole.all_but(reviewer), whole.in_danger(whole.worker)):
        for known in (emergency, uuid4()):
            with pytest.raises(NotFound):
                await whole.act(actor, review_emergency, emergency_id=known, finding="justified")
    with pytest.raises(NotFound):
        await whole.act(reviewer, review_emergency, emergency_id=uuid4(), finding="justified")
    assert (await whole.sees(reviewer))["emergency"] == 1
    await whole.act(reviewer, review_emergency, emergency_id=emergency, finding="not_justified")
    assert whole.rows(
        f"select reviewed_by, finding from emergency_access where id = '{emergency}'"
    ) == [f"{reviewer.id}|not_justified"]
    assert whole.traces(emergency)[-1] == f"emergency_reviewed|{reviewer.id}|{whole.young_person}"


async def test_nobody_reviews_what_they_declared(whole: WholeChain) -> None:
    """A worker who is the privacy officer too asks another one."""
    whole.add(
        "assignment",
        organisation_id=whole.care,
        staff_id=whole.worker.id,
        role=Role.PRIVACY_OFFICER,
        valid_from=EARLIER,
    )
    await asyncio.to_thread(whole.put)
    emergency = await declared(whole, await working(whole))
    both = replace(whole.worker, role=Role.PRIVACY_OFFICER, purpose=Purpose.ACCOUNTABILITY)
    with pytest.raises(Conflict, match="another privacy officer"):
        await whole.act(both, review_emergency, emergency_id=emergency, finding="justified")
    await whole.act(
        whole.privacy[whole.care], review_emergency, emergency_id=emergency, finding="justified"
    )


async def test_a_review_is_made_once(whole: WholeChain) -> None:
    """A finding is one of two, and is not thought over."""
    emergency = await declared(whole, await working(whole))
    reviewer = whole.privacy[whole.care]
    with pytest.raises(Invalid, match="justified") as met:
        await whole.act(reviewer, review_emergency, emergency_id=emergency, finding="fine")
    assert met.value.path == ("finding",)
    await whole.act(reviewer, review_emergency, emergency_id=emergency, finding="justified")
    with pytest.raises(Conflict, match="already"):
        await whole.act(reviewer, review_emergency, emergency_id=emergency, finding="not_justified")
    found = whole.rows(f"select finding from emergency_access where id = '{emergency}'")
    assert found == ["justified"]


@pytest.mark.parametrize("finding", ["justified", "not_justified"])
async def test_what_was_not_justified_ends_at_the_review(whole: WholeChain, finding: str) -> None:
    """Within its half hour it opens nothing more once a review found it so; else it goes on."""
    actor = await working(whole)
    emergency = await declared(whole, actor)
    assert await whole.sees(actor) == OPENED
    reviewer = whole.privacy[whole.care]
    await whole.act(reviewer, review_emergency, emergency_id=emergency, finding=finding)
    assert await whole.sees(actor) == (OPENED if finding == "justified" else {})

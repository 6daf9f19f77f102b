"""Emergency access over GraphQL: declared, told, reviewed."""

from __future__ import annotations

import pytest

from tests.api.chain.conftest import Line, opaque

pytestmark = pytest.mark.asyncio

REASON = "She called and does not dare to go home tonight."
FOUND = """givenName contacts { phone } residence { postcode } enrolments { validFrom }
  attendance { rate } access { purpose withheld }"""
DECLARED = "id actorId role reason declaredAt endsAt reviewedAt finding"


async def test_it_opens_what_finds_the_child(line: Line) -> None:
    """The same token reads nothing before, and three classes of the record after."""
    chain = line.chain
    await chain.joined(await chain.opened(), chain.worker)
    actor = chain.in_danger(chain.worker)
    assert await line.nodes(actor, "pupils", FOUND) == []
    await line.done(actor, "declareEmergency", youngPersonId=line.young_person, reason=REASON)
    [seen] = await line.nodes(actor, "pupils", FOUND)
    assert seen["givenName"] == "Noor"
    assert seen["residence"] == {"postcode": "9999ZZ"}
    assert len(seen["contacts"]) == 3
    assert seen["enrolments"] == []
    assert seen["attendance"] is None
    assert seen["access"]["purpose"] == "EMERGENCY"
    again = await line.act(
        actor, "declareEmergency", youngPersonId=line.young_person, reason=REASON
    )
    assert again["code"] == "CONFLICT"
    assert "privacy officer" in again["message"]


async def test_a_repeated_key_declares_once(line: Line) -> None:
    """A client that sends the same declaration again gets the answer it missed."""
    chain = line.chain
    await chain.joined(await chain.opened(), chain.worker)
    given = {"youngPersonId": line.young_person, "reason": REASON, "idempotencyKey": "once"}
    for _ in range(2):
        await line.done(chain.in_danger(chain.worker), "declareEmergency", **given)
    counted = f"select count(*) from emergency_access where actor_id = '{chain.worker.id}'"
    assert chain.rows(counted) == ["1"]


async def test_hidden_and_absent_are_refused_alike(line: Line) -> None:
    """Somebody elsewhere, nobody at all and no id at all: one answer for each, to anybody."""
    chain = line.chain
    await chain.joined(await chain.opened(), chain.worker)
    strange = chain.another_child()
    asked = [opaque("youngperson", strange), opaque("youngperson", 7), "youngperson_x", line.pupil]
    for actor in (chain.in_danger(chain.worker), chain.worker, chain.guardian):
        answers = [
            await line.act(actor, "declareEmergency", youngPersonId=wanted, reason=REASON)
            for wanted in asked
        ]
        assert all(answer == answers[0] for answer in answers)
        assert (answers[0]["code"], answers[0]["path"]) == (
            "NOT_FOUND",
            ["input", "youngPersonId"],
        )


async def test_the_privacy_officer_reviews(line: Line) -> None:
    """Where it was declared it is listed with its reason, and reviewed; elsewhere it is not."""
    chain = line.chain
    await chain.joined(await chain.opened(), chain.worker)
    await line.done(
        chain.in_danger(chain.worker),
        "declareEmergency",
        youngPersonId=line.young_person,
        reason=REASON,
    )
    reviewer = chain.privacy[chain.care]
    [seen] = await line.nodes(reviewer, "emergencies", DECLARED)
    assert (seen["reason"], seen["role"], seen["finding"]) == (REASON, "youth_care_worker", None)
    for place, officer in chain.privacy.items():
        if place != chain.care:
            assert await line.nodes(officer, "emergencies", DECLARED) == []
    assert await line.nodes(chain.in_danger(chain.worker), "emergencies", DECLARED) == []
    review = {"emergencyId": seen["id"], "finding": "justified"}
    for actor in (chain.privacy[chain.board], chain.worker, chain.guardian):
        told = await line.refused(actor, "reviewEmergency", **review)
        assert told == ("NOT_FOUND", ["emergencyId"])
    assert await line.refused(reviewer, "reviewEmergency", **review | {"finding": "fine"}) == (
        "INVALID",
        ["finding"],
    )
    await line.done(reviewer, "reviewEmergency", **review)
    assert (await line.refused(reviewer, "reviewEmergency", **review))[0] == "CONFLICT"
    [after] = await line.nodes(reviewer, "emergencies", DECLARED)
    assert after["finding"] == "justified"
    assert after["reviewedAt"] is not None

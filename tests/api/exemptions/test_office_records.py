"""The office's own records over GraphQL: registered, read, ended; and absent for everybody else."""

from __future__ import annotations

from uuid import uuid4

import pytest

from api import ids
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio

REGISTER = """mutation ($input: RegisterExemptionInput!) { registerExemption(input: $input) {
    __typename ... on ExemptionSuccess { exemptionId }
    ... on ValidationProblem { path } ... on NotFoundProblem { path } } }"""
OPEN = """mutation ($input: OpenNonEnrolmentInput!) { openNonEnrolment(input: $input) {
    __typename ... on NonEnrolmentSuccess { nonEnrolmentId }
    ... on ValidationProblem { path } ... on NotFoundProblem { path } } }"""
LISTS = "{ exemptions { nodes { id kind } } nonEnrolments { nodes { id outcome } } }"
PERSON = {"givenName": "Ali", "familyName": "Nieuw", "birthDate": "2014-02-03"}


async def test_an_officer_registers_reads_and_ends(world: World, face: Face) -> None:
    """What was registered is read back with its ground and its access, and is ended once."""
    officer, today = world.actors["officer"], world.moment.today.isoformat()
    given = {
        "whom": {"person": PERSON}, "kind": "art_5_a_health", "municipalityCode": "9901",
        "firstDay": today, "statementOn": today, "idempotencyKey": str(uuid4()),
    }  # fmt: skip
    made = (await face.data(officer, REGISTER, input=given))["registerExemption"]
    again = (await face.data(officer, REGISTER, input=given))["registerExemption"]
    assert made == again
    key = made["exemptionId"]
    read = "query ($id: ID!) { exemption(id: $id) { givenName kind lastDay access { tie } } }"
    found = (await face.data(officer, read, id=key))["exemption"]
    assert found["givenName"] == "Ali"
    assert (found["kind"], found["lastDay"]) == ("art_5_a_health", None)
    end = """mutation ($id: ID!) { endExemption(input: {exemptionId: $id, reason: "mistaken"}) {
        __typename } }"""
    ended = [(await face.data(officer, end, id=key))["endExemption"] for _ in range(2)]
    assert [one["__typename"] for one in ended] == ["ExemptionSuccess", "ConflictProblem"]


async def test_an_officer_opens_and_closes_non_enrolment(world: World, face: Face) -> None:
    """Of somebody whom no school here knows: opened, and closed with what came of it."""
    officer, today = world.actors["officer"], world.moment.today.isoformat()
    given = {"whom": {"person": PERSON}, "municipalityCode": "9901", "since": today}
    made = (await face.data(officer, OPEN, input=given))["openNonEnrolment"]
    close = """mutation ($id: ID!) { closeNonEnrolment(
        input: {nonEnrolmentId: $id, outcome: "enrolled"}) { __typename } }"""
    closed = await face.data(officer, close, id=made["nonEnrolmentId"])
    assert closed["closeNonEnrolment"]["__typename"] == "NonEnrolmentSuccess"


@pytest.mark.parametrize(
    ("whom", "path"),
    [
        ({}, ["whom"]),
        ({"person": PERSON, "reportId": "report_" + "0" * 32}, ["whom"]),
        ({"person": {**PERSON, "familyName": " "}}, ["whom", "familyName"]),
        ({"reportId": "report_" + "0" * 32}, ["whom", "reportId"]),
    ],
)
async def test_whom_is_refused_at_its_field(
    world: World, face: Face, whom: dict[str, object], path: list[str]
) -> None:
    """None, two, an empty name and an absent report are told where they are."""
    given = {"whom": whom, "municipalityCode": "9901", "since": world.moment.today.isoformat()}
    refused = (await face.data(world.actors["officer"], OPEN, input=given))["openNonEnrolment"]
    assert refused["path"] == ["input", *path]


async def test_a_school_and_another_office_read_nothing(world: World, face: Face) -> None:
    """For everybody but the office and the family the lists are empty and an id is of nothing."""
    keys = {
        "exemption": ids.encode("exemption", world.exemptions["art_5_a_health"]),
        "nonEnrolment": ids.encode("nonenrolment", world.non_enrolments["reported"]),
    }
    people = {**world.actors, **{f"other {n}": a for n, a in world.strangers.items()}}
    one = (
        "query ($exemption: ID!, $nonEnrolment: ID!) { exemption(id: $exemption) { id }"
        " nonEnrolment(id: $nonEnrolment) { id } }"
    )
    for name in (
        "mentor", "coordinator", "head", "support_coordinator", "officer_case", "consultant",
        "youth_doctor", "youth_care_worker", "other officer", "other coordinator",
    ):  # fmt: skip
        actor = people[name]
        lists = await face.data(actor, LISTS)
        assert lists == {"exemptions": {"nodes": []}, "nonEnrolments": {"nodes": []}}, name
        assert await face.data(actor, one, **keys) == {"exemption": None, "nonEnrolment": None}


async def test_a_parent_reads_those_of_the_own_child(world: World, face: Face) -> None:
    """Those that rest on the school's report, of every class; not those of somebody unknown."""
    lists = await face.data(world.actors["guardian"], LISTS)
    assert {one["kind"] for one in lists["exemptions"]["nodes"]} == set(world.exemptions)
    assert [one["outcome"] for one in lists["nonEnrolments"]["nodes"]] == ["exempt"]

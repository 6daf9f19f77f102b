"""Requests over HTTP: more than a token is for, more than a page holds, and reads unseen."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest

from api.app import PLATFORM_ROLES
from api.authentication import Authenticator
from domain.imports import services
from permissions.decide import purposes_of
from permissions.vocabulary import Actor, Purpose, Role
from tests.attack.tries import looked_up, opaque
from tests.conftest import TestDatabase
from tests.serving import Face
from tests.world import World

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("left_as_found")]

KINDS = (
    "pupil",
    "report",
    "case",
    "plan",
    "note",
    "invitation",
    "receipt",
    "staff",
    "classgroup",
    "contact",
    "residence",
    "enrolment",
    "absence",
    "absencereason",
    "signal",
    "youngperson",
    "accesslog",
    "accessline",
    "participant",
    "assignment",
    "guardian",
    "summary",
    "classplace",
    "caseidentity",
    "agreement",
    "action",
    "mandate",
)


async def _reads(made: TestDatabase) -> int:
    counted = await looked_up(
        made, "select coalesce(sum(cardinality(young_persons)), 0) from trace where act = 'read'"
    )
    return int(counted[0])


@pytest.mark.slow
async def test_an_id_of_anything_hidden_is_answered_like_one_of_nothing(
    world: World, face: Face
) -> None:
    """For every stranger and every kind of id the answer to a hidden thing is that to none."""
    hidden = {
        "pupil": world.pupils[0],
        "report": world.reports[0],
        "case": world.case_id,
        "plan": world.plan_id,
        "note": world.note_id,
        "invitation": world.participations["invited_youth_care_worker"],
        "participant": world.participations["officer_case"],
        "receipt": world.receipts["roster 99WA00"],
        "staff": world.actors["mentor"].id,
        "classgroup": world.class_groups["1A"],
        "signal": world.signals[0],
        "absence": world.absences[0],
        "youngperson": world.young_persons[0],
        "guardian": world.actors["guardian"].id,
        "summary": world.summary_id,
        "action": world.action_id,
        "accesslog": world.young_persons[0],
        "residence": world.pupils[0],
        "exemption": world.exemptions["art_5_a_health"],
        "nonenrolment": world.non_enrolments["unknown"],
    }
    query = "query ($id: ID!) { node(id: $id) { __typename id } }"
    for name, actor in world.strangers.items():
        for kind in KINDS:
            answers = [
                (
                    await face.client.post(
                        "/graphql",
                        json={"query": query, "variables": {"id": opaque(kind, key)}},
                        headers=face.headers(actor),
                    )
                ).content
                for key in (hidden.get(kind, world.pupils[0]), uuid4())
            ]
            assert answers[0] == answers[1], f"{name} {kind}"
            assert b'"node":null' in answers[0], f"{name} {kind}"


MUTATIONS = {
    "prepareReport": ("signalId", "signal", ""),
    "sendReport": ("reportId", "report", ""),
    "takeOnReport": ("reportId", "report", ""),
    "closeReport": ("reportId", "report", ', outcome: "no_absence"'),
    "openCase": ("reportId", "report", ', form: "attendance_conference"'),
    "leaveCase": ("caseId", "case", ""),
    "closeCase": ("caseId", "case", ', outcome: "attending_again"'),
    "offerSummary": ("caseId", "case", ""),
    "proposePlan": ("caseId", "case", ', goal: "g", reviewOn: "2100-01-01"'),
    "agreePlan": ("planId", "plan", ""),
    "moveAction": ("actionId", "action", ', state: "done"'),
    "addNote": ("caseId", "case", ', text: "t", dataClass: "note.general"'),
    "registerGuardian": ("pupilId", "pupil", ', name: "N", relation: "mother"'),
    "answerInvitation": ("invitationId", "invitation", ', accept: true, displayName: "Z"'),
    "endExemption": ("exemptionId", "exemption", ', reason: "enrolled"'),
    "closeNonEnrolment": ("nonEnrolmentId", "nonenrolment", ', outcome: "enrolled"'),
    "startImport": ("branchId", "branch", ', kind: "attendance_ndjson"'),
}


async def test_an_act_on_a_hidden_thing_fails_like_one_on_nothing(world: World, face: Face) -> None:
    """For every stranger and every act the refusal does not tell whether the thing exists."""
    hidden = {
        "signal": world.signals[0],
        "report": world.reports[0],
        "case": world.case_id,
        "plan": world.plan_id,
        "action": world.action_id,
        "pupil": world.pupils[0],
        "invitation": world.participations["invited_youth_care_worker"],
        "branch": world.branches["99WA00"],
        "exemption": world.exemptions["art_5_a_health"],
        "nonenrolment": world.non_enrolments["unknown"],
    }
    for act, (argument, kind, rest) in MUTATIONS.items():
        query = f"mutation ($id: ID!) {{ {act}(input: {{{argument}: $id{rest}}}) {{ __typename"
        query += " ... on NotFoundProblem { message path } } }"
        for name, actor in world.strangers.items():
            answers = [
                await face.data(actor, query, id=opaque(kind, key))
                for key in (hidden[kind], uuid4())
            ]
            assert answers[0] == answers[1], f"{name} {act}"
            assert answers[0][act]["__typename"] == "NotFoundProblem", f"{name} {act}"


async def test_a_token_for_a_role_without_its_fact_reads_nothing(world: World, face: Face) -> None:
    """A role, organisation or purpose that the facts do not bear out opens no list."""
    mentor = world.actors["mentor"]
    query = """{ pupils { nodes { id } } reports { nodes { id } } cases { nodes { id } }
        staff { nodes { id } } importReceipts { nodes { id } }
        invitations { nodes { id } } classGroups { nodes { id } } }"""
    for actor in (
        replace(mentor, organisation=world.organisations["other_board"]),
        replace(mentor, organisation=None),
        *(
            replace(mentor, role=role, purpose=purpose)
            for role in Role
            for purpose in purposes_of(role)
            if role is not mentor.role and role not in PLATFORM_ROLES
        ),
        *(replace(mentor, purpose=purpose) for purpose in Purpose if purpose != mentor.purpose),
    ):
        answer = await face.data(actor, query)
        assert all(page["nodes"] == [] for page in answer.values()), actor


async def test_a_token_makes_nobody_the_operator(world: World, face: Face) -> None:
    """The platform's own role comes in over no token: it appoints nobody at a school board."""
    actor = Actor(
        id=uuid4(),
        organisation=world.organisations["other_board"],
        role=Role.PLATFORM_OPERATOR,
        purpose=Purpose.OPERATION,
        client="tests",
    )
    answer = await face.ask(
        actor,
        'mutation { appointStaff(input: {name: "E", role: "organisation_administrator"})'
        " { __typename } }",
    )
    appointed = (answer.get("data") or {}).get("appointStaff") or {}
    assert appointed.get("__typename") != "AppointStaffSuccess"


async def test_a_page_is_no_larger_for_a_number_with_a_point(world: World, face: Face) -> None:
    """`first` holds to its limit however JSON writes the number, and so does the cost."""
    query = "query ($n: Int!) { pupils(first: $n) { nodes { id } } }"
    for number in (101.0, 2e9, -1.0, -2.0):
        answer = await face.ask(world.actors["coordinator"], query, n=number)
        codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
        assert codes in (["LIMIT_EXCEEDED"], ["INVALID_VARIABLES"]), number


FULL_REPORT = (
    "id kind ruleSet state municipalityCode preparedAt sentAt takenOnAt closedAt outcome givenName"
    " infix familyName birthDate periodFrom periodUntil amount unit branch { name }"
    " contacts { name } weeks { monday } access { tie } "
    + " ".join(f"a{number}: familyName" for number in range(29))
)
"""More than the fifty fields of one object that a statement can build."""


async def test_what_was_rolled_back_is_not_answered(
    filled: tuple[TestDatabase, World], face: Face
) -> None:
    """When one root field fails in the database, nothing that lost its trace is released."""
    made, world = filled
    query = f"""query ($pupil: ID!, $report: ID!) {{ pupil(id: $pupil) {{ familyName }}
        report(id: $report) {{ {FULL_REPORT} }} }}"""
    before = await _reads(made)
    answer = await face.ask(
        world.actors["coordinator"],
        query,
        pupil=opaque("pupil", world.pupils[0]),
        report=opaque("report", world.reports[0]),
    )
    released = (answer.get("data") or {}).get("pupil")
    assert released is None or await _reads(made) > before


async def test_what_cannot_be_committed_is_not_answered(
    filled: tuple[TestDatabase, World], face: Face
) -> None:
    """When the commit of a read fails, with its trace, nothing of the read is released."""
    made, world = filled
    await looked_up(
        made,
        """create function public.fail() returns trigger language plpgsql as
            $$ begin raise exception 'no'; end $$;
        create constraint trigger fail_late after insert on trace deferrable initially deferred
            for each row execute function public.fail();""",
    )
    try:
        answer = await face.ask(
            world.actors["coordinator"], "{ pupils(first: 2) { nodes { familyName } } }"
        )
    finally:
        await looked_up(made, "drop trigger fail_late on trace; drop function public.fail();")
    assert answer.get("data") is None
    assert answer["errors"]


async def test_reads_are_traced_however_they_are_asked_for(
    filled: tuple[TestDatabase, World], face: Face
) -> None:
    """Aliases, edges, fragments, `node`, a mutation's answer and a failing sibling are traced."""
    made, world = filled
    pupil = opaque("pupil", world.pupils[0])
    bad = '{ lines(after: "x") { nodes { id } } }'
    person = opaque("youngperson", world.young_persons[0])
    for actor, query, expected in (
        ("coordinator", "{ a: pupils(first: 3) { b: edges { c: node { d: id } } } }", 3),
        ("coordinator", "{ pupils(first: 3) { pageInfo { endCursor } } }", 3),
        ("coordinator", "{ pupils(first: 0) { nodes { id } pageInfo { hasNextPage } } }", 0),
        ("coordinator", f'{{ node(id: "{pupil}") {{ __typename }} }}', 1),
        ("coordinator", f'{{ node(id: "{pupil}") {{ ... on Pupil {{ infix }} }} }}', 1),
        (
            "coordinator",
            f'{{ a: pupil(id: "{pupil}") {{ id }} b: pupil(id: "{pupil}") {{ id }} }}',
            2,
        ),
        (
            "guardian",
            f'{{ pupil(id: "{pupil}") {{ id }} accessLog(youngPersonId: "{person}") {bad} }}',
            1,
        ),
    ):
        before = await _reads(made)
        await face.ask(world.actors[actor], query)
        assert await _reads(made) - before == expected, query


async def test_a_cursor_serves_whom_it_was_given_to(world: World, face: Face) -> None:
    """Another person, another list, a changed byte or something else is refused alike."""
    page = "query ($after: String) { pupils(first: 1, after: $after) { pageInfo { endCursor } } }"
    given = (await face.data(world.actors["coordinator"], page))["pupils"]["pageInfo"]["endCursor"]
    changed = given[:20] + ("A" if given[20] != "A" else "B") + given[21:]
    reports = "query ($after: String) { reports(after: $after) { nodes { id } } }"
    for actor, query, cursor in (
        ("mentor", page, given),
        ("head", page, given),
        ("coordinator", reports, given),
        ("coordinator", page, changed),
        ("coordinator", page, given[:-4]),
        ("coordinator", page, ""),
        ("coordinator", page, "\u00e9"),
    ):
        answer = await face.ask(world.actors[actor], query, after=cursor)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_REQUEST"]
        assert "is not valid here" in answer["errors"][0]["message"]


async def _announced(world: World, face: Face) -> str:
    query = """mutation ($id: ID!) { startImport(input: {branchId: $id, kind: "attendance_ndjson",
        dryRun: true}) { ... on StartImportSuccess { uploadPath } } }"""
    branch = opaque("branch", world.branches["99WA00"])
    answer = await face.data(world.actors["school_system"], query, id=branch)
    path: str = answer["startImport"]["uploadPath"]
    return path


async def test_an_upload_is_taken_from_its_own_client_once(world: World, face: Face) -> None:
    """Another client, role or secret, no receipt at all and a second time are answered alike."""
    path = await _announced(world, face)
    week = b'{"kind": "delivered", "week": "2026-W36"}\n'
    refused = [
        await face.client.put(address, content=week, headers=face.headers(actor))
        for address, actor in (
            (path, world.strangers["school_system"]),
            (path, world.actors["mentor"]),
            (path[:-4] + "AAAA", world.actors["school_system"]),
            (f"/imports/{opaque('receipt')}/x", world.actors["school_system"]),
            ("/imports/receipt_x/%ff", world.actors["school_system"]),
        )
    ]
    own = face.headers(world.actors["school_system"])
    first = await face.client.put(path, content=week, headers=own)
    assert first.status_code in (200, 422)
    refused.append(await face.client.put(path, content=week, headers=own))
    assert {answer.status_code for answer in refused} == {404}
    assert len({answer.content for answer in refused}) == 1
    assert (await face.client.put(path, content=week)).status_code == 401


async def test_a_compressed_upload_is_read(world: World, face: Face) -> None:
    """A file in gzip, which the format allows, is answered with what came of it."""
    answer = await face.client.put(
        await _announced(world, face),
        content=gzip.compress(b"{}\n"),
        headers=face.headers(world.actors["school_system"]),
    )
    assert answer.status_code == 422
    assert "gzip" not in answer.text


async def test_a_file_that_nothing_waits_for_is_not_read(world: World, face: Face) -> None:
    """Another role, client, receipt or secret is answered before a byte of the file is taken."""
    path = await _announced(world, face)
    taken: list[int] = []

    async def pieces() -> AsyncIterator[bytes]:
        """Give a large file piece by piece, and note that one was asked for."""
        for number in range(64):
            taken.append(number)
            yield b" " * 65_536

    system = world.actors["school_system"]
    for address, actor in (
        (path, world.strangers["school_system"]),
        *((path, world.actors[name]) for name in ("mentor", "coordinator", "guardian")),
        (path[:-4] + "AAAA", system),
        (f"/imports/{opaque('receipt')}/x", system),
        ("/imports/receipt_x/%ff", system),
    ):
        answer = await face.client.put(address, content=pieces(), headers=face.headers(actor))
        assert answer.status_code == 404
        assert taken == []
    await face.client.put(path, content=pieces(), headers=face.headers(system))
    assert len(taken) == 64


@pytest.mark.parametrize("where", ["authenticating", "waiting", "storing"])
async def test_a_fault_of_an_upload_is_masked(
    world: World, face: Face, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Whatever fails while a file is taken in, the answer says a reference and no cause."""
    path = await _announced(world, face)

    async def failing(*_: object, **__: object) -> None:
        """Fail with a text that nobody may see."""
        raise RuntimeError("Canarievogel")

    target, name = {
        "authenticating": (Authenticator, "authenticate"),
        "waiting": (services, "waits_for"),
        "storing": (services, "deliver"),
    }[where]
    monkeypatch.setattr(target, name, failing)
    answer = await face.client.put(
        path, content=b"{}\n", headers=face.headers(world.actors["school_system"])
    )
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (500, "INTERNAL")
    assert error["extensions"]["reference"]
    assert "Canarievogel" not in answer.text

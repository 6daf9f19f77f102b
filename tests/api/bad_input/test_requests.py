"""Requests that are no requests, over HTTP with a real token: a clear refusal and never a 500."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from tests.api.uploads.desk import CANARIES, Desk

ADD_NOTE = (
    "mutation Note($input: AddNoteInput!) { addNote(input: $input)"
    " { __typename ... on Problem { code message path } } }"
)
ONE_NOTE = 'addNote(input: {caseId: "case_0", text: "Canarievogel"}) { __typename }'


def send(desk: Desk, body: bytes | str) -> httpx.Response:
    """Send a body as the mentor."""
    headers = {**desk.headers(desk.who("mentor")), "Content-Type": "application/json"}
    return desk.web.post("/graphql", content=body, headers=headers)


def codes(answer: httpx.Response) -> set[str]:
    """Return the codes of all errors; each has to say something and repeat nothing."""
    assert answer.status_code < 500, answer.text
    assert not [name for name in CANARIES if name in answer.text]
    errors = answer.json()["errors"]
    assert all(error["message"] for error in errors)
    return {error["extensions"]["code"] for error in errors}


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "a number": b"1",
    "null": b"null",
    "a text": b'"x"',
    "a list": b'[{"query": "{ me { role } }"}]',
    "not utf-8": b'{"query": "{ me { role } }", "variables": {"a": "Canarievogel \xe9"}}',
    "utf-16": '{"query": "{ me { role } }"}'.encode("utf-16"),
    "deep": b'{"query": "{ me { role } }", "variables": '
    + b'{"a":' * 20_000
    + b"1"
    + b"}" * 20_001,
    "deep lists": b"[" * 20_000 + b"]" * 20_000,
    "cut off": b'{"query": "{ pupils { nodes { familyName } } }", "variables": {"a": "Canarie',
    "a query that is none": b'{"query": 7}',
    "no query": b'{"variables": {"name": "Canarievogel"}}',
    "zero byte": b'{"query": "{ me { role } }", "variables": {"a": "Canarievogel\\u0000"}}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_bodies(desk: Desk, body: bytes) -> None:
    """A body that is no request is answered 400."""
    answer = send(desk, body)
    assert (answer.status_code, codes(answer)) == (400, {"BAD_REQUEST"})


DOCUMENTS: dict[str, dict[str, Any]] = {
    "two without a name": {"query": "query A { me { role } } query B { me { role } }"},
    "another name": {"query": "query A { me { role } }", "operationName": "Canarievogel"},
    "two root fields": {"query": f"mutation {{ a: {ONE_NOTE} b: {ONE_NOTE} }}"},
    "two by a fragment": {
        "query": f"mutation {{ ...F {ONE_NOTE} }}"
        f" fragment F on Mutation {{ x: {ONE_NOTE} }}"
    },
    "a subscription": {"query": "subscription { Canarievogel }"},
    "unknown field": {"query": "{ unknown }"},
    "unknown type": {"query": "{ node(id: 1) { ... on Unknown { id } } }"},
    "syntax": {"query": "{ me { role "},
    "deep": {"query": "{ me " * 5_000},
    "variable missing": {"query": ADD_NOTE},
    "variable of another type": {"query": ADD_NOTE, "variables": {"input": "Canarievogel"}},
    "unknown input": {
        "query": ADD_NOTE,
        "variables": {"input": {"caseId": "c", "text": "t", "canary": "Canarievogel"}},
    },
    "a list for a text": {
        "query": ADD_NOTE, "variables": {"input": {"caseId": "c", "text": ["Canarievogel"]}}
    },
}  # fmt: skip


@pytest.mark.parametrize("body", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_documents(desk: Desk, body: dict[str, Any]) -> None:
    """A document that cannot be run is refused by name and none of it is run."""
    with desk.nothing_stored():
        answer = send(desk, json.dumps(body))
        assert codes(answer) <= {"INVALID_DOCUMENT", "INVALID_VARIABLES", "LIMIT_EXCEEDED"}
        assert answer.json().get("data") is None


PUPILS = "query P($first: Int!) { pupils(first: $first) { nodes { id } } }"


@pytest.mark.parametrize(
    "first", [-1, -(2**31), 101, 2**31 - 1, 2**31, 10**30, 1.5, "5", True, [1]], ids=str
)
def test_first(desk: Desk, first: object) -> None:
    """A page of a negative, huge or senseless size is refused."""
    answer = desk.post(desk.who("mentor"), PUPILS, first=first)
    assert codes(answer) <= {"INVALID_VARIABLES", "LIMIT_EXCEEDED", "BAD_REQUEST"}


def cursor_of(desk: Desk, who: str) -> str:
    """Return a cursor of someone's pupils."""
    query = "{ pupils(first: 2) { pageInfo { endCursor } } }"
    answer = desk.post(desk.who(who), query).json()
    cursor: str = answer["data"]["pupils"]["pageInfo"]["endCursor"]
    return cursor


def bytes_of(cursor: str) -> bytes:
    """Return the bytes that a cursor stands for, read as leniently as can be."""
    return base64.urlsafe_b64decode(cursor.encode())


AFTER = "query P($after: String) { pupils(first: 2, after: $after) { nodes { id } } }"


@pytest.mark.slow
def test_cursors(desk: Desk) -> None:
    """A cursor with a byte changed is refused, and so is another's, a cut one, and any text."""
    cursor = cursor_of(desk, "mentor")
    mentor = desk.who("mentor")
    raw = cursor.encode()
    changed = [
        (raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]).decode()
        for place in range(len(raw))
    ]
    others = ["", "=", "Canarievogel", "é" * 8, cursor[:-4], cursor * 2, cursor[4:], "A" * 4_000]
    right = desk.post(mentor, AFTER, after=cursor).json()["data"]
    assert right["pupils"]["nodes"]
    accepted = 0
    for wrong in [*changed, *others]:
        answer = desk.post(mentor, AFTER, after=wrong)
        if answer.json().get("data") == right:
            accepted += 1
            assert bytes_of(wrong) == bytes_of(cursor)
        else:
            assert codes(answer) == {"BAD_REQUEST"}, wrong
    # Base64 has bits that mean nothing; a change of those alone is the same cursor.
    assert accepted <= 2
    for name in ("coordinator", "head"):
        answer = desk.post(desk.who(name), AFTER, after=cursor)
        assert codes(answer) == {"BAD_REQUEST"}
    other = "query R($after: String) { reports(first: 2, after: $after) { nodes { id } } }"
    coordinator = desk.who("coordinator")
    answer = desk.post(coordinator, other, after=cursor_of(desk, "coordinator"))
    assert codes(answer) == {"BAD_REQUEST"}


IDS = (
    "", "Canarievogel", "pupil_", "_", "pupil_" + "g" * 32, "pupil_" + "0" * 31, "x" * 5_000,
    "pupil_\u0660" + "0" * 31, "' or 1=1 --", "pupil_" + "0" * 32, "💥", "node_" + "0" * 32,
)  # fmt: skip


def test_ids(desk: Desk) -> None:
    """An id of no form, of another kind or of nothing is answered like what is absent."""
    world = desk.world
    found = [
        f"{kind}_{world.pupils[0].hex}" for kind in ("signal", "report", "PUPIL", "pupil_pupil")
    ]
    query = "query P($id: ID!) { pupil(id: $id) { id } node(id: $id) { id } }"
    for wrong in [*IDS, *found]:
        answer = desk.post(desk.who("mentor"), query, id=wrong)
        assert answer.json()["data"] == {"pupil": None, "node": None}, wrong


@pytest.mark.parametrize(
    "day", ["Canarievogel", "2026-02-30", "", 20261123, "0000-01-01", [], True]
)
def test_dates(desk: Desk, day: object) -> None:
    """A date that does not exist or is none is refused."""
    query = (
        "query P($id: ID!, $from: Date) { pupil(id: $id) { attendance(from: $from)"
        " { attendedMinutes } } }"
    )
    pupil = f"pupil_{desk.world.pupils[0].hex}"
    answer = desk.post(desk.who("mentor"), query, id=pupil, **{"from": day})
    assert codes(answer) == {"INVALID_VARIABLES"}

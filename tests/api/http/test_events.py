"""Subscriptions over POST: server-sent events, judged as every other operation is."""

from __future__ import annotations

import json

import httpx
import pytest

from api.http import GRAPHQL_RESPONSE, JSON
from api.streaming import EVENT_STREAM

TICKS = {"query": "subscription { ticks }"}


def parts(answer: httpx.Response) -> list[tuple[str, object]]:
    """Return the events of a stream: their names and what they say."""
    found = []
    for event in answer.text.removesuffix("\n\n").split("\n\n"):
        name, data = event.split("\n")
        text = data.removeprefix("data:").strip()
        found.append((name.removeprefix("event: "), json.loads(text)["data"] if text else None))
    return found


@pytest.mark.parametrize(
    "accept", [EVENT_STREAM, f"{JSON}, {EVENT_STREAM}", f"{EVENT_STREAM};q=0.1, {GRAPHQL_RESPONSE}"]
)
def test_events(web: httpx.Client, accept: str) -> None:
    """Whoever accepts events gets each result as one, and then that it is complete."""
    answer = web.post("/graphql", json=TICKS, headers={"accept": accept})
    assert answer.status_code == httpx.codes.OK
    assert answer.headers["content-type"] == f"{EVENT_STREAM}; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert parts(answer) == [("next", {"ticks": 1}), ("next", {"ticks": 2}), ("complete", None)]


def test_who_accepts_both_gets_json_for_a_query(web: httpx.Client) -> None:
    """Accepting events changes nothing for what is no subscription."""
    headers = {"accept": f"{EVENT_STREAM}, {JSON}"}
    answer = web.post("/graphql", json={"query": "{ name }"}, headers=headers)
    assert answer.json()["data"] == {"name": "Rex"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ name }", "INVALID_DOCUMENT"),
        ("mutation { act }", "INVALID_DOCUMENT"),
        ("subscription { ticks tocks }", "INVALID_DOCUMENT"),
        ("subscription { ticks", "INVALID_DOCUMENT"),
        ("subscription { a: ticks b: ticks }", "INVALID_DOCUMENT"),
        ("fragment F on Query { name }", "INVALID_DOCUMENT"),
        ("subscription { " + "ticks " * 3000 + "}", "LIMIT_EXCEEDED"),
    ],
)
def test_refused_before_it_begins(web: httpx.Client, query: str, code: str) -> None:
    """What cannot be followed is refused with a status and as JSON; nothing is executed."""
    answer = web.post("/graphql", json={"query": query}, headers={"accept": EVENT_STREAM})
    assert answer.status_code == httpx.codes.BAD_REQUEST
    parsed = answer.json()
    assert {error["extensions"]["code"] for error in parsed["errors"]} == {code}
    assert "data" not in parsed


@pytest.mark.parametrize(("token", "status"), [("bad", 401), ("fault", 500)])
def test_the_token_is_checked_first(web: httpx.Client, token: str, status: int) -> None:
    """A token that is not accepted is answered before anything is followed."""
    headers = {"accept": EVENT_STREAM, "authorization": f"Bearer {token}"}
    answer = web.post("/graphql", json=TICKS, headers=headers)
    assert answer.status_code == status
    assert "data" not in answer.json()

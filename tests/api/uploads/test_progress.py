"""How far a delivery is, asked and followed while its file streams in."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.authorization_server.issue import mint
from api.authorization_server.keys import load
from api.following import MOST_OF_ONE
from ops.demo.deliveries import schedule
from permissions.vocabulary import Actor
from tests.api.uploads.desk import FIRST, Desk
from tests.api.uploads.files import ATTENDANCE
from tests.api.uploads.test_addresses import raw

PROGRESS = """query($id: ID!) { importReceipt(id: $id) {
  state progress { stage lines share toldAt } } }"""
FOLLOW = """subscription($id: ID!) { importProgress(receipt: $id) {
  state progress { stage lines share } counts { what change number } } }"""
LINES = 15_000
PATIENCE_SECONDS = 60
EVENTS = {"Accept": "text/event-stream"}


@pytest.fixture(autouse=True)
def unchanged(desk: Desk) -> Iterator[None]:
    """Hold what is stored after a test against what was before it."""
    with desk.nothing_stored():
        yield


def large(desk: Desk) -> bytes:
    """Return a file that takes the API some seconds to read: one schedule, again and again."""
    world = desk.world
    line = schedule(world.children[0], FIRST.sector, world.year)[0]
    return (json.dumps(line) + "\n").encode() * LINES


def branch_of(desk: Desk) -> object:
    """Return the id of the first branch."""
    return desk.world.branches[FIRST.code]


def receipt_of(path: str) -> str:
    """Return the id of the receipt that an address is of."""
    return path.split("/")[2]


def progress_of(desk: Desk, path: str, actor: Actor | None = None) -> dict[str, Any] | None:
    """Ask for the progress of a delivery."""
    answer = desk.post(actor or desk.system, PROGRESS, id=receipt_of(path)).json()
    assert "errors" not in answer, answer
    found: dict[str, Any] | None = answer["data"]["importReceipt"]
    return found


def seen_while(desk: Desk, path: str, sent: Future[httpx.Response]) -> list[dict[str, Any]]:
    """Ask again and again while a file is sent, and return what differed."""
    seen: list[dict[str, Any]] = []
    until = time.monotonic() + PATIENCE_SECONDS
    while not sent.done() and time.monotonic() < until:
        found = progress_of(desk, path)
        assert found is not None
        if found["progress"] not in seen:
            seen.append(found["progress"])
        time.sleep(0.1)
    return seen


def slowly(file: bytes, seconds: float) -> Iterator[bytes]:
    """Send a file in ten pieces that take so long together."""
    piece = len(file) // 10 + 1
    for start in range(0, len(file), piece):
        yield file[start : start + piece]
        time.sleep(seconds / 10)


def sent_with_length(desk: Desk, path: str, file: bytes) -> httpx.Response:
    """Send a file in three seconds, its length said beforehand."""
    headers = desk.headers(desk.system) | {"Content-Length": str(len(file))}
    return desk.web.put(path, content=slowly(file, 3), headers=headers)


def events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    """Give the events of a stream: their names and what they say."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data:"):
            text = line.removeprefix("data:").strip()
            yield name, json.loads(text) if text else None


def followed(
    desk: Desk, receipt: str, actor: Actor | None = None, headers: dict[str, str] | None = None
) -> list[tuple[str, Any]]:
    """Follow a delivery to the end of the stream."""
    body = {"query": FOLLOW, "variables": {"id": receipt}}
    headers = (headers or desk.headers(actor or desk.system)) | EVENTS
    with desk.web.stream("POST", "/graphql", json=body, headers=headers) as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        return list(events(answer.iter_lines()))


def test_asked_while_it_streams(desk: Desk) -> None:
    """A delivery tells how much came, then how many lines are read, and never goes back."""
    path, file = desk.announce(ATTENDANCE, dry_run=True), large(desk)
    begun = progress_of(desk, path)
    assert begun is not None
    assert begun["progress"]["stage"] == "waiting"
    with ThreadPoolExecutor() as pool:
        sent = pool.submit(sent_with_length, desk, path, file)
        seen = seen_while(desk, path, sent)
        assert sent.result().status_code == httpx.codes.OK
    stages = list(dict.fromkeys(found["stage"] for found in seen))
    assert stages[:3] == ["waiting", "receiving", "reading"]
    coming = [found for found in seen if found["stage"] == "receiving"]
    reading = [found for found in seen if found["stage"] == "reading" and found["lines"]]
    assert coming
    assert reading
    assert all(found["lines"] is None and 0 < found["share"] < 1 for found in coming)
    assert all(0 < found["lines"] <= LINES and 0 < found["share"] <= 1 for found in reading)
    for some in (coming, reading):
        shares = [found["share"] for found in some]
        assert shares == sorted(shares)
    ended = progress_of(desk, path)
    assert ended is not None
    assert (ended["state"], ended["progress"]["stage"]) == ("accepted", "finished")


def test_followed_while_it_streams(desk: Desk) -> None:
    """A subscription tells the same as it changes, ends with the finished receipt, and is over."""
    path, file = desk.announce(ATTENDANCE, dry_run=True), large(desk)
    with ThreadPoolExecutor() as pool:
        told = pool.submit(followed, desk, receipt_of(path))
        sent = pool.submit(desk.put, path, slowly(file, 2))
        assert sent.result().status_code == httpx.codes.OK
        *answers, last = told.result(PATIENCE_SECONDS)
    assert last == ("complete", None)
    assert {name for name, _ in answers} == {"next"}
    found = [answer["data"]["importProgress"] for _, answer in answers]
    assert all("cost" in answer["extensions"] for _, answer in answers)
    stages = list(dict.fromkeys(receipt["progress"]["stage"] for receipt in found))
    assert stages[0] == "waiting"
    assert stages[-1] == "finished"
    assert {"receiving", "reading", "following"} & set(stages)
    assert [receipt["state"] for receipt in found[-2:]] == ["waiting", "accepted"]
    assert found[-1]["counts"]
    # Its length was not said, so that the share of what came is not known.
    assert all(
        receipt["progress"]["share"] is None
        for receipt in found
        if receipt["progress"]["stage"] == "receiving"
    )


def test_broken_off(desk: Desk) -> None:
    """A delivery that breaks off says that it has to be sent again, and then it can be."""
    path = desk.announce(ATTENDANCE, dry_run=True)
    file = b'{"kind": "delivered", "week": "2020-W10"}\n'
    raw(desk, f"PUT {path} HTTP/1.1", file[:10], length=len(file), hang_up=True)
    until = time.monotonic() + PATIENCE_SECONDS
    stage = ""
    while stage != "interrupted" and time.monotonic() < until:
        found = progress_of(desk, path)
        assert found is not None
        stage = found["progress"]["stage"]
    assert stage == "interrupted"
    assert desk.put(path, file).status_code == httpx.codes.OK


def test_silent(desk: Desk) -> None:
    """A delivery whose process died falls silent, and that is told as interrupted."""
    path = desk.announce(ATTENDANCE, dry_run=True)
    key = receipt_of(path).removeprefix("receipt_")
    sql = (
        "update import_progress set stage = 'reading', lines = 5, told_at = now() - interval '{}'"
        f" where replace(receipt_id::text, '-', '') = '{key}'"
    )
    for silence, stage in (("0 seconds", "reading"), ("1 minute", "interrupted")):
        desk.database.run_sql(sql.format(silence))
        found = progress_of(desk, path)
        assert found is not None
        assert found["progress"]["stage"] == stage


def test_nobody_elses(desk: Desk) -> None:
    """For anybody else a delivery is as one that is not there: null, and the stream ends."""
    path = desk.announce(ATTENDANCE, dry_run=True)
    ended = [("next", {"importProgress": None}), ("complete", None)]
    for actor in (desk.world.strangers["school_system"], desk.who("coordinator")):
        assert progress_of(desk, path, actor) is None
        for receipt in (receipt_of(path), "receipt_" + "0" * 32, "pupil_" + "1" * 32, "x"):
            told = followed(desk, receipt, actor)
            assert [(name, said and said["data"]) for name, said in told] == ended


def test_ends_with_the_token(desk: Desk) -> None:
    """When the token expires the stream says so and ends, whatever becomes of the delivery."""
    settings, system = desk.stage.settings, desk.system
    assert settings.development_issuer_key is not None
    token = mint(
        load(settings.development_issuer_key),
        issuer=f"{settings.public_url}/development",
        audience=settings.audience,
        subject=system.id,
        client_id="tour",
        role=str(system.role),
        purpose=str(system.purpose),
        organisation=system.organisation,
        lifetime=timedelta(seconds=1),
    )
    path = desk.announce(ATTENDANCE, dry_run=True)
    headers = {"Authorization": f"Bearer {token}"}
    (_, first), (name, last), end = followed(desk, receipt_of(path), headers=headers)
    assert first["data"]["importProgress"]["progress"]["stage"] == "waiting"
    assert (name, last.get("data")) == ("next", None)
    assert [error["extensions"]["code"] for error in last["errors"]] == ["UNAUTHENTICATED"]
    assert end == ("complete", None)


def test_ends_with_the_agreement(desk: Desk) -> None:
    """When the delivery agreement ends the receipt is there no more, and the stream ends."""
    path = desk.announce(ATTENDANCE, dry_run=True)
    which = f"where client_id = '{desk.system.id}' and branch_id = '{branch_of(desk)}'"
    ends = "update delivery_agreement set valid_until = {} " + which
    with ThreadPoolExecutor() as pool:
        told = pool.submit(followed, desk, receipt_of(path))
        time.sleep(2)
        desk.database.run_sql(ends.format("now()"))
        try:
            answers = told.result(PATIENCE_SECONDS)
        finally:
            desk.database.run_sql(ends.format("null"))
    found = [answer and answer["data"]["importProgress"] for _, answer in answers]
    assert found[0]["progress"]["stage"] == "waiting"
    assert found[1:] == [None, None]
    assert answers[-1] == ("complete", None)


def test_no_more_than_so_many(desk: Desk) -> None:
    """Who follows as much as one may is refused more, and has the place again afterwards."""
    receipt = receipt_of(desk.announce(ATTENDANCE, dry_run=True))
    body = {"query": FOLLOW, "variables": {"id": receipt}}
    headers = desk.headers(desk.system) | EVENTS
    with ExitStack() as stack:
        for _ in range(MOST_OF_ONE):
            stream = desk.web.stream("POST", "/graphql", json=body, headers=headers)
            assert stack.enter_context(stream).status_code == httpx.codes.OK
        more = desk.web.post("/graphql", json=body, headers=headers)
        assert more.status_code == httpx.codes.BAD_REQUEST
        assert more.json()["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with desk.web.stream("POST", "/graphql", json=body, headers=headers) as again:
            if again.status_code == httpx.codes.OK:
                return
        time.sleep(0.5)
    raise AssertionError


def test_refused_as_queries_are(desk: Desk) -> None:
    """A subscription that cannot be served is refused as a query is, and no stream begins."""
    query = 'subscription {{ importProgress(receipt: "receipt_0") {{ {} }} }}'
    good = query.format("state")
    wide = query.format(" ".join(f"a{n}: id" for n in range(200)))
    two = query.format('id } other: importProgress(receipt: "x") { id')
    token = desk.headers(desk.system)
    for text, headers, status, code in (
        (good, EVENTS, 401, "UNAUTHENTICATED"),
        (good, EVENTS | {"Authorization": "Bearer x"}, 401, "UNAUTHENTICATED"),
        (query.format("nothing"), EVENTS | token, 400, "INVALID_DOCUMENT"),
        ("{ me { role } }", EVENTS | token, 400, "INVALID_DOCUMENT"),
        (two, EVENTS | token, 400, "INVALID_DOCUMENT"),
        (wide, EVENTS | token, 400, "LIMIT_EXCEEDED"),
        (good, token, 200, "INVALID_DOCUMENT"),
    ):
        answer = desk.web.post("/graphql", json={"query": text}, headers=headers)
        codes = {error["extensions"]["code"] for error in answer.json()["errors"]}
        assert (answer.status_code, codes) == (status, {code}), answer.text
        assert "data" not in answer.json()
    answer = desk.web.get("/graphql", headers=EVENTS | token)
    assert answer.status_code == httpx.codes.METHOD_NOT_ALLOWED

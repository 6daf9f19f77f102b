"""Many files at once: one for each delivery, a few for each client, and every place comes back."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from starlette.requests import Request

from api import uploading
from api.errors import ApiError
from api.uploading import MOST_OF_ALL, MOST_OF_ONE, a_place, pieces
from tests.api.uploads.desk import Desk
from tests.api.uploads.files import ATTENDANCE
from tests.api.uploads.test_addresses import told
from tests.api.uploads.test_progress import PATIENCE_SECONDS, progress_of

WEEK = b'{"kind": "delivered", "week": "2020-W10"}\n'


@pytest.fixture
def unchanged(desk: Desk) -> Iterator[None]:
    """Hold what is stored after a test against what was before it."""
    with desk.nothing_stored():
        yield


@contextmanager
def on_its_way(desk: Desk, path: str) -> Iterator[None]:
    """Keep a file half sent, from when the process receives it; then hang up."""
    token = desk.headers(desk.system)["Authorization"]
    head = f"PUT {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {token}\r\n"
    with socket.create_connection(("127.0.0.1", desk.api.port), timeout=20) as connection:
        connection.sendall(f"{head}Content-Length: 1000\r\n\r\n".encode() + WEEK)
        until_stage(desk, path, "receiving")
        yield


def until_stage(desk: Desk, path: str, stage: str) -> None:
    """Wait until a delivery tells that it is so far."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        found = progress_of(desk, path)
        if found is not None and found["progress"]["stage"] == stage:
            return
        time.sleep(0.1)
    raise AssertionError(stage)


@pytest.mark.usefixtures("unchanged")
def test_one_file_for_each_delivery(desk: Desk) -> None:
    """While a file comes another to its address is refused; once it broke off, one is taken."""
    path, other = (desk.announce(ATTENDANCE, dry_run=True) for _ in range(2))
    with on_its_way(desk, path):
        for _ in range(30):
            refused = desk.put(path, WEEK)
            assert told(refused) == (409, "BAD_REQUEST")
        assert refused.headers["Retry-After"]
        assert desk.put(other, WEEK).status_code == httpx.codes.OK
    until_stage(desk, path, "interrupted")
    assert desk.put(path, WEEK).status_code == httpx.codes.OK


@pytest.mark.usefixtures("unchanged")
def test_so_many_files_for_each_client(desk: Desk) -> None:
    """Who sends as many as one may is refused more, and has the places again afterwards."""
    paths = [desk.announce(ATTENDANCE, dry_run=True) for _ in range(MOST_OF_ONE)]
    more = desk.announce(ATTENDANCE, dry_run=True)
    with ExitStack() as stack:
        for path in paths:
            stack.enter_context(on_its_way(desk, path))
        assert told(desk.put(more, WEEK)) == (429, "LIMIT_EXCEEDED")
    for path in paths:
        until_stage(desk, path, "interrupted")
    for path in (*paths, more):
        assert desk.put(path, WEEK).status_code == httpx.codes.OK


@pytest.mark.usefixtures("unchanged")
def test_refused_files_keep_no_place(desk: Desk) -> None:
    """A file that was refused and one that nothing waits for leave their places to the next."""
    for _ in range(MOST_OF_ONE + 1):
        path = desk.announce(ATTENDANCE, dry_run=True)
        assert desk.put(path, b"no JSON").status_code == httpx.codes.UNPROCESSABLE_ENTITY
        assert told(desk.put(path, b"no JSON")) == (404, "BAD_REQUEST")


def test_a_process_has_so_many_places() -> None:
    """However many clients there are, there are no more files; a fault gives its place back."""
    message = "a mistake of ours"

    def failing() -> None:
        """Fail within a place."""
        with a_place(UUID(int=1), UUID(int=2)):
            raise ValueError(message)

    for _ in range(2):
        with ExitStack() as stack:
            for _ in range(MOST_OF_ALL - 1):
                stack.enter_context(a_place(uuid4(), uuid4()))
            with pytest.raises(ValueError, match=message):
                failing()
            stack.enter_context(a_place(uuid4(), uuid4()))
            with pytest.raises(ApiError, match="Too many files"):
                failing()


def test_a_file_that_falls_silent_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends nothing more does not keep a place for it."""
    monkeypatch.setattr(uploading, "SILENCE_SECONDS", 0.05)
    came = iter([{"type": "http.request", "body": b"some", "more_body": True}])

    async def receive() -> MutableMapping[str, Any]:
        """Give one piece, and nothing ever after."""
        for message in came:
            return message
        await asyncio.Event().wait()
        raise AssertionError

    async def read() -> list[bytes]:
        """Read what comes until it is given up."""
        taken: list[bytes] = []
        body = pieces(Request({"type": "http"}, receive))
        taken.append(await anext(body))
        with pytest.raises(ApiError, match="Nothing came") as silent:
            await anext(body)
        assert silent.value.status == httpx.codes.REQUEST_TIMEOUT
        return taken

    assert asyncio.run(read()) == [b"some"]

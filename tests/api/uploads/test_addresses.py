"""The address of an upload: whose it is, how long it serves, how much it takes."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator

import httpx
import pytest

from api.imports import LARGEST_UPLOAD
from tests.api.uploads.desk import START, Desk
from tests.api.uploads.files import ATTENDANCE, PUPIL, ROSTER, roster

BAD_REQUEST, UNAUTHENTICATED, LIMIT = "BAD_REQUEST", "UNAUTHENTICATED", "LIMIT_EXCEEDED"


def told(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and the code of the only error."""
    (error,) = answer.json()["errors"]
    assert error["message"]
    return answer.status_code, error["extensions"]["code"]


def file_of(desk: Desk) -> bytes:
    """Return a roster that would be taken in."""
    return roster(desk.world, PUPIL).encode()


@pytest.fixture
def unchanged(desk: Desk) -> Iterator[None]:
    """Hold what is stored after a test against what was before it."""
    with desk.nothing_stored():
        yield


@pytest.mark.usefixtures("unchanged")
def test_no_token(desk: Desk) -> None:
    """Without a token, or with one that is none, the answer is 401 and says how to get one."""
    path = desk.announce(ROSTER)
    for headers in ({}, {"Authorization": "Bearer Canarievogel"}, {"Authorization": "Basic eDp5"}):
        answer = desk.web.put(path, content=file_of(desk), headers=headers)
        assert told(answer) == (401, UNAUTHENTICATED)
        assert "resource_metadata" in answer.headers["WWW-Authenticate"]


@pytest.mark.usefixtures("unchanged")
def test_another_token(desk: Desk) -> None:
    """Another board's system and any other role are answered as if there were no such delivery."""
    path = desk.announce(ROSTER)
    strangers = desk.world.strangers
    for actor in (strangers["school_system"], desk.who("coordinator"), desk.who("guardian")):
        assert told(desk.put(path, file_of(desk), actor)) == (404, BAD_REQUEST)


@pytest.mark.usefixtures("unchanged")
def test_another_secret(desk: Desk) -> None:
    """A secret that is wrong, another receipt's, or over time serves for nothing."""
    path, other = desk.announce(ROSTER), desk.announce(ROSTER)
    place, secret = path.rsplit("/", 1)
    for wrong in (other.rsplit("/", 1)[1], secret[:-1], secret + "A", "%00", "%ff%fe", "é" * 9):
        assert told(desk.put(f"{place}/{wrong}", file_of(desk))) == (404, BAD_REQUEST)
    receipt = place.rsplit("_", 1)[1]
    desk.database.run_sql(
        "update import_receipt set upload_until = started_at"
        f" where replace(id::text, '-', '') = '{receipt}'"
    )
    assert told(desk.put(path, file_of(desk))) == (404, BAD_REQUEST)


@pytest.mark.usefixtures("unchanged")
def test_used_once(desk: Desk) -> None:
    """An address serves once, also when the file was refused or only tried."""
    for path, file, status in (
        (desk.announce(ROSTER), b"<EDEX/>", 422),
        (desk.announce(ROSTER, dry_run=True), file_of(desk), 200),
    ):
        assert desk.put(path, file).status_code == status
        assert told(desk.put(path, file_of(desk))) == (404, BAD_REQUEST)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "receipt",
    [
        "pupil_{key}",
        "import_receipt_{key}",
        "{key}",
        "receipt_",
        "receipt_{key}0",
        "RECEIPT_{key}",
        "receipt_" + "f" * 32,
        "receipt_" + "z" * 32,
        "receipt_%00",
        "receipt_%D9%A1" + "1" * 31,
        "%2e%2e",
        "..%2f..%2fgraphql",
        "receipt_{key}%27%20or%201=1--",
        "x" * 8_000,
    ],
)
def test_no_such_receipt(desk: Desk, receipt: str) -> None:
    """An id of another kind, of no form, or that is a trick is answered as absent."""
    place, secret = desk.announce(ROSTER).rsplit("/", 1)
    key = place.rsplit("_", 1)[1]
    path = f"/imports/{receipt.format(key=key)}/{secret}"
    answer = desk.put(path, file_of(desk))
    assert answer.status_code == httpx.codes.NOT_FOUND
    assert key not in answer.text


@pytest.mark.usefixtures("unchanged")
def test_paths_that_lead_elsewhere(desk: Desk) -> None:
    """Dots, doubled slashes and other methods reach nothing."""
    path = desk.announce(ROSTER)
    for wrong in (f"/imports/../imports{path}", f"/{path}", f"{path}/", f"{path}/..", "/imports//"):
        status = raw(desk, f"PUT {wrong} HTTP/1.1", b"").status
        assert status in {400, 404, 405, 307}, (wrong, status)
    for method in ("GET", "POST", "DELETE", "PATCH", "HEAD"):
        answer = desk.web.request(method, path, headers=desk.headers(desk.system))
        assert answer.status_code == httpx.codes.METHOD_NOT_ALLOWED


@pytest.mark.usefixtures("unchanged")
def test_declared_too_large(desk: Desk) -> None:
    """A file that is declared larger than 64 MiB is refused before any of it is sent."""
    path = desk.announce(ROSTER)
    for length in (LARGEST_UPLOAD + 1, 10**30):
        assert raw(desk, f"PUT {path} HTTP/1.1", b"", length=length).status in {400, 413}
    assert raw(desk, f"PUT {path} HTTP/1.1", b"", length=LARGEST_UPLOAD + 1).status == 413


@pytest.mark.usefixtures("unchanged")
def test_too_large_in_chunks(desk: Desk) -> None:
    """A file that turns out to be larger than 64 MiB is refused when it does."""
    piece = b"Canarievogel" + b" " * (1024 * 1024 - 12)
    path = desk.announce(ROSTER)
    answer = desk.put(path, (piece for _ in range(LARGEST_UPLOAD // len(piece) + 1)))
    assert told(answer) == (413, LIMIT)


@pytest.mark.usefixtures("unchanged")
def test_broken_off(desk: Desk) -> None:
    """A file that breaks off on its way is not taken in; its address still serves."""
    path = desk.announce(ROSTER, dry_run=True)
    file = file_of(desk)
    raw(desk, f"PUT {path} HTTP/1.1", file[: len(file) // 2], length=len(file), hang_up=True)
    assert desk.put(path, file).status_code == httpx.codes.OK


@pytest.mark.usefixtures("unchanged")
def test_announcing_what_is_not(desk: Desk) -> None:
    """Unknown kinds, other boards' branches and ids of another kind are refused by name."""
    branch = desk.world.branches["99WA00"].hex
    other = desk.world.branches["99WB00"].hex
    for kind, branch_id, code in (
        ("Canarievogel", f"branch_{branch}", "INVALID"),
        ("", f"branch_{branch}", "INVALID"),
        (ROSTER, f"branch_{other}", "NOT_FOUND"),
        (ROSTER, f"organisation_{branch}", "NOT_FOUND"),
        (ROSTER, "Canarievogel", "NOT_FOUND"),
    ):
        result = desk.act(desk.system, START, kind=kind, branchId=branch_id)
        assert (result["code"], "Canarievogel" in result["message"]) == (code, False)
        assert result["path"][0] == "input"


def test_packed(desk: Desk) -> None:
    """A file packed with gzip is taken in like a plain one; the same again changes nothing."""
    plain = roster(desk.world).encode()
    for file in (plain, gzip.compress(plain)):
        with desk.nothing_stored_but_traces():
            answer = desk.deliver(ROSTER, file)
            assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    empty_week = b'{"kind": "delivered", "week": "2020-W10"}\n'
    answer = desk.put(desk.announce(ATTENDANCE, dry_run=True), gzip.compress(empty_week))
    assert answer.status_code == httpx.codes.OK


class raw:  # noqa: N801 - reads as the act it is
    """Sends a request byte by byte and keeps the status of what comes back; 0 for nothing."""

    def __init__(
        self,
        desk: Desk,
        line: str,
        body: bytes,
        *,
        length: int | None = None,
        hang_up: bool = False,
    ) -> None:
        headers = {
            "Host": "127.0.0.1",
            "Content-Length": str(len(body) if length is None else length),
            **desk.headers(desk.system),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.status = 0
        with socket.create_connection(("127.0.0.1", desk.api.port), timeout=20) as connection:
            connection.sendall(f"{line}\r\n{head}\r\n".encode() + body)
            if not hang_up:
                answer = connection.recv(65536)
                self.status = int(answer.split(b" ", 2)[1])

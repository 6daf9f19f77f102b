"""A day of a region: how long from the first upload until every coordinator sees its signals.

All schools of the region deliver over HTTP to the service as `ops/run` runs it: what is scheduled
this week for every pupil, who was absent on the last school day, and that the week is complete with
it: signals rest on complete weeks alone. One in a hundred passes sixteen lesson hours without leave
on that day. A signal counts as seen when the school's coordinator reads it through the API.
"""

from __future__ import annotations

import asyncio
import hashlib
import statistics
import sys
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import orjson
from rich.console import Console

from domain import clock
from ops.benches.filled import Filled, Size, copied, filled
from ops.benches.over_http import SERVICE, HttpError, Server, serving, tokens_of
from ops.benches.processor import seconds_of, seconds_of_all
from ops.benches.reads import PURPOSE, ROLE, Target
from ops.cluster import Cluster, ClusterError
from ops.progress import Progress, Step
from permissions.vocabulary import Actor, Purpose, Role

MOST_SECONDS: Final = 60
AT_ONCE: Final = 4
"""So many schools' systems upload at the same moment."""

_SIGNAL = "SIXTEEN_HOURS_IN_FOUR_WEEKS"
_OF_HUNDRED = 100
_SIGNALLED = 11
_BRANCHES_PER_BOARD = 5
_UNITS, _MINUTES = 6, 50
_ILL_OF_HUNDRED = range(1, 6)
_LATE_OF_HUNDRED = range(6, 8)
_FRIDAY = 4
_PATIENCE_SECONDS = 120.0
_SQL = Path(__file__).parent / "ingesting" / "day.sql"
_START = """
    mutation Start($branch: ID!) {
        startImport(input: {kind: "attendance_ndjson", branchId: $branch}) {
            ... on StartImportSuccess { uploadPath }
            ... on Problem { message }
        }
    }
"""
_SEE = "query See($id: ID!) { pupil(id: $id) { signals { kind reachedOn } } }"


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch: its system, its coordinator, and its pupils' numbers."""

    number: int
    pupils: range

    @property
    def id(self) -> str:
        """The branch's id in the API."""
        return f"branch_{key('branch', self.number).hex}"

    @property
    def system(self) -> Actor:
        """The system that delivers for it."""
        board = self.number // _BRANCHES_PER_BOARD
        return Actor(
            id=key("client", board),
            organisation=key("board", board),
            role=Role.SCHOOL_SYSTEM,
            purpose=Purpose.DATA_DELIVERY,
            client=str(key("client", board)),
        )

    @property
    def coordinator(self) -> Actor:
        """Its attendance coordinator."""
        return Actor(
            id=key("coordinator", self.number),
            organisation=key("board", self.number // _BRANCHES_PER_BOARD),
            role=ROLE,
            purpose=PURPOSE,
            client="bench",
        )

    @property
    def signalled(self) -> list[int]:
        """The pupils who pass sixteen hours on the day."""
        return [pupil for pupil in self.pupils if pupil % _OF_HUNDRED == _SIGNALLED]


@dataclass(slots=True)
class Day:
    """What a day took, in seconds: until all is seen, and from each upload until it is seen.

    `processor` is the processor time of the service and of the database; `lines` were delivered
    and `signals` seen.
    """

    whole: float = 0.0
    each: list[float] = field(default_factory=list[float])
    processor: tuple[float, float] = (0.0, 0.0)
    lines: int = 0
    signals: int = 0


def measure(cluster: Cluster, progress: Progress, *, pupils: int) -> Day:
    """Deliver a day of a region of so many pupils, and print how long it took."""
    size = Size(pupils)
    template = filled(cluster, size, progress)
    with copied(template) as database:
        variables = f"\\set branches {size.branches}\n"
        database.run_sql(variables + _SQL.read_text(encoding="utf-8"))
        branches = [
            Branch(number, range(number * size.per_branch, (number + 1) * size.per_branch))
            for number in range(size.branches)
        ]
        with serving(database, "the service", SERVICE) as server:
            found = asyncio.run(_day(database, server, branches, progress))
    _show(found, sum(len(branch.pupils) for branch in branches), len(branches))
    return found


def key(word: str, number: int) -> UUID:
    """Return the id of a thing of a filled database, as its SQL makes it."""
    return UUID(hashlib.md5(f"{word}{number}".encode(), usedforsecurity=False).hexdigest())


def last_school_day() -> date:
    """Return today, or the Friday before a weekend."""
    today = clock.now().today
    return today - timedelta(days=max(0, today.weekday() - _FRIDAY))


async def _day(database: Filled, server: Server, branches: list[Branch], progress: Progress) -> Day:
    postmaster = database.cluster.pid()
    if postmaster is None:
        raise ClusterError("The database stopped while it was measured.")
    actors = [actor for branch in branches for actor in (branch.system, branch.coordinator)]
    nobody = key("", 0)
    tokens = tokens_of(database, [Target(actor, nobody, nobody) for actor in actors], server.port)
    day = last_school_day()
    found = Day()
    async with _client(server) as client:
        school = _Schools(client, tokens, asyncio.Semaphore(AT_ONCE))
        with progress.step("Delivering the days before", len(branches)) as step:
            await school.deliver_all([(b, b"".join(_before(b, day))) for b in branches], step)
        files = [(branch, b"".join(_on(branch, day))) for branch in branches]
        found.lines = sum(file.count(b"\n") for _, file in files)
        before = seconds_of(server.process), seconds_of_all(postmaster)
        begun = time.perf_counter()
        with progress.step("Delivering the day", len(branches)) as step:
            found.each = await school.deliver_all(files, step, seen_on=day)
        found.whole = time.perf_counter() - begun
        found.processor = (
            seconds_of(server.process) - before[0],
            seconds_of_all(postmaster) - before[1],
        )
    found.signals = sum(len(branch.signalled) for branch in branches)
    return found


@dataclass(frozen=True, slots=True)
class _Schools:
    """All schools of the region, some of which deliver at the same moment."""

    client: httpx.AsyncClient
    tokens: dict[Actor, str]
    turns: asyncio.Semaphore

    async def deliver_all(
        self, files: list[tuple[Branch, bytes]], step: Step, *, seen_on: date | None = None
    ) -> list[float]:
        """Deliver every file; return how long each took until its signals were seen."""

        async def one(branch: Branch, file: bytes) -> float:
            """Deliver one school's file when it is its turn."""
            async with self.turns:
                begun = time.perf_counter()
                await self._deliver(branch, file)
                if seen_on is not None:
                    await self._see(branch, seen_on)
                step.advance()
                return time.perf_counter() - begun

        return list(await asyncio.gather(*(one(branch, file) for branch, file in files)))

    async def _deliver(self, branch: Branch, file: bytes) -> None:
        started = await self._ask(branch.system, _START, branch=branch.id)
        answer = await self.client.put(
            started["startImport"]["uploadPath"],
            content=file,
            headers={"Authorization": f"Bearer {self.tokens[branch.system]}"},
        )
        if answer.status_code != HTTPStatus.OK or answer.json()["state"] != "accepted":
            raise HttpError(f"A delivery was not taken: {answer.text[:300]}")

    async def _see(self, branch: Branch, day: date) -> None:
        """Read every expected signal as the coordinator, until each is there."""
        until = time.perf_counter() + _PATIENCE_SECONDS
        for pupil in branch.signalled:
            wanted = {"kind": _SIGNAL, "reachedOn": day.isoformat()}
            while True:
                node = f"pupil_{key('pupil', pupil).hex}"
                found = await self._ask(branch.coordinator, _SEE, id=node)
                if found["pupil"] is not None and wanted in found["pupil"]["signals"]:
                    break
                if time.perf_counter() > until:
                    raise HttpError(f"A signal was not seen: {found}")

    async def _ask(self, actor: Actor, query: str, **variables: str) -> dict[str, Any]:
        answer = await self.client.post(
            "/graphql",
            content=orjson.dumps({"query": query, "variables": variables}),
            headers={
                "Authorization": f"Bearer {self.tokens[actor]}",
                "Content-Type": "application/json",
            },
        )
        body: dict[str, Any] = answer.json()
        if answer.status_code != HTTPStatus.OK or body.get("errors"):
            raise HttpError(answer.text[:300])
        return body["data"]


@asynccontextmanager
async def _client(server: Server) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{server.port}", timeout=_PATIENCE_SECONDS
    ) as client:
        yield client


def _before(branch: Branch, day: date) -> Iterator[bytes]:
    """Yield the hours that were missed without leave in the week before: twelve for each."""
    monday = day - timedelta(days=day.weekday() + 7)
    for pupil in branch.signalled:
        for number in range(3):
            on = monday + timedelta(days=number)
            yield _exception(pupil, on, 3, 4, "unauthorised", "TRUANCY")


def _on(branch: Branch, day: date) -> Iterator[bytes]:
    """Yield what is scheduled for everybody, who was absent on the day, and that all is said."""
    year, week, _ = day.isocalendar()
    for pupil in branch.pupils:
        line = {
            "kind": "schedule", "pupil": f"L{pupil}", "from": f"{year}-W{week:02}",
            "until": f"{year}-W{week:02}", "minutes": 1_600, "lessonUnits": 32,
        }  # fmt: skip
        yield orjson.dumps(line) + b"\n"
    for pupil in branch.pupils:
        place = pupil % _OF_HUNDRED
        if place == _SIGNALLED:
            yield _exception(pupil, day, 1, _UNITS, "unauthorised", "TRUANCY")
        elif place in _ILL_OF_HUNDRED:
            yield _exception(pupil, day, 1, _UNITS, "authorised", "ILLNESS")
        elif place in _LATE_OF_HUNDRED:
            yield _exception(pupil, day, 1, 0, "late", None)
    yield orjson.dumps({"kind": "delivered", "week": f"{year}-W{week:02}"}) + b"\n"


def _exception(  # noqa: PLR0917 - the fields of the format, in its order
    pupil: int, day: date, start: int, units: int, category: str, reason: str | None
) -> bytes:
    line = {
        "kind": "exception", "id": f"D{pupil}-{day}", "pupil": f"L{pupil}",
        "date": day.isoformat(), "startUnit": start, "lessonUnits": units,
        "minutes": units * _MINUTES or 10, "category": category,
    }  # fmt: skip
    if reason is not None:
        line["reason"] = reason
    return orjson.dumps(line) + b"\n"


def _show(found: Day, pupils: int, branches: int) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    web, database = found.processor
    console.print(
        f"A day of {pupils:,} pupils at {branches} branches: {found.lines:,} lines, of which"
        f" {found.signals:,} signals were read by the coordinators.\n"
        f"From an upload until its signals are read: {statistics.median(found.each):.2f} s in the"
        f" median, {max(found.each):.2f} s at most, {AT_ONCE} at a time.\n"
        f"Processor time: {web:.1f} s of the service, {database:.1f} s of the database."
    )
    verdict = "met" if found.whole <= MOST_SECONDS else "missed"
    console.print(
        f"Goal for 50,000 pupils: at most {MOST_SECONDS} s. Reached with {pupils:,}:"
        f" {found.whole:.1f} s, {verdict}.\n"
    )

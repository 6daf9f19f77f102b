"""Kills in the middle of things, and what has to hold after each: nothing lost, nothing half done.

The afternoon of `script` is first played undisturbed and its contents are noted after every step
that matters. Then it is played again in a fresh copy for every point, with a kill at a seeded
moment of a seeded step. After it the database must hold exactly what it held before the step or
after it, the latter if the step was acknowledged; and sending everything again must lead to what
the undisturbed afternoon led to.
"""

from __future__ import annotations

import asyncio
import base64
import os
import random
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx

from ops import cluster as clusters
from ops.folders import LASTING
from ops.migrate import migrate
from ops.tour.stage import free_port
from tests.conftest import TestDatabase
from tests.durability.checks import broken
from tests.durability.dump import Dump, difference, dump, ids_of, rows_of
from tests.durability.keys import keys_put_back
from tests.durability.processes import Api, api_process
from tests.durability.script import (
    Client,
    Files,
    Step,
    Unanswered,
    announce,
    file_of,
    files_of,
    stage_of,
    steps_of,
)
from tests.filled import pools_of
from tests.world import World, build_world

API, POSTGRESQL = "api", "postgresql"
VICTIMS = (API, POSTGRESQL)

_TEMPLATE = "world"
_PATIENCE_SECONDS = 30.0
_EARLIEST, _LATEST = 0.02, 1.15
"""A kill comes at this part of the time that the step took undisturbed; past 1 it is over."""
_CHANGES = {"new", "changed", "ended", "withdrawn"}
_AGAIN = {"public.import_receipt", "public.trace"}
"""A file that is delivered anew gets a receipt and a trace of its own."""


@dataclass(frozen=True, slots=True)
class Point:
    """A moment to kill at: which victim, in which step, at which part of its usual time."""

    victim: str
    step: int
    part: float


def points_of(ground: Ground, victim: str, number: int, seed: int) -> list[Point]:
    """Return seeded points for a victim: half of them in imports, half in the other steps."""
    chance = random.Random(f"{victim} {seed}")
    steps = ground.steps
    imports = [index for index, step in enumerate(steps) if step.is_import]
    others = [index for index, step in enumerate(steps) if not step.is_import]
    return [
        Point(victim, chance.choice(group), chance.uniform(_EARLIEST, _LATEST))
        for index in range(number)
        for group in [imports if index % 2 == 0 else others]
    ]


@dataclass
class Afternoon:
    """What the undisturbed afternoon held: the contents after steps, and how long each took."""

    after: dict[int, Dump] = field(default_factory=dict[int, Dump])
    seconds: list[float] = field(default_factory=list[float])


@dataclass(slots=True)
class Outcome:
    """What came of one kill; `lost` and `half_done` have to stay empty."""

    point: Point
    step: str
    acknowledged: int
    answered: bool
    done: bool = False
    lost: list[str] = field(default_factory=list[str])
    half_done: list[str] = field(default_factory=list[str])
    differs: list[str] = field(default_factory=list[str])

    @property
    def holds(self) -> bool:
        """Whether everything that was promised held."""
        return not (self.lost or self.half_done or self.differs)

    def __str__(self) -> str:
        answer = "answered" if self.answered else "done, not answered" if self.done else "undone"
        faults = [*self.lost, *self.half_done, *self.differs]
        where = f"kill -9 {self.point.victim} at {self.point.part:.2f} of '{self.step}': {answer}"
        return "\n".join([where, *faults])


@dataclass
class Ground:
    """A durable cluster of one's own with the filled world as a template."""

    cluster: clusters.Cluster
    world: World
    files: Files
    folder: Path
    port: int
    known: frozenset[str]
    """Every id in the template: the same in every copy."""
    _copies: int = 0
    _tokens: dict[tuple[UUID, str, str], str] = field(
        default_factory=dict[tuple[UUID, str, str], str]
    )
    """All copies are served under one name and one key, so a token holds in each."""

    @property
    def steps(self) -> list[Step]:
        """The steps of the afternoon."""
        return steps_of(self.files.stories)

    @contextmanager
    def copy(self) -> Iterator[tuple[TestDatabase, Api, Client]]:
        """Serve a fresh copy of the world."""
        self._copies += 1
        name = f"copy_{self._copies}"
        self.cluster.create_from_template(name, _TEMPLATE)
        database = TestDatabase(self.cluster, name)
        environment = database.environment(self.port)
        with (
            api_process(environment, self.port, self.folder / "api.log") as api,
            httpx.Client(base_url=api.url, timeout=_PATIENCE_SECONDS) as web,
        ):
            stage = stage_of(database, self.port, web)
            stage.tokens = self._tokens
            yield database, api, Client(self.world, database, self.files, stage)
        self.cluster.drop_database(name)


@contextmanager
def ground(*, pupils: int, stories: int) -> Iterator[Ground]:
    """Make a durable cluster with the filled world, and remove it afterwards.

    Args:
        pupils: how many pupils the roster of the afternoon adds.
        stories: how many of them are reported on.
    """
    folder = Path(tempfile.mkdtemp(prefix="schakel-kill-", dir=LASTING))
    try:
        cluster = clusters.start(folder, durable=True)
        template = TestDatabase(cluster, _TEMPLATE)
        world = _filled(template)
        known = ids_of(rows_of(template))
        yield Ground(
            cluster,
            world,
            files_of(world, pupils=pupils, stories=stories),
            folder,
            free_port(),
            known,
        )
    finally:
        clusters.remove(folder)
        shutil.rmtree(folder)


def _filled(database: TestDatabase) -> World:
    """Migrate a new database and fill it with the world."""
    database.cluster.create_database(database.name)
    claims_key = base64.b64decode(database.environment()["SCHAKEL_CLAIMS_KEY"])
    migrate(database.url("schakel_migrate"), claims_key)

    async def fill() -> World:
        """Fill it with pools of this loop's own."""
        pools = pools_of(database)
        try:
            return await build_world(pools)
        finally:
            await pools.close()

    with keys_put_back():
        return asyncio.run(fill())


def undisturbed(ground: Ground, points: Sequence[Point]) -> Afternoon:
    """Play the afternoon without a kill; note what is needed to judge the points by."""
    steps = ground.steps
    wanted = {point.step for point in points} | {point.step - 1 for point in points}
    wanted.add(len(steps) - 1)
    with ground.copy() as (database, _, client):
        afternoon = Afternoon()
        afternoon.after[-1] = dump(settled(database), ground.known)
        for index, step in enumerate(steps):
            began = time.monotonic()
            step.send(client)
            afternoon.seconds.append(time.monotonic() - began)
            if index in wanted:
                afternoon.after[index] = dump(settled(database), ground.known)
    return afternoon


def disturbed(ground: Ground, point: Point, afternoon: Afternoon) -> Outcome:
    """Play the afternoon with one kill, and judge what it left."""
    steps = ground.steps
    step = steps[point.step]
    with ground.copy() as (database, api, client):
        for earlier in steps[: point.step]:
            earlier.send(client)
        with killing(ground, api, point, afternoon.seconds[point.step]) as backends:
            answered = _answered(step, client)
        _restart(ground, api, point.victim, backends)
        found = dump(settled(database), ground.known)
        outcome = Outcome(point, step.name, point.step + answered, answered)
        _judge(outcome, database, found, afternoon)
        _send_again(outcome, ground, client, found, afternoon)
        return outcome


@contextmanager
def killing(ground: Ground, api: Api, point: Point, seconds: float) -> Iterator[list[str]]:
    """Kill the victim while the block runs or right after it; give the backends of before."""
    backends = ground.cluster.run_sql(
        "select pid from pg_stat_activity where backend_type = 'client backend'"
        " and pid <> pg_backend_pid()"
    )
    postmaster = ground.cluster.pid()
    assert postmaster is not None
    kill: Callable[[], None] = (
        api.kill if point.victim == API else lambda: os.kill(postmaster, signal.SIGKILL)
    )
    timer = threading.Timer(seconds * point.part, kill)
    timer.start()
    try:
        yield backends
    finally:
        timer.join()


def _answered(step: Step, client: Client) -> bool:
    try:
        step.send(client)
    except Unanswered:
        return False
    return True


def _restart(ground: Ground, api: Api, victim: str, backends: list[str]) -> None:
    """Start what was killed; what is still at work for it is given time to notice."""
    if victim == POSTGRESQL:
        _until("PostgreSQL is gone", lambda: ground.cluster.pid() is None)
        clusters.start(ground.folder, durable=True)
        api.wait()
        return
    listed = ",".join(backends) or "0"
    _until(
        "the backends of the killed API left",
        lambda: (
            ground.cluster.run_sql(f"select count(*) from pg_stat_activity where pid in ({listed})")
            == ["0"]
        ),
    )
    api.start()


def settled(database: TestDatabase) -> list[tuple[str, dict[str, object]]]:
    """Return what the database holds once the jobs beside the service have nothing left to do."""
    waiting = (
        "select (select count(*) from trace where not expanded)"
        " + (select count(*) from report r join office_municipality m using (municipality_code)"
        " where r.state = 'sent')"
    )
    _until("the jobs are done", lambda: database.run_sql(waiting) == ["0"])
    return rows_of(database)


def _until(what: str, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            message = f"waited in vain until {what}"
            raise RuntimeError(message)
        time.sleep(0.05)


def _judge(outcome: Outcome, database: TestDatabase, found: Dump, afternoon: Afternoon) -> None:
    step = outcome.point.step
    before, after = afternoon.after[step - 1], afternoon.after[step]
    outcome.done = found == after
    if outcome.answered and found == before != after:
        outcome.lost.append("what was acknowledged is not stored")
    elif found not in (before, after):
        nearest = after if outcome.answered else before
        outcome.half_done.append(f"something is half done:\n{difference(found, nearest)}")
    outcome.half_done += broken(database)


def _send_again(
    outcome: Outcome, ground: Ground, client: Client, found: Dump, afternoon: Afternoon
) -> None:
    """Send what was acknowledged again, then the rest, then both files anew."""

    def compare(what: str, now: Dump, expected: Dump) -> None:
        if now != expected:
            outcome.differs.append(f"{what}:\n{difference(now, expected)}")

    steps, step = ground.steps, outcome.point.step
    final = afternoon.after[len(steps) - 1]
    for earlier in steps[:step]:
        earlier.send(client)
    compare("sending again changed something", dump(settled(client.database), ground.known), found)
    for later in steps[step:]:
        later.send(client)
    compare("the end is another", dump(settled(client.database), ground.known), final)
    for kind in ("roster_edexml", "attendance_ndjson"):
        answer = client.upload(announce(client, kind), file_of(client, kind)).json()
        changes = {
            f"{what} {change}": number
            for what, counts in answer["counts"].items()
            for change, number in counts.items()
            if change in _CHANGES and number
        }
        if answer["state"] != "accepted" or changes:
            outcome.differs.append(f"the same {kind} anew: {answer['state']}, {changes}")
    now = dump(settled(client.database), ground.known)
    compare("the same files anew changed something", _records(now), _records(final))
    outcome.half_done += broken(client.database)


def _records(found: Dump) -> Dump:
    return Dump({text: n for text, n in found.items() if text.split(" ")[0] not in _AGAIN})

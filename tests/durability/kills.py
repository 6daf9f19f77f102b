"""Kills in the middle of things.

The afternoon of `script` is first played undisturbed and its contents are noted after every step
that matters. Then it is played again in a fresh copy for every point, with a kill at a seeded
moment of a seeded step; `judging` says what has to hold after it.
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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx

from ops import cluster as clusters
from ops.folders import LASTING
from ops.migrate import migrate
from ops.tour.stage import free_port
from tests.conftest import TestDatabase
from tests.durability.dump import dump, ids_of, rows_of
from tests.durability.judging import (
    Afternoon,
    Outcome,
    Point,
    judge,
    send_again,
    settled,
    until,
)
from tests.durability.keys import keys_put_back
from tests.durability.processes import Api, api_process
from tests.durability.script import (
    Client,
    Files,
    Step,
    Unanswered,
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
_WITH_THE_ANSWER = 2


def points_of(ground: Ground, victim: str, number: int, seed: int) -> list[Point]:
    """Return seeded points for a victim: half of them in imports, half in the other steps.

    Every third comes with the answer: the act is stored, and nobody has heard of it. Of the kills
    of PostgreSQL half leave its backends to notice that their server is gone, as a crash does; the
    other half take them along in the middle of whatever they write.
    """
    chance = random.Random(f"{victim} {seed}")
    steps = ground.steps
    imports = [index for index, step in enumerate(steps) if step.is_import]
    others = [index for index, step in enumerate(steps) if not step.is_import]
    return [
        Point(
            victim,
            chance.choice(imports if index % 2 == 0 else others),
            None if index % 3 == _WITH_THE_ANSWER else chance.uniform(_EARLIEST, _LATEST),
            with_children=victim == POSTGRESQL and (index + index // 2) % 2 == 1,
        )
        for index in range(number)
    ]


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
        afternoon = Afternoon(ground.known)
        afternoon.after[-1] = dump(settled(database), ground.known)
        for index, step in enumerate(steps):
            step.find(client)
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
        step.find(client)
        with killing(ground, api, point, client, afternoon.seconds[point.step]) as backends:
            answered = _answered(step, client)
        _restart(ground, api, point.victim, backends)
        answered = answered or point.part is None
        outcome = Outcome(point, step.name, point.step + answered, answered)
        found = dump(settled(database), ground.known)
        judge(outcome, client, found, afternoon)
        send_again(outcome, client, steps, found, afternoon)
        return outcome


@contextmanager
def killing(
    ground: Ground, api: Api, point: Point, client: Client, seconds: float
) -> Iterator[list[str]]:
    """Kill the victim while the block runs or right after it; give the backends of before."""
    backends = ground.cluster.run_sql(
        "select pid from pg_stat_activity where backend_type = 'client backend'"
        " and pid <> pg_backend_pid()"
    )
    postmaster = ground.cluster.pid()
    assert postmaster is not None

    def kill_postgresql() -> None:
        os.kill(postmaster, signal.SIGKILL)
        for pid in ground.cluster.processes() if point.with_children else ():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    kill = api.kill if point.victim == API else kill_postgresql
    if point.part is None:
        client.cut = kill
        yield backends
        assert client.cut is None, "no answer came that could get lost"
        return
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
        until("PostgreSQL is gone", lambda: ground.cluster.pid() is None)
        clusters.start(ground.folder, durable=True)
        api.wait()
        return
    listed = ",".join(backends) or "0"
    until(
        "the backends of the killed API left",
        lambda: (
            ground.cluster.run_sql(f"select count(*) from pg_stat_activity where pid in ({listed})")
            == ["0"]
        ),
    )
    api.start()

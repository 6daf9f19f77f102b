"""A month of a nation, from roll-ups to a released publication: seconds, memory and errors.

Beside it what looking up a published answer costs against reading a row by its key, both as an
adviser asks, in one run and in turns.
"""

from __future__ import annotations

import asyncio
import base64
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from rich.console import Console
from rich.table import Table
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

import domain.ties
from domain import clock
from domain.aggregates.periods import Period, month
from domain.aggregates.releasing import SAMPLE
from domain.aggregates.services import inspect_period, lock_due, release_period
from domain.aggregates.writing import Proposed
from domain.database import Database, Login, ask
from domain.jobs import job_actor, take_tables
from domain.pupils import vault
from ops.benches.aggregate_errors import errors
from ops.benches.filled import Filled, Size, fresh
from ops.cluster import Cluster
from ops.progress import Progress
from permissions.vocabulary import Actor, Purpose, Role

GOAL_SECONDS: Final = 120
GOAL_RATIO: Final = 1.5
_SQL = Path(__file__).parent / "nation"
_LOOK_UPS: Final = 300
_WEEKS_BACK: Final = 50
_LOGINS: Final = (Login.AGGREGATE, Login.JOBS)
_BY_ANSWER: Final = """
    select cells from published
    where unit = :unit and measure = :measure and by = 'total' and kind = 'month'
      and first_day = :first_day
    order by vintage desc limit 1
"""
_BY_KEY: Final = "select cells from published where id = :id"
_PYRAMID: Final = """
    select unit, cells from published
    where release_id = :release and measure = 'absence' and by = 'total'
      and level in ('branch', 'municipality')
"""

domain.ties.load_all()


@dataclass(frozen=True, slots=True)
class Timed:
    """A step and its seconds."""

    step: str
    seconds: float


def measure(cluster: Cluster, progress: Progress, *, branches: int) -> None:
    """Fill a fresh database with a month of a nation, release it, and print what it took."""
    day = clock.now().today
    back = day.year * 12 + day.month - 1 - 2
    period = month(back // 12, back % 12 + 1)
    with fresh(cluster, Size(branches)) as database:
        with progress.step(f"Filling a month of {branches:,} branches"):
            _fill(database, period, branches)
        pupils = int(database.run_sql("select count(*) from pupil")[0])
        asyncio.run(_measured(database, period, branches, pupils))


def _fill(database: Filled, period: Period, branches: int) -> None:
    first, last = period.mondays
    weeks = (last - first).days // 7 + 1
    variables = {
        "branches": branches,
        "first_monday": first,
        "weeks": weeks,
        "first_day": period.first_day,
    }
    head = "".join(f"\\set {name} {value}\n" for name, value in variables.items())
    for path in sorted(_SQL.glob("*.sql")):
        database.run_sql(head + path.read_text(encoding="utf-8"))


async def _measured(database: Filled, period: Period, branches: int, pupils: int) -> None:
    key = base64.b64decode(database.cluster.secrets["CLAIMS_KEY"])
    vault.configure(b"the key of the bench, of no use elsewhere")
    urls = {login: database.url(f"schakel_{login}") for login in _LOGINS}
    pools = Database(urls, key, pool_size=2)
    try:
        actor = await job_actor(pools, Purpose.POLICY_STATISTICS)
        if actor is None:
            raise RuntimeError("the nation has no platform")
        steps, found = await _released(pools, actor, period)
        console = Console(width=110)
        _show_steps(console, steps, branches, pupils, found)
        await _look_up(pools, period, console)
        console.print(errors(found))
    finally:
        await pools.close()


async def _released(pools: Database, actor: Actor, period: Period) -> tuple[list[Timed], Proposed]:
    steps: list[Timed] = []

    def took(step: str, began: float) -> None:
        steps.append(Timed(step, time.monotonic() - began))

    began = time.monotonic()
    async with pools.acting(ask(actor), Login.JOBS) as session:
        await lock_due(session, actor, period=period, take=False)
    await take_tables(pools, actor, period)
    took("lock the branches, count and keep their exact tables", began)
    began = time.monotonic()
    async with pools.acting(ask(actor), Login.JOBS) as session:
        found = await inspect_period(session, actor, period=period, sample=0)
    took("(once more beside:) read the tables, merge, round, sum, check the sums", began)
    began = time.monotonic()
    async with pools.acting(ask(actor), Login.JOBS) as session:
        await release_period(session, actor, period=period, sample=SAMPLE)
    took(f"release: the same, {SAMPLE} unit attacked for each measure, written", began)
    return steps, found


def _show_steps(
    console: Console, steps: Sequence[Timed], branches: int, pupils: int, found: Proposed
) -> None:
    table = Table("step", "seconds", title=f"A month of {branches:,} branches, {pupils:,} pupils")
    for timed in steps:
        table.add_row(timed.step, f"{timed.seconds:.1f}")
    total = sum(timed.seconds for timed in steps if not timed.step.startswith("("))
    table.add_row(f"from roll-ups to a release (goal, of a nation: {GOAL_SECONDS})", f"{total:.1f}")
    console.print(table)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(
        f"{len(found.made.answers):,} answers about {len(found.made.units):,} units; peak memory of"
        f" the job {megabytes:,.0f} MB."
    )


async def _look_up(pools: Database, period: Period, console: Console) -> None:
    """Compare a look-up by what is asked with a read by the key of the row, in turns."""
    adviser = Actor(
        id=_key("adviser", 0), organisation=_key("office", 0), role=Role.ATTENDANCE_ADVISER,
        purpose=Purpose.PREVENTION_ADVICE, client="bench",
    )  # fmt: skip
    async with pools.reading(Login.AGGREGATE) as connection:
        await pools.claim(connection, ask(adviser))
        rows = await connection.execute(
            text(
                "select id, unit, measure, release_id from published where by = 'total' order by id"
            )
        )
        answers = rows.all()
        asked: dict[str, tuple[TextClause, Callable[[Any], dict[str, Any]]]] = {
            "by what is asked": (
                text(_BY_ANSWER),
                lambda row: {
                    "unit": row.unit, "measure": row.measure, "first_day": period.first_day
                },
            ),
            "by the key of the row": (text(_BY_KEY), lambda row: {"id": row.id}),
        }  # fmt: skip
        times: dict[str, list[float]] = {name: [] for name in asked}
        for at in range(_LOOK_UPS):
            row = answers[at % len(answers)]
            for name, (statement, values) in asked.items():
                times[name].append(await _timed(connection, statement, values(row)))
        pyramid = [
            await _timed(connection, text(_PYRAMID), {"release": answers[0].release_id})
            for _ in range(_LOOK_UPS // 10)
        ]
    by_answer, by_key = (statistics.median(each) * 1000 for each in times.values())
    console.print(
        f"A look-up as an adviser: {by_answer:.2f} ms by what is asked, {by_key:.2f} ms by the key"
        f" of the row: {by_answer / by_key:.2f} times (goal {GOAL_RATIO}). The pyramid of a"
        " municipality with its branches, in one statement:"
        f" {statistics.median(pyramid) * 1000:.2f} ms."
    )


async def _timed(
    connection: AsyncConnection, statement: TextClause, values: dict[str, Any]
) -> float:
    began = time.perf_counter()
    (await connection.execute(statement, values)).all()
    return time.perf_counter() - began


def _key(word: str, number: int) -> UUID:
    """Return the id that the SQL of the nation gives a word and a number."""
    return UUID(md5(f"{word}{number}".encode(), usedforsecurity=False).hexdigest())

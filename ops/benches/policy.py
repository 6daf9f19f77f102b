"""What the policy costs: the same reads with more and more of it, inside and over HTTP."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import orjson
import uvloop
from rich.console import Console
from rich.table import Table

import domain.ties
from ops.benches import inside, over_http
from ops.benches.filled import Filled
from ops.benches.measure import Measured, Step, measure
from ops.benches.reads import READS, Read, Target, targets
from ops.benches.where import Where, where
from ops.cluster import ClusterError
from ops.progress import Progress

domain.ties.load_all()

INSIDE, OVER_HTTP = "inside the database", "over HTTP"
WANTED_INSIDE, WANTED_OVER_HTTP = 0.3, 0.5
_GOAL_READ = "list"
_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Comparison:
    """One run on one database."""

    database: Filled
    progress: Progress
    rounds: int
    seconds: float
    targets: Sequence[Target]
    console: Console

    def measured(self, title: str, steps: Sequence[Step]) -> Measured:
        """Measure the steps of one read.

        Raises:
            ClusterError: the database is gone.
        """
        postmaster = self.database.cluster.pid()
        if postmaster is None:
            raise ClusterError("The database stopped while it was measured.")
        with self.progress.step(title, self.rounds * len(steps)) as shown:
            return uvloop.run(
                measure(
                    steps,
                    self.targets,
                    postmaster=postmaster,
                    rounds=self.rounds,
                    seconds=self.seconds,
                    advance=shown.advance,
                )
            )


def compare(
    database: Filled, progress: Progress, *, rounds: int, seconds: float
) -> dict[tuple[str, str], Measured]:
    """Measure every read; print a table for each way in, and whether the goals are met.

    Returns:
        What was measured, by the name of the read and the way in.
    """
    results: dict[tuple[str, str], Measured] = {}
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    run = Comparison(database, progress, rounds, seconds, targets(database), console)
    uvloop.run(_same_answers(database, run.targets[0]))
    for read in READS:
        steps = inside.steps(database, read)
        found = results[read.name, INSIDE] = run.measured(f"{read.title}, {INSIDE}", steps)
        _show(run, read, INSIDE, found)
        _show_where(run, uvloop.run(where(database, read, run.targets)))
    with over_http.servers(database) as running:
        tokens = over_http.tokens_of(database, run.targets, running[over_http.SERVICE].port)
        for read in READS:
            steps = over_http.steps(running, tokens, read)
            found = results[read.name, OVER_HTTP] = run.measured(
                f"{read.title}, {OVER_HTTP}", steps
            )
            _show(run, read, OVER_HTTP, found)
    database.forget_reads()
    return results


async def _same_answers(database: Filled, target: Target) -> None:
    """Make sure that all steps inside give the same answer, or their ratio says nothing.

    Raises:
        ClusterError: a step answers something else than the bare statement.
    """
    for read in READS:
        floor: object = None
        for step in inside.steps(database, read)[:-1]:
            async with step.open() as ask:
                answer = plain(orjson.loads(cast("str", await ask(target))))
            floor = answer if floor is None else floor
            if answer != floor or not answer:
                raise ClusterError(f"{read.title}: '{step.name}' answers something else.")


def plain(value: Any, *limits: int) -> Any:  # noqa: ANN401 - JSON
    """Return rows as an answer shows them: without keysets and the row beyond the page."""
    if isinstance(value, list):
        rows = cast("list[dict[str, Any]]", value)
        if rows and "/" in rows[0]:
            first, *rest = limits or (len(rows),)
            return {"nodes": [plain(row["nodes"], *rest) for row in rows[:first]]}
        return [plain(row, *limits) for row in rows]
    if isinstance(value, dict):
        parts = cast("dict[str, Any]", value)
        return {key: plain(part, *limits) for key, part in parts.items()}
    return value


def _show(run: Comparison, read: Read, way: str, found: Measured) -> None:
    web, names = way == OVER_HTTP, list(found.samples)
    table = Table(title=f"{read.title}, {way}, {run.database.size.pupils:,} pupils")
    table.add_column("step")
    columns = ["requests/s", "of bare", "database CPU ms", "added"]
    columns += ["web server CPU ms", "added"] if web else []
    for column in columns:
        table.add_column(column, justify="right")
    before: dict[Callable[[str], float], float] = {}
    for name in names:
        cells = [f"{found.rate(name):,.0f}", f"{found.ratio(name, names[0]):.2f}"]
        for each in (found.database_each, found.web_each)[: 2 if web else 1]:
            value = each(name)
            cells += [f"{value:.3f}", f"{value - before.get(each, 0.0):+.3f}"]
            before[each] = value
        table.add_row(name, *cells)
    run.console.print(table)
    if read.name == _GOAL_READ:
        step = names[-1] if web else inside.DURABLE
        wanted = WANTED_OVER_HTTP if web else WANTED_INSIDE
        reached = found.ratio(step, names[0])
        verdict = "met" if reached >= wanted else f"missed by {wanted - reached:.2f}"
        run.console.print(
            f"Goal for {read.title} {way}: {wanted} of bare. Reached by '{step}': {reached:.2f},"
            f" {verdict}.\n"
        )


def _show_where(run: Comparison, found: Where) -> None:
    """Print where the time of the traced statement goes, on one connection by itself."""
    run.console.print(
        f"One by itself: planning {found.planning:.2f} ms (done anew in {found.planned_anew:.0%} of"
        f" the runs of a prepared statement), executing {found.executing:.2f} ms, of which:"
    )
    for name, function in sorted(found.functions.items()):
        run.console.print(f"  {name}: {function.calls:.0f} calls, {function.milliseconds:.3f} ms")
    run.console.print(f"and {found.log_bytes:,.0f} bytes of write-ahead log.\n")

"""Proofs that take minutes: policy, figures, kills at many points, the tour without each rule."""

from __future__ import annotations

import io
import logging
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from rich.console import Console

from ops import cluster as clusters
from ops.environment import development
from ops.folders import LASTING
from ops.progress import Progress
from ops.start import FAILURES
from permissions import decide
from permissions.table import TABLE
from permissions.vocabulary import Rule

_TEMPLATE = "demo"
_AT_ONCE = 2
_LONGEST_REASON = 60
_NOT_NOTICED = ""
_RELIED_ON = "select id, unnest(rules) from trace"


@click.group(
    epilog="Example: ops/prove durability --points 20",
    context_settings={"help_option_names": ["-h", "--help"]},
)
def main() -> None:
    """Prove what the tests show only a little of, because it takes minutes."""


@contextmanager
def _failing_plainly(progress: Progress) -> Generator[None]:
    try:
        yield
    except FAILURES as error:
        progress.say(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        progress.say("Stopped.")
        sys.exit(130)


# --- permissions --------------------------------------------------------------------------


@main.command(epilog="Example: ops/prove permissions --worlds 10000 --seed 7")
@click.option("--worlds", default=10_000, show_default=True, help="Random worlds to compare in.")
@click.option("--seed", type=int, help="Seed of the worlds.  [default: a new one, printed]")
@click.option("--mutants/--no-mutants", default=True, help="Whether to try changed policies too.")
def permissions(*, worlds: int, seed: int | None, mutants: bool) -> None:
    """Hold both layers against an evaluator that knows neither, and notice every change."""
    from tests.proof.run import prove

    progress = Progress()
    seed = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    progress.say(f"Seed {seed}: {worlds:,} worlds.")
    with _failing_plainly(progress):
        holds = prove(worlds, seed, progress.say, mutants=mutants)
    sys.exit(0 if holds else 1)


# --- crawl --------------------------------------------------------------------------------


@main.command(epilog="Example: ops/prove crawl --worlds 4 --seed 7")
@click.option("--worlds", default=4, show_default=True, help="Random worlds to crawl in.")
@click.option("--seed", type=int, help="Seed of the worlds.  [default: a new one, printed]")
def crawl(*, worlds: int, seed: int | None) -> None:
    """Walk every path of the API with everybody's token; exactly what is allowed comes back."""
    from tests.proof.run import prove_crawl

    progress = Progress()
    seed = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    progress.say(f"Seed {seed}: {worlds:,} worlds.")
    with _failing_plainly(progress):
        holds = prove_crawl(worlds, seed, progress.say)
    sys.exit(0 if holds else 1)


# --- aggregates ---------------------------------------------------------------------------


@main.command(epilog="Example: ops/prove aggregates --branches 2000 --seed 7")
@click.option("--branches", default=1500, show_default=True, help="Branches followed for a year.")
@click.option("--sample", default=24, show_default=True, help="Units that each attacker attacks.")
@click.option("--seed", type=int, help="Seed of the nation.  [default: a new one, printed]")
def aggregates(*, branches: int, sample: int, seed: int | None) -> None:
    """Attack the figures of a synthetic nation; nothing small may be proven of any of them."""
    from tests.domain.aggregates.proving import prove

    progress = Progress()
    seed = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    progress.say(f"Seed {seed}: a national month, and a year of {branches:,} branches.")
    with _failing_plainly(progress):
        holds = prove(seed, progress.say, branches=branches, sample=sample)
    sys.exit(0 if holds else 1)


# --- durability ---------------------------------------------------------------------------


@main.command(epilog="Example: ops/prove durability --points 20 --seed 7")
@click.option("--points", default=20, show_default=True, help="Kills of each of the two.")
@click.option("--seed", type=int, help="Seed of the points.  [default: a new one, printed]")
def durability(*, points: int, seed: int | None) -> None:
    """Kill the API and PostgreSQL at seeded points of imports and acts; nothing may be lost."""
    from tests.durability import judging, kills

    progress = Progress()
    seed = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    progress.say(f"Seed {seed}: {points} kills of each of {', '.join(kills.VICTIMS)}.")
    outcomes: list[judging.Outcome] = []
    with _failing_plainly(progress), ExitStack() as stack:
        with progress.step("Building a durable database with the world of the tests"):
            ground = stack.enter_context(kills.ground(pupils=90, stories=3))
        wanted = [p for v in kills.VICTIMS for p in kills.points_of(ground, v, points, seed)]
        with progress.step("Playing the afternoon undisturbed"):
            afternoon = kills.undisturbed(ground, wanted)
        with progress.step("Killing", len(wanted)) as step:
            for number, point in enumerate(wanted, 1):
                outcomes.append(kills.disturbed(ground, point, afternoon))
                progress.say(f"{number:3}/{len(wanted)} {outcomes[-1]}")
                step.advance()
    ends = Counter(outcome.end for outcome in outcomes)
    progress.say(f"The steps ended: {', '.join(f'{n} {end}' for end, n in sorted(ends.items()))}.")
    progress.say(
        f"Seed {seed}: points {len(outcomes)}, "
        f"acknowledged {sum(outcome.acknowledged for outcome in outcomes)}, "
        f"lost {sum(len(outcome.lost) for outcome in outcomes)}, "
        f"half done {sum(len(outcome.half_done) for outcome in outcomes)}, "
        f"changed by sending again {sum(len(outcome.differs) for outcome in outcomes)}."
    )
    sys.exit(0 if all(outcome.holds for outcome in outcomes) else 1)


# --- the tour without each of its rules ---------------------------------------------------


@main.command(epilog="Example: ops/prove tour --pupils 150")
@click.option("--pupils", default=150, show_default=True, help="Size of the demo that is copied.")
@click.option("--seed", default=1, show_default=True, help="Seed of the demo.")
def tour(*, pupils: int, seed: int) -> None:
    """Tell the tour without each rule that it uses, one at a time; each must be missed."""
    progress = Progress()
    with _failing_plainly(progress), _server() as cluster:
        _build(cluster, pupils, seed, progress)
        with progress.step("Telling the tour with every rule"):
            used = _used(cluster)
        progress.say(f"The tour uses {len(used)} of the {len(TABLE)} rules.")
        missed = _without_each(cluster.folder, used, progress)
    unnoticed = [rule_id for rule_id in used if missed[rule_id] == _NOT_NOTICED]
    for rule_id in unnoticed:
        progress.say(f"Unnoticed: {rule_id}")
    progress.say(
        f"Rules used {len(used)}, removal noticed {len(used) - len(unnoticed)}, "
        f"unnoticed {len(unnoticed)}."
    )
    sys.exit(1 if unnoticed else 0)


@contextmanager
def _server() -> Generator[clusters.Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="schakel-proof-", dir=LASTING))
    try:
        yield clusters.start(folder, durable=False)
    finally:
        clusters.remove(folder)
        shutil.rmtree(folder)


def _build(cluster: clusters.Cluster, pupils: int, seed: int, progress: Progress) -> None:
    """Build a demo region in a database that the tellings are copies of."""
    from api.settings import load
    from ops.demo.main import build
    from ops.directory import load as load_directory
    from ops.migrate import migrate
    from ops.tour.main import environment
    from ops.tour.stage import environment_of

    cluster.create_database(_TEMPLATE)
    with environment(environment_of(cluster.folder, cluster.urls(_TEMPLATE), 8000)):
        settings = load()
        migrate(cluster.url("schakel_migrate", _TEMPLATE), settings.claims_key.get_secret_value())
        load_directory(settings, progress)
        build(settings, pupils, seed, progress)


def _used(cluster: clusters.Cluster) -> list[str]:
    """Return the ids of the rules that an undisturbed tour relies on, by its traces.

    Raises:
        ClusterError: the tour does not hold even with every rule.
    """
    with _copied(cluster) as name:
        before = set(cluster.run_sql(_RELIED_ON, name))
        broken = _told(cluster, name)
        if broken:
            message = f"The tour does not hold with every rule: {broken}"
            raise clusters.ClusterError(message)
        found = set(cluster.run_sql(_RELIED_ON, name)) - before
    return sorted({line.partition("|")[2] for line in found})


def _without_each(folder: Path, used: Sequence[str], progress: Progress) -> dict[str, str]:
    """Tell the tour without each rule; return by rule at which claim it broke."""
    missed: dict[str, str] = {}
    # Each process takes rules out of its own table; nothing of the API's threads may be inherited.
    spawn = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(_AT_ONCE, mp_context=spawn, initializer=_be_quiet) as workers,
        progress.step("Telling it without each of them", len(used)) as step,
    ):
        running = {workers.submit(told_without, folder, rule_id): rule_id for rule_id in used}
        for done in as_completed(running):
            rule_id = running[done]
            missed[rule_id] = done.result()
            reason = missed[rule_id] or "NOT NOTICED"
            progress.say(f"{len(missed):3}/{len(used)} {rule_id}: {reason[:_LONGEST_REASON]}")
            step.advance()
    return missed


def _be_quiet() -> None:
    # The jobs of a tour without their rules complain, which is what is wanted.
    logging.disable(logging.CRITICAL)


def told_without(folder: Path, rule_id: str) -> str:
    """Tell the tour without one rule; return at what it broke, or nothing when it did not."""
    from domain.errors import Problem
    from domain.reading.run import planned

    cluster = clusters.attach(folder)
    rule = next(rule for rule in TABLE if rule.id == rule_id)
    planned.cache_clear()
    with _taken_away(rule), _copied(cluster) as name:
        try:
            return _told(cluster, name)
        except Problem as refused:
            return f"before it began: {refused.message}"


@contextmanager
def _taken_away(rule: Rule) -> Generator[None]:
    """Take a rule out of this process's table; others for the same key stay."""
    index = decide._INDEX  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - no rule is removable by design
    key = (rule.who, rule.purpose, rule.may, rule.what)
    before = index[key]
    index[key] = tuple(kept for kept in before if kept.id != rule.id)
    try:
        yield
    finally:
        index[key] = before


@contextmanager
def _copied(cluster: clusters.Cluster) -> Generator[str]:
    name = f"told_{os.getpid()}"
    cluster.create_from_template(name, _TEMPLATE)
    try:
        yield name
    finally:
        cluster.drop_database(name)


def _told(cluster: clusters.Cluster, name: str) -> str:
    """Tell the tour in a copy; return at which claim it broke, or nothing when it holds."""
    from api.settings import load
    from ops.tour.main import environment, tell
    from ops.tour.stage import free_port

    printed = io.StringIO()
    variables = development(cluster.folder, cluster.urls(name), free_port())
    with environment(variables):
        status = tell(load(), Console(file=printed, width=400, no_color=True))
    return "" if status == 0 else printed.getvalue().strip().splitlines()[-1]


if __name__ == "__main__":
    main(prog_name="ops/prove")

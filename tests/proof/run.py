"""The long proof: the mutants, the crawl, then many worlds on two cores."""

from __future__ import annotations

import asyncio
import multiprocessing
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter

from ops import cluster as clusters
from ops.folders import LASTING
from ops.migrate import migrate
from tests.proof.crawl_run import crawl_on
from tests.proof.crawled import Crawled
from tests.proof.ground import Ground, claims_key, ground
from tests.proof.mutants_of_policies import try_policies
from tests.proof.mutants_of_rules import try_rules
from tests.proof.toll import Toll
from tests.proof.trial import Tally, batch

AT_ONCE = 2
BATCH = 50
THOROUGH, THOROUGH_BATCH = 20, 20
"""Every so many batches, one is thorough, and smaller."""

OF_RULES, OF_POLICIES = range(6), range(14)
FURTHER_RULES, FURTHER_POLICIES = range(60, 140), range(60, 80)
"""Seeds of the worlds that mutants are tried in, and those that lived once more."""

ASKING = 3
"""How many people of each world ask: many worlds tell more than many people of one."""

CRAWLED = 2
"""In how many worlds the API is crawled too."""

Say = Callable[[str], None]


@contextmanager
def server() -> Iterator[clusters.Cluster]:
    """Start a server for the proof alone, with a migrated database for each process."""
    folder = Path(tempfile.mkdtemp(prefix="schakel-proof-", dir=LASTING))
    try:
        cluster = clusters.start(folder, durable=False)
        cluster.create_database("template_of_the_proof")
        migrate(cluster.url("schakel_migrate", "template_of_the_proof"), claims_key(cluster))
        for number in range(AT_ONCE):
            cluster.create_from_template(name_of(number), "template_of_the_proof")
        yield cluster
    finally:
        clusters.remove(folder)
        shutil.rmtree(folder)


def name_of(number: int) -> str:
    """Return the name of a process's database."""
    return f"proof_{number}"


class Worker:
    """A process's own loop and database."""

    here: Worker | None = None

    def __init__(self, folder: Path, number: int) -> None:
        """Open the connections."""
        self._stack = ExitStack()
        self._runner = self._stack.enter_context(asyncio.Runner())
        cluster = clusters.attach(folder)
        self._opening = ground(cluster, name_of(number))
        self.ground: Ground = self._runner.run(self._opening.__aenter__())

    def batch(self, seeds: list[int], *, thorough: bool) -> Tally:
        """Put a batch to the test."""
        asked = batch(self.ground, seeds, thorough=thorough, actors_each=ASKING)
        return self._runner.run(asked)


def begin(folder: Path, numbers: multiprocessing.Queue[int]) -> None:
    """Make this process a worker."""
    Worker.here = Worker(folder, numbers.get())


def work(seeds: list[int], *, thorough: bool) -> Tally:
    """Put a batch to the test in this process."""
    assert Worker.here is not None
    return Worker.here.batch(seeds, thorough=thorough)


def seeds_of(worlds: int, seed: int) -> list[list[int]]:
    """Return the seeds of the worlds, a list for each batch."""
    all_of_them = range(seed * 1_000_000, seed * 1_000_000 + worlds)
    batches: list[list[int]] = []
    while all_of_them:
        size = THOROUGH_BATCH if is_thorough(len(batches)) else BATCH
        batches.append(list(all_of_them[:size]))
        all_of_them = all_of_them[size:]
    return batches


def is_thorough(place: int) -> bool:
    """Return whether the batch in a place is thorough: the first, and then one in twenty."""
    return place % THOROUGH == 0


def try_worlds(folder: Path, worlds: int, seed: int, say: Say, enough: int = 0) -> Tally:
    """Put worlds to the test on both cores; stop at the first batch in which something differs."""
    spawn = multiprocessing.get_context("spawn")
    numbers: multiprocessing.Queue[int] = spawn.Queue()
    for number in range(AT_ONCE):
        numbers.put(number)
    tally = Tally()
    with ProcessPoolExecutor(
        AT_ONCE, mp_context=spawn, initializer=begin, initargs=(folder, numbers)
    ) as workers:
        running = [
            workers.submit(work, seeds, thorough=is_thorough(place))
            for place, seeds in enumerate(seeds_of(worlds, seed))
        ]
        for number, done in enumerate(as_completed(running), 1):
            tally.add(done.result())
            if number % 10 == 0:
                say(f"{tally.worlds:,} worlds, {tally.mismatches} mismatches")
            if tally.mismatches > enough:
                workers.shutdown(wait=True, cancel_futures=True)
                break
    return tally


def prove(worlds: int, seed: int, say: Say, *, mutants: bool = True) -> bool:
    """Run the whole proof and say what came of it; return whether it holds."""
    start = perf_counter()
    with server() as cluster:
        toll = try_mutants(cluster.folder, say) if mutants else Toll()
        crawled = crawl_worlds(cluster, CRAWLED, seed, say)
        tally = try_worlds(cluster.folder, worlds, seed, say)
        for difference in tally.differences[:3]:
            say(str(difference))
    cells = ", ".join(f"{what} {number:,}" for what, number in sorted(tally.cells.items()))
    say(f"Compared: {cells}; {tally.given:,} times something was given.")
    spent = ", ".join(f"{what} {seconds:.0f} s" for what, seconds in tally.seconds.items())
    say(f"Time by part, both cores: {spent}.")
    say(
        f"Seed {seed}: {tally.worlds:,} worlds, {tally.actors:,} actors, "
        f"{sum(tally.cells.values()):,} cells compared, {tally.mismatches} mismatches; "
        f"{perf_counter() - start:.0f} s."
    )
    say(f"Mutants: {toll}.")
    return tally.mismatches == 0 and crawled.holds and not toll.survivors


def crawl_worlds(cluster: clusters.Cluster, worlds: int, seed: int, say: Say) -> Crawled:
    """Walk every path of the API in the first of the worlds, on both cores."""
    first = seed * 1_000_000
    databases = [name_of(number) for number in range(AT_ONCE)]
    return crawl_on(cluster, databases, range(first, first + worlds), say)


def prove_crawl(worlds: int, seed: int, say: Say) -> bool:
    """Run the crawl alone; return whether exactly what is allowed came back."""
    with server() as cluster:
        return crawl_worlds(cluster, worlds, seed, say).holds


def try_mutants(folder: Path, say: Say) -> Toll:
    """Try every mutant on a fixed sample of worlds, and name those that nobody noticed."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(AT_ONCE, mp_context=spawn) as workers:
        of_rules = workers.submit(tried, folder, 0, rules=True)
        of_policies = workers.submit(tried, folder, 1, rules=False)
        toll = of_rules.result()
        toll.add(of_policies.result())
    for why, number in toll.reasons.most_common():
        say(f"Changes nothing ({number}): {why}")
    for name in toll.survivors:
        say(f"Survives: {name}")
    return toll


def tried(folder: Path, number: int, *, rules: bool) -> Toll:
    """Try the mutants of the rules, or of the policies, in a process and database of their own."""

    async def trying() -> Toll:
        async with ground(clusters.attach(folder), name_of(number)) as on:
            if rules:
                return await try_rules(on, OF_RULES, further=FURTHER_RULES)
            return await try_policies(on, OF_POLICIES, further=FURTHER_POLICIES)

    return asyncio.run(trying())

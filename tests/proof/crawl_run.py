"""The crawl on both cores, each with a database of its own and half of the personas."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import product
from pathlib import Path
from time import perf_counter

from ops import cluster as clusters
from permissions.vocabulary import Purpose, Role
from tests.conftest import TestDatabase
from tests.proof.crawl import crawl
from tests.proof.crawled import TOKENS, Crawled

Say = Callable[[str], None]


def crawl_on(
    cluster: clusters.Cluster, databases: Sequence[str], seeds: Sequence[int], say: Say
) -> Crawled:
    """Crawl worlds, one process for each database, and say what came of it."""
    start, result = perf_counter(), Crawled()
    # The tests' own modules are loaded anew; nothing of the caller's loop may be inherited.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(databases), mp_context=spawn) as workers:
        running = [
            workers.submit(part, cluster.folder, name, list(seeds), number, len(databases))
            for number, name in enumerate(databases)
        ]
        for done in as_completed(running):
            result.add(done.result())
    result.seconds = perf_counter() - start
    report(result, say)
    return result


def part(folder: Path, name: str, seeds: list[int], number: int, of: int) -> Crawled:
    """Crawl as one in so many of the kinds of personas, in this process."""
    logging.disable(logging.CRITICAL)
    kinds = sorted(product(Role, Purpose))
    # Tokens that are right and tokens that are amiss are each dealt out evenly.
    dealt = [k for k in kinds if k in TOKENS][number::of] + [k for k in kinds if k not in TOKENS][
        number::of
    ]
    made = TestDatabase(clusters.attach(folder), name)
    return asyncio.run(crawl(made, seeds, lambda _: None, kinds=dealt))


def report(result: Crawled, say: Say) -> None:
    """Say what a crawl came to: what differed first, with examples."""
    for example in result.examples[:3]:
        say(example)
    for what, number in (result.leaks + result.misses).most_common(10):
        say(f"Differs {number:,} times: {what}")
    for role, purpose in sorted(TOKENS - result.kinds):
        say(f"Nobody in these worlds asks as {role} for {purpose}.")
    say(f"Crawl: {result}; {result.seconds:.0f} s.")

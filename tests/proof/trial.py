"""One batch of worlds put to the test: written, asked by some of their people, and compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from tests.proof import actors, by_cedar, compiled, required, roots, store
from tests.proof.database import (
    Difference,
    cells,
    compare_reach,
    compare_rows,
    logins_of,
)
from tests.proof.evaluate import Seer
from tests.proof.ground import Ground
from tests.proof.labelled import DEEP
from tests.proof.tables_of_logins import TABLES
from tests.proof.worlds import neighbours

ACTORS = 12
"""How many people of each world ask."""

KEPT = 20


@dataclass
class Tally:
    """What was compared, what differed, and where the time went."""

    worlds: int = 0
    actors: int = 0
    given: int = 0
    cells: Counter[str] = field(default_factory=Counter[str])
    mismatches: int = 0
    differences: list[Difference] = field(default_factory=list[Difference])
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, other: Tally) -> None:
        """Take another tally into this one."""
        self.worlds += other.worlds
        self.actors += other.actors
        self.given += other.given
        self.cells += other.cells
        self.mismatches += other.mismatches
        self.differences = (self.differences + other.differences)[:KEPT]
        for part, spent in other.seconds.items():
            self.seconds[part] += spent

    def differ(self, found: Sequence[Difference]) -> None:
        """Keep differences."""
        self.mismatches += len(found)
        self.differences = (self.differences + list(found))[:KEPT]

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Count the time of a part."""
        start = perf_counter()
        yield
        self.seconds[what] += perf_counter() - start


async def batch(
    on: Ground, seeds: Sequence[int], *, thorough: bool = False, actors_each: int = ACTORS
) -> Tally:
    """Put a batch of worlds to the test; thorough: every cell, and every root as it is served."""
    tally = Tally(worlds=len(seeds))
    with tally.timed("making worlds"):
        worlds = neighbours(seeds)
    with tally.timed("writing them"):
        await store.empty(on.superuser)
        await store.write(on.superuser, worlds)
        await on.superuser.execute("analyze")
    with tally.timed("reading rows as they are"):
        rows = await compiled.rows_as_they_are(on.superuser)
        deep = await compiled.rows_as_they_are(on.superuser, DEEP) if thorough else None
    for world in worlds:
        for actor in actors.some(world, actors_each):
            tally.actors += 1
            me = Seer(world, actor)
            await reach(on, me, tally, every=thorough)
            await tables(on, me, tally)
            await views(on, me, rows, tally)
            decided_by_cedar(me, tally)
            if deep is not None:
                with tally.timed("both layers together"):
                    found, compared = await roots.compare_roots(on.asking, me, deep)
                    connection = await on.asking.claim(on.asking.login_of(me), me)
                    found += (await required.compare_facts(connection, me))[0]
                tally.differ(found)
                tally.cells["both layers together"] += compared
    return tally


async def reach(on: Ground, me: Seer, tally: Tally, *, every: bool) -> None:
    """Compare the reach functions."""
    actor = me.actor
    asked = cells() if every else cells(spoken_by=(actor.role, actor.purpose))
    with tally.timed("reach functions"):
        answers = await on.asking.reach(me, asked)
    with tally.timed("evaluating"):
        tally.differ(list(compare_reach(me, asked, answers)))
    tally.cells["reach functions"] += len(asked)
    tally.given += sum(map(len, answers))


async def tables(on: Ground, me: Seer, tally: Tally) -> None:
    """Compare the rows that row-level security shows, table by table."""
    for login in logins_of(me.actor):
        with tally.timed("row-level security"):
            answers = await on.asking.rows(me, login)
        with tally.timed("evaluating"):
            tally.differ(list(compare_rows(me, TABLES[login], answers)))
            total = sum(len(me.world.facts[table.kind]) for table in TABLES[login])
        tally.cells["rows under row-level security"] += total
        tally.given += sum(map(len, answers))


async def views(on: Ground, me: Seer, rows: compiled.Rows, tally: Tally) -> None:
    """Compare the compiled predicates and masks, view by view."""
    with tally.timed("compiled statements"):
        async with on.asking.speaking(on.superuser, me):
            found = await compiled.answers(on.superuser, me)
    with tally.timed("evaluating"):
        differences, compared = compiled.compare_views(me, rows, found)
    tally.differ(differences)
    tally.cells["fields of compiled rows"] += compared
    with tally.timed("facts behind acts"):
        async with on.asking.speaking(on.superuser, me):
            differences, compared = await required.compare_facts(on.superuser, me)
    tally.differ(differences)
    tally.cells["facts behind acts"] += compared
    tally.given += sum(map(len, found.values()))


def decided_by_cedar(me: Seer, tally: Tally) -> None:
    """Compare what the rendered policies decide when they are told which ties hold."""
    with tally.timed("Cedar"):
        differences, compared = by_cedar.compare(me)
    tally.differ(differences)
    tally.cells["decisions of Cedar"] += compared

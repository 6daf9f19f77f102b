"""The crawl: every path of the API with everybody's token, held against the evaluator's closure.

The service itself answers, through its own HTTP face with signed tokens, over worlds in which every
text is a canary. Nothing may come back that the evaluator does not allow, and all of that must.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from random import Random
from time import perf_counter
from typing import cast
from unittest.mock import patch
from uuid import UUID

from api.app import PLATFORM_ROLES
from domain import clock
from domain.clock import Moment
from domain.reach import Kind
from ops.environment import SUPERUSER
from permissions import budgets
from permissions.vocabulary import Actor, DataClass, Purpose, Role
from tests.conftest import TestDatabase
from tests.proof import actors, store
from tests.proof.canaries import write
from tests.proof.closure import Truth
from tests.proof.crawl_paths import walker
from tests.proof.crawled import TOKENS, Crawled
from tests.proof.crawler import Crawler, Extent
from tests.proof.evaluate import Seer
from tests.proof.facts import Organisation, World
from tests.proof.ground import connected
from tests.proof.worlds import neighbours
from tests.serving import served

ENOUGH = 100_000
"""More young persons than there are: the crawl is about rules, not about a day's budget."""

AMISS = 5
"""How many more of each world ask with a token that says what their facts do not."""

STRANGER = UUID(int=0x57A7E, version=4)
"""Somebody of whom no fact speaks."""

OFTEN = 20
"""After so many personas it is told how far it is."""

Say = Callable[[str], None]
Kinds = tuple[Role, Purpose]


async def crawl(
    made: TestDatabase,
    seeds: Sequence[int],
    say: Say,
    *,
    extent: Extent | None = None,
    kinds: Collection[Kinds] | None = None,
) -> Crawled:
    """Crawl worlds in a database of the tests: as one of each kind in each world, and as some more.

    Args:
        made: the database; what is in it is removed first.
        seeds: of the worlds, which lie in it together.
        say: is told how far it is.
        extent: how much is asked; everything if not given.
        kinds: of which roles and purposes somebody asks; everybody if not given.
    """
    start, worlds = perf_counter(), neighbours(seeds)
    extent = extent or Extent()
    async with served(made) as face:
        superuser = await connected(made.url(SUPERUSER))
        try:
            await store.empty(superuser)
            canaries = await write(superuser, worlds)
            await superuser.execute("analyze")
            await superuser.execute("set session_replication_role = replica")
            truth = await Truth.of(superuser)
            result = Crawled(canaries=len(canaries.places))
            crawler = Crawler(face, superuser, walker(), truth, canaries, worlds, extent, result)
            asking = [
                (place, world, actor)
                for place, (world, actor) in enumerate(personas(worlds))
                if kinds is None or (actor.role, actor.purpose) in kinds
            ]
            for number, (place, world, actor) in enumerate(asking, 1):
                with as_of(world.moment):
                    await crawler.walk(Seer(world, actor), place)
                if number % OFTEN == 0:
                    say(f"{number} of {len(asking)} personas: {result}")
        finally:
            await superuser.close()
    result.seconds = perf_counter() - start
    return result


@contextmanager
def as_of(moment: Moment) -> Iterator[None]:
    """Let the service answer as of a moment, and let nobody's day be full."""
    numbers = cast("dict[Role, int]", budgets.BUDGETS)
    with ExitStack() as stack:
        stack.enter_context(patch.object(clock, "now", lambda: moment))
        stack.enter_context(patch.dict(numbers, dict.fromkeys(numbers, ENOUGH)))
        stack.enter_context(patch.object(budgets, "IN_EMERGENCY", ENOUGH))
        yield


def personas(worlds: Sequence[World]) -> list[tuple[World, Actor]]:
    """Return who asks, kind by kind: in each world who reaches most, and some who are amiss.

    A token of a kind that nobody in these worlds has is a stranger's.
    """
    found: list[tuple[World, Actor]] = []
    for world in worlds:
        best: dict[tuple[Role, Purpose], tuple[int, Actor]] = {}
        everyone = [a for a in actors.everyone(world) if (a.role, a.purpose) in TOKENS]
        for actor in everyone:
            reached, kind = reach_of(Seer(world, actor)), (actor.role, actor.purpose)
            if kind not in best or reached > best[kind][0]:
                best[kind] = reached, actor
        found += ((world, actor) for _, actor in best.values())
        chance = Random(f"crawl {world.seed}")
        amiss = [actors.amiss(world, actor, chance) for actor in chance.sample(everyone, AMISS)]
        found += ((world, actor) for actor in amiss if actor.role not in PLATFORM_ROLES)
    kinds = {(actor.role, actor.purpose) for _, actor in found}
    somewhere = worlds[0][Organisation][0].id
    for kind in sorted(TOKENS - kinds):
        found.append((worlds[0], actors.actor(STRANGER, somewhere, *kind)))
    # One kind after another, for what a kind asks is compiled once.
    return sorted(found, key=lambda pair: (pair[1].role, pair[1].purpose))


def reach_of(me: Seer) -> int:
    """Return on how many objects an actor reads anything, counted per class."""
    return sum(len(me.reads(data_class, kind)) for data_class in DataClass for kind in Kind)

"""The feed under writers at once: every committed change once, each object's in its own order."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from domain.database import Database, Login
from domain.outbox import Change, How, Thing, announce
from permissions.vocabulary import DataClass
from tests.domain.cases.world import Chain
from tests.domain.changes.following import Follower, settled

pytestmark = pytest.mark.asyncio(loop_scope="session")

WRITERS, TURNS, OBJECTS = 6, 25, 8
ALONE = text("select pg_advisory_xact_lock(:key)")
EARLY = text("select pg_current_xact_id()")


class _Undone(Exception):  # noqa: N818 - it says what happens, and nothing is wrong
    """Leaves a transaction without a commit."""


class Writing:
    """Writers of changes to a few objects, and what they committed, in the order of each object."""

    def __init__(self, world: Chain, report: UUID, seed: int) -> None:
        """Take a report that every writer may announce."""
        self.world, self.report, self.chance = world, report, Random(seed)
        self.objects = [self.key() for _ in range(OBJECTS)]
        self.committed: dict[UUID, list[UUID]] = defaultdict(list)
        self.done = 0

    def key(self) -> UUID:
        """Return a key of this seed's."""
        return UUID(int=self.chance.getrandbits(128), version=4)

    async def pause(self) -> None:
        """Let others run, for nothing up to twenty milliseconds."""
        await asyncio.sleep(self.chance.choice((0, 0, 0.002, 0.02)))

    async def write(self) -> None:
        """Change objects again and again, sometimes for nothing."""
        for _ in range(TURNS):
            try:
                await self.turn(undo=self.chance.random() < 0.25)
            except _Undone:
                continue
        self.done += 1

    async def turn(self, *, undo: bool) -> None:
        """Change one to three objects in one transaction, each under its own lock.

        Some take their transaction's number long before the lock, so that the numbers say nothing
        of the order in which an object changed.
        """
        chosen = sorted(self.chance.sample(range(OBJECTS), self.chance.randint(1, 3)))
        told: list[tuple[UUID, UUID]] = []
        request = self.world.request(self.world.coordinator)
        try:
            async with self.world.database.acting(request, Login.APP) as session:
                if self.chance.random() < 0.5:
                    await session.execute(EARLY)
                await self.pause()
                for number in chosen:
                    await session.execute(ALONE, {"key": number})
                    await self.pause()
                    changed, tag = self.objects[number], self.key()
                    await announce(
                        session, [self.change(changed, tag)], controller_id=self.world.board
                    )
                    told.append((changed, tag))
                    self.committed[changed].append(tag)
                await self.pause()
                if undo:
                    raise _Undone  # noqa: TRY301 - leaving is what undoes
        except BaseException:
            for changed, tag in told:
                self.committed[changed].remove(tag)
            raise

    def change(self, changed: UUID, tag: UUID) -> Change:
        """Return a change of an object; the tag tells it from every other."""
        return Change(
            kind=Thing.REPORT,
            object_id=changed,
            former_id=tag,
            how=How.CHANGED,
            data_class=DataClass.REPORT_HEAD,
            young_person_id=self.world.young_person,
            report_id=self.report,
        )


async def follow(writing: Writing, database: Database, first: int) -> Follower:
    """Read pages while anybody writes, and on until nothing is left."""
    follower = Follower(database, writing.world.head, first=first)
    while writing.done < WRITERS:
        await follower.page(writing.world.moment())
    await follower.news(writing.world.moment(), of=writing.world.test_database)
    return follower


def tags(rows: list[dict[str, Any]]) -> list[tuple[UUID, UUID]]:
    """Return object and tag of what a reader was told, in its order, but for the first report."""
    return [
        (UUID(row["objectId"].rpartition("_")[2]), UUID(row["formerId"].rpartition("_")[2]))
        for row in rows
        if row["formerId"] is not None
    ]


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_committed_change_is_read_once_in_the_order_of_its_object(
    chain: Chain, seed: int
) -> None:
    """Late commits are not skipped, rollbacks not told, and no object's history runs backwards."""
    writing = Writing(chain, await chain.prepared(), seed)
    *_, small, large = await asyncio.gather(
        *(writing.write() for _ in range(WRITERS)),
        follow(writing, chain.database, 3),
        follow(writing, chain.database, 40),
    )
    assert small is not None
    assert large is not None
    read = tags(small.told)
    expected = {(changed, tag) for changed, order in writing.committed.items() for tag in order}
    assert len(expected) > WRITERS * TURNS
    assert len(read) == len(set(read))
    assert set(read) == expected
    for changed, order in writing.committed.items():
        assert [tag for of, tag in read if of == changed] == order
    assert tags(large.told) == read


async def test_what_is_under_way_holds_back_what_came_after_it(chain: Chain) -> None:
    """A reader gets nothing beyond a change that may still come, and then both in one order."""
    writing = Writing(chain, await chain.prepared(), 3)
    await settled(chain.test_database)
    follower = Follower(chain.database, chain.head)
    assert await follower.news(chain.moment()) == ["report created"]
    request = chain.request(chain.coordinator)
    slow, fast = (writing.change(writing.objects[0], writing.key()) for _ in range(2))
    async with chain.database.acting(request, Login.APP) as session:
        await announce(session, [slow], controller_id=chain.board)
        async with chain.database.acting(request, Login.APP) as other:
            await announce(other, [fast], controller_id=chain.board)
        assert await follower.news(chain.moment()) == []
    await follower.news(chain.moment(), of=chain.test_database)
    assert [tag for _, tag in tags(follower.told)] == [slow.former_id, fast.former_id]

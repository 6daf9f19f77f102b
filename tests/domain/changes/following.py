"""Somebody who follows the change feed, page after page."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from domain.changes.views import changes
from domain.clock import Moment
from domain.database import Database, Login, ask
from domain.reading import Asked, Page, Reader, Root, Selection
from permissions.vocabulary import Actor
from tests.conftest import TestDatabase

KEY = b"c" * 32
FIELDS = tuple(
    Selection(name, name)
    for name in ("kind", "change", "dataClass", "objectId", "formerId", "pupilId", "caseId", "at")
)


async def settled(database: TestDatabase) -> None:
    """Wait until all that was committed lies before the horizon.

    Transactions in other databases of the same server hold it back too.
    """
    waiting = (
        "select count(*) from outbox"
        " where position >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    )
    last = time.monotonic() + 30
    while await asyncio.to_thread(database.run_sql, waiting) != ["0"]:
        assert time.monotonic() < last, "a transaction goes on and on"
        await asyncio.sleep(0.02)


async def page_of(
    database: Database, actor: Actor, moment: Moment | None = None, **given: Any
) -> Page:
    """Read one page of the feed as an actor, with `first` and `after` where given."""
    arguments = tuple((name, f"p_{name}") for name in given)
    asked = Selection("list", "list", arguments, (Selection("nodes", "nodes", (), FIELDS),))
    values = {f"p_{name}": value for name, value in given.items()}
    async with database.reading(Login.APP) as connection:
        page = await Reader(database, KEY, ask(actor, moment=moment)).read(
            connection, Root(changes, paged=True), Asked(asked, values)
        )
    assert isinstance(page, Page)
    return page


@dataclass
class Follower:
    """An actor with the place up to which it has read; it keeps all that it was told."""

    database: Database
    actor: Actor
    first: int = 3
    after: str | None = None
    told: list[dict[str, Any]] = field(default_factory=list)

    async def page(self, moment: Moment | None = None) -> bool:
        """Read the next page; return whether more follows."""
        after = {} if self.after is None else {"after": self.after}
        page = await page_of(self.database, self.actor, moment, first=self.first, **after)
        self.told += [row["nodes"] for row in page.rows]
        self.after = page.end or self.after
        return page.has_next

    async def news(
        self, moment: Moment | None = None, *, of: TestDatabase | None = None
    ) -> list[str]:
        """Read to the end, once all is there; return kind and change of what is new."""
        if of is not None:
            await settled(of)
        known = len(self.told)
        while await self.page(moment):
            pass
        return [f"{row['kind']} {row['change']}" for row in self.told[known:]]


def key_of(public: str) -> str:
    """Return the key in an id, as the database writes it without strokes."""
    return public.rpartition("_")[2]

"""A world that changes while it lies in a database: every fact added or replaced in both."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import asyncpg

from domain import clock
from tests.proof import store
from tests.proof.facts import Fact, World
from tests.proof.tables import key_of

F = TypeVar("F", bound=Fact)


class Changing:
    """One world and the database it was written into, kept the same."""

    def __init__(self, superuser: asyncpg.Connection, world: World) -> None:
        """Take a world that lies in the database."""
        self._superuser = superuser
        self.world = world

    async def add(self, fact: F) -> F:
        """Add a fact to both."""
        self.world.add(fact)
        alone = World(self.world.seed, self.world.moment)
        alone.add(fact)
        await store.write(self._superuser, [alone])
        return fact

    async def change(self, fact: F, **values: Any) -> F:
        """Give columns of a fact other values in both."""
        new = replace(fact, **values)
        self.world.replace(fact, new)
        names = [f.name for f in fields(fact) if f.name in values]  # pyright: ignore[reportArgumentType]
        setting = ", ".join(f"{name} = ${n}" for n, name in enumerate(names, 2))
        first = next(iter(type(fact).__slots__))
        key = next(name for name in ("id", "absence_id", first) if hasattr(fact, name))
        async with self._superuser.transaction():
            await self._superuser.execute("set local session_replication_role = replica")
            done = await self._superuser.execute(
                f"update {fact.TABLE} set {setting} where {key} = $1",
                key_of(fact, key),
                *(values[name] for name in names),
            )
        assert done == "UPDATE 1", done
        return new

    def pass_time(self, by: timedelta) -> datetime:
        """Let time pass; a database knows the time from claims alone."""
        self.world.moment = clock.at(self.world.moment.instant + by)
        return self.world.moment.instant

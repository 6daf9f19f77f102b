"""Putting rows in and acting on them: what a world of a test is built with."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from domain import clock
from domain.clock import Moment
from domain.database import Ask, Database, Login, ask
from permissions.vocabulary import Actor, Purpose, Role
from tests.conftest import TestDatabase

BEGUN = datetime(2026, 3, 16, 9, tzinfo=UTC)
EARLIER = "2020-01-01T00:00:00Z"
NUMBERS = count(1)

Service = Callable[..., Awaitable[Any]]


def quoted(value: object) -> str:
    """Return a value as it is written in SQL."""
    if value is None:
        return "null"
    if isinstance(value, bool | int):
        return str(value).lower()
    text = json.dumps(value) if isinstance(value, dict | list) else str(value)
    return "'" + text.replace("'", "''") + "'"


@dataclass
class Acting:
    """A database, what is put into it, acts on it, and a clock that moves with every act."""

    test_database: TestDatabase
    database: Database
    sql: list[str] = field(default_factory=list)
    minutes: Iterator[int] = field(default_factory=lambda: count(0))

    def add(self, table: str, **values: object) -> UUID:
        """Keep a row to put in; an id is made when none is given."""
        row = {"id": uuid4(), **values}
        if "id" in values and values["id"] is None:
            del row["id"]
        columns, literals = ", ".join(row), ", ".join(quoted(value) for value in row.values())
        self.sql.append(f"insert into {table} ({columns}) values ({literals});")
        return row["id"] if isinstance(row.get("id"), UUID) else UUID(int=0)

    def put(self) -> None:
        """Put the kept rows in, all or nothing."""
        script = "begin;\n" + "\n".join(self.sql) + "\ncommit;"
        self.test_database.run_sql(script)
        self.sql.clear()

    def rows(self, sql: str) -> list[str]:
        """Look past the rules at what is there; a row's values are separated by `|`."""
        return self.test_database.run_sql(sql)

    def organisation(self, kind: str) -> UUID:
        """Add an organisation."""
        return self.add("organisation", kind=kind, name=f"The {kind}", recorded_at=EARLIER)

    def branch(self, organisation: UUID) -> UUID:
        """Add a branch of a school board, with a code no other has."""
        number = next(NUMBERS)
        letters = chr(65 + number // 26 % 26) + chr(65 + number % 26)
        return self.add(
            "school_branch",
            organisation_id=organisation,
            branch_code=f"{10 + number // 676:02d}{letters}00",
            name="The branch",
            sector="VO",
            municipality_code="9001",
            recorded_at=EARLIER,
        )

    def staff(
        self, organisation: UUID, role: Role, purpose: Purpose, branch: UUID | None = None
    ) -> Actor:
        """Add a member of staff with an assignment, and return the actor with a token for it."""
        person = self.add(
            "staff", controller_id=organisation, name=f"A {role}", recorded_at=EARLIER
        )
        self.add(
            "assignment",
            organisation_id=organisation,
            staff_id=person,
            role=role,
            branch_id=branch,
            valid_from=EARLIER,
        )
        return Actor(
            id=person, organisation=organisation, role=role, purpose=purpose, client="tests"
        )

    def moment(self) -> Moment:
        """Return an instant one minute after the one before."""
        return clock.at(BEGUN + timedelta(minutes=next(self.minutes)))

    def request(self, actor: Actor, at: Moment | None = None) -> Ask:
        """Return a request of an actor, by default a minute after the last one."""
        return ask(actor, moment=at or self.moment())

    async def act(
        self, actor: Actor, service: Service, *, at: Moment | None = None, **inputs: object
    ) -> UUID:
        """Do one act in a transaction of its own."""
        return await self.act_with(actor, service, inputs, at)

    async def act_with(
        self,
        actor: Actor,
        service: Service,
        inputs: Mapping[str, object],
        at: Moment | None = None,
    ) -> UUID:
        """Do one act in a transaction of its own, with its inputs as a mapping."""
        async with self.database.acting(self.request(actor, at), Login.APP) as session:
            return await service(session, actor, **inputs)

    async def overlapping(
        self,
        first: tuple[Actor, Service, Mapping[str, object]],
        second: tuple[Actor, Service, Mapping[str, object]],
    ) -> object:
        """Do two acts at once: the second begins before the first commits. Return what it met."""
        actor, service, inputs = first
        async with self.database.acting(self.request(actor), Login.APP) as session:
            await service(session, actor, **inputs)
            other = asyncio.create_task(self.act_with(*second))
            await asyncio.to_thread(self.until_someone_waits)
        return (await asyncio.gather(other, return_exceptions=True))[0]

    def until_someone_waits(self) -> None:
        """Return when a transaction waits for a lock; fail when after 20 seconds none does."""
        waiting = (
            "select count(*) from pg_stat_activity"
            " where datname = current_database() and wait_event_type = 'Lock'"
        )
        last = time.monotonic() + 20
        while self.rows(waiting) == ["0"]:
            assert time.monotonic() < last, "the second act never waited for the first"

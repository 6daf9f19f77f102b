"""The API as a process of its own on a filled world, and everything that is sent to it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from domain.database import Database
from ops.tour.stage import Person, Stage, free_port
from permissions.vocabulary import Actor
from tests.conftest import TestDatabase
from tests.durability.dump import rows_of
from tests.durability.keys import keys_put_back
from tests.durability.processes import Api, api_process
from tests.durability.script import stage_of
from tests.filled import pools_of
from tests.world import BRANCHES, World, build_world

CANARIES = ("Canarievogel", "999900018", "CANARY-7F3A", "3681QX", "canary@example.org")
"""A name, numbers and an address that are in what is sent, and may be in no log and no answer."""

FIRST = BRANCHES[0]
START = """mutation Start($input: StartImportInput!) { startImport(input: $input) {
  __typename ... on StartImportSuccess { uploadPath }
  ... on Problem { code message path } } }"""


@dataclass
class Desk:
    """What a test needs: the world, the process, a connection, tokens, a look past the rules."""

    database: TestDatabase
    world: World
    api: Api
    web: httpx.Client
    stage: Stage

    def headers(self, actor: Actor | None) -> dict[str, str]:
        """Return the headers with which an actor asks; none is anonymous."""
        if actor is None:
            return {}
        person = Person("", actor.role, actor.organisation, actor.id)
        return {"Authorization": f"Bearer {self.stage.token(person, actor.purpose)}"}

    def who(self, name: str) -> Actor:
        """Return an actor of the world."""
        return self.world.actors[name]

    @property
    def system(self) -> Actor:
        """The school's system that delivers for the first branch."""
        return self.who("school_system")

    def post(self, actor: Actor | None, query: str, **variables: Any) -> httpx.Response:
        """Post an operation."""
        body = {"query": query, "variables": variables}
        return self.web.post("/graphql", json=body, headers=self.headers(actor))

    def act(self, actor: Actor | None, query: str, **given: Any) -> dict[str, Any]:
        """Post a mutation with an input, and return the member of its union."""
        answer = self.post(actor, query, input=given)
        parsed = answer.json()
        assert answer.status_code == httpx.codes.OK, parsed
        assert "errors" not in parsed, parsed
        found: dict[str, Any] = next(iter(parsed["data"].values()))
        return found

    def announce(self, kind: str, *, branch: str = FIRST.code, dry_run: bool = False) -> str:
        """Announce a delivery and return the path to send it to."""
        branch_id = f"branch_{self.world.branches[branch].hex}"
        result = self.act(self.system, START, kind=kind, branchId=branch_id, dryRun=dry_run)
        path: str = result["uploadPath"]
        return path

    def put(
        self, path: str, file: bytes | Iterator[bytes], actor: Actor | None = None, **headers: str
    ) -> httpx.Response:
        """Send a file, as the school's system unless another actor is given."""
        asked = self.headers(actor or self.system)
        return self.web.put(path, content=file, headers={**asked, **headers})

    def deliver(self, kind: str, file: bytes, *, branch: str = FIRST.code) -> httpx.Response:
        """Announce and send a file."""
        return self.put(self.announce(kind, branch=branch), file)

    def contents(self) -> Counter[str]:
        """Return what is stored but receipts and what tells of them, reads and their lines."""
        return Counter(
            f"{name} {json.dumps(row, sort_keys=True)}"
            for name, row in rows_of(self.database)
            if name not in {"public.import_receipt", "public.sighting"}
            and (name, row.get("kind")) != ("public.outbox", "receipt")
        )

    def log(self) -> str:
        """Return what the process has written so far."""
        return self.api.log.read_text(encoding="utf-8")

    @contextmanager
    def nothing_stored(self) -> Iterator[None]:
        """Hold what is stored after the block against what was before it."""
        before = self.contents()
        yield
        assert self.contents() == before

    @contextmanager
    def nothing_stored_but_traces(self) -> Iterator[None]:
        """The same for a file that is taken in and says nothing new: its trace is all it leaves."""
        before = self.contents()
        yield
        new = self.contents() - before
        assert all(line.startswith("public.trace ") for line in new), new
        assert not before - self.contents()


_open: list[tuple[Desk, ExitStack]] = []
"""One desk per process, however many folders of tests use it."""
_users: list[object] = []


@contextmanager
def shared(new_database: Callable[[], TestDatabase], folder: Path) -> Iterator[Desk]:
    """Give this process's desk; the last to leave closes it."""
    if not _open:
        stack = ExitStack()
        _open.append((stack.enter_context(_desk(new_database(), folder)), stack))
    user = object()
    _users.append(user)
    try:
        yield _open[0][0]
    finally:
        _users.remove(user)
        if not _users:
            _open.pop()[1].close()


@contextmanager
def _desk(database: TestDatabase, folder: Path) -> Iterator[Desk]:
    async def fill() -> World:
        """Fill the database with pools of this loop's own."""
        pools: Database = pools_of(database)
        try:
            return await build_world(pools)
        finally:
            await pools.close()

    with keys_put_back():
        world = asyncio.run(fill())
    port = free_port()
    with (
        api_process(database.environment(port), port, folder / "api.log") as api,
        httpx.Client(base_url=api.url, timeout=60) as web,
    ):
        yield Desk(database, world, api, web, stage_of(database, port, web))

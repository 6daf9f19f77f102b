"""The whole chain behind the API: facts are made over GraphQL, and what they open is read there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from api import ids
from domain import clock
from domain.clock import Moment
from domain.notes import sealing
from domain.pupils import vault
from permissions.vocabulary import Actor
from tests.conftest import TestDatabase
from tests.domain.cases.whole_chain import WholeChain
from tests.filled import pools_of
from tests.serving import Face, served

YOUNG = "interval '14 years'"


class LivedChain(WholeChain):
    """The whole chain on the clock of the API: now."""

    def moment(self) -> Moment:
        """Return this instant."""
        return clock.now()


@dataclass
class Line:
    """The chain, and the API that its people ask."""

    chain: LivedChain
    face: Face

    async def act(self, actor: Actor | None, name: str, **given: Any) -> dict[str, Any]:
        """Do a mutation and return the member of its union."""
        kind = name[0].upper() + name[1:] + "Input"
        answer = await self.face.data(
            actor,
            f"mutation Act($input: {INPUTS.get(name, kind)}!) {{ {name}(input: $input) {{"
            " __typename ... on Problem { code message path } } }",
            input=given,
        )
        found: dict[str, Any] = answer[name]
        return found

    async def refused(self, actor: Actor | None, name: str, **given: Any) -> tuple[str, list[str]]:
        """Do a mutation that is refused; return the code and the path in its input of why."""
        result = await self.act(actor, name, **given)
        assert "code" in result, result
        assert result["path"][0] == "input"
        return result["code"], result["path"][1:]

    async def done(self, actor: Actor, name: str, **given: Any) -> None:
        """Do a mutation that succeeds."""
        result = await self.act(actor, name, **given)
        assert result["__typename"].endswith("Success"), result

    async def nodes(self, actor: Actor, root: str, fields: str) -> list[dict[str, Any]]:
        """Return the first page of a list."""
        data = await self.face.data(actor, f"{{ {root}(first: 10) {{ nodes {{ {fields} }} }} }}")
        found: list[dict[str, Any]] = data[root]["nodes"]
        return found

    @property
    def pupil(self) -> str:
        """The pupil's id."""
        return ids.encode("pupil", self.chain.pupil)

    @property
    def young_person(self) -> str:
        """The young person's id."""
        return ids.encode("youngperson", self.chain.young_person)


INPUTS = {
    "protectWhereabouts": "PupilInput",
    "endProtection": "PupilInput",
    "endOwnAccount": "PupilInput",
}
"""Mutations whose input is not named after them."""


def opaque(kind: str, key: UUID | int) -> str:
    """Return the id of a thing as the API writes it; a number makes one of nothing."""
    return ids.encode(kind, key if isinstance(key, UUID) else UUID(int=key))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared(
    new_database: Callable[[], TestDatabase],
) -> AsyncIterator[tuple[TestDatabase, Face]]:
    """A database for one module of tests, and the API on it."""
    before = (sealing._configured[:], vault._key[:])
    made = new_database()
    try:
        async with served(made) as face:
            yield made, face
    finally:
        sealing._configured[:], vault._key[:] = before


@pytest_asyncio.fixture(loop_scope="session")
async def line(
    shared: tuple[TestDatabase, Face], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Line]:
    """The chain of one test, and the API on its database."""
    made, face = shared
    monkeypatch.setattr(sealing, "_configured", sealing._configured[:])
    database = pools_of(made)
    chain = LivedChain(made, database)
    chain.settle()
    await asyncio.to_thread(chain.put)
    chain.rows(f"update pupil set birth_date = current_date - {YOUNG} where id = '{chain.pupil}'")
    try:
        yield Line(chain, face)
    finally:
        await database.close()

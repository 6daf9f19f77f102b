"""What the direct finisher answers is what graphql-core answers, byte for byte."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
    get_named_type,
    parse,
)

from api import context, ids
from api.direct import Finished
from domain.reading import Page, Reader
from domain.reading.cursor import Cursors
from permissions.vocabulary import Actor
from tests.api.roots.test_every_root import OTHERWISE, ROOTS, arguments, may, view_of
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio

OPERATIONS = Path(__file__).parents[3] / "frontend-contract" / "operations"
ROLES = (
    "coordinator",
    "mentor",
    "guardian",
    "officer",
    "officer_case",
    "adviser",
    "youth_care_worker",
    "administrator_institution",
    "school_system",
    "head",
    "adviser",
    "board_analyst",
)
ONE_TRACE = {"traceparent": f"00-{'4' * 32}-{'2' * 16}-01"}
"""So that both answers name a fault by the same reference."""

TRIES = 3


class Both:
    """Asks twice, once through each finisher, and counts what the direct one did."""

    def __init__(self, face: Face, patch: pytest.MonkeyPatch) -> None:
        self.face, self.patch = face, patch
        self.direct = self.left = 0
        self._finished = context.finished
        sealed: dict[str, str] = {}
        seal = Cursors.seal

        def seal_once(cursors: Cursors, keyset: list[Any], now: Any, **lifetime: Any) -> str:
            """Seal as always, but one place always alike: a nonce would tell the answers apart."""
            told = seal(cursors, keyset, now, **lifetime)
            return sealed.setdefault(f"{cursors._bound!r} {keyset}", told)

        patch.setattr(Cursors, "seal", seal_once)

    def counted(self, *given: Any) -> object:
        """Finish directly where that can be done."""
        value = self._finished(*given)
        self.direct += isinstance(value, Finished)
        self.left += not isinstance(value, Finished)
        return value

    async def ask(self, actor: Actor | None, query: str, variables: dict[str, Any]) -> Any:
        """Return the answer, which is the same both ways.

        Where the feed of changes ends moves with every transaction on the server, also of another
        worker's tests between the two, so answers that differ are asked for again.
        """
        answers: list[httpx.Response] = []
        for _ in range(TRIES):
            answers = [
                await self.by(finish, actor, query, variables)
                for finish in (self.counted, lambda _info, _asked, value: value)
            ]
            if answers[0].text == answers[1].text:
                break
        assert answers[0].status_code == answers[1].status_code
        assert answers[0].text == answers[1].text, query
        return answers[0].json()

    async def by(
        self, finish: Any, actor: Actor | None, query: str, variables: dict[str, Any]
    ) -> httpx.Response:
        """Return the answer of one finisher."""
        self.patch.setattr(context, "finished", finish)
        return await self.face.client.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers=self.face.headers(actor) | ONE_TRACE,
        )


@pytest.fixture
def both(face: Face, monkeypatch: pytest.MonkeyPatch) -> Both:
    """Both finishers of the API on the filled world."""
    return Both(face, monkeypatch)


def everything(graphql_type: Any, depth: int) -> str:
    """Return a selection of all fields down to a depth, cursors, aliases and fragments too."""
    named = get_named_type(graphql_type)
    if not isinstance(named, GraphQLObjectType):
        return ""
    parts: list[str] = []
    for name, field in named.fields.items():
        inner = get_named_type(field.type)
        if not isinstance(inner, GraphQLObjectType | GraphQLInterfaceType):
            parts.append(name)
        elif name == "edges":
            parts.append("edges { at: cursor of: node { __typename } }")
        elif depth > 0:
            pages = "(first: 2)" if "first" in field.args else ""
            parts.append(f"{name}{pages} {everything(inner, depth - 1)}")
    hidden = f"... on {named.name} @skip(if: $yes) {{ hidden: __typename }}"
    shown = f"... on {named.name} @include(if: $yes) {{ shown: __typename }}"
    return f"{{ {' '.join(parts)} {hidden if depth == 1 else ''} {shown if depth == 2 else ''} }}"


def things(world: World, query: str) -> dict[str, str]:
    """Return values for the variables that an operation of the contract requires."""
    person = ids.encode("youngperson", world.young_persons[0])
    thing = ids.encode("case" if "case(" in query else "pupil", _first(world, query))
    known = {
        "youngPerson": person,
        "id": thing,
        "unit": "branch:99WA00",
        "measure": "absence",
        "period": world.period.name,
        "branch": ids.encode("branch", world.branches["99WA00"]),
        "release": ids.encode("release", world.release_id),
        "format": "CSV",
    }
    return {name: value for name, value in known.items() if f"${name}:" in query}


def _first(world: World, query: str) -> Any:
    return world.case_id if "case(" in query else world.pupils[0]


async def test_operations_of_the_contract(both: Both, world: World) -> None:
    """Every published query is answered alike through both finishers, to several roles."""
    queries = [path.read_text(encoding="utf-8") for path in sorted(OPERATIONS.rglob("*.graphql"))]
    for query in queries:
        (operation,) = parse(query).definitions
        assert isinstance(operation, OperationDefinitionNode)
        if operation.operation is OperationType.QUERY:
            for role in ROLES:
                await both.ask(world.actors[role], query, things(world, query))
    assert both.direct > 10 * both.left


async def test_everything_of_every_root(both: Both, world: World) -> None:
    """All that a root field holds is answered alike, and no root of a view needs graphql-core."""
    for role in ROLES:
        for name, field in ROOTS.items():
            if name in OTHERWISE or not may(world.actors[role], view_of(field)[1]):
                continue
            given = arguments(world, name)
            query = (
                f"query($yes: Boolean!) {{ {name}{given} {everything(field.type, 2)}"
                f" again: {name}{given} {{ __typename }} }}"
            )
            answer = await both.ask(world.actors[role], query, {"yes": True})
            assert "errors" not in answer, answer
    assert both.direct > 0
    assert both.left == 0


async def test_strangers_and_anonymous(both: Both, world: World) -> None:
    """What is not for the asker is refused or absent alike, and so are other roots beside it."""
    pupil = ids.encode("pupil", world.pupils[0])
    query = (
        "query($id: ID!) { me { role } pupil(id: $id) { id } node(id: $id) { id }"
        " pupils(first: 1) { nodes { id access { tie withheld } } }"
        " transitionRegions { nodes { code } } }"
    )
    for actor in (None, world.strangers["mentor"], world.actors["mentor"]):
        await both.ask(actor, query, {"id": pupil})
    assert both.direct > 0


async def test_what_does_not_fit_its_type(both: Both, world: World) -> None:
    """A value that its type does not allow is left to graphql-core, which tells where it is."""
    read = Reader.read

    async def spoilt(*given: Any) -> Any:
        """Read as always, and lose a name that a pupil must have."""
        found = await read(*given)
        assert isinstance(found, Page)
        found.rows[0]["nodes"]["familyName"] = None
        return found

    both.patch.setattr(Reader, "read", spoilt)
    query = "{ pupils(first: 2) { nodes { familyName } } }"
    answer = await both.ask(world.actors["mentor"], query, {})
    assert answer["errors"][0]["path"] == ["pupils", "nodes", 0, "familyName"]
    assert (both.direct, both.left) == (0, 1)

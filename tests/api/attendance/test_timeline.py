"""The timeline of a pupil: exactly what the lists show that it is made of, by date."""

from __future__ import annotations

from typing import Any

import pytest

from api import ids
from api.app import PLATFORM_ROLES
from permissions.vocabulary import Actor
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio

QUERY = """query($id: ID!) { pupil(id: $id) {
  timeline(first: 100) { nodes { kind day code dataClass objectId } pageInfo { hasNextPage } }
  absences(first: 100) { nodes { id day category } }
  signals { id reachedOn kind dataClass }
  notices(first: 100) { nodes { id firstDay state dataClass } }
  leaveRequests(first: 100) { nodes { id firstDay state } }
  reports { id kind } } }"""
PAGES = """query($id: ID!, $after: String) { pupil(id: $id) {
  timeline(first: 3, after: $after) {
    nodes { objectId } pageInfo { hasNextPage endCursor } } } }"""


async def read(face: Face, actor: Actor, world: World, number: int) -> dict[str, Any] | None:
    """Return the timeline of a pupil and the lists it is made of."""
    data = await face.data(actor, QUERY, id=ids.encode("pupil", world.pupils[number]))
    found: dict[str, Any] | None = data["pupil"]
    return found


def expected(found: dict[str, Any]) -> set[tuple[str, str]]:
    """Return kind and id of what the lists show."""
    lists = {
        "absence": found["absences"]["nodes"],
        "signal": found["signals"],
        "absencenotice": found["notices"]["nodes"],
        "leaverequest": found["leaveRequests"]["nodes"],
        "report": found["reports"],
    }
    return {(kind, row["id"]) for kind, rows in lists.items() for row in rows}


async def test_it_shows_what_the_lists_show(face: Face, world: World) -> None:
    """For everyone the timeline holds each thing that a list shows, and nothing else."""
    kinds: set[str] = set()
    sizes: set[int] = set()
    for name, actor in world.actors.items():
        if actor.role in PLATFORM_ROLES:
            continue
        for number in (0, 1, 2):
            found = await read(face, actor, world, number)
            if found is None:
                continue
            entries = found["timeline"]["nodes"]
            assert {(e["kind"], e["objectId"]) for e in entries} == expected(found), name
            assert len(entries) == len(expected(found)), name
            assert not found["timeline"]["pageInfo"]["hasNextPage"]
            days = [entry["day"] for entry in entries]
            assert days == sorted(days, reverse=True)
            kinds |= {entry["kind"] for entry in entries}
            sizes.add(len(entries))
    assert kinds >= {"absence", "signal", "report"}
    assert len(sizes) > 1


async def test_hidden_entries_leave_no_gap(face: Face, world: World) -> None:
    """Pages are full for whoever sees less: what is hidden takes no place in them."""
    for name in ("coordinator", "head"):
        actor = world.actors[name]
        whole = await read(face, actor, world, 0)
        assert whole is not None
        seen: list[str] = []
        after: str | None = None
        while True:
            data = await face.data(
                actor, PAGES, id=ids.encode("pupil", world.pupils[0]), after=after
            )
            page = data["pupil"]["timeline"]
            seen += [entry["objectId"] for entry in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
            assert len(page["nodes"]) == 3
        assert seen == [entry["objectId"] for entry in whole["timeline"]["nodes"]]

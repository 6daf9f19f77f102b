"""What is presumed of an absence, over GraphQL: each code under the class of what it tells."""

from __future__ import annotations

from typing import Any

import pytest

from api import ids
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio

PRESUMED = """query($id: ID!) { pupil(id: $id) { absences(first: 100) { nodes {
  category reason { code } presumed { about code dataClass } } } } }"""


async def presumed_for(face: Face, world: World, who: str) -> list[dict[str, Any]]:
    """Return what an actor reads of what is presumed about the first pupil."""
    data = await face.data(world.actors[who], PRESUMED, id=ids.encode("pupil", world.pupils[0]))
    nodes = data["pupil"]["absences"]["nodes"]
    with_some = [node for node in nodes if node["presumed"]]
    assert all(node["category"] == "unauthorised" for node in with_some)
    assert all(node["reason"] is None for node in with_some)
    return [said for node in with_some for said in node["presumed"]]


async def test_each_code_under_its_class(face: Face, world: World) -> None:
    """Who reads that it was illness reads the presumed illness; the head reads the category."""
    category = {
        "about": "category",
        "code": "authorised",
        "dataClass": "attendance.authorised",
    }
    illness = {
        "about": "reason",
        "code": "ILLNESS",
        "dataClass": "attendance.reason.health.fact",
    }
    assert await presumed_for(face, world, "mentor") == [category, illness]
    assert await presumed_for(face, world, "head") == [category]

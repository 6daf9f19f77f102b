"""`asKnownAt` over GraphQL: before anything was known, after everything, and at the ends."""

import pytest

from api import ids
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio

NOW = """
query($id: ID!) {
  pupil(id: $id) {
    attendance { rate deliveredWeeks }
    absences(first: 50) { nodes { id category reason { code } } }
    signals { id }
  }
}
"""
THEN = """
query($id: ID!, $then: DateTime!) {
  pupil(id: $id) {
    attendance(asKnownAt: $then) { rate deliveredWeeks }
    absences(first: 50, asKnownAt: $then) { nodes { id category reason { code } } }
    signals(asKnownAt: $then) { id }
  }
}
"""
NOTHING = {
    "attendance": {"rate": None, "deliveredWeeks": 0},
    "absences": {"nodes": []},
    "signals": [],
}


@pytest.mark.parametrize(
    "then", ["2020-01-01T00:00:00Z", "2020-01-01T00:00:00", "0001-01-01T00:00:00+14:00"]
)
async def test_nothing_was_known_before_anything_was_delivered(
    face: Face, world: World, then: str
) -> None:
    """Long ago there was no mark, no week and no signal, with an offset and without one."""
    wanted = ids.encode("pupil", world.pupils[0])
    data = await face.data(world.actors["mentor"], THEN, id=wanted, then=then)
    assert data["pupil"] == NOTHING


@pytest.mark.parametrize("then", ["9999-12-31T00:00:00Z", "9999-12-31T23:59:59-14:00"])
async def test_everything_is_known_at_the_end(face: Face, world: World, then: str) -> None:
    """In a future without corrections the answer is that of now."""
    mentor = world.actors["mentor"]
    for pupil in world.pupils[:4]:
        wanted = ids.encode("pupil", pupil)
        now = await face.data(mentor, NOW, id=wanted)
        assert await face.data(mentor, THEN, id=wanted, then=then) == now


async def test_what_is_no_instant_is_refused(face: Face, world: World) -> None:
    """A word is not an instant: a refusal with a code, not a fault."""
    wanted = ids.encode("pupil", world.pupils[0])
    answer = await face.ask(world.actors["mentor"], THEN, id=wanted, then="yesterday")
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID_VARIABLES"]

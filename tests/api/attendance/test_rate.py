import pytest

from api import ids
from api.app import PLATFORM_ROLES
from domain.reading.run import planned
from permissions import decide
from permissions.vocabulary import Activity, DataClass, Purpose, Role
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio

QUERY = """
query($id: ID!) {
  pupil(id: $id) {
    attendance { rate unknownWeeks }
    absences(first: 50) { nodes { category minutes } }
    access { withheld }
  }
}
"""


async def test_the_rate_is_that_of_the_delivered_lines(face: Face, world: World) -> None:
    """Everyone who sees a rate sees the one that follows from the delivered lines alone."""
    seen = 0
    for actor in world.actors.values():
        if actor.role in PLATFORM_ROLES:
            continue
        for number, pupil in enumerate(world.pupils):
            data = await face.data(actor, QUERY, id=ids.encode("pupil", pupil))
            if data["pupil"] is not None and data["pupil"]["attendance"] is not None:
                rate = data["pupil"]["attendance"]["rate"]
                assert rate == pytest.approx(world.expected_rate(number), abs=1e-12)
                seen += 1
    assert seen > 20


async def test_without_the_class_there_is_no_rate(
    face: Face, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may see the marks and not the rate gets null: a rate is never made of visible marks."""
    key = (Role.MENTOR, Purpose.DAILY_GUIDANCE, Activity.READ, DataClass.ATTENDANCE_RATE)
    monkeypatch.delitem(decide._INDEX, key)
    planned.cache_clear()
    try:
        data = await face.data(
            world.actors["mentor"], QUERY, id=ids.encode("pupil", world.pupils[0])
        )
    finally:
        planned.cache_clear()
    assert data["pupil"]["attendance"] is None
    assert data["pupil"]["absences"]["nodes"]
    assert "attendance.rate" in data["pupil"]["access"]["withheld"]


async def test_a_rate_does_not_change_with_what_is_visible(
    face: Face, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taking authorised absence out of sight leaves the rate as it was."""
    mentor, wanted = world.actors["mentor"], ids.encode("pupil", world.pupils[0])
    whole = await face.data(mentor, QUERY, id=wanted)
    key = (Role.MENTOR, Purpose.DAILY_GUIDANCE, Activity.READ, DataClass.ATTENDANCE_AUTHORISED)
    monkeypatch.delitem(decide._INDEX, key)
    planned.cache_clear()
    try:
        part = await face.data(mentor, QUERY, id=wanted)
    finally:
        planned.cache_clear()
    fewer, more = (len(d["pupil"]["absences"]["nodes"]) for d in (part, whole))
    assert fewer < more
    assert part["pupil"]["attendance"] == whole["pupil"]["attendance"]

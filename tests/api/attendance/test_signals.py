"""Signals over GraphQL: who may know what they tell, and the marks they rest on."""

import pytest

from api import ids
from permissions.vocabulary import Actor
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio

QUERY = """
query($id: ID!) {
  pupil(id: $id) {
    signals {
      kind ruleSet dataClass amount unit actBy recordedAt
      marks(first: 50) { nodes { category reason { code } } }
    }
    access { withheld }
  }
}
"""
ILL = "attendance.reason.health.fact"
SICK = 1
"""A pupil who was reported ill for the fourth time."""
TRUANT = 0


async def asked(face: Face, actor: Actor, world: World, number: int) -> dict[str, object]:
    """Return the signals an actor sees of a pupil, by kind, and the withheld classes under ''."""
    data = await face.data(actor, QUERY, id=ids.encode("pupil", world.pupils[number]))
    found = data["pupil"]
    return {signal["kind"]: signal for signal in found["signals"]} | {"": found["access"]}


@pytest.mark.parametrize("who", ["mentor", "coordinator"])
async def test_illness_is_told_to_who_may_know_it(face: Face, world: World, who: str) -> None:
    """Mentor and coordinator see the fourth sick report, with the days of illness it rests on."""
    found = await asked(face, world.actors[who], world, SICK)
    signal = found["FOURTH_SICK_REPORT"]
    assert isinstance(signal, dict)
    assert (signal["dataClass"], signal["ruleSet"], signal["amount"]) == (ILL, "mazl", 4)
    assert [mark["reason"] for mark in signal["marks"]["nodes"]] == [{"code": "ILLNESS"}] * 4


async def test_who_may_not_know_illness_sees_no_signal_of_it(face: Face, world: World) -> None:
    """The head sees the signals of the law and no trace of illness, and is told so."""
    found = await asked(face, world.actors["head"], world, SICK)
    assert "FOURTH_SICK_REPORT" not in found
    access = found[""]
    assert isinstance(access, dict)
    assert ILL in access["withheld"]


async def test_marks_are_read_under_their_own_classes(face: Face, world: World) -> None:
    """The head sees the marks of a signal of all absence, and not that one of them was illness."""
    found = await asked(face, world.actors["head"], world, TRUANT)
    signal = found["CHRONIC_ABSENCE"]
    assert isinstance(signal, dict)
    codes = [mark["reason"] and mark["reason"]["code"] for mark in signal["marks"]["nodes"]]
    assert "TRUANCY" in codes
    assert None in codes
    assert not {"ILLNESS", "BELIEF", "MEDICAL_APPOINTMENT"} & set(codes)


async def test_a_signal_of_illness_is_never_reported(face: Face, world: World) -> None:
    """Preparing a report from it is refused in words, and no report is made."""
    signal = world.other_signals[SICK, "FOURTH_SICK_REPORT"]
    answer = await face.data(
        world.actors["coordinator"],
        "mutation($input: PrepareReportInput!) { prepareReport(input: $input) {"
        " __typename ... on ValidationProblem { message path } } }",
        input={"signalId": ids.encode("signal", signal)},
    )
    assert answer["prepareReport"]["__typename"] == "ValidationProblem"
    assert answer["prepareReport"]["message"].startswith("No law asks for a report")

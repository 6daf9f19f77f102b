import pytest

from api import ids
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio

QUALITY = """query($branch: ID!, $from: Date, $until: Date) {
  dataQuality(branchId: $branch, from: $from, until: $until) {
    score firstWeek lastWeek definitions toBeConfirmed explanation { nl en }
    parts { code score numerator denominator says { en } doesNotSay { nl } }
    weeks { monday pupils submitted inTime absences corrections patterns }
    months { month score }
  }
}"""

NONE = "branch_" + "0" * 32
"""An id of no branch."""


def asked(world: World, branch: str = "99WA00") -> dict[str, str]:
    """Return the variables that ask for a branch's delivered weeks."""
    mondays = world.year.mondays
    return {
        "branch": ids.encode("branch", world.branches[branch]),
        "from": mondays[0].isoformat(),
        "until": mondays[-1].isoformat(),
    }


@pytest.mark.parametrize("who", ["coordinator", "head"])
async def test_the_school_sees_the_weeks_behind_its_score(
    face: Face, world: World, who: str
) -> None:
    """Coordinator and head see score, parts and weeks: all five weeks were delivered."""
    found = (await face.data(world.actors[who], QUALITY, **asked(world)))["dataQuality"]
    assert 0 < found["score"] <= 100
    assert [week["monday"] for week in found["weeks"]] == [
        monday.isoformat() for monday in world.year.mondays
    ]
    parts = {part["code"]: part for part in found["parts"]}
    assert (parts["completeness"]["numerator"], parts["completeness"]["denominator"]) == (5, 5)
    assert {week["pupils"] for week in found["weeks"]} == {12}
    delivered = sum(entry.pupil.startswith("99WA00") for entry in world.missed)
    assert sum(week["absences"] for week in found["weeks"]) == delivered
    assert found["months"] is None


async def test_the_score_tells_no_masked_reason_from_a_missing_one(
    face: Face, world: World
) -> None:
    """Known reasons are counted of unauthorised absence alone, of which none is withheld."""
    found = (await face.data(world.actors["head"], QUALITY, **asked(world)))["dataQuality"]
    (part,) = (part for part in found["parts"] if part["code"] == "reasons")
    reasons = [
        entry.reason
        for entry in world.missed
        if entry.pupil.startswith("99WA00") and entry.category == "unauthorised"
    ]
    known = sum(code not in {None, "UNKNOWN"} for code in reasons)
    assert (part["numerator"], part["denominator"]) == (known, len(reasons))
    assert len(reasons) < sum(week["absences"] for week in found["weeks"])


@pytest.mark.parametrize("who", ["board_analyst", "adviser", "analyst"])
async def test_a_mandate_sees_the_score_alone(face: Face, world: World, who: str) -> None:
    """Whoever holds a mandate sees the scores of closed months, and nothing behind them."""
    variables = asked(world) | {"from": world.month.isoformat()}
    found = (await face.data(world.actors[who], QUALITY, **variables))["dataQuality"]
    assert found["parts"] is None
    assert found["weeks"] is None
    assert found["months"][-1]["month"] == world.month.isoformat()
    assert found["score"] == found["months"][-1]["score"]
    assert 0 < found["score"] <= 100


async def test_everybody_else_gets_nothing(face: Face, world: World) -> None:
    """A stranger in the same role, other roles and other things are answered alike: null."""
    for name in ("mentor", "guardian", "officer", "support_coordinator", "school_system"):
        answer = await face.data(world.actors[name], QUALITY, **asked(world))
        assert answer == {"dataQuality": None}, name
    for name in ("coordinator", "head", "adviser", "analyst"):
        answer = await face.data(world.strangers[name], QUALITY, **asked(world))
        assert answer == {"dataQuality": None}, name
    for wrong in ("branch_" + "0" * 32, "pupil_x", ""):
        variables = asked(world) | {"branch": wrong}
        answer = await face.data(world.actors["head"], QUALITY, **variables)
        assert answer == {"dataQuality": None}


async def test_a_small_branch_is_not_published(face: Face, world: World) -> None:
    """A branch under ten pupils has no score for anybody but itself."""
    variables = asked(world, "99WA01") | {"from": world.month.isoformat()}
    found = (await face.data(world.actors["board_analyst"], QUALITY, **variables))["dataQuality"]
    assert found["score"] is None
    assert {month["score"] for month in found["months"]} == {None}


async def test_a_period_that_cannot_be(face: Face, world: World) -> None:
    """A period turned round is refused with what to do."""
    variables = asked(world)
    turned = variables | {"from": variables["until"], "until": variables["from"]}
    answer = await face.ask(world.actors["head"], QUALITY, **turned)
    assert answer["errors"][0]["extensions"]["code"]


@pytest.mark.parametrize("name", ["from", "until"])
@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"])
async def test_a_day_of_no_known_year(face: Face, world: World, name: str, day: str) -> None:
    """A day far off is refused alike to who may ask, who may not, and of a branch that is none."""
    wanted = {"branch": ids.encode("branch", world.branches["99WA00"]), name: day}
    for who, branch in (("head", wanted["branch"]), ("mentor", wanted["branch"]), ("head", NONE)):
        answer = await face.ask(world.actors[who], QUALITY, **wanted | {"branch": branch})
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "BAD_REQUEST"

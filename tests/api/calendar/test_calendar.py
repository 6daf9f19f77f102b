import pytest

from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio

CALENDAR = """query($year: Int!, $region: HolidayRegion!) {
  teachingCalendar(schoolYear: $year, region: $region) {
    schoolYear region firstDay lastDay teachingWeeks freeDays { day name { nl } }
    holidays { code name { nl en } firstDay lastDay fixed source toBeConfirmed }
  }
}"""


async def test_anyone_reads_the_calendar(face: Face, world: World) -> None:
    """Without a token the calendar of a school year answers, with what is advice and its source."""
    found = (await face.data(None, CALENDAR, year=2025, region="SOUTH"))["teachingCalendar"]
    assert (found["firstDay"], found["lastDay"], found["region"]) == (
        "2025-08-18", "2026-07-10", "SOUTH",
    )  # fmt: skip
    autumn = found["holidays"][0]
    assert (autumn["name"]["nl"], autumn["fixed"]) == ("herfstvakantie", False)
    assert all(holiday["source"] for holiday in found["holidays"])
    assert "2025-10-13" not in found["teachingWeeks"]


async def test_an_unknown_year_is_null(face: Face, world: World) -> None:
    """A school year that the reference data does not have is null, not an error."""
    assert (await face.data(None, CALENDAR, year=1999, region="NORTH"))["teachingCalendar"] is None


async def test_a_branch_has_the_region_of_its_municipality(face: Face, world: World) -> None:
    """A branch tells the holiday region that follows from where it stands."""
    query = "{ branches { nodes { municipalityCode holidayRegion } } }"
    nodes = (await face.data(None, query))["branches"]["nodes"]
    assert nodes
    assert {node["holidayRegion"] for node in nodes} == {"CENTRAL"}

"""Subtracting units from each other: siblings, overlaps, coalitions, and several tokens."""

from __future__ import annotations

import pytest

from api import ids
from tests.attack.differencing.subtracting import (
    BYS,
    differences,
    places,
    proven,
    put_back,
    seen,
    true_of,
)
from tests.publishing.asking import FIGURES, period
from tests.publishing.fixtures import Region
from tests.publishing.land import SCHOOLS

pytestmark = pytest.mark.asyncio(loop_scope="session")

COALITIONS = {
    "siblings from a total": ("adviser",),
    "overlapping boards and municipalities": ("analyst_first", "analyst_second", "adviser"),
    "an alliance across municipalities": ("alliance_analyst", "adviser", "other_adviser"),
    "a program and the analyst of its board": ("client_first", "analyst_first"),
    "everyone": (
        "inspector", "policy_maker", "adviser", "other_adviser", "alliance_analyst",
        "analyst_first", "analyst_second", "analyst_third", "client_first",
    ),
}  # fmt: skip
MEASURES = ("absence", "absence_kinds", "reports")


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("who", COALITIONS.values(), ids=COALITIONS)
async def test_nothing_can_be_subtracted(
    region: Region, who: tuple[str, ...], measure: str
) -> None:
    """No count and no difference is one to four; on the exact tables the same ones would be."""
    found, about = await seen(region, who, measure)
    assert len(found) > 3
    tried = list(differences(found, about))
    assert len(tried) > 100
    assert proven(tried) == []
    lying = places(region.land)
    true = true_of(region.published[period(region)].exact, measure, region.land)
    exposed = proven(differences({unit: true[unit] for unit in found}, lying))
    assert exposed, "the attack would find nothing even if nothing were rounded"


async def test_words_hide_no_small_count(region: Region) -> None:
    """What is shown as words can be put back from what adds up to it, and is 0 or at least five."""
    found, about = await seen(region, COALITIONS["everyone"])
    hidden = [
        (unit, column) for unit, columns in found.items() for column in columns
        if columns[column] is None
    ]  # fmt: skip
    assert hidden
    known = put_back(found, about)
    told = [known[unit][column] for unit, column in hidden if known[unit][column] is not None]
    assert all(count == 0 or count >= 5 for count in told if count is not None)


async def test_all_schools_of_a_municipality_but_one(region: Region) -> None:
    """The others know their exact counts; the total gives them the published row of the last."""
    month = period(region)
    exact = region.published[month].exact["absence"]
    found, about = await seen(region, ("adviser",))
    known = put_back(found, about)
    inside = {
        own: unit
        for unit, own in about.items()
        if unit.startswith("branch:") and own <= about["municipality:9901"]
    }
    proven_exactly = 0
    for own, unit in inside.items():
        others = [each for each in inside.values() if each != unit]
        for column, whole in known["municipality:9901"].items():
            if column[0] != "TOTAL" or whole is None:
                continue
            # Each knows what it is and what was published of it, so it knows its own rounding.
            parts = [known[each].get(column) for each in others]
            if None in parts:
                continue
            left = whole - sum(filter(None, parts))
            assert left == 0 or left >= 5, (unit, column)
        for category in ("5_10", "10_20", "20_50", "50_plus"):
            true = sum(
                number for code in own for key, number in exact[code].items() if key[0] == category
            )
            proven_exactly += true in range(1, 5)
    assert proven_exactly, "with exact totals they would know the last one's small counts"


async def test_a_school_knows_no_other_from_its_own_figures(region: Region) -> None:
    """The exact figures that a head reads are of its own branch, whichever branch is named."""
    query = (
        "query($branch: ID!, $period: String!) { exactFigures(branchId: $branch, period: $period)"
        " { nodes { measure total { category amount } } pageInfo { hasNextPage } } }"
    )
    for school in SCHOOLS:
        for who in ("head_99LB00", "analyst_second", "adviser", "officer"):
            data = await region.face.data(
                region.land.actors[who],
                query,
                branch=ids.encode("branch", region.land.branches[school.code]),
                period=period(region),
            )
            own = who == "head_99LB00" and school.code == "99LB00"
            assert bool(data["exactFigures"]["nodes"]) == own
            assert data["exactFigures"]["pageInfo"]["hasNextPage"] is False


async def test_two_tokens_of_one_office_never_meet(region: Region) -> None:
    """As adviser somebody reads figures and no person; as officer of the same office no figure."""
    adviser, officer = region.land.actors["adviser"], region.land.actors["officer"]
    assert adviser.id == officer.id
    persons = (
        "{ pupils(first: 5) { nodes { id } } reports(first: 5) { nodes { id } }"
        " cases(first: 5) { nodes { id } } ownPeriods { nodes { id } } }"
    )
    data = await region.face.data(adviser, persons)
    assert all(page["nodes"] == [] for page in data.values())
    for unit in places(region.land):
        for by in BYS:
            data = await region.face.data(
                officer, FIGURES, unit=unit, measure="absence", period=period(region), by=by
            )
            assert data == {"figures": None}


async def test_a_program_sees_no_more_than_the_analyst(region: Region) -> None:
    """What a reporting client reads is what the analyst of its board reads, to the letter."""
    program, _ = await seen(region, ("client_first",))
    analyst, _ = await seen(region, ("analyst_first",))
    assert program
    assert all(analyst[unit] == columns for unit, columns in program.items())

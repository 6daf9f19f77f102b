"""Looking up what was published: one answer for everyone, and nothing for who may not see it."""

from __future__ import annotations

import pytest

from domain.aggregates.figures import MOST_CHILDREN
from tests.publishing.asking import (
    COMPARE,
    FIGURES,
    MONTH,
    NEXT,
    PYRAMID,
    YEAR,
    compare,
    counts,
    figures,
    period,
    pyramid,
    statements,
)
from tests.publishing.fixtures import Region
from tests.publishing.land import SCHOOLS

pytestmark = pytest.mark.asyncio(loop_scope="session")

UNITS = (
    "branch:99LA00", "branch:99LB00", "branch:99LA02", "branch:99LC03", "board:first",
    "board:second", "municipality:9901", "municipality:9902", "alliance:VO9901", "region:99",
    "national:NL",
)  # fmt: skip
SEES = {
    "analyst_first": {
        "branch:99LA00", "branch:99LA02", "board:first", "municipality:9901", "municipality:9902",
        "region:99", "national:NL",
    },
    "client_first": {"branch:99LA00", "branch:99LA02", "board:first"},
    "adviser": {
        "branch:99LA00", "branch:99LB00", "municipality:9901", "region:99", "national:NL",
    },
    "other_adviser": {"branch:99LA02", "municipality:9902", "region:99", "national:NL"},
    "alliance_analyst": {
        "branch:99LC03", "municipality:9901", "municipality:9902", "alliance:VO9901", "region:99",
        "national:NL",
    },
    "inspector": set(UNITS),
    "policy_maker": {"region:99", "national:NL"},
    "officer": set(),
    "head_99LA00": set(),
}  # fmt: skip
"""Whose figures each role reads, as `permissions/rules/figures.py` has it."""


def named(region: Region, unit: str) -> str:
    """Return the unit with a board's key in the place of its name."""
    level, _, name = unit.partition(":")
    return region.land.unit(name) if level == "board" else unit


async def test_a_published_answer_comes_whole(region: Region) -> None:
    """Counts, words, shares, bounds, guidance, explanation and the release it is part of."""
    found = await figures(region, "adviser", "municipality:9901")
    assert found["unitName"] == "Municipality 9901"
    assert (found["by"], found["periodKind"], found["vintage"]) == ("TOTAL", "MONTH", 1)
    assert found["units"] == 5
    (row,) = found["rows"]
    parts = {part["part"]: part for part in row["parts"]}
    assert parts["total"]["count"] == sum(s.pupils for s in SCHOOLS if s.municipality == "9901")
    assert parts["below_10"]["count"] + parts["above_10"]["count"] == parts["known"]["count"]
    assert parts["below_10"]["low"] < parts["below_10"]["count"] < parts["below_10"]["high"]
    assert parts["below_10"]["share"] == pytest.approx(
        parts["below_10"]["count"] / parts["known"]["count"], abs=0.001
    )
    assert parts["total"]["noShare"]["nl"].startswith("Geen aandeel")
    assert found["guidance"]["code"] == "GROUP_ABSENCE"
    assert len(found["guidance"]["misreadings"]) >= 2
    assert found["explanation"]["nl"].startswith(
        "Kleine aantallen zijn afgerond op 0 of ongeveer 5; totalen tellen op."
    )
    release = region.published[period(region)].release
    assert found["release"]["id"] == f"release_{release.hex}"
    assert len(found["release"]["digest"]) == 64
    assert found["access"] == {"tie": "MANDATE", "withheld": []}


async def test_everyone_reads_the_same_row(region: Region) -> None:
    """An adviser, an analyst, an inspector and a ministry get the same answer but for why."""
    answers = []
    for who in ("adviser", "analyst_first", "inspector", "policy_maker"):
        found = await figures(region, who, "region:99")
        assert found.pop("access")["tie"] in {"MANDATE", "COMPARISON"}
        answers.append(found)
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("who", SEES)
async def test_who_sees_what(region: Region, who: str) -> None:
    """Each role reads the units that its rules name, and of every other an answer of nothing."""
    for unit in UNITS:
        found = await figures(region, who, named(region, unit))
        assert (found is not None) == (unit in SEES[who]), unit


async def test_hidden_and_absent_answer_alike(region: Region) -> None:
    """A unit of others, a unit that is not there, and no unit at all: the same bytes."""
    adviser = region.land.actors["adviser"]
    months = [period(region), "2001-01", "2025-2026-autumn"]
    asked = [
        ("branch:99LA02", "absence", months[0]),
        ("branch:00XX00", "absence", months[0]),
        ("municipality", "absence", months[0]),
        ("", "absence", months[0]),
        ("municipality:9901", "absence", months[1]),
        ("municipality:9901", "absence", months[2]),
        ("municipality:9901", "tardiness", months[0]),
        ("municipality:9901' or true --", "absence", months[0]),
    ]
    for query in (FIGURES, COMPARE):
        answers = set()
        for unit, measure, month in asked:
            answer = await region.face.client.post(
                "/graphql",
                json={
                    "query": query,
                    "variables": {"unit": unit, "measure": measure, "period": month},
                },
                headers=region.face.headers(adviser),
            )
            answers.add((answer.status_code, str(answer.json())))
        assert len(answers) == 1


@pytest.mark.parametrize("name", ["october", "2026-13", "2026-2028", "2026-2027-summer", ""])
async def test_a_period_that_is_none_says_how_to_name_one(region: Region, name: str) -> None:
    """A mistake in the name of a period is answered with the names that there are."""
    answer = await region.face.ask(
        region.land.actors["adviser"], PYRAMID, unit="municipality:9901", period=name
    )
    (error,) = answer["errors"]
    assert "2026-2027-autumn" in error["message"]
    assert error["extensions"]["code"] != "INTERNAL"


async def test_small_counts_are_words(region: Region) -> None:
    """Under fifty pupils there is no share, and 0 and 5 are read as what they stand for."""
    forms: dict[str, str] = {}
    for school in SCHOOLS:
        if school.pupils >= 50:
            continue
        found = await figures(region, "inspector", f"branch:{school.code}")
        for part in found["rows"][0]["parts"]:
            assert part["share"] is None
            assert part["count"] == 0 or part["count"] >= 5
            forms[part["form"]] = part["text"]["nl"]
            if part["form"] == "under_five":
                assert (part["count"], part["low"], part["high"]) == (0, 0, 4)
    assert forms["under_five"] == "0\u20134"
    assert forms["about_five"] == "ongeveer 5"


async def test_a_branch_under_ten_is_counted_with_another(region: Region) -> None:
    """The school of seven pupils has the answer of both, and both say who is in it."""
    small = await figures(region, "inspector", "branch:99LC01")
    (other,) = set(small["members"]) - {"99LC01"}
    beside = await figures(region, "inspector", f"branch:{other}")
    assert small["rows"] == beside["rows"]
    assert small["members"] == beside["members"]
    assert small["coverage"]["publishedAs"] == other
    pupils = {school.code: school.pupils for school in SCHOOLS}
    assert counts(small)["total"] == pupils["99LC01"] + pupils[other]


async def test_a_branch_says_what_is_missing(region: Region) -> None:
    """Weeks that were not delivered are told beside the figures of a branch."""
    found = await figures(region, "adviser", "branch:99LB00")
    assert (found["coverage"]["weeks"], found["coverage"]["missingWeeks"]) == (4, 1)
    assert found["coverage"]["municipality"] == "9901"
    assert (await figures(region, "adviser", "municipality:9901"))["coverage"] is None


async def test_what_is_divided_where(region: Region) -> None:
    """A branch and a board are not divided by sex or year; a municipality and above are."""
    for by in ("SEX", "YEAR"):
        assert await figures(region, "inspector", "branch:99LB01", by=by) is None
        assert await figures(region, "inspector", region.land.unit("second"), by=by) is None
        for unit in ("region:99", "alliance:VO9901", "national:NL"):
            found = await figures(region, "inspector", unit, by=by)
            assert len(found["rows"]) > 1
            assert all(row["name"]["nl"] for row in found["rows"])
    found = await figures(region, "inspector", "municipality:9901", by="SEX")
    assert {row["label"] for row in found["rows"]} <= {"f", "m", "together"}


async def test_a_small_municipality_is_told_with_a_neighbour_by_year(region: Region) -> None:
    """One school in a municipality: nothing of a month; of a year together with another."""
    assert await figures(region, "inspector", "municipality:9903") is None
    found = await figures(region, "inspector", "municipality:9903", period=period(region, YEAR))
    assert len(found["members"]) > 1
    for code in found["members"]:
        beside = await figures(
            region, "inspector", f"municipality:{code}", period=period(region, YEAR)
        )
        assert beside["rows"] == found["rows"]


async def test_a_pyramid_with_all_schools_of_a_municipality(region: Region) -> None:
    """The adviser gets the municipality and each of its schools, in one statement."""
    with statements() as noted:
        found = await pyramid(region, "adviser", "municipality:9901")
    assert len([text for text in noted if "published" in text]) == 1
    assert {child["unit"] for child in found["children"]} == {
        f"branch:{school.code}" for school in SCHOOLS if school.municipality == "9901"
    }
    units = {tuple(child["members"]) or child["unit"]: child for child in found["children"]}
    total = sum(counts(child)["total"] or 0 for child in units.values())
    assert total == counts(found)["total"]
    assert {child["release"]["digest"] for child in found["children"]} == {
        (await figures(region, "adviser", "municipality:9901"))["release"]["digest"]
    }


async def test_children_are_those_that_one_may_see(region: Region) -> None:
    """A board sees its own schools in a municipality, a ministry the regions of the country."""
    found = await pyramid(region, "analyst_first", "municipality:9901")
    assert {child["unit"] for child in found["children"]} == {"branch:99LA00", "branch:99LA01"}
    found = await pyramid(region, "policy_maker", "national:NL", level="REGION")
    assert [child["unit"] for child in found["children"]] == ["region:99"]
    for level in ("BRANCH", "BOARD", "MUNICIPALITY", "ALLIANCE", "NATIONAL"):
        found = await pyramid(region, "policy_maker", "national:NL", level=level)
        assert found["children"] == []
    found = await pyramid(region, "inspector", "region:99", level="MUNICIPALITY")
    assert [child["unit"] for child in found["children"]] == [
        "municipality:9901", "municipality:9902",
    ]  # fmt: skip


async def test_children_are_finer_and_have_none(region: Region) -> None:
    """No list of coarser units or of the same, and none within a list: what one asks is bounded."""
    for level in ("REGION", "MUNICIPALITY", "BOARD", "NATIONAL", "ALLIANCE"):
        found = await pyramid(region, "adviser", "municipality:9901", level=level)
        assert found["children"] == []
    for inner in ("children { unit }", "... on PublishedFigures { children { unit } }"):
        query = f"""query($unit: String!, $period: String!) {{
          pyramid(unit: $unit, period: $period) {{ children {{ {inner} }} }}
        }}"""
        answer = await region.face.ask(
            region.land.actors["adviser"], query, unit="municipality:9901", period=period(region)
        )
        assert answer.get("data") is None
        assert answer["errors"]


async def test_a_list_of_children_costs_as_many_as_it_may_hold(region: Region) -> None:
    """Whatever is selected of them, they are priced at their limit."""
    query = """query($unit: String!, $period: String!) {
      pyramid(unit: $unit, period: $period) { children { unit } }
    }"""
    answer = await region.face.ask(
        region.land.actors["adviser"], query, unit="municipality:9901", period=period(region)
    )
    assert answer["extensions"]["cost"]["requested"] > MOST_CHILDREN


async def test_a_comparison_shows_what_a_unit_lies_in(region: Region) -> None:
    """A school beside its municipality, region and country, as far as the asker may see them."""
    with statements() as noted:
        found = await compare(region, "adviser", "branch:99LB00")
    assert len([text for text in noted if "published" in text]) == 1
    assert found["figures"]["unit"] == found["unit"] == "branch:99LB00"
    assert found["municipality"]["unit"] == "municipality:9901"
    assert found["municipality"]["access"]["tie"] == "MANDATE"
    assert found["region"] == {"unit": "region:99", "access": {"tie": "COMPARISON"}}
    assert found["country"] == {"unit": "national:NL", "access": {"tie": "COMPARISON"}}
    found = await compare(region, "adviser", "municipality:9901")
    assert found["municipality"] is None
    assert found["region"]["unit"] == "region:99"
    found = await compare(region, "client_first", "branch:99LA00")
    assert [found["municipality"], found["region"], found["country"]] == [None, None, None]
    found = await compare(region, "policy_maker", "national:NL")
    assert [found["municipality"], found["region"], found["country"]] == [None, None, None]


async def test_a_trend_tells_released_periods_up_to_the_one_asked(region: Region) -> None:
    """Months are beside months, oldest first, and none is later than the period asked for."""
    found = await compare(region, "adviser", "branch:99LB00", period=period(region, NEXT))
    assert [f"{each['firstDay']:.7}" for each in found["trend"]] == [
        period(region, MONTH), period(region, NEXT),
    ]  # fmt: skip
    found = await compare(region, "adviser", "branch:99LB00")
    assert [f"{each['firstDay']:.7}" for each in found["trend"]] == [period(region, MONTH)]


async def test_figures_are_read_from_publications_alone(region: Region) -> None:
    """No statement for figures names a table about persons, and the login may read none."""
    with statements() as noted:
        await figures(region, "adviser", "municipality:9901", by="SEX")
        await pyramid(region, "adviser", "municipality:9901")
        await compare(region, "adviser", "branch:99LB00")
    told = " ".join(noted)
    for table in ("pupil", "young_person", "absence", "enrolment", "branch_table", "report "):
        assert f" {table}" not in told
    held = region.made.run_sql(
        "select table_name from information_schema.role_table_grants where"
        " grantee = 'schakel_aggregate' and privilege_type = 'SELECT' and table_name in"
        " ('pupil', 'pupil_week', 'absence', 'enrolment', 'branch_table', 'young_person')"
    )
    assert held == []

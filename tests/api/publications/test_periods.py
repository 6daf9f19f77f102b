"""Publications, and the way of a period: who closes, who locks, and the school's exact figures."""

from __future__ import annotations

from typing import Any

import pytest

from api import ids
from domain.aggregates.rounding.shape import ABSENCE
from tests.publishing.asking import period, statements
from tests.publishing.fixtures import Region
from tests.publishing.land import SCHOOLS
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

PUBLICATIONS = """
query($kind: PeriodKind, $year: Int, $first: Int! = 10, $after: String) {
  publications(kind: $kind, schoolYear: $year, first: $first, after: $after) {
    nodes {
      id periodKind firstDay lastDay schoolYear vintage method ruleSet boundaries branches
      branchesMissing releasedAt digest
    }
    pageInfo { hasNextPage endCursor }
  }
}"""
EXACT = """
query($branch: ID!, $period: String!) {
  exactFigures(branchId: $branch, period: $period) {
    nodes {
      periodKind firstDay measure vintage takenAt notForPublication { nl en }
      total { category name { nl } amount }
      groups { years sexes pupils counts { category amount } }
    }
  }
}"""
PERIODS = """
query($period: String, $branch: String) {
  branchPeriods(period: $period, branchCode: $branch) {
    nodes {
      id branchCode periodKind firstDay lastDay score weeks missingWeeks closedAt lockedAt
      lockedByBoard takenAt lateWeeks
    }
  }
  ownPeriods(period: $period) { nodes { branchCode score missingWeeks lockedByBoard lateWeeks } }
}"""
CLOSE = """
mutation($branch: ID!, $period: String!, $key: String) {
  closePeriod(input: {branchId: $branch, period: $period, idempotencyKey: $key}) {
    __typename
    ... on ClosePeriodSuccess { period { id branchCode score weeks missingWeeks lockedAt } }
    ... on Problem { code message path }
  }
}"""
LOCK = """
mutation($id: ID!) {
  lockPeriod(input: {periodId: $id}) {
    __typename
    ... on LockPeriodSuccess { period { branchCode lockedAt lockedByBoard takenAt } }
    ... on Problem { code message path }
  }
}"""


async def test_publications_are_public_and_newest_first(region: Region) -> None:
    """Anyone reads what was published, when and how, by kind and by school year, in pages."""
    data = await region.face.data(None, PUBLICATIONS)
    found = data["publications"]["nodes"]
    assert [each["firstDay"] for each in found] == sorted(
        (each["firstDay"] for each in found), reverse=True
    )
    assert {each["periodKind"] for each in found} == {"MONTH", "SCHOOL_YEAR"}
    assert all(len(each["digest"]) == 64 and each["method"] for each in found)
    data = await region.face.data(None, PUBLICATIONS, kind="MONTH", first=1)
    (first,) = data["publications"]["nodes"]
    assert data["publications"]["pageInfo"]["hasNextPage"]
    year = first["schoolYear"]
    data = await region.face.data(
        None, PUBLICATIONS, kind="MONTH", first=1, year=year,
    )  # fmt: skip
    after = data["publications"]["pageInfo"]["endCursor"]
    data = await region.face.data(None, PUBLICATIONS, kind="MONTH", first=1, year=year, after=after)
    (second,) = data["publications"]["nodes"]
    assert (second["firstDay"], second["vintage"]) < (first["firstDay"], first["vintage"])
    data = await region.face.data(None, PUBLICATIONS, year=2001)
    assert data["publications"]["nodes"] == []


async def test_exact_figures_are_for_the_school_alone(region: Region) -> None:
    """The head reads exact counts, marked; other heads, boards and offices read none."""
    school = SCHOOLS[0]
    given = {
        "branch": ids.encode("branch", region.land.branches[school.code]),
        "period": period(region),
    }
    with statements() as noted:
        data = await region.face.data(region.land.actors[f"head_{school.code}"], EXACT, **given)
    assert len([text for text in noted if "branch_table" in text]) == 1
    (found,) = [e for e in data["exactFigures"]["nodes"] if e["measure"] == "absence"]
    assert found["notForPublication"]["nl"].startswith("Niet voor publicatie")
    exact = region.published[period(region)].exact["absence"][school.code]
    assert {count["category"]: count["amount"] for count in found["total"]} == {
        category: sum(number for key, number in exact.items() if key[0] == category)
        for category in ABSENCE.categories
    }
    assert sum(group["pupils"] for group in found["groups"]) == school.pupils
    assert {tuple(group["sexes"]) for group in found["groups"]} == {("f",), ("m",)}
    for who in ("head_99LA01", "head_99LB00", "analyst_first", "adviser", "officer", "inspector"):
        data = await region.face.data(region.land.actors[who], EXACT, **given)
        assert data["exactFigures"]["nodes"] == [], who
    head = region.land.actors[f"head_{school.code}"]
    for wrong in ("branch_" + "0" * 32, "release_" + "0" * 32, "", "branch_x"):
        data = await region.face.data(head, EXACT, **(given | {"branch": wrong}))
        assert data["exactFigures"]["nodes"] == []


async def test_reading_exact_figures_is_traced(region: Region) -> None:
    """Small counts point to persons: reading them is in the log; what was hidden was not read."""
    school, other = SCHOOLS[0], SCHOOLS[1]
    given = {
        "branch": ids.encode("branch", region.land.branches[school.code]),
        "period": period(region),
    }
    traces = (
        "select count(*), coalesce(max(act), ''), coalesce(max(data_classes::text), ''),"
        " coalesce(max(cardinality(young_persons)), 0) from trace where actor_id = '{}'"
    )
    found: dict[str, list[str]] = {}
    for code in (school.code, other.code):
        head = region.land.actors[f"head_{code}"]
        (before,) = region.made.run_sql(traces.format(head.id))
        await region.face.data(head, EXACT, **given)
        (after,) = region.made.run_sql(traces.format(head.id))
        found[code] = [before.split("|")[0], *after.split("|")]
    before, after, act, classes, persons = found[school.code]
    assert int(after) == int(before) + 1
    assert (act, classes, persons) == ("read", "{aggregate.branch.exact}", "0")
    assert found[other.code][0] == found[other.code][1]


@pytest.mark.parametrize(
    "asked",
    ["pageInfo { hasNextPage }", "nodes { id }", "nodes { measure } pageInfo { endCursor }"],
)
async def test_no_way_of_asking_for_exact_figures_goes_untraced(region: Region, asked: str) -> None:
    """That there is a next page is traced, and so is a page of one, whatever is selected of it."""
    school = SCHOOLS[0]
    head = region.land.actors[f"head_{school.code}"]
    branch = ids.encode("branch", region.land.branches[school.code])
    query = f'{{ exactFigures(branchId: "{branch}", period: "{period(region)}", first: 1)'
    count = f"select count(*) from trace where actor_id = '{head.id}'"
    (before,) = region.made.run_sql(count)
    data = await region.face.data(head, f"{query} {{ {asked} }} }}")
    assert data["exactFigures"]
    (after,) = region.made.run_sql(count)
    assert int(after) == int(before) + 1


async def test_the_state_of_periods_for_a_mandate_and_for_the_school(region: Region) -> None:
    """A mandate sees the periods of its branches, the school its own, and nobody the other's."""
    month = period(region)
    data = await region.face.data(region.land.actors["adviser"], PERIODS, period=month)
    assert {each["branchCode"] for each in data["branchPeriods"]["nodes"]} == {
        school.code for school in SCHOOLS if school.municipality == "9901"
    }
    assert data["ownPeriods"]["nodes"] == []
    assert all(len(each["missingWeeks"]) == 1 for each in data["branchPeriods"]["nodes"])
    data = await region.face.data(
        region.land.actors["adviser"], PERIODS, period=month, branch="99LA02"
    )
    assert data["branchPeriods"]["nodes"] == []
    data = await region.face.data(region.land.actors["head_99LA02"], PERIODS, period=month)
    assert [each["branchCode"] for each in data["ownPeriods"]["nodes"]] == ["99LA02"]
    assert data["branchPeriods"]["nodes"] == []


async def test_a_head_closes_and_the_board_locks(face: Face, world: World) -> None:
    """A closed period shows its score and gaps; locked once, it is refused the second time."""
    data = await face.data(world.actors["head"], PERIODS, period=world.period.name)
    assert [each["branchCode"] for each in data["ownPeriods"]["nodes"]] == ["99WA00"]
    data = await face.data(
        world.actors["board_analyst"], PERIODS, period=world.period.name, branch="99WA00"
    )
    (found,) = data["branchPeriods"]["nodes"]
    assert found["lockedByBoard"] is True
    data = await face.data(world.actors["board_analyst"], LOCK, id=found["id"])
    assert data["lockPeriod"]["__typename"] == "ConflictProblem"
    assert "locked already" in data["lockPeriod"]["message"]


async def test_closing_says_what_is_wrong_and_reveals_nothing(face: Face, world: World) -> None:
    """Closed already, not over, no period: told to the head. To others there is no such branch."""
    branch = ids.encode("branch", world.branches["99WA00"])
    for given, kind, path in (
        (world.period.name, "ConflictProblem", "period"),
        ("2100-01", "ValidationProblem", "period"),
        ("soon", "ValidationProblem", "period"),
    ):
        data = await face.data(world.actors["head"], CLOSE, branch=branch, period=given)
        assert data["closePeriod"]["__typename"] == kind
        assert data["closePeriod"]["path"] == ["input", path]
        assert data["closePeriod"]["message"]
    answers: list[Any] = []
    for who, named in (
        (world.strangers["head"], branch),
        (world.actors["head_of_other_branch"], branch),
        (world.actors["head"], "branch_" + "0" * 32),
        (world.actors["head"], "period_1"),
        (world.actors["coordinator"], branch),
        (world.actors["board_analyst"], branch),
        (world.actors["adviser"], branch),
        (world.actors["mentor"], branch),
    ):
        data = await face.data(who, CLOSE, branch=named, period=world.period.name)
        answers.append(data["closePeriod"])
    assert {each["__typename"] for each in answers} == {"NotFoundProblem"}
    assert all(each == answers[0] for each in answers)


async def test_locking_is_for_the_board(face: Face, world: World) -> None:
    """Another board, the office, the head: to each the period is not there."""
    named = ids.encode("branchPeriod", world.branch_period_id)
    absent = ids.encode("branchPeriod", world.case_id)
    answers: list[Any] = []
    for who, given in (
        (world.actors["head"], named),
        (world.actors["adviser"], named),
        (world.strangers["reporting_client"], named),
        (world.actors["board_analyst"], absent),
        (world.actors["board_analyst"], "ownPeriod_1"),
    ):
        data = await face.data(who, LOCK, id=given)
        answers.append(data["lockPeriod"])
    assert {each["__typename"] for each in answers} == {"NotFoundProblem"}
    assert all(each == answers[0] for each in answers)


async def test_closing_and_locking_end_to_end(region: Region) -> None:
    """The head closes once, also when it is sent again; the board locks; the office sees both."""
    school = SCHOOLS[0]
    year = int(period(region)[:4])
    given = {
        "branch": ids.encode("branch", region.land.branches[school.code]),
        "period": f"{year}-11",
        "key": "close-november",
    }
    head = region.land.actors[f"head_{school.code}"]
    for _ in range(2):
        data = await region.face.data(head, CLOSE, **given)
        assert data["closePeriod"]["__typename"] == "ClosePeriodSuccess", data
        assert data["closePeriod"]["period"]["branchCode"] == school.code
        assert data["closePeriod"]["period"]["lockedAt"] is None
    data = await region.face.data(region.land.actors["analyst_first"], PERIODS, period=f"{year}-11")
    (found,) = data["branchPeriods"]["nodes"]
    data = await region.face.data(region.land.actors["analyst_second"], LOCK, id=found["id"])
    assert data["lockPeriod"]["__typename"] == "NotFoundProblem"
    data = await region.face.data(region.land.actors["analyst_first"], LOCK, id=found["id"])
    assert data["lockPeriod"]["period"]["lockedByBoard"] is True
    data = await region.face.data(region.land.actors["adviser"], PERIODS, period=f"{year}-11")
    assert [each["lockedAt"] is None for each in data["branchPeriods"]["nodes"]] == [False]

"""Subtracting releases from each other, and what lists, filters and pages say of how many."""

from __future__ import annotations

import pytest
from graphql import GraphQLObjectType, get_named_type

from api.schema import make_schema
from domain.errors import Conflict
from tests.attack.differencing.subtracting import PROVEN, put_back, seen, true_of
from tests.publishing.asking import MONTH, NEXT, PYRAMID, figures, period
from tests.publishing.fixtures import Region
from tests.publishing.land import SCHOOLS, Exact
from tests.publishing.writing import release_again

pytestmark = pytest.mark.asyncio(loop_scope="session")

EVERYONE = ("inspector",)
"""One who sees every unit there is; that others see the same is tried in `test_space`."""
PUBLICATIONS = "{ publications(first: 50) { nodes { id vintage digest } } }"


def moved(exact: Exact, branch: str, pupils: int) -> Exact:
    """Return what is true after some pupils of a branch turn out to have missed more."""
    counts = dict(exact["absence"][branch])
    kinds = dict(exact["absence_kinds"][branch])
    left = pupils
    for (category, year, sex), number in list(counts.items()):
        if category == "0_5" and left:
            step = min(left, number)
            counts[category, year, sex] -= step
            after = ("20_50", year, sex)
            counts[after] = counts.get(after, 0) + step
            _miss_a_tenth(kinds, year, sex, step)
            left -= step
    assert left == 0
    changed = {"absence": counts, "absence_kinds": kinds}
    return dict(exact) | {name: dict(exact[name]) | {branch: own} for name, own in changed.items()}


def _miss_a_tenth(kinds: dict[tuple[str, str, str], int], year: str, sex: str, pupils: int) -> None:
    kinds["below_10", year, sex] -= pupils
    after = ("mostly_other", year, sex)
    kinds[after] = kinds.get(after, 0) + pupils


@pytest.mark.parametrize("pupils", [1, 4, 9])
async def test_a_small_correction_makes_no_second_release(
    region: Region, monkeypatch: pytest.MonkeyPatch, pupils: int
) -> None:
    """What a few pupils would change is refused: no vintage, no digest and no answer changes."""
    published = region.published[period(region)]
    before, _ = await seen(region, EVERYONE)
    listed = await region.face.data(None, PUBLICATIONS)
    corrected = moved(published.exact, "99LB01", pupils)
    with pytest.raises(Conflict, match="joins the next period"):
        await release_again(region.made, region.land, published.period, corrected, monkeypatch)
    assert await region.face.data(None, PUBLICATIONS) == listed
    assert (await seen(region, EVERYONE))[0] == before
    assert await figures(region, "inspector", "national:NL", vintage=2) is None
    old = true_of(published.exact, "absence", region.land)
    new = true_of(corrected, "absence", region.land)
    changes = {
        abs((new[unit].get(column) or 0) - (count or 0))
        for unit, columns in old.items()
        for column, count in columns.items()
    }
    assert changes & set(range(1, 10)), "on the exact tables two releases would tell it"


async def test_a_second_release_changes_by_ten_or_not_at_all(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much is corrected: it is refused, or no two vintages differ by one to nine."""
    published = region.published[period(region, NEXT)]
    month = period(region, NEXT)
    for pupils in (40, 120, 200):
        try:
            await release_again(
                region.made,
                region.land,
                published.period,
                moved(published.exact, "99LB01", pupils),
                monkeypatch,
            )
        except Conflict:
            continue
        break
    first, about = await seen(region, EVERYONE, period=month, vintage=1)
    newest, _ = await seen(region, EVERYONE, period=month)
    assert first
    old, new = put_back(first, about), put_back(newest, about)
    for unit, columns in old.items():
        for column, count in columns.items():
            other = new[unit].get(column, 0)
            if count is not None and other is not None:
                assert not 0 < abs(count - other) < 10, (unit, column)


async def test_no_dates_but_those_of_periods(region: Region) -> None:
    """No window can slide: nothing but a named period is looked up, and none that was not released.

    On the exact tables two windows a day apart would differ by the few pupils of that day.
    """
    fields = make_schema()._schema.query_type
    assert fields is not None
    for root in ("figures", "pyramid", "compare", "export"):
        assert not {
            "from",
            "until",
            "firstDay",
            "lastDay",
            "on",
            "where",
            "filter",
            "orderBy",
        } & set(fields.fields[root].args)
    year = int(period(region)[:4])
    for name in (f"{year}-09-15", f"{year}-W40", f"{year}-09..{year}-10", f"{year}-9"):
        answer = await region.face.ask(
            region.land.actors["adviser"], PYRAMID, unit="municipality:9901", period=name
        )
        assert answer["errors"][0]["message"].startswith("Name a period")
    for name in (f"{year}-{year + 1}-autumn", f"{year}-11", f"{year}-{year + 1}"):
        data = await region.face.data(
            region.land.actors["adviser"], PYRAMID, unit="municipality:9901", period=name
        )
        assert data == {"pyramid": None}


async def test_sums_of_months_lead_back_to_months_alone(region: Region) -> None:
    """The year so far of events is a sum of months; taking months out gives published counts."""
    months = [period(region, which) for which in (MONTH, NEXT)]
    each = [put_back(*await seen(region, EVERYONE, "reports", period=name)) for name in months]
    exposed = 0
    for unit, columns in each[0].items():
        for column, count in columns.items():
            other = each[1][unit].get(column)
            if count is None or other is None:
                continue
            for left in (count + other - count, count + other - other):
                assert left == 0 or left >= 5
    for name in months:
        true = true_of(region.published[name].exact, "reports", region.land)
        exposed += sum(count in PROVEN for row in true.values() for count in row.values())
    assert exposed


async def test_no_list_says_how_many_there_are(region: Region) -> None:
    """Pages tell whether more follows of what one may see, and no list has a total."""
    schema = make_schema()._schema
    for graphql_type in schema.type_map.values():
        if isinstance(graphql_type, GraphQLObjectType) and graphql_type.name.endswith("Connection"):
            assert set(graphql_type.fields) == {"nodes", "edges", "pageInfo"}
    page = get_named_type(schema.type_map["PageInfo"])
    assert isinstance(page, GraphQLObjectType)
    assert set(page.fields) == {"hasNextPage", "endCursor"}
    mine = sum(school.municipality == "9901" for school in SCHOOLS)
    query = (
        "query($n: Int!, $period: String!) { branchPeriods(first: $n, period: $period)"
        " { nodes { branchCode } pageInfo { hasNextPage } } }"
    )
    for size, more in ((mine - 1, True), (mine, False)):
        data = await region.face.data(
            region.land.actors["adviser"], query, n=size, period=period(region)
        )
        assert len(data["branchPeriods"]["nodes"]) == size
        assert data["branchPeriods"]["pageInfo"]["hasNextPage"] is more


async def test_the_directory_is_not_sorted_or_filtered_by_figures(region: Region) -> None:
    """The public lists of branches and municipalities take and give nothing of any figure."""
    schema = make_schema()._schema
    assert schema.query_type is not None
    words = {"pupils", "absence", "share", "score", "figures", "order", "sort", "measure"}
    for root in ("branches", "municipalities", "alliances", "transitionRegions", "organisations"):
        field = schema.query_type.fields.get(root)
        if field is None:
            continue
        node = get_named_type(get_named_type(field.type).fields["nodes"].type)
        for name in (*field.args, *node.fields):
            assert not any(word in name.lower() for word in words), f"{root}.{name}"
    query = "query($code: String) { branchPeriods(branchCode: $code) { nodes { id } } }"
    answers = [
        await region.face.data(region.land.actors["adviser"], query, code=code)
        for code in ("99LA02", "00XX00", "")
    ]
    assert answers[0] == answers[1] == answers[2]

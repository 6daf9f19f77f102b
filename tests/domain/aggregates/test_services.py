from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from domain.aggregates.services import close_month, next_month
from domain.database import Login, ask
from domain.errors import Invalid, NotFound
from domain.reference import codes
from tests.conftest import TestDatabase
from tests.filled import undone
from tests.world import BRANCHES, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCHEDULED = 1500


def expected(world: World) -> dict[tuple[str, str], tuple[int, dict[str, Decimal]]]:
    """Return the number of pupils and the measures of each unit, from the delivered lines."""
    mondays = [m for m in world.year.mondays if world.month <= m < next_month(world.month)]
    missed: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry in world.missed:
        if entry.day - timedelta(days=entry.day.weekday()) in mondays:
            category = codes.category(entry.category, entry.day)
            assert category is not None
            missed[entry.pupil][category.data_class] += entry.minutes
    members: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for branch in BRANCHES:
        pupils = [
            world.children[number].key for group in branch.groups.values() for number in group
        ]
        members["branch", branch.code] += pupils
        members["municipality", branch.municipality] += pupils
        members["alliance", f"{branch.sector}9901"] += pupils
    found: dict[tuple[str, str], tuple[int, dict[str, Decimal]]] = {}
    each = SCHEDULED * len(mondays)
    for unit, pupils in members.items():
        total = Decimal(each * len(pupils))
        authorised = sum(missed[pupil]["attendance.authorised"] for pupil in pupils)
        unauthorised = sum(missed[pupil]["attendance.unauthorised"] for pupil in pupils)
        often = sum(sum(missed[pupil].values()) * 10 >= each for pupil in pupils)
        measures = {
            "attendance_rate": 1 - (authorised + unauthorised) / total,
            "authorised_absence_rate": authorised / total,
            "unauthorised_absence_rate": unauthorised / total,
            "share_10_percent_absent": Decimal(often) / len(pupils),
        }
        rounded = {name: round(value, 4) for name, value in measures.items()}
        found[unit] = (len(pupils), rounded)
    return found


async def test_figures_are_those_of_the_delivered_lines(
    filled: tuple[TestDatabase, World],
) -> None:
    """Every unit's figures equal what is counted from the file; groups under ten are withheld."""
    made, world = filled
    rows = made.run_sql(
        "select level, unit_code, measure, coalesce(value::text, '-'), coalesce(pupils, 0),"
        f" withheld from figure where month = '{world.month}' and measure <> 'data_quality'"
    )
    units = expected(world)
    assert len([row for row in rows if row]) == len(units) * 4
    for row in filter(None, rows):
        level, code, measure, value, pupils, withheld = row.split("|")
        count, measures = units[level, code]
        if count < 10:
            assert (value, pupils, withheld) == ("-", "0", "t")
        else:
            assert (Decimal(value), int(pupils)) == (measures[measure], count)
            assert withheld == "f"


async def test_closing_again_changes_nothing(world: World) -> None:
    """A month can be closed again: the same rows, none added and none written anew."""
    job = world.actors["job_policy_statistics"]
    count = text("select count(*), sum(value), max(recorded_at) from figure")
    async with undone(world, job, Login.JOBS) as session:
        before = (await session.execute(count)).one()
        assert await close_month(session, job, month=world.month) == 0
        assert (await session.execute(count)).one() == before


async def test_a_month_that_is_not_over_is_refused(world: World) -> None:
    """The running month, and a day that is no first of a month, are refused."""
    job = world.actors["job_policy_statistics"]
    running = world.moment.today.replace(day=1)
    async with undone(world, job, Login.JOBS) as session:
        for month in (running, world.month + timedelta(days=1)):
            with pytest.raises(Invalid):
                await close_month(session, job, month=month)


async def test_only_the_job_closes_a_month(world: World) -> None:
    """For anybody else there is nothing to close."""
    everyone = {**world.strangers, **world.actors}
    everyone.pop("job_policy_statistics")
    for actor in everyone.values():
        async with undone(world, actor, Login.JOBS) as session:
            with pytest.raises(NotFound):
                await close_month(session, actor, month=world.month)


@pytest.mark.parametrize(
    ("where", "key", "units"),
    [
        ("actors", "adviser", {"branch:99WA00", "branch:99WA01", "municipality:9901"}),
        ("strangers", "adviser", {"branch:99WB00", "municipality:9902"}),
        ("actors", "analyst", {"branch:99WA00", "branch:99WA01", "alliance:VO9901"}),
        ("strangers", "analyst", {"branch:99WB00", "alliance:PO9901"}),
    ],
)
async def test_figures_are_seen_by_who_holds_the_mandate(
    world: World, where: str, key: str, units: set[str]
) -> None:
    """Row-level security alone shows an adviser and an analyst their own units."""
    actor = getattr(world, where)[key]
    async with world.database.acting(ask(actor), Login.AGGREGATE) as session:
        seen = await session.scalars(text("select distinct unit from figure"))
        assert set(seen) == units

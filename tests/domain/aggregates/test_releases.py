"""What a release holds, how it is made, and what it can never do."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from domain import clock
from domain.aggregates import making, releasing
from domain.aggregates.digests import digest_of
from domain.aggregates.gate.sums import Refusal
from domain.aggregates.made import Answer
from domain.aggregates.models import BranchTable, Published
from domain.aggregates.periods import GRACE, Period, month
from domain.aggregates.releasing import Refused
from domain.aggregates.services import inspect_period, lock_due, release_period
from domain.aggregates.tables import counts_in
from domain.database import Login, ask
from domain.errors import Conflict, Invalid, NotFound
from domain.reference import codes
from tests.conftest import TestDatabase
from tests.filled import undone
from tests.world import BRANCHES, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCHEDULED = 1500
BANDS = ((5, "0_5"), (10, "5_10"), (20, "10_20"), (50, "20_50"), (101, "50_plus"))
ALL = "select md5(string_agg(t::text, ',' order by t.id)) from {} t"
TABLES = ("branch_table", "release", "release_unit", "published")
FROZEN = ("branch_table", "release", "release_unit", "published")


def counted(world: World, branch: str) -> Counter[tuple[str, str]]:
    """Return the pupils of a branch by band and sex, from the delivered lines alone."""
    first, last = world.period.mondays
    mondays = [day for day in world.year.mondays if first <= day <= last]
    missed: Counter[str] = Counter()
    for entry in world.missed:
        if entry.day - timedelta(days=entry.day.weekday()) in mondays:
            assert codes.category(entry.category, entry.day) is not None
            missed[entry.pupil] += entry.minutes
    groups = next(each.groups for each in BRANCHES if each.code == branch)
    found: Counter[tuple[str, str]] = Counter()
    for number in (number for group in groups.values() for number in group):
        child = world.children[number]
        percent = 100 * missed[child.key] / (SCHEDULED * len(mondays))
        band = next(name for end, name in BANDS if percent < end)
        found[band, {1: "m", 2: "f"}[child.sex]] += 1
    return found


@pytest.mark.parametrize("branch", [each.code for each in BRANCHES])
async def test_exact_tables_are_counted_from_the_delivered_lines(world: World, branch: str) -> None:
    """Each branch's pupils by band and sex are those that a file of its lines gives."""
    job = world.actors["job_policy_statistics"]
    async with undone(world, job, Login.JOBS) as session:
        row = (
            await session.scalars(
                select(BranchTable).where(
                    BranchTable.branch_id == world.branches[branch],
                    BranchTable.measure == "absence",
                )
            )
        ).one()
        counts = counts_in(row.categories, row.groups, row.cells)
    found: Counter[tuple[str, str]] = Counter()
    for (band, _, sex), number in counts.items():
        found[band, sex] += number
    assert found == counted(world, branch)


async def test_every_measure_counts_every_pupil_once(world: World) -> None:
    """In each measure the categories of a branch add up to its pupils."""
    job = world.actors["job_policy_statistics"]
    pupils = {
        world.branches[each.code]: sum(len(group) for group in each.groups.values())
        for each in BRANCHES
    }
    async with undone(world, job, Login.JOBS) as session:
        rows = (
            await session.scalars(select(BranchTable).where(BranchTable.measure != "minutes"))
        ).all()
    assert {row.measure for row in rows} == set(making.MEASURES)
    assert {(row.branch_id, sum(row.cells)) for row in rows} == set(pupils.items())


async def test_what_is_published_adds_up_and_tells_of_no_few(
    filled: tuple[TestDatabase, World],
) -> None:
    """Every published count is 0 or at least five, and sexes and years add up to the total."""
    made, _ = filled
    assert made.run_sql(
        "select count(*) from published p, unnest(p.cells) c where measure <> 'minutes'"
        " and c between 1 and 4"
    ) == ["0"]
    assert made.run_sql(
        "select count(*) from published p join published t using (release_id, unit, measure)"
        " where t.by = 'total' and p.by <> 'total' and p.level <> 'municipality'"
        " and (select sum(c) from unnest(p.cells) c) <> (select sum(c) from unnest(t.cells) c)"
    ) == ["0"]


async def test_a_school_too_small_to_be_told_of_is_published_with_another_or_not(
    filled: tuple[TestDatabase, World],
) -> None:
    """Two pupils are told of with the school beside; four in the only school of a kind are not."""
    made, world = filled
    members = made.run_sql(
        "select distinct unit_code, array_to_string(members, ' ') from published"
        " where level = 'branch' order by 1"
    )
    assert members == ["99WA00|99WA00 99WA01", "99WA01|99WA00 99WA01"]
    alone = made.run_sql(
        "select branch_code from release_unit where published_as = ''"
        f" and release_id = '{world.release_id}'"
    )
    assert alone == ["99WB00"]


async def test_a_release_has_the_digest_of_its_rows(filled: tuple[TestDatabase, World]) -> None:
    """Whoever has the rows computes the digest anew, and any changed cell gives another."""
    made, world = filled
    job = world.actors["job_policy_statistics"]
    async with undone(world, job, Login.JOBS) as session:
        rows = (await session.scalars(select(Published))).all()
        (head,) = (await session.execute(text("select * from release"))).mappings()
    answers = [
        Answer(
            row.level, row.unit_code, row.measure, row.by, tuple(row.members), tuple(row.labels),
            tuple(row.categories), tuple(row.cells), row.units,
        )
        for row in rows
    ]  # fmt: skip
    said = {
        name: head[name]
        for name in (
            "kind", "first_day", "last_day", "school_year", "vintage", "method", "rule_set",
            "boundaries",
        )
    }  # fmt: skip
    assert digest_of(said, answers) == head["digest"]
    assert digest_of(said, answers[1:]) != head["digest"]
    assert made.run_sql("select act from trace where act = 'figures_released'") == [
        "figures_released"
    ]


@pytest.mark.parametrize("table", FROZEN)
@pytest.mark.parametrize(
    "change", ["update {} set id = id", "delete from {}", "truncate {} cascade"]
)
async def test_nobody_changes_what_is_written(
    filled: tuple[TestDatabase, World], table: str, change: str
) -> None:
    """No login may, and the trigger stops even the owner."""
    made, world = filled
    job = world.actors["job_policy_statistics"]
    for login in (Login.JOBS, Login.AGGREGATE, Login.APP):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with undone(world, job, login) as session:
                await session.execute(text(change.format(table)))
    with pytest.raises(Exception, match="is written once"):
        made.run_sql(change.format(table))


async def test_erasure_and_transfer_change_nothing_published(
    filled: tuple[TestDatabase, World],
) -> None:
    """Without a pupil, or with it at another school, tables and releases stay as they are."""
    made, world = filled
    job = world.actors["job_policy_statistics"]
    request = ask(job, moment=after_the_deadline(world))
    other = world.branches["99WA01"]
    before = [made.run_sql(ALL.format(table)) for table in TABLES]
    made.run_sql("create table kept as select * from pupil_week")
    try:
        for change in (
            f"delete from pupil_week where pupil_id = '{world.pupils[0]}'",
            f"update pupil_week set branch_id = '{other}' where pupil_id = '{world.pupils[1]}'",
            f"update pupil_week set attended_minutes = 0 where pupil_id = '{world.pupils[2]}'",
        ):
            made.run_sql(f"set session_replication_role = replica; {change}")
            async with world.database.acting(request, Login.JOBS) as session:
                assert await lock_due(session, job, period=world.period) == []
            with pytest.raises(Conflict):
                async with world.database.acting(request, Login.JOBS) as session:
                    await release_period(session, job, period=world.period)
            assert [made.run_sql(ALL.format(table)) for table in TABLES] == before
    finally:
        made.run_sql(
            "set session_replication_role = replica; delete from pupil_week;"
            "insert into pupil_week select * from kept; drop table kept"
        )


async def test_a_refused_release_stores_nothing(
    filled: tuple[TestDatabase, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal names the cell and the reason, and the year's tables are as before."""
    made, world = filled
    job = world.actors["job_policy_statistics"]
    later = month(world.period.last_day.year, world.period.last_day.month)
    refusal = Refusal("branch 99WA00, total", "shown as 5: the public can prove that it is 3")

    def refused(*_: Any, **__: Any) -> list[Refusal]:
        return [refusal]

    monkeypatch.setattr(making, "inspect", refused)
    request = ask(job, moment=after_the_deadline(world))
    before = made.run_sql(ALL.format("published"))
    async with world.database.acting(request, Login.JOBS) as session:
        proposed = await inspect_period(session, job, period=later)
    assert proposed.made.refusals[0].reason == refusal.reason
    monkeypatch.setattr(releasing, "_vintage", _none)
    with pytest.raises(Refused, match="the public can prove"):
        async with world.database.acting(request, Login.JOBS) as session:
            await release_period(session, job, period=later)
    assert made.run_sql(ALL.format("published")) == before


async def _none(*_: Any) -> int:
    return 0


async def test_a_second_vintage_needs_something_that_came_late(world: World) -> None:
    """Without late weeks there is nothing to release again."""
    job = world.actors["job_policy_statistics"]
    request = ask(job, moment=after_the_deadline(world))
    with pytest.raises(Conflict, match="Nothing came late"):
        async with world.database.acting(request, Login.JOBS) as session:
            await release_period(session, job, period=world.period, again=True)


async def test_a_late_week_is_counted_and_changes_no_table(
    filled: tuple[TestDatabase, World],
) -> None:
    """A week that is delivered again after the tables were taken is late, and hidden nowhere."""
    made, world = filled
    job = world.actors["job_policy_statistics"]
    branch, monday = world.branches["99WA00"], world.period.mondays[0]
    request = ask(job, moment=after_the_deadline(world))
    tables = made.run_sql(ALL.format("branch_table"))
    made.run_sql(
        "insert into delivered_week (controller_id, branch_id, monday, version, recorded_at,"
        " replaced_at) select controller_id, branch_id, monday, version + 100, now() + interval"
        f" '90 days', now() + interval '91 days' from delivered_week where branch_id = '{branch}'"
        f" and monday >= '{monday}' and replaced_at is null order by monday limit 1"
    )
    try:
        async with world.database.acting(request, Login.JOBS) as session:
            await lock_due(session, job, period=world.period)
        late = made.run_sql(
            "select late_weeks from branch_period where taken_at is not null"
            f" and branch_id = '{branch}'"
        )
        assert late == ["1"]
        assert made.run_sql(ALL.format("branch_table")) == tables
    finally:
        made.run_sql(
            "set session_replication_role = replica;"
            " delete from delivered_week where version > 100;"
            " update branch_period set late_weeks = 0"
        )


async def test_only_the_job_locks_and_releases(world: World) -> None:
    """For anybody else there is nothing to lock, to inspect or to release."""
    everyone = {**world.strangers, **world.actors}
    everyone.pop("job_policy_statistics")
    for actor in everyone.values():
        async with undone(world, actor, Login.JOBS) as session:
            for act in (lock_due, inspect_period, release_period):
                with pytest.raises(NotFound):
                    await act(session, actor, period=world.period)


async def test_a_period_that_is_not_over_or_not_locked_is_not_released(world: World) -> None:
    """The running month is not over; of one that nobody locked the branches are named."""
    job = world.actors["job_policy_statistics"]
    today = world.moment.today
    async with undone(world, job, Login.JOBS) as session:
        with pytest.raises(Invalid):
            await release_period(session, job, period=month(today.year, today.month))
        with pytest.raises(Conflict):
            await release_period(session, job, period=_before(world.period))


def _before(period: Period) -> Period:
    last = period.first_day - timedelta(days=1)
    return month(last.year, last.month)


def after_the_deadline(world: World) -> clock.Moment:
    """Return a moment at which the world's period is due."""
    return clock.at(world.moment.instant + GRACE + timedelta(days=31))

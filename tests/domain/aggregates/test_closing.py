"""Who closes and locks a period, when, and who sees what of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain import clock
from domain.aggregates.locking import weeks_of_branches
from domain.aggregates.periods import GRACE, month
from domain.aggregates.services import (
    close_period,
    lock_due,
    lock_period,
    parts_of,
    take_part,
    untaken,
)
from domain.database import Login, ask, login_for
from domain.errors import Conflict, Invalid, NotFound
from permissions.vocabulary import Role
from tests.conftest import TestDatabase
from tests.filled import undone
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_closed_period_says_what_is_missing(filled: tuple[TestDatabase, World]) -> None:
    """The weeks that were expected, those not delivered, and the score, as others see it."""
    made, world = filled
    first, last = world.period.mondays
    (row,) = made.run_sql(
        "select weeks, cardinality(missing_weeks), score, closed_at is not null, locked_by is not"
        f" null, taken_at is not null from branch_period where id = '{world.branch_period_id}'"
    )
    delivered = [day for day in world.year.mondays if first <= day <= last]
    weeks, missing, score, *states = row.split("|")
    assert (int(weeks), int(missing)) == (len(delivered), 0)
    assert 0 <= int(score) <= 100
    assert states == ["t", "t", "t"]


async def test_what_nobody_closed_is_locked_as_it_is(filled: tuple[TestDatabase, World]) -> None:
    """At the deadline the other branches were locked, by nobody, and without a score."""
    made, world = filled
    assert made.run_sql(
        "select count(*) from branch_period where closed_at is null and locked_by is null"
        f" and locked_at is not null and score is null and id <> '{world.branch_period_id}'"
    ) == ["2"]


async def test_a_week_that_was_not_delivered_is_missing(
    filled: tuple[TestDatabase, World],
) -> None:
    """To the job too: what was scheduled and not declared delivered is known of as missing."""
    made, world = filled
    job, branch = world.actors["job_policy_statistics"], world.branches["99WB00"]
    monday = next(day for day in world.year.mondays if day >= world.period.first_day)
    made.run_sql("create table kept as select * from delivered_week")
    try:
        made.run_sql(
            "set session_replication_role = replica; delete from delivered_week"
            f" where branch_id = '{branch}' and monday = '{monday}'"
        )
        async with undone(world, job, Login.JOBS) as session:
            weeks = await weeks_of_branches(session, world.period)
        missing = [week.monday for week in weeks[branch] if week.scheduled and not week.delivered]
        assert missing == [monday]
        assert all(week.enrolled for week in weeks[branch])
    finally:
        made.run_sql(
            "set session_replication_role = replica; delete from delivered_week;"
            "insert into delivered_week select * from kept; drop table kept"
        )


async def test_of_what_nobody_delivered_nothing_is_locked(world: World) -> None:
    """A month in which no school delivered a week stays as it is, past its deadline too."""
    job = world.actors["job_policy_statistics"]
    last = world.period.first_day - timedelta(days=1)
    moment = clock.at(world.moment.instant + GRACE + timedelta(days=31))
    async with world.database.acting(ask(job, moment=moment), Login.JOBS) as session:
        assert await lock_due(session, job, period=month(last.year, last.month)) == []


async def test_a_period_is_closed_once_and_when_it_is_over(world: World) -> None:
    """A running month is refused, and so is a month that is closed."""
    head, branch = world.actors["head"], world.branches["99WA00"]
    today = world.moment.today
    async with undone(world, head) as session:
        with pytest.raises(Invalid):
            await close_period(
                session, head, branch_id=branch, period=month(today.year, today.month)
            )
        with pytest.raises(Conflict):
            await close_period(session, head, branch_id=branch, period=world.period)


async def test_only_a_head_closes_the_own_branch(world: World) -> None:
    """For anybody else there is no such branch, and for a head no other."""
    last = world.period.first_day - timedelta(days=1)
    period = month(last.year, last.month)
    head = world.actors["head"]
    for actor in (*world.actors.values(), *world.strangers.values()):
        for code, branch in world.branches.items():
            if actor.role is Role.HEAD_OF_SCHOOL and (actor != head or code == "99WA00"):
                continue
            async with undone(world, actor, login_for(actor)) as session:
                with pytest.raises(NotFound):
                    await close_period(session, actor, branch_id=branch, period=period)


async def test_a_board_locks_what_its_schools_closed_and_once(world: World) -> None:
    """What is locked is not locked again; for another board, and anybody else, it is not there."""
    key = world.branch_period_id
    analyst = world.actors["board_analyst"]
    async with undone(world, analyst, Login.AGGREGATE) as session:
        await lock_period(session, analyst, period_id=world.closed_period_id)
        locked = text("select locked_by from branch_period where id = :id")
        assert await session.scalar(locked, {"id": world.closed_period_id}) == analyst.id
    async with undone(world, analyst, Login.AGGREGATE) as session:
        with pytest.raises(Conflict):
            await lock_period(session, analyst, period_id=key)
    for actor in (*world.actors.values(), *world.strangers.values()):
        if actor != analyst:
            async with undone(world, actor, login_for(actor)) as session:
                with pytest.raises((NotFound, DBAPIError)):
                    await lock_period(session, actor, period_id=key)


async def test_what_a_board_locked_is_taken_before_the_deadline(
    filled: tuple[TestDatabase, World],
) -> None:
    """The job finds a locked branch whatever the day, takes its tables, and locks no other."""
    made, world = filled
    job = world.actors["job_policy_statistics"]
    at = f"where id = '{world.closed_period_id}'"
    made.run_sql(f"update branch_period set locked_at = closed_at {at}")
    try:
        async with undone(world, job, Login.JOBS) as session:
            (period,) = await untaken(session)
            (taken,) = await lock_due(session, job, period=period)
            assert (taken.locked, taken.taken) == (0, 1)
            assert await untaken(session) == []
        async with undone(world, job, Login.JOBS) as session:
            # In halves, as of a nation over two connections, each branch is taken once.
            assert await lock_due(session, job, period=period, take=False) == []
            halves = parts_of(2)
            taken_of = [await take_part(session, job, period=period, part=half) for half in halves]
            assert sorted(taken_of) == [0, 1]
            assert await untaken(session) == []
    finally:
        made.run_sql(
            "set session_replication_role = replica;"
            f" update branch_period set locked_at = null {at}"
        )


@pytest.mark.parametrize("change", ["delete from branch_period", "truncate branch_period cascade"])
async def test_a_locked_period_is_not_removed(
    filled: tuple[TestDatabase, World], change: str
) -> None:
    """Not even by the owner of the tables."""
    made, _ = filled
    with pytest.raises(Exception, match=r"a period that was locked stays|is written once"):
        made.run_sql(change)


async def test_exact_tables_are_the_heads_alone(world: World) -> None:
    """Row-level security shows them to the head of the branch, and to no other person."""
    seen: set[UUID] = set()
    for actor in (*world.actors.values(), *world.strangers.values()):
        if actor.role is Role.PLATFORM_JOB:
            continue
        async with world.database.acting(ask(actor, moment=world.moment), Login.APP) as session:
            branches = set(await session.scalars(text("select branch_id from branch_table")))
        if actor.role is Role.HEAD_OF_SCHOOL:
            assert len(branches) == 1
            seen |= branches
        else:
            assert branches == set(), actor
    assert world.branches["99WA00"] in seen


async def test_the_login_of_figures_reads_no_exact_table_and_no_pupil(world: World) -> None:
    """To an adviser, the tables behind the figures are refused by privilege."""
    adviser = world.actors["adviser"]
    for table in ("branch_table", "pupil", "pupil_week", "enrolment", "absence"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with undone(world, adviser, Login.AGGREGATE) as session:
                await session.execute(text(f"select 1 from {table}"))


@pytest.mark.parametrize("function", ["branch_attendance", "branch_events"])
async def test_counts_are_given_to_the_job_alone(world: World, function: str) -> None:
    """No other login may ask, and at the jobs' login nobody else gets a row."""
    tiers = ", array[4,8,100,15,100,0]" * 3
    rules = f"{tiers}, 10, 10" if function == "branch_attendance" else ""
    first, last = world.period.first_day, world.period.last_day
    statement = text(f"select count(*) from reach.{function}('{first}', '{last}'{rules}, null)")
    job = world.actors["job_policy_statistics"]
    async with undone(world, job, Login.JOBS) as session:
        counted = await session.scalar(statement)
        assert counted or function == "branch_events"
    operator = world.actors["operator"]
    async with undone(world, operator, Login.JOBS) as session:
        assert await session.scalar(statement) == 0
    for login in (Login.APP, Login.AGGREGATE, Login.IMPORT):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with undone(world, job, login) as session:
                await session.execute(statement)


@pytest.mark.parametrize(
    ("where", "key", "units"),
    [
        ("actors", "adviser", {"branch:99WA00", "branch:99WA01", "region:99", "national:NL"}),
        ("strangers", "adviser", {"region:99", "national:NL"}),
        (
            "actors", "analyst",
            {"branch:99WA00", "branch:99WA01", "alliance:VO9901", "region:99", "national:NL"},
        ),
        ("strangers", "analyst", {"region:99", "national:NL"}),
    ],
)  # fmt: skip
async def test_figures_are_seen_by_mandate_and_beside_those_they_lie_in(
    world: World, where: str, key: str, units: set[str]
) -> None:
    """Row-level security alone shows an adviser and an analyst their units, region and country."""
    actor = getattr(world, where)[key]
    async with world.database.acting(ask(actor), Login.AGGREGATE) as session:
        seen = await session.scalars(text("select distinct unit from published"))
        assert set(seen) == units

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain import jobs
from domain.accountability.services import expand
from domain.database import Database, Login, ask
from domain.errors import NotFound
from domain.trace import Act, record
from permissions.decide import rules_for
from permissions.vocabulary import Activity, DataClass
from tests.conftest import TestDatabase
from tests.filled import undone
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def complete_until(world: World) -> datetime:
    """Return until when the log says it is complete."""
    job = world.actors["job_accountability"]
    async with world.database.acting(ask(job), Login.JOBS) as session:
        return await session.scalar(text("select complete_until from trace_progress"))


async def look(world: World, session: AsyncSession, subjects: list[UUID]) -> None:
    """Write a trace of the coordinator's, as a read would."""
    actor = world.actors["coordinator"]
    rules = rules_for(actor.role, actor.purpose, Activity.READ, DataClass.PUPIL_IDENTITY)
    await record(session, actor, rules, Act.READ, subjects=subjects, about=uuid4())


async def test_each_trace_has_one_line_per_young_person(
    filled: tuple[TestDatabase, World],
) -> None:
    """Lines and the known young persons in traces of others than families are the same set."""
    made, world = filled
    await jobs.make_access_log(world.database)
    different = made.run_sql(
        "select count(*) from (select t.id, y, t.role, t.act, t.at, t.rules from trace t,"
        " unnest(t.young_persons) y join young_person on young_person.id = y where t.role not in"
        " ('guardian', 'parent_without_authority', 'young_person')) a"
        " full join access_line l on l.trace_id = a.id"
        " and l.young_person_id = a.y where l.id is null or a.id is null"
        " or (l.role, l.act, l.at, l.rules) is distinct from (a.role, a.act, a.at, a.rules)"
    )
    assert different == ["0"]
    assert made.run_sql("select count(*) from trace where not expanded") == ["0"]


async def test_a_person_named_twice_in_a_trace_has_one_line(
    filled: tuple[TestDatabase, World],
) -> None:
    """A trace that names a young person twice gives one line."""
    made, world = filled
    child = world.young_persons[0]
    await jobs.make_access_log(world.database)
    lines = f"select count(*) from access_line where young_person_id = '{child}'"
    before = int(made.run_sql(lines)[0])
    actor = world.actors["coordinator"]
    async with world.database.acting(ask(actor), Login.APP) as session:
        await look(world, session, [child, child])
    assert await jobs.make_access_log(world.database) == 1
    assert int(made.run_sql(lines)[0]) == before + 1


async def test_the_log_never_says_complete_too_early(world: World) -> None:
    """While a trace is written but not committed, the instant stays before it; then it passes."""
    await jobs.make_access_log(world.database)  # What other tests left.
    actor = world.actors["coordinator"]
    async with world.database.acting(ask(actor), Login.APP) as session:
        await look(world, session, [world.young_persons[0]])
        written = await session.scalar(text("select clock_timestamp()"))
        await jobs.make_access_log(world.database)
        assert await complete_until(world) < written
        # A trace of somebody else's that is committed meanwhile does get its lines.
        async with world.database.acting(ask(actor), Login.APP) as other:
            await look(world, other, [world.young_persons[1]])
        assert await jobs.make_access_log(world.database) == 1
        assert await complete_until(world) < written
    assert await jobs.make_access_log(world.database) == 1
    assert await complete_until(world) > written


async def test_a_batch_that_leaves_some_does_not_pass_them(world: World) -> None:
    """After a limited run the instant is that of the oldest trace still waiting."""
    await jobs.make_access_log(world.database)  # What other tests left.
    actor, job = world.actors["coordinator"], world.actors["job_accountability"]
    for _ in range(3):
        async with world.database.acting(ask(actor), Login.APP) as session:
            await look(world, session, [world.young_persons[2]])
    async with world.database.acting(ask(job), Login.JOBS) as session:
        assert await expand(session, job, limit=2) == 2
    async with world.database.acting(ask(job), Login.JOBS) as session:
        waiting = await session.scalar(
            text("select min(recorded_at) from trace where not expanded")
        )
    assert await complete_until(world) == waiting
    assert await jobs.make_access_log(world.database) == 1


async def test_two_runs_at_once_share_the_work(world: World) -> None:
    """Runs at the same time make every line once."""
    await jobs.make_access_log(world.database)  # What other tests left.
    actor = world.actors["coordinator"]
    for _ in range(10):
        async with world.database.acting(ask(actor), Login.APP) as session:
            await look(world, session, [world.young_persons[3]])
    done = await asyncio.gather(*(jobs.make_access_log(world.database) for _ in range(3)))
    assert sum(done) == 10


async def test_only_the_job_makes_the_log(world: World) -> None:
    """For anybody else, the job of another purpose included, there is nothing to do."""
    everyone = {**world.strangers, **world.actors}
    everyone.pop("job_accountability")
    for actor in everyone.values():
        async with undone(world, actor, Login.JOBS) as session:
            with pytest.raises(NotFound):
                await expand(session, actor, limit=1)


async def test_a_guardian_reads_the_lines_of_her_child_alone(world: World) -> None:
    """Row-level security alone shows a guardian the log of her children, and others nothing."""
    lines = text("select distinct young_person_id from access_line")
    for name, actor in world.actors.items():
        if actor.role == "platform_job":
            continue
        async with undone(world, actor) as session:
            seen = set(await session.scalars(lines))
        children = {
            "guardian": set(world.young_persons[:2]),
            "other_guardian": set(world.young_persons[:1]),
        }
        assert seen == children.get(name, set()), name


async def test_a_failing_job_is_retried_and_logged_without_content(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job that fails runs again; the log names the job and kind of error, never its text."""
    monkeypatch.setattr(jobs, "_EVERY_SECONDS", 0.01)
    stop = asyncio.Event()

    class Failing:
        runs = 0

        async def deliver(self, database: Database) -> int:
            del database
            Failing.runs += 1
            if Failing.runs > 1:
                stop.set()
                return 0
            raise RuntimeError("Noor van Prins")

    with caplog.at_level(logging.WARNING, logger="domain.jobs"):
        await asyncio.wait_for(jobs.run_jobs(world.database, stop, channel=Failing()), 10)
    assert Failing.runs == 2
    assert "RuntimeError" in caplog.text
    assert "Noor" not in caplog.text

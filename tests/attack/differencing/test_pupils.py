"""A pupil who is moved, corrected or erased after a release: no answer that was given changes."""

from __future__ import annotations

from typing import Any

import pytest

from domain import clock
from domain.aggregates import periods
from domain.aggregates import services as aggregates
from domain.database import Login, ask
from domain.errors import Conflict
from tests.conftest import TestDatabase
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

TABLES = ("pupil_week", "absence", "enrolment")
KEPT = "create table kept_late as select id, late_weeks from branch_period;" + ";".join(
    f"create table kept_{name} as select * from {name}" for name in TABLES
)
BACK = (
    "set session_replication_role = replica; update branch_period p set late_weeks = k.late_weeks"
    " from kept_late k where k.id = p.id; drop table kept_late;"
) + ";".join(
    f"delete from {name}; insert into {name} select * from kept_{name}; drop table kept_{name}"
    for name in TABLES
)
QUERY = """
query($unit: String!, $period: String!) {
  figures(unit: $unit, measure: "absence", period: $period) {
    rows { label parts { part form count share } } release { vintage digest }
  }
  publications(first: 50) { nodes { id digest } }
}"""


async def answers(face: Face, world: World) -> list[Any]:
    """Return what the adviser and the board read of the month."""
    return [
        await face.data(world.actors[who], QUERY, unit=unit, period=world.period.name)
        for who, unit in (
            ("board_analyst", f"board:{world.organisations['board']}"),
            ("adviser", "branch:99WA00"),
            ("adviser", "region:99"),
        )
    ]


async def test_one_pupil_at_a_time_changes_no_answer(
    face: Face, filled: tuple[TestDatabase, World]
) -> None:
    """After each transfer, correction and erasure the jobs run again; every answer stays."""
    made, world = filled
    before = await answers(face, world)
    assert before[1]["figures"] is not None
    made.run_sql(KEPT)
    try:
        for pupil in world.pupils[:3]:
            of_pupil = f"where pupil_id = '{pupil}'"
            for move in (
                f"update pupil_week set attended_minutes = 0 {of_pupil}",
                f"update enrolment set branch_id = '{world.branches['99WA01']}' {of_pupil}",
                f"update absence set replaced_at = recorded_at {of_pupil}",
                f"delete from pupil_week {of_pupil}",
                f"delete from enrolment {of_pupil}",
            ):
                made.run_sql(f"set session_replication_role = replica; {move}")
                await _run_again(world)
                assert await answers(face, world) == before
    finally:
        made.run_sql(BACK)


async def _run_again(world: World) -> None:
    """Run the jobs of figures once more; what was released is not released again."""
    request = ask(
        world.actors["job_policy_statistics"],
        moment=clock.at(world.moment.instant + periods.GRACE * 4),
    )
    actor = request.actor
    async with world.database.acting(request, Login.JOBS) as session:
        await aggregates.lock_due(session, actor, period=world.period)
    async with world.database.acting(request, Login.JOBS) as session:
        with pytest.raises(Conflict):
            await aggregates.release_period(session, actor, period=world.period)

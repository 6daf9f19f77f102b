"""Somebody who keeps every figure and subtracts: what later moves and erasures give away."""

import pytest

from domain.aggregates.services import close_month
from domain.database import Login, ask
from tests.conftest import TestDatabase
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEPT = "create table kept as select * from pupil_week; create table held as select * from absence"
BACK = """set session_replication_role = replica;
    delete from pupil_week; insert into pupil_week select * from kept; drop table kept;
    delete from absence; insert into absence select * from held; drop table held"""
FIGURES = "select md5(string_agg(f::text, ',' order by f.id)) from figure f"


async def test_one_move_a_week_changes_no_figure(filled: tuple[TestDatabase, World]) -> None:
    """A transfer, an erasure or a correction at a time, and the month is closed again."""
    made, world = filled
    job = world.actors["job_policy_statistics"]
    other = world.branches["99WA01"]
    before = made.run_sql(FIGURES)
    made.run_sql(KEPT)
    changed = 0
    try:
        for pupil in world.pupils[:6]:
            for move in (
                f"update pupil_week set attended_minutes = 0 where pupil_id = '{pupil}'",
                f"update pupil_week set branch_id = '{other}' where pupil_id = '{pupil}'",
                f"delete from pupil_week where pupil_id = '{pupil}'",
                f"update absence set replaced_at = recorded_at where pupil_id = '{pupil}'",
            ):
                made.run_sql(f"set session_replication_role = replica; {move}")
                async with world.database.acting(ask(job, moment=world.moment), Login.JOBS) as act:
                    changed += await close_month(act, job, month=world.month)
                assert made.run_sql(FIGURES) == before
    finally:
        made.run_sql(BACK)
    assert changed == 0

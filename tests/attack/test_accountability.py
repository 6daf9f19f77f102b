"""What can be done to the log that families read."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text

from domain.database import Login, ask
from domain.jobs import make_access_log
from tests.attack.tries import looked_up
from tests.conftest import TestDatabase
from tests.world import World

pytestmark = pytest.mark.asyncio


async def test_one_bad_trace_does_not_stop_the_log(filled: tuple[TestDatabase, World]) -> None:
    """A trace that names somebody who does not exist holds up no family's log."""
    made, world = filled
    mentor, key = world.actors["mentor"], uuid4()
    async with world.database.acting(ask(mentor), Login.APP) as session:
        await session.execute(
            text(
                """insert into trace (id, controller_id, actor_id, organisation_id, role, purpose,
                        activity, act, rules, data_classes, young_persons, request_id, at)
                    values (:key, sec.organisation(), sec.actor(), sec.organisation(), 'mentor',
                        'daily_guidance', 'read', 'read', '{}', '{}', array[gen_random_uuid()],
                        'x', (sec.claims()).instant)"""
            ),
            {"key": key},
        )
    try:
        await make_access_log(world.database)
    finally:
        await looked_up(made, f"update trace set young_persons = '{{}}' where id = '{key}'")
        await make_access_log(world.database)

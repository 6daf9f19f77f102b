"""`kill -9` in the middle of an import or an act; `ops/prove durability` does it far more often."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.durability.dump import dump
from tests.durability.judging import Afternoon, Outcome, Point, id_of, judge, send_again, settled
from tests.durability.kills import VICTIMS, Ground, disturbed, ground, points_of, undisturbed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

SEED = 2
OF_EACH = 1


@pytest.fixture(scope="module")
def own_ground() -> Iterator[Ground]:
    """A durable cluster of this module's own."""
    with ground(pupils=30, stories=1) as made:
        yield made


@pytest.fixture(scope="module")
def points(own_ground: Ground) -> list[Point]:
    """Some points of each victim: while it imports, while it acts, and with an answer."""
    return [point for victim in VICTIMS for point in points_of(own_ground, victim, OF_EACH, SEED)]


@pytest.fixture(scope="module")
def afternoon(own_ground: Ground, points: list[Point]) -> Afternoon:
    """The afternoon without a kill, known after every step."""
    every = [Point("nobody", step) for step in range(len(own_ground.steps))]
    return undisturbed(own_ground, [*points, *every])


@pytest.mark.parametrize("number", range(len(VICTIMS) * OF_EACH))
def test_nothing_is_lost_or_half_done(
    own_ground: Ground, points: list[Point], afternoon: Afternoon, number: int
) -> None:
    """After a kill of the API or of PostgreSQL, every act is there or not there, whole."""
    outcome = disturbed(own_ground, points[number], afternoon)
    print(f"seed {SEED}: {outcome}")  # noqa: T201 - the points are part of the result
    assert outcome.holds, outcome


_UNLOGGED = """, l as (delete from access_line where trace_id in (select id from t) returning id)
    delete from access_line_organisation where line_id in (select id from l)"""
FORGED = {
    "add note 0": (
        f"""with n as (delete from note where id = '{{told}}'),
        i as (delete from idempotency where object_id = '{{told}}'),
        o as (delete from outbox where note_id = '{{told}}'),
        t as (delete from trace where about = '{{told}}' returning id, actor_id),
        s as (delete from sighting where actor_id in (select actor_id from t)) {_UNLOGGED}""",
        "what was acknowledged is not stored",
    ),
    "prepare report 0": (
        f"with t as (delete from trace where about = '{{told}}' returning id) {_UNLOGGED}",
        "a report has not exactly one trace of being prepared",
    ),
    "read all pupils after 0": (
        f"with t as (delete from trace where act = 'read' returning id) {_UNLOGGED}",
        "its trace names 0",
    ),
    "deliver roster_edexml": (
        "delete from pupil where id = (select max(id::text)::uuid from pupil)",
        "something is half done",
    ),
    "announce roster_edexml": (
        "delete from import_receipt where id = '{told}'",
        "which is there 0 times",
    ),
    "send report 0": (
        "delete from access_line where id = (select id from access_line limit 1)",
        "a trace and its lines in the log disagree",
    ),
}
"""By answered step: what is taken away after it, and how the judge must say so."""


@pytest.mark.parametrize("name", FORGED)
def test_the_judge_notices_what_is_missing(
    own_ground: Ground, afternoon: Afternoon, name: str
) -> None:
    """Whatever is taken away behind everyone's back after an answered step is missed."""
    sql, complaint = FORGED[name]
    steps = own_ground.steps
    number = next(index for index, step in enumerate(steps) if step.name == name)
    with own_ground.copy() as (database, _, client):
        for step in steps[: number + 1]:
            step.send(client)
        told = id_of(client.told[name]) if name in client.told else ""
        settled(database)
        database.run_sql("set session_replication_role = replica;" + sql.format(told=told))
        outcome = Outcome(Point("nobody", number), name, number + 1, answered=True)
        judge(outcome, client, dump(settled(database), afternoon.known), afternoon)
    assert any(complaint in fault for fault in (*outcome.lost, *outcome.half_done)), outcome


def test_the_judge_notices_what_is_done_twice(own_ground: Ground, afternoon: Afternoon) -> None:
    """What a repeat would do a second time is noticed: here the key that prevents it is lost."""
    steps = own_ground.steps
    number = next(index for index, step in enumerate(steps) if step.name == "add note 0")
    with own_ground.copy() as (database, _, client):
        for step in steps[: number + 1]:
            step.send(client)
        found = dump(settled(database), afternoon.known)
        database.run_sql("set session_replication_role = replica; delete from idempotency")
        outcome = Outcome(Point("nobody", number), "add note 0", number + 1, answered=True)
        send_again(outcome, client, steps, found, afternoon)
    assert any("answered with another id" in fault for fault in outcome.differs), outcome

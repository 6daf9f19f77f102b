"""Injected SQL against the office's own records: what it can see, forge or learn."""

from __future__ import annotations

from uuid import uuid4

import pytest
import pytest_asyncio

from tests.attack.tries import CHECKED, DENIED, attempt, nothing_came
from tests.world import World

pytestmark = [pytest.mark.asyncio]

EXEMPTION = """insert into exemption (id, controller_id, municipality_code, young_person_id,
        board_id, given_name, family_name, data_class, kind, first_day, last_day, rule_set, state,
        registered_by, registered_at, retained_until)
    values (:key, :office, :code, :child, :board, 'A', 'B', 'exemption.belief', 'art_5_b_belief',
        '2026-08-01', '2027-07-31', 'x', 'registered', :me, (sec.claims()).instant, '2099-01-01')"""
NON_ENROLMENT = """insert into non_enrolment (id, controller_id, municipality_code,
        young_person_id, board_id, given_name, family_name, since, state, opened_by, opened_at)
    values (:key, :office, :code, :child, :board, 'A', 'B', '2026-01-01', 'open', :me,
        (sec.claims()).instant)"""
FORGERIES = (EXEMPTION, NON_ENROLMENT)


@pytest_asyncio.fixture(loop_scope="session")
async def given(world: World) -> dict[str, object]:
    """What a record of the officer's own says of somebody whom no school knows."""
    key = uuid4()
    return {
        "key": key, "child": key, "board": None, "code": "9901",
        "office": world.organisations["office"], "me": world.actors["officer"].id,
        "exemption": world.exemptions["art_5_a_health"],
        "record": world.non_enrolments["unknown"],
    }  # fmt: skip


async def test_the_office_adds_its_own(world: World, given: dict[str, object]) -> None:
    """The statements below are right but for what each changes: as they are they add a row."""
    for statement in FORGERIES:
        assert await attempt(world, world.actors["officer"], statement, given=given) == 1


async def test_nobody_else_sees_or_changes_a_record(world: World, given: dict[str, object]) -> None:
    """Whoever works elsewhere, at a school, or is of another family gets no row."""
    inside = {"officer", "guardian"}
    people = {**world.actors, **{f"other {n}": a for n, a in world.strangers.items()}}
    for name, actor in people.items():
        if actor.id in {world.actors[own].id for own in inside} or actor.organisation is None:
            continue
        for statement in (
            "select 1 from exemption where id = :exemption",
            "select 1 from non_enrolment where id = :record",
            "update exemption set state = 'ended' where id = :exemption",
            "update non_enrolment set state = 'closed' where id = :record",
            *FORGERIES,
        ):
            outcome = await attempt(world, actor, statement, given={**given, "me": actor.id})
            same_office = actor.organisation == world.organisations["office"]
            allowed = same_office and actor.role == world.actors["officer"].role
            assert nothing_came(outcome) or allowed, f"{name}: {statement}"


@pytest.mark.parametrize("statement", FORGERIES, ids=["exemption", "non_enrolment"])
async def test_an_officer_forges_no_record(
    world: World, given: dict[str, object], statement: str
) -> None:
    """Not another office's, not in another's name, not for a municipality that is not served."""
    officer = world.actors["officer"]
    for changed in (
        {"office": world.organisations["other_office"]},
        {"me": world.strangers["officer"].id},
        {"code": "9902"},
        {"code": "nowhere"},
    ):
        assert await attempt(world, officer, statement, given={**given, **changed}) == DENIED


@pytest.mark.parametrize("statement", FORGERIES, ids=["exemption", "non_enrolment"])
async def test_a_record_does_not_tell_who_is_known_elsewhere(
    world: World, given: dict[str, object], statement: str
) -> None:
    """Of a child that the office has no report on, of one at no board, and of nobody: one refusal.

    No foreign key and no unique key is asked: what is there is answered like what is not.
    """
    officer, board = world.actors["officer"], world.organisations["board"]
    outcomes = {
        await attempt(world, officer, statement, given={**given, "child": child, "board": of_board})
        for child in (world.young_persons[7], world.young_persons[14], uuid4())
        for of_board in (board, world.organisations["other_board"], uuid4(), None)
    }
    assert outcomes == {DENIED}


async def test_a_record_is_ended_once_and_nothing_else_of_it_changes(
    world: World, given: dict[str, object]
) -> None:
    """The officer rewrites no ground, no person and no end; and takes no record away."""
    officer = world.actors["officer"]
    for statement in (
        "update exemption set kind = 'art_15_other_education' where id = :exemption",
        "update exemption set young_person_id = :key where id = :exemption",
        "update exemption set board_id = null where id = :exemption",
        "update exemption set retained_until = '2099-01-01' where id = :exemption",
        "update exemption set state = 'ended' where id = :exemption",
        """update exemption set state = 'ended', end_reason = 'mistaken', ended_by = :me,
            ended_at = (sec.claims()).instant, retained_until = '2099-01-01'
            where id = :exemption""",
        "update non_enrolment set given_name = 'X' where id = :record",
        "update non_enrolment set state = state where id = :record",
        """update non_enrolment set state = 'closed', outcome = 'enrolled', closed_by = :key,
            closed_at = (sec.claims()).instant, retained_until = '2099-07-31'
            where id = :record""",
        "delete from exemption where id = :exemption",
        "delete from non_enrolment where id = :record",
    ):
        outcome = await attempt(world, officer, statement, given=given)
        assert outcome in (DENIED, CHECKED), statement

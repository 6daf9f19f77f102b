"""A school's system, and injected SQL under the imports' login: what it can do to other boards."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from domain.database import Login, ask
from domain.imports.receipts import DeliveryKind
from domain.imports.services import deliver, start_import
from tests.attack.tries import DENIED, FOREIGN_KEY, attempt, looked_up, nothing_came
from tests.conftest import TestDatabase
from tests.world import BRANCHES, World

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("left_as_found")]

FOREIGN = 14
"""A pupil of the other board."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def victim(filled: tuple[TestDatabase, World]) -> dict[str, object]:
    """Ids of the other board's pupil, and of the attacker's own branch and class."""
    made, world = filled
    pupil = world.pupils[FOREIGN]
    absences = await looked_up(
        made,
        "select a.id || ' ' || a.day from absence a"
        " left join absence_reason r on r.absence_id = a.id"
        f" where a.pupil_id = '{pupil}' and r.absence_id is null limit 1",
    )
    return {
        "their_board": world.organisations["other_board"],
        "their_branch": world.branches["99WB00"],
        "our_board": world.organisations["board"],
        "our_branch": world.branches["99WA00"],
        "our_class": world.class_groups["1A"],
        "pupil": pupil,
        "person": world.young_persons[FOREIGN],
        "absence": absences[0][:36],
        "day": date.fromisoformat(absences[0][37:]),
        "monday": world.year.mondays[0] - timedelta(weeks=1),
    }


async def test_an_import_touches_no_row_of_another_board(
    world: World, victim: dict[str, object]
) -> None:
    """What another board delivered is neither seen nor changed, by whatever statement."""
    client = world.actors["school_system"]
    for statement in (
        "select 1 from pupil where id = :pupil",
        "select 1 from pupil_residence where pupil_id = :pupil",
        "select 1 from enrolment where pupil_id = :pupil",
        "select 1 from absence where pupil_id = :pupil",
        "select 1 from absence_reason where pupil_id = :pupil",
        "select 1 from import_receipt where branch_id = :their_branch",
        "select 1 from delivery_agreement where branch_id = :their_branch",
        "update pupil set family_name = 'X' where id = :pupil",
        "update pupil set young_person_id = :person where controller_id = :our_board",
        "update enrolment set valid_until = '2030-01-01' where pupil_id = :pupil",
        "update class_membership set valid_until = '2030-01-01' where pupil_id = :pupil",
        "update absence set replaced_at = now() where pupil_id = :pupil",
        "update pupil_week set replaced_at = now() where pupil_id = :pupil",
        "update signal set withdrawn_at = now() where pupil_id = :pupil",
        "update dimension_week set replaced_at = now() where pupil_id = :pupil",
        "select 1 from report",
        "select 1 from case_file",
        "select 1 from guardian_authority",
        "select 1 from pupil_contact",
        "select 1 from note",
        "select 1 from vault.national_number",
        "select 1 from sec.claims_key",
        "select reach.reports('read', 'report')",
        """insert into enrolment (id, controller_id, branch_id, pupil_id, valid_from, recorded_at)
            values (gen_random_uuid(), :their_board, :our_branch, :pupil, '2026-08-01', now())""",
        """insert into enrolment (id, controller_id, branch_id, pupil_id, valid_from, recorded_at)
            values (gen_random_uuid(), :our_board, :our_branch, :pupil, '2026-08-01', now())""",
        """insert into vault.national_number (controller_id, young_person_id, number_index)
            values (:their_board, :person, decode(repeat('ab', 16), 'hex'))""",
    ):
        outcome = await attempt(world, client, statement, login=Login.IMPORT, given=victim)
        assert nothing_came(outcome), statement


async def test_who_is_enrolled_elsewhere_is_not_told_by_an_overlap(
    world: World, victim: dict[str, object]
) -> None:
    """Enrolling another board's pupil at its own branch is refused alike, there or not."""
    enrol = """insert into enrolment
            (id, controller_id, branch_id, pupil_id, valid_from, recorded_at)
        values (gen_random_uuid(), :their_board, :their_branch, :who, '2026-08-01', now())"""
    client = world.actors["school_system"]
    there, absent = [
        await attempt(world, client, enrol, login=Login.IMPORT, given={**victim, "who": who})
        for who in (victim["pupil"], uuid4())
    ]
    assert there == absent == DENIED


ACROSS = {
    "class_membership": """insert into class_membership (id, controller_id, branch_id, pupil_id,
            class_group_id, valid_from, recorded_at)
        values (gen_random_uuid(), :their_board, :our_branch, :pupil, :our_class, '2020-08-01',
            now())""",
    "absence": """insert into absence (id, controller_id, branch_id, pupil_id, external_id, day,
            start_unit, lesson_units, minutes, category, data_class, recorded_at)
        values (gen_random_uuid(), :their_board, :our_branch, :pupil, 'x', '2026-11-02', 1, 1, 50,
            'unauthorised', 'attendance.unauthorised', now())""",
    "absence_reason": """insert into absence_reason (controller_id, absence_id, day, branch_id,
            pupil_id, code, data_class, recorded_at)
        values (:their_board, :absence, :day, :our_branch, :pupil, 'TRUANCY', 'attendance.reason',
            now())""",
    "pupil_week": """insert into pupil_week (controller_id, branch_id, pupil_id, monday,
            scheduled_minutes, scheduled_units, attended_minutes, attended_units, recorded_at)
        values (:their_board, :our_branch, :pupil, :monday, 1500, 30, 0, 0, now())""",
    "signal": """insert into signal (id, controller_id, branch_id, pupil_id, kind, rule_set,
            first_week, last_week, amount, unit, reached_on, act_by, data_class, marks,
            recorded_at)
        values (gen_random_uuid(), :their_board, :our_branch, :pupil, 'k', 'r', '2026-11-02',
            '2026-11-02', 1, 'minutes', '2026-11-02', '2026-11-02', 'signal', '{}', now())""",
    "dimension_week": """insert into dimension_week (id, controller_id, branch_id, pupil_id, monday,
            dimension, data_class, minutes, times, recorded_at)
        values (gen_random_uuid(), :their_board, :our_branch, :pupil, :monday, 'lateness',
            'attendance.unauthorised', 5, 1, now())""",
}


@pytest.mark.parametrize("table", ACROSS)
async def test_an_import_adds_nothing_to_another_boards_pupil(
    world: World, victim: dict[str, object], table: str
) -> None:
    """Who delivers for a branch cannot write at it about a pupil of another controller."""
    client = world.actors["school_system"]
    outcome = await attempt(world, client, ACROSS[table], login=Login.IMPORT, given=victim)
    assert outcome in (DENIED, FOREIGN_KEY)


SHADOWS = (
    """create function pg_temp.look(given pg_catalog.text) returns pg_catalog.bool
        language plpgsql as $look$
        begin
            raise exception '% bytes of the key',
                (select pg_catalog.length(k.inner_pad) from sec.claims_key k)
                using errcode = 'LOOT0';
        end $look$""",
    "create domain pg_temp.text as pg_catalog.text check (pg_temp.look(value))",
    "select set_config('schakel.claims', repeat('0', 80), false)",
)


async def test_a_temporary_type_takes_nobodys_place(
    filled: tuple[TestDatabase, World],
) -> None:
    """A type of the session's own is not used by functions that run with another's rights."""
    engine = create_async_engine(filled[0].url("schakel_import"), isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            refused = ""
            try:
                for statement in (*SHADOWS, "select sec.claims() is null"):
                    await connection.execute(text(statement))
            except DBAPIError as error:
                refused = str(getattr(error.orig, "sqlstate", ""))
            assert refused == DENIED
    finally:
        await engine.dispose()


async def _dry_run(world: World, number: str) -> list[str]:
    """Return what a dry run says about one of the board's own pupils under a national number."""
    client, own = world.actors["school_system"], world.children[1]
    started = await world.act(
        client,
        start_import,
        kind=DeliveryKind.ROSTER_EDEXML,
        branch_id=world.branches[BRANCHES[0].code],
        dry_run=True,
    )
    year = world.year.year
    roster = f"""<?xml version="1.0" encoding="UTF-8"?><EDEX><school>
        <schooljaar>{year}-{year + 1}</schooljaar><peildatum>{year}-10-01</peildatum>
        <brincode>99WA</brincode><dependancecode>00</dependancecode>
        <aanmaakdatum>{year}-10-01T08:00:00</aanmaakdatum><auteur>x</auteur>
        <xsdversie>2.1</xsdversie></school><leerlingen><leerling key="{own.key}">
        <achternaam>A</achternaam><roepnaam>B</roepnaam><jaargroep>N</jaargroep>
        <bsn>{number}</bsn></leerling></leerlingen></EDEX>"""
    outcome = await deliver(
        world.database,
        ask(client, moment=world.moment),
        receipt_id=started.receipt_id,
        secret=started.secret,
        stream=BytesIO(roster.encode()),
    )
    return [problem.rule for problem in outcome.problems]


async def test_a_roster_does_not_tell_which_numbers_are_known_elsewhere(world: World) -> None:
    """A number that another board delivered is answered like one that nobody ever did."""
    from ops.demo.people import national_numbers

    elsewhere = world.children[FOREIGN].number
    assert elsewhere is not None
    nowhere = national_numbers()[-1]
    assert await _dry_run(world, elsewhere) == await _dry_run(world, nowhere)

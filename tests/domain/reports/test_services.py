"""Acts on reports, on a real database."""

from __future__ import annotations

import json
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.errors import Conflict, Invalid, NotFound
from domain.reports.services import (
    close_report,
    prepare_report,
    retention_end,
    send_report,
    take_on_report,
)
from permissions.vocabulary import Actor
from tests.domain.cases.acting import EARLIER
from tests.domain.cases.world import Chain

pytestmark = pytest.mark.asyncio


async def test_the_extract_is_what_the_law_asks_for_and_no_more(chain: Chain) -> None:
    """A report freezes identity, branch and the unauthorised absence of the window; no contacts."""
    report = await chain.prepared()
    [row] = chain.rows(f"select extract from report_extract where report_id = '{report}'")
    [code] = chain.rows(f"select branch_code from school_branch where id = '{chain.school}'")
    assert json.loads(row) == {
        "givenName": "Noor",
        "infix": "van",
        "familyName": "Dijk",
        "birthDate": "2011-05-04",
        "branchId": str(chain.school),
        "branchCode": code,
        "branchName": "The branch",
        "period": {"from": "2026-02-09", "until": "2026-03-05"},
        "amount": 16,
        "unit": "lesson_units",
        "weeks": [
            {"monday": "2026-02-09", "lessonUnits": 10, "minutes": 500},
            {"monday": "2026-02-16", "lessonUnits": 2, "minutes": 110},
            {"monday": "2026-03-02", "lessonUnits": 4, "minutes": 200},
        ],
    }


async def test_whom_to_call_stands_beside_the_extract(chain: Chain) -> None:
    """A report keeps the contacts as they were when it was prepared, by name."""
    chain.add(
        "pupil_contact",
        controller_id=chain.board,
        pupil_id=chain.pupil,
        guardian_id=chain.add("guardian"),
        name="Anna Dijk",
        relation="mother",
        email="anna@example.org",
        recorded_at=EARLIER,
    )
    chain.put()
    report = await chain.prepared()
    chain.rows(f"update pupil_contact set phone = '1' where pupil_id = '{chain.pupil}'")
    assert chain.rows(
        "select position, name, relation, phone, email, controller_id from report_contact"
        f" where report_id = '{report}' order by position"
    ) == [
        f"0|Anna Dijk|mother||anna@example.org|{chain.board}",
        f"1|Joost van Dijk|father|0100000000||{chain.board}",
    ]


async def test_a_report_without_contacts(chain: Chain) -> None:
    """A pupil of whom the school knows no contact person is reported all the same."""
    chain.rows(f"delete from pupil_contact where pupil_id = '{chain.pupil}'")
    report = await chain.prepared()
    assert chain.rows(f"select 1 from report_contact where report_id = '{report}'") == []


async def test_whom_to_call_is_added_by_the_preparer_of_a_draft(chain: Chain) -> None:
    """The database takes a contact from who prepared the report, before it is sent, and no other.

    Nobody changes or removes one.
    """
    report = await chain.prepared()

    async def adds(session: AsyncSession, _actor: Actor, *, position: int) -> None:
        await session.execute(
            text(
                "insert into report_contact (id, controller_id, report_id, position, name,"
                " relation, recorded_at) values (:id, :board, :report, :position, 'N', 'other',"
                " now())"
            ),
            {"id": uuid4(), "board": chain.board, "report": report, "position": position},
        )

    for actor in chain.all_but(chain.coordinator):
        with pytest.raises(DBAPIError, match="row-level security"):
            await chain.act(actor, adds, position=1)
    await chain.act(chain.coordinator, adds, position=1)
    await chain.act(chain.coordinator, send_report, report_id=report)
    with pytest.raises(DBAPIError, match="row-level security"):
        await chain.act(chain.coordinator, adds, position=2)

    async def alters(session: AsyncSession, _actor: Actor, *, statement: str) -> None:
        await session.execute(text(statement))

    for statement in ("update report_contact set name = 'N'", "delete from report_contact"):
        with pytest.raises(DBAPIError, match="permission denied"):
            await chain.act(chain.coordinator, alters, statement=statement)


async def test_a_prepared_report_is_a_draft_of_the_preparer(chain: Chain) -> None:
    """Preparing makes a draft for the municipality of residence, kept through the next year."""
    report = await chain.prepared()
    [row] = chain.rows(
        "select state, controller_id, young_person_id, prepared_by, municipality_code,"
        f" retained_until from report where id = '{report}'"
    )
    assert row.split("|") == [
        "draft",
        str(chain.board),
        str(chain.young_person),
        str(chain.coordinator.id),
        chain.municipality,
        "2027-07-31",
    ]
    [classes] = chain.rows(f"select data_classes from trace where about = '{report}'")
    assert classes == (
        "{attendance.unauthorised,pupil.contact,pupil.identity,pupil.whereabouts,report,signal}"
    )


async def test_who_may_prepare(chain: Chain) -> None:
    """Only coordinators of the pupil's branch may prepare; for everyone else there is no signal."""
    for actor in chain.all_but(chain.coordinator, chain.unmandated):
        with pytest.raises(NotFound):
            await chain.act(actor, prepare_report, signal_id=chain.signal)
    with pytest.raises(NotFound):
        await chain.act(chain.coordinator, prepare_report, signal_id=uuid4())
    assert chain.rows(f"select 1 from report where signal_id = '{chain.signal}'") == []
    await chain.act(chain.unmandated, prepare_report, signal_id=chain.signal)


@pytest.mark.parametrize("residence", ["null", "none"])
async def test_no_report_without_a_residence(chain: Chain, residence: str) -> None:
    """A pupil whose municipality is unknown or abroad is not reported, and the error says why."""
    change = "delete from" if residence == "none" else "update"
    values = "" if residence == "none" else "set municipality_code = null"
    chain.rows(f"{change} pupil_residence {values} where pupil_id = '{chain.pupil}'")
    with pytest.raises(Invalid, match="postcode"):
        await chain.prepared()


async def test_a_withdrawn_signal_is_not_reported(chain: Chain) -> None:
    """A signal that a correction withdrew has nothing to report."""
    chain.rows(f"update signal set withdrawn_at = now() where id = '{chain.signal}'")
    with pytest.raises(Conflict, match="withdrawn"):
        await chain.prepared()


async def test_one_report_per_signal(chain: Chain) -> None:
    """Preparing twice, also at the same time, makes one report."""
    act = (chain.coordinator, prepare_report, {"signal_id": chain.signal})
    met = await chain.overlapping(act, (chain.unmandated, prepare_report, act[2]))
    assert isinstance(met, Conflict)
    with pytest.raises(Conflict, match="already"):
        await chain.prepared()
    assert chain.rows(f"select count(*) from report where signal_id = '{chain.signal}'") == ["1"]


async def test_who_may_send(chain: Chain) -> None:
    """Only a coordinator with the head's mandate sends, once, and that is traced."""
    report = await chain.prepared()
    for actor in chain.all_but(chain.coordinator):
        with pytest.raises(NotFound):
            await chain.act(actor, send_report, report_id=report)
    await chain.act(chain.coordinator, send_report, report_id=report)
    with pytest.raises(Conflict, match="sent already"):
        await chain.act(chain.coordinator, send_report, report_id=report)
    assert chain.rows(f"select state, sent_by from report where id = '{report}'") == [
        f"sent|{chain.coordinator.id}"
    ]
    assert chain.traces(report)[1:] == [f"report_sent|{chain.coordinator.id}|{chain.young_person}"]


async def test_a_mandate_that_ended_sends_nothing(chain: Chain) -> None:
    """With the mandate the right to send ends, for the same token."""
    report = await chain.prepared()
    chain.rows(
        "update head_mandate set valid_until = '2026-03-01'"
        f" where coordinator_id = '{chain.coordinator.id}'"
    )
    with pytest.raises(NotFound):
        await chain.act(chain.coordinator, send_report, report_id=report)


async def test_two_sends_at_once(chain: Chain) -> None:
    """Of two sends at the same time one is told that the report was sent."""
    report = await chain.prepared()
    act = (chain.coordinator, send_report, {"report_id": report})
    assert isinstance(await chain.overlapping(act, act), Conflict)
    assert len(chain.traces(report)) == 2


async def test_who_may_take_on(chain: Chain) -> None:
    """Only officers of the office it was allocated to take a report on, and one of them does."""
    report = await chain.sent()
    with pytest.raises(NotFound):
        await chain.act(chain.officer, take_on_report, report_id=report)
    await chain.register().deliver(chain.database)
    for actor in chain.all_but(chain.officer, chain.officer_2):
        with pytest.raises(NotFound):
            await chain.act(actor, take_on_report, report_id=report)
    act = (chain.officer, take_on_report, {"report_id": report})
    met = await chain.overlapping(act, (chain.officer_2, take_on_report, act[2]))
    assert isinstance(met, Conflict)
    assert chain.rows(f"select state, taken_on_by from report where id = '{report}'") == [
        f"taken_on|{chain.officer.id}"
    ]


async def test_who_may_close(chain: Chain) -> None:
    """Only the officer who took it on closes a report; then the office's allocation has ended."""
    report = await chain.allocated()
    with pytest.raises(Conflict, match="taken on"):
        await chain.act(chain.officer, close_report, report_id=report, outcome="help_started")
    await chain.act(chain.officer, take_on_report, report_id=report)
    for actor in chain.all_but(chain.officer, chain.officer_2):
        with pytest.raises(NotFound):
            await chain.act(actor, close_report, report_id=report, outcome="help_started")
    with pytest.raises(Conflict, match="colleague"):
        await chain.act(chain.officer_2, close_report, report_id=report, outcome="help_started")
    with pytest.raises(Invalid, match="back_to_school"):
        await chain.act(chain.officer, close_report, report_id=report, outcome="whatever")
    act = (chain.officer, close_report, {"report_id": report, "outcome": "help_started"})
    assert isinstance(await chain.overlapping(act, act), Conflict)
    with pytest.raises(NotFound):
        await chain.act(chain.officer, close_report, report_id=report, outcome="help_started")
    assert chain.rows(
        "select state, outcome, closed_at = valid_until from report"
        f" join report_allocation on report_id = report.id where report.id = '{report}'"
    ) == ["closed|help_started|t"]
    assert [line.split("|")[0] for line in chain.traces(report)] == [
        "report_prepared",
        "report_sent",
        "report_allocated",
        "report_taken_on",
        "report_closed",
    ]


@pytest.mark.parametrize(
    ("recorded_on", "kept_until"),
    [
        (date(2026, 3, 16), date(2027, 7, 31)),
        (date(2026, 7, 31), date(2027, 7, 31)),
        (date(2026, 8, 1), date(2028, 7, 31)),
    ],
)
async def test_retention(recorded_on: date, kept_until: date) -> None:
    """A report is kept to the end of the school year after the one of recording."""
    assert retention_end(recorded_on) == kept_until

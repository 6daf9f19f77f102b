"""Starting and finishing deliveries, whatever they hold."""

from __future__ import annotations

import asyncio
import gzip
from datetime import timedelta
from uuid import uuid4

import pytest

from domain import clock
from domain.database import Database
from domain.errors import NotFound
from domain.imports import services
from domain.imports.receipts import DeliveryKind, ReceiptState
from tests.conftest import TestDatabase
from tests.domain.imports.school import School, new_school, pools, pupil, roster, school

__all__ = ["pools", "school"]
pytestmark = pytest.mark.asyncio(loop_scope="session")
ROSTER = DeliveryKind.ROSTER_EDEXML


def receipt(school: School, column: str) -> list[str]:
    """Return a column of the client's receipts in their order."""
    return school.rows(
        f"select {column} from import_receipt where client_id = '{school.client.id}'"
        " order by started_at, id"
    )


async def test_only_the_digest_of_the_secret_is_kept(school: School) -> None:
    """The receipt waits fifteen minutes and holds the secret's SHA-256, never the secret."""
    started = await school.start(ROSTER)
    assert receipt(school, "state, upload_until - started_at") == ["waiting|00:15:00"]
    assert started.secret not in str(receipt(school, "import_receipt::text"))
    kept = school.rows(
        f"select upload_digest = sha256('{started.secret}') from import_receipt"
        f" where id = '{started.receipt_id}'"
    )
    assert kept == ["t"]


async def test_no_agreement_no_delivery(
    school: School, database: TestDatabase, pools: Database
) -> None:
    """A branch of another board, or one whose agreement has ended, is not found."""
    other = new_school(database, pools)
    school.branches[0] = other.branches[0]
    with pytest.raises(NotFound):
        await school.start(ROSTER)
    other.rows(
        f"update delivery_agreement set valid_until = '2026-01-01'"
        f" where client_id = '{other.client.id}'"
    )
    with pytest.raises(NotFound):
        await other.start(ROSTER)


async def test_a_secret_serves_once_and_only_its_own_delivery(
    school: School, database: TestDatabase, pools: Database
) -> None:
    """A wrong secret, another client, a second use and a use after the time are not found."""
    data = roster(school, [pupil("1")])
    started = await school.start(ROSTER)
    other = new_school(database, pools)
    with pytest.raises(NotFound):
        await school.upload(started, data, secret="wrong")
    with pytest.raises(NotFound):
        await other.upload(started, data)
    with pytest.raises(NotFound):
        await school.upload(services.Started(uuid4(), started.secret), data)
    assert (await school.upload(started, data)).state == ReceiptState.ACCEPTED
    with pytest.raises(NotFound):
        await school.upload(started, data)
    late = await school.start(ROSTER)
    school.now = clock.at(school.now.instant + timedelta(minutes=15))
    with pytest.raises(NotFound):
        await school.upload(late, data)


async def test_two_at_once(school: School) -> None:
    """Of two uploads with one secret one counts; of two deliveries the second finds the first's."""
    data = roster(school, [pupil(str(key)) for key in range(20)])
    started = await school.start(ROSTER)
    outcomes = await asyncio.gather(
        school.upload(started, data), school.upload(started, data), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NotFound", "Outcome"]
    more = roster(school, [pupil(str(key)) for key in range(30)])
    both = await asyncio.gather(school.roster(more), school.roster(more))
    assert sorted(outcome.counts["pupils"]["new"] for outcome in both) == [0, 10]


async def test_an_agreement_that_ends_in_between_ends_the_delivery(school: School) -> None:
    """A delivery started under an agreement that has ended meanwhile is not found."""
    started = await school.start(ROSTER)
    school.rows(
        f"update delivery_agreement set valid_until = '2026-01-01'"
        f" where client_id = '{school.client.id}'"
    )
    with pytest.raises(NotFound):
        await school.upload(started, roster(school, [pupil("1")]))


async def test_a_refusal_is_final_and_stores_nothing_else(school: School) -> None:
    """A refused file leaves a receipt with line, field, rule and advice, and nothing personal."""
    started = await school.start(ROSTER)
    data = roster(school, [pupil("1", instroomdatum="2030-01-01")])
    outcome = await school.upload(started, data)
    assert outcome.state == ReceiptState.REFUSED
    assert receipt(school, "state") == ["refused"]
    assert school.number("pupil") == 0
    problems = receipt(school, "problems")[0]
    assert all(word in problems for word in ("line", "field", "rule", "advice"))
    assert "Family" not in problems
    assert "First" not in problems
    assert school.number("trace") == 0
    with pytest.raises(NotFound):
        await school.upload(started, roster(school, [pupil("1")]))


async def test_a_dry_run_stores_its_receipt_alone(school: School) -> None:
    """A dry run says what would come of the file, and nothing of it is stored or traced."""
    outcome = await school.roster(roster(school, [pupil("1")]), dry_run=True)
    assert outcome.state == ReceiptState.ACCEPTED
    assert outcome.counts["pupils"]["new"] == 1
    assert receipt(school, "state, dry_run") == ["accepted|t"]
    assert not any(school.snapshot().values())
    assert school.number("trace") == 0
    wrong = await school.roster(roster(school, [pupil("1")], brin="99ZZ"), dry_run=True)
    assert wrong.state == ReceiptState.REFUSED


async def test_gzip_is_known_by_its_first_bytes(school: School) -> None:
    """A compressed file is read; one that is cut off, damaged or unpacks too far is refused."""
    data = roster(school, [pupil("1")])
    packed = gzip.compress(data)
    assert (await school.roster(packed)).state == ReceiptState.ACCEPTED
    for broken in (packed[:-20], packed[:30] + b"\0" * 30 + packed[60:], b"\x1f\x8b"):
        assert (await school.roster(broken)).state == ReceiptState.REFUSED
    bomb = gzip.compress(b'{"kind": "delivered"' + b" " * (80 * 1024 * 1024))
    outcome = await school.attendance(bomb)
    assert outcome.state == ReceiptState.REFUSED


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"\xff\xfe\x00", b"<EDEX>", b"[" * 20_000, b"null", "<EDEX>é".encode("latin-1")],
)
async def test_what_is_no_file_at_all_is_refused(school: School, data: bytes) -> None:
    """Empty, malformed, truncated and wrongly encoded files are refused as either kind."""
    assert (await school.roster(data)).state == ReceiptState.REFUSED
    assert (await school.attendance(data)).state == ReceiptState.REFUSED


async def test_an_entity_bomb_is_refused(school: School) -> None:
    """A roster with a document type is refused before anything of it is expanded."""
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><EDEX>&c;</EDEX>'
    )
    assert (await school.roster(bomb)).state == ReceiptState.REFUSED


async def test_the_trace_names_who_was_touched_in_slices(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each trace row names a bounded number of the young persons that the delivery changed."""
    monkeypatch.setattr(services, "MOST_SUBJECTS", 2)
    await school.roster(roster(school, [pupil(str(key)) for key in range(5)]))
    traces = school.rows(
        "select act, activity, cardinality(young_persons) from trace"
        f" where controller_id = '{school.board}' order by 3 desc"
    )
    assert traces == [
        "roster_imported|import|2",
        "roster_imported|import|2",
        "roster_imported|import|1",
    ]
    named = school.rows(
        "select count(distinct y) from trace t, unnest(t.young_persons) y"
        f" where controller_id = '{school.board}'"
    )
    assert named == ["5"]

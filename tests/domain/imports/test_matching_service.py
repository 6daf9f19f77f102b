"""Whose young person a pupil is: what two boards that deliver one national number come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import orjson
import pytest

from domain.database import Database
from domain.imports.receipts import Outcome
from tests.conftest import TestDatabase
from tests.domain.imports.school import School, new_school, pools, pupil, roster

__all__ = ["pools"]
pytestmark = pytest.mark.asyncio(loop_scope="session")

NUMBER, NOWHERE = "123456782", "111222333"
BORN = "2012-05-06"
"""The birth date of every pupil that is given no other."""

NewBoard = Callable[[], School]


@pytest.fixture
def board(database: TestDatabase, pools: Database) -> NewBoard:
    """Make boards in a database whose vault is empty."""
    database.run_sql("delete from vault.national_number")
    return lambda: new_school(database, pools)


def person(board: School, key: str) -> str:
    """Return the young person of a board's pupil."""
    (found,) = board.rows(
        "select young_person_id from pupil"
        f" where controller_id = '{board.board}' and external_id = '{key}'"
    )
    return found


def told(outcome: Outcome) -> bytes:
    """Return everything that a receipt says but which one it is, byte for byte."""
    said = asdict(outcome)
    del said["receipt_id"]
    return orjson.dumps(said)


async def delivered(board: School, *pupils: str, dry_run: bool = False) -> Outcome:
    """Deliver a roster of these pupils."""
    return await board.roster(roster(board, pupils), dry_run=dry_run)


@pytest.mark.parametrize("born", [BORN, "2012-05-07", None])
async def test_another_boards_number_needs_its_birth_date(
    board: NewBoard, born: str | None
) -> None:
    """Number and birth date lead to the young person of another board, and no receipt tells."""
    first, second, third = board(), board(), board()
    await delivered(first, pupil("1", bsn=NUMBER))
    for dry_run in (True, False):
        receipts = [
            await delivered(one, pupil("77", bsn=number, geboortedatum=born), dry_run=dry_run)
            for one, number in ((second, NUMBER), (third, NOWHERE))
        ]
        assert told(receipts[0]) == told(receipts[1])
    assert (person(second, "77") == person(first, "1")) is (born == BORN)
    assert second.number("vault.national_number") == third.number("vault.national_number") == 1


async def test_no_receipt_tells_that_a_number_is_known_elsewhere(board: NewBoard) -> None:
    """A known pupil who gets the number of another board's pupil stays who it was, unremarked."""
    first, second, third = board(), board(), board()
    await delivered(first, pupil("1", bsn=NUMBER))
    before = {}
    for one in (second, third):
        await delivered(one, pupil("77"))
        before[one.board] = person(one, "77")
    for dry_run in (True, False):
        receipts = [
            await delivered(one, pupil("77", bsn=number), dry_run=dry_run)
            for one, number in ((second, NUMBER), (third, NOWHERE))
        ]
        assert told(receipts[0]) == told(receipts[1])
        assert b"another person" not in told(receipts[0])
    for one in (second, third):
        assert person(one, "77") == before[one.board]
        assert one.number("vault.national_number") == 1


async def test_records_that_differ_lead_nobody_to_them(board: NewBoard) -> None:
    """When records of a young person have different birth dates, no third board meets it."""
    first, second, third = board(), board(), board()
    await delivered(first, pupil("1", bsn=NUMBER))
    await delivered(second, pupil("1", bsn=NUMBER))
    assert person(first, "1") == person(second, "1")
    await delivered(second, pupil("1", bsn=NUMBER, geboortedatum="2012-06-06"))
    await delivered(third, pupil("1", bsn=NUMBER))
    assert person(third, "1") != person(first, "1")


async def test_a_record_without_birth_date_leads_nobody_to_it(board: NewBoard) -> None:
    """A young person whose birth date nobody has said is met by no other board."""
    first, second = board(), board()
    await delivered(first, pupil("1", bsn=NUMBER, geboortedatum=None))
    await delivered(second, pupil("1", bsn=NUMBER))
    assert person(second, "1") != person(first, "1")


async def test_a_board_knows_its_own_numbers(board: NewBoard) -> None:
    """Within one board the number is enough, and one of somebody else there is warned about."""
    one = board()
    await delivered(one, pupil("1", bsn=NUMBER), pupil("2"))
    await delivered(one, pupil("new", bsn=NUMBER, geboortedatum=None), pupil("2"))
    assert person(one, "new") == person(one, "1")
    for dry_run in (True, False):
        mistaken = pupil("2", bsn=NUMBER, geboortedatum="2011-01-01")
        outcome = await delivered(one, mistaken, dry_run=dry_run)
        assert any("another person" in problem.rule for problem in outcome.problems)
    assert person(one, "2") != person(one, "1")

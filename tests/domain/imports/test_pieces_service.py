"""A delivery in many pieces: what is done on other threads meanwhile changes nothing of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from domain.attendance import marks
from domain.imports import deliveries, intake
from domain.imports.intake import Chunk, Intake
from domain.imports.ndjson_lines import Line
from domain.imports.receipts import ReceiptState
from tests.domain.imports.school import (
    School,
    absent,
    complete,
    lines,
    pools,
    pupil,
    roster,
    schedule,
    school,
)

__all__ = ["pools", "school"]
pytestmark = pytest.mark.asyncio(loop_scope="session")

WEEKS = schedule("1", "2026-W36", "2026-W37")
SECONDS = 5


def attended(school: School) -> list[str]:
    """Return what is attended in each week that stands."""
    return school.rows(
        "select monday, attended_minutes from pupil_week"
        f" where controller_id = '{school.board}' and replaced_at is null order by 1"
    )


async def test_a_week_is_not_lost_between_two_threads(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mark that leaves its week while a line of the same pupil is read changes both weeks."""
    monkeypatch.setattr(deliveries, "MARKS_AT_ONCE", 1)
    await school.roster(roster(school, [pupil("1")]))
    whole = [complete("2026-W36"), complete("2026-W37")]
    await school.attendance(lines(WEEKS, absent("A1", "1", "2026-09-01"), *whole))
    before = attended(school)
    here, number, noted = threading.get_ident(), intake._week_number, threading.Event()

    def between(day: date) -> int:
        if threading.get_ident() == here:
            noted.set()
        elif day == date(2026, 9, 9):
            assert noted.wait(SECONDS), "the week that the mark left was not noted"
        return number(day)

    monkeypatch.setattr(intake, "_week_number", between)
    moved = await school.attendance(
        lines(absent("A1", "1", "2026-09-08"), absent("A2", "1", "2026-09-09"))
    )
    assert moved.state == ReceiptState.ACCEPTED, moved.problems
    assert noted.is_set()
    full, missed = before[1].split("|")[1], before[0].split("|")[1]
    each = int(full) - int(missed)
    assert [row.split("|")[1] for row in attended(school)] == [full, str(int(full) - 2 * each)]


async def test_signals_of_every_lot_are_kept(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each lot of pupils the signals are stored, while those of the next are found."""
    monkeypatch.setattr(deliveries, "JUDGED_AT_ONCE", 1)
    monkeypatch.setattr(deliveries, "WEEKS_AT_ONCE", 1)
    keys = ("1", "2", "3")
    await school.roster(roster(school, [pupil(key) for key in keys]))
    truancy = [
        absent(f"A{key}-{day}", key, f"2026-09-0{day}", 1, 6, 300, "unauthorised", "TRUANCY")
        for key in keys
        for day in (1, 2, 3)
    ]
    year = [schedule(key, "2026-W36") for key in keys]
    outcome = await school.attendance(lines(*year, *truancy, complete("2026-W36")))
    assert outcome.state == ReceiptState.ACCEPTED, outcome.problems
    signalled = school.rows(
        "select p.external_id, s.kind from signal s join pupil p on p.id = s.pupil_id"
        f" where s.controller_id = '{school.board}' order by 1, 2"
    )
    kinds = {row.split("|")[1] for row in signalled}
    assert kinds
    assert signalled == [f"{key}|{kind}" for key in keys for kind in sorted(kinds)]
    assert outcome.counts["signals"]["new"] == len(signalled)


async def test_a_delivery_that_fails_waits_for_its_reader(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When storing fails, the file is read no more by the time that anybody hears of it."""
    read: list[int] = []
    take = Intake.take

    def slowly(intake: Intake, lines: Iterator[Line], most: int) -> Chunk | None:
        if read:
            time.sleep(0.5)
        chunk = take(intake, lines, most)
        read.append(intake.rows)
        return chunk

    async def fails(*_given: Any, **_named: Any) -> None:
        raise LookupError

    monkeypatch.setattr(Intake, "take", slowly)
    monkeypatch.setattr(deliveries, "MARKS_AT_ONCE", 1)
    monkeypatch.setattr(marks, "add", fails)
    await school.roster(roster(school, [pupil("1")]))
    with pytest.raises(LookupError):
        await school.attendance(
            lines(absent("A1", "1", "2026-09-01"), absent("A2", "1", "2026-09-02"))
        )
    assert read == [1, 2]

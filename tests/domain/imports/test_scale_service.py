"""A school for a whole year, many lines in one file; `ops/bench ingest` measures larger ones."""

import random
from datetime import date, timedelta

import pytest

from domain import clock
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
pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow, pytest.mark.timeout(300)]

PUPILS = 600
EXCEPTIONS = 18_000
FIRST = date(2026, 8, 31)
WEEKS = 40


def year_of_attendance(seed: int) -> bytes:
    """Return 24,000 scheduled weeks as ranges, 40 complete weeks and 18,000 exceptions."""
    chance = random.Random(seed)
    mondays = [FIRST + timedelta(weeks=week) for week in range(WEEKS)]
    last = mondays[-1].isocalendar()
    entries = [
        schedule(str(key), "2026-W36", f"{last.year}-W{last.week:02}") for key in range(PUPILS)
    ]
    taken: set[tuple[int, int, int]] = set()
    while len(taken) < EXCEPTIONS:
        key = int(chance.triangular(0, PUPILS, 0))
        taken.add((key, chance.randrange(WEEKS * 5), chance.randrange(6)))
    for number, (key, day, unit) in enumerate(sorted(taken)):
        when = mondays[day // 5] + timedelta(days=day % 5)
        category, reason = chance.choice(
            [("unauthorised", "TRUANCY"), ("authorised", "ILLNESS"), ("late", "OVERSLEPT")]
        )
        missed = (0, 10) if category == "late" else (1, 50)
        entries.append(
            absent(f"A{number}", str(key), str(when), unit + 1, *missed, category, reason)
        )
    weeks = [monday.isocalendar() for monday in mondays]
    return lines(*entries, *(complete(f"{week.year}-W{week.week:02}") for week in weeks))


async def test_a_school_year_of_six_hundred_pupils(school: School) -> None:
    """A roster and a whole year in one file are taken in, and delivered again change nothing."""
    data = roster(
        school,
        [pupil(str(key), groep="G1" if key % 2 else "G2") for key in range(PUPILS)],
    )
    school.now = clock.at(school.now.instant + timedelta(days=300))
    first = await school.roster(data)
    assert first.state == ReceiptState.ACCEPTED, first.problems[:3]
    year = year_of_attendance(7)
    second = await school.attendance(year)
    assert second.state == ReceiptState.ACCEPTED, second.problems[:3]
    assert second.counts["exceptions"]["new"] == EXCEPTIONS
    assert second.counts["scheduled_weeks"]["new"] == PUPILS * WEEKS
    again = await school.attendance(year)
    assert again.counts["exceptions"]["unchanged"] == EXCEPTIONS

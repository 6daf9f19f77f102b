"""A large school for a whole year, timed."""

import random
import time
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

PUPILS = 2_000
EXCEPTIONS = 60_000
FIRST = date(2026, 8, 31)
WEEKS = 40
MOST_SECONDS = 60


def year_of_attendance(seed: int) -> bytes:
    """Return 80,000 scheduled weeks as ranges, 40 complete weeks and 60,000 exceptions."""
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


async def test_a_school_year_of_two_thousand_pupils(school: School) -> None:
    """A roster of 2,000 takes seconds, and their whole year well under a minute."""
    data = roster(
        school,
        [pupil(str(key), groep="G1" if key % 2 else "G2") for key in range(PUPILS)],
    )
    school.now = clock.at(school.now.instant + timedelta(days=300))
    begun = time.perf_counter()
    first = await school.roster(data)
    rostered = time.perf_counter() - begun
    assert first.state == ReceiptState.ACCEPTED, first.problems[:3]
    year = year_of_attendance(7)
    begun = time.perf_counter()
    second = await school.attendance(year)
    attended = time.perf_counter() - begun
    assert second.state == ReceiptState.ACCEPTED, second.problems[:3]
    assert second.counts["exceptions"]["new"] == EXCEPTIONS
    assert second.counts["scheduled_weeks"]["new"] == PUPILS * WEEKS
    begun = time.perf_counter()
    again = await school.attendance(year)
    repeated = time.perf_counter() - begun
    assert again.counts["exceptions"]["unchanged"] == EXCEPTIONS
    seconds = {"roster": rostered, "year": attended, "again": repeated}
    assert max(seconds.values()) < MOST_SECONDS, seconds

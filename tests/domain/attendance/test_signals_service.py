"""The sixteen-hour signal as deliveries bring it up and take it away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.database import Database
from tests.conftest import TestDatabase
from tests.domain.imports.school import (
    School,
    absent,
    complete,
    lines,
    new_school,
    pools,
    pupil,
    roster,
    schedule,
    school,
)

__all__ = ["pools", "school"]
pytestmark = pytest.mark.asyncio(loop_scope="session")

FIRST = date(2026, 8, 31)


def truancy(days: int, *, units: int = 4, minutes: int = 200) -> list[dict[str, object]]:
    """Return truancy on so many Mondays to Thursdays, one line a day."""
    return [
        absent(
            f"A{n}", "1", str(FIRST + timedelta(days=n % 4, weeks=n // 4)), 1, units, minutes,
            "unauthorised", "TRUANCY",
        )
        for n in range(days)
    ]  # fmt: skip


def signals(school: School, *, withdrawn: bool = False) -> list[str]:
    """Return the signals that stand, or those that were withdrawn."""
    return school.rows(
        "select kind, rule_set, first_week, last_week, amount, unit, reached_on, act_by"
        f" from signal where controller_id = '{school.board}'"
        f" and (withdrawn_at is not null) = {withdrawn} order by reached_on"
    )


async def test_a_signal_comes_and_stays(school: School) -> None:
    """Sixteen lesson hours in delivered weeks give one signal; the same file gives no other."""
    await school.roster(roster(school, [pupil("1"), pupil("2")]))
    data = lines(schedule("1", "2026-W36", "2026-W40"), *truancy(4), complete("2026-W36"))
    outcome = await school.attendance(data)
    assert outcome.counts["signals"] == {"new": 1, "withdrawn": 0, "unchanged": 0}
    assert signals(school) == [
        (
            "SIXTEEN_HOURS_IN_FOUR_WEEKS|leerplichtwet-1969|2026-08-31|2026-08-31|16|lesson_units"
            "|2026-09-03|2026-09-10"
        )
    ]
    before = school.snapshot()
    await school.attendance(data)
    assert school.snapshot() == before
    later = await school.attendance(lines(complete("2026-W37")))
    assert later.counts["signals"] == {"new": 0, "withdrawn": 0, "unchanged": 1}


async def test_an_unknown_week_gives_no_signal(school: School) -> None:
    """Absence in a week that is not declared complete counts for nothing yet."""
    await school.roster(roster(school, [pupil("1")]))
    outcome = await school.attendance(lines(schedule("1", "2026-W36", "2026-W40"), *truancy(4)))
    assert outcome.counts["signals"] == {"new": 0, "withdrawn": 0, "unchanged": 0}
    outcome = await school.attendance(lines(complete("2026-W36")))
    assert outcome.counts["signals"]["new"] == 1


async def test_a_correction_withdraws_the_signal(school: School) -> None:
    """When an absence turns out authorised its signal is withdrawn, and kept as withdrawn."""
    await school.roster(roster(school, [pupil("1")]))
    await school.attendance(
        lines(schedule("1", "2026-W36", "2026-W40"), *truancy(4), complete("2026-W36"))
    )
    outcome = await school.attendance(
        lines(absent("A0", "1", str(FIRST), 1, 4, 200, "authorised", "ILLNESS"))
    )
    assert outcome.counts["signals"] == {"new": 0, "withdrawn": 1, "unchanged": 0}
    assert signals(school) == []
    assert len(signals(school, withdrawn=True)) == 1


async def test_primary_schools_count_clock_hours(database: TestDatabase, pools: Database) -> None:
    """In primary education the amount is in minutes, and lesson units do not count."""
    school = new_school(database, pools, sector="PO")
    await school.roster(roster(school, [pupil("1")]))
    week = schedule("1", "2026-W36", "2026-W40")
    await school.attendance(lines(week, *truancy(4), complete("2026-W36")))
    assert signals(school) == []
    await school.attendance(lines(*truancy(4, minutes=245)))
    assert signals(school)[0].split("|")[4:6] == ["980", "minutes"]

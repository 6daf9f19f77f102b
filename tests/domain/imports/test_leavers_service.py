"""Weeks in which a pupil is not enrolled: refused, or taken back when they turn out to be so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import clock
from domain.imports.receipts import Outcome, ReceiptState
from tests.domain.attendance.test_known_then import shown
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

HOUR = timedelta(hours=1)
WEEKS = ("2026-W36", "2026-W37", "2026-W38")
"""31 August, 7 and 14 September 2026."""
DAYS = {"2026-W36": "2026-09-03", "2026-W37": "2026-09-10", "2026-W38": "2026-09-17"}
KEYS = ("1", "2")


def later(school: School) -> None:
    """Let an hour pass."""
    school.now = clock.at(school.now.instant + HOUR)


def weeks(school: School, key: str = "2") -> list[str]:
    """Return a pupil's weeks that stand: Monday, version, scheduled and attended minutes."""
    return school.rows(
        "select w.monday, w.version, w.scheduled_minutes, w.attended_minutes from pupil_week w"
        f" join pupil p on p.id = w.pupil_id where w.controller_id = '{school.board}'"
        f" and p.external_id = '{key}' and w.replaced_at is null order by w.monday"
    )


def whole() -> bytes:
    """Return three whole weeks of both pupils, in each of which the second missed six lessons."""
    marks = [absent(week, "2", day, 1, 6, 300) for week, day in DAYS.items()]
    scheduled = [schedule(key, WEEKS[0], WEEKS[-1]) for key in KEYS]
    return lines(*scheduled, *marks, *map(complete, WEEKS))


def picture(school: School, until: str | None = None) -> bytes:
    """Return a roster with both pupils; the second leaves after a day, or not at all."""
    pupils = [pupil("1"), pupil("2", uitstroomdatum=until)]
    return roster(school, pupils, reference="2026-09-01")


def left(school: School, day: str) -> bytes:
    """Return a roster on which the second pupil is one of the past, and since when."""
    former = pupil("2", jaargroep="H", uitstroomdatum=day)
    return roster(school, [pupil("1"), former], reference="2026-10-20")


async def begin(school: School) -> None:
    """Deliver a roster and three weeks, in which the second pupil reached sixteen hours."""
    await school.roster(picture(school))
    outcome = await school.attendance(whole())
    assert outcome.state == ReceiptState.ACCEPTED, outcome.problems
    assert len(weeks(school)) == len(WEEKS)
    later(school)


def refused(outcome: Outcome) -> list[tuple[int | None, str]]:
    """Return line and field of each problem, each of which says a rule and what to do."""
    assert outcome.state == ReceiptState.REFUSED
    assert all("enrolled at this branch" in p.rule for p in outcome.problems)
    assert all("Deliver the roster first" in p.advice for p in outcome.problems)
    return [(problem.line, problem.field) for problem in outcome.problems]


async def test_a_week_of_who_is_not_enrolled_is_refused(school: School) -> None:
    """A schedule or mark before the entry or after the last day names its line; none is stored."""
    entered = pupil("1", instroomdatum="2026-09-09")
    gone = pupil("2", uitstroomdatum="2026-09-09")
    await school.roster(roster(school, [entered, gone], reference="2026-09-01"))
    outcome = await school.attendance(
        lines(
            schedule("1", WEEKS[1], WEEKS[2]),
            schedule("1", WEEKS[0]),
            schedule("2", WEEKS[0], WEEKS[1]),
            schedule("2", WEEKS[1], WEEKS[2]),
            absent("A", "1", DAYS[WEEKS[0]]),
            absent("B", "2", DAYS[WEEKS[2]]),
        )
    )
    assert refused(outcome) == [(line, "pupil") for line in (2, 4, 5, 6)]
    assert school.number("pupil_week") == school.number("absence") == 0
    edges = lines(schedule("1", WEEKS[1], WEEKS[2]), schedule("2", WEEKS[0], WEEKS[1]))
    assert (await school.attendance(edges)).state == ReceiptState.ACCEPTED


async def test_weeks_after_the_last_day_are_taken_back(school: School) -> None:
    """Who left in a week keeps it; later weeks, their marks, sums and signals count no longer."""
    await begin(school)
    assert school.number("signal", "withdrawn_at is null") == 1
    before, then = await shown(school, school.now.instant), school.now.instant
    later(school)
    outcome = await school.roster(left(school, "2026-09-09"))
    assert outcome.counts["deletions"] == {"new": 2, "unchanged": 0}
    assert [p.severity for p in outcome.problems if "count no longer" in p.rule] == ["warning"]
    assert weeks(school) == ["2026-08-31|1|1500|1200", "2026-09-07|1|1500|1200"]
    assert len(weeks(school, "1")) == len(WEEKS)
    assert school.number("absence", "replaced_at is null") == 2
    assert school.number("absence", "deleted") == 1
    assert school.number("dimension_week", "replaced_at is null") == 2
    assert school.number("signal", "withdrawn_at is null") == 0
    assert await shown(school, then) == before
    announced = (
        f"select kind, change, count(*) from outbox where controller_id = '{school.board}'"
        f" and at >= '{school.now.instant}' and kind in ('absence', 'attendance', 'signal')"
        " group by kind, change order by kind"
    )
    assert school.rows(announced) == ["absence|deleted|1", "attendance|changed|1",
                                      "signal|deleted|1"]  # fmt: skip
    kept = school.snapshot()
    later(school)
    assert "deletions" not in (await school.roster(left(school, "2026-09-09"))).counts
    assert school.snapshot() == kept


async def test_an_end_that_moves_back_takes_back_more(school: School) -> None:
    """A last day that a later roster puts earlier counts as an end does."""
    await school.roster(picture(school, "2026-09-18"))
    await school.attendance(whole())
    later(school)
    outcome = await school.roster(picture(school, "2026-09-02"))
    assert outcome.counts["deletions"] == {"new": 4, "unchanged": 0}
    assert weeks(school) == ["2026-08-31|1|1500|1200"]


async def test_a_longer_enrolment_and_a_delivery_bring_them_back(school: School) -> None:
    """The roster alone brings nothing back; the same file does, as versions that follow."""
    await begin(school)
    first = weeks(school)
    await school.roster(picture(school, "2026-09-02"))
    assert weeks(school) == first[:1]
    refusal = await school.attendance(whole())
    assert {problem.field for problem in refusal.problems} == {"pupil"}
    for version in (2, 3):
        later(school)
        await school.roster(picture(school))
        assert weeks(school) == first[:1]
        later(school)
        outcome = await school.attendance(whole())
        assert outcome.counts["scheduled_weeks"]["new"] == 2
        assert outcome.counts["exceptions"]["new"] == 2
        assert weeks(school) == [
            first[0], *(row.replace("|1|", f"|{version}|", 1) for row in first[1:])
        ]  # fmt: skip
        assert school.number("signal", "withdrawn_at is null") == 1
        await school.roster(picture(school, "2026-09-02"))

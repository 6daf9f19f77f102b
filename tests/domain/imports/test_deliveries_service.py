"""Attendance through the import login role, on a real database."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest

from domain import clock, database
from domain.imports import deliveries
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

WEEK = schedule("1", "2026-W36")


def weeks(school: School) -> list[str]:
    """Return key, Monday, attended minutes and units of every pupil's week."""
    return school.rows(
        "select p.external_id, monday, attended_minutes, attended_units from pupil_week w"
        " join pupil p on p.id = w.pupil_id"
        f" where w.controller_id = '{school.board}' and w.replaced_at is null order by 1, 2"
    )


@pytest.mark.parametrize("day", ["2026-09-04", "2026-09-03"], ids=["same day", "another day"])
@pytest.mark.parametrize("known", [False, True], ids=["a branch's first marks", "more marks"])
async def test_an_id_is_found_again_far_from_where_it_stood(
    school: School, monkeypatch: pytest.MonkeyPatch, day: str, *, known: bool
) -> None:
    """In another chunk of the file too the line is told, and nothing of the file is kept."""
    monkeypatch.setattr(deliveries, "MARKS_AT_ONCE", 1)
    await school.roster(roster(school, [pupil("1")]))
    if known:
        stored = await school.attendance(lines(WEEK, absent("A0", "1", "2026-09-01")))
        assert stored.state == ReceiptState.ACCEPTED, stored.problems
    before = school.snapshot()
    refused = await school.attendance(
        lines(WEEK, absent("A1", "1", "2026-09-04"), absent("A2", "1", "2026-09-04", 2))
        + lines(absent("A1", "1", day, 3), absent("A2", "1", day, 5))
    )
    assert refused.state == ReceiptState.REFUSED
    assert [(found.line, found.field) for found in refused.problems] == [(4, "id"), (5, "id")]
    assert school.snapshot() == before


@pytest.mark.parametrize("dry_run", [False, True], ids=["refused", "dry run"])
async def test_a_delivery_that_outlasts_its_claims_still_gets_its_receipt(
    school: School, monkeypatch: pytest.MonkeyPatch, *, dry_run: bool
) -> None:
    """What is undone goes with the claims that were renewed meanwhile; the receipt is written."""
    take = Intake.take

    def slowly(intake: Intake, lines: Iterator[Line], most: int) -> Chunk | None:
        monkeypatch.setattr(database, "CLAIMS_LIFETIME", timedelta(seconds=60))
        if not intake.rows:
            time.sleep(3.1)
        return take(intake, lines, most)

    monkeypatch.setattr(Intake, "take", slowly)
    await school.roster(roster(school, [pupil("1")]))
    monkeypatch.setattr(database, "CLAIMS_LIFETIME", timedelta(seconds=3))
    outcome = await school.attendance(
        lines(WEEK, absent("A1", "1" if dry_run else "nobody", "2026-09-04")), dry_run=dry_run
    )
    assert outcome.state == (ReceiptState.ACCEPTED if dry_run else ReceiptState.REFUSED)
    assert school.number("absence") == 0


async def test_a_delivery_is_stored_and_twice_changes_nothing(school: School) -> None:
    """Schedule, absences and complete weeks are stored; the same file again writes no row."""
    await school.roster(roster(school, [pupil("1"), pupil("2")]))
    data = lines(
        schedule("1", "2026-W36", "2026-W37"),
        schedule("2", "2026-W36", "2026-W37"),
        absent("A1", "1", "2026-09-04", 3, 2, 100, "authorised", "ILLNESS"),
        absent("A2", "1", "2026-09-07", 1, 1, 10, "late"),
        complete("2026-W36"),
    )
    first = await school.attendance(data)
    assert first.state == ReceiptState.ACCEPTED, first.problems
    assert first.counts["scheduled_weeks"] == {"new": 4, "changed": 0, "unchanged": 0}
    assert weeks(school) == [
        "1|2026-08-31|1400|28",
        "1|2026-09-07||",
        "2|2026-08-31|1500|30",
        "2|2026-09-07||",
    ]
    classes = school.rows(
        "select a.data_class, r.data_class from absence a left join absence_reason r"
        f" on r.absence_id = a.id where a.controller_id = '{school.board}' order by a.day"
    )
    assert classes == [
        "attendance.authorised|attendance.reason.health.fact",
        "attendance.unauthorised|",
    ]
    before = school.snapshot()
    school.now = clock.at(school.now.instant + timedelta(minutes=5))
    again = await school.attendance(data)
    assert again.counts["exceptions"] == {"new": 0, "changed": 0, "unchanged": 2}
    assert school.snapshot() == before


async def test_marks_of_one_delivery_stand_together(school: School) -> None:
    """Their keys begin alike, so that many fit a few pages of an index; no two are the same."""
    await school.roster(roster(school, [pupil("1")]))
    marks = [absent(f"A{n}", "1", "2026-09-01", n, 1, 10) for n in range(1, 9)]
    await school.attendance(lines(WEEK, *marks))
    await school.attendance(lines(absent("A9", "1", "2026-09-02")))
    keys = school.rows(
        "select left(id::text, 13), count(*), count(distinct id) from absence"
        f" where controller_id = '{school.board}' group by 1 order by 2"
    )
    assert [key.split("|")[1:] for key in keys] == [["1", "1"], ["8", "8"]]


async def test_a_correction_is_a_new_version(school: School) -> None:
    """Another content under a known id replaces the version before and is rolled up anew."""
    await school.roster(roster(school, [pupil("1"), pupil("2")]))
    await school.attendance(
        lines(
            schedule("1", "2026-W36", "2026-W37"),
            schedule("2", "2026-W36", "2026-W37"),
            complete("2026-W36"),
            complete("2026-W37"),
            absent("A1", "1", "2026-09-04", reason="TRUANCY"),
        )
    )
    school.now = clock.at(school.now.instant + timedelta(minutes=5))
    outcome = await school.attendance(lines(absent("A1", "2", "2026-09-07", 2, 3, 150)))
    assert outcome.counts["exceptions"] == {"new": 0, "changed": 1, "unchanged": 0}
    versions = school.rows(
        "select day, minutes, replaced_at is null from absence"
        f" where controller_id = '{school.board}' order by recorded_at"
    )
    assert versions == ["2026-09-04|50|f", "2026-09-07|150|t"]
    assert weeks(school) == [
        "1|2026-08-31|1500|30",
        "1|2026-09-07|1500|30",
        "2|2026-08-31|1500|30",
        "2|2026-09-07|1350|27",
    ]
    shorter = await school.attendance(lines(schedule("2", "2026-W37", minutes=200, units=4)))
    assert shorter.counts["scheduled_weeks"] == {"new": 0, "changed": 1, "unchanged": 0}
    assert weeks(school)[-1] == "2|2026-09-07|50|1"


BAD: dict[str, tuple[list[Mapping[str, object]], int, str]] = {
    "unknown pupil": ([WEEK, absent("A", "9", "2026-09-04")], 2, "pupil"),
    "pupil not yet enrolled": ([schedule("2", "2026-W36")], 1, "pupil"),
    "pupil who has left": (
        [schedule("3", "2026-W36", "2026-W37"), absent("A", "3", "2026-09-11")],
        2,
        "pupil",
    ),
    "schedule beyond the enrolment": ([schedule("3", "2026-W36", "2026-W40")], 1, "pupil"),
    "pupil of another branch": ([schedule("4", "2026-W36")], 1, "pupil"),
    "unknown reason": (
        [WEEK, absent("A", "1", "2026-09-04", reason="NO_SUCH_CODE")],
        2,
        "reason",
    ),
    "reason of another category": (
        [WEEK, absent("A", "1", "2026-09-04", category="authorised", reason="TRUANCY")],
        2,
        "reason",
    ),
    "another school year": ([WEEK, absent("A", "1", "2026-06-05")], 2, "date"),
    "schedule of another school year": ([WEEK, schedule("1", "2027-W36")], 2, "from"),
    "date in the future": ([schedule("1", "2026-W50"), absent("A", "1", "2026-12-10")], 2, "date"),
    "complete before it came": ([WEEK, complete("2026-W50")], 2, "week"),
    "one id twice": (
        [WEEK, absent("A", "1", "2026-09-04"), absent("A", "1", "2026-09-03")],
        3,
        "id",
    ),
    "overlapping units": (
        [WEEK, absent("A", "1", "2026-09-04", 2, 3), absent("B", "1", "2026-09-04", 4, 1)],
        3,
        "startUnit",
    ),
    "late for a unit that was missed": (
        [
            WEEK,
            absent("A", "1", "2026-09-04", 2, 1),
            absent("B", "1", "2026-09-04", 2, 0, 5, "late"),
        ],
        3,
        "startUnit",
    ),
    "overlap with what was stored": ([absent("NEW", "1", "2026-10-01", 1, 1)], 1, "startUnit"),
    "more minutes than scheduled": (
        [schedule("1", "2026-W36", minutes=100), absent("A", "1", "2026-09-04", minutes=101)],
        2,
        "minutes",
    ),
    "more minutes together with what was stored": (
        [absent("NEW", "1", "2026-09-30", 1, 1, 60)],
        1,
        "minutes",
    ),
    "more units than scheduled": (
        [schedule("1", "2026-W36", units=1), absent("A", "1", "2026-09-04", units=2)],
        2,
        "lessonUnits",
    ),
    "schedule below what was missed": ([schedule("1", "2026-W40", minutes=30)], 1, "kind"),
    "no schedule": ([absent("A", "1", "2026-09-04")], 1, "date"),
}


@pytest.mark.parametrize("name", BAD)
async def test_what_cannot_be_is_refused_with_its_line(school: School, name: str) -> None:
    """Each impossible line refuses the whole file, with line, field, rule and what to do."""
    await school.roster(
        roster(
            school,
            [
                pupil("1"),
                pupil("2", instroomdatum="2026-09-14"),
                pupil("3", uitstroomdatum="2026-09-11"),
                pupil("4", vestiging="SECOND"),
            ],
        )
    )
    stored = await school.attendance(
        lines(
            schedule("1", "2026-W40", minutes=100, units=4),
            absent("OLD", "1", "2026-10-01", 1, 1, 50),
        )
    )
    assert stored.state == ReceiptState.ACCEPTED, stored.problems
    before = school.snapshot()
    entries, line, field = BAD[name]
    outcome = await school.attendance(lines(*entries))
    assert outcome.state == ReceiptState.REFUSED
    assert outcome.problems[0].field == field
    assert {problem.line for problem in outcome.problems} == {line}
    assert all(problem.rule and problem.advice for problem in outcome.problems)
    assert school.snapshot() == before


async def test_a_unit_can_be_missed_in_parts(school: School) -> None:
    """Being late and then sent out of the same lesson is possible, twice late is not."""
    await school.roster(roster(school, [pupil("1")]))
    late = absent("A", "1", "2026-09-04", 2, 1, 5, "late")
    out = absent("B", "1", "2026-09-04", 2, 1, 20, "sent_out")
    outcome = await school.attendance(lines(WEEK, late, out, complete("2026-W36")))
    assert outcome.state == ReceiptState.ACCEPTED, outcome.problems
    assert weeks(school) == ["1|2026-08-31|1475|30"]
    again = absent("C", "1", "2026-09-04", 2, 1, 3, "late")
    assert (await school.attendance(lines(again))).state == ReceiptState.REFUSED

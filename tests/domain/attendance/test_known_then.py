"""Any sequence of deliveries, against an oracle that knows only their lines; and what was known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import clock
from domain.attendance import rollup
from domain.database import Database, Login, ask
from domain.imports.receipts import ReceiptState
from domain.pupils.views import pupils
from domain.reading import Asked, Page, Reader, Root, Selection
from tests.conftest import TestDatabase
from tests.domain.attendance.test_rollup_service import iso, stored
from tests.domain.imports.school import (
    School,
    absent,
    complete,
    deleted,
    lines,
    new_school,
    pools,
    pupil,
    roster,
    schedule,
)

__all__ = ["pools"]
pytestmark = pytest.mark.asyncio(loop_scope="session")

KEYS = ("1", "2")
MONDAYS = [date(2026, 8, 31) + timedelta(weeks=week) for week in range(3)]
MOST_MINUTES = 40
Line = dict[str, Any]


# Each key of a mark has a lesson unit of its own, so that no two of one day overlap.
_marks = st.builds(
    lambda number, key, monday, day, minutes, category: absent(
        f"A{number}", key, str(monday + timedelta(days=day)), number, 1, minutes, category
    ),
    st.integers(0, 5),
    st.sampled_from(KEYS),
    st.sampled_from(MONDAYS),
    st.integers(0, 4),
    st.integers(1, MOST_MINUTES),
    st.sampled_from(["authorised", "unauthorised", "late", "sent_out"]),
)
_lines = st.one_of(
    _marks,
    _marks,
    st.builds(lambda number: deleted(id=f"A{number}"), st.integers(0, 5)),
    st.builds(lambda monday: complete(iso(monday)), st.sampled_from(MONDAYS)),
    st.builds(lambda monday: deleted(week=iso(monday)), st.sampled_from(MONDAYS)),
    st.builds(
        lambda key, monday, minutes: schedule(key, iso(monday), None, minutes, 28),
        st.sampled_from(KEYS),
        st.sampled_from(MONDAYS),
        st.integers(1_400, 1_410),
    ),
)


def _about(line: Line) -> tuple[object, ...]:
    """Return what may stand in a file once: a key of a mark, a week of the branch."""
    if line["kind"] == "schedule":
        return ("schedule", line["pupil"], line["from"])
    return ("id", line["id"]) if "id" in line else ("week", line["week"])


_files = st.lists(st.lists(_lines, min_size=1, max_size=6, unique_by=_about), max_size=3)


def oracle(files: Sequence[Sequence[Line]]) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """Compute scheduled and attended minutes and units of known weeks, from the lines alone."""
    scheduled: dict[tuple[str, str], tuple[int, int]] = {}
    marks: dict[str, Line] = {}
    known: set[str] = set()
    for line in (line for file in files for line in file):
        match line:
            case {"kind": "schedule"}:
                monday = date.fromisoformat(f"{line['from']}-1")
                while monday <= date.fromisoformat(f"{line['until']}-1"):
                    scheduled[line["pupil"], str(monday)] = (line["minutes"], line["lessonUnits"])
                    monday += timedelta(days=7)
            case {"kind": "delivered"}:
                known.add(str(date.fromisoformat(f"{line['week']}-1")))
            case {"kind": "deleted", "week": week}:
                known.discard(str(date.fromisoformat(f"{week}-1")))
            case {"kind": "deleted"}:
                marks.pop(line["id"], None)
            case {"kind": "left", "pupil": key, "week": monday}:
                scheduled.pop((key, monday), None)
                gone = [name for name, mark in marks.items() if (key, monday) == week_of(mark)]
                for name in gone:
                    del marks[name]
            case _:
                marks[line["id"]] = line
    minutes: defaultdict[tuple[str, str], int] = defaultdict(int)
    units: defaultdict[tuple[str, str], int] = defaultdict(int)
    for line in marks.values():
        where = week_of(line)
        minutes[where] += line["minutes"]
        units[where] += 0 if line["category"] in {"late", "sent_out"} else line["lessonUnits"]
    return {
        where: (total[0], total[0] - minutes[where], total[1], total[1] - units[where])
        for where, total in scheduled.items()
        if where[1] in known
    }


def week_of(mark: Line) -> tuple[str, str]:
    """Return the pupil and the Monday of a mark."""
    day = date.fromisoformat(mark["date"])
    return mark["pupil"], str(day - timedelta(days=day.isoweekday() - 1))


FIELDS = (
    "deliveredWeeks",
    "unknownWeeks",
    "scheduledMinutes",
    "attendedMinutes",
    "attendedUnits",
    "rate",
)
MARK = ["day", "startUnit", "minutes", "category"]


async def shown(
    school: School, known_at: datetime | None = None, period: tuple[str, str] | None = None
) -> list[dict[str, Any]]:
    """Return what the coordinator is shown of each pupil: rate, marks and signals.

    The rate is of a period, given by its first and last day, or of all time.
    """
    within = () if period is None else (("from", "first"), ("until", "last"))
    then = () if known_at is None else (("asKnownAt", "then"),)
    page = (
        Selection("nodes", "nodes", (), tuple(Selection(name, name) for name in MARK)),
    )  # fmt: skip
    fields = (
        Selection("id", "id"),
        Selection("attendance", "rate", (*then, *within), tuple(Selection(n, n) for n in FIELDS)),
        Selection("absences", "marks", then, page),
        Selection("signals", "signals", then, (Selection("reachedOn", "reachedOn"),)),
    )
    asked = Selection("list", "list", (), (Selection("nodes", "nodes", (), fields),))
    values: dict[str, object] = {} if known_at is None else {"then": known_at}
    if period is not None:
        values |= dict(zip(("first", "last"), map(date.fromisoformat, period), strict=True))
    request = ask(school.coordinator, moment=school.now)
    async with school.database.reading(Login.APP) as connection:
        read = await Reader(school.database, b"c" * 32, request).read(
            connection, Root(pupils, paged=True), Asked(asked, values)
        )
    assert isinstance(read, Page)
    found: list[dict[str, Any]] = [row["nodes"] for row in read.rows]
    for row in found:
        row["marks"] = [mark["nodes"] for mark in row["marks"].rows]
    return found


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(files=_files)
async def test_the_roll_up_equals_the_lines_and_the_past_stays_known(
    database: TestDatabase, pools: Database, files: list[list[Line]]
) -> None:
    """After any deliveries the roll-up is what the lines say, and each past is as it was shown."""
    school = new_school(database, pools)
    await school.roster(roster(school, [pupil(key) for key in KEYS]))
    first = [schedule(key, iso(MONDAYS[0]), iso(MONDAYS[-1]), 1_400, 28) for key in KEYS]
    delivered: list[list[Line]] = []
    seen: list[tuple[datetime, list[dict[str, Any]]]] = []
    for file in [first, *files]:
        school.now = clock.at(school.now.instant + timedelta(minutes=5))
        outcome = await school.attendance(lines(*file))
        assert outcome.state == ReceiptState.ACCEPTED, outcome.problems
        delivered.append(file)
        assert stored(school) == oracle(delivered)
        school.now = clock.at(school.now.instant + timedelta(minutes=1))
        seen.append((school.now.instant, await shown(school)))
    for instant, then in seen:
        assert await shown(school, instant) == then
    branch = rollup.Branch(school.board, school.branches[0], school.now.instant)
    async with database_of(school) as session:
        again = await rollup.refresh(session, branch)
    assert again.changed == 0


def database_of(school: School) -> Any:
    """Open a transaction of the school's system."""
    return school.database.acting(ask(school.client, moment=school.now), Login.IMPORT)


async def test_a_deletion_is_recorded_and_not_performed(
    database: TestDatabase, pools: Database
) -> None:
    """A deleted mark stands no longer, its version and the deletion are kept, twice is once."""
    school = new_school(database, pools)
    await school.roster(roster(school, [pupil("1")]))
    week = schedule("1", "2026-W36")
    await school.attendance(lines(week, absent("A1", "1", "2026-09-04"), complete("2026-W36")))
    before = school.now.instant
    school.now = clock.at(before + timedelta(minutes=5))
    gone = lines(deleted(id="A1"), deleted(id="NEVER"))
    outcome = await school.attendance(gone)
    assert outcome.counts["deletions"] == {"new": 1, "unchanged": 1}
    versions = school.rows(
        "select deleted, replaced_at is null, recorded_at = replaced_at from absence"
        f" where controller_id = '{school.board}' order by deleted"
    )
    assert versions == ["f|f|f", "t|f|t"]
    kept = school.snapshot()
    again = await school.attendance(gone)
    assert again.counts["deletions"] == {"new": 0, "unchanged": 2}
    assert school.snapshot() == kept
    (now,), (then,) = await shown(school), await shown(school, before)
    assert (len(now["marks"]), len(then["marks"])) == (0, 1)
    assert (now["rate"]["attendedMinutes"], then["rate"]["attendedMinutes"]) == (1500, 1450)
    both = lines(complete("2026-W37"), deleted(week="2026-W37"))
    refused = await school.attendance(both)
    assert [problem.field for problem in refused.problems] == ["week"]

"""Roll-ups, sums and signals after any imports, corrections and moves: from scratch, and then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from domain import clock
from domain.attendance import rollup
from domain.attendance.services import Place, renew_signals
from domain.database import Database, Login, ask
from domain.imports import deliveries
from domain.imports.receipts import ReceiptState
from tests.conftest import TestDatabase
from tests.domain.attendance.test_known_then import Line, oracle, shown
from tests.domain.attendance.test_rollup_service import iso
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

KEYS: tuple[str, ...] = ("1", "2")
BRANCHES = ("MAIN", "SECOND")
WEEK = timedelta(weeks=1)
SUNDAY = timedelta(days=6)
MONDAYS = {
    2025: tuple(date(2026, 5, 11) + week * WEEK for week in range(2)),
    2026: (date(2026, 8, 31), date(2026, 9, 7), date(2026, 10, 12)),
}
LAST = iso(MONDAYS[2026][-1])
"""A week that nobody who changed branch before is enrolled in at the first one."""
COUNTED = ("pupil_week", "dimension_week", "signal")
PERIODS = (("2025-08-01", "2026-07-31"), ("2026-08-01", "2026-10-30"))

Enrolled = Mapping[tuple[int, str], list[tuple[date, date]]]
"""From when until when each pupil is enrolled at a branch, by its number."""
Where = Mapping[str, str]
"""The branch of each pupil."""


@dataclass
class Sent:
    """A file of attendance: the branch, by its number, the school year, and its lines."""

    branch: int
    year: int
    lines: list[Line]


_branches = st.fixed_dictionaries({key: st.sampled_from(BRANCHES) for key in KEYS})
_categories = st.sampled_from(["unauthorised", "unauthorised", "authorised", "late", "sent_out"])


def _of_year(branch: int, year: int) -> st.SearchStrategy[Sent]:
    """Return files of a branch: marks, corrections, deletions, schedules and declarations."""
    mondays = st.sampled_from(MONDAYS[year])
    numbers = st.integers(0, 4)

    def key(number: int) -> str:
        """Return the key of a mark: one weekday each, so that few of them overlap."""
        return f"{branch}-{year}-{number}"

    marks = st.builds(
        lambda number, who, monday, units, category: absent(
            key(number), who, str(monday + timedelta(days=number)), 1, units, units * 45, category
        ),
        numbers, st.sampled_from(KEYS), mondays, st.sampled_from((1, 4, 6)), _categories,
    )  # fmt: skip
    line = st.one_of(
        marks,
        marks,
        st.builds(lambda number: deleted(id=key(number)), numbers),
        st.builds(lambda monday: complete(iso(monday)), mondays),
        st.builds(lambda monday: deleted(week=iso(monday)), mondays),
        st.builds(
            lambda who, monday, minutes: schedule(who, iso(monday), None, minutes, 30),
            st.sampled_from(KEYS), mondays, st.integers(1_400, 1_402),
        ),
    )  # fmt: skip
    found = st.lists(line, min_size=1, max_size=8, unique_by=_about)
    return st.builds(lambda given: Sent(branch, year, given), found)


def _about(line: Line) -> tuple[object, ...]:
    """Return what may stand in a file once."""
    if line["kind"] == "schedule":
        return ("schedule", line["pupil"], line["from"])
    return ("id", line["id"]) if "id" in line else ("week", line["week"])


_steps = st.lists(
    st.one_of(
        _branches,
        _branches,
        *(_of_year(branch, year) for branch in range(len(BRANCHES)) for year in MONDAYS),
    ),
    min_size=2,
    max_size=5,
)


@dataclass
class Story:
    """What was accepted: rosters as they came, and per branch and year the lines of attendance."""

    rosters: list[bytes] = field(default_factory=list[bytes])
    files: dict[tuple[int, int], list[list[Line]]] = field(
        default_factory=dict[tuple[int, int], list[list[Line]]]
    )

    def leave(self, enrolled: Enrolled) -> None:
        """Take back what lies in weeks of a branch in which a pupil is not enrolled there."""
        for (branch, year), files in self.files.items():
            files.append(
                [
                    {"kind": "left", "pupil": key, "week": str(monday)}
                    for key in KEYS
                    for monday in MONDAYS[year]
                    if not any(
                        first <= monday + SUNDAY and monday < until
                        for first, until in enrolled.get((branch, key), ())
                    )
                ]
            )

    def expected(self) -> dict[tuple[str, ...], tuple[int, ...]]:
        """Return the known weeks by branch, pupil and Monday, from the accepted lines alone."""
        found: dict[tuple[str, ...], tuple[int, ...]] = {}
        for branch, year in self.files:
            for (key, monday), totals in oracle(self.files[branch, year]).items():
                found[str(branch), key, monday] = totals
        return found


def _picture(school: School, where: Where, reference: date) -> bytes:
    year = reference.year if reference.month >= 8 else reference.year - 1
    return roster(
        school,
        [pupil(key, vestiging=branch, groep=None) for key, branch in where.items()],
        reference=str(reference),
        year=f"{year}-{year + 1}",
    )


def _standing(school: School, table: str) -> list[str]:
    """Return what stands in a table, by branch and pupil, without keys and instants."""
    columns = {
        "pupil_week": "t.monday, scheduled_minutes, scheduled_units, attended_minutes,"
        " attended_units",
        "dimension_week": "t.monday, dimension, data_class, minutes, times",
        "signal": "kind, rule_set, first_week, last_week, amount, unit, reached_on, data_class,"
        " (select array_agg(a.external_id order by a.external_id) from absence a"
        " where a.id = any (t.marks))",
    }[table]
    ended = "withdrawn_at" if table == "signal" else "replaced_at"
    return sorted(
        school.rows(
            f"select b.branch_code like '%01', p.external_id, {columns} from {table} t"
            " join pupil p on p.id = t.pupil_id join school_branch b on b.id = t.branch_id"
            f" where t.controller_id = '{school.board}' and t.{ended} is null"
        )
    )


def _enrolled(school: School) -> Enrolled:
    """Return the enrolments that are stored."""
    found: dict[tuple[int, str], list[tuple[date, date]]] = {}
    for row in school.rows(
        "select right(b.branch_code, 1), p.external_id, e.valid_from,"
        " coalesce(e.valid_until, '9999-01-01') from enrolment e join pupil p on p.id = e.pupil_id"
        f" join school_branch b on b.id = e.branch_id where e.controller_id = '{school.board}'"
    ):
        branch, key, first, until = row.split("|")
        period = (date.fromisoformat(first), date.fromisoformat(until))
        found.setdefault((int(branch), key), []).append(period)
    return found


def _known(school: School) -> dict[tuple[str, ...], tuple[int, ...]]:
    """Return the known weeks that stand, by branch, pupil and Monday."""
    found: dict[tuple[str, ...], tuple[int, ...]] = {}
    for row in _standing(school, "pupil_week"):
        second, key, monday, *numbers = row.split("|")
        minutes, units, *attended = numbers
        if attended[0]:
            totals = (int(minutes), int(attended[0]), int(units), int(attended[1]))
            found["1" if second == "t" else "0", key, monday] = totals
    return found


def _later(school: School) -> datetime:
    school.now = clock.at(school.now.instant + timedelta(minutes=1))
    return school.now.instant


async def _begin(school: School, story: Story) -> None:
    """Deliver a roster of each school year, and what is scheduled for everybody.

    The last week of each year is whole, and everybody missed some of it: who leaves before it
    leaves something behind.
    """
    where = dict.fromkeys(KEYS, BRANCHES[0])
    for reference in (date(2025, 10, 1), date(2026, 9, 1)):
        story.rosters.append(_picture(school, where, reference))
        assert (await school.roster(story.rosters[-1])).state == ReceiptState.ACCEPTED
    for year, mondays in MONDAYS.items():
        given = [schedule(key, iso(monday), None, 1_400, 30) for key in KEYS for monday in mondays]
        given.append(complete(iso(mondays[-1])))
        given += [absent(f"0-{year}-9{key}", key, str(mondays[-1]), 9, 1, 45) for key in KEYS]
        await _send(school, story, Sent(0, year, given))
        assert (0, year) in story.files


async def _send(school: School, story: Story, sent: Sent) -> None:
    """Deliver a file; it counts when it is accepted, and leaves nothing when it is refused."""
    outcome = await school.attendance(lines(*sent.lines), branch=sent.branch)
    if outcome.state == ReceiptState.ACCEPTED:
        story.files.setdefault((sent.branch, sent.year), []).append(sent.lines)


async def _both_years(school: School, known_at: datetime | None = None) -> list[Any]:
    return [await shown(school, known_at, period=period) for period in PERIODS]


async def _compute_again(school: School) -> None:
    """Take out all that is computed of a board's attendance, and compute it anew from its marks."""
    of_board = f"where controller_id = '{school.board}'"
    receipt = school.rows(f"select id from import_receipt {of_board} limit 1")[0]
    pupils = [UUID(key) for key in school.rows(f"select id from pupil {of_board}")]
    school.rows(
        f"delete from signal {of_board}; delete from dimension_week {of_board};"
        f" update pupil_week set attended_minutes = null, attended_units = null {of_board}"
        " and replaced_at is null"
    )
    request = ask(school.client, moment=school.now)
    for branch_id in school.branches:
        async with school.database.acting(request, Login.IMPORT) as session:
            branch = rollup.Branch(school.board, branch_id, school.now.instant)
            await rollup.refresh(session, branch)
            place = Place(school.board, branch_id, "VO", UUID(receipt))
            await renew_signals(session, place, pupils, span=(date.min, date(9999, 1, 1)))


@pytest.fixture(autouse=True)
def _in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is stored, rolled up and judged in pieces: so they are put together, too."""
    monkeypatch.setattr(deliveries, "MARKS_AT_ONCE", 2)
    monkeypatch.setattr(deliveries, "WEEKS_AT_ONCE", 3)
    monkeypatch.setattr(deliveries, "JUDGED_AT_ONCE", 1)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=_steps)
@example(
    steps=[
        {"1": "MAIN", "2": "SECOND"},
        Sent(1, 2026, [schedule("2", LAST, None, 1_402, 30), complete(LAST)]),
        {"1": "SECOND", "2": "MAIN"},
        Sent(0, 2026, [schedule("2", LAST, None, 1_401, 30)]),
        Sent(0, 2026, [absent("0-2026-92", "2", str(MONDAYS[2026][-1]), 9, 1, 45)]),
    ]
)
async def test_what_is_kept_equals_what_is_computed_from_scratch(
    database: TestDatabase, pools: Database, steps: list[Where | Sent]
) -> None:
    """After any imports, corrections and moves sums are as from scratch, and each past stays."""
    school = new_school(database, pools)
    story = Story()
    seen: list[tuple[datetime, list[Any]]] = []
    await _begin(school, story)
    for number, step in enumerate(steps):
        _later(school)
        if isinstance(step, Sent):
            await _send(school, story, step)
        else:
            story.rosters.append(_picture(school, step, date(2026, 9, 2) + number * WEEK))
            assert (await school.roster(story.rosters[-1])).state == ReceiptState.ACCEPTED
            story.leave(_enrolled(school))
        assert _known(school) == story.expected()
        seen.append((_later(school), await _both_years(school)))
    for instant, then in seen:
        assert await _both_years(school, instant) == then
    kept = {table: _standing(school, table) for table in COUNTED}
    _later(school)
    await _compute_again(school)
    assert {table: _standing(school, table) for table in COUNTED} == kept

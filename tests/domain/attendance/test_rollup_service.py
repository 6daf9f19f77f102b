"""The roll-up against an oracle that knows only the delivered files, and from scratch."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance import dimensions, rollup
from domain.database import Login, ask
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

KEYS = ("1", "2", "3")
MONDAYS = [date(2026, 8, 31) + timedelta(weeks=week) for week in range(6)]
Totals = dict[tuple[str, str], tuple[int, int, int, int]]


def iso(monday: date) -> str:
    """Return a week as the format writes it."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def oracle(files: Iterable[bytes]) -> Totals:
    """Compute scheduled and attended minutes and units per pupil and known week, from files alone.

    This reads the published format and nothing else: no code of the platform is used.
    """
    scheduled: dict[tuple[str, str], tuple[int, int]] = {}
    missed: dict[str, dict[str, object]] = {}
    known: set[str] = set()
    for data in files:
        for raw in data.splitlines():
            line = json.loads(raw)
            if line["kind"] == "schedule":
                week = date.fromisoformat(f"{line['from']}-1")
                while week <= date.fromisoformat(f"{line['until']}-1"):
                    scheduled[line["pupil"], str(week)] = (line["minutes"], line["lessonUnits"])
                    week += timedelta(days=7)
            elif line["kind"] == "delivered":
                known.add(str(date.fromisoformat(f"{line['week']}-1")))
            else:
                missed[line["id"]] = line
    minutes: defaultdict[tuple[str, str], int] = defaultdict(int)
    units: defaultdict[tuple[str, str], int] = defaultdict(int)
    for line in missed.values():
        day = date.fromisoformat(str(line["date"]))
        where = (str(line["pupil"]), str(day - timedelta(days=day.isoweekday() - 1)))
        minutes[where] += int(str(line["minutes"]))
        if line["category"] not in {"late", "sent_out"}:
            units[where] += int(str(line["lessonUnits"]))
    return {
        where: (total[0], total[0] - minutes[where], total[1], total[1] - units[where])
        for where, total in scheduled.items()
        if where[1] in known
    }


def stored(school: School) -> Totals:
    """Return the same from the roll-up."""
    found: Totals = {}
    for row in school.rows(
        "select p.external_id, w.monday, w.scheduled_minutes, w.attended_minutes,"
        " w.scheduled_units, w.attended_units from pupil_week w join pupil p on p.id = w.pupil_id"
        f" where w.controller_id = '{school.board}' and w.attended_minutes is not null"
        " and w.replaced_at is null"
    ):
        key, monday, *numbers = row.split("|")
        a, b, c, d = map(int, numbers)
        found[key, monday] = (a, b, c, d)
    return found


def rates(totals: Totals, first: date, last: date) -> dict[str, float]:
    """Return each pupil's rate over the known weeks from `first` to `last`."""
    result: dict[str, float] = {}
    for key in KEYS:
        weeks = [v for (k, m), v in totals.items() if k == key and str(first) <= m <= str(last)]
        if sum(week[0] for week in weeks):
            result[key] = sum(week[1] for week in weeks) / sum(week[0] for week in weeks)
    return result


def some_file(chance: random.Random, *, first: bool) -> bytes:
    """Return a random delivery; the ids are few, so that later files correct earlier ones."""
    entries = [schedule(key, iso(MONDAYS[0]), iso(MONDAYS[-1])) for key in KEYS] if first else []
    if not first and chance.random() < 0.5:
        monday = chance.choice(MONDAYS)
        entries.append(schedule(chance.choice(KEYS), iso(monday), None, 1400, 28))
    for number in chance.sample(range(18), 6):
        # Each id has a unit of its own, so that no two of one day overlap.
        day = chance.choice(MONDAYS) + timedelta(days=chance.randrange(5))
        category = chance.choice(["authorised", "unauthorised", "late", "sent_out"])
        minutes = chance.randrange(1, 45)
        entries.append(
            absent(f"A{number}", chance.choice(KEYS), str(day), number, 1, minutes, category)
        )
    entries += [complete(iso(monday)) for monday in chance.sample(MONDAYS, 2)]
    return lines(*entries)


@pytest.mark.parametrize("seed", range(6))
async def test_the_roll_up_equals_the_files(school: School, seed: int) -> None:
    """After any sequence of deliveries the roll-up and every rate equal what the files say."""
    await school.roster(roster(school, [pupil(key) for key in KEYS]))
    chance = random.Random(seed)
    files: list[bytes] = []
    for step in range(6):
        files.append(some_file(chance, first=step == 0))
        outcome = await school.attendance(files[-1])
        assert outcome.state == ReceiptState.ACCEPTED, outcome.problems
        expected, found = oracle(files), stored(school)
        assert found == expected
        for first, last in ((MONDAYS[0], MONDAYS[-1]), (MONDAYS[1], MONDAYS[3])):
            assert rates(found, first, last) == rates(expected, first, last)
    request = ask(school.client, moment=school.now)
    async with school.database.acting(request, Login.IMPORT) as session:
        branch = rollup.Branch(school.board, school.branches[0], school.now.instant)
        again = await rollup.refresh(session, branch)
    assert again.changed == 0


async def test_what_is_added_of_a_week_does_not_go_through_the_pupils_of_the_board(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Foreign keys of weeks and of sums find one pupil each, though nothing is known of the board.

    PostgreSQL takes a board that its statistics do not name for one of a single pupil.
    """
    read: list[int] = []

    def watch(module: Any, name: str) -> None:
        added = getattr(module, name)

        async def watched(session: AsyncSession, *given: Any, **named: Any) -> Any:
            before = await _pupils_read(session)
            done = await added(session, *given, **named)
            read.append(await _pupils_read(session) - before)
            return done

        monkeypatch.setattr(module, name, watched)

    watch(rollup, "bring_up_to_date")
    watch(dimensions, "refresh")
    await school.roster(roster(school, [pupil(f"O{number}") for number in range(200)]))
    board = uuid4()
    _give(school, of=school.board, to=board)
    keys = [str(number) for number in range(200)]
    await school.roster(roster(school, [pupil(key) for key in keys]))
    year = [schedule(key, "2026-W36", "2026-W40") for key in keys]
    missed = [absent(f"A{key}", key, "2026-09-01") for key in keys]
    outcome = await school.attendance(lines(*year, *missed))
    _give(school, of=board, to=school.board)
    assert outcome.counts["scheduled_weeks"]["new"] == 1_000
    assert school.number("dimension_week") == 200
    weeks, sums = read
    assert 1_000 <= weeks < 5_000
    assert 200 <= sums < 1_000


def _give(school: School, *, of: UUID, to: UUID) -> None:
    """Let the pupils of one board be another's, whether that is there or not."""
    school.rows(
        "set session_replication_role = replica;"
        f" update pupil set controller_id = '{to}' where controller_id = '{of}'; analyze pupil"
    )


async def _pupils_read(session: AsyncSession) -> int:
    """Return how many rows of pupils this transaction read so far."""
    read = await session.scalar(
        text(
            "select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_xact_user_tables"
            " where relname = 'pupil'"
        )
    )
    return int(read or 0)

"""A mark that a correction moved: the school explains by it, and no family reads it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain import clock
from domain.attendance.views import absences, presumed, reasons
from domain.database import Database, Login, ask
from domain.pupils.views import pupils
from domain.reading import Asked, Page, Reader, Root, Selection
from migrations.scripts import SQL
from permissions.vocabulary import Actor, Purpose, Role
from tests.conftest import TestDatabase
from tests.domain.imports.school import (
    EARLIER,
    NOW,
    School,
    absent,
    deleted,
    lines,
    new_school,
    pools,
    pupil,
    roster,
    schedule,
)
from tests.security.layers import shown as given_by

__all__ = ["pools"]
pytestmark = pytest.mark.asyncio(loop_scope="session")

HOUR = timedelta(hours=1)
BORN = {"1": "2012-05-06", "2": "2010-01-01"}
"""The first is under sixteen, whose guardian reads reasons; the second reads them herself."""
CODES = (Selection("code", "code"),)
PRESUMED = {"presumedCategory": "authorised", "presumedReason": "ILLNESS"}
VIEWS = (absences, reasons, presumed)
ROLES = (Role.GUARDIAN, Role.YOUNG_PERSON)
MOVING = {"absence": "id", "absence_reason": "absence_id", "absence_presumed": "absence_id"}
Marks = list[dict[str, Any]]


def person_of(school: School, key: str) -> str:
    """Return the young person behind a pupil's key."""
    where = f"controller_id = '{school.board}' and external_id = '{key}'"
    return school.rows(f"select young_person_id from pupil where {where}")[0]


def family(school: School) -> dict[str, Actor]:
    """Put in a guardian of each pupil and the account of each; return them by what they are."""
    found: dict[str, Actor] = {}
    for key in BORN:
        guardian, account, person = uuid4(), uuid4(), person_of(school, key)
        school.rows(
            f"insert into guardian values ('{guardian}');"
            "insert into guardian_authority values (gen_random_uuid(),"
            f" '{school.board}', '{guardian}', '{person}', '{EARLIER}', null);"
            "insert into own_account values (gen_random_uuid(),"
            f" '{school.board}', '{account}', '{person}', '{EARLIER}', null);"
        )
        for role, who in ((Role.GUARDIAN, guardian), (Role.YOUNG_PERSON, account)):
            found[f"{role} {key}"] = Actor(
                id=who, organisation=None, role=role, purpose=Purpose.OWN_DATA, client="tests"
            )
    return found


async def known(school: School, actor: Actor, then: datetime) -> tuple[Marks, list[Marks]]:
    """Return the marks that stood at an instant for an actor, and those of each signal then."""
    mark = (Selection("minutes", "minutes"), Selection("reason", "reason", (), CODES),
            Selection("presumed", "presumed", (), CODES))  # fmt: skip
    page = (Selection("nodes", "nodes", (), mark),)
    fields = (
        Selection("absences", "absences", (("asKnownAt", "then"),), page),
        Selection(
            "signals", "signals", (("asKnownAt", "then"),), (Selection("marks", "marks", (), page),)
        ),
    )
    asked = Selection("list", "list", (), (Selection("nodes", "nodes", (), fields),))
    async with school.database.reading(Login.APP) as connection:
        read = await Reader(school.database, b"c" * 32, ask(actor, moment=school.now)).read(
            connection, Root(pupils, paged=True), Asked(asked, {"then": then})
        )
    assert isinstance(read, Page)
    found = [row["nodes"] for row in read.rows]
    signals = [signal["marks"] for one in found for signal in one["signals"]]
    return (
        [mark["nodes"] for one in found for mark in one["absences"].rows],
        [[mark["nodes"] for mark in marks.rows] for marks in signals],
    )


async def minutes(school: School, actor: Actor, then: datetime) -> list[int]:
    """Return the minutes of the marks that stood at an instant for an actor."""
    return [mark["minutes"] for mark in (await known(school, actor, then))[0]]


async def begun(database: TestDatabase, pools: Database) -> tuple[School, dict[str, Actor]]:
    """Return a school with two scheduled pupils, and the pupils' families."""
    school = new_school(database, pools)
    born = [pupil(key, geboortedatum=day) for key, day in BORN.items()]
    await school.roster(roster(school, born))
    return school, family(school)


def mark(key: str, taken: int) -> dict[str, object]:
    """Return the one mark, of a pupil, with what is established and presumed of it."""
    line = dict(absent("M", key, "2026-09-01", 1, 1, taken, "unauthorised", "UNKNOWN"))
    return line | PRESUMED


async def test_a_family_reads_no_version_that_was_moved(
    database: TestDatabase, pools: Database
) -> None:
    """Corrected it stays as it was known; moved it is gone; back again it is theirs again."""
    school, people = await begun(database, pools)
    week = (schedule(who, "2026-W36") for who in BORN)
    await school.attendance(lines(*week, mark("1", 50)))
    theirs: list[list[int]] = []
    schools: list[list[int]] = []
    for who, taken in (("1", 40), ("2", 40), (None, 0), ("2", 30), (None, 0), ("1", 30)):
        school.now = clock.at(school.now.instant + HOUR)
        line = deleted(id="M") if who is None else mark(who, taken)
        await school.attendance(lines(line))
        first = [await minutes(school, people[f"{r} 1"], NOW.instant) for r in ROLES]
        assert first[0] == first[1]
        theirs.append(first[0])
        schools.append(await minutes(school, school.coordinator, NOW.instant))
    assert theirs == [[50], [], [], [], [], [50]]
    assert schools == [[50]] * 6


async def test_a_mark_deleted_and_delivered_for_another_is_moved(
    database: TestDatabase, pools: Database
) -> None:
    """A deletion takes nothing from what was known; the key's return for another pupil does."""
    school, people = await begun(database, pools)
    week = (schedule(who, "2026-W36") for who in BORN)
    await school.attendance(lines(*week, mark("1", 50)))
    found: list[tuple[list[int], list[int]]] = []
    for line in (deleted(id="M"), mark("2", 40)):
        school.now = clock.at(school.now.instant + HOUR)
        await school.attendance(lines(line))
        guardians = [people[f"guardian {key}"] for key in BORN]
        found.append(
            (
                await minutes(school, guardians[0], NOW.instant),
                await minutes(school, guardians[1], school.now.instant),
            )
        )
    assert found == [([50], []), ([], [40])]


async def test_the_database_alone_gives_a_family_no_moved_version(
    database: TestDatabase, pools: Database
) -> None:
    """With and without the compiled predicate no mark or what is told of it is another child's."""
    school, people = await begun(database, pools)
    week = (schedule(who, "2026-W36") for who in BORN)
    await school.attendance(lines(*week, mark("1", 50)))
    before = {
        view.name: await given_by(pools, people["guardian 1"], view, compiled=False)
        for view in VIEWS
    }
    assert all(before.values())
    school.now = clock.at(school.now.instant + HOUR)
    await school.attendance(lines(mark("2", 50)))
    for view in VIEWS:
        for compiled in (True, False):
            for role in ROLES:
                one = people[f"{role} 1"]
                assert not await given_by(pools, one, view, compiled=compiled), view.name
        # The school has both versions of each.
        both = await given_by(pools, school.coordinator, view, compiled=True)
        assert len(both) == 2 * len(before[view.name])


async def test_a_signal_lists_no_moved_mark_for_a_family(
    database: TestDatabase, pools: Database
) -> None:
    """A signal of then names what was moved from under it to the school alone."""
    school, people = await begun(database, pools)
    week = (schedule(who, "2026-W36") for who in BORN)
    days = [f"2026-09-{day:02}" for day in range(1, 5)]
    marks = [absent(day, "1", day, 1, 5, 250) for day in days]
    await school.attendance(lines(*week, *marks, {"kind": "delivered", "week": "2026-W36"}))
    then = school.now.instant
    assert [len(m) for m in (await known(school, people["guardian 1"], then))[1]] == [4]
    school.now = clock.at(then + HOUR)
    await school.attendance(lines({**marks[0], "pupil": "2"}))
    for actor, left in ((people["guardian 1"], 3), (school.coordinator, 4)):
        standing, of_signals = await known(school, actor, then)
        assert (len(standing), [len(m) for m in of_signals]) == (left, [left])


async def test_the_revision_marks_what_was_moved_before(
    database: TestDatabase, pools: Database
) -> None:
    """Versions from before the revision are marked as the intake would have marked them."""
    school, _ = await begun(database, pools)
    week = (schedule(who, "2026-W36") for who in BORN)
    await school.attendance(lines(*week, mark("1", 50), absent("N", "2", "2026-09-02")))
    for line in (mark("2", 50), mark("1", 40), deleted(id="N"), mark("2", 30), deleted(id="M")):
        school.now = clock.at(school.now.instant + HOUR)
        await school.attendance(lines(line))
    rows = " union all ".join(
        f"select '{table}', t.* from (select {key}, moved from {table}"
        f" where controller_id = '{school.board}') t"
        for table, key in MOVING.items()
    )
    said = sorted(school.rows(rows))
    assert {row.rsplit("|", 1)[1] for row in said} == {"t", "f"}
    school.rows("".join(f"update {table} set moved = false;" for table in MOVING))
    assert sorted(school.rows(rows)) != said
    script = (SQL / "0011_moved_marks" / "02_before.sql").read_text(encoding="utf-8")
    school.rows(f"set role schakel_owner; {script}")
    assert sorted(school.rows(rows)) == said

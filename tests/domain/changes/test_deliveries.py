"""What deliveries say in the feed: corrections, withdrawals, moves and new keys of pupils."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import clock
from domain.database import Login, ask
from domain.imports.receipts import Outcome, ReceiptState
from domain.imports.views import receipts
from domain.reading import Asked, Reader, Root, Selection
from tests.domain.changes.following import KEY, Follower, key_of
from tests.domain.imports.school import (
    School,
    absent,
    complete,
    deleted,
    lines,
    new_school,
    pupil,
    roster,
    schedule,
    school,
)
from tests.domain.imports.school import pools as pools_of_school

__all__ = ["school"]
pools = pools_of_school
pytestmark = pytest.mark.asyncio(loop_scope="session")

WEEKS = (schedule("1", "2026-W36", "2026-W37"), complete("2026-W36"), complete("2026-W37"))
SIX_DAYS = [absent(f"A{day}", "1", f"2026-09-{day:02d}", 1, 6, 300) for day in (1, 2, 3, 4, 7)]


def accepted(outcome: Outcome) -> Outcome:
    """Return an outcome that has to be good."""
    assert outcome.state == ReceiptState.ACCEPTED, outcome.problems
    return outcome


async def news(school: School, follower: Follower) -> list[str]:
    """Return what a follower is told that is new, an hour later."""
    school.now = clock.at(school.now.instant + timedelta(minutes=5))
    return await follower.news(school.now, of=school.test_database)


def coordinator(school: School) -> Follower:
    """Return the coordinator, following from the start."""
    return Follower(school.database, school.coordinator)


async def test_a_roster_tells_of_pupils_and_their_places(school: School) -> None:
    """New pupils, enrolments and places in classes are told once; the same roster tells nothing."""
    follower = coordinator(school)
    data = roster(school, [pupil("1"), pupil("2")])
    accepted(await school.roster(data))
    told = await news(school, follower)
    assert sorted(told) == [
        "classplace created", "classplace created", "enrolment created", "enrolment created",
        "pupil created", "pupil created",
    ]  # fmt: skip
    accepted(await school.roster(data))
    assert await news(school, follower) == []
    accepted(await school.roster(roster(school, [pupil("1", achternaam="New"), pupil("2")])))
    assert await news(school, follower) == ["pupil changed"]
    moved = [pupil("1", achternaam="New", groep="G2"), pupil("2")]
    accepted(await school.roster(roster(school, moved, reference="2026-10-15")))
    assert sorted(await news(school, follower)) == ["classplace changed", "classplace created"]


async def test_a_new_address_is_not_told_as_a_new_identity(school: School) -> None:
    """Where somebody lives is another class: whoever may not read it does not hear of it."""
    follower = coordinator(school)
    accepted(await school.roster(roster(school, [pupil("1")])))
    await news(school, follower)
    accepted(await school.roster(roster(school, [pupil("1", postcodenl="9999ZZ")])))
    assert school.number("pupil_residence", "postcode = '9999ZZ'") == 1
    assert await news(school, follower) == []


async def test_a_new_key_of_a_pupil_is_one_change_from_the_old_record(school: School) -> None:
    """The same young person under another key: the old record's id leads to the new one's."""
    follower = coordinator(school)
    accepted(await school.roster(roster(school, [pupil("old", bsn="111222333")])))
    await news(school, follower)
    accepted(
        await school.roster(roster(school, [pupil("new", bsn="111222333")], reference="2026-10-15"))
    )
    told = await news(school, follower)
    assert told.count("pupil key_changed") == 1
    assert "pupil created" not in told
    change = next(row for row in follower.told if row["change"] == "key_changed")
    ids = school.rows(
        "select external_id, replace(id::text, '-', '') from pupil"
        f" where controller_id = '{school.board}' order by 1"
    )
    assert ids == [f"new|{key_of(change['objectId'])}", f"old|{key_of(change['formerId'])}"]


async def test_a_correction_is_told_by_class(school: School) -> None:
    """A new version follows the old; of another class it is a deletion there and a birth here."""
    follower = coordinator(school)
    accepted(await school.roster(roster(school, [pupil("1")])))
    await news(school, follower)
    accepted(await school.attendance(lines(*WEEKS, absent("A1", "1", "2026-09-04"))))
    assert await news(school, follower) == ["absence created", "attendance changed"]
    first = follower.told[-2]["objectId"]
    accepted(await school.attendance(lines(absent("A1", "1", "2026-09-04", units=2, minutes=100))))
    assert await news(school, follower) == ["absence changed", "attendance changed"]
    second = follower.told[-2]
    assert second["formerId"] == first
    accepted(
        await school.attendance(
            lines(absent("A1", "1", "2026-09-04", 1, 2, 100, "authorised", "ILLNESS"))
        )
    )
    assert await news(school, follower) == [
        "absence deleted", "absence created", "attendance changed",
    ]  # fmt: skip
    gone, born = follower.told[-3:-1]
    assert (gone["objectId"], gone["dataClass"]) == (
        second["objectId"],
        "attendance.unauthorised",
    )
    assert (born["formerId"], born["dataClass"]) == (None, "attendance.authorised")


async def test_a_deletion_at_the_source_is_told(school: School) -> None:
    """A mark that the school deleted is told under its own id and class, and once."""
    follower = coordinator(school)
    accepted(await school.roster(roster(school, [pupil("1")])))
    accepted(await school.attendance(lines(*WEEKS, absent("A1", "1", "2026-09-04"))))
    await news(school, follower)
    born = next(row for row in follower.told if row["kind"] == "absence")
    accepted(await school.attendance(lines(deleted(id="A1"), deleted(id="NEVER"))))
    assert await news(school, follower) == ["absence deleted", "attendance changed"]
    gone = follower.told[-2]
    assert (gone["objectId"], gone["formerId"], gone["dataClass"]) == (
        born["objectId"],
        None,
        "attendance.unauthorised",
    )
    accepted(await school.attendance(lines(deleted(id="A1"))))
    assert await news(school, follower) == []


async def test_a_signal_is_told_and_its_withdrawal(school: School) -> None:
    """What a delivery makes of sixteen hours is told, and that a correction took it away."""
    follower = coordinator(school)
    accepted(await school.roster(roster(school, [pupil("1")])))
    accepted(await school.attendance(lines(*WEEKS, *SIX_DAYS)))
    assert "signal created" in await news(school, follower)
    accepted(
        await school.attendance(
            lines(absent("A1", "1", "2026-09-01", 1, 6, 300, "authorised", "ILLNESS"),
                  absent("A2", "1", "2026-09-02", 1, 6, 300, "authorised", "ILLNESS"),
                  absent("A3", "1", "2026-09-03", 1, 6, 300, "authorised", "ILLNESS"))
        )
    )  # fmt: skip
    assert "signal deleted" in await news(school, follower)


async def test_a_board_hears_nothing_of_another(school: School) -> None:
    """A coordinator elsewhere, and this one of what happens there, are told nothing."""
    other = new_school(school.test_database, school.database)
    here, there = coordinator(school), coordinator(other)
    accepted(await school.roster(roster(school, [pupil("1")])))
    assert len(await news(school, here)) == 3
    assert await news(school, there) == []
    accepted(await other.roster(roster(other, [pupil("1")])))
    assert await news(school, here) == []
    assert len(await news(school, there)) == 3


async def test_a_system_is_told_of_its_own_deliveries_and_what_they_changed(
    school: School,
) -> None:
    """Its feed has its receipts, refused ones too; a receipt lists what the delivery changed."""
    system = Follower(school.database, school.client)
    stranger = Follower(school.database, new_school(school.test_database, school.database).client)
    accepted(await school.roster(roster(school, [pupil("1")])))
    refused = await school.roster(roster(school, [pupil("1")], brin="00ZZ"))
    assert refused.state == ReceiptState.REFUSED
    tried = await school.roster(roster(school, [pupil("1"), pupil("2")]), dry_run=True)
    assert tried.dry_run
    assert await news(school, system) == ["receipt changed"] * 3
    assert await news(school, stranger) == []
    assert [row["pupilId"] for row in system.told] == [None] * 3
    changed = Selection(
        "changes", "changes", (), (Selection("nodes", "nodes", (), (Selection("kind", "kind"),)),)
    )
    asked = Selection(
        "list", "list", (),
        (Selection("nodes", "nodes", (), (Selection("dryRun", "dry"), changed)),),
    )  # fmt: skip
    async with school.database.reading(Login.APP) as connection:
        page = await Reader(school.database, KEY, ask(school.client, moment=school.now)).read(
            connection, Root(receipts, paged=True), Asked(asked)
        )
    told = sorted(
        sorted(change["nodes"]["kind"] for change in row["nodes"]["changes"].rows)
        for row in page.rows  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue] - a page
    )
    assert told == [["classplace", "enrolment", "pupil", "receipt"], ["receipt"], ["receipt"]]

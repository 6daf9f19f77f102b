"""Notices and requests for leave over GraphQL: the whole way, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from domain import clock
from domain.reference.calendar import HolidayRegion, school_year_of, teaching_calendar
from tests.api.chain.conftest import Line, opaque

pytestmark = pytest.mark.asyncio

NOTICE = "id dataClass state firstDay lastDay"
WHY = "Canarievogel: her grandmother is dying far away."


def a_monday() -> date:
    """Return the Monday of the next week with school in every holiday region, as far as known."""
    today = clock.now().today
    monday = today - timedelta(days=today.weekday())
    for week in range(1, 20):
        day = monday + timedelta(weeks=week)
        calendars = [teaching_calendar(school_year_of(day), region) for region in HolidayRegion]
        if all(calendar is None or day in calendar.teaching_weeks for calendar in calendars):
            return day
    raise AssertionError


async def noticed(line: Line) -> list[dict[str, Any]]:
    """Return the notices of the pupil as the mother sees them."""
    [pupil] = await line.nodes(
        line.chain.mother, "pupils", f"notices(first: 9) {{ nodes {{ {NOTICE} }} }}"
    )
    found: list[dict[str, Any]] = pupil["notices"]["nodes"]
    return found


async def requested(line: Line) -> list[dict[str, Any]]:
    """Return the requests for leave as the mother sees them."""
    return await line.nodes(line.chain.mother, "leaveRequests", "id state decider")


async def test_an_illness_is_notified_and_ended(line: Line) -> None:
    """A mother notifies that her child is ill and later that it is well; then it is settled."""
    chain, today = line.chain, clock.now().today
    given = {"pupilId": line.pupil, "kind": "illness", "firstDay": str(today)}
    await line.done(chain.mother, "notifyAbsence", **given)
    [notice] = await noticed(line)
    assert (notice["dataClass"], notice["state"]) == ("notice.illness", "notified")
    which = {"noticeId": notice["id"]}
    for actor in (chain.head, chain.neighbour, chain.officer):
        told = await line.refused(actor, "endNotice", **which, lastDay=str(today))
        assert told == ("NOT_FOUND", ["noticeId"])
    late = str(today + timedelta(days=1))
    told = await line.refused(chain.mother, "endNotice", **which, lastDay=late)
    assert told == ("INVALID", ["lastDay"])
    await line.done(chain.mother, "endNotice", **which, lastDay=str(today))
    assert [n["state"] for n in await noticed(line)] == ["ended"]
    told = await line.refused(chain.mother, "withdrawNotice", **which)
    assert told == ("CONFLICT", ["noticeId"])


async def test_a_notice_is_withdrawn(line: Line) -> None:
    """A notice that was a mistake is withdrawn and stays on record as that."""
    given = {"pupilId": line.pupil, "kind": "illness", "firstDay": str(clock.now().today)}
    await line.done(line.chain.mother, "notifyAbsence", **given)
    [notice] = await noticed(line)
    await line.done(line.chain.mother, "withdrawNotice", noticeId=notice["id"])
    assert [n["state"] for n in await noticed(line)] == ["withdrawn"]


async def test_what_is_no_notice(line: Line) -> None:
    """Unknown kinds, days to come and pupils of others are refused, by the field."""
    today = clock.now().today
    good = {"pupilId": line.pupil, "kind": "illness", "firstDay": str(today)}
    for change, told in (
        ({"kind": "Canarievogel"}, ("INVALID", ["kind"])),
        ({"firstDay": str(today + timedelta(days=1))}, ("INVALID", ["firstDay"])),
        ({"lastDay": str(today - timedelta(days=1))}, ("INVALID", ["lastDay"])),
        ({"pupilId": opaque("pupil", 7)}, ("NOT_FOUND", ["pupilId"])),
    ):
        assert await line.refused(line.chain.mother, "notifyAbsence", **good | change) == told
    told = await line.refused(line.chain.officer, "notifyAbsence", **good)
    assert told == ("NOT_FOUND", ["pupilId"])
    assert await noticed(line) == []


async def test_leave_is_requested_and_decided(line: Line) -> None:
    """The head decides on three days, once; nobody else does."""
    chain, monday = line.chain, a_monday()
    given = {
        "pupilId": line.pupil,
        "ground": "weighty",
        "firstDay": str(monday),
        "lastDay": str(monday + timedelta(days=2)),
        "explanation": WHY,
    }
    await line.done(chain.mother, "requestLeave", **given)
    [leave] = await requested(line)
    assert (leave["state"], leave["decider"]) == ("submitted", "head")
    decided = {"leaveId": leave["id"], "granted": True}
    for actor in (chain.mother, chain.coordinator, chain.officer, chain.neighbour):
        told = await line.refused(actor, "decideLeave", **decided)
        assert told == ("NOT_FOUND", ["leaveId"])
    await line.done(chain.head, "decideLeave", **decided)
    assert [r["state"] for r in await requested(line)] == ["granted"]
    code, path = await line.refused(chain.head, "decideLeave", **decided)
    assert (code, path) == ("CONFLICT", ["leaveId"])


async def test_leave_is_withdrawn(line: Line) -> None:
    """Who asked withdraws; the same request under the same key is made once."""
    chain, monday = line.chain, a_monday()
    given = {
        "pupilId": line.pupil,
        "ground": "weighty",
        "firstDay": str(monday),
        "lastDay": str(monday),
        "explanation": WHY,
        "idempotencyKey": "once",
    }
    for _ in range(2):
        await line.done(chain.mother, "requestLeave", **given)
    [leave] = await requested(line)
    told = await line.refused(chain.head, "withdrawLeave", leaveId=leave["id"])
    assert told == ("NOT_FOUND", ["leaveId"])
    await line.done(chain.mother, "withdrawLeave", leaveId=leave["id"])
    assert [r["state"] for r in await requested(line)] == ["withdrawn"]

"""The way of a request for leave, and who sees what of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest

from domain.errors import Conflict, Invalid, NotFound
from domain.leave.services import (
    Wanted,
    decide_leave,
    give_view_on_leave,
    request_leave,
    withdraw_leave,
)
from domain.leave.views import explanations, leave_requests
from domain.reading import View
from tests.domain.cases.whole_chain import WholeChain

pytestmark = pytest.mark.asyncio

WHY = "A funeral far away; she needs the days."
SHORT = Wanted(
    ground="weighty", first_day=date(2026, 4, 13), last_day=date(2026, 4, 15), explanation=WHY
)
LONG = Wanted(
    ground="weighty", first_day=date(2026, 5, 11), last_day=date(2026, 6, 5), explanation=WHY
)
HOLIDAY = Wanted(
    ground="holiday", first_day=date(2026, 4, 13), last_day=date(2026, 4, 17), explanation=WHY
)

OVER_MAY = Wanted(
    ground="weighty", first_day=date(2026, 4, 20), last_day=date(2026, 5, 1), explanation=WHY
)
LONG_HOLIDAY = Wanted(
    ground="holiday", first_day=date(2026, 4, 20), last_day=date(2026, 5, 7), explanation=WHY
)
FIRST_WEEKS = Wanted(
    ground="holiday", first_day=date(2026, 9, 7), last_day=date(2026, 9, 9), explanation=WHY
)


async def requested(whole: WholeChain, wanted: Wanted = SHORT) -> UUID:
    """Request leave as the mother."""
    return await whole.act(whole.mother, request_leave, pupil_id=whole.pupil, wanted=wanted)


def state(whole: WholeChain, leave: UUID) -> list[str]:
    """Look past the rules at a request: state, who decides, school days."""
    return whole.rows(f"select state, decider, school_days from leave_request where id = '{leave}'")


async def readers(whole: WholeChain, view: View) -> set[str]:
    """Return who sees a row of a view, by role; none of them works elsewhere."""
    seen = [actor for actor in whole.everyone if view.name in await whole.sees(actor)]
    assert not {whole.neighbour, whole.officer_elsewhere} & set(seen)
    return {str(actor.role) for actor in seen}


async def test_the_head_grants_up_to_ten_days(whole: WholeChain) -> None:
    """A short request is the head's, who grants it; each step leaves its trace."""
    leave = await requested(whole)
    assert state(whole, leave) == ["submitted|head|3"]
    await whole.act(whole.head, decide_leave, leave_id=leave, granted=True)
    assert state(whole, leave) == ["granted|head|3"]
    acts = [line.split("|")[0] for line in whole.traces(leave)]
    assert acts == ["leave_requested", "leave_decided"]


async def test_above_ten_days_the_officer_decides_after_hearing_the_head(
    whole: WholeChain,
) -> None:
    """The head cannot decide, and the officer of the residence not before the head was heard."""
    leave = await requested(whole, LONG)
    assert state(whole, leave)[0].startswith("submitted|officer|")
    with pytest.raises(NotFound):
        await whole.act(whole.head, decide_leave, leave_id=leave, granted=True)
    with pytest.raises(Conflict):
        await whole.act(whole.officer, decide_leave, leave_id=leave, granted=True)
    await whole.act(whole.head, give_view_on_leave, leave_id=leave, view="supports")
    with pytest.raises(NotFound):
        await whole.act(whole.officer_elsewhere, decide_leave, leave_id=leave, granted=True)
    await whole.act(whole.officer, decide_leave, leave_id=leave, granted=False)
    assert state(whole, leave)[0].startswith("refused|officer|")


async def test_who_sees_a_request_above_ten_days(whole: WholeChain) -> None:
    """School, family and the office of residence see it; why it is asked sees who decides."""
    await requested(whole, LONG)
    assert await readers(whole, leave_requests) == {
        "mentor", "attendance_coordinator", "head_of_school", "attendance_officer", "guardian",
    }  # fmt: skip
    assert await readers(whole, explanations) == {"head_of_school", "attendance_officer"}


async def test_an_officer_sees_nothing_of_what_the_head_decides(whole: WholeChain) -> None:
    """Up to ten days no officer sees that leave was asked at all."""
    await requested(whole)
    assert "attendance_officer" not in await readers(whole, leave_requests)


async def test_what_was_granted_since_is_counted_again(whole: WholeChain) -> None:
    """Two requests of eight days: after the first was granted the head cannot grant the other."""
    eight = Wanted(
        ground="weighty", first_day=date(2026, 4, 13), last_day=date(2026, 4, 22), explanation=WHY
    )
    one, other = await requested(whole, eight), await requested(whole, eight)
    await whole.act(whole.head, decide_leave, leave_id=one, granted=True)
    with pytest.raises(Conflict, match="above_what_the_head_decides"):
        await whole.act(whole.head, decide_leave, leave_id=other, granted=True)
    await whole.act(whole.head, decide_leave, leave_id=other, granted=False)


async def test_two_decisions_at_once_are_counted_one_after_the_other(whole: WholeChain) -> None:
    """Deciding on two requests at the same time does not grant more than the law allows."""
    eight = Wanted(
        ground="weighty", first_day=date(2026, 4, 13), last_day=date(2026, 4, 22), explanation=WHY
    )
    one, other = await requested(whole, eight), await requested(whole, eight)
    met = await whole.overlapping(
        (whole.head, decide_leave, {"leave_id": one, "granted": True}),
        (whole.head, decide_leave, {"leave_id": other, "granted": True}),
    )
    assert isinstance(met, Conflict)


async def test_holiday_leave_is_granted_once_a_year(whole: WholeChain) -> None:
    """A second holiday may be requested, and refused, but not granted."""
    first, second = await requested(whole, HOLIDAY), await requested(whole, HOLIDAY)
    await whole.act(whole.head, decide_leave, leave_id=first, granted=True)
    with pytest.raises(Conflict, match="holiday_once_a_year"):
        await whole.act(whole.head, decide_leave, leave_id=second, granted=True)
    await whole.act(whole.head, decide_leave, leave_id=second, granted=False)
    assert state(whole, second)[0].startswith("refused")


async def test_a_decision_is_final(whole: WholeChain) -> None:
    """What was decided is not decided, heard or withdrawn again."""
    leave = await requested(whole)
    await whole.act(whole.head, decide_leave, leave_id=leave, granted=True)
    with pytest.raises(Conflict):
        await whole.act(whole.head, decide_leave, leave_id=leave, granted=False)
    with pytest.raises(Conflict):
        await whole.act(whole.head, give_view_on_leave, leave_id=leave, view="opposes")
    with pytest.raises(Conflict):
        await whole.act(whole.mother, withdraw_leave, leave_id=leave)


async def test_only_who_asked_withdraws(whole: WholeChain) -> None:
    """The other parent sees the request and cannot withdraw it; who made it can."""
    leave = await requested(whole)
    with pytest.raises(NotFound):
        await whole.act(whole.guardian, withdraw_leave, leave_id=leave)
    await whole.act(whole.mother, withdraw_leave, leave_id=leave)
    assert state(whole, leave)[0].startswith("withdrawn")


async def test_only_who_has_authority_asks(whole: WholeChain) -> None:
    """Everybody else, a parent without authority too, is answered as if there were no pupil."""
    for actor in whole.all_but(whole.mother, whole.guardian):
        with pytest.raises(NotFound):
            await whole.act(actor, request_leave, pupil_id=whole.pupil, wanted=SHORT)


async def test_only_the_head_decides_on_what_is_the_heads(whole: WholeChain) -> None:
    """Nobody but the head of the pupil's school decides on a short request."""
    leave = await requested(whole)
    for actor in whole.all_but(whole.head):
        with pytest.raises(NotFound):
            await whole.act(actor, decide_leave, leave_id=leave, granted=True)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted(ground="ski", first_day=SHORT.first_day, last_day=SHORT.last_day, explanation=WHY),
         "ground"),
        (Wanted(ground="weighty", first_day=SHORT.last_day, last_day=SHORT.first_day,
                explanation=WHY), "lastDay"),
        (Wanted(ground="weighty", first_day=date(2026, 7, 30), last_day=date(2026, 8, 3),
                explanation=WHY), "lastDay"),
        (Wanted(ground="weighty", first_day=date(2026, 4, 11), last_day=date(2026, 4, 12),
                explanation=WHY), "firstDay"),
        (Wanted(ground="weighty", first_day=SHORT.first_day, last_day=SHORT.last_day,
                explanation="  "), "explanation"),
    ],
)  # fmt: skip
async def test_what_is_no_request(whole: WholeChain, wanted: Wanted, field: str) -> None:
    """A ground, days or an explanation that cannot be is refused at the field it is about."""
    with pytest.raises(Invalid) as refused:
        await requested(whole, wanted)
    assert refused.value.path == (field,)


async def test_without_a_municipality_no_officer_can_decide(whole: WholeChain) -> None:
    """Above ten days, residence unknown: the parent is told what to do, and nothing is kept."""
    whole.rows(f"delete from pupil_residence where pupil_id = '{whole.pupil}'")
    with pytest.raises(Invalid, match="municipality"):
        await requested(whole, LONG)
    assert whole.rows(f"select * from leave_request where pupil_id = '{whole.pupil}'") == []


def protect(whole: WholeChain) -> None:
    """Keep where the young person is from the family."""
    whole.add(
        "whereabouts_protection",
        controller_id=whole.board,
        young_person_id=whole.young_person,
        valid_from="2020-01-01T00:00:00Z",
    )
    whole.put()


@pytest.fixture
def in_utrecht(whole: WholeChain) -> Iterator[None]:
    """The municipality of the school lies in the central holiday region."""
    whole.rows(
        "insert into directory_region (id, code, name) values (gen_random_uuid(), '98', 'R')"
        " on conflict do nothing; insert into directory_municipality"
        " (id, code, name, search_name, province, region_code) values"
        " (gen_random_uuid(), '9001', 'P', 'p', 'Utrecht', '98') on conflict do nothing"
    )
    yield
    whole.rows("delete from directory_municipality where code = '9001'")


async def test_protected_whereabouts_do_not_keep_a_parent_from_asking(whole: WholeChain) -> None:
    """A parent to whom the school and residence are protected may still request leave."""
    protect(whole)
    assert state(whole, await requested(whole)) == ["submitted|head|3"]


@pytest.mark.usefixtures("in_utrecht")
async def test_days_are_counted_in_the_calendar_of_the_school(whole: WholeChain) -> None:
    """Where the school's region is known its holidays are left out: two weeks, of which one."""
    assert state(whole, await requested(whole, OVER_MAY)) == ["submitted|head|5"]


@pytest.mark.usefixtures("in_utrecht")
async def test_a_request_tells_no_protected_region(whole: WholeChain) -> None:
    """To whom whereabouts are protected weekdays are counted, and no first weeks are known."""
    protect(whole)
    for wanted, days in ((OVER_MAY, 10), (FIRST_WEEKS, 3)):
        leave = await requested(whole, wanted)
        assert whole.rows(
            "select school_days, calendar_known, cardinality(obstacles) from leave_request"
            f" where id = '{leave}'"
        ) == [f"{days}|f|0"]


@pytest.mark.usefixtures("in_utrecht")
async def test_the_head_judges_by_the_real_calendar(whole: WholeChain) -> None:
    """The head cannot grant a holiday in the first weeks, and can one over a school holiday."""
    protect(whole)
    early, over = await requested(whole, FIRST_WEEKS), await requested(whole, LONG_HOLIDAY)
    with pytest.raises(Conflict, match="holiday_in_first_weeks"):
        await whole.act(whole.head, decide_leave, leave_id=early, granted=True)
    await whole.act(whole.head, decide_leave, leave_id=over, granted=True)
    assert state(whole, over) == ["granted|head|14"]

"""Notices of illness and of duties of belief, and who sees them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.errors import Conflict, Invalid, NotFound
from domain.leave.notices import end_notice, notify_absence, withdraw_notice
from domain.leave.views import notices
from tests.domain.cases.whole_chain import WholeChain

pytestmark = pytest.mark.asyncio

TODAY = date(2026, 3, 16)
SEEN = notices.name


async def notified(whole: WholeChain, **changed: Any) -> UUID:
    """Notify as the mother, by default that the child is ill today."""
    given = {"kind": "illness", "first_day": TODAY, "last_day": None} | changed
    return await whole.act(whole.mother, notify_absence, pupil_id=whole.pupil, **given)


async def readers(whole: WholeChain) -> set[str]:
    """Return the roles of those who see a notice."""
    return {str(actor.role) for actor in whole.everyone if SEEN in await whole.sees(actor)}


def row(whole: WholeChain, notice: UUID) -> list[str]:
    """Look past the rules at a notice: state, last day, in time."""
    return whole.rows(f"select state, last_day, in_time from absence_notice where id = '{notice}'")


async def test_an_illness_is_notified_and_ends(whole: WholeChain) -> None:
    """An illness lasts until the guardian says which day was the last."""
    notice = await notified(whole)
    assert row(whole, notice) == ["notified||t"]
    await whole.act(whole.mother, end_notice, notice_id=notice, last_day=TODAY)
    assert row(whole, notice) == ["ended|2026-03-16|t"]
    assert [line.split("|")[0] for line in whole.traces(notice)] == [
        "absence_notified", "notice_ended",
    ]  # fmt: skip


async def test_who_sees_an_illness(whole: WholeChain) -> None:
    """That a child is ill sees its school by assignment and the family, nobody of the chain."""
    await notified(whole)
    assert await readers(whole) == {
        "mentor", "attendance_coordinator", "head_of_school", "guardian",
    }  # fmt: skip


async def test_who_sees_a_duty_of_belief(whole: WholeChain) -> None:
    """A duty of belief is told to the head, and to nobody else at school."""
    await notified(whole, kind="belief", first_day=date(2026, 3, 20), last_day=date(2026, 3, 20))
    assert await readers(whole) == {"head_of_school", "guardian"}


async def test_a_late_notice_is_kept_and_says_so(whole: WholeChain) -> None:
    """A term that was missed is told, and is no reason to refuse what is true."""
    late = await notified(whole, first_day=date(2026, 3, 12))
    assert row(whole, late) == ["notified||f"]
    tomorrow = date(2026, 3, 17)
    late = await notified(whole, kind="belief", first_day=tomorrow, last_day=tomorrow)
    assert row(whole, late) == ["notified|2026-03-17|f"]


async def test_a_notice_is_settled_once_by_who_made_it(whole: WholeChain) -> None:
    """The other parent settles nothing, and what is settled stays so."""
    notice = await notified(whole)
    for actor in whole.all_but(whole.mother):
        with pytest.raises(NotFound):
            await whole.act(actor, withdraw_notice, notice_id=notice)
    await whole.act(whole.mother, withdraw_notice, notice_id=notice)
    with pytest.raises(Conflict):
        await whole.act(whole.mother, end_notice, notice_id=notice, last_day=TODAY)


async def test_only_who_has_authority_notifies(whole: WholeChain) -> None:
    """Everybody else is answered as if there were no such pupil."""
    for actor in whole.all_but(whole.mother, whole.guardian):
        with pytest.raises(NotFound):
            await whole.act(
                actor, notify_absence, pupil_id=whole.pupil,
                kind="illness", first_day=TODAY, last_day=None,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "tired"}, "kind"),
        ({"first_day": date(2026, 3, 17)}, "firstDay"),
        ({"first_day": date(2020, 1, 1)}, "firstDay"),
        ({"last_day": date(2026, 3, 1)}, "lastDay"),
        ({"kind": "belief", "first_day": date(2026, 3, 20)}, "lastDay"),
    ],
)
async def test_what_is_no_notice(whole: WholeChain, given: dict[str, Any], field: str) -> None:
    """A kind or day that cannot be is refused at the field it is about."""
    with pytest.raises(Invalid) as refused:
        await notified(whole, **given)
    assert refused.value.path == (field,)


async def test_from_16_a_guardian_notifies_and_the_young_person_reads(whole: WholeChain) -> None:
    """At 16 the notice is the young person's own; the guardian still notifies and ends it."""
    whole.rows(f"update pupil set birth_date = '2009-01-01' where id = '{whole.pupil}'")
    herself = whole.own_account()
    notice = await notified(whole)
    assert SEEN not in await whole.sees(whole.mother)
    assert SEEN in await whole.sees(herself)
    await whole.act(whole.mother, end_notice, notice_id=notice, last_day=TODAY)

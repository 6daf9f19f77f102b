"""Withholding a case's work from parents: from one or from all, for a reason, until a date."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.cases.consent import withhold_file
from domain.cases.services import close_case
from domain.errors import Invalid, NotFound
from domain.notes.services import add_note
from permissions.vocabulary import DataClass
from tests.domain.cases.acting import BEGUN, EARLIER
from tests.domain.cases.whole_chain import WholeChain

pytestmark = pytest.mark.asyncio

UNTIL = BEGUN + timedelta(days=30)


def inputs(case: object, **given: Any) -> dict[str, Any]:
    """Return what the lead says when withholding from everyone."""
    return {
        "case_id": case,
        "guardian_id": None,
        "ground": "A court order.",
        "until": UNTIL,
    } | given


async def worked(whole: WholeChain) -> UUID:
    """Open a case with a note in it."""
    case = await whole.opened()
    note = {"data_class": DataClass.NOTE_GENERAL, "text": "A first talk."}
    await whole.act(whole.lead, add_note, case_id=case, **note)
    return case


async def work_seen(whole: WholeChain, at: datetime | None = None) -> tuple[int, int]:
    """Return how many notes the father and the mother see."""
    father, mother = [await whole.sees(who, at) for who in (whole.guardian, whole.mother)]
    assert father["case"] == mother["case"] == 1
    return father.get("note", 0), mother.get("note", 0)


async def test_from_one_parent_until_a_date(whole: WholeChain) -> None:
    """That parent sees that there is a case and none of its work until then; the other sees all."""
    case = await worked(whole)
    assert await work_seen(whole) == (1, 1)
    await whole.act(whole.lead, withhold_file, **inputs(case, guardian_id=whole.guardian.id))
    assert await work_seen(whole) == (0, 1)
    assert await work_seen(whole, UNTIL - timedelta(microseconds=1)) == (0, 1)
    assert await work_seen(whole, UNTIL) == (1, 1)
    [made] = whole.rows(f"select id, ground from withholding where case_id = '{case}'")
    withholding, ground = made.split("|")
    assert ground == "A court order."
    traced = f"file_withheld|{whole.lead.id}|{whole.young_person}"
    assert traced in whole.rows(
        "select act, actor_id, array_to_string(young_persons, ',') from trace"
        f" where about = '{withholding}'"
    )


async def test_from_everyone(whole: WholeChain) -> None:
    """Without a parent's name it is withheld from both, and nobody else sees less."""
    case = await worked(whole)
    before = await whole.sees(whole.lead)
    await whole.act(whole.lead, withhold_file, **inputs(case))
    assert await work_seen(whole) == (0, 0)
    assert await whole.sees(whole.lead) == before


async def test_who_may_withhold(whole: WholeChain) -> None:
    """The case's lead alone; nobody by another case's id."""
    case = await worked(whole)
    await whole.joined(case, whole.worker)
    for actor in whole.all_but(whole.lead):
        with pytest.raises(NotFound):
            await whole.act(actor, withhold_file, **inputs(case))
    with pytest.raises(NotFound):
        await whole.act(whole.lead, withhold_file, **inputs(uuid4()))


async def test_a_closed_case_can_be_withheld(whole: WholeChain) -> None:
    """By who opened it, while working at the office that keeps it; and nothing else opens."""
    case = await worked(whole)
    await whole.joined(case, whole.worker)
    await whole.act(whole.lead, close_case, case_id=case, outcome="attending_again")
    assert await work_seen(whole) == (1, 1)
    for actor in whole.all_but(whole.lead):
        with pytest.raises(NotFound):
            await whole.act(actor, withhold_file, **inputs(case))
    before = await whole.sees(whole.lead)
    assert "case" not in before
    await whole.act(whole.lead, withhold_file, **inputs(case, guardian_id=whole.guardian.id))
    assert await work_seen(whole) == (0, 1)
    assert await whole.sees(whole.lead) == before
    await whole.act(whole.lead, withhold_file, **inputs(case))
    assert await work_seen(whole) == (0, 0)
    whole.ended_work(whole.lead)
    with pytest.raises(NotFound):
        await whole.act(whole.lead, withhold_file, **inputs(case))


async def test_a_parent_of_nobody_here_and_nobody_are_alike(whole: WholeChain) -> None:
    """Another child's parent, one whom another board registered, and an unknown: not found."""
    case = await worked(whole)
    stranger = whole.add("guardian")
    elsewhere = whole.add("guardian")
    for guardian, board, child in (
        (stranger, whole.board, whole.add("young_person")),
        (elsewhere, whole.organisation("school_board"), whole.young_person),
    ):
        whole.add(
            "guardian_authority",
            controller_id=board,
            guardian_id=guardian,
            young_person_id=child,
            valid_from=EARLIER,
        )
    await asyncio.to_thread(whole.put)
    for guardian in (stranger, elsewhere, uuid4(), whole.other_parent.id):
        with pytest.raises(NotFound) as met:
            await whole.act(whole.lead, withhold_file, **inputs(case, guardian_id=guardian))
        assert met.value.path == ("guardianId",)


async def test_a_reason_and_an_end(whole: WholeChain) -> None:
    """A ground of 1 to 1,000 characters, and an end with a time zone that lies ahead."""
    case = await worked(whole)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"ground": " "}, "ground"),
        ({"ground": "x" * 1001}, "ground"),
        ({"until": BEGUN}, "until"),
        ({"until": datetime(2099, 1, 1)}, "until"),  # noqa: DTZ001 - without a zone is the point
    ]
    for given, path in wrong:
        with pytest.raises(Invalid) as met:
            await whole.act(whole.lead, withhold_file, **inputs(case, **given))
        assert met.value.path == (path,)
    await whole.act(
        whole.lead, withhold_file, **inputs(case, until=datetime(2099, 1, 1, tzinfo=UTC))
    )

"""Notes of each class: who adds them, in whose name, and who reads them back."""

from __future__ import annotations

from uuid import UUID

import pytest

from domain.cases.services import close_case, leave_case
from domain.errors import NotFound
from domain.notes.services import CLASSES, add_note
from permissions.vocabulary import Actor, DataClass
from tests.domain.cases.whole_chain import WholeChain

pytestmark = pytest.mark.asyncio

GENERAL, SUPPORT, CARE = CLASSES


async def opened(whole: WholeChain) -> UUID:
    """Open a case that everyone of the chain takes part in; protection has no measure."""
    case = await whole.opened()
    for actor in (
        whole.support, whole.consultant, whole.worker, whole.doctor, whole.protector, whole.coach,
    ):  # fmt: skip
        await whole.joined(case, actor)
    return case


async def added(whole: WholeChain, actor: Actor, case: UUID, data_class: DataClass) -> UUID:
    """Add a note."""
    return await whole.act(actor, add_note, case_id=case, data_class=data_class, text="Seen.")


async def reading(whole: WholeChain) -> set[Actor]:
    """Return everyone who sees a note."""
    return {actor for actor in whole.everyone if "note" in await whole.sees(actor)}


async def test_who_adds_which_note(whole: WholeChain) -> None:
    """Each role adds the classes that its rules name, and no other."""
    case = await opened(whole)
    may = {
        GENERAL: {whole.lead, whole.support, whole.consultant, whole.worker, whole.mentor},
        SUPPORT: {whole.support, whole.consultant},
        CARE: {whole.worker},
    }
    for data_class, writers in may.items():
        for actor in whole.everyone:
            if actor in writers:
                await added(whole, actor, case, data_class)
            else:
                with pytest.raises(NotFound):
                    await added(whole, actor, case, data_class)
    assert whole.rows(f"select count(*) from note where case_id = '{case}'") == ["8"]


async def test_a_note_of_support_stays_with_school_and_alliance(whole: WholeChain) -> None:
    """Nobody else who takes part reads it, nor the family."""
    case = await opened(whole)
    await added(whole, whole.support, case, SUPPORT)
    assert await reading(whole) == {whole.support, whole.consultant}
    await whole.act(whole.consultant, leave_case, case_id=case)
    assert await reading(whole) == {whole.support}


async def test_a_note_of_youth_care_stays_with_its_provider(whole: WholeChain) -> None:
    """Nobody but who takes part for the provider reads it; a worker elsewhere does not."""
    case = await opened(whole)
    await whole.joined(case, whole.worker_elsewhere)
    await added(whole, whole.worker, case, CARE)
    assert await reading(whole) == {whole.worker}
    await added(whole, whole.worker_elsewhere, case, CARE)
    assert [(await whole.sees(who))["note"] for who in (whole.worker, whole.worker_elsewhere)] == [
        1,
        1,
    ]


async def test_a_mentor_adds_the_schools_note(whole: WholeChain) -> None:
    """Under the school's part and the mentor's own name and role; she reads none back.

    The school and the others do.
    """
    case = await whole.opened()
    with pytest.raises(NotFound):
        await added(whole, whole.mentor, case, GENERAL)
    await whole.joined(case, whole.support)
    note = await added(whole, whole.mentor, case, GENERAL)
    [author] = whole.rows(
        "select p.staff_id, p.organisation_id, n.controller_id, n.young_person_id from note n"
        f" join participation p on p.id = n.author_id where n.id = '{note}'"
    )
    assert author == "|".join(
        map(str, (whole.support.id, whole.board, whole.office, whole.young_person))
    )
    [writer] = whole.rows(f"select writer_name, writer_role from note where id = '{note}'")
    assert writer == "A mentor|mentor"
    assert whole.traces(note) == [f"note_added|{whole.mentor.id}|{whole.young_person}"]
    assert await reading(whole) == {whole.lead, whole.support, whole.guardian, whole.mother}


async def test_a_mentor_adds_nothing_when_school_or_class_is_left(whole: WholeChain) -> None:
    """The school's part, the case, and the pupil's place in the class: each end ends it."""
    case = await whole.opened()
    await whole.joined(case, whole.support)
    await whole.act(whole.support, leave_case, case_id=case)
    with pytest.raises(NotFound):
        await added(whole, whole.mentor, case, GENERAL)
    await whole.joined(case, whole.support)
    await added(whole, whole.mentor, case, GENERAL)
    place = f"update class_membership set valid_until = {{}} where pupil_id = '{whole.pupil}'"
    whole.rows(place.format("'2026-03-01'"))
    with pytest.raises(NotFound):
        await added(whole, whole.mentor, case, GENERAL)
    whole.rows(place.format("null"))
    await added(whole, whole.mentor, case, GENERAL)
    await whole.act(whole.lead, close_case, case_id=case, outcome="attending_again")
    with pytest.raises(NotFound):
        await added(whole, whole.mentor, case, GENERAL)

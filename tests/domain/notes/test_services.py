"""Adding notes, and reading them back, on a real database."""

from __future__ import annotations

from uuid import uuid4

import pytest

from domain.cases.services import close_case, leave_case
from domain.database import Login
from domain.errors import Conflict, Invalid, NotFound
from domain.notes.sealing import SealError
from domain.notes.services import add_note
from domain.notes.views import notes
from domain.reading.run import Page, Reader
from domain.reading.selection import Asked, Selection
from domain.reading.statement import Root
from permissions.vocabulary import Actor, DataClass
from tests.domain.cases.world import Chain

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("sealing_key")]

GENERAL = DataClass.NOTE_GENERAL


async def texts(chain: Chain, actor: Actor) -> list[str]:
    """Return the text of every note that somebody reads, through the statement of a query."""
    reader = Reader(chain.database, b"c" * 32, chain.request(actor))
    asked = Selection(
        "notes", "notes", (), (Selection("nodes", "nodes", (), (Selection("text", "text"),)),)
    )
    async with chain.database.reading(Login.APP) as connection:
        page = await reader.read(connection, Root(notes, paged=True), Asked(asked))
    assert isinstance(page, Page)
    return [row["nodes"]["text"] for row in page.rows]


async def test_a_note_is_kept_sealed_and_read_as_it_was_written(chain: Chain) -> None:
    """The table holds no readable text; whoever takes part reads it, and nobody else."""
    case = await chain.opened()
    await chain.joined(case, chain.worker)
    note = await chain.act(
        chain.worker, add_note, case_id=case, data_class=GENERAL, text=" Hij komt één ochtend. "
    )
    [row] = chain.rows(
        "select n.case_id, n.controller_id, n.young_person_id, n.data_class, p.staff_id,"
        f" position('ochtend'::bytea in n.sealed) from note n join participation p"
        f" on p.id = n.author_id where n.id = '{note}'"
    )
    assert row == "|".join(
        (
            str(case),
            str(chain.office),
            str(chain.young_person),
            "note.general",
            str(chain.worker.id),
            "0",
        )
    )
    for actor in chain.everyone:
        reads = actor in (chain.lead, chain.worker, chain.guardian)
        assert await texts(chain, actor) == (["Hij komt één ochtend."] if reads else [])
    assert chain.traces(note) == [f"note_added|{chain.worker.id}|{chain.young_person}"]


async def test_a_moved_note_does_not_open(chain: Chain) -> None:
    """A sealed text that somebody with the database in hand puts at another note is found out."""
    case = await chain.opened()
    for text in ("one", "two"):
        await chain.act(chain.lead, add_note, case_id=case, data_class=GENERAL, text=text)
    chain.rows(
        "update note set sealed = (select o.sealed from note o where o.case_id = note.case_id"
        f" and o.id <> note.id) where case_id = '{case}'"
    )
    with pytest.raises(SealError, match="another place"):
        await texts(chain, chain.lead)


async def test_who_may_add(chain: Chain) -> None:
    """Whoever takes part adds notes, while taking part; for everyone else there is no case."""
    case = await chain.opened()
    for actor in (chain.support, chain.consultant, chain.worker):
        await chain.joined(case, actor)
    await chain.invited(case, chain.worker_elsewhere)
    parties = (chain.lead, chain.support, chain.consultant, chain.worker)
    for actor in parties:
        await chain.act(actor, add_note, case_id=case, data_class=GENERAL, text="Seen.")
    for actor in chain.all_but(*parties):
        with pytest.raises(NotFound):
            await chain.act(actor, add_note, case_id=case, data_class=GENERAL, text="Seen.")
    await chain.act(chain.worker, leave_case, case_id=case)
    with pytest.raises(NotFound):
        await chain.act(chain.worker, add_note, case_id=case, data_class=GENERAL, text="Seen.")
    with pytest.raises(NotFound):
        await chain.act(chain.lead, add_note, case_id=uuid4(), data_class=GENERAL, text="Seen.")


async def test_only_notes_are_notes(chain: Chain) -> None:
    """A class the actor may write, but which is none of notes, is refused."""
    case = await chain.opened()
    for data_class in (DataClass.ACTION, DataClass.PLAN, DataClass.REPORT):
        with pytest.raises(Invalid, match=r"note\.general") as met:
            await chain.act(chain.lead, add_note, case_id=case, data_class=data_class, text="x")
        assert met.value.path == ("dataClass",)


async def test_a_note_has_a_text_that_fits(chain: Chain) -> None:
    """One to 10,000 characters, none of which breaks a text."""
    case = await chain.opened()
    for text in ("", " \n\t", "x" * 10_001, "a\0b", "\udcff"):
        with pytest.raises(Invalid) as met:
            await chain.act(chain.lead, add_note, case_id=case, data_class=GENERAL, text=text)
        assert met.value.path == ("text",)
    for text in ("x", "é" * 10_000):
        await chain.act(chain.lead, add_note, case_id=case, data_class=GENERAL, text=text)


async def test_no_note_in_a_closed_case(chain: Chain) -> None:
    """A note that meets a closing case is not added, whichever request began first."""
    case = await chain.opened()
    note = {"case_id": case, "data_class": GENERAL, "text": "Late."}
    before = chain.moment()
    met = await chain.overlapping(
        (chain.lead, close_case, {"case_id": case, "outcome": "attending_again"}),
        (chain.lead, add_note, note),
    )
    assert isinstance(met, NotFound)
    with pytest.raises(Conflict, match="closed"):
        await chain.act(chain.lead, add_note, at=before, **note)
    assert chain.rows(f"select count(*) from note where case_id = '{case}'") == ["0"]

"""Consent and withholding over GraphQL: what they open and close for the same tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain import clock
from permissions.vocabulary import Actor
from tests.api.chain.conftest import Line, opaque

pytestmark = pytest.mark.asyncio

GIVEN = """state consents { id dataClass fromOrganisation { name } toOrganisation { name }
  validUntil }"""
CARE = {"dataClass": "note.youth_care", "text": "She sleeps badly."}


async def notes_of(line: Line, actor: Actor) -> list[dict[str, Any]]:
    """Return the notes of every case that somebody sees."""
    nested = "notes(first: 10) { nodes { dataClass text } }"
    return [
        note for case in await line.nodes(actor, "cases", nested) for note in case["notes"]["nodes"]
    ]


async def test_consent_opens_a_note_until_it_is_withdrawn(line: Line) -> None:
    """One party reads the provider's note; the mother withdraws what the father gave."""
    chain = line.chain
    case = await chain.opened()
    for actor in (chain.worker, chain.consultant):
        await chain.joined(case, actor)
    case_id = opaque("case", case)
    await line.done(chain.worker, "addNote", caseId=case_id, **CARE)
    assert await notes_of(line, chain.worker) == [CARE]
    given = {
        "caseId": case_id,
        "dataClass": "note.youth_care",
        "fromOrganisationId": opaque("organisation", chain.care),
        "toOrganisationId": opaque("organisation", chain.alliance),
    }
    for actor in (chain.worker, chain.lead, chain.consultant, chain.other_parent):
        assert await line.refused(actor, "giveConsent", **given) == ("NOT_FOUND", ["caseId"])
    assert await notes_of(line, chain.consultant) == []
    await line.done(chain.guardian, "giveConsent", **given)
    assert await notes_of(line, chain.consultant) == [CARE]
    assert await notes_of(line, chain.lead) == []
    [seen] = await line.nodes(chain.mother, "cases", GIVEN)
    [consent] = seen["consents"]
    assert consent["fromOrganisation"] == {"name": "The youth_care_provider"}
    assert consent["toOrganisation"] == {"name": "The support_alliance"}
    assert consent["validUntil"] is None
    told = await line.refused(chain.consultant, "withdrawConsent", consentId=consent["id"])
    assert told == ("NOT_FOUND", ["consentId"])
    await line.done(chain.mother, "withdrawConsent", consentId=consent["id"])
    assert await notes_of(line, chain.consultant) == []
    [after] = await line.nodes(chain.guardian, "cases", GIVEN)
    assert after["consents"][0]["validUntil"] is not None


async def test_a_note_is_shown_to_its_writer_when_the_writer_reads_it(line: Line) -> None:
    """The answer of adding a note holds it, or null for who adds and does not read: a mentor."""
    chain = line.chain
    case = await chain.opened()
    await chain.joined(case, chain.support)
    document = (
        "mutation($input: AddNoteInput!) { addNote(input: $input)"
        " { ... on AddNoteSuccess { note { text } } ... on Problem { code } } }"
    )
    given = {"caseId": opaque("case", case), "text": "She was early today."}
    for actor, shown in (
        (chain.support, {"note": {"text": "She was early today."}}),
        (chain.mentor, {"note": None}),
        (chain.head, {"code": "NOT_FOUND"}),
    ):
        data = await line.face.data(actor, document, input=given)
        assert data["addNote"] == shown
    assert len(await notes_of(line, chain.support)) == 2


async def test_a_file_is_withheld_from_one_parent(line: Line) -> None:
    """From then on his token shows the case without its work, and hers shows all."""
    chain = line.chain
    case = await chain.opened()
    case_id = opaque("case", case)
    await line.done(chain.lead, "addNote", caseId=case_id, text="A first talk.")
    until = clock.now().instant + timedelta(days=30)
    given: dict[str, Any] = {
        "caseId": case_id,
        "guardianId": opaque("guardian", chain.guardian.id),
        "ground": "A court order.",
        "until": until.isoformat(),
    }
    told = await line.refused(chain.guardian, "withholdFile", **given)
    assert told == ("NOT_FOUND", ["caseId"])
    strangers = (opaque("guardian", 7), opaque("guardian", chain.other_parent.id), "x")
    for stranger in strangers:
        told = await line.refused(chain.lead, "withholdFile", **given | {"guardianId": stranger})
        assert told == ("NOT_FOUND", ["guardianId"])
    naive = given | {"until": until.replace(tzinfo=None).isoformat()}
    assert await line.refused(chain.lead, "withholdFile", **naive) == ("INVALID", ["until"])
    assert len(await notes_of(line, chain.guardian)) == 1
    await line.done(chain.lead, "withholdFile", **given)
    assert await notes_of(line, chain.guardian) == []
    assert await line.nodes(chain.guardian, "cases", "state") == [{"state": "open"}]
    assert len(await notes_of(line, chain.mother)) == 1

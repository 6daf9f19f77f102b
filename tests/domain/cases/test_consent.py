"""Consent in a case: who gives it, what it opens, and that withdrawing closes it at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain import clock
from domain.cases.consent import give_consent, withdraw_consent
from domain.cases.services import close_case
from domain.errors import Conflict, Invalid, NotFound
from domain.notes.services import add_note
from domain.pupils.families import end_guardian, end_own_account
from permissions.vocabulary import DataClass
from tests.domain.cases.whole_chain import WholeChain

pytestmark = pytest.mark.asyncio

GENERAL, CARE = "note.general", "note.youth_care"
SIXTEEN = clock.at(datetime(2027, 5, 4, 12, tzinfo=UTC))
"""A moment on the pupil's sixteenth birthday."""


async def opened(whole: WholeChain) -> UUID:
    """Open a case that the alliance, youth care, the doctor and the school take part in."""
    case = await whole.opened()
    for actor in (whole.consultant, whole.worker, whole.doctor, whole.support):
        await whole.joined(case, actor)
    return case


def asked(whole: WholeChain, case: UUID, **given: Any) -> dict[str, Any]:
    """Return leave for the alliance to read the notes of youth care."""
    return {
        "case_id": case,
        "data_class": CARE,
        "from_organisation_id": whole.care,
        "to_organisation_id": whole.alliance,
    } | given


async def test_a_note_of_youth_care_is_read_with_consent_alone(whole: WholeChain) -> None:
    """The provider reads its own; one party reads it from the consent to the withdrawal."""
    case = await opened(whole)
    note = {"data_class": DataClass.NOTE_YOUTH_CARE, "text": "She sleeps badly."}
    await whole.act(whole.worker, add_note, case_id=case, **note)
    others = (whole.consultant, whole.support, whole.lead, whole.doctor, whole.guardian)
    for actor in others:
        assert "note" not in await whole.sees(actor)
    consent = await whole.consented(case, CARE, whole.care, whole.alliance)
    assert (await whole.sees(whole.consultant))["note"] == 1
    for actor in others[1:]:
        assert "note" not in await whole.sees(actor)
    await whole.act(whole.guardian, withdraw_consent, consent_id=consent)
    assert "note" not in await whole.sees(whole.consultant)
    assert (await whole.sees(whole.worker))["note"] == 1
    assert whole.traces(consent) == [
        f"consent_given|{whole.guardian.id}|{whole.young_person}",
        f"consent_withdrawn|{whole.guardian.id}|{whole.young_person}",
    ]


async def test_consent_is_from_one_organisation_to_one(whole: WholeChain) -> None:
    """Leave to read the alliance's notes of youth care opens none of the provider's."""
    case = await opened(whole)
    note = {"data_class": DataClass.NOTE_YOUTH_CARE, "text": "She sleeps badly."}
    await whole.act(whole.worker, add_note, case_id=case, **note)
    await whole.consented(case, CARE, whole.alliance, whole.board)
    await whole.consented(case, CARE, whole.care, whole.board)
    assert (await whole.sees(whole.support))["note"] == 1
    assert "note" not in await whole.sees(whole.consultant)


async def test_a_doctor_shares_with_consent_alone(whole: WholeChain) -> None:
    """The doctor writes a conclusion for all while leave holds, and reads no notes by it."""
    case = await opened(whole)
    note: dict[str, Any] = {
        "case_id": case,
        "data_class": DataClass.NOTE_GENERAL,
        "text": "She is fit for half days.",
    }
    with pytest.raises(NotFound):
        await whole.act(whole.doctor, add_note, **note)
    consent = await whole.consented(case, GENERAL, whole.health, None)
    await whole.act(whole.doctor, add_note, **note)
    for actor in (whole.lead, whole.support, whole.consultant, whole.worker, whole.guardian):
        assert (await whole.sees(actor))["note"] == 1
    assert "note" not in await whole.sees(whole.doctor)
    await whole.act(whole.guardian, withdraw_consent, consent_id=consent)
    with pytest.raises(NotFound):
        await whole.act(whole.doctor, add_note, **note)


async def test_who_may_give(whole: WholeChain) -> None:
    """A parent with authority under 16, and from 16 the young person; nobody at work."""
    case = await opened(whole)
    child = whole.own_account()
    inputs = asked(whole, case)
    for actor in (*whole.all_but(whole.guardian, whole.mother), child):
        with pytest.raises(NotFound):
            await whole.act(actor, give_consent, **inputs)
    for actor in (whole.guardian, whole.mother):
        await whole.act(actor, give_consent, **inputs)
        with pytest.raises(NotFound):
            await whole.act(actor, give_consent, at=SIXTEEN, **inputs)
    await whole.act(child, give_consent, at=SIXTEEN, **inputs)


async def test_what_is_given_is_checked(whole: WholeChain) -> None:
    """A class of notes, a receiver where one is named, and organisations that take part."""
    case = await opened(whole)
    wrong: list[tuple[dict[str, Any], type[Exception], str]] = [
        ({"data_class": "plan"}, Invalid, "dataClass"),
        ({"data_class": "everything"}, Invalid, "dataClass"),
        ({"to_organisation_id": None}, Invalid, "toOrganisationId"),
        ({"data_class": GENERAL}, Invalid, "toOrganisationId"),
        ({"to_organisation_id": whole.other_care}, NotFound, "toOrganisationId"),
        ({"from_organisation_id": uuid4()}, NotFound, "fromOrganisationId"),
        ({"case_id": uuid4()}, NotFound, "caseId"),
    ]
    for given, error, path in wrong:
        with pytest.raises(error) as met:
            await whole.act(whole.guardian, give_consent, **asked(whole, case, **given))
        assert getattr(met.value, "path", None) == (path,)
    await whole.act(whole.lead, close_case, case_id=case, outcome="attending_again")
    with pytest.raises(Conflict, match="closed"):
        await whole.act(whole.guardian, give_consent, **asked(whole, case))


async def test_who_may_withdraw(whole: WholeChain) -> None:
    """Whoever gave it, the other parent, and at 16 the young person; never who reads by it."""
    case = await opened(whole)
    child = whole.own_account()
    consent = await whole.consented(case, CARE, whole.care, whole.alliance)
    for actor in (*whole.all_but(whole.guardian, whole.mother), child):
        with pytest.raises(NotFound):
            await whole.act(actor, withdraw_consent, consent_id=consent)
    with pytest.raises(NotFound):
        await whole.act(whole.guardian, withdraw_consent, consent_id=uuid4())
    await whole.act(whole.mother, withdraw_consent, consent_id=consent)
    for actor in (whole.guardian, whole.mother):
        with pytest.raises(Conflict, match="already"):
            await whole.act(actor, withdraw_consent, consent_id=consent)
    again = await whole.consented(case, CARE, whole.care, whole.alliance)
    with pytest.raises(NotFound):
        await whole.act(whole.mother, withdraw_consent, at=SIXTEEN, consent_id=again)
    await whole.act(child, withdraw_consent, at=SIXTEEN, consent_id=again)


async def test_the_giver_takes_it_back_whatever_has_ended(whole: WholeChain) -> None:
    """At 16 a parent gives no leave any more, and still withdraws what the parent gave."""
    case = await opened(whole)
    consent = await whole.consented(case, CARE, whole.care, whole.alliance)
    await whole.act(whole.guardian, withdraw_consent, at=SIXTEEN, consent_id=consent)


async def test_leave_ends_with_the_right_of_who_gave_it(whole: WholeChain) -> None:
    """When the father's authority ends, what he opened closes; the mother's own leave opens it."""
    case = await opened(whole)
    note = {"data_class": DataClass.NOTE_YOUTH_CARE, "text": "She sleeps badly."}
    await whole.act(whole.worker, add_note, case_id=case, **note)
    await whole.consented(case, CARE, whole.care, whole.alliance)
    await whole.consented(case, GENERAL, whole.health, None)
    share = {"data_class": DataClass.NOTE_GENERAL, "text": "She is well enough for school."}
    await whole.act(whole.doctor, add_note, case_id=case, **share)
    assert (await whole.sees(whole.consultant))["note"] == 2
    await whole.act(
        whole.coordinator, end_guardian, pupil_id=whole.pupil, guardian_id=whole.guardian.id
    )
    assert (await whole.sees(whole.consultant))["note"] == 1
    with pytest.raises(NotFound):
        await whole.act(whole.doctor, add_note, case_id=case, **share)
    await whole.act(whole.mother, give_consent, **asked(whole, case))
    assert (await whole.sees(whole.consultant))["note"] == 2


async def test_leave_ends_with_the_account_of_the_young_person(whole: WholeChain) -> None:
    """What she gave herself from 16 opens nothing once her account with the school has ended."""
    case = await opened(whole)
    note = {"data_class": DataClass.NOTE_YOUTH_CARE, "text": "She sleeps badly."}
    await whole.act(whole.worker, add_note, case_id=case, **note)
    child = await asyncio.to_thread(whole.own_account)
    await whole.act(child, give_consent, at=SIXTEEN, **asked(whole, case))
    later = SIXTEEN.instant + timedelta(minutes=1)
    assert (await whole.sees(whole.consultant, later))["note"] == 1
    await whole.act(whole.coordinator, end_own_account, at=clock.at(later), pupil_id=whole.pupil)
    assert "note" not in await whole.sees(whole.consultant, later)

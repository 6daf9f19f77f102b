"""Every role that can be invited: what it is told it will see, and what it sees once joined."""

from __future__ import annotations

import asyncio

import pytest

from domain.cases.parties import PARTIES, WORKS_AT
from domain.cases.services import answer_invitation, invite
from domain.errors import Invalid, NotFound
from permissions.vocabulary import Role
from tests.domain.cases.acting import EARLIER
from tests.domain.cases.whole_chain import WholeChain

pytestmark = pytest.mark.asyncio

SHOWN = {
    "case.core": "case",
    "case.identity": "caseidentity",
    "case.participants": "participant",
}
"""Classes that hold something in a new case, and the view that shows it."""


def measure(whole: WholeChain) -> None:
    """Put in a measure about the pupil, without which protection sees nothing."""
    whole.add(
        "court_measure",
        controller_id=whole.institution,
        young_person_id=whole.young_person,
        kind="supervision",
        valid_from=EARLIER,
        valid_until="2099-01-01",
    )
    whole.put()


async def test_every_party_is_invited_and_joins(whole: WholeChain) -> None:
    """Shares are told before the answer, and what the head of the case holds is seen after it."""
    case = await whole.opened()
    await asyncio.to_thread(measure, whole)
    parties = {
        actor.role: actor
        for actor in (
            whole.support,
            whole.consultant,
            whole.doctor,
            whole.worker,
            whole.protector,
            whole.coach,
        )
    }
    assert parties.keys() == PARTIES.keys() == WORKS_AT.keys()
    for role, actor in parties.items():
        assert actor.purpose == PARTIES[role].purpose
        invitation = await whole.invited(case, actor)
        [shares] = whole.rows(f"select shares from participation where id = '{invitation}'")
        told = set(shares.strip("{}").split(","))
        assert told >= set(SHOWN)
        before = await whole.sees(actor)
        assert before["case"] == 1
        assert "caseidentity" not in before
        with pytest.raises(NotFound):
            await whole.act(
                whole.worker_elsewhere,
                answer_invitation,
                participation_id=invitation,
                accept=True,
                display_name="Robin",
            )
        await whole.act(
            actor,
            answer_invitation,
            participation_id=invitation,
            accept=True,
            display_name=f"The {role}",
        )
        seen = await whole.sees(actor)
        assert set(SHOWN.values()) <= set(seen)


async def test_each_role_works_at_its_own_kind_of_organisation(whole: WholeChain) -> None:
    """A role at an organisation of another kind is refused with the kind where it works."""
    case = await whole.opened()
    places = {
        Role.YOUTH_DOCTOR: whole.care,
        Role.CHILD_PROTECTION_WORKER: whole.care,
        Role.YOUTH_CARE_WORKER: whole.institution,
        Role.TRANSITION_COACH: whole.office,
        Role.ALLIANCE_CONSULTANT: whole.health,
    }
    for role, place in places.items():
        with pytest.raises(Invalid, match=str(WORKS_AT[role])) as met:
            await whole.act(
                whole.lead,
                invite,
                case_id=case,
                organisation_id=place,
                role=role,
                branch_id=None,
            )
        assert met.value.path == ("organisationId",)

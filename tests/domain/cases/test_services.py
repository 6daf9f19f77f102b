"""Opening, inviting, answering, leaving and closing, on a real database."""

from __future__ import annotations

from uuid import uuid4

import pytest

from domain.cases.services import (
    answer_invitation,
    close_case,
    invite,
    leave_case,
    open_case,
)
from domain.errors import Conflict, Invalid, NotFound
from permissions.vocabulary import Actor, Role
from tests.domain.cases.world import Chain

pytestmark = pytest.mark.asyncio

CASE_SHARES = (
    "{case.core,case.identity,case.participants,plan,action,note.general,conference,"
    "attendance.summary}"
)


async def answering(chain: Chain, actor: Actor, invitation: object, *, accept: bool = True) -> None:
    """Answer an invitation."""
    await chain.act(
        actor,
        answer_invitation,
        participation_id=invitation,
        accept=accept,
        display_name="  Robin  ",
    )


async def test_who_may_open(chain: Chain) -> None:
    """Only an officer of the office, with a token for case work, opens a case from a report."""
    report = await chain.sent()
    inputs = {"report_id": report, "form": "attendance_conference"}
    with pytest.raises(NotFound):
        await chain.act(chain.lead, open_case, **inputs)
    await chain.register().deliver(chain.database)
    for actor in chain.all_but(chain.lead, chain.lead_2):
        with pytest.raises(NotFound):
            await chain.act(actor, open_case, **inputs)
    with pytest.raises(Invalid, match="multidisciplinary"):
        await chain.act(chain.lead, open_case, report_id=report, form="tea")
    case = await chain.act(chain.lead, open_case, **inputs)
    assert chain.traces(case) == [f"case_opened|{chain.lead.id}|{chain.young_person}"]


async def test_a_case_takes_over_who_it_is_about_and_nothing_else(chain: Chain) -> None:
    """Opening makes the case, its identity from the report, and the lead's own accepted part."""
    case = await chain.opened()
    assert chain.rows(
        "select controller_id, young_person_id, form, state, opened_by from case_file"
        f" where id = '{case}'"
    ) == [f"{chain.office}|{chain.young_person}|attendance_conference|open|{chain.lead.id}"]
    assert chain.rows(
        "select controller_id, given_name, infix, family_name, birth_date from case_identity"
        f" where case_id = '{case}'"
    ) == [f"{chain.office}|Noor|van|Dijk|2011-05-04"]
    assert chain.rows(
        "select organisation_id, role, purpose, is_lead, shares, staff_id, display_name,"
        f" accepted_at = invited_at, ended_at from participation where case_id = '{case}'"
    ) == [
        "|".join(
            (
                str(chain.office),
                "attendance_officer|case_coordination|t",
                CASE_SHARES,
                str(chain.lead.id),
                "A attendance_officer|t|",
            )
        )
    ]


async def test_one_case_per_report(chain: Chain) -> None:
    """Two officers who open a case at once make one case."""
    report = await chain.allocated()
    inputs: dict[str, object] = {"report_id": report, "form": "multidisciplinary_conference"}
    met = await chain.overlapping(
        (chain.lead, open_case, inputs), (chain.lead_2, open_case, inputs)
    )
    assert isinstance(met, Conflict)
    assert chain.rows(f"select count(*) from case_file where report_id = '{report}'") == ["1"]


async def test_no_case_from_a_closed_report(chain: Chain) -> None:
    """When a report is closed, its allocation opens nothing any more."""
    from domain.reports.services import close_report, take_on_report

    report = await chain.allocated()
    await chain.act(chain.officer, take_on_report, report_id=report)
    await chain.act(chain.officer, close_report, report_id=report, outcome="back_to_school")
    with pytest.raises(NotFound):
        await chain.act(chain.lead, open_case, report_id=report, form="attendance_conference")


async def test_who_may_invite(chain: Chain) -> None:
    """Only the lead invites, not even a party that takes part or a colleague of the lead."""
    case = await chain.opened()
    await chain.joined(case, chain.support)
    for actor in chain.all_but(chain.lead):
        with pytest.raises(NotFound):
            await chain.act(
                actor,
                invite,
                case_id=case,
                organisation_id=chain.care,
                role="youth_care_worker",
                branch_id=None,
            )


async def test_what_is_shared_follows_from_the_policy(chain: Chain) -> None:
    """Purpose and shares of an invitation are those of the rules, before anybody answers."""
    case = await chain.opened()
    for actor in (chain.support, chain.consultant, chain.worker):
        await chain.invited(case, actor)
    assert sorted(
        chain.rows(
            "select role, purpose, coalesce(branch_id::text, '-'), is_lead, shares,"
            " num_nulls(staff_id, display_name, answered_at, accepted_at, ended_at)"
            f" from participation where case_id = '{case}' and not is_lead"
        )
    ) == [
        "alliance_consultant|special_needs_support|-|f|"
        + CASE_SHARES.replace("conference,attendance.summary", "note.support")
        + "|5",
        f"support_coordinator|case_coordination|{chain.school}|f|"
        + CASE_SHARES.replace("conference", "conference,note.support")
        + "|5",
        f"youth_care_worker|youth_care|-|f|{CASE_SHARES}|5",
    ]


async def test_only_fitting_parties_are_invited(chain: Chain) -> None:
    """A role, its organisation's kind and its branch fit together, or the error says what does."""
    case = await chain.opened()
    stray = chain.branch(chain.organisation("school_board"))
    chain.put()
    unfitting: list[tuple[object, str, object, type[Exception], str]] = [
        (chain.office, "attendance_officer", None, Invalid, "role"),
        (chain.board, "mentor", chain.school, Invalid, "role"),
        (chain.board, "nobody", chain.school, Invalid, "role"),
        (chain.care, "alliance_consultant", None, Invalid, "organisationId"),
        (uuid4(), "youth_care_worker", None, NotFound, "organisationId"),
        (chain.board, "support_coordinator", None, Invalid, "branchId"),
        (chain.board, "support_coordinator", stray, Invalid, "branchId"),
        (chain.care, "youth_care_worker", chain.school, Invalid, "branchId"),
    ]
    for organisation, role, branch, refusal, field in unfitting:
        with pytest.raises(refusal) as met:
            await chain.act(
                chain.lead,
                invite,
                case_id=case,
                organisation_id=organisation,
                role=role,
                branch_id=branch,
            )
        assert getattr(met.value, "path", None) == (field,)
    assert chain.rows(f"select count(*) from participation where case_id = '{case}'") == ["1"]


async def test_a_party_is_invited_once(chain: Chain) -> None:
    """The same party twice is a conflict, until it declined; then it may be asked again."""
    case = await chain.opened()
    invitation = await chain.invited(case, chain.worker)
    with pytest.raises(Conflict, match="invited already"):
        await chain.invited(case, chain.worker)
    await answering(chain, chain.worker, invitation, accept=False)
    assert chain.rows(
        "select staff_id, display_name, accepted_at, answered_at = ended_at from participation"
        f" where id = '{invitation}'"
    ) == [f"{chain.worker.id}|||t"]
    await chain.joined(case, chain.worker)
    with pytest.raises(Conflict, match="invited already"):
        await chain.invited(case, chain.worker)


async def test_who_may_answer(chain: Chain) -> None:
    """Only the invited role at the invited organisation and branch answers, and once."""
    case = await chain.opened()
    for invited, others in (
        (chain.worker, (chain.worker, chain.worker_2)),
        (chain.support, (chain.support,)),
        (chain.consultant, (chain.consultant,)),
    ):
        invitation = await chain.invited(case, invited)
        for actor in chain.all_but(*others):
            with pytest.raises(NotFound):
                await answering(chain, actor, invitation)
        await answering(chain, invited, invitation)
        with pytest.raises(NotFound):
            await answering(chain, invited, invitation)
        assert chain.rows(
            "select staff_id, display_name, accepted_at = answered_at, ended_at"
            f" from participation where id = '{invitation}'"
        ) == [f"{invited.id}|Robin|t|"]
        assert chain.rows(
            f"select rules from trace where about = '{invitation}' and act = 'invitation_answered'"
        ) == [f"{{{invited.role}/{invited.purpose}/invitation/read/case.core}}"]


async def test_a_displayed_name_is_needed_to_accept(chain: Chain) -> None:
    """Who takes part is seen by name: without one, or with a book for one, nobody accepts."""
    case = await chain.opened()
    invitation = await chain.invited(case, chain.worker)
    for name in ("", " \n", "x" * 201, "a\0b", "\ud800"):
        with pytest.raises(Invalid):
            await chain.act(
                chain.worker,
                answer_invitation,
                participation_id=invitation,
                accept=True,
                display_name=name,
            )


async def test_two_accepts_at_once(chain: Chain) -> None:
    """Of two colleagues who accept at once, one takes part and the other is told."""
    case = await chain.opened()
    invitation = await chain.invited(case, chain.worker)
    inputs: dict[str, object] = {
        "participation_id": invitation,
        "accept": True,
        "display_name": "Robin",
    }
    met = await chain.overlapping(
        (chain.worker, answer_invitation, inputs), (chain.worker_2, answer_invitation, inputs)
    )
    assert isinstance(met, Conflict)
    assert chain.rows(f"select staff_id from participation where id = '{invitation}'") == [
        str(chain.worker.id)
    ]


async def test_who_may_leave(chain: Chain) -> None:
    """Whoever takes part may leave, but the lead; then the case is not there any more."""
    case = await chain.opened()
    await chain.joined(case, chain.worker)
    await chain.invited(case, chain.support)
    for actor in chain.all_but(chain.lead, chain.worker):
        with pytest.raises(NotFound):
            await chain.act(actor, leave_case, case_id=case)
    with pytest.raises(Conflict, match="Close the case"):
        await chain.act(chain.lead, leave_case, case_id=case)
    await chain.act(chain.worker, leave_case, case_id=case)
    with pytest.raises(NotFound):
        await chain.act(chain.worker, leave_case, case_id=case)
    assert chain.rows(
        "select role from participation"
        f" where case_id = '{case}' and ended_at is null order by role"
    ) == ["attendance_officer", "support_coordinator"]
    assert await chain.joined(case, chain.worker)


async def test_who_may_close(chain: Chain) -> None:
    """Only the lead closes, once; every part in the case ends then, and open invitations too."""
    case = await chain.opened()
    await chain.joined(case, chain.worker)
    invitation = await chain.invited(case, chain.consultant)
    for actor in chain.all_but(chain.lead):
        with pytest.raises(NotFound):
            await chain.act(actor, close_case, case_id=case, outcome="attending_again")
    with pytest.raises(Invalid, match="attending_again"):
        await chain.act(chain.lead, close_case, case_id=case, outcome="tired")
    before = chain.moment()
    await chain.act(chain.lead, close_case, case_id=case, outcome="attending_again")
    assert chain.rows(
        "select state, outcome, count(*), count(ended_at),"
        " count(*) filter (where ended_at = closed_at)"
        " from case_file join participation on case_id = case_file.id"
        f" where case_file.id = '{case}' group by 1, 2"
    ) == ["closed|attending_again|3|3|3"]
    with pytest.raises(NotFound):
        await chain.act(chain.lead, close_case, case_id=case, outcome="attending_again")
    with pytest.raises(NotFound):
        await answering(chain, chain.consultant, invitation)
    # A request that began before the case was closed still meets its ties, and the closed case.
    with pytest.raises(Conflict, match="closed"):
        await chain.act(chain.lead, close_case, at=before, case_id=case, outcome="attending_again")
    with pytest.raises(Conflict, match="closed"):
        await chain.act(
            chain.lead,
            invite,
            at=before,
            case_id=case,
            organisation_id=chain.care,
            role=Role.YOUTH_CARE_WORKER,
        )


async def test_inviting_while_the_case_closes(chain: Chain) -> None:
    """An invitation that meets a closing case is not made."""
    case = await chain.opened()
    met = await chain.overlapping(
        (chain.lead, close_case, {"case_id": case, "outcome": "no_longer_needed"}),
        (
            chain.lead,
            invite,
            {"case_id": case, "organisation_id": chain.care, "role": "youth_care_worker"},
        ),
    )
    assert isinstance(met, NotFound)
    assert chain.rows(
        f"select count(*) from participation where case_id = '{case}' and ended_at is null"
    ) == ["0"]

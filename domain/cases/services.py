"""Acts on cases: open, invite and close.

What a party does about its own part is in `taking_part.py`, the school's offer in `summary.py`;
all are found here. Every act on a case first waits for the others (`hold`) and then asks what it
may do, so that two acts at once have an order.
"""

from uuid import UUID, uuid4

from sqlalchemy import Date, Text, Uuid, column, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.cases.models import (
    TRANSITIONS,
    CaseFile,
    CaseForm,
    CaseIdentity,
    CaseOutcome,
    CaseState,
    Participation,
)
from domain.cases.parties import PARTIES, Party, shares_of
from domain.cases.queries import hold, open_case_file
from domain.cases.summary import offer_summary
from domain.cases.taking_part import answer_invitation, leave_case
from domain.cases.writing import changed, of_case, of_part, one_of
from domain.database import ask_of
from domain.errors import Conflict, Invalid, NotFound
from domain.organisations.models import Organisation, SchoolBranch, Staff
from domain.outbox import How, announce
from domain.reach import Kind, require
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass, Role

__all__ = [
    "answer_invitation",
    "close_case",
    "invite",
    "leave_case",
    "offer_summary",
    "open_case",
]


async def open_case(session: AsyncSession, actor: Actor, *, report_id: UUID, form: str) -> UUID:
    """Open a case from a report that is allocated to the actor's office, and lead it.

    The case takes over who the report is about, and nothing else of it.

    Raises:
        NotFound: the report does not exist, or is not allocated to the actor's office.
        Invalid: the form is none of `CaseForm`.
        Conflict: there is a case for this report.
    """
    at = ("reportId",)
    rule = await require(
        session, actor, Activity.OPEN, DataClass.CASE_CORE,
        kind=Kind.REPORT, reached=report_id, path=at,
    )  # fmt: skip
    chosen = one_of(CaseForm, form, "form")
    about = (
        await session.execute(
            select(
                column("young_person_id", Uuid),
                column("branch_id", Uuid),
                column("given_name", Text),
                column("infix", Text),
                column("family_name", Text),
                column("birth_date", Date),
            ).select_from(func.reach.identity_of_report(report_id))
        )
    ).one_or_none()
    if about is None or actor.organisation is None:
        raise NotFound(*at)
    board_id = await session.scalar(
        select(SchoolBranch.organisation_id).where(SchoolBranch.id == about.branch_id)
    )
    instant = ask_of(session).moment.instant
    case_id = uuid4()
    made = await changed(
        session,
        insert(CaseFile)
        .inline()
        .values(
            id=case_id,
            controller_id=actor.organisation,
            young_person_id=about.young_person_id,
            report_id=report_id,
            board_id=board_id,
            form=str(chosen),
            state=str(CaseState.OPEN),
            opened_by=actor.id,
            opened_at=instant,
        )
        .on_conflict_do_nothing(),
    )
    if made == 0:
        raise Conflict("A case was already opened from this report; work in that one.", path=at)
    # Who it is about, then who leads it: once somebody takes part the opening is over, and
    # row-level security lets nobody write the identity.
    await changed(
        session,
        insert(CaseIdentity)
        .inline()
        .values(
            case_id=case_id,
            controller_id=actor.organisation,
            given_name=about.given_name,
            infix=about.infix,
            family_name=about.family_name,
            birth_date=about.birth_date,
        ),
    )
    name = await session.scalar(select(Staff.name).where(Staff.id == actor.id))
    part_id = uuid4()
    await changed(
        session,
        insert(Participation)
        .inline()
        .values(
            id=part_id,
            case_id=case_id,
            controller_id=actor.organisation,
            young_person_id=about.young_person_id,
            organisation_id=actor.organisation,
            role=str(actor.role),
            purpose=str(actor.purpose),
            is_lead=True,
            shares=[str(share) for share in shares_of(actor.role, actor.purpose)],
            staff_id=actor.id,
            display_name=name,
            invited_at=instant,
            answered_at=instant,
            accepted_at=instant,
        ),
    )
    await announce(
        session,
        [
            of_case(case_id, How.CREATED, about.young_person_id),
            of_part(part_id, case_id, How.CREATED, about.young_person_id),
        ],
        controller_id=actor.organisation,
    )
    await record(
        session, actor, rule, Act.CASE_OPENED, subjects=[about.young_person_id], about=case_id
    )
    return case_id


async def invite(
    session: AsyncSession,
    actor: Actor,
    *,
    case_id: UUID,
    organisation_id: UUID,
    role: str,
    branch_id: UUID | None = None,
) -> UUID:
    """Invite an organisation, in a role, to a case the actor leads; return the invitation's id.

    The purpose, and what the party will see, follow from the policy table.

    Raises:
        NotFound: the case does not exist, or the actor does not lead it; or no such organisation.
        Invalid: a role that cannot be invited, an organisation of another kind, a school without
            its branch, or another party with one.
        Conflict: the case is closed, or the party was invited already.
    """
    await hold(session, case_id)
    rule = await require(
        session, actor, Activity.INVITE, DataClass.CASE_CORE,
        kind=Kind.CASE, reached=case_id, path=("caseId",),
    )  # fmt: skip
    case = await open_case_file(session, case_id, "caseId")
    party = await fitting(session, one_of(Role, role, "role"), organisation_id, branch_id)
    participation_id = uuid4()
    made = await changed(
        session,
        insert(Participation)
        .inline()
        .values(
            id=participation_id,
            case_id=case_id,
            controller_id=case.controller_id,
            young_person_id=case.young_person_id,
            organisation_id=organisation_id,
            branch_id=branch_id,
            role=str(party.role),
            purpose=str(party.purpose),
            is_lead=False,
            shares=[str(share) for share in party.shares],
            invited_at=ask_of(session).moment.instant,
        )
        .on_conflict_do_nothing(),
    )
    if made == 0:
        raise Conflict(
            "This party was invited already, and has not declined or left.",
            path=("organisationId",),
        )
    await announce(
        session,
        [of_part(participation_id, case_id, How.CREATED, case.young_person_id)],
        controller_id=case.controller_id,
    )
    await record(
        session,
        actor,
        rule,
        Act.PARTY_INVITED,
        subjects=[case.young_person_id],
        about=participation_id,
    )
    return participation_id


async def fitting(
    session: AsyncSession, role: Role, organisation_id: UUID, branch_id: UUID | None
) -> Party:
    """Return the party that a role at an organisation is, if the two fit."""
    party = PARTIES.get(role)
    if party is None:
        raise Invalid(
            f"This role cannot be invited to a case. Choose one of: {', '.join(PARTIES)}.",
            path=("role",),
        )
    kind = await session.scalar(select(Organisation.kind).where(Organisation.id == organisation_id))
    if kind is None:
        raise NotFound("organisationId")
    if kind != str(party.kind):
        raise Invalid(
            f"The role {role} works at an organisation of the kind {party.kind}; this is a {kind}.",
            path=("organisationId",),
        )
    if party.at_school != (branch_id is not None):
        raise Invalid(
            "Name the branch of the school that is invited."
            if party.at_school
            else "Only a school is invited by its branch; leave the branch out.",
            path=("branchId",),
        )
    if branch_id is not None and organisation_id != await session.scalar(
        select(SchoolBranch.organisation_id).where(SchoolBranch.id == branch_id)
    ):
        raise Invalid("This branch is not one of the invited school board.", path=("branchId",))
    return party


async def close_case(session: AsyncSession, actor: Actor, *, case_id: UUID, outcome: str) -> UUID:
    """Close a case the actor leads; every party's part in it ends at once, the lead's too.

    Raises:
        NotFound: the case does not exist, or the actor does not lead it.
        Invalid: the outcome is none of `CaseOutcome`.
        Conflict: it is closed.
    """
    await hold(session, case_id)
    rule = await require(
        session, actor, Activity.CLOSE, DataClass.CASE_CORE,
        kind=Kind.CASE, reached=case_id, path=("caseId",),
    )  # fmt: skip
    result = one_of(CaseOutcome, outcome, "outcome")
    case = await open_case_file(session, case_id, "caseId")
    instant = ask_of(session).moment.instant
    before = [str(state) for state, after in TRANSITIONS.items() if CaseState.CLOSED in after]
    closed = await changed(
        session,
        update(CaseFile)
        .where(CaseFile.id == case_id, CaseFile.state.in_(before))
        .values(state=str(CaseState.CLOSED), closed_at=instant, outcome=str(result)),
    )
    if closed == 0:
        raise Conflict("This case was closed a moment ago.", path=("caseId",))
    parts = await session.scalars(
        select(Participation.id).where(
            Participation.case_id == case_id, Participation.ended_at.is_(None)
        )
    )
    await announce(
        session,
        [
            of_case(case_id, How.CHANGED, case.young_person_id),
            *(of_part(part, case_id, How.CHANGED, case.young_person_id) for part in parts),
        ],
        controller_id=case.controller_id,
    )
    # The case first, then the parts in one statement: the lead's own part is what lets it be done.
    await changed(
        session,
        update(Participation)
        .where(Participation.case_id == case_id, Participation.ended_at.is_(None))
        .values(ended_at=instant),
    )
    await record(
        session, actor, rule, Act.CASE_CLOSED, subjects=[case.young_person_id], about=case_id
    )
    return case_id

"""Acts of a party on its own part in a case: answer the invitation, and leave."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.cases.models import Participation
from domain.cases.queries import hold
from domain.cases.ties import mine
from domain.cases.writing import changed, of_part, text_of
from domain.database import ask_of
from domain.errors import Conflict, NotFound
from domain.outbox import How, announce
from domain.reach import Kind, require
from domain.trace import Act, record
from permissions.decide import rules_for
from permissions.vocabulary import Activity, Actor, DataClass, Tie

NAME = 200
"""How many characters a displayed name has at most."""
ANSWERED = "This invitation was answered by a colleague, or withdrawn, a moment ago."


async def answer_invitation(
    session: AsyncSession,
    actor: Actor,
    *,
    participation_id: UUID,
    accept: bool,
    display_name: str,
) -> UUID:
    """Accept or decline an invitation to the actor's own place of work; accepting is personal.

    Returns the case it was for.

    Who declines is not shown to the other parties; the same party can then be invited again.

    Args:
        session: the transaction of the act.
        actor: who answers.
        participation_id: the invitation.
        accept: whether the actor takes part.
        display_name: the name under which the other parties and the family see the actor.

    Raises:
        NotFound: no such invitation waits for an answer where the actor works.
        Invalid: the displayed name is empty or longer than 200 characters.
        Conflict: a colleague answered first.
    """
    at = ("participationId",)
    name = text_of(display_name, "displayName", most=NAME) if accept else None
    rule = await require(
        session, actor, Activity.READ, DataClass.CASE_CORE,
        kind=Kind.INVITATION, reached=participation_id, path=at,
    )  # fmt: skip
    found = (
        await session.execute(
            select(
                Participation.case_id, Participation.young_person_id, Participation.controller_id
            ).where(Participation.id == participation_id)
        )
    ).one()
    await hold(session, found.case_id)
    waiting = (
        Participation.id == participation_id,
        Participation.answered_at.is_(None),
        Participation.ended_at.is_(None),
    )
    if await session.scalar(select(Participation.id).where(*waiting)) is None:
        raise Conflict(ANSWERED, path=at)
    # Before the answer, for declining ends the tie to the case.
    await announce(
        session,
        [of_part(participation_id, found.case_id, How.CHANGED, found.young_person_id)],
        controller_id=found.controller_id,
    )
    instant = ask_of(session).moment.instant
    answered = await changed(
        session,
        update(Participation)
        .where(*waiting)
        .values(
            staff_id=actor.id,
            display_name=name,
            answered_at=instant,
            accepted_at=instant if accept else None,
            ended_at=None if accept else instant,
        ),
    )
    if answered == 0:
        raise Conflict(ANSWERED, path=at)
    await record(
        session,
        actor,
        rule,
        Act.INVITATION_ANSWERED,
        subjects=[found.young_person_id],
        about=participation_id,
    )
    case_id: UUID = found.case_id
    return case_id


async def leave_case(session: AsyncSession, actor: Actor, *, case_id: UUID) -> UUID:
    """End the actor's own part in a case; the lead closes the case instead.

    Raises:
        NotFound: the actor takes no part in the case.
        Conflict: the actor leads it.
    """
    await hold(session, case_id)
    part = (
        await session.execute(
            select(
                Participation.id,
                Participation.young_person_id,
                Participation.controller_id,
                Participation.is_lead,
            ).where(Participation.case_id == case_id, Participation.ended_at.is_(None), mine()),
            ask_of(session).parameters,
        )
    ).one_or_none()
    # Taking part is the tie, and an invitation is not; both show the head of the case.
    rule = next(
        (
            rule
            for rule in rules_for(actor.role, actor.purpose, Activity.READ, DataClass.CASE_CORE)
            if rule.tie in (Tie.CASE_PARTICIPATION, Tie.COURT_MEASURE)
        ),
        None,
    )
    if part is None or rule is None:
        raise NotFound("caseId")
    if part.is_lead:
        raise Conflict(
            "Who leads a case cannot leave it. Close the case when its work is done.",
            path=("caseId",),
        )
    # Before the end, for the part is the tie to the case.
    await announce(
        session,
        [of_part(part.id, case_id, How.CHANGED, part.young_person_id)],
        controller_id=part.controller_id,
    )
    ended = await changed(
        session,
        update(Participation)
        .where(Participation.id == part.id, Participation.ended_at.is_(None))
        .values(ended_at=ask_of(session).moment.instant),
    )
    if ended == 0:
        raise Conflict("Your part in this case ended a moment ago.", path=("caseId",))
    await record(
        session, actor, rule, Act.CASE_LEFT, subjects=[part.young_person_id], about=case_id
    )
    return case_id

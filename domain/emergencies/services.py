"""Acts on emergency access: declare one, and review it afterwards."""

from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.cases.writing import changed, one_of, text_of
from domain.database import ask_of
from domain.emergencies.models import LASTS, EmergencyAccess, Finding
from domain.errors import Conflict, Invalid, NotFound
from domain.reach import Kind, require
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass

LONGEST = 1000
SHORTEST = 20


async def declare_emergency(
    session: AsyncSession, actor: Actor, *, young_person_id: UUID, reason: str
) -> UUID:
    """Open what finds a young person in danger for thirty minutes, and tell who answers for it.

    The database tells the actor's organisation and every board with a record, in the same commit.

    Raises:
        NotFound: the young person does not exist, or the actor's organisation works with no such.
        Invalid: the reason has fewer than 20 or more than 1,000 characters.
        Conflict: an earlier emergency of the actor's has not been reviewed.
    """
    rule = await require(
        session, actor, Activity.DECLARE, DataClass.EMERGENCY,
        kind=Kind.YOUNG_PERSON, reached=young_person_id, path=("youngPersonId",),
    )  # fmt: skip
    said = text_of(reason, "reason", most=LONGEST)
    if len(said) < SHORTEST:
        raise Invalid(
            f"Say in at least {SHORTEST} characters what the danger is: the privacy officer "
            "reviews it by this.",
            path=("reason",),
        )
    instant = ask_of(session).moment.instant
    emergency_id = uuid4()
    made = await changed(
        session,
        insert(EmergencyAccess)
        .inline()
        .values(
            id=emergency_id,
            controller_id=actor.organisation,
            actor_id=actor.id,
            role=str(actor.role),
            young_person_id=young_person_id,
            reason=said,
            declared_at=instant,
            ends_at=instant + LASTS,
        )
        .on_conflict_do_nothing(),
    )
    if made == 0:
        raise Conflict(
            "An earlier emergency of yours has not been reviewed. Ask your organisation's privacy "
            "officer to review it; until then no other can be declared.",
            path=("youngPersonId",),
        )
    await record(
        session, actor, rule, Act.EMERGENCY_DECLARED, subjects=[young_person_id], about=emergency_id
    )
    return emergency_id


async def review_emergency(
    session: AsyncSession, actor: Actor, *, emergency_id: UUID, finding: str
) -> UUID:
    """Say whether an emergency access at the actor's own organisation was justified, once.

    Raises:
        NotFound: there is no such emergency at the organisation, or the actor reviews none.
        Invalid: the finding is none of `Finding`.
        Conflict: it was reviewed already, or is the actor's own.
    """
    at = ("emergencyId",)
    if actor.organisation is None:
        raise NotFound(*at)
    rule = await require(
        session, actor, Activity.REVIEW, DataClass.EMERGENCY,
        kind=Kind.CONTROLLER, reached=actor.organisation, path=at,
    )  # fmt: skip
    found = (
        await session.execute(
            select(EmergencyAccess.young_person_id, EmergencyAccess.actor_id).where(
                EmergencyAccess.id == emergency_id,
                EmergencyAccess.controller_id == actor.organisation,
            )
        )
    ).one_or_none()
    if found is None:
        raise NotFound(*at)
    if found.actor_id == actor.id:
        raise Conflict("Nobody reviews what they declared. Ask another privacy officer.", path=at)
    done = await changed(
        session,
        update(EmergencyAccess)
        .where(EmergencyAccess.id == emergency_id, EmergencyAccess.reviewed_at.is_(None))
        .values(
            reviewed_at=ask_of(session).moment.instant,
            reviewed_by=actor.id,
            finding=str(one_of(Finding, finding, "finding")),
        ),
    )
    if done == 0:
        raise Conflict("This emergency was reviewed already.", path=at)
    await record(
        session,
        actor,
        rule,
        Act.EMERGENCY_REVIEWED,
        subjects=[found.young_person_id],
        about=emergency_id,
    )
    return emergency_id

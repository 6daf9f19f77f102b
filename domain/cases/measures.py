"""Acts on child protection measures: a certified institution registers the court's orders."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Uuid, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.cases.models import CourtMeasure
from domain.cases.writing import changed, later
from domain.database import ask_of
from domain.errors import Invalid, NotFound
from domain.organisations.models import Organisation, OrganisationKind
from domain.reach import Kind, require
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass, Rule

KINDS = ("supervision", "guardianship")
"""Ondertoezichtstelling (BW 1:255) and voogdij."""


async def register_measure(
    session: AsyncSession, actor: Actor, *, young_person_id: UUID, kind: str, until: datetime
) -> UUID:
    """Register a measure that a court ordered, from now to its dated end; return the young person.

    Supervision is ordered for a year at most (BW 1:258), and is registered anew when a court
    renews it; nothing is ordered beyond the 18th birthday, where that is known (BW 1:233).

    Raises:
        NotFound: the young person does not exist, or the institution takes part in no case about
            them, or the actor registers no measures.
        Invalid: another kind, an end that is not later than now or too late, or another kind of
            organisation.
    """
    controller, rule = await _registering(session, actor)
    organisation = await session.get(Organisation, controller)
    if organisation is None or organisation.kind != str(OrganisationKind.CERTIFIED_INSTITUTION):
        raise Invalid("Only a certified institution registers measures.", path=("kind",))
    if kind not in KINDS:
        raise Invalid(f"Choose one of: {', '.join(KINDS)}.", path=("kind",))
    instant = ask_of(session).moment.instant
    known = await session.scalars(select(func.reach.measurable(type_=Uuid)))
    if young_person_id not in set(known):
        raise NotFound("youngPersonId")
    latest = await session.scalar(
        select(func.reach.measure_bound(young_person_id, kind, type_=DateTime(timezone=True)))
    )
    if latest is not None and later(until, instant, "until") > latest:
        raise Invalid(
            "Supervision lasts a year at most, and no measure lasts beyond the 18th birthday. Name"
            " an earlier end; register a renewal when the court orders it.",
            path=("until",),
        )
    measure_id = uuid4()
    await changed(
        session,
        insert(CourtMeasure)
        .inline()
        .values(
            id=measure_id,
            controller_id=controller,
            young_person_id=young_person_id,
            kind=kind,
            valid_from=instant,
            valid_until=later(until, instant, "until"),
        ),
    )
    await record(
        session, actor, rule, Act.MEASURE_REGISTERED, subjects=[young_person_id], about=measure_id
    )
    return young_person_id


async def end_measure(
    session: AsyncSession, actor: Actor, *, young_person_id: UUID, kind: str
) -> UUID:
    """End the institution's measure of a kind about a young person, now; return the young person.

    A court may lift a measure before its end, or another institution carries it on.

    Raises:
        NotFound: no measure of that kind of the institution's about them holds, or the actor
            registers no measures.
        Invalid: another kind.
    """
    controller, rule = await _registering(session, actor)
    if kind not in KINDS:
        raise Invalid(f"Choose one of: {', '.join(KINDS)}.", path=("kind",))
    instant = ask_of(session).moment.instant
    lasting = (
        CourtMeasure.controller_id == controller,
        CourtMeasure.young_person_id == young_person_id,
        CourtMeasure.kind == kind,
        CourtMeasure.valid_until > instant,
    )
    about = await session.scalar(
        select(CourtMeasure.id).where(*lasting).order_by(CourtMeasure.valid_from.desc()).limit(1)
    )
    done = await changed(session, update(CourtMeasure).where(*lasting).values(valid_until=instant))
    if about is None or done == 0:
        raise NotFound("youngPersonId")
    await record(session, actor, rule, Act.MEASURE_ENDED, subjects=[young_person_id], about=about)
    return young_person_id


async def _registering(session: AsyncSession, actor: Actor) -> tuple[UUID, Rule]:
    """Return the actor's organisation and the rule by which it keeps measures there."""
    if actor.organisation is None:
        raise NotFound("youngPersonId")
    rule = await require(
        session, actor, Activity.REGISTER, DataClass.COURT_MEASURE,
        kind=Kind.CONTROLLER, reached=actor.organisation, path=("youngPersonId",),
    )  # fmt: skip
    return actor.organisation, rule

"""Acts on child protection measures: a certified institution registers the court's order."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Uuid, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.cases.models import CourtMeasure
from domain.cases.writing import changed, later
from domain.database import ask_of
from domain.errors import Invalid, NotFound
from domain.organisations.models import Organisation, OrganisationKind
from domain.reach import Kind, require
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass

KINDS = ("supervision", "guardianship")
"""Ondertoezichtstelling (BW 1:255) and voogdij."""


async def register_measure(
    session: AsyncSession, actor: Actor, *, young_person_id: UUID, kind: str, until: datetime
) -> UUID:
    """Register a measure that a court ordered, from now to its dated end; return its id.

    Raises:
        NotFound: the young person does not exist, or the institution takes part in no case about
            them, or the actor registers no measures.
        Invalid: another kind, an end that is not later than now, or another kind of organisation.
    """
    if actor.organisation is None:
        raise NotFound("youngPersonId")
    rule = await require(
        session, actor, Activity.REGISTER, DataClass.COURT_MEASURE,
        kind=Kind.CONTROLLER, reached=actor.organisation, path=("youngPersonId",),
    )  # fmt: skip
    organisation = await session.get(Organisation, actor.organisation)
    if organisation is None or organisation.kind != str(OrganisationKind.CERTIFIED_INSTITUTION):
        raise Invalid("Only a certified institution registers measures.", path=("kind",))
    if kind not in KINDS:
        raise Invalid(f"Choose one of: {', '.join(KINDS)}.", path=("kind",))
    instant = ask_of(session).moment.instant
    known = await session.scalars(select(func.reach.measurable(type_=Uuid)))
    if young_person_id not in set(known):
        raise NotFound("youngPersonId")
    measure_id = uuid4()
    await changed(
        session,
        insert(CourtMeasure)
        .inline()
        .values(
            id=measure_id,
            controller_id=actor.organisation,
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

"""Acts on non-enrolment (absoluut verzuim, Leerplichtwet 1969 art. 19): open a record, close it."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.cases.writing import changed, one_of
from domain.database import ask_of
from domain.errors import Conflict, NotFound
from domain.exemptions.judging import check_bound
from domain.exemptions.models import (
    NON_ENROLMENT_TRANSITIONS,
    NonEnrolment,
    NonEnrolmentOutcome,
    NonEnrolmentState,
)
from domain.exemptions.whom import (
    Whom,
    check_served,
    non_enrolment_of,
    one_at_a_time,
    person_of,
)
from domain.reach import Kind, require
from domain.reference.calendar import school_year_of
from domain.reference.exemptions import exemption_rules
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass


def retention_end(closed_on: date) -> date:
    """Return the last day of the school year after the one in which a record was closed.

    As absence data is kept (Wet register onderwijsdeelnemers art. 30; for the office's own record
    to be confirmed).
    """
    return date(school_year_of(closed_on) + 2, 7, 31)


async def open_non_enrolment(
    session: AsyncSession, actor: Actor, *, whom: Whom, municipality_code: str, since: date
) -> UUID:
    """Open a record of somebody who is bound to attend and is at no school; return its id.

    Raises:
        NotFound: the report or record does not exist, or not for this actor; or the actor keeps
            no such records.
        Invalid: a day ahead, an age at which nobody is bound, a municipality that the office does
            not serve; or see `person_of`.
        Conflict: a record about this person is open.
    """
    if actor.organisation is None:
        raise NotFound("whom")
    rule = await require(
        session, actor, Activity.OPEN, DataClass.NON_ENROLMENT,
        kind=Kind.CONTROLLER, reached=actor.organisation, path=("whom",),
    )  # fmt: skip
    moment = ask_of(session).moment
    person = await person_of(session, actor, whom)
    check_bound(exemption_rules(moment.today), since, person.birth_date, moment.today)
    await check_served(session, actor, municipality_code)
    record_id = uuid4()
    young_person_id = person.young_person_id or record_id
    await one_at_a_time(session, young_person_id)
    already = await session.scalar(
        select(NonEnrolment.id)
        .where(
            NonEnrolment.controller_id == actor.organisation,
            NonEnrolment.young_person_id == young_person_id,
            NonEnrolment.state == str(NonEnrolmentState.OPEN),
        )
        .limit(1)
    )
    if already is not None:
        raise Conflict("A record about this person is open; work in that one.", path=("whom",))
    await changed(
        session,
        insert(NonEnrolment)
        .inline()
        .values(
            **person.values(record_id),
            id=record_id,
            controller_id=actor.organisation,
            municipality_code=municipality_code,
            since=since,
            state=str(NonEnrolmentState.OPEN),
            opened_by=actor.id,
            opened_at=moment.instant,
        ),
    )
    await record(
        session, actor, (rule, *person.rules), Act.NON_ENROLMENT_OPENED,
        subjects=[young_person_id], about=record_id,
    )  # fmt: skip
    return record_id


async def close_non_enrolment(
    session: AsyncSession, actor: Actor, *, record_id: UUID, outcome: str
) -> UUID:
    """Close a record and say, in a word of a closed list, what came of it.

    Raises:
        NotFound: there is none, or another office keeps it.
        Invalid: the outcome is none of `NonEnrolmentOutcome`.
        Conflict: it was closed.
    """
    at = ("nonEnrolmentId",)
    found, rule = await non_enrolment_of(session, actor, record_id, Activity.CLOSE, at)
    came = one_of(NonEnrolmentOutcome, outcome, "outcome")
    moment = ask_of(session).moment
    done = 0
    if NonEnrolmentState.CLOSED in NON_ENROLMENT_TRANSITIONS[NonEnrolmentState(found.state)]:
        done = await changed(
            session,
            update(NonEnrolment)
            .where(NonEnrolment.id == record_id, NonEnrolment.state == found.state)
            .values(
                state=str(NonEnrolmentState.CLOSED),
                outcome=str(came),
                closed_by=actor.id,
                closed_at=moment.instant,
                retained_until=retention_end(moment.today),
            ),
        )
    if done == 0:
        raise Conflict("This record was closed.", path=at)
    await record(
        session, actor, rule, Act.NON_ENROLMENT_CLOSED,
        subjects=[found.young_person_id], about=record_id,
    )  # fmt: skip
    return record_id

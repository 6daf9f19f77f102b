"""Acts on exemptions: register one, end it."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.cases.writing import changed, one_of
from domain.database import ask_of
from domain.errors import Conflict, NotFound
from domain.exemptions.judging import Period, check_period, months_before
from domain.exemptions.models import (
    CLASSES,
    TRANSITIONS,
    Exemption,
    ExemptionEnd,
    ExemptionKind,
    ExemptionState,
)
from domain.exemptions.whom import (
    Person,
    Whom,
    check_served,
    exemption_of,
    one_at_a_time,
    person_of,
)
from domain.reach import Kind, require
from domain.reference.exemptions import exemption_rules
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor

A_YEAR = -12
"""In months before: an exemption is kept until one year after it ended (WRO art. 30)."""


def retention_end(last_day: date | None) -> date | None:
    """Return the last day on which an exemption is kept; None while it has no end.

    One year after it ends: Wet register onderwijsdeelnemers art. 30, which is the register's own
    term; that the office keeps it as long is to be confirmed.
    """
    return None if last_day is None else months_before(last_day, A_YEAR)


async def register_exemption(
    session: AsyncSession,
    actor: Actor,
    *,
    whom: Whom,
    kind: str,
    municipality_code: str,
    period: Period,
) -> UUID:
    """Register an exemption with the actor's own office, and return its id.

    Raises:
        NotFound: the report or record does not exist, or not for this actor; or the actor keeps
            no such records.
        Invalid: no such kind; days, a statement or an age that the law does not know for it; a
            municipality that the office does not serve; or see `person_of`.
        Conflict: an exemption of this kind stands in these days.
    """
    named = one_of(ExemptionKind, kind, "kind")
    if actor.organisation is None:
        raise NotFound("whom")
    rule = await require(
        session, actor, Activity.REGISTER, CLASSES[named],
        kind=Kind.CONTROLLER, reached=actor.organisation, path=("whom",),
    )  # fmt: skip
    moment = ask_of(session).moment
    person = await person_of(session, actor, whom)
    rules = exemption_rules(moment.today)
    check_period(rules.kinds[named], period, person.birth_date, moment.today)
    await check_served(session, actor, municipality_code)
    await _check_alone(session, actor, person, named, period)
    exemption_id = uuid4()
    about = person.values(exemption_id)
    await changed(
        session,
        insert(Exemption)
        .inline()
        .values(
            **about,
            id=exemption_id,
            controller_id=actor.organisation,
            municipality_code=municipality_code,
            data_class=str(CLASSES[named]),
            kind=str(named),
            first_day=period.first_day,
            last_day=period.last_day,
            statement_on=period.statement_on,
            rule_set=rules.code,
            state=str(ExemptionState.REGISTERED),
            registered_by=actor.id,
            registered_at=moment.instant,
            retained_until=retention_end(period.last_day),
        ),
    )
    await record(
        session, actor, (rule, *person.rules), Act.EXEMPTION_REGISTERED,
        subjects=[person.young_person_id or exemption_id], about=exemption_id,
    )  # fmt: skip
    return exemption_id


async def _check_alone(
    session: AsyncSession, actor: Actor, person: Person, kind: ExemptionKind, period: Period
) -> None:
    """Refuse a second exemption of a kind in the same days, in the own office's records."""
    if person.young_person_id is None:
        return
    await one_at_a_time(session, person.young_person_id)
    standing = select(Exemption.id).where(
        Exemption.controller_id == actor.organisation,
        Exemption.young_person_id == person.young_person_id,
        Exemption.kind == str(kind),
        Exemption.state == str(ExemptionState.REGISTERED),
        or_(Exemption.last_day.is_(None), Exemption.last_day >= period.first_day),
    )
    if period.last_day is not None:
        standing = standing.where(Exemption.first_day <= period.last_day)
    if await session.scalar(standing.limit(1)) is not None:
        raise Conflict(
            "An exemption of this kind stands in these days. End it first.", path=("firstDay",)
        )


async def end_exemption(
    session: AsyncSession, actor: Actor, *, exemption_id: UUID, reason: str
) -> UUID:
    """End an exemption now, before its last day.

    Raises:
        NotFound: there is none, or another office keeps it.
        Invalid: the reason is none of `ExemptionEnd`.
        Conflict: it was ended.
    """
    at = ("exemptionId",)
    found, rule = await exemption_of(session, actor, exemption_id, Activity.END, at)
    why = one_of(ExemptionEnd, reason, "reason")
    moment = ask_of(session).moment
    done = 0
    if ExemptionState.ENDED in TRANSITIONS[ExemptionState(found.state)]:
        done = await changed(
            session,
            update(Exemption)
            .where(Exemption.id == exemption_id, Exemption.state == found.state)
            .values(
                state=str(ExemptionState.ENDED),
                end_reason=str(why),
                ended_by=actor.id,
                ended_at=moment.instant,
                retained_until=retention_end(min(moment.today, found.last_day or moment.today)),
            ),
        )
    if done == 0:
        raise Conflict("This exemption was ended.", path=at)
    await record(
        session, actor, rule, Act.EXEMPTION_ENDED,
        subjects=[found.young_person_id], about=exemption_id,
    )  # fmt: skip
    return exemption_id

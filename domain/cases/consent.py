"""Acts around what families give and what is withheld from them: consent, and its end."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Uuid, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.cases.models import CaseFile, Consent, Participation, Withholding
from domain.cases.queries import hold, open_case_file
from domain.cases.writing import changed, later, one_of, text_of
from domain.database import ask_of
from domain.errors import Conflict, Invalid, NotFound
from domain.reach import Kind, require
from domain.trace import Act, record
from permissions.decide import rules_for
from permissions.vocabulary import Activity, Actor, DataClass

GROUND = 1000
SHARED = (DataClass.NOTE_GENERAL, DataClass.NOTE_YOUTH_CARE)
"""The classes of notes that leave is given for."""


async def give_consent(
    session: AsyncSession,
    actor: Actor,
    *,
    case_id: UUID,
    data_class: str,
    from_organisation_id: UUID,
    to_organisation_id: UUID | None,
) -> UUID:
    """Give leave, within a case, to share one class of notes; it holds until it is withdrawn.

    A general note of a doctor is for everyone who takes part; a note of youth care for one party.

    Raises:
        NotFound: the case does not exist, or the actor gives no leave in it, or an organisation
            takes no part in it.
        Invalid: another class, or a receiver where there is none to name.
        Conflict: the case is closed.
    """
    rule = await require(
        session, actor, Activity.GIVE, DataClass.CONSENT,
        kind=Kind.CASE, reached=case_id, path=("caseId",),
    )  # fmt: skip
    chosen = one_of(DataClass, data_class, "dataClass")
    if chosen not in SHARED:
        raise Invalid(f"Choose one of: {', '.join(SHARED)}.", path=("dataClass",))
    if (chosen is DataClass.NOTE_GENERAL) != (to_organisation_id is None):
        raise Invalid(
            "A general note is for everyone who takes part: leave the receiver out."
            if to_organisation_id
            else "Name the organisation that may read the notes of youth care.",
            path=("toOrganisationId",),
        )
    case = await open_case_file(session, case_id, "caseId")
    for organisation, name in (
        (from_organisation_id, "fromOrganisationId"),
        (to_organisation_id, "toOrganisationId"),
    ):
        if organisation is not None and not await taking_part(session, case_id, organisation):
            raise NotFound(name)
    consent_id = uuid4()
    await changed(
        session,
        insert(Consent)
        .inline()
        .values(
            id=consent_id,
            controller_id=case.controller_id,
            case_id=case_id,
            young_person_id=case.young_person_id,
            data_class=str(chosen),
            from_organisation_id=from_organisation_id,
            to_organisation_id=to_organisation_id,
            given_by=actor.id,
            valid_from=ask_of(session).moment.instant,
        ),
    )
    await record(
        session, actor, rule, Act.CONSENT_GIVEN, subjects=[case.young_person_id], about=consent_id
    )
    return case_id


async def taking_part(session: AsyncSession, case_id: UUID, organisation_id: UUID) -> bool:
    """Return whether an organisation takes part in a case, as far as the actor sees."""
    found = await session.scalar(
        select(Participation.id).where(
            Participation.case_id == case_id,
            Participation.organisation_id == organisation_id,
            Participation.accepted_at.is_not(None),
            Participation.ended_at.is_(None),
        )
    )
    return found is not None


async def withdraw_consent(session: AsyncSession, actor: Actor, *, consent_id: UUID) -> UUID:
    """Withdraw leave; what it opened closes at the next statement.

    By whoever gave it, and by whoever may give it now: the other parent, and from 16 the young
    person (AVG 7(3)). Who gave it may always take it back, whatever has ended since.

    Raises:
        NotFound: there is no such consent, or the actor neither gave it nor may give it.
        Conflict: it was withdrawn already.
    """
    at = ("consentId",)
    found = (
        await session.execute(
            select(Consent.case_id, Consent.young_person_id, Consent.given_by).where(
                Consent.id == consent_id
            )
        )
    ).one_or_none()
    if found is None:
        raise NotFound(*at)
    own = rules_for(actor.role, actor.purpose, Activity.GIVE, DataClass.CONSENT)
    if found.given_by == actor.id and own:
        rule = own[0]
    else:
        rule = await require(
            session, actor, Activity.GIVE, DataClass.CONSENT,
            kind=Kind.CASE, reached=found.case_id, path=at,
        )  # fmt: skip
    done = await changed(
        session,
        update(Consent)
        .where(Consent.id == consent_id, Consent.valid_until.is_(None))
        .values(valid_until=ask_of(session).moment.instant),
    )
    if done == 0:
        raise Conflict("This consent was withdrawn already.", path=at)
    await record(
        session,
        actor,
        rule,
        Act.CONSENT_WITHDRAWN,
        subjects=[found.young_person_id],
        about=consent_id,
    )
    case_id: UUID = found.case_id
    return case_id


async def withhold_file(
    session: AsyncSession,
    actor: Actor,
    *,
    case_id: UUID,
    guardian_id: UUID | None,
    ground: str,
    until: datetime,
) -> UUID:
    """Withhold a case's work from the parents, or from one, for a dated legal reason.

    Also of a case that is closed: what was written in it is still there to read.

    Raises:
        NotFound: the case does not exist, or the actor neither leads it nor opened it for the
            office that keeps it; or the board that the case came from has no such guardian.
        Invalid: no ground is given, or an end that is not later than now.
    """
    await hold(session, case_id)
    rule = await require(
        session, actor, Activity.WITHHOLD, DataClass.CASE_CORE,
        kind=Kind.CASE, reached=case_id, path=("caseId",),
    )  # fmt: skip
    said = text_of(ground, "ground", most=GROUND)
    instant = ask_of(session).moment.instant
    case = await session.scalar(select(CaseFile).where(CaseFile.id == case_id))
    if case is None:
        raise NotFound("caseId")
    if guardian_id is not None:
        of_case = select(func.reach.guardians_of_case(case_id, type_=Uuid))
        if guardian_id not in set(await session.scalars(of_case)):
            raise NotFound("guardianId")
    made = uuid4()
    await changed(
        session,
        insert(Withholding)
        .inline()
        .values(
            id=made,
            controller_id=case.controller_id,
            case_id=case_id,
            guardian_id=guardian_id,
            ground=said,
            valid_from=instant,
            valid_until=later(until, instant, "until"),
        ),
    )
    await record(
        session, actor, rule, Act.FILE_WITHHELD, subjects=[case.young_person_id], about=made
    )
    return case_id

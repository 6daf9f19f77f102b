"""Acts on referrals: refer a pupil or a report, receive it, say what came of it, end it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.cases.writing import changed, one_of, text_of
from domain.database import ask_of
from domain.errors import Conflict, Invalid, NotFound
from domain.organisations.models import Assignment, Organisation, OrganisationKind
from domain.organisations.ties import assigned
from domain.pupils.models import Pupil
from domain.reach import Kind, require
from domain.referrals.models import Referral, ReferralFile, ReferralKind, ReferralOutcome
from domain.reports.models import ReportExtract
from domain.trace import Act, record
from permissions.decide import rules_for
from permissions.vocabulary import Activity, Actor, DataClass, Role, Rule, Tie

QUESTION = 4000

Kinds = Mapping[ReferralKind, tuple[OrganisationKind, Role]]

_ALLIANCE = (OrganisationKind.SUPPORT_ALLIANCE, Role.ALLIANCE_CONSULTANT)
_PARTNER = (OrganisationKind.REFERRAL_PARTNER, Role.REFERRAL_PARTNER)
OF_PUPILS: Kinds = {
    ReferralKind.MAZL: (OrganisationKind.YOUTH_HEALTH_SERVICE, Role.YOUTH_DOCTOR),
    ReferralKind.SPECIAL_NEEDS: _ALLIANCE,
    ReferralKind.STATUTORY: _ALLIANCE,
}
"""Where a school refers a pupil to, by kind: what sort of organisation, and who there."""
OF_REPORTS: Kinds = {
    ReferralKind.HALT: _PARTNER,
    ReferralKind.CHILD_PROTECTION_BOARD: _PARTNER,
    ReferralKind.PUBLIC_PROSECUTOR: _PARTNER,
    ReferralKind.SAFE_AT_HOME: _PARTNER,
}
"""Where an attendance office refers a report to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of whom, as somebody typed it."""

    kind: str
    to_organisation_id: UUID
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom a referral is about, as its file says it."""

    young_person_id: UUID
    pupil_id: UUID | None = None
    report_id: UUID | None = None
    given_name: str
    family_name: str
    birth_date: date | None


async def refer_pupil(
    session: AsyncSession,
    actor: Actor,
    *,
    pupil_id: UUID,
    wanted: Wanted,
) -> UUID:
    """Refer a pupil to youth health or the alliance, with one question.

    Raises:
        NotFound: the pupil does not exist, or the actor may not refer them; or no organisation.
        Invalid: a kind that is not a school's, an organisation of another kind, no question.
    """
    rule = await require(
        session, actor, Activity.REFER, DataClass.REFERRAL,
        kind=Kind.PUPIL, reached=pupil_id, path=("pupilId",),
    )  # fmt: skip
    pupil = await session.scalar(select(Pupil).where(Pupil.id == pupil_id))
    if pupil is None:
        raise NotFound("pupilId")
    subject = Subject(
        young_person_id=pupil.young_person_id,
        pupil_id=pupil_id,
        given_name=pupil.given_name,
        family_name=" ".join(filter(None, (pupil.infix, pupil.family_name))),
        birth_date=pupil.birth_date,
    )
    to_role = await _fitting(session, wanted, OF_PUPILS)
    return await _refer(session, actor, rule, subject=subject, wanted=wanted, to_role=to_role)


async def refer_report(
    session: AsyncSession,
    actor: Actor,
    *,
    report_id: UUID,
    wanted: Wanted,
) -> UUID:
    """Refer the young person of a report to Halt, the child protection board and the like.

    Raises:
        NotFound: the report does not exist, or is not allocated to the actor's office; or no
            organisation.
        Invalid: a kind that is not an office's, an organisation of another kind, no question.
    """
    rule = await require(
        session, actor, Activity.REFER, DataClass.REFERRAL,
        kind=Kind.REPORT, reached=report_id, path=("reportId",),
    )  # fmt: skip
    found = await session.scalar(select(ReportExtract).where(ReportExtract.report_id == report_id))
    # A school refers by its assignment, which reaches the report too: it refers the pupil.
    if found is None or rule.tie is not Tie.REPORT_ALLOCATION:
        raise NotFound("reportId")
    said = found.extract
    subject = Subject(
        young_person_id=found.young_person_id,
        report_id=report_id,
        given_name=said["givenName"],
        family_name=" ".join(filter(None, (said["infix"], said["familyName"]))),
        birth_date=found.birth_date,
    )
    to_role = await _fitting(session, wanted, OF_REPORTS)
    return await _refer(session, actor, rule, subject=subject, wanted=wanted, to_role=to_role)


async def _fitting(session: AsyncSession, wanted: Wanted, kinds: Kinds) -> Role:
    """Return who answers a referral of this kind, if the organisation is of the kind that does."""
    chosen = one_of(ReferralKind, wanted.kind, "kind")
    if chosen not in kinds:
        raise Invalid(f"Choose one of: {', '.join(kinds)}.", path=("kind",))
    works_at, role = kinds[chosen]
    found = await session.scalar(
        select(Organisation.kind).where(Organisation.id == wanted.to_organisation_id)
    )
    if found is None:
        raise NotFound("toOrganisationId")
    if found != str(works_at):
        raise Invalid(
            f"A referral of the kind {chosen} goes to an organisation of the kind {works_at}; "
            f"this is a {found}.",
            path=("toOrganisationId",),
        )
    return role


async def _refer(
    session: AsyncSession,
    actor: Actor,
    rule: Rule,
    *,
    subject: Subject,
    wanted: Wanted,
    to_role: Role,
) -> UUID:
    asked = text_of(wanted.question, "question", most=QUESTION)
    referral_id = uuid4()
    await changed(
        session,
        insert(Referral)
        .inline()
        .values(
            id=referral_id,
            controller_id=actor.organisation,
            young_person_id=subject.young_person_id,
            pupil_id=subject.pupil_id,
            report_id=subject.report_id,
            kind=wanted.kind,
            to_organisation_id=wanted.to_organisation_id,
            to_role=str(to_role),
            referred_by=actor.id,
            valid_from=ask_of(session).moment.instant,
        ),
    )
    await changed(
        session,
        insert(ReferralFile)
        .inline()
        .values(
            referral_id=referral_id,
            controller_id=actor.organisation,
            given_name=subject.given_name,
            family_name=subject.family_name,
            birth_date=subject.birth_date,
            question=asked,
        ),
    )
    await record(
        session, actor, rule, Act.REFERRED, subjects=[subject.young_person_id], about=referral_id
    )
    return referral_id


async def end_referral(session: AsyncSession, actor: Actor, *, referral_id: UUID) -> UUID:
    """End a referral of the actor's organisation; whom it was sent to sees nothing from then on.

    By whoever made it, also when the report is closed or the pupil has left since, and by
    everybody who may refer the same pupil or report now: nothing that was opened stays open for
    want of somebody who may close it.

    Raises:
        NotFound: there is no such referral, or the actor neither made it nor may refer whom it is
            about, or works there no more.
        Conflict: it was ended already.
    """
    at = ("referralId",)
    found = await session.scalar(
        select(Referral).where(
            Referral.id == referral_id, Referral.controller_id == actor.organisation
        )
    )
    if found is None:
        raise NotFound(*at)
    own = await _ending(session, actor, found, at)
    done = await changed(
        session,
        update(Referral)
        .where(Referral.id == referral_id, Referral.valid_until.is_(None))
        .values(valid_until=ask_of(session).moment.instant),
    )
    if done == 0:
        raise Conflict("This referral was ended already.", path=at)
    await record(
        session,
        actor,
        own,
        Act.REFERRAL_ENDED,
        subjects=[found.young_person_id],
        about=referral_id,
    )
    return referral_id


async def _ending(
    session: AsyncSession, actor: Actor, referral: Referral, at: tuple[str, ...]
) -> Sequence[Rule]:
    """Return the rules by which the actor ends a referral: what it made, or might make now."""
    if referral.referred_by == actor.id:
        works = await session.scalar(
            select(Assignment.id).where(assigned()).limit(1), ask_of(session).parameters
        )
        own = rules_for(actor.role, actor.purpose, Activity.REFER, DataClass.REFERRAL)
        if works is not None and own:
            return own
        raise NotFound(*at)
    reached = referral.pupil_id or referral.report_id
    if reached is None:
        raise NotFound(*at)
    kind = Kind.REPORT if referral.pupil_id is None else Kind.PUPIL
    return [
        await require(
            session, actor, Activity.REFER, DataClass.REFERRAL,
            kind=kind, reached=reached, path=at,
        )
    ]  # fmt: skip


async def receive_referral(
    session: AsyncSession, actor: Actor, *, referral_id: UUID, outcome: str | None
) -> UUID:
    """Say that a referral was received, and, then or later, what came of it.

    Raises:
        NotFound: there is no such referral, or it was not sent to where the actor works.
        Invalid: the outcome is none of `ReferralOutcome`.
        Conflict: this was said already.
    """
    at = ("referralId",)
    rule = await require(
        session, actor, Activity.RECEIVE, DataClass.REFERRAL,
        kind=Kind.REFERRAL, reached=referral_id, path=at,
    )  # fmt: skip
    result = None if outcome is None else str(one_of(ReferralOutcome, outcome, "outcome"))
    found = await session.scalar(
        select(ReferralFile).where(ReferralFile.referral_id == referral_id)
    )
    about = await session.scalar(select(Referral).where(Referral.id == referral_id))
    if found is None or about is None:
        raise NotFound(*at)
    values: dict[str, object] = {}
    if found.received_at is None:
        values["received_at"] = ask_of(session).moment.instant
    if result is not None and found.outcome is None:
        values["outcome"] = result
    done = values and await changed(
        session,
        update(ReferralFile)
        .where(
            ReferralFile.referral_id == referral_id,
            ReferralFile.outcome.is_(None),
            ReferralFile.received_at.is_not_distinct_from(found.received_at),
        )
        .values(values),
    )
    if not done:
        raise Conflict("This was said of the referral already.", path=at)
    await record(
        session,
        actor,
        rule,
        Act.REFERRAL_RECEIVED,
        subjects=[about.young_person_id],
        about=referral_id,
    )
    return referral_id

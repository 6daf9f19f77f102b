"""The append-only trace: one row per individual read or act, committed with it or not at all."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import PrimaryKeyConstraint, insert, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from domain.base import Base, Key, Texts
from domain.database import ask_of
from permissions.vocabulary import Actor, Rule


class Act(StrEnum):
    """What was done, in words a family can read in its log."""

    READ = "read"
    ORGANISATION_REGISTERED = "organisation_registered"
    BRANCH_REGISTERED = "branch_registered"
    MUNICIPALITY_SERVED = "municipality_served"
    FIGURES_MANDATED = "figures_mandated"
    CLIENT_REGISTERED = "client_registered"
    DELIVERY_AGREED = "delivery_agreed"
    DIRECTORY_LOADED = "directory_loaded"
    ASSIGNMENT_ENDED = "assignment_ended"
    GUARDIAN_REGISTERED = "guardian_registered"
    STAFF_APPOINTED = "staff_appointed"
    MANDATE_GRANTED = "mandate_granted"
    REPORT_PREPARED = "report_prepared"
    REPORT_SENT = "report_sent"
    REPORT_ALLOCATED = "report_allocated"
    REPORT_TAKEN_ON = "report_taken_on"
    REPORT_CLOSED = "report_closed"
    CASE_OPENED = "case_opened"
    PARTY_INVITED = "party_invited"
    INVITATION_ANSWERED = "invitation_answered"
    CASE_LEFT = "case_left"
    CASE_CLOSED = "case_closed"
    SUMMARY_OFFERED = "summary_offered"
    PLAN_PROPOSED = "plan_proposed"
    PLAN_AGREED = "plan_agreed"
    ACTION_ADDED = "action_added"
    ACTION_MOVED = "action_moved"
    NOTE_ADDED = "note_added"
    CONSENT_GIVEN = "consent_given"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    FILE_WITHHELD = "file_withheld"
    REFERRED = "referred"
    REFERRAL_ENDED = "referral_ended"
    REFERRAL_RECEIVED = "referral_received"
    ABSENCE_NOTIFIED = "absence_notified"
    NOTICE_ENDED = "notice_ended"
    NOTICE_WITHDRAWN = "notice_withdrawn"
    LEAVE_REQUESTED = "leave_requested"
    LEAVE_WITHDRAWN = "leave_withdrawn"
    HEAD_HEARD = "head_heard"
    LEAVE_DECIDED = "leave_decided"
    EXEMPTION_REGISTERED = "exemption_registered"
    EXEMPTION_ENDED = "exemption_ended"
    NON_ENROLMENT_OPENED = "non_enrolment_opened"
    NON_ENROLMENT_CLOSED = "non_enrolment_closed"
    EMERGENCY_DECLARED = "emergency_declared"
    EMERGENCY_REVIEWED = "emergency_reviewed"
    ACCESS_EXPLAINED = "access_explained"
    VIEWERS_LISTED = "viewers_listed"
    WHEREABOUTS_PROTECTED = "whereabouts_protected"
    PROTECTION_ENDED = "protection_ended"
    PARENT_REGISTERED = "parent_registered"
    AUTHORITY_ENDED = "authority_ended"
    PARENT_ENDED = "parent_ended"
    OWN_ACCOUNT_REGISTERED = "own_account_registered"
    OWN_ACCOUNT_ENDED = "own_account_ended"
    MEASURE_REGISTERED = "measure_registered"
    MEASURE_ENDED = "measure_ended"
    ROSTER_IMPORTED = "roster_imported"
    ATTENDANCE_IMPORTED = "attendance_imported"
    SIGNAL_WITHDRAWN = "signal_withdrawn"
    PERIOD_CLOSED = "period_closed"
    PERIOD_LOCKED = "period_locked"
    FIGURES_TAKEN = "figures_taken"
    FIGURES_RELEASED = "figures_released"


class Trace(Base):
    """Who read or did what, in which role, for which purpose, on the ground of which rules.

    `young_persons` holds everyone the read or act was about; a job makes one line per person.
    """

    __tablename__ = "trace"

    id: Mapped[Key]
    controller_id: Mapped[UUID | None]
    actor_id: Mapped[UUID]
    organisation_id: Mapped[UUID | None]
    role: Mapped[str]
    purpose: Mapped[str]
    activity: Mapped[str]
    act: Mapped[str]
    rules: Mapped[Texts]
    data_classes: Mapped[Texts]
    young_persons: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    about: Mapped[UUID | None]
    request_id: Mapped[str]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    expanded: Mapped[bool] = mapped_column(server_default=text("false"))


class Sighting(Base):
    """Whom an actor saw on a day for a purpose: what a reading budget counts.

    Rows are only added. Two reads at once may both add one, so persons are counted distinct.
    """

    __tablename__ = "sighting"
    __table_args__ = (PrimaryKeyConstraint("actor_id", "purpose", "day", "young_person_id"),)

    actor_id: Mapped[UUID]
    purpose: Mapped[str]
    day: Mapped[date]
    young_person_id: Mapped[UUID]


async def record(
    session: AsyncSession,
    actor: Actor,
    rules: Rule | Sequence[Rule],
    act: Act,
    *,
    subjects: Sequence[UUID],
    about: UUID | None = None,
) -> None:
    """Write the trace of an act in the act's own transaction.

    Args:
        session: the transaction of the act.
        actor: who acts.
        rules: the rule, or rules, the act relied on.
        act: what was done.
        subjects: the young persons it concerns; empty for acts about none.
        about: the id of the thing that was made or changed.
    """
    relied_on = (rules,) if isinstance(rules, Rule) else tuple(rules)
    request = ask_of(session)
    await session.flush()
    # No RETURNING: whoever writes a trace may not read it back.
    await session.execute(
        insert(Trace)
        .inline()
        .values(
            controller_id=actor.organisation,
            actor_id=actor.id,
            organisation_id=actor.organisation,
            role=str(actor.role),
            purpose=str(actor.purpose),
            activity=str(relied_on[0].may),
            act=str(act),
            rules=[rule.id for rule in relied_on],
            data_classes=sorted({str(rule.what) for rule in relied_on}),
            young_persons=list(subjects),
            about=about,
            request_id=request.request_id,
            at=request.moment.instant,
        )
    )

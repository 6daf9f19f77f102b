"""Cases and participation; see `06_chain.sql` for what guards each table."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Key, Texts


class CaseState(StrEnum):
    """Whether a case is being worked on."""

    OPEN = "open"
    CLOSED = "closed"


TRANSITIONS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset({CaseState.CLOSED}),
    CaseState.CLOSED: frozenset(),
}


class CaseForm(StrEnum):
    """The consultation form (overlegvorm) under whose agreement the parties share."""

    ATTENDANCE_CONFERENCE = "attendance_conference"
    MULTIDISCIPLINARY_CONFERENCE = "multidisciplinary_conference"


class CaseOutcome(StrEnum):
    """What came of a case, when its lead closes it."""

    ATTENDING_AGAIN = "attending_again"
    CONTINUED_ELSEWHERE = "continued_elsewhere"
    NO_LONGER_NEEDED = "no_longer_needed"


class AbsenceBand(StrEnum):
    """The part of the scheduled time that was missed, in percent; the lower bound belongs to it."""

    UNDER_5 = "0-5"
    FROM_5_TO_10 = "5-10"
    FROM_10_TO_20 = "10-20"
    FROM_20_TO_50 = "20-50"
    FROM_50 = "50-100"


class AbsenceTrend(StrEnum):
    """How the last four delivered teaching weeks compare with the four before."""

    IMPROVING = "improving"
    STABLE = "stable"
    WORSENING = "worsening"
    UNKNOWN = "unknown"


class CaseFile(Base):
    """A case about one young person, held by the office that opened it: class `case.core`."""

    __tablename__ = "case_file"

    id: Mapped[Key]
    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    young_person_id: Mapped[UUID]
    report_id: Mapped[UUID]
    board_id: Mapped[UUID]
    form: Mapped[str]
    state: Mapped[str]
    opened_by: Mapped[UUID]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class CaseIdentity(Base):
    """Who a case is about, taken over from the report: class `case.identity`."""

    __tablename__ = "case_identity"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    controller_id: Mapped[UUID]
    given_name: Mapped[str]
    infix: Mapped[str | None]
    family_name: Mapped[str]
    birth_date: Mapped[date | None]


class Participation(Base):
    """A party's invitation to, and then a person's part in, a case; class `case.participants`.

    Invited is an organisation in a role; whoever accepts makes it personal. `shares` names the
    data classes the party will see, told before it answers. `purpose` is the one it joins for.
    """

    __tablename__ = "participation"

    id: Mapped[Key]
    case_id: Mapped[UUID]
    controller_id: Mapped[UUID]
    young_person_id: Mapped[UUID]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("school_branch.id"))
    role: Mapped[str]
    purpose: Mapped[str]
    is_lead: Mapped[bool]
    shares: Mapped[Texts]
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    display_name: Mapped[str | None]
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Consent(Base):
    """Leave, given within a case, to share one class of notes; withdrawn by its end.

    Without `to_organisation_id` the organisation it is from may write for all who take part; with
    it, that organisation may read what the other wrote.
    """

    __tablename__ = "consent"

    id: Mapped[Key]
    controller_id: Mapped[UUID]
    case_id: Mapped[UUID]
    young_person_id: Mapped[UUID]
    data_class: Mapped[str]
    from_organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    to_organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    given_by: Mapped[UUID]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]


class Withholding(Base):
    """A dated legal reason to withhold a case's work from the parents, or from one of them."""

    __tablename__ = "withholding"

    id: Mapped[Key]
    controller_id: Mapped[UUID]
    case_id: Mapped[UUID]
    guardian_id: Mapped[UUID | None] = mapped_column(ForeignKey("guardian.id"))
    ground: Mapped[str]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]


class CourtMeasure(Base):
    """The fact of a child protection measure, as the certified institution registered it."""

    __tablename__ = "court_measure"

    id: Mapped[Key]
    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    young_person_id: Mapped[UUID] = mapped_column(ForeignKey("young_person.id"))
    kind: Mapped[str]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]


class AttendanceSummary(Base):
    """A band and a trend that the school offers to a case: class `attendance.summary`."""

    __tablename__ = "attendance_summary"

    id: Mapped[Key]
    case_id: Mapped[UUID]
    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    young_person_id: Mapped[UUID]
    band: Mapped[str]
    trend: Mapped[str]
    period_from: Mapped[date]
    period_until: Mapped[date]
    offered_at: Mapped[datetime]

"""The facts that work leaves: attendance, reports, cases, referrals, and what is accounted for."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tests.proof.facts import Fact

# --- attendance ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence(Fact):
    """An absence, unauthorised or authorised; a corrected one is replaced."""

    TABLE = "absence"
    id: UUID
    controller_id: UUID
    branch_id: UUID
    pupil_id: UUID
    data_class: str
    replaced_at: datetime | None
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(Fact):
    """The coded reason of an absence, with its own class."""

    TABLE = "absence_reason"
    controller_id: UUID
    absence_id: UUID
    branch_id: UUID
    pupil_id: UUID
    data_class: str
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Presumed(Fact):
    """What is presumed of an absence, with its own class."""

    TABLE = "absence_presumed"
    controller_id: UUID
    absence_id: UUID
    branch_id: UUID
    pupil_id: UUID
    data_class: str
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredWeek(Fact):
    """A week that a branch delivered whole; a declaration that was taken back is replaced."""

    TABLE = "delivered_week"
    controller_id: UUID
    branch_id: UUID
    monday: date
    version: int = 1
    replaced_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Week(Fact):
    """A version of the roll-up of a pupil's week; one that changed is replaced."""

    TABLE = "pupil_week"
    controller_id: UUID
    branch_id: UUID
    pupil_id: UUID
    monday: date
    version: int = 1
    replaced_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionWeek(Fact):
    """What a pupil missed in a week on one side of absence, with the class of what that tells."""

    TABLE = "dimension_week"
    id: UUID
    controller_id: UUID
    branch_id: UUID
    pupil_id: UUID
    monday: date
    dimension: str
    data_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(Fact):
    """A threshold that a pupil's absence reached, with the class of what that tells."""

    TABLE = "signal"
    id: UUID
    controller_id: UUID
    branch_id: UUID
    pupil_id: UUID
    data_class: str
    marks: tuple[UUID, ...]
    reached_on: date
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Fact):
    """A guardian's notice of an illness or of a duty of belief, each row of its own class."""

    TABLE = "absence_notice"
    id: UUID
    controller_id: UUID
    pupil_id: UUID
    young_person_id: UUID
    data_class: str
    notified_by: UUID
    state: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(Fact):
    """A request for leave, on which the head or the officer of a municipality decides."""

    TABLE = "leave_request"
    id: UUID
    controller_id: UUID
    pupil_id: UUID
    young_person_id: UUID
    decider: str
    municipality_code: str | None
    state: str
    submitted_by: UUID
    head_view: str | None
    heard_by: UUID | None
    heard_at: datetime | None
    decided_by: UUID | None
    decided_at: datetime | None
    retained_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveExplanation(Fact):
    """Why a leave is requested."""

    TABLE = "leave_explanation"
    leave_id: UUID
    controller_id: UUID
    pupil_id: UUID
    young_person_id: UUID


# --- reports ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Fact):
    """The head of a report."""

    TABLE = "report"
    id: UUID
    controller_id: UUID
    branch_id: UUID
    pupil_id: UUID
    young_person_id: UUID
    signal_id: UUID
    kind: str
    state: str
    municipality_code: str
    prepared_by: UUID
    taken_on_by: UUID | None
    retained_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract(Fact):
    """What a report says, frozen."""

    TABLE = "report_extract"
    report_id: UUID
    controller_id: UUID
    young_person_id: UUID
    birth_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContact(Fact):
    """Whom to call about a report."""

    TABLE = "report_contact"
    id: UUID
    controller_id: UUID
    report_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation(Fact):
    """A report's allocation to an office."""

    TABLE = "report_allocation"
    id: UUID
    report_id: UUID
    office_id: UUID
    valid_from: datetime
    valid_until: datetime | None


# --- the office's own records ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption(Fact):
    """An exemption that an office registered, of the class of its kind."""

    TABLE = "exemption"
    id: UUID
    controller_id: UUID
    municipality_code: str
    young_person_id: UUID
    board_id: UUID | None
    data_class: str
    kind: str
    statement_on: date | None
    state: str
    registered_by: UUID
    end_reason: str | None
    ended_by: UUID | None
    ended_at: datetime | None
    retained_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NonEnrolment(Fact):
    """An office's record of somebody who is at no school."""

    TABLE = "non_enrolment"
    id: UUID
    controller_id: UUID
    municipality_code: str
    young_person_id: UUID
    board_id: UUID | None
    state: str
    opened_by: UUID
    outcome: str | None
    closed_by: UUID | None
    closed_at: datetime | None
    retained_until: date | None


# --- advice to schools ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice(Fact):
    """Advice of an office to a branch, with what was answered and what followed."""

    TABLE = "advice"
    id: UUID
    controller_id: UUID
    branch_id: UUID
    state: str
    recorded_by: UUID
    recorded_at: datetime
    answer: str | None
    will_do: str | None
    done_by: str | None
    do_by: date | None
    answered_by: UUID | None
    answered_at: datetime | None
    follow_up: str | None
    followed_up_by: UUID | None
    followed_up_at: datetime | None
    outcome: str | None
    closed_by: UUID | None
    closed_at: datetime | None


# --- cases -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Fact):
    """A case about a young person, opened from a report."""

    TABLE = "case_file"
    id: UUID
    controller_id: UUID
    board_id: UUID
    young_person_id: UUID
    report_id: UUID
    state: str
    opened_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseIdentity(Fact):
    """Who a case is about."""

    TABLE = "case_identity"
    case_id: UUID
    controller_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation(Fact):
    """A party's part in a case, from the invitation on."""

    TABLE = "participation"
    id: UUID
    case_id: UUID
    controller_id: UUID
    young_person_id: UUID
    organisation_id: UUID
    branch_id: UUID | None
    role: str
    purpose: str
    is_lead: bool
    staff_id: UUID | None
    invited_at: datetime
    answered_at: datetime | None
    accepted_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary(Fact):
    """A band and a trend that a school offered to a case."""

    TABLE = "attendance_summary"
    id: UUID
    case_id: UUID
    controller_id: UUID
    young_person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Fact):
    """A plan within a case."""

    TABLE = "plan"
    id: UUID
    case_id: UUID
    controller_id: UUID
    young_person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAgreement(Fact):
    """A party's agreement to a plan."""

    TABLE = "plan_agreement"
    plan_id: UUID
    case_id: UUID
    participation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Fact):
    """An action of a plan."""

    TABLE = "plan_action"
    id: UUID
    plan_id: UUID
    case_id: UUID
    owner_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Fact):
    """A note of a participant, with its class."""

    TABLE = "note"
    id: UUID
    case_id: UUID
    controller_id: UUID
    young_person_id: UUID
    data_class: str
    author_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Fact):
    """Consent, within a case, to share one class."""

    TABLE = "consent"
    id: UUID
    controller_id: UUID
    case_id: UUID
    young_person_id: UUID
    data_class: str
    from_organisation_id: UUID
    to_organisation_id: UUID | None
    given_by: UUID
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding(Fact):
    """A reason to withhold a case's work from the parents or one of them."""

    TABLE = "withholding"
    id: UUID
    controller_id: UUID
    case_id: UUID
    guardian_id: UUID | None
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Fact):
    """A court measure that an institution carries out."""

    TABLE = "court_measure"
    id: UUID
    controller_id: UUID
    young_person_id: UUID
    valid_from: datetime
    valid_until: datetime


# --- referrals and emergencies ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral(Fact):
    """A young person handed to another organisation for one question."""

    TABLE = "referral"
    id: UUID
    controller_id: UUID
    young_person_id: UUID
    pupil_id: UUID | None
    report_id: UUID | None
    kind: str
    to_organisation_id: UUID
    to_role: str
    referred_by: UUID
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralFile(Fact):
    """What a referral says."""

    TABLE = "referral_file"
    referral_id: UUID
    controller_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency(Fact):
    """A declared emergency."""

    TABLE = "emergency_access"
    id: UUID
    controller_id: UUID
    actor_id: UUID
    role: str
    young_person_id: UUID
    declared_at: datetime
    ends_at: datetime
    reviewed_at: datetime | None
    reviewed_by: UUID | None
    finding: str | None


# --- accountability, deliveries, figures -----------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert(Fact):
    """What somebody answerable was told."""

    TABLE = "alert"
    id: UUID
    controller_id: UUID
    actor_id: UUID
    actor_organisation_id: UUID
    young_person_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace(Fact):
    """The trace of a read."""

    TABLE = "trace"
    id: UUID
    controller_id: UUID
    actor_id: UUID
    organisation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLine(Fact):
    """A line of the log of one young person."""

    TABLE = "access_line"
    id: UUID
    trace_id: UUID
    young_person_id: UUID
    act: str

    @property
    def data_class(self) -> str:
        """The class of the line, as decision 12 says; other columns are those of a plain read."""
        return "log.own.shielded" if self.act == "file_withheld" else "log.own"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOrganisation(Fact):
    """Which organisation a line is about."""

    TABLE = "access_line_organisation"
    line_id: UUID
    young_person_id: UUID
    organisation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting(Fact):
    """Whom an actor saw on a day."""

    TABLE = "sighting"
    actor_id: UUID
    purpose: str
    day: date
    young_person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Fact):
    """A delivery by a client."""

    TABLE = "import_receipt"
    id: UUID
    controller_id: UUID
    branch_id: UUID
    client_id: UUID
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Fact):
    """How far a delivery is."""

    TABLE = "import_progress"
    receipt_id: UUID
    controller_id: UUID
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement(Fact):
    """That something changed, of one class, about what decides who may know."""

    TABLE = "outbox"
    position: int
    number: int
    controller_id: UUID
    data_class: str
    young_person_id: UUID | None
    pupil_id: UUID | None
    report_id: UUID | None
    case_id: UUID | None
    note_id: UUID | None
    receipt_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Fact):
    """An act that was asked under a key."""

    TABLE = "idempotency"
    actor_id: UUID
    operation: str
    key: str

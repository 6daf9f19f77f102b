"""The words in which a rule is written.

Five things that are often confused are five types here: the function someone has (`Role`), the
task the data is used for (`Purpose`, one per token), the fact that connects the two people now
(`Tie`), the ground in law (`Basis`, AVG art. 6) and, for special-category data, the exception
that lifts the prohibition (`Exception_`, AVG art. 9 with the UAVG).
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """A function at an organisation, or the position of a person towards a child."""

    MENTOR = "mentor"
    ATTENDANCE_COORDINATOR = "attendance_coordinator"
    SUPPORT_COORDINATOR = "support_coordinator"
    HEAD_OF_SCHOOL = "head_of_school"
    ATTENDANCE_OFFICER = "attendance_officer"
    ATTENDANCE_ADVISER = "attendance_adviser"
    ALLIANCE_CONSULTANT = "alliance_consultant"
    ALLIANCE_ANALYST = "alliance_analyst"
    YOUTH_CARE_WORKER = "youth_care_worker"
    GUARDIAN = "guardian"
    SCHOOL_SYSTEM = "school_system"
    ABSENCE_REGISTER = "absence_register"
    ORGANISATION_ADMINISTRATOR = "organisation_administrator"
    PLATFORM_OPERATOR = "platform_operator"
    PLATFORM_JOB = "platform_job"


class Purpose(StrEnum):
    """What the data is used for (doelbinding). A token carries exactly one."""

    DAILY_GUIDANCE = "daily_guidance"
    CASE_COORDINATION = "case_coordination"
    COMPULSORY_SCHOOLING = "compulsory_schooling"
    PREVENTION_ADVICE = "prevention_advice"
    SPECIAL_NEEDS_SUPPORT = "special_needs_support"
    YOUTH_CARE = "youth_care"
    POLICY_STATISTICS = "policy_statistics"
    OWN_DATA = "own_data"
    DATA_DELIVERY = "data_delivery"
    ACCOUNTABILITY = "accountability"
    ADMINISTRATION = "administration"
    OPERATION = "operation"


class Tie(StrEnum):
    """The fact that connects an actor to what a rule is about, while the fact lasts."""

    CLASS_ASSIGNMENT = "class_assignment"
    BRANCH_ASSIGNMENT = "branch_assignment"
    HEAD_MANDATE = "head_mandate"
    SUPPORT_INVOLVEMENT = "support_involvement"
    SCHOOL_IN_CASE = "school_in_case"
    REPORT_ALLOCATION = "report_allocation"
    OWN_FILE = "own_file"
    CASE_LEAD = "case_lead"
    CASE_PARTICIPATION = "case_participation"
    INVITATION = "invitation"
    AUTHORITY = "authority"
    OWN_CONTACT = "own_contact"
    MANDATE = "mandate"
    DELIVERY_AGREEMENT = "delivery_agreement"
    REGISTER_TASK = "register_task"
    APPOINTMENT = "appointment"
    PROCESSING_AGREEMENT = "processing_agreement"


class DataClass(StrEnum):
    """A named set of fields that is given or withheld as one."""

    PUPIL_IDENTITY = "pupil.identity"
    PUPIL_NUMBER = "pupil.number"
    PUPIL_CONTACT = "pupil.contact"
    PUPIL_WHEREABOUTS = "pupil.whereabouts"
    PUPIL_ENROLMENT = "pupil.enrolment"
    ATTENDANCE_RATE = "attendance.rate"
    ATTENDANCE_SUMMARY = "attendance.summary"
    ATTENDANCE_UNAUTHORISED = "attendance.unauthorised"
    ATTENDANCE_AUTHORISED = "attendance.authorised"
    ATTENDANCE_REASON = "attendance.reason"
    ATTENDANCE_REASON_HEALTH_FACT = "attendance.reason.health.fact"
    ATTENDANCE_REASON_HEALTH = "attendance.reason.health"
    ATTENDANCE_REASON_BELIEF = "attendance.reason.belief"
    ATTENDANCE_TIMETABLE = "attendance.timetable"
    SIGNAL = "signal"
    REPORT = "report"
    REPORT_CONTACT = "report.contact"
    CASE_CORE = "case.core"
    CASE_IDENTITY = "case.identity"
    CASE_PARTICIPANTS = "case.participants"
    PLAN = "plan"
    ACTION = "action"
    NOTE_GENERAL = "note.general"
    AGGREGATE_BRANCH = "aggregate.branch"
    AGGREGATE_MUNICIPALITY = "aggregate.municipality"
    AGGREGATE_ALLIANCE = "aggregate.alliance"
    LOG_OWN = "log.own"
    IMPORT_RECEIPT = "import.receipt"
    STAFF = "staff"
    ORGANISATION = "organisation"


SPECIAL_CATEGORY = frozenset(
    {
        DataClass.ATTENDANCE_REASON_HEALTH_FACT,
        DataClass.ATTENDANCE_REASON_HEALTH,
        DataClass.ATTENDANCE_REASON_BELIEF,
    }
)
"""Classes that AVG art. 9 forbids unless a rule names the exception."""

AGGREGATE = frozenset(
    {
        DataClass.AGGREGATE_BRANCH,
        DataClass.AGGREGATE_MUNICIPALITY,
        DataClass.AGGREGATE_ALLIANCE,
    }
)
"""Classes about groups, served by a database role without any privilege on persons."""


class Activity(StrEnum):
    """A processing activity (verwerking): what is done, not which verb of a protocol."""

    READ = "read"
    WRITE = "write"
    IMPORT = "import"
    REGISTER = "register"
    MANDATE = "mandate"
    PREPARE = "prepare"
    SEND = "send"
    ALLOCATE = "allocate"
    TAKE_ON = "take_on"
    OPEN = "open"
    INVITE = "invite"
    AGREE = "agree"
    OFFER = "offer"
    CLOSE = "close"
    APPOINT = "appoint"
    AGGREGATE = "aggregate"
    ACCOUNT = "account"


class Basis(StrEnum):
    """The ground of AVG art. 6(1) on which a rule rests."""

    LEGAL_DUTY = "AVG 6(1)(c)"
    PUBLIC_TASK = "AVG 6(1)(e)"
    DATA_SUBJECT_RIGHT = "AVG 15"
    PROCESSOR = "AVG 28"


class Exception_(StrEnum):  # noqa: N801 - `Exception` is taken by the language
    """The exception that lifts the prohibition of AVG art. 9 for special-category data."""

    UAVG_30_SCHOOL = "UAVG 30(2)(a)"
    DATA_SUBJECT = "AVG 15"
    PROCESSOR = "AVG 9(2)(g), as processor for the school (AVG 28)"


class End(StrEnum):
    """What ends the access; never prose, so that it can be checked."""

    ASSIGNMENT = "assignment"
    MANDATE = "mandate"
    PARTICIPATION = "participation"
    INVITATION_ANSWERED = "invitation_answered"
    CASE_CLOSED = "case_closed"
    REPORT_CLOSED = "report_closed"
    REPORT_RETENTION = "report_retention"
    AUTHORITY = "authority"
    AGREEMENT = "agreement"
    APPOINTMENT = "appointment"


TO_BE_CONFIRMED = "to be confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One permission: one row, one sentence, one legal source.

    A rule permits; nothing forbids. So every rule can be judged alone and order means nothing.
    """

    who: Role
    may: Activity
    what: DataClass
    purpose: Purpose
    tie: Tie
    basis: Basis
    exception: Exception_ | None
    end: End
    source: str

    def __post_init__(self) -> None:
        """Refuse a rule on special-category data without an exception, and one without source."""
        if self.what in SPECIAL_CATEGORY and self.exception is None:
            message = f"{self.id}: special-category data needs an exception (AVG art. 9)"
            raise ValueError(message)
        if not self.source.strip():
            message = f"{self.id}: a rule without a source is an opinion"
            raise ValueError(message)

    @property
    def id(self) -> str:
        """Return the stable name that traces and explanations give to the rule."""
        return f"{self.who}/{self.purpose}/{self.tie}/{self.may}/{self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks, for which organisation, in which role and for which one purpose."""

    id: UUID
    organisation: UUID | None
    role: Role
    purpose: Purpose
    client: str

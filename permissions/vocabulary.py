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
    OFFICE_ALLOCATOR = "office_allocator"
    TRANSITION_COACH = "transition_coach"
    BOARD_ANALYST = "board_analyst"
    ALLIANCE_CONSULTANT = "alliance_consultant"
    ALLIANCE_ANALYST = "alliance_analyst"
    YOUTH_DOCTOR = "youth_doctor"
    YOUTH_CARE_WORKER = "youth_care_worker"
    CHILD_PROTECTION_WORKER = "child_protection_worker"
    REFERRAL_PARTNER = "referral_partner"
    INSPECTOR = "inspector"
    POLICY_MAKER = "policy_maker"
    GUARDIAN = "guardian"
    PARENT_WITHOUT_AUTHORITY = "parent_without_authority"
    YOUNG_PERSON = "young_person"
    SCHOOL_SYSTEM = "school_system"
    REPORTING_CLIENT = "reporting_client"
    ABSENCE_REGISTER = "absence_register"
    PRIVACY_OFFICER = "privacy_officer"
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
    TRANSITION = "transition"
    YOUTH_HEALTH = "youth_health"
    YOUTH_CARE = "youth_care"
    REFERRAL = "referral"
    EMERGENCY = "emergency"
    SUPERVISION = "supervision"
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
    FORMER_ENROLMENT = "former_enrolment"
    HEAD_MANDATE = "head_mandate"
    SUPPORT_INVOLVEMENT = "support_involvement"
    SCHOOL_IN_CASE = "school_in_case"
    REPORT_ALLOCATION = "report_allocation"
    OWN_FILE = "own_file"
    EARLIER_REPORT = "earlier_report"
    OFFICE = "office"
    RESIDENCE = "residence"
    OFFICE_RECORD = "office_record"
    TRANSITION_REPORT = "transition_report"
    CASE_LEAD = "case_lead"
    KEPT_CASE = "kept_case"
    CASE_PARTICIPATION = "case_participation"
    INVITATION = "invitation"
    OWN_NOTES = "own_notes"
    CONSENT = "consent"
    COURT_MEASURE = "court_measure"
    REFERRAL = "referral"
    STATUTORY_REFERRAL = "statutory_referral"
    WORKING_RELATION = "working_relation"
    EMERGENCY = "emergency"
    AUTHORITY = "authority"
    AUTHORITY_UNPROTECTED = "authority_unprotected"
    AUTHORITY_UNDER_16 = "authority_under_16"
    FAMILY_FILE = "family_file"
    OWN_CONTACT = "own_contact"
    FILIATION = "filiation"
    SELF_FROM_12 = "self_from_12"
    SELF_FROM_16 = "self_from_16"
    MANDATE = "mandate"
    COMPARISON = "comparison"
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
    NOTICE_ILLNESS = "notice.illness"
    NOTICE_BELIEF = "notice.belief"
    LEAVE_REQUEST = "leave.request"
    LEAVE_EXPLANATION = "leave.explanation"
    EXEMPTION = "exemption"
    EXEMPTION_HEALTH = "exemption.health"
    EXEMPTION_BELIEF = "exemption.belief"
    NON_ENROLMENT = "non_enrolment"
    REPORT_HEAD = "report.head"
    REPORT = "report"
    REPORT_CONTACT = "report.contact"
    REPORT_BACKGROUND = "report.background"
    INFORMATION_REQUEST = "information_request"
    DECISION = "decision"
    CASE_CORE = "case.core"
    CASE_IDENTITY = "case.identity"
    CASE_PARTICIPANTS = "case.participants"
    CONFERENCE = "conference"
    PLAN = "plan"
    ACTION = "action"
    NOTE_GENERAL = "note.general"
    NOTE_SUPPORT = "note.support"
    NOTE_YOUTH_CARE = "note.youth_care"
    NOTE_ENFORCEMENT = "note.enforcement"
    REFERRAL = "referral"
    CONSENT = "consent"
    COURT_MEASURE = "court_measure"
    EMERGENCY = "emergency"
    QUALITY_BRANCH = "quality.branch"
    AGGREGATE_BRANCH_EXACT = "aggregate.branch.exact"
    AGGREGATE_BRANCH = "aggregate.branch"
    AGGREGATE_BOARD = "aggregate.board"
    AGGREGATE_MUNICIPALITY = "aggregate.municipality"
    AGGREGATE_ALLIANCE = "aggregate.alliance"
    AGGREGATE_REGION = "aggregate.region"
    AGGREGATE_NATIONAL = "aggregate.national"
    LOG_OWN = "log.own"
    LOG_OWN_SHIELDED = "log.own.shielded"
    LOG_OWN_ORGANISATION = "log.own.organisation"
    LOG_ORGANISATION = "log.organisation"
    IMPORT_RECEIPT = "import.receipt"
    CHANGE = "change"
    STAFF = "staff"
    ORGANISATION = "organisation"


SPECIAL_CATEGORY = frozenset(
    {
        DataClass.ATTENDANCE_REASON_HEALTH_FACT,
        DataClass.ATTENDANCE_REASON_HEALTH,
        DataClass.ATTENDANCE_REASON_BELIEF,
        DataClass.NOTICE_ILLNESS,
        DataClass.NOTICE_BELIEF,
        DataClass.LEAVE_EXPLANATION,
        DataClass.EXEMPTION_HEALTH,
        DataClass.EXEMPTION_BELIEF,
        DataClass.REPORT_BACKGROUND,
        DataClass.NOTE_SUPPORT,
        DataClass.NOTE_YOUTH_CARE,
        DataClass.REFERRAL,
    }
)
"""Classes that AVG art. 9 or 10 forbids unless a rule names the exception."""

AGGREGATE = frozenset(
    {
        DataClass.AGGREGATE_BRANCH,
        DataClass.AGGREGATE_BOARD,
        DataClass.AGGREGATE_MUNICIPALITY,
        DataClass.AGGREGATE_ALLIANCE,
        DataClass.AGGREGATE_REGION,
        DataClass.AGGREGATE_NATIONAL,
    }
)
"""Classes about groups, served by a database role without any privilege on persons."""


class Activity(StrEnum):
    """A processing activity (verwerking): what is done, not which verb of a protocol."""

    READ = "read"
    WRITE = "write"
    IMPORT = "import"
    REGISTER = "register"
    END = "end"
    MANDATE = "mandate"
    CORRECT = "correct"
    PREPARE = "prepare"
    APPROVE = "approve"
    SEND = "send"
    ALLOCATE = "allocate"
    ASSIGN = "assign"
    TAKE_ON = "take_on"
    ASK_BACK = "ask_back"
    DECIDE = "decide"
    REQUEST = "request"
    ANSWER = "answer"
    PROPOSE = "propose"
    OPEN = "open"
    INVITE = "invite"
    AGREE = "agree"
    OFFER = "offer"
    CLOSE = "close"
    LOCK = "lock"
    WITHHOLD = "withhold"
    REFER = "refer"
    RECEIVE = "receive"
    ADVISE = "advise"
    GIVE = "give"
    CONTEST = "contest"
    OBJECT = "object"
    DECLARE = "declare"
    REVIEW = "review"
    HOLD = "hold"
    APPOINT = "appoint"
    AGGREGATE = "aggregate"
    ACCOUNT = "account"
    ERASE = "erase"


class Basis(StrEnum):
    """The ground of AVG art. 6(1) on which a rule rests."""

    LEGAL_DUTY = "AVG 6(1)(c)"
    PUBLIC_TASK = "AVG 6(1)(e)"
    CONSENT = "AVG 6(1)(a)"
    VITAL_INTEREST = "AVG 6(1)(d)"
    DATA_SUBJECT_RIGHT = "AVG 15"
    RECTIFICATION = "AVG 16"
    PROCESSOR = "AVG 28"


class Exception_(StrEnum):  # noqa: N801 - `Exception` is taken by the language
    """The exception that lifts the prohibition of AVG art. 9 for special-category data."""

    UAVG_30_SCHOOL = "UAVG 30(2)(a)"
    UAVG_30_AUTHORITY = "UAVG 30(1)(a)"
    UAVG_30_CARE = "UAVG 30(3)(a)"
    UAVG_22_CONSENT = "AVG 9(2)(a) with UAVG 22(2)(a)"
    LPW_13 = "AVG 9(2)(g) with Leerplichtwet 1969 art. 11(e) and 13"
    LPW_5 = "AVG 9(2)(g) with Leerplichtwet 1969 art. 5 to 9"
    LPW_21A = "Leerplichtwet 1969 art. 21a with UAVG 30(2)(a)"
    UAVG_33_CRIMINAL = "AVG 10 with UAVG 33(1)(a)"
    DATA_SUBJECT = "AVG 15"
    PROCESSOR = "AVG 9(2)(g), as processor for the school (AVG 28)"


class End(StrEnum):
    """What ends the access; never prose, so that it can be checked."""

    ASSIGNMENT = "assignment"
    SCHOOL_RETENTION = "school_retention"
    MANDATE = "mandate"
    PARTICIPATION = "participation"
    INVITATION_ANSWERED = "invitation_answered"
    CASE_CLOSED = "case_closed"
    REPORT_CLOSED = "report_closed"
    REPORT_RETENTION = "report_retention"
    OFFICE_RETENTION = "office_retention"
    AGE_27 = "age_27"
    REFERRAL = "referral"
    CONSENT = "consent"
    MEASURE = "measure"
    EMERGENCY = "emergency"
    AUTHORITY = "authority"
    AGE_16 = "age_16"
    FILIATION = "filiation"
    ACCOUNT = "account"
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

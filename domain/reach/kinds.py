"""Which kind of object an activity on a data class is about.

A tie may reach several kinds (an assignment reaches a branch, its pupils and its reports); what is
read or done with a class says which of them counts.
"""

from collections.abc import Mapping
from typing import Final

from domain.reach.facts import Kind
from permissions.vocabulary import AGGREGATE, Activity, DataClass

A, C, K = Activity, DataClass, Kind

_ABOUT_A_PUPIL = (
    C.PUPIL_IDENTITY, C.PUPIL_CONTACT, C.PUPIL_WHEREABOUTS, C.PUPIL_ENROLMENT, C.ATTENDANCE_RATE,
    C.ATTENDANCE_UNAUTHORISED, C.ATTENDANCE_AUTHORISED, C.ATTENDANCE_REASON,
    C.ATTENDANCE_REASON_HEALTH_FACT, C.ATTENDANCE_REASON_HEALTH, C.ATTENDANCE_REASON_BELIEF,
    C.ATTENDANCE_TIMETABLE, C.SIGNAL,
)  # fmt: skip
_ABOUT_A_REPORT = (
    C.REPORT_HEAD, C.REPORT, C.REPORT_CONTACT, C.REPORT_BACKGROUND, C.INFORMATION_REQUEST,
    C.DECISION, C.NOTE_ENFORCEMENT,
)  # fmt: skip
_ABOUT_A_CASE = (
    C.CASE_CORE, C.CASE_IDENTITY, C.CASE_PARTICIPANTS, C.CONFERENCE, C.PLAN,
    C.ACTION, C.NOTE_GENERAL, C.NOTE_SUPPORT, C.NOTE_YOUTH_CARE, C.CONSENT, C.ATTENDANCE_SUMMARY,
)  # fmt: skip
_ABOUT_AN_ORGANISATION = (
    C.PUPIL_NUMBER, C.STAFF, C.ORGANISATION, C.COURT_MEASURE, C.EMERGENCY, C.LOG_ORGANISATION,
    C.CHANGE,
)  # fmt: skip

_ADDED_UP = (*_ABOUT_A_PUPIL, C.REPORT_HEAD, C.PLAN, C.AGGREGATE_BRANCH_EXACT)

USUALLY: Final[Mapping[DataClass, tuple[Kind, ...]]] = {
    **dict.fromkeys(_ABOUT_A_PUPIL, (K.PUPIL,)),
    **dict.fromkeys(_ABOUT_A_REPORT, (K.REPORT,)),
    **dict.fromkeys(_ABOUT_A_CASE, (K.CASE,)),
    **dict.fromkeys(_ABOUT_AN_ORGANISATION, (K.CONTROLLER,)),
    **dict.fromkeys(AGGREGATE, (K.UNIT,)),
    C.PUPIL_CONTACT: (K.PUPIL, K.CONTACT),
    C.NOTICE_ILLNESS: (K.PUPIL,),
    C.NOTICE_BELIEF: (K.PUPIL,),
    C.LEAVE_REQUEST: (K.PUPIL, K.LEAVE),
    C.LEAVE_EXPLANATION: (K.PUPIL, K.LEAVE),
    C.EXEMPTION: (K.EXEMPTION,),
    C.EXEMPTION_HEALTH: (K.EXEMPTION,),
    C.EXEMPTION_BELIEF: (K.EXEMPTION,),
    C.NON_ENROLMENT: (K.NON_ENROLMENT,),
    C.REFERRAL: (K.REFERRAL,),
    C.AGGREGATE_BRANCH_EXACT: (K.BRANCH,),
    C.QUALITY_BRANCH: (K.BRANCH,),
    C.LOG_OWN: (K.YOUNG_PERSON,),
    C.LOG_OWN_SHIELDED: (K.YOUNG_PERSON,),
    C.LOG_OWN_ORGANISATION: (K.YOUNG_PERSON,),
    C.IMPORT_RECEIPT: (K.RECEIPT, K.BRANCH),
}
"""What a class is about, whatever is done with it, but for the exceptions below."""

EXCEPT: Final[Mapping[tuple[Activity, DataClass], tuple[Kind, ...]]] = {
    **{(A.IMPORT, c): (K.BRANCH,) for c in _ABOUT_A_PUPIL},
    **{(A.AGGREGATE, c): (K.CONTROLLER,) for c in _ADDED_UP},
    (A.ACCOUNT, C.LOG_OWN): (K.CONTROLLER,),
    (A.ACCOUNT, C.LOG_OWN_SHIELDED): (K.CONTROLLER,),
    (A.IMPORT, C.PUPIL_IDENTITY): (K.CONTROLLER,),
    (A.IMPORT, C.PUPIL_WHEREABOUTS): (K.CONTROLLER,),
    (A.READ, C.CASE_CORE): (K.CASE, K.INVITATION),
    (A.READ, C.NOTE_YOUTH_CARE): (K.NOTE,),
    (A.PROPOSE, C.CASE_CORE): (K.PUPIL,),
    (A.OPEN, C.CASE_CORE): (K.REPORT,),
    (A.PREPARE, C.REPORT): (K.BRANCH, K.PUPIL),
    (A.MANDATE, C.REPORT): (K.BRANCH,),
    (A.SEND, C.REPORT): (K.REPORT, K.BRANCH),
    (A.REQUEST, C.LEAVE_REQUEST): (K.PUPIL,),
    (A.REQUEST, C.LEAVE_EXPLANATION): (K.PUPIL,),
    (A.DECIDE, C.LEAVE_REQUEST): (K.LEAVE,),
    (A.REGISTER, C.EXEMPTION): (K.CONTROLLER,),
    (A.REGISTER, C.EXEMPTION_HEALTH): (K.CONTROLLER,),
    (A.REGISTER, C.EXEMPTION_BELIEF): (K.CONTROLLER,),
    (A.OPEN, C.NON_ENROLMENT): (K.CONTROLLER,),
    (A.REFER, C.REFERRAL): (K.PUPIL, K.REPORT),
    (A.DECLARE, C.EMERGENCY): (K.YOUNG_PERSON,),
}
"""Activities on a class that are about something else than reading it is."""


def kinds_of(activity: Activity, data_class: DataClass) -> tuple[Kind, ...]:
    """Return the kinds of object that an activity on a class can be about."""
    return EXCEPT.get((activity, data_class), USUALLY[data_class])

"""The family: parents with and without authority, and the young person."""

from permissions.rules.writing import (
    CASE_WORK,
    rows,
)
from permissions.vocabulary import (
    TO_BE_CONFIRMED,
    Activity,
    Basis,
    DataClass,
    End,
    Exception_,
    Purpose,
    Role,
    Tie,
)

A, B, C, E, X, P, R, T = Activity, Basis, DataClass, End, Exception_, Purpose, Role, Tie

OWN_DATA_SOURCE = "AVG art. 15; BW 1:245 and 1:377b"
OWN_DATA_UNDER_16 = "AVG art. 15; UAVG 5: until 16 the parents exercise the right"
OWN_DATA_SELF = "AVG art. 15; UAVG 5: from 16 the young person exercises the right"
FROM_12 = f"Leerplichtwet 1969 art. 2; Jeugdwet 7.3.8: from 12 the pupil too ({TO_BE_CONFIRMED})"
PROTECTED = f"AVG art. 15(4): no whereabouts to whom they are protected from ({TO_BE_CONFIRMED})"

NOTIFIES_ILLNESS = "Leerplichtwet 1969 art. 12: who has authority notifies an illness"
NOTIFIES_BELIEF = "Leerplichtwet 1969 art. 13: who has authority notifies a duty of belief"
ASKS_LEAVE = "Leerplichtwet 1969 art. 13a and 14: who has authority requests leave"

OFFICE_RECORDS = (C.EXEMPTION, C.EXEMPTION_HEALTH, C.EXEMPTION_BELIEF, C.NON_ENROLMENT)
OFFICE_UNDER_16 = (
    f"AVG art. 15, UAVG 5: the office's record, until 16 to the parents ({TO_BE_CONFIRMED})"
)
OFFICE_SELF = f"AVG art. 15, UAVG 5: the office's record, from 16 to oneself ({TO_BE_CONFIRMED})"

GUARDIAN = (
    *rows(
        R.GUARDIAN, P.OWN_DATA, T.FAMILY_FILE, A.READ,
        OFFICE_RECORDS,
        basis=B.DATA_SUBJECT_RIGHT, end=E.AGE_16, exception=X.DATA_SUBJECT,
        source=OFFICE_UNDER_16,
    ),
    *rows(
        R.GUARDIAN, P.OWN_DATA, T.AUTHORITY, A.REQUEST,
        (C.NOTICE_ILLNESS,),
        basis=B.LEGAL_DUTY, end=E.AUTHORITY, exception=X.UAVG_30_SCHOOL,
        source=NOTIFIES_ILLNESS,
    ),
    *rows(
        R.GUARDIAN, P.OWN_DATA, T.AUTHORITY, A.REQUEST,
        (C.NOTICE_BELIEF,),
        basis=B.LEGAL_DUTY, end=E.AUTHORITY, exception=X.LPW_13,
        source=NOTIFIES_BELIEF,
    ),
    *rows(
        R.GUARDIAN, P.OWN_DATA, T.AUTHORITY, A.REQUEST,
        (C.LEAVE_REQUEST, C.LEAVE_EXPLANATION),
        basis=B.LEGAL_DUTY, end=E.AUTHORITY, exception=X.UAVG_30_SCHOOL,
        source=ASKS_LEAVE,
    ),
    *rows(
        R.GUARDIAN, P.OWN_DATA, T.AUTHORITY, A.READ,
        (C.LEAVE_REQUEST,),
        basis=B.DATA_SUBJECT_RIGHT, end=E.AUTHORITY,
        source=OWN_DATA_SOURCE,
    ),
    *rows(
        R.GUARDIAN, P.OWN_DATA, T.AUTHORITY_UNDER_16, A.READ,
        (C.NOTICE_ILLNESS, C.NOTICE_BELIEF),
        basis=B.DATA_SUBJECT_RIGHT, end=E.AGE_16, exception=X.DATA_SUBJECT,
        source=OWN_DATA_UNDER_16,
    ),
    *rows(
        R.GUARDIAN, P.OWN_DATA, T.AUTHORITY, A.READ,
        (
            C.PUPIL_IDENTITY, C.ATTENDANCE_RATE, C.ATTENDANCE_UNAUTHORISED, C.ATTENDANCE_AUTHORISED,
            C.SIGNAL,
        ),
        basis=B.DATA_SUBJECT_RIGHT, end=E.AUTHORITY,
        source=OWN_DATA_SOURCE,
    ),
    *rows(
        R.GUARDIAN, P.OWN_DATA, T.AUTHORITY_UNPROTECTED, A.READ,
        (
            C.PUPIL_ENROLMENT, C.PUPIL_WHEREABOUTS, C.REPORT_HEAD, C.REPORT, C.CASE_CORE,
            C.CASE_IDENTITY, C.LOG_OWN_ORGANISATION,
        ),
        basis=B.DATA_SUBJECT_RIGHT, end=E.AUTHORITY,
        source=PROTECTED,
    ),
    *rows(
        R.GUARDIAN, P.OWN_DATA, T.AUTHORITY_UNDER_16, A.READ,
        (C.ATTENDANCE_REASON, C.ATTENDANCE_REASON_HEALTH_FACT, C.LOG_OWN),
        basis=B.DATA_SUBJECT_RIGHT, end=E.AGE_16, exception=X.DATA_SUBJECT,
        source=OWN_DATA_UNDER_16,
    ),
    *rows(
        R.GUARDIAN, P.OWN_DATA, T.FAMILY_FILE, A.READ,
        (C.CASE_PARTICIPANTS, C.ATTENDANCE_SUMMARY, *CASE_WORK, C.CONSENT),
        basis=B.DATA_SUBJECT_RIGHT, end=E.AGE_16,
        source=OWN_DATA_UNDER_16,
    ),
    *rows(
        R.GUARDIAN, P.OWN_DATA, T.OWN_CONTACT, A.READ,
        (C.PUPIL_CONTACT,),
        basis=B.DATA_SUBJECT_RIGHT, end=E.AUTHORITY,
        source=OWN_DATA_SOURCE,
    ),
    *rows(
        R.GUARDIAN, P.OWN_DATA, T.FAMILY_FILE, A.GIVE,
        (C.CONSENT,),
        basis=B.CONSENT, end=E.AGE_16,
        source=OWN_DATA_UNDER_16,
    ),
    *rows(
        R.GUARDIAN, P.OWN_DATA, T.AUTHORITY, A.CONTEST,
        (C.ATTENDANCE_UNAUTHORISED, C.ATTENDANCE_AUTHORISED),
        basis=B.RECTIFICATION, end=E.AUTHORITY,
        source="AVG art. 16",
    ),
)  # fmt: skip

# The headline of a plan is not read: that parent is tied to no case, and BW 1:377c is answered by
# whoever works with the child, when asked, who may then hold back what harms it.
PARENT_WITHOUT_AUTHORITY = (
    *rows(
        R.PARENT_WITHOUT_AUTHORITY, P.OWN_DATA, T.FILIATION, A.READ,
        (C.PUPIL_IDENTITY, C.ATTENDANCE_RATE),
        basis=B.LEGAL_DUTY, end=E.FILIATION,
        source=f"BW 1:377c: important facts, to a parent without authority ({TO_BE_CONFIRMED})",
    ),
)  # fmt: skip

YOUNG_PERSON = (
    *rows(
        R.YOUNG_PERSON, P.OWN_DATA, T.SELF_FROM_16, A.READ,
        OFFICE_RECORDS,
        basis=B.DATA_SUBJECT_RIGHT, end=E.ACCOUNT, exception=X.DATA_SUBJECT,
        source=OFFICE_SELF,
    ),
    *rows(
        R.YOUNG_PERSON, P.OWN_DATA, T.SELF_FROM_12, A.READ,
        (C.LEAVE_REQUEST,),
        basis=B.DATA_SUBJECT_RIGHT, end=E.ACCOUNT,
        source=FROM_12,
    ),
    *rows(
        R.YOUNG_PERSON, P.OWN_DATA, T.SELF_FROM_16, A.READ,
        (C.NOTICE_ILLNESS, C.NOTICE_BELIEF, C.LEAVE_EXPLANATION),
        basis=B.DATA_SUBJECT_RIGHT, end=E.ACCOUNT, exception=X.DATA_SUBJECT,
        source=OWN_DATA_SELF,
    ),
    *rows(
        R.YOUNG_PERSON, P.OWN_DATA, T.SELF_FROM_12, A.READ,
        (
            C.PUPIL_IDENTITY, C.PUPIL_ENROLMENT, C.ATTENDANCE_RATE, C.ATTENDANCE_UNAUTHORISED,
            C.ATTENDANCE_AUTHORISED, C.SIGNAL, C.CASE_CORE, C.PLAN, C.ACTION,
        ),
        basis=B.DATA_SUBJECT_RIGHT, end=E.ACCOUNT,
        source=FROM_12,
    ),
    *rows(
        R.YOUNG_PERSON, P.OWN_DATA, T.SELF_FROM_16, A.READ,
        (
            C.PUPIL_WHEREABOUTS, C.ATTENDANCE_REASON, C.ATTENDANCE_REASON_HEALTH_FACT,
            C.ATTENDANCE_REASON_HEALTH, C.ATTENDANCE_REASON_BELIEF, C.ATTENDANCE_TIMETABLE,
            C.REPORT_HEAD, C.REPORT, C.CASE_IDENTITY, C.CASE_PARTICIPANTS, C.NOTE_GENERAL,
            C.ATTENDANCE_SUMMARY, C.LOG_OWN, C.LOG_OWN_ORGANISATION, C.CONSENT,
        ),
        basis=B.DATA_SUBJECT_RIGHT, end=E.ACCOUNT, exception=X.DATA_SUBJECT,
        source=OWN_DATA_SELF,
    ),
    *rows(
        R.YOUNG_PERSON, P.OWN_DATA, T.SELF_FROM_16, A.GIVE,
        (C.CONSENT,),
        basis=B.CONSENT, end=E.ACCOUNT,
        source=OWN_DATA_SELF,
    ),
    *rows(
        R.YOUNG_PERSON, P.OWN_DATA, T.SELF_FROM_16, A.CONTEST,
        (C.ATTENDANCE_UNAUTHORISED, C.ATTENDANCE_AUTHORISED),
        basis=B.RECTIFICATION, end=E.ACCOUNT,
        source="AVG art. 16",
    ),
    *rows(
        R.YOUNG_PERSON, P.OWN_DATA, T.SELF_FROM_16, A.OBJECT,
        (C.LOG_OWN,),
        basis=B.DATA_SUBJECT_RIGHT, end=E.ACCOUNT,
        source=OWN_DATA_SELF,
    ),
)  # fmt: skip

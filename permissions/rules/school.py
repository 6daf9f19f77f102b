"""Schools: mentor, coordinators, head, and the systems that deliver for them."""

from permissions.rules.writing import (
    ABSENCE_POLICY,
    CASE_HEAD,
    CASE_WORK,
    MAZL,
    SCHOOL_RECORDS,
    SCHOOL_REPORT,
    SCHOOL_TASK,
    SHARING_AGREEMENT,
    WITHHELD,
    invited,
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

CLASS_VIEW = (
    C.PUPIL_IDENTITY, C.PUPIL_CONTACT, C.PUPIL_ENROLMENT, C.ATTENDANCE_RATE,
    C.ATTENDANCE_UNAUTHORISED, C.ATTENDANCE_AUTHORISED, C.ATTENDANCE_REASON,
    C.ATTENDANCE_REASON_HEALTH_FACT, C.ATTENDANCE_TIMETABLE, C.SIGNAL,
)  # fmt: skip
DELIVERY = (
    f"Processing agreement of the school board, AVG 28; delivery agreement ({TO_BE_CONFIRMED})"
)
LEAVE = "Leerplichtwet 1969 art. 11(g) and 14: the head decides on leave up to ten days"
ILLNESS_NOTICE = "Leerplichtwet 1969 art. 12: illness is notified to the head"
BELIEF_NOTICE = "Leerplichtwet 1969 art. 13: a duty of belief is notified to the head"
QUALITY_TASK = (
    "Leerplichtwet 1969 art. 25(3): what the head reports has to be registered well"
    f" ({TO_BE_CONFIRMED})"
)
LEAVE_TASK = "Leerplichtwet 1969 art. 13a and 14: requests for leave go to the head"

MENTOR = (
    *rows(
        R.MENTOR, P.DAILY_GUIDANCE, T.CLASS_ASSIGNMENT, A.READ,
        (*CLASS_VIEW, C.PLAN, C.ACTION),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT, exception=X.UAVG_30_SCHOOL,
        source=SCHOOL_TASK,
    ),
    *rows(
        R.MENTOR, P.DAILY_GUIDANCE, T.CLASS_ASSIGNMENT, A.WRITE,
        (C.NOTE_GENERAL,),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT,
        source=SCHOOL_TASK,
    ),
    *rows(
        R.MENTOR, P.DAILY_GUIDANCE, T.CLASS_ASSIGNMENT, A.PROPOSE,
        (C.CASE_CORE,),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT,
        source=SCHOOL_TASK,
    ),
    *rows(
        R.MENTOR, P.DAILY_GUIDANCE, T.CLASS_ASSIGNMENT, A.READ,
        (C.NOTICE_ILLNESS, C.LEAVE_REQUEST),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT, exception=X.UAVG_30_SCHOOL,
        source=SCHOOL_TASK,
    ),
)  # fmt: skip

ATTENDANCE_COORDINATOR = (
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.READ,
        (C.QUALITY_BRANCH,),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT,
        source=QUALITY_TASK,
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.READ,
        (C.ADVICE,),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT,
        source=ABSENCE_POLICY,
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.READ,
        (C.NOTICE_ILLNESS, C.LEAVE_REQUEST),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT, exception=X.UAVG_30_SCHOOL,
        source=SCHOOL_TASK,
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.READ,
        (
            *CLASS_VIEW, C.PUPIL_WHEREABOUTS, C.REPORT_HEAD, C.REPORT, C.REPORT_CONTACT,
            C.INFORMATION_REQUEST,
        ),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT, exception=X.UAVG_30_SCHOOL,
        source=SCHOOL_TASK,
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.FORMER_ENROLMENT, A.READ,
        (
            C.PUPIL_IDENTITY, C.PUPIL_ENROLMENT, C.ATTENDANCE_RATE, C.ATTENDANCE_UNAUTHORISED,
            C.ATTENDANCE_AUTHORISED, C.ATTENDANCE_REASON, C.ATTENDANCE_REASON_HEALTH_FACT,
            C.ATTENDANCE_TIMETABLE, C.SIGNAL,
        ),
        basis=B.PUBLIC_TASK, end=E.SCHOOL_RETENTION, exception=X.UAVG_30_SCHOOL,
        source=SCHOOL_RECORDS,
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.REGISTER,
        (C.PUPIL_CONTACT, C.PUPIL_WHEREABOUTS),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT,
        source=SCHOOL_TASK,
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.END,
        (C.PUPIL_CONTACT, C.PUPIL_WHEREABOUTS),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT,
        source=SCHOOL_TASK,
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.FORMER_ENROLMENT, A.END,
        (C.PUPIL_CONTACT, C.PUPIL_WHEREABOUTS),
        basis=B.PUBLIC_TASK, end=E.SCHOOL_RETENTION,
        source=f"AVG 5(1)(d): what is no longer so is ended, also of who left ({TO_BE_CONFIRMED})",
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.CORRECT,
        (C.ATTENDANCE_UNAUTHORISED, C.ATTENDANCE_AUTHORISED),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT,
        source=SCHOOL_TASK,
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.PREPARE,
        (C.REPORT,),
        basis=B.LEGAL_DUTY, end=E.ASSIGNMENT,
        source=SCHOOL_REPORT,
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.HEAD_MANDATE, A.SEND,
        (C.REPORT,),
        basis=B.LEGAL_DUTY, end=E.MANDATE,
        source="Leerplichtwet 1969 art. 21a(1): the head notifies; on the head's mandate",
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.ANSWER,
        (C.INFORMATION_REQUEST,),
        basis=B.LEGAL_DUTY, end=E.ASSIGNMENT,
        source="Leerplichtwet 1969 art. 18(3)",
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.PROPOSE,
        (C.CASE_CORE,),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT,
        source=SCHOOL_TASK,
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.REFER,
        (C.REFERRAL,),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT, exception=X.UAVG_30_SCHOOL,
        source=MAZL,
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.SCHOOL_IN_CASE, A.OFFER,
        (C.ATTENDANCE_SUMMARY,),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION,
        source=SHARING_AGREEMENT,
    ),
)  # fmt: skip

HEAD_OF_SCHOOL = (
    *rows(
        R.HEAD_OF_SCHOOL, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.READ,
        (C.QUALITY_BRANCH,),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT,
        source=QUALITY_TASK,
    ),
    *rows(
        R.HEAD_OF_SCHOOL, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.READ,
        (C.NOTICE_ILLNESS,),
        basis=B.LEGAL_DUTY, end=E.ASSIGNMENT, exception=X.UAVG_30_SCHOOL,
        source=ILLNESS_NOTICE,
    ),
    *rows(
        R.HEAD_OF_SCHOOL, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.READ,
        (C.NOTICE_BELIEF,),
        basis=B.LEGAL_DUTY, end=E.ASSIGNMENT, exception=X.LPW_13,
        source=BELIEF_NOTICE,
    ),
    *rows(
        R.HEAD_OF_SCHOOL, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.READ,
        (C.LEAVE_REQUEST, C.LEAVE_EXPLANATION),
        basis=B.LEGAL_DUTY, end=E.ASSIGNMENT, exception=X.UAVG_30_SCHOOL,
        source=LEAVE_TASK,
    ),
    *rows(
        R.HEAD_OF_SCHOOL, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.READ,
        (
            C.PUPIL_IDENTITY, C.PUPIL_ENROLMENT, C.ATTENDANCE_RATE, C.ATTENDANCE_UNAUTHORISED,
            C.ATTENDANCE_AUTHORISED, C.ATTENDANCE_REASON, C.SIGNAL, C.REPORT_HEAD, C.REPORT,
            C.INFORMATION_REQUEST, C.AGGREGATE_BRANCH_EXACT,
        ),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT,
        source=SCHOOL_TASK,
    ),
    *rows(
        R.HEAD_OF_SCHOOL, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.MANDATE,
        (C.REPORT,),
        basis=B.LEGAL_DUTY, end=E.ASSIGNMENT,
        source="Leerplichtwet 1969 art. 21a(1); Awb 10:3 (mandate)",
    ),
    *rows(
        R.HEAD_OF_SCHOOL, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.APPROVE,
        (C.REPORT,),
        basis=B.LEGAL_DUTY, end=E.ASSIGNMENT,
        source=SCHOOL_REPORT,
    ),
    *rows(
        R.HEAD_OF_SCHOOL, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.DECIDE,
        (C.ATTENDANCE_AUTHORISED,),
        basis=B.LEGAL_DUTY, end=E.ASSIGNMENT,
        source=LEAVE,
    ),
    *rows(
        R.HEAD_OF_SCHOOL, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.ANSWER,
        (C.INFORMATION_REQUEST,),
        basis=B.LEGAL_DUTY, end=E.ASSIGNMENT,
        source="Leerplichtwet 1969 art. 18(3)",
    ),
    *rows(
        R.HEAD_OF_SCHOOL, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.CLOSE,
        (C.AGGREGATE_BRANCH_EXACT,),
        basis=B.LEGAL_DUTY, end=E.ASSIGNMENT,
        source="Leerplichtwet 1969 art. 25(3): the head reports the extent of absence each year",
    ),
    *rows(
        R.HEAD_OF_SCHOOL, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.READ,
        (C.ADVICE,),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT,
        source=ABSENCE_POLICY,
    ),
    *rows(
        R.HEAD_OF_SCHOOL, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.ANSWER,
        (C.ADVICE,),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT,
        source=ABSENCE_POLICY,
    ),
)  # fmt: skip

SUPPORT_COORDINATOR = (
    *rows(
        R.SUPPORT_COORDINATOR, P.CASE_COORDINATION, T.SUPPORT_INVOLVEMENT, A.READ,
        (
            C.PUPIL_IDENTITY, C.PUPIL_CONTACT, C.PUPIL_ENROLMENT, C.ATTENDANCE_RATE,
            C.ATTENDANCE_REASON_HEALTH_FACT,
        ),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, exception=X.UAVG_30_SCHOOL,
        source=SCHOOL_TASK,
    ),
    *rows(
        R.SUPPORT_COORDINATOR, P.CASE_COORDINATION, T.SUPPORT_INVOLVEMENT, A.REFER,
        (C.REFERRAL,),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, exception=X.UAVG_30_SCHOOL,
        source=SCHOOL_TASK,
    ),
    *invited(R.SUPPORT_COORDINATOR, P.CASE_COORDINATION),
    *rows(
        R.SUPPORT_COORDINATOR, P.CASE_COORDINATION, T.CASE_PARTICIPATION, A.READ,
        (*CASE_HEAD, *CASE_WORK, C.CONFERENCE, C.NOTE_SUPPORT, C.ATTENDANCE_SUMMARY),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, exception=X.UAVG_30_SCHOOL,
        source=SHARING_AGREEMENT,
    ),
    *rows(
        R.SUPPORT_COORDINATOR, P.CASE_COORDINATION, T.CONSENT, A.READ,
        (C.NOTE_YOUTH_CARE,),
        basis=B.CONSENT, end=E.CONSENT, exception=X.UAVG_22_CONSENT,
        source="Jeugdwet 7.3.11: consent of the young person or the parents",
    ),
    *rows(
        R.SUPPORT_COORDINATOR, P.CASE_COORDINATION, T.CASE_PARTICIPATION, A.WRITE,
        (*CASE_WORK, C.NOTE_SUPPORT),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, exception=X.UAVG_30_SCHOOL,
        source=SHARING_AGREEMENT,
    ),
    *rows(
        R.SUPPORT_COORDINATOR, P.CASE_COORDINATION, T.CASE_PARTICIPATION, A.AGREE,
        (C.PLAN,),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION,
        source=SHARING_AGREEMENT,
    ),
    *rows(
        R.SUPPORT_COORDINATOR, P.CASE_COORDINATION, T.CASE_LEAD, A.INVITE,
        (C.CASE_CORE,),
        basis=B.PUBLIC_TASK, end=E.CASE_CLOSED,
        source=SHARING_AGREEMENT,
    ),
    *rows(
        R.SUPPORT_COORDINATOR, P.CASE_COORDINATION, T.CASE_LEAD, A.WITHHOLD,
        (C.CASE_CORE,),
        basis=B.PUBLIC_TASK, end=E.CASE_CLOSED,
        source=WITHHELD,
    ),
    *rows(
        R.SUPPORT_COORDINATOR, P.CASE_COORDINATION, T.CASE_LEAD, A.CLOSE,
        (C.CASE_CORE,),
        basis=B.PUBLIC_TASK, end=E.CASE_CLOSED,
        source=SHARING_AGREEMENT,
    ),
)  # fmt: skip

SCHOOL_SYSTEM = (
    *rows(
        R.SCHOOL_SYSTEM, P.DATA_DELIVERY, T.DELIVERY_AGREEMENT, A.IMPORT,
        (
            C.PUPIL_IDENTITY, C.PUPIL_NUMBER, C.PUPIL_ENROLMENT, C.PUPIL_WHEREABOUTS,
            C.ATTENDANCE_TIMETABLE, C.ATTENDANCE_RATE, C.ATTENDANCE_UNAUTHORISED,
            C.ATTENDANCE_AUTHORISED, C.ATTENDANCE_REASON, C.ATTENDANCE_REASON_HEALTH_FACT,
            C.ATTENDANCE_REASON_HEALTH, C.ATTENDANCE_REASON_BELIEF, C.SIGNAL,
        ),
        basis=B.PROCESSOR, end=E.AGREEMENT, exception=X.PROCESSOR,
        source=DELIVERY,
    ),
    *rows(
        R.SCHOOL_SYSTEM, P.DATA_DELIVERY, T.DELIVERY_AGREEMENT, A.READ,
        (C.IMPORT_RECEIPT,),
        basis=B.PROCESSOR, end=E.AGREEMENT,
        source=DELIVERY,
    ),
)  # fmt: skip

"""Municipality and region: attendance officer, allocator, transition coach, the register."""

from permissions.rules.writing import (
    CASE_HEAD,
    CASE_WORK,
    OFFICE_TASK,
    REPORT_KEPT,
    SHARING_AGREEMENT,
    WITHHELD,
    emergency,
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

REPORT_VIEW = (C.REPORT_HEAD, C.REPORT, C.REPORT_CONTACT, C.REPORT_BACKGROUND)
TRANSITION_TASK = (
    f"WEB 9.2.4-9.2.5; Wet van school naar duurzaam werk: to age 27 ({TO_BE_CONFIRMED})"
)

LEAVE_ABOVE_TEN = (
    "Leerplichtwet 1969 art. 14(3): above ten days the officer of the municipality of residence"
    " decides, after hearing the head"
)

EXEMPTIONS = (C.EXEMPTION, C.EXEMPTION_HEALTH, C.EXEMPTION_BELIEF)
EXEMPTION_TASK = (
    "Leerplichtwet 1969 art. 3a, 3b, 5 to 9 and 15: the municipality of residence receives or"
    f" decides; its officer registers ({TO_BE_CONFIRMED})"
)
NON_ENROLMENT_TASK = (
    "Leerplichtwet 1969 art. 19: the municipality of residence controls enrolment"
    f" ({TO_BE_CONFIRMED})"
)

ATTENDANCE_OFFICER = (
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.OFFICE_RECORD, A.READ,
        EXEMPTIONS,
        basis=B.PUBLIC_TASK, end=E.OFFICE_RETENTION, exception=X.LPW_5,
        source=EXEMPTION_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.APPOINTMENT, A.REGISTER,
        EXEMPTIONS,
        basis=B.PUBLIC_TASK, end=E.APPOINTMENT, exception=X.LPW_5,
        source=EXEMPTION_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.OFFICE_RECORD, A.END,
        EXEMPTIONS,
        basis=B.PUBLIC_TASK, end=E.OFFICE_RETENTION, exception=X.LPW_5,
        source=EXEMPTION_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.OFFICE_RECORD, A.READ,
        (C.NON_ENROLMENT,),
        basis=B.PUBLIC_TASK, end=E.OFFICE_RETENTION,
        source=NON_ENROLMENT_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.APPOINTMENT, A.OPEN,
        (C.NON_ENROLMENT,),
        basis=B.PUBLIC_TASK, end=E.APPOINTMENT,
        source=NON_ENROLMENT_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.OFFICE_RECORD, A.CLOSE,
        (C.NON_ENROLMENT,),
        basis=B.PUBLIC_TASK, end=E.OFFICE_RETENTION,
        source=NON_ENROLMENT_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.RESIDENCE, A.READ,
        (C.LEAVE_REQUEST, C.LEAVE_EXPLANATION),
        basis=B.PUBLIC_TASK, end=E.OFFICE_RETENTION, exception=X.UAVG_30_AUTHORITY,
        source=LEAVE_ABOVE_TEN,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.RESIDENCE, A.DECIDE,
        (C.LEAVE_REQUEST,),
        basis=B.PUBLIC_TASK, end=E.OFFICE_RETENTION,
        source=LEAVE_ABOVE_TEN,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.REPORT_ALLOCATION, A.READ,
        (*REPORT_VIEW, C.NOTE_ENFORCEMENT, C.DECISION, C.INFORMATION_REQUEST),
        basis=B.PUBLIC_TASK, end=E.REPORT_CLOSED, exception=X.LPW_21A,
        source=OFFICE_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.OWN_FILE, A.READ,
        (*REPORT_VIEW, C.NOTE_ENFORCEMENT, C.DECISION, C.INFORMATION_REQUEST),
        basis=B.PUBLIC_TASK, end=E.REPORT_RETENTION, exception=X.LPW_21A,
        source=REPORT_KEPT,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.EARLIER_REPORT, A.READ,
        (*REPORT_VIEW, C.NOTE_ENFORCEMENT, C.DECISION),
        basis=B.PUBLIC_TASK, end=E.REPORT_RETENTION, exception=X.LPW_21A,
        source=REPORT_KEPT,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.REPORT_ALLOCATION, A.TAKE_ON,
        (C.REPORT,),
        basis=B.PUBLIC_TASK, end=E.REPORT_CLOSED,
        source=OFFICE_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.REPORT_ALLOCATION, A.ASK_BACK,
        (C.REPORT,),
        basis=B.PUBLIC_TASK, end=E.REPORT_CLOSED,
        source=OFFICE_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.REPORT_ALLOCATION, A.REQUEST,
        (C.INFORMATION_REQUEST,),
        basis=B.LEGAL_DUTY, end=E.REPORT_CLOSED,
        source="Leerplichtwet 1969 art. 18(3)",
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.REPORT_ALLOCATION, A.WRITE,
        (C.NOTE_ENFORCEMENT,),
        basis=B.PUBLIC_TASK, end=E.REPORT_CLOSED,
        source=OFFICE_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.REPORT_ALLOCATION, A.DECIDE,
        (C.DECISION,),
        basis=B.PUBLIC_TASK, end=E.REPORT_CLOSED,
        source=OFFICE_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.REPORT_ALLOCATION, A.CLOSE,
        (C.REPORT,),
        basis=B.PUBLIC_TASK, end=E.REPORT_CLOSED,
        source=OFFICE_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.REPORT_ALLOCATION, A.REFER,
        (C.REFERRAL,),
        basis=B.PUBLIC_TASK, end=E.REPORT_CLOSED, exception=X.UAVG_33_CRIMINAL,
        source=f"Leerplichtwet 1969 art. 22; Halt and MAS route ({TO_BE_CONFIRMED})",
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.CASE_COORDINATION, T.REPORT_ALLOCATION, A.OPEN,
        (C.CASE_CORE,),
        basis=B.PUBLIC_TASK, end=E.REPORT_CLOSED,
        source=OFFICE_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.CASE_COORDINATION, T.CASE_PARTICIPATION, A.READ,
        (*CASE_HEAD, *CASE_WORK, C.CONFERENCE, C.ATTENDANCE_SUMMARY),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION,
        source=SHARING_AGREEMENT,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.CASE_COORDINATION, T.CONSENT, A.READ,
        (C.NOTE_YOUTH_CARE,),
        basis=B.CONSENT, end=E.CONSENT, exception=X.UAVG_22_CONSENT,
        source="Jeugdwet 7.3.11: consent of the young person or the parents",
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.CASE_COORDINATION, T.CASE_PARTICIPATION, A.WRITE,
        CASE_WORK,
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION,
        source=SHARING_AGREEMENT,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.CASE_COORDINATION, T.CASE_PARTICIPATION, A.AGREE,
        (C.PLAN,),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION,
        source=SHARING_AGREEMENT,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.CASE_COORDINATION, T.CASE_LEAD, A.INVITE,
        (C.CASE_CORE,),
        basis=B.PUBLIC_TASK, end=E.CASE_CLOSED,
        source=SHARING_AGREEMENT,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.CASE_COORDINATION, T.CASE_LEAD, A.WITHHOLD,
        (C.CASE_CORE,),
        basis=B.PUBLIC_TASK, end=E.CASE_CLOSED,
        source=WITHHELD,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.CASE_COORDINATION, T.KEPT_CASE, A.WITHHOLD,
        (C.CASE_CORE,),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT,
        source=WITHHELD,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.CASE_COORDINATION, T.CASE_LEAD, A.CLOSE,
        (C.CASE_CORE,),
        basis=B.PUBLIC_TASK, end=E.CASE_CLOSED,
        source=SHARING_AGREEMENT,
    ),
    *emergency(R.ATTENDANCE_OFFICER),
)  # fmt: skip

OFFICE_ALLOCATOR = (
    *rows(
        R.OFFICE_ALLOCATOR, P.COMPULSORY_SCHOOLING, T.OFFICE, A.READ,
        (C.REPORT_HEAD,),
        basis=B.PUBLIC_TASK, end=E.REPORT_CLOSED,
        source=OFFICE_TASK,
    ),
    *rows(
        R.OFFICE_ALLOCATOR, P.COMPULSORY_SCHOOLING, T.OFFICE, A.ASSIGN,
        (C.REPORT_HEAD,),
        basis=B.PUBLIC_TASK, end=E.REPORT_CLOSED,
        source=OFFICE_TASK,
    ),
)  # fmt: skip

TRANSITION_COACH = (
    *rows(
        R.TRANSITION_COACH, P.TRANSITION, T.TRANSITION_REPORT, A.READ,
        (C.REPORT_HEAD, C.REPORT, C.REPORT_CONTACT),
        basis=B.PUBLIC_TASK, end=E.AGE_27,
        source=TRANSITION_TASK,
    ),
    *rows(
        R.TRANSITION_COACH, P.TRANSITION, T.TRANSITION_REPORT, A.TAKE_ON,
        (C.REPORT,),
        basis=B.PUBLIC_TASK, end=E.AGE_27,
        source=TRANSITION_TASK,
    ),
    *rows(
        R.TRANSITION_COACH, P.TRANSITION, T.TRANSITION_REPORT, A.CLOSE,
        (C.REPORT,),
        basis=B.PUBLIC_TASK, end=E.AGE_27,
        source=TRANSITION_TASK,
    ),
    *invited(R.TRANSITION_COACH, P.TRANSITION),
    *rows(
        R.TRANSITION_COACH, P.TRANSITION, T.CASE_PARTICIPATION, A.READ,
        (*CASE_HEAD, *CASE_WORK),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION,
        source=SHARING_AGREEMENT,
    ),
)  # fmt: skip

ABSENCE_REGISTER = (
    *rows(
        R.ABSENCE_REGISTER, P.COMPULSORY_SCHOOLING, T.REGISTER_TASK, A.ALLOCATE,
        (C.REPORT,),
        basis=B.LEGAL_DUTY, end=E.REPORT_CLOSED,
        source="Leerplichtwet 1969 art. 21a: the Minister tells the municipality of residence",
    ),
)  # fmt: skip

"""The rules. No row, no access.

`rows` spells out one `Rule` per data class, so that every rule stands alone in `MATRIX.md`; it is
shorthand for writing, never a rule about several classes at once. A source that a lawyer has not
confirmed says so.
"""

from collections.abc import Iterable

from permissions.vocabulary import (
    SPECIAL_CATEGORY,
    TO_BE_CONFIRMED,
    Activity,
    Basis,
    DataClass,
    End,
    Exception_,
    Purpose,
    Role,
    Rule,
    Tie,
)

A, B, C, E, P, R, T = Activity, Basis, DataClass, End, Purpose, Role, Tie


def rows(
    who: Role,
    purpose: Purpose,
    tie: Tie,
    may: Activity,
    what: Iterable[DataClass],
    *,
    basis: Basis,
    end: End,
    source: str,
    exception: Exception_ | None = None,
) -> tuple[Rule, ...]:
    """Return one rule per data class; the exception is written only where the class needs one."""
    return tuple(
        Rule(
            who=who,
            may=may,
            what=data_class,
            purpose=purpose,
            tie=tie,
            basis=basis,
            exception=exception if data_class in SPECIAL_CATEGORY else None,
            end=end,
            source=source,
        )
        for data_class in what
    )


SCHOOL_TASK = f"WPO 8, WVO 2020 2.87: care for the pupil's progress ({TO_BE_CONFIRMED})"
SCHOOL_REPORT = "Leerplichtwet 1969 art. 21a; Besluit register onderwijsdeelnemers art. 13-14"
OFFICE_TASK = "Leerplichtwet 1969 art. 16, 21a and 22"
SHARING_AGREEMENT = f"Sharing agreement of the consultation form ({TO_BE_CONFIRMED})"
DELIVERY = (
    f"Processing agreement of the school board, AVG 28; delivery agreement ({TO_BE_CONFIRMED})"
)
CONTROLLER_DECIDES = (
    f"AVG 24 and 32: the controller decides who works with its data ({TO_BE_CONFIRMED})"
)
OWN_DATA_SOURCE = "AVG art. 15; BW 1:245 and 1:377b"

CLASS_VIEW = (
    C.PUPIL_IDENTITY,
    C.PUPIL_CONTACT,
    C.PUPIL_ENROLMENT,
    C.ATTENDANCE_RATE,
    C.ATTENDANCE_UNAUTHORISED,
    C.ATTENDANCE_AUTHORISED,
    C.ATTENDANCE_REASON,
    C.ATTENDANCE_REASON_HEALTH_FACT,
    C.SIGNAL,
)
CASE_HEAD = (C.CASE_CORE, C.CASE_IDENTITY, C.CASE_PARTICIPANTS)
CASE_WORK = (C.PLAN, C.ACTION, C.NOTE_GENERAL)

MENTOR = rows(
    R.MENTOR, P.DAILY_GUIDANCE, T.CLASS_ASSIGNMENT, A.READ, CLASS_VIEW,
    basis=B.PUBLIC_TASK, exception=Exception_.UAVG_30_SCHOOL, end=E.ASSIGNMENT, source=SCHOOL_TASK,
)  # fmt: skip

ATTENDANCE_COORDINATOR = (
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.READ,
        (*CLASS_VIEW, C.PUPIL_WHEREABOUTS, C.REPORT, C.REPORT_CONTACT),
        basis=B.PUBLIC_TASK, exception=Exception_.UAVG_30_SCHOOL, end=E.ASSIGNMENT,
        source=SCHOOL_TASK,
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.REGISTER,
        (C.PUPIL_CONTACT,),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT, source=SCHOOL_TASK,
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.PREPARE, (C.REPORT,),
        basis=B.LEGAL_DUTY, end=E.ASSIGNMENT, source=SCHOOL_REPORT,
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.HEAD_MANDATE, A.SEND, (C.REPORT,),
        basis=B.LEGAL_DUTY, end=E.MANDATE,
        source="Leerplichtwet 1969 art. 21a(1): the head notifies; on the head's mandate",
    ),
    *rows(
        R.ATTENDANCE_COORDINATOR, P.DAILY_GUIDANCE, T.SCHOOL_IN_CASE, A.OFFER,
        (C.ATTENDANCE_SUMMARY,),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, source=SHARING_AGREEMENT,
    ),
)  # fmt: skip

HEAD_OF_SCHOOL = (
    *rows(
        R.HEAD_OF_SCHOOL, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.READ,
        (
            C.PUPIL_IDENTITY, C.PUPIL_ENROLMENT, C.ATTENDANCE_RATE, C.ATTENDANCE_UNAUTHORISED,
            C.ATTENDANCE_AUTHORISED, C.ATTENDANCE_REASON, C.SIGNAL, C.REPORT,
        ),
        basis=B.PUBLIC_TASK, end=E.ASSIGNMENT, source=SCHOOL_TASK,
    ),
    *rows(
        R.HEAD_OF_SCHOOL, P.DAILY_GUIDANCE, T.BRANCH_ASSIGNMENT, A.MANDATE, (C.REPORT,),
        basis=B.LEGAL_DUTY, end=E.ASSIGNMENT,
        source="Leerplichtwet 1969 art. 21a(1); Awb 10:3 (mandate)",
    ),
)  # fmt: skip

SUPPORT_COORDINATOR = (
    *rows(
        R.SUPPORT_COORDINATOR, P.CASE_COORDINATION, T.SUPPORT_INVOLVEMENT, A.READ,
        (C.PUPIL_IDENTITY, C.PUPIL_CONTACT, C.PUPIL_ENROLMENT, C.ATTENDANCE_RATE),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, source=SCHOOL_TASK,
    ),
    *rows(
        R.SUPPORT_COORDINATOR, P.CASE_COORDINATION, T.INVITATION, A.READ, (C.CASE_CORE,),
        basis=B.PUBLIC_TASK, end=E.INVITATION_ANSWERED, source=SHARING_AGREEMENT,
    ),
    *rows(
        R.SUPPORT_COORDINATOR, P.CASE_COORDINATION, T.CASE_PARTICIPATION, A.READ,
        (*CASE_HEAD, *CASE_WORK, C.ATTENDANCE_SUMMARY),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, source=SHARING_AGREEMENT,
    ),
    *rows(
        R.SUPPORT_COORDINATOR, P.CASE_COORDINATION, T.CASE_PARTICIPATION, A.WRITE, CASE_WORK,
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, source=SHARING_AGREEMENT,
    ),
    *rows(
        R.SUPPORT_COORDINATOR, P.CASE_COORDINATION, T.CASE_PARTICIPATION, A.AGREE, (C.PLAN,),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, source=SHARING_AGREEMENT,
    ),
)  # fmt: skip

ATTENDANCE_OFFICER = (
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.REPORT_ALLOCATION, A.READ,
        (C.REPORT, C.REPORT_CONTACT),
        basis=B.PUBLIC_TASK, end=E.REPORT_CLOSED, source=OFFICE_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.OWN_FILE, A.READ,
        (C.REPORT, C.REPORT_CONTACT),
        basis=B.PUBLIC_TASK, end=E.REPORT_RETENTION,
        source="Wet register onderwijsdeelnemers art. 30: school year of recording and the next",
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.REPORT_ALLOCATION, A.TAKE_ON, (C.REPORT,),
        basis=B.PUBLIC_TASK, end=E.REPORT_CLOSED, source=OFFICE_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.COMPULSORY_SCHOOLING, T.REPORT_ALLOCATION, A.CLOSE, (C.REPORT,),
        basis=B.PUBLIC_TASK, end=E.REPORT_CLOSED, source=OFFICE_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.CASE_COORDINATION, T.REPORT_ALLOCATION, A.OPEN, (C.CASE_CORE,),
        basis=B.PUBLIC_TASK, end=E.REPORT_CLOSED, source=OFFICE_TASK,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.CASE_COORDINATION, T.CASE_PARTICIPATION, A.READ,
        (*CASE_HEAD, *CASE_WORK, C.ATTENDANCE_SUMMARY),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, source=SHARING_AGREEMENT,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.CASE_COORDINATION, T.CASE_PARTICIPATION, A.WRITE, CASE_WORK,
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, source=SHARING_AGREEMENT,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.CASE_COORDINATION, T.CASE_PARTICIPATION, A.AGREE, (C.PLAN,),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, source=SHARING_AGREEMENT,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.CASE_COORDINATION, T.CASE_LEAD, A.INVITE, (C.CASE_CORE,),
        basis=B.PUBLIC_TASK, end=E.CASE_CLOSED, source=SHARING_AGREEMENT,
    ),
    *rows(
        R.ATTENDANCE_OFFICER, P.CASE_COORDINATION, T.CASE_LEAD, A.CLOSE, (C.CASE_CORE,),
        basis=B.PUBLIC_TASK, end=E.CASE_CLOSED, source=SHARING_AGREEMENT,
    ),
)  # fmt: skip

ATTENDANCE_ADVISER = rows(
    R.ATTENDANCE_ADVISER, P.PREVENTION_ADVICE, T.MANDATE, A.READ,
    (C.AGGREGATE_BRANCH, C.AGGREGATE_MUNICIPALITY),
    basis=B.PUBLIC_TASK, end=E.MANDATE,
    source=f"Leerplichtwet 1969 art. 16 and 25; bill 36 663 ({TO_BE_CONFIRMED})",
)  # fmt: skip

ALLIANCE_CONSULTANT = (
    *rows(
        R.ALLIANCE_CONSULTANT, P.SPECIAL_NEEDS_SUPPORT, T.INVITATION, A.READ, (C.CASE_CORE,),
        basis=B.PUBLIC_TASK, end=E.INVITATION_ANSWERED, source=SHARING_AGREEMENT,
    ),
    *rows(
        R.ALLIANCE_CONSULTANT, P.SPECIAL_NEEDS_SUPPORT, T.CASE_PARTICIPATION, A.READ,
        (*CASE_HEAD, *CASE_WORK),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION,
        source=f"WPO 18a, WVO 2020 2.47; sharing agreement ({TO_BE_CONFIRMED})",
    ),
    *rows(
        R.ALLIANCE_CONSULTANT, P.SPECIAL_NEEDS_SUPPORT, T.CASE_PARTICIPATION, A.WRITE,
        (C.ACTION, C.NOTE_GENERAL),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, source=SHARING_AGREEMENT,
    ),
    *rows(
        R.ALLIANCE_CONSULTANT, P.SPECIAL_NEEDS_SUPPORT, T.CASE_PARTICIPATION, A.AGREE, (C.PLAN,),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, source=SHARING_AGREEMENT,
    ),
)  # fmt: skip

ALLIANCE_ANALYST = rows(
    R.ALLIANCE_ANALYST, P.POLICY_STATISTICS, T.MANDATE, A.READ,
    (C.AGGREGATE_ALLIANCE, C.AGGREGATE_BRANCH),
    basis=B.PUBLIC_TASK, end=E.MANDATE,
    source=f"WPO 18a(2), WVO 2020 2.47 ({TO_BE_CONFIRMED})",
)  # fmt: skip

YOUTH_CARE_WORKER = (
    *rows(
        R.YOUTH_CARE_WORKER, P.YOUTH_CARE, T.INVITATION, A.READ, (C.CASE_CORE,),
        basis=B.PUBLIC_TASK, end=E.INVITATION_ANSWERED, source=SHARING_AGREEMENT,
    ),
    *rows(
        R.YOUTH_CARE_WORKER, P.YOUTH_CARE, T.CASE_PARTICIPATION, A.READ,
        (*CASE_HEAD, *CASE_WORK, C.ATTENDANCE_SUMMARY),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, source=SHARING_AGREEMENT,
    ),
    *rows(
        R.YOUTH_CARE_WORKER, P.YOUTH_CARE, T.CASE_PARTICIPATION, A.WRITE,
        (C.ACTION, C.NOTE_GENERAL),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, source=SHARING_AGREEMENT,
    ),
    *rows(
        R.YOUTH_CARE_WORKER, P.YOUTH_CARE, T.CASE_PARTICIPATION, A.AGREE, (C.PLAN,),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, source=SHARING_AGREEMENT,
    ),
)  # fmt: skip

GUARDIAN = (
    *rows(
        R.GUARDIAN, P.OWN_DATA, T.AUTHORITY, A.READ,
        (
            C.PUPIL_IDENTITY, C.PUPIL_ENROLMENT, C.ATTENDANCE_RATE, C.ATTENDANCE_UNAUTHORISED,
            C.ATTENDANCE_AUTHORISED, C.ATTENDANCE_REASON, C.ATTENDANCE_REASON_HEALTH_FACT,
            C.SIGNAL, C.REPORT, *CASE_HEAD, *CASE_WORK, C.ATTENDANCE_SUMMARY, C.LOG_OWN,
        ),
        basis=B.DATA_SUBJECT_RIGHT, exception=Exception_.DATA_SUBJECT, end=E.AUTHORITY,
        source=OWN_DATA_SOURCE,
    ),
    *rows(
        R.GUARDIAN, P.OWN_DATA, T.OWN_CONTACT, A.READ, (C.PUPIL_CONTACT,),
        basis=B.DATA_SUBJECT_RIGHT, end=E.AUTHORITY, source=OWN_DATA_SOURCE,
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
        basis=B.PROCESSOR, exception=Exception_.PROCESSOR, end=E.AGREEMENT, source=DELIVERY,
    ),
    *rows(
        R.SCHOOL_SYSTEM, P.DATA_DELIVERY, T.DELIVERY_AGREEMENT, A.READ, (C.IMPORT_RECEIPT,),
        basis=B.PROCESSOR, end=E.AGREEMENT, source=DELIVERY,
    ),
)  # fmt: skip

ABSENCE_REGISTER = rows(
    R.ABSENCE_REGISTER, P.COMPULSORY_SCHOOLING, T.REGISTER_TASK, A.ALLOCATE, (C.REPORT,),
    basis=B.LEGAL_DUTY, end=E.REPORT_CLOSED,
    source="Leerplichtwet 1969 art. 21a: the Minister tells the municipality of residence",
)  # fmt: skip

ORGANISATION_ADMINISTRATOR = (
    *rows(
        R.ORGANISATION_ADMINISTRATOR, P.ADMINISTRATION, T.APPOINTMENT, A.READ, (C.STAFF,),
        basis=B.PUBLIC_TASK, end=E.APPOINTMENT, source=CONTROLLER_DECIDES,
    ),
    *rows(
        R.ORGANISATION_ADMINISTRATOR, P.ADMINISTRATION, T.APPOINTMENT, A.APPOINT, (C.STAFF,),
        basis=B.PUBLIC_TASK, end=E.APPOINTMENT, source=CONTROLLER_DECIDES,
    ),
)  # fmt: skip

PLATFORM_OPERATOR = (
    *rows(
        R.PLATFORM_OPERATOR, P.OPERATION, T.PROCESSING_AGREEMENT, A.REGISTER, (C.ORGANISATION,),
        basis=B.PROCESSOR, end=E.AGREEMENT, source="AVG 28: on the controller's instruction",
    ),
    *rows(
        R.PLATFORM_OPERATOR, P.OPERATION, T.PROCESSING_AGREEMENT, A.APPOINT, (C.STAFF,),
        basis=B.PROCESSOR, end=E.AGREEMENT,
        source="AVG 28: an organisation's first administrator, on the controller's instruction",
    ),
)  # fmt: skip

PLATFORM_JOB = (
    *rows(
        R.PLATFORM_JOB, P.POLICY_STATISTICS, T.PROCESSING_AGREEMENT, A.AGGREGATE,
        (
            C.PUPIL_ENROLMENT, C.ATTENDANCE_RATE, C.ATTENDANCE_UNAUTHORISED,
            C.ATTENDANCE_AUTHORISED,
        ),
        basis=B.PROCESSOR, end=E.AGREEMENT,
        source=f"Leerplichtwet 1969 art. 25(3); AVG 28 ({TO_BE_CONFIRMED})",
    ),
    *rows(
        R.PLATFORM_JOB, P.ACCOUNTABILITY, T.PROCESSING_AGREEMENT, A.ACCOUNT, (C.LOG_OWN,),
        basis=B.PROCESSOR, end=E.AGREEMENT, source="AVG 5(2) and 28(3)(e)",
    ),
)  # fmt: skip

TABLE: tuple[Rule, ...] = (
    *MENTOR,
    *ATTENDANCE_COORDINATOR,
    *HEAD_OF_SCHOOL,
    *SUPPORT_COORDINATOR,
    *ATTENDANCE_OFFICER,
    *ATTENDANCE_ADVISER,
    *ALLIANCE_CONSULTANT,
    *ALLIANCE_ANALYST,
    *YOUTH_CARE_WORKER,
    *GUARDIAN,
    *SCHOOL_SYSTEM,
    *ABSENCE_REGISTER,
    *ORGANISATION_ADMINISTRATOR,
    *PLATFORM_OPERATOR,
    *PLATFORM_JOB,
)

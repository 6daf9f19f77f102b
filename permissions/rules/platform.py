"""Who keeps the organisations, the platform and its accounts in order."""

from permissions.rules.writing import rows
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

A, B, C, E, P, R, T = Activity, Basis, DataClass, End, Purpose, Role, Tie
X = Exception_

CONTROLLER_DECIDES = (
    f"AVG 24 and 32: the controller decides who works with its data ({TO_BE_CONFIRMED})"
)

ORGANISATION_ADMINISTRATOR = (
    *rows(
        R.ORGANISATION_ADMINISTRATOR, P.ADMINISTRATION, T.APPOINTMENT, A.READ,
        (C.STAFF,),
        basis=B.PUBLIC_TASK, end=E.APPOINTMENT,
        source=CONTROLLER_DECIDES,
    ),
    *rows(
        R.ORGANISATION_ADMINISTRATOR, P.ADMINISTRATION, T.APPOINTMENT, A.APPOINT,
        (C.STAFF,),
        basis=B.PUBLIC_TASK, end=E.APPOINTMENT,
        source=CONTROLLER_DECIDES,
    ),
    *rows(
        R.ORGANISATION_ADMINISTRATOR, P.ADMINISTRATION, T.APPOINTMENT, A.REGISTER,
        (C.COURT_MEASURE,),
        basis=B.PUBLIC_TASK, end=E.APPOINTMENT,
        source=f"BW 1:255: a measure is registered from the court's order ({TO_BE_CONFIRMED})",
    ),
)  # fmt: skip

PRIVACY_OFFICER = (
    *rows(
        R.PRIVACY_OFFICER, P.ACCOUNTABILITY, T.APPOINTMENT, A.READ,
        (C.LOG_ORGANISATION, C.EMERGENCY, C.STAFF),
        basis=B.PUBLIC_TASK, end=E.APPOINTMENT,
        source="AVG 38 and 39",
    ),
    *rows(
        R.PRIVACY_OFFICER, P.ACCOUNTABILITY, T.APPOINTMENT, A.REVIEW,
        (C.EMERGENCY,),
        basis=B.PUBLIC_TASK, end=E.APPOINTMENT,
        source="AVG 38 and 39",
    ),
    *rows(
        R.PRIVACY_OFFICER, P.ACCOUNTABILITY, T.APPOINTMENT, A.ADVISE,
        (C.LOG_ORGANISATION,),
        basis=B.PUBLIC_TASK, end=E.APPOINTMENT,
        source="AVG 38(6) and 39: advises on a contest, the controller decides",
    ),
    *rows(
        R.PRIVACY_OFFICER, P.ACCOUNTABILITY, T.APPOINTMENT, A.HOLD,
        (C.LOG_ORGANISATION,),
        basis=B.PUBLIC_TASK, end=E.APPOINTMENT,
        source="AVG 18(1): asks that nothing is erased",
    ),
)  # fmt: skip

PLATFORM_OPERATOR = (
    *rows(
        R.PLATFORM_OPERATOR, P.OPERATION, T.PROCESSING_AGREEMENT, A.REGISTER,
        (C.ORGANISATION,),
        basis=B.PROCESSOR, end=E.AGREEMENT,
        source="AVG 28: on the controller's instruction",
    ),
    *rows(
        R.PLATFORM_OPERATOR, P.OPERATION, T.PROCESSING_AGREEMENT, A.APPOINT,
        (C.STAFF,),
        basis=B.PROCESSOR, end=E.AGREEMENT,
        source="AVG 28: an organisation's first administrator, on the controller's instruction",
    ),
)  # fmt: skip

PLATFORM_JOB = (
    *rows(
        R.PLATFORM_JOB, P.POLICY_STATISTICS, T.PROCESSING_AGREEMENT, A.AGGREGATE,
        (
            C.PUPIL_IDENTITY, C.PUPIL_ENROLMENT, C.ATTENDANCE_RATE, C.ATTENDANCE_UNAUTHORISED,
            C.ATTENDANCE_AUTHORISED, C.ATTENDANCE_REASON_HEALTH_FACT, C.REPORT_HEAD, C.PLAN,
            C.AGGREGATE_BRANCH_EXACT,
        ),
        basis=B.PROCESSOR, end=E.AGREEMENT, exception=X.PROCESSOR,
        source=f"Leerplichtwet 1969 art. 25(3); AVG 28 ({TO_BE_CONFIRMED})",
    ),
    *rows(
        R.PLATFORM_JOB, P.ACCOUNTABILITY, T.PROCESSING_AGREEMENT, A.ACCOUNT,
        (C.LOG_OWN, C.LOG_OWN_SHIELDED),
        basis=B.PROCESSOR, end=E.AGREEMENT,
        source="AVG 5(2) and 28(3)(e)",
    ),
    *rows(
        R.PLATFORM_JOB, P.ACCOUNTABILITY, T.PROCESSING_AGREEMENT, A.ERASE,
        (C.CHANGE,),
        basis=B.PROCESSOR, end=E.AGREEMENT,
        source=f"AVG 5(1)(e) and 28(3): kept for as long as it can be read ({TO_BE_CONFIRMED})",
    ),
)  # fmt: skip

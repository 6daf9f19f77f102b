"""The other partners of the chain: alliance, youth health, youth care, referral partners."""

from permissions.rules.writing import (
    CASE_HEAD,
    CASE_WORK,
    MAZL,
    SHARING_AGREEMENT,
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

ALLIANCE_TASK = f"WPO 18a, WVO 2020 2.47; sharing agreement ({TO_BE_CONFIRMED})"
CARE_CONSENT = "Jeugdwet 7.3.11: consent of the young person or the parents"
CARE_FILE = f"Jeugdwet 7.3.8: the provider's own file ({TO_BE_CONFIRMED})"

ALLIANCE_CONSULTANT = (
    *rows(
        R.ALLIANCE_CONSULTANT, P.SPECIAL_NEEDS_SUPPORT, T.REFERRAL, A.READ,
        (C.PUPIL_IDENTITY, C.PUPIL_ENROLMENT, C.ATTENDANCE_RATE),
        basis=B.PUBLIC_TASK, end=E.REFERRAL,
        source=ALLIANCE_TASK,
    ),
    *rows(
        R.ALLIANCE_CONSULTANT, P.SPECIAL_NEEDS_SUPPORT, T.STATUTORY_REFERRAL, A.READ,
        (C.ATTENDANCE_REASON_HEALTH_FACT, C.ATTENDANCE_REASON_HEALTH),
        basis=B.PUBLIC_TASK, end=E.REFERRAL, exception=X.UAVG_30_SCHOOL,
        source=f"WPO 18a(13): health data for statutory tasks only ({TO_BE_CONFIRMED})",
    ),
    *invited(R.ALLIANCE_CONSULTANT, P.SPECIAL_NEEDS_SUPPORT),
    *rows(
        R.ALLIANCE_CONSULTANT, P.SPECIAL_NEEDS_SUPPORT, T.CASE_PARTICIPATION, A.READ,
        (*CASE_HEAD, *CASE_WORK, C.NOTE_SUPPORT),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, exception=X.UAVG_30_SCHOOL,
        source=ALLIANCE_TASK,
    ),
    *rows(
        R.ALLIANCE_CONSULTANT, P.SPECIAL_NEEDS_SUPPORT, T.CONSENT, A.READ,
        (C.NOTE_YOUTH_CARE,),
        basis=B.CONSENT, end=E.CONSENT, exception=X.UAVG_22_CONSENT,
        source=CARE_CONSENT,
    ),
    *rows(
        R.ALLIANCE_CONSULTANT, P.SPECIAL_NEEDS_SUPPORT, T.CASE_PARTICIPATION, A.WRITE,
        (C.ACTION, C.NOTE_GENERAL, C.NOTE_SUPPORT),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, exception=X.UAVG_30_SCHOOL,
        source=SHARING_AGREEMENT,
    ),
    *rows(
        R.ALLIANCE_CONSULTANT, P.SPECIAL_NEEDS_SUPPORT, T.CASE_PARTICIPATION, A.AGREE,
        (C.PLAN,),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION,
        source=SHARING_AGREEMENT,
    ),
)  # fmt: skip

YOUTH_DOCTOR = (
    *rows(
        R.YOUTH_DOCTOR, P.YOUTH_HEALTH, T.REFERRAL, A.READ,
        (
            C.PUPIL_IDENTITY, C.PUPIL_CONTACT, C.ATTENDANCE_RATE, C.ATTENDANCE_REASON_HEALTH_FACT,
            C.ATTENDANCE_REASON_HEALTH,
        ),
        basis=B.PUBLIC_TASK, end=E.REFERRAL, exception=X.UAVG_30_CARE,
        source=MAZL,
    ),
    *invited(R.YOUTH_DOCTOR, P.YOUTH_HEALTH),
    *rows(
        R.YOUTH_DOCTOR, P.YOUTH_HEALTH, T.CASE_PARTICIPATION, A.READ,
        CASE_HEAD,
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION,
        source=SHARING_AGREEMENT,
    ),
    *rows(
        R.YOUTH_DOCTOR, P.YOUTH_HEALTH, T.CONSENT, A.WRITE,
        (C.NOTE_GENERAL,),
        basis=B.CONSENT, end=E.CONSENT,
        source="BW 7:457: a doctor shares with consent alone",
    ),
    *emergency(R.YOUTH_DOCTOR),
)  # fmt: skip

YOUTH_CARE_WORKER = (
    *invited(R.YOUTH_CARE_WORKER, P.YOUTH_CARE),
    *rows(
        R.YOUTH_CARE_WORKER, P.YOUTH_CARE, T.CASE_PARTICIPATION, A.READ,
        (*CASE_HEAD, *CASE_WORK, C.CONFERENCE, C.ATTENDANCE_SUMMARY),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION,
        source=SHARING_AGREEMENT,
    ),
    *rows(
        R.YOUTH_CARE_WORKER, P.YOUTH_CARE, T.OWN_NOTES, A.READ,
        (C.NOTE_YOUTH_CARE,),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, exception=X.UAVG_30_CARE,
        source=CARE_FILE,
    ),
    *rows(
        R.YOUTH_CARE_WORKER, P.YOUTH_CARE, T.CASE_PARTICIPATION, A.WRITE,
        (C.ACTION, C.NOTE_GENERAL, C.NOTE_YOUTH_CARE),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, exception=X.UAVG_30_CARE,
        source=SHARING_AGREEMENT,
    ),
    *rows(
        R.YOUTH_CARE_WORKER, P.YOUTH_CARE, T.CASE_PARTICIPATION, A.AGREE,
        (C.PLAN,),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION,
        source=SHARING_AGREEMENT,
    ),
    *emergency(R.YOUTH_CARE_WORKER),
)  # fmt: skip

CHILD_PROTECTION_WORKER = (
    *invited(R.CHILD_PROTECTION_WORKER, P.YOUTH_CARE),
    *rows(
        R.CHILD_PROTECTION_WORKER, P.YOUTH_CARE, T.COURT_MEASURE, A.READ,
        (*CASE_HEAD, *CASE_WORK, C.CONFERENCE, C.ATTENDANCE_SUMMARY),
        basis=B.PUBLIC_TASK, end=E.MEASURE,
        source=f"BW 1:255, Jeugdwet 7.3.11(4): a child protection measure ({TO_BE_CONFIRMED})",
    ),
    *rows(
        R.CHILD_PROTECTION_WORKER, P.YOUTH_CARE, T.OWN_NOTES, A.READ,
        (C.NOTE_YOUTH_CARE,),
        basis=B.PUBLIC_TASK, end=E.PARTICIPATION, exception=X.UAVG_30_CARE,
        source=CARE_FILE,
    ),
    *rows(
        R.CHILD_PROTECTION_WORKER, P.YOUTH_CARE, T.COURT_MEASURE, A.WRITE,
        (C.ACTION, C.NOTE_GENERAL, C.NOTE_YOUTH_CARE),
        basis=B.PUBLIC_TASK, end=E.MEASURE, exception=X.UAVG_30_CARE,
        source=f"BW 1:255, Jeugdwet 7.3.11(4): a child protection measure ({TO_BE_CONFIRMED})",
    ),
    *rows(
        R.CHILD_PROTECTION_WORKER, P.YOUTH_CARE, T.COURT_MEASURE, A.AGREE,
        (C.PLAN,),
        basis=B.PUBLIC_TASK, end=E.MEASURE,
        source=f"BW 1:255, Jeugdwet 7.3.11(4): a child protection measure ({TO_BE_CONFIRMED})",
    ),
    *rows(
        R.CHILD_PROTECTION_WORKER, P.YOUTH_CARE, T.COURT_MEASURE, A.READ,
        (C.PUPIL_IDENTITY, C.PUPIL_CONTACT),
        basis=B.PUBLIC_TASK, end=E.MEASURE,
        source=f"BW 1:255, Jeugdwet 7.3.11(4): a child protection measure ({TO_BE_CONFIRMED})",
    ),
    *emergency(R.CHILD_PROTECTION_WORKER),
)  # fmt: skip

REFERRAL_PARTNER = (
    *rows(
        R.REFERRAL_PARTNER, P.REFERRAL, T.REFERRAL, A.READ,
        (C.REFERRAL,),
        basis=B.PUBLIC_TASK, end=E.REFERRAL, exception=X.UAVG_33_CRIMINAL,
        source=f"Leerplichtwet 1969 art. 22; Halt and MAS route ({TO_BE_CONFIRMED})",
    ),
    *rows(
        R.REFERRAL_PARTNER, P.REFERRAL, T.REFERRAL, A.RECEIVE,
        (C.REFERRAL,),
        basis=B.PUBLIC_TASK, end=E.REFERRAL, exception=X.UAVG_33_CRIMINAL,
        source=f"Leerplichtwet 1969 art. 22; Halt and MAS route ({TO_BE_CONFIRMED})",
    ),
)  # fmt: skip

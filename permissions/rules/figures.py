"""Figures about groups, for whoever holds a mandate; never about a person."""

from permissions.rules.writing import (
    FIGURES_TASK,
    rows,
)
from permissions.vocabulary import (
    TO_BE_CONFIRMED,
    Activity,
    Basis,
    DataClass,
    End,
    Purpose,
    Role,
    Tie,
)

A, B, C, E, P, R, T = Activity, Basis, DataClass, End, Purpose, Role, Tie

ADVICE = f"Leerplichtwet 1969 art. 16 and 25; bill 36 663 ({TO_BE_CONFIRMED})"

COMPARED = (
    f"Leerplichtwet 1969 art. 25(2); bill 36 663: published for comparison ({TO_BE_CONFIRMED})"
)
"""Figures of municipalities, regions and the country are the same for everybody."""

BOARD_ANALYST = (
    *rows(
        R.BOARD_ANALYST, P.POLICY_STATISTICS, T.MANDATE, A.READ,
        (C.AGGREGATE_BRANCH, C.AGGREGATE_BOARD),
        basis=B.PUBLIC_TASK, end=E.MANDATE,
        source=FIGURES_TASK,
    ),
    *rows(
        R.BOARD_ANALYST, P.POLICY_STATISTICS, T.COMPARISON, A.READ,
        (C.AGGREGATE_MUNICIPALITY, C.AGGREGATE_REGION, C.AGGREGATE_NATIONAL),
        basis=B.PUBLIC_TASK, end=E.MANDATE,
        source=COMPARED,
    ),
    *rows(
        R.BOARD_ANALYST, P.POLICY_STATISTICS, T.MANDATE, A.LOCK,
        (C.AGGREGATE_BOARD,),
        basis=B.LEGAL_DUTY, end=E.MANDATE,
        source=(
            "Leerplichtwet 1969 art. 25(3): the extent of absence is reported for each school"
            f" ({TO_BE_CONFIRMED})"
        ),
    ),
)  # fmt: skip

ATTENDANCE_ADVISER = (
    *rows(
        R.ATTENDANCE_ADVISER, P.PREVENTION_ADVICE, T.MANDATE, A.READ,
        (C.AGGREGATE_BRANCH, C.AGGREGATE_MUNICIPALITY),
        basis=B.PUBLIC_TASK, end=E.MANDATE,
        source=ADVICE,
    ),
    *rows(
        R.ATTENDANCE_ADVISER, P.PREVENTION_ADVICE, T.COMPARISON, A.READ,
        (C.AGGREGATE_REGION, C.AGGREGATE_NATIONAL),
        basis=B.PUBLIC_TASK, end=E.MANDATE,
        source=COMPARED,
    ),
    *rows(
        R.ATTENDANCE_ADVISER, P.PREVENTION_ADVICE, T.MANDATE, A.ADVISE,
        (C.AGGREGATE_BRANCH,),
        basis=B.PUBLIC_TASK, end=E.MANDATE,
        source=ADVICE,
    ),
)  # fmt: skip

ALLIANCE_ANALYST = (
    *rows(
        R.ALLIANCE_ANALYST, P.POLICY_STATISTICS, T.MANDATE, A.READ,
        (C.AGGREGATE_ALLIANCE, C.AGGREGATE_BRANCH),
        basis=B.PUBLIC_TASK, end=E.MANDATE,
        source=f"WPO 18a(2), WVO 2020 2.47 ({TO_BE_CONFIRMED})",
    ),
    *rows(
        R.ALLIANCE_ANALYST, P.POLICY_STATISTICS, T.COMPARISON, A.READ,
        (C.AGGREGATE_MUNICIPALITY, C.AGGREGATE_REGION, C.AGGREGATE_NATIONAL),
        basis=B.PUBLIC_TASK, end=E.MANDATE,
        source=COMPARED,
    ),
)  # fmt: skip

INSPECTOR = (
    *rows(
        R.INSPECTOR, P.SUPERVISION, T.MANDATE, A.READ,
        (
            C.AGGREGATE_BRANCH, C.AGGREGATE_BOARD, C.AGGREGATE_MUNICIPALITY, C.AGGREGATE_ALLIANCE,
            C.AGGREGATE_REGION, C.AGGREGATE_NATIONAL,
        ),
        basis=B.PUBLIC_TASK, end=E.MANDATE,
        source="Leerplichtwet 1969 art. 16a; WOT",
    ),
)  # fmt: skip

POLICY_MAKER = (
    *rows(
        R.POLICY_MAKER, P.POLICY_STATISTICS, T.MANDATE, A.READ,
        (C.AGGREGATE_REGION, C.AGGREGATE_NATIONAL),
        basis=B.PUBLIC_TASK, end=E.MANDATE,
        source="Leerplichtwet 1969 art. 25(2)",
    ),
)  # fmt: skip

REPORTING_CLIENT = (
    *rows(
        R.REPORTING_CLIENT, P.POLICY_STATISTICS, T.MANDATE, A.READ,
        (
            C.AGGREGATE_BRANCH, C.AGGREGATE_BOARD, C.AGGREGATE_MUNICIPALITY, C.AGGREGATE_ALLIANCE,
            C.AGGREGATE_REGION,
        ),
        basis=B.PUBLIC_TASK, end=E.MANDATE,
        source=FIGURES_TASK,
    ),
)  # fmt: skip

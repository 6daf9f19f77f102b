"""Why a change to the table may show nowhere: what the mutant permits was permitted already."""

from collections.abc import Mapping

from domain.reach import Kind, kinds_of
from permissions.table import TABLE
from permissions.vocabulary import DataClass, Rule, Tie
from tests.proof.ties_of_organisations import PLATFORM
from tests.proof.tying import MEANINGS

T = Tie

WITHIN: Mapping[tuple[Tie, Kind], frozenset[Tie]] = {
    (T.OFFICE, Kind.REPORT): frozenset({T.REPORT_ALLOCATION}),
    (T.REPORT_ALLOCATION, Kind.REPORT): frozenset({T.OFFICE}),
    (T.HEAD_MANDATE, Kind.BRANCH): frozenset({T.BRANCH_ASSIGNMENT}),
    (T.HEAD_MANDATE, Kind.REPORT): frozenset({T.BRANCH_ASSIGNMENT}),
    (T.SUPPORT_INVOLVEMENT, Kind.PUPIL): frozenset({T.BRANCH_ASSIGNMENT}),
    (T.CASE_LEAD, Kind.CASE): frozenset({T.CASE_PARTICIPATION}),
    (T.CONSENT, Kind.CASE): frozenset({T.CASE_PARTICIPATION}),
    (T.COURT_MEASURE, Kind.CASE): frozenset({T.CASE_PARTICIPATION}),
    (T.STATUTORY_REFERRAL, Kind.PUPIL): frozenset({T.REFERRAL}),
    (T.AUTHORITY_UNPROTECTED, Kind.PUPIL): frozenset({T.AUTHORITY}),
    (T.AUTHORITY_UNDER_16, Kind.PUPIL): frozenset({T.AUTHORITY}),
    (T.FAMILY_FILE, Kind.CASE): frozenset({T.AUTHORITY_UNPROTECTED}),
    (T.SELF_FROM_16, Kind.PUPIL): frozenset({T.SELF_FROM_12}),
    (T.SELF_FROM_16, Kind.CASE): frozenset({T.SELF_FROM_12}),
    (T.APPOINTMENT, Kind.CONTROLLER): frozenset({T.PROCESSING_AGREEMENT}),
    (T.DELIVERY_AGREEMENT, Kind.CONTROLLER): frozenset({T.PROCESSING_AGREEMENT}),
}
"""Ties that, by the page that says what ties mean, reach nothing that another does not reach."""

COMPARED = frozenset(
    {
        DataClass.AGGREGATE_MUNICIPALITY,
        DataClass.AGGREGATE_REGION,
        DataClass.AGGREGATE_NATIONAL,
    }
)
"""Of what units lie in that figures are compared with."""

COMPARABLE = (T.MANDATE, T.COMPARISON)
COMPARED_ALL = COMPARED - {DataClass.AGGREGATE_MUNICIPALITY}
"""Of these, a comparison reaches all that a mandate reaches."""


def reason(rule: Rule) -> str | None:
    """Return why dropping or adding a rule changes nothing that anybody can reach, if so."""
    kinds = [kind for kind in kinds_of(rule.may, rule.what) if (rule.tie, kind) in MEANINGS]
    if not kinds:
        return f"{rule.tie} reaches nothing that {rule.may} {rule.what} is about"
    if rule.tie is T.PROCESSING_AGREEMENT and rule.who not in PLATFORM:
        return f"{rule.tie} holds for the platform's own roles alone"
    if rule.tie is T.COMPARISON and rule.what not in COMPARED:
        return f"{rule.tie} is with municipalities, regions and the country alone"
    for other in TABLE:
        same = (other.who, other.purpose, other.may, other.what)
        if same == (rule.who, rule.purpose, rule.may, rule.what) and (
            all(other.tie in WITHIN.get((rule.tie, kind), ()) for kind in kinds)
            or ((rule.tie, other.tie) == COMPARABLE and rule.what in COMPARED_ALL)
        ):
            return f"{rule.tie} is within {other.tie}, by which it is permitted already"
    return None

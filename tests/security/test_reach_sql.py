"""The database's own account of reach, asked directly: each rule, each fact, its start and end."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.clock import at
from domain.reach.facts import Kind
from domain.reach.kinds import kinds_of
from permissions.table import TABLE
from permissions.vocabulary import AGGREGATE, Activity, DataClass, Purpose, Tie
from tests.security.facts import NOW, Asked, key
from tests.security.people import PEOPLE

pytestmark = pytest.mark.asyncio

FUNCTIONS = {
    Kind.PUPIL: "pupils", Kind.CONTACT: "contacts", Kind.YOUNG_PERSON: "young_persons",
    Kind.BRANCH: "branches", Kind.CONTROLLER: "controllers", Kind.REPORT: "reports",
    Kind.CASE: "cases", Kind.INVITATION: "invitations", Kind.UNIT: "units", Kind.NOTE: "notes",
    Kind.REFERRAL: "referrals", Kind.LEAVE: "leaves",
    Kind.EXEMPTION: "exemptions", Kind.NON_ENROLMENT: "non_enrolments",
}  # fmt: skip
"""What answers for a kind; of receipts a policy does, and of the platform's own roles `job`."""

K = Kind
REACHES: dict[Tie, set[Kind]] = {
    Tie.CLASS_ASSIGNMENT: {K.PUPIL, K.CASE},
    Tie.BRANCH_ASSIGNMENT: {K.BRANCH, K.PUPIL, K.REPORT},
    Tie.FORMER_ENROLMENT: {K.PUPIL},
    Tie.HEAD_MANDATE: {K.BRANCH, K.REPORT},
    Tie.SUPPORT_INVOLVEMENT: {K.PUPIL},
    Tie.SCHOOL_IN_CASE: {K.CASE},
    Tie.REPORT_ALLOCATION: {K.REPORT},
    Tie.OWN_FILE: {K.REPORT},
    Tie.EARLIER_REPORT: {K.REPORT},
    Tie.OFFICE: {K.REPORT},
    Tie.RESIDENCE: {K.LEAVE},
    Tie.OFFICE_RECORD: {K.EXEMPTION, K.NON_ENROLMENT},
    Tie.TRANSITION_REPORT: {K.REPORT},
    Tie.CASE_PARTICIPATION: {K.CASE},
    Tie.CASE_LEAD: {K.CASE},
    Tie.KEPT_CASE: {K.CASE},
    Tie.INVITATION: {K.INVITATION, K.CASE},
    Tie.OWN_NOTES: {K.NOTE},
    Tie.CONSENT: {K.CASE, K.NOTE},
    Tie.COURT_MEASURE: {K.CASE, K.PUPIL},
    Tie.REFERRAL: {K.REFERRAL, K.PUPIL},
    Tie.STATUTORY_REFERRAL: {K.PUPIL},
    Tie.WORKING_RELATION: {K.YOUNG_PERSON},
    Tie.EMERGENCY: {K.PUPIL},
    Tie.AUTHORITY: {K.PUPIL},
    Tie.AUTHORITY_UNPROTECTED: {K.PUPIL, K.REPORT, K.CASE, K.YOUNG_PERSON},
    Tie.AUTHORITY_UNDER_16: {K.PUPIL, K.YOUNG_PERSON},
    Tie.FAMILY_FILE: {K.CASE, K.EXEMPTION, K.NON_ENROLMENT},
    Tie.OWN_CONTACT: {K.CONTACT},
    Tie.FILIATION: {K.PUPIL},
    Tie.SELF_FROM_12: {K.PUPIL, K.CASE},
    Tie.SELF_FROM_16: {
        K.PUPIL,
        K.REPORT,
        K.CASE,
        K.YOUNG_PERSON,
        K.EXEMPTION,
        K.NON_ENROLMENT,
    },
    Tie.MANDATE: {K.UNIT},
    Tie.COMPARISON: {K.UNIT},
    Tie.DELIVERY_AGREEMENT: {K.BRANCH, K.CONTROLLER},
    Tie.REGISTER_TASK: {K.REPORT},
    Tie.APPOINTMENT: {K.CONTROLLER},
    Tie.PROCESSING_AGREEMENT: set(),
}
"""Which kinds each tie reaches, as decision 8 says."""

START, END = datetime(2026, 2, 1, 11, tzinfo=UTC), datetime(2026, 4, 1, 11, tzinfo=UTC)
LEAST = timedelta(microseconds=1)
DAY = timedelta(days=1)
PERIOD = f"valid_from = '{START}', valid_until = '{END}'"
OF_DAYS = "-- by the day"
DAYS = f"valid_from = '{START.date()}', valid_until = '{END.date()}'"


def of(table: str, name: str, period: str = PERIOD) -> str:
    """Return SQL that gives a fact its period."""
    return f"update {table} set {period} where id = '{key(name)}'" + (
        OF_DAYS if period == DAYS else ""
    )


def part(name: str) -> str:
    """Return SQL that gives somebody's part in the case its period."""
    period = f"answered_at = '{START}', accepted_at = '{START}', ended_at = '{END}'"
    return of("participation", f"{name} in case", period)


POSTS = (
    ("mentor", "pupils/read/pupil.identity", "pupil"),
    ("mentor", "cases/read/plan", "case"),
    ("coordinator", "pupils/read/pupil.identity", "pupil"),
    ("coordinator", "pupils/read/pupil.identity", "former pupil"),
    ("coordinator", "reports/read/report", "report"),
    ("coordinator", "reports/send/report", "report"),
    ("coordinator", "branches/send/report", "branch"),
    ("coordinator", "cases/offer/attendance.summary", "case"),
    ("head", "branches/mandate/report", "branch"),
    ("head", "reports/approve/report", "report"),
    ("support", "pupils/read/pupil.contact", "pupil"),
    ("support", "cases/read/note.support", "case"),
    ("support", "invitations/read/case.core", "support in new case"),
    ("officer", "reports/read/report", "report"),
    ("officer", "reports/read/report", "own report"),
    ("officer", "reports/read/report", "earlier report"),
    ("officer", "leaves/read/leave.request", "leave"),
    ("officer", "exemptions/read/exemption.belief", "exemption"),
    ("officer", "exemptions/end/exemption", "exemption"),
    ("officer", "non_enrolments/close/non_enrolment", "non-enrolment"),
    ("officer", "controllers/register/exemption.health", "office"),
    ("officer", "controllers/open/non_enrolment", "office"),
    ("allocator", "reports/read/report.head", "report"),
    ("coach", "reports/read/report", "transition"),
    ("consultant", "pupils/read/attendance.rate", "pupil"),
    ("consultant", "pupils/read/attendance.reason.health", "pupil"),
    ("consultant", "notes/read/note.youth_care", "note of care"),
    ("doctor", "cases/write/note.general", "case"),
    ("care worker", "notes/read/note.youth_care", "note of care"),
    ("protector", "pupils/read/pupil.contact", "pupil"),
    ("protector", "cases/read/plan", "case"),
    ("partner", "referrals/read/referral", "referral to partner"),
    ("adviser", "units/read/aggregate.municipality", "municipality:9901"),
    ("administrator", "controllers/register/court_measure", "institution"),
    ("privacy officer", "controllers/review/emergency", "board"),
)
"""Who works somewhere, and reaches something by it."""

HELD = (
    *((of("assignment", f"post of {who}"), who, call, what) for who, call, what in POSTS),
    (of("assignment", "post of officer"), "officer emergency", "young_persons/declare/emergency",
     "child"),
    (of("class_membership", "membership", DAYS), "mentor", "pupils/propose/case.core", "pupil"),
    (of("class_membership", "membership", DAYS), "mentor", "cases/write/note.general", "case"),
    (part("support"), "mentor", "cases/read/action", "case"),
    (of("enrolment", "enrolment of pupil", DAYS), "head", "pupils/decide/attendance.authorised",
     "pupil"),
    (of("enrolment", "enrolment of pupil", DAYS), "support", "pupils/refer/referral", "pupil"),
    (of("enrolment", "enrolment of pupil", DAYS), "coordinator", "cases/offer/attendance.summary",
     "case"),
    (part("support"), "coordinator", "cases/offer/attendance.summary", "case"),
    (part("support"), "support", "pupils/read/attendance.rate", "pupil"),
    (part("support"), "support", "cases/invite/case.core", "case"),
    (of("head_mandate", "head mandate"), "coordinator", "branches/send/report", "branch"),
    (of("head_mandate", "head mandate"), "coordinator", "reports/send/report", "report"),
    (of("report_allocation", "allocation of report"), "officer", "reports/decide/decision",
     "report"),
    (of("report_allocation", "allocation of report"), "officer", "reports/read/decision",
     "earlier report"),
    (of("report_allocation", "allocation of report"), "officer case", "reports/open/case.core",
     "report"),
    (of("report_allocation", "allocation of report"), "allocator", "reports/assign/report.head",
     "report"),
    (of("office_municipality", "served by office"), "officer", "leaves/decide/leave.request",
     "leave"),
    (of("class_membership", "membership", DAYS), "mentor", "pupils/read/notice.illness", "pupil"),
    (of("enrolment", "enrolment of pupil", DAYS), "head", "pupils/read/notice.belief", "pupil"),
    (of("guardian_authority", "authority"), "guardian", "pupils/request/leave.request", "pupil"),
    (of("own_account", "account"), "teenager", "pupils/read/leave.explanation", "teen pupil"),
    (of("office_municipality", "served"), "coach", "reports/take_on/report", "transition"),
    *((part(who), who, "cases/read/case.identity", "case") for who in (
        "officer case", "support", "consultant", "doctor", "care worker", "protector", "coach")),
    (of("consent", "consent to None"), "doctor", "cases/write/note.general", "case"),
    (of("consent", "consent to office"), "officer case", "notes/read/note.youth_care",
     "note of care"),
    (of("consent", "consent to board"), "support", "notes/read/note.youth_care", "note of care"),
    (of("court_measure", "measure"), "protector", "pupils/read/pupil.identity", "pupil"),
    (of("court_measure", "measure"), "protector", "pupils/read/pupil.identity", "far pupil"),
    (of("court_measure", "measure"), "protector", "cases/write/note.youth_care", "case"),
    (part("protector"), "protector", "pupils/read/pupil.identity", "far pupil"),
    (of("referral", "referral to health"), "doctor", "pupils/read/pupil.contact", "pupil"),
    (of("referral", "referral to partner"), "partner", "referrals/receive/referral",
     "referral to partner"),
    (of("referral", "referral to alliance"), "consultant", "pupils/read/attendance.reason.health",
     "pupil"),
    (part("care worker"), "care emergency", "young_persons/declare/emergency", "child"),
    *((of("guardian_authority", "authority"), "guardian", call, what) for call, what in (
        ("pupils/contest/attendance.unauthorised", "pupil"), ("pupils/read/pupil.whereabouts",
         "pupil"), ("pupils/read/attendance.reason", "pupil"), ("reports/read/report", "report"),
        ("cases/read/case.core", "case"), ("cases/give/consent", "case"),
        ("young_persons/read/log.own", "child"), ("contacts/read/pupil.contact",
         "contact of guardian"))),
    *((of("guardian_authority", "authority"), "guardian", call, what) for call, what in (
        ("exemptions/read/exemption.health", "exemption"),
        ("non_enrolments/read/non_enrolment", "non-enrolment"))),
    *((of("own_account", "account"), "teenager", call, what) for call, what in (
        ("exemptions/read/exemption", "teen exemption"),
        ("non_enrolments/read/non_enrolment", "teen non-enrolment"))),
    (of("filiation", "filiation"), "parent", "pupils/read/attendance.rate", "pupil"),
    *((of("own_account", "account"), "teenager", call, what) for call, what in (
        ("pupils/read/pupil.enrolment", "teen pupil"), ("cases/read/plan", "teen case"),
        ("pupils/read/attendance.reason.belief", "teen pupil"), ("cases/read/consent", "teen case"),
        ("reports/read/report.head", "teen report"), ("young_persons/object/log.own", "teen"))),
    (of("mandate", "mandate of alliance"), "alliance analyst", "units/read/aggregate.branch",
     "branch:99AA00"),
    (of("mandate", "mandate of ministry"), "reporting client", "units/read/aggregate.region",
     "region:RMC1"),
    (of("delivery_agreement", "delivery"), "system", "branches/import/signal", "branch"),
    (of("delivery_agreement", "delivery"), "system", "controllers/import/pupil.number", "board"),
)  # fmt: skip
"""A fact with a start and an end, who is tied by it, and what it reaches."""


STRANGERS = {"colleague", "other guardian"}
"""Who has a role and not every fact of it: they are there for what others are not to reach."""


@pytest.mark.parametrize("name", [n for n in PEOPLE if n not in STRANGERS])
async def test_the_rules_and_nothing_else(asked: Asked, name: str) -> None:
    """Who is tied by every fact of its role reaches, by each rule, every kind that it is about."""
    person = PEOPLE[name]
    expected = {
        (FUNCTIONS[kind], str(rule.may), str(rule.what))
        for rule in TABLE
        if (rule.who, rule.purpose) == (person.role, person.purpose)
        for kind in kinds_of(rule.may, rule.what)
        if kind in REACHES[rule.tie] and not is_too_fine(name, rule.what)
    }
    found = {
        (function, *reached)
        for function in FUNCTIONS.values()
        for reached in await asked.allowed(name, function, list(Activity), list(DataClass))
    }
    assert found == expected


def is_too_fine(name: str, what: DataClass) -> bool:
    """Return whether figures are of a level that the people of a program's ministry do not read."""
    of_ministry = {DataClass.AGGREGATE_REGION, DataClass.AGGREGATE_NATIONAL}
    return name == "reporting client" and what in AGGREGATE - of_ministry


@pytest.mark.parametrize("name", PEOPLE)
async def test_a_purpose_without_a_rule_reaches_nothing(asked: Asked, name: str) -> None:
    """The same person with the same facts, asking for another purpose, is a stranger."""
    theirs = [rule for rule in TABLE if rule.who == PEOPLE[name].role]
    acts, classes = {str(rule.may) for rule in theirs}, {str(rule.what) for rule in theirs}
    for purpose in set(Purpose) - {rule.purpose for rule in theirs}:
        for function in FUNCTIONS.values():
            asked.purpose = purpose
            assert not await asked.allowed(name, function, list(acts), list(classes))


@pytest.mark.parametrize(("change", "name", "call", "what"), HELD)
async def test_a_tie_holds_as_long_as_its_fact(
    asked: Asked, change: str, name: str, call: str, what: str
) -> None:
    """It is there from the fact's first instant, or day, and no longer at its end."""
    wanted = str(what if ":" in what else key(what))
    step = DAY if change.endswith(OF_DAYS) else LEAST
    await asked.change(change)
    for instant, holds in ((START, True), (END - step, True), (START - step, False), (END, False)):
        assert (wanted in await asked.reached(name, call, instant)) is holds, instant


async def test_nobody_without_claims(asked: Asked) -> None:
    """Where no claims are set every function answers with nothing."""
    await asked.claim("coordinator", at(NOW))
    await asked.connection.execute("select set_config('schakel.claims', '', true)")
    for kind in FUNCTIONS.values():
        every = "select 1 from unnest($1::text[]) a (act), unnest($2::text[]) c (class)"
        asks = f"{every} where exists (select 1 from reach.{kind}(a.act, c.class))"
        assert not await asked.connection.fetch(asks, list(Activity), list(DataClass))

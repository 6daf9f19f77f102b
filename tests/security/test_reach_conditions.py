"""What breaks a tie beside the end of its fact: one changed circumstance at a time."""

from datetime import date

import pytest

from tests.security.facts import NOW, Asked, added, key
from tests.security.facts import literal as q

pytestmark = pytest.mark.asyncio

TODAY = NOW.date()


def birthday(years: int, record: str = "pupil", days: int = 0) -> str:
    """Return SQL by which the subject of a record becomes this old, so many days from today."""
    born = date.fromordinal(TODAY.replace(year=TODAY.year - years).toordinal() + days)
    return f"update pupil set birth_date = '{born}' where id = {q('#' + record)}"


def became(table: str, name: str, **values: object) -> str:
    """Return SQL that changes a row."""
    changes = ", ".join(f"{column} = {q(value)}" for column, value in values.items())
    return f"update {table} set {changes} where {KEYS.get(table, 'id')} = {q('#' + name)}"


KEYS = {"report_extract": "report_id", "oauth_client": "actor_id"}
PROTECTED = added(
    "whereabouts_protection", id="#protection", controller_id="#other board",
    young_person_id="#child", valid_from=NOW,
)  # fmt: skip


def withheld(guardian: str | None) -> str:
    """Return SQL that withholds the case from a guardian, or from whoever it is."""
    return added(
        "withholding", id="#withheld", controller_id="#office", case_id="#case", ground="x",
        guardian_id=guardian, valid_from=NOW, valid_until="2026-05-01",
    )  # fmt: skip


def enrolled(until: str | None, branch: str = "side branch") -> str:
    """Return SQL for one more enrolment of who left."""
    return added(
        "enrolment", id="#again", controller_id="#board", pupil_id="#former pupil",
        branch_id=f"#{branch}", valid_from="2022-01-01", valid_until=until, recorded_at=NOW,
    )  # fmt: skip


LEFT = "update enrolment set valid_until = '2026-03-02' where id = '{}'"
NO_PART = became("participation", "doctor in case", accepted_at=None, answered_at=None)
NO_REFERRAL = became("referral", "referral to health", to_role="nobody")
OTHER_BRANCH = "#side branch"

BROKEN = (
    # Schools
    (became("assignment", "post of mentor", class_group_id=None),
     "mentor", "pupils/read/signal", "pupil"),
    (became("participation", "support in case", role="attendance_coordinator"),
     "mentor", "cases/read/plan", "case"),
    (became("participation", "support in case", organisation_id="#other board"),
     "mentor", "cases/read/plan", "case"),
    (became("participation", "support in case", accepted_at=None, answered_at=None),
     "mentor", "cases/read/plan", "case"),
    (became("assignment", "post of coordinator", branch_id=OTHER_BRANCH),
     "coordinator", "pupils/read/pupil.whereabouts", "pupil"),
    (became("assignment", "post of coordinator", branch_id=OTHER_BRANCH),
     "coordinator", "reports/answer/information_request", "report"),
    (became("assignment", "post of coordinator", branch_id=OTHER_BRANCH),
     "coordinator", "branches/send/report", "branch"),
    (became("assignment", "post of coordinator", branch_id=OTHER_BRANCH),
     "coordinator", "cases/offer/attendance.summary", "case"),
    (became("head_mandate", "head mandate", coordinator_id="#colleague"),
     "coordinator", "reports/send/report", "report"),
    (became("head_mandate", "head mandate", branch_id=OTHER_BRANCH),
     "coordinator", "reports/send/report", "report"),
    (became("assignment", "post of head", role="mentor"),
     "head", "branches/close/aggregate.branch.exact", "branch"),
    (enrolled(None), "coordinator", "pupils/read/pupil.identity", "former pupil"),
    (enrolled("2025-09-01"), "coordinator", "pupils/read/signal", "former pupil"),
    (became("enrolment", "enrolment of former pupil", valid_until="2021-03-02"),
     "coordinator", "pupils/read/attendance.rate", "former pupil"),
    (became("enrolment", "enrolment of former pupil", branch_id=OTHER_BRANCH),
     "coordinator", "pupils/read/attendance.rate", "former pupil"),
    (became("participation", "support in case", branch_id=None),
     "support", "pupils/read/pupil.identity", "pupil"),
    (became("enrolment", "enrolment of pupil", branch_id=OTHER_BRANCH),
     "support", "pupils/refer/referral", "pupil"),
    (became("assignment", "post of support", branch_id=OTHER_BRANCH),
     "support", "cases/read/note.support", "case"),
    (became("participation", "support in case", staff_id="#head"),
     "support", "cases/write/plan", "case"),
    (became("participation", "support in case", purpose="youth_care"),
     "support", "cases/write/plan", "case"),
    (became("participation", "support in case", is_lead=False),
     "support", "cases/close/case.core", "case"),
    (became("participation", "support in case", branch_id=OTHER_BRANCH),
     "coordinator", "cases/offer/attendance.summary", "case"),
    (became("participation", "support in new case", branch_id=OTHER_BRANCH),
     "support", "invitations/read/case.core", "support in new case"),
    # Offices
    (became("report_allocation", "allocation of report", office_id="#region"),
     "officer", "reports/read/report", "report"),
    (became("report", "own report", taken_on_by="#colleague"),
     "officer", "reports/read/report", "own report"),
    (became("report", "own report", state="taken_on"),
     "officer", "reports/read/report", "own report"),
    (became("report", "own report", retained_until="2026-03-01"),
     "officer", "reports/read/information_request", "own report"),
    (became("report", "earlier report", retained_until="2026-03-01"),
     "officer", "reports/read/report", "earlier report"),
    (became("report", "earlier report", state="taken_on"),
     "officer", "reports/read/report", "earlier report"),
    (became("report_allocation", "allocation of earlier report", office_id="#region"),
     "officer", "reports/read/note.enforcement", "earlier report"),
    (became("report", "report", young_person_id="#stranger"),
     "officer", "reports/read/report", "earlier report"),
    (became("report", "transition", kind="legal"), "coach", "reports/read/report", "transition"),
    (became("report", "transition", state="draft"), "coach", "reports/read/report", "transition"),
    (became("report", "transition", municipality_code="9902"),
     "coach", "reports/read/report.contact", "transition"),
    (became("office_municipality", "served", organisation_id="#board"),
     "coach", "reports/close/report", "transition"),
    (became("report_extract", "transition", birth_date=None),
     "coach", "reports/take_on/report", "transition"),
    (became("report_extract", "transition", birth_date="1999-03-02"),
     "coach", "reports/read/report", "transition"),
    (became("report", "teen report", state="taken_on"),
     "register", "reports/allocate/report", "teen report"),
    (became("report", "teen report", state="draft"),
     "register", "reports/allocate/report", "teen report"),
    # Partners
    (became("participation", "officer case in case", is_lead=False),
     "officer case", "cases/invite/case.core", "case"),
    (became("participation", "coach in new case", answered_at=NOW),
     "coach", "invitations/read/case.core", "coach in new case"),
    (became("participation", "coach in new case", ended_at=NOW),
     "coach", "cases/read/case.core", "new case"),
    (became("consent", "consent to None", data_class="note.youth_care", to_organisation_id="#care"),
     "doctor", "cases/write/note.general", "case"),
    (became("consent", "consent to None", from_organisation_id="#care"),
     "doctor", "cases/write/note.general", "case"),
    (became("consent", "consent to None", case_id="#new case"),
     "doctor", "cases/write/note.general", "case"),
    (became("consent", "consent to alliance", to_organisation_id="#health"),
     "consultant", "notes/read/note.youth_care", "note of care"),
    (became("consent", "consent to alliance", from_organisation_id="#institution"),
     "consultant", "notes/read/note.youth_care", "note of care"),
    (became("note", "note of care", author_id="#protector in case"),
     "care worker", "notes/read/note.youth_care", "note of care"),
    (NO_PART, "doctor", "cases/read/case.identity", "case"),
    (became("court_measure", "measure", young_person_id="#teen"),
     "protector", "cases/read/plan", "case"),
    (became("court_measure", "measure", controller_id="#care"),
     "protector", "pupils/read/pupil.contact", "pupil"),
    (NO_REFERRAL, "doctor", "pupils/read/attendance.rate", "pupil"),
    (became("referral", "referral to alliance", kind="special_needs"),
     "consultant", "pupils/read/attendance.reason.health.fact", "pupil"),
    (became("referral", "referral to alliance", to_organisation_id="#health"),
     "consultant", "pupils/read/pupil.enrolment", "pupil"),
    (became("emergency_access", "declared by officer emergency", role="office_allocator"),
     "officer emergency", "pupils/read/pupil.whereabouts", "pupil"),
    (became("emergency_access", "declared by officer emergency", actor_id="#colleague"),
     "officer emergency", "pupils/read/pupil.contact", "far pupil"),
    (became("emergency_access", "declared by officer emergency", controller_id="#region"),
     "officer emergency", "pupils/read/pupil.contact", "far pupil"),
    # Families
    (became("guardian_authority", "authority", controller_id="#other board"),
     "guardian", "pupils/read/pupil.identity", "pupil"),
    (became("guardian_authority", "authority", controller_id="#other board"),
     "guardian", "reports/read/report", "report"),
    (became("guardian_authority", "authority", controller_id="#other board"),
     "guardian", "cases/read/case.participants", "case"),
    (birthday(18), "guardian", "pupils/contest/attendance.authorised", "pupil"),
    (birthday(18), "guardian", "reports/read/report", "report"),
    (birthday(18), "guardian", "contacts/read/pupil.contact", "contact of guardian"),
    (birthday(18), "parent", "pupils/read/pupil.identity", "pupil"),
    (birthday(16), "guardian", "pupils/read/attendance.reason", "pupil"),
    (birthday(16), "guardian", "cases/give/consent", "case"),
    (birthday(16), "guardian", "young_persons/read/log.own", "child"),
    (became("pupil", "pupil", birth_date=None), "guardian", "cases/read/plan", "case"),
    (became("report", "report", state="draft"), "guardian", "reports/read/report.head", "report"),
    (PROTECTED, "guardian", "pupils/read/pupil.enrolment", "pupil"),
    (PROTECTED, "guardian", "reports/read/report", "report"),
    (PROTECTED, "guardian", "cases/read/case.core", "case"),
    (PROTECTED, "guardian", "cases/read/note.general", "case"),
    (PROTECTED, "guardian", "young_persons/read/log.own.organisation", "child"),
    (PROTECTED, "parent", "pupils/read/attendance.rate", "pupil"),
    (LEFT.format(key("enrolment of pupil")), "guardian", "young_persons/read/log.own", "child"),
    (LEFT.format(key("enrolment of pupil")),
     "guardian", "young_persons/read/log.own.organisation", "child"),
    (LEFT.format(key("enrolment of teen pupil")),
     "teenager", "young_persons/object/log.own", "teen"),
    (withheld(None), "guardian", "cases/read/action", "case"),
    (withheld("#guardian"), "guardian", "cases/give/consent", "case"),
    (became("pupil_contact", "contact of guardian", guardian_id="#other guardian"),
     "guardian", "contacts/read/pupil.contact", "contact of guardian"),
    (became("filiation", "filiation", limited_by_court=True),
     "parent", "pupils/read/pupil.identity", "pupil"),
    (became("filiation", "filiation", controller_id="#other board"),
     "parent", "pupils/read/pupil.identity", "pupil"),
    (birthday(12, "teen pupil", days=1),
     "teenager", "pupils/read/pupil.identity", "teen pupil"),
    (birthday(12, "teen pupil", days=1), "teenager", "cases/read/plan", "teen case"),
    (birthday(16, "teen pupil", days=1),
     "teenager", "pupils/read/attendance.reason", "teen pupil"),
    (birthday(16, "teen pupil", days=1), "teenager", "cases/give/consent", "teen case"),
    (birthday(16, "teen pupil", days=1), "teenager", "reports/read/report", "teen report"),
    (birthday(16, "teen pupil", days=1), "teenager", "young_persons/read/log.own", "teen"),
    (became("pupil", "teen pupil", birth_date=None),
     "teenager", "pupils/read/pupil.identity", "teen pupil"),
    (became("own_account", "account", controller_id="#other board"),
     "teenager", "cases/read/case.core", "teen case"),
    (became("report", "teen report", state="draft"),
     "teenager", "reports/read/report", "teen report"),
    (became("case_file", "teen case", board_id="#other board"),
     "teenager", "cases/read/note.general", "teen case"),
    # Figures and the organisation
    (became("oauth_client", "reporting client", role="inspector"),
     "reporting client", "units/read/aggregate.region", "region:RMC1"),
    (became("mandate", "mandate of office", unit_code="9902"),
     "adviser", "units/advise/aggregate.branch", "branch:99AA00"),
    (became("assignment", "post of privacy officer", organisation_id="#other board"),
     "privacy officer", "controllers/read/log.organisation", "board"),
)  # fmt: skip
"""A circumstance that changes, and what somebody reached before that and no longer after it."""

KEPT = (
    (enrolled("2023-01-01"), "coordinator", "pupils/read/pupil.identity", "former pupil"),
    (became("enrolment", "enrolment of former pupil", valid_until="2021-03-03"),
     "coordinator", "pupils/read/attendance.rate", "former pupil"),
    (became("report", "own report", retained_until="2026-03-02"),
     "officer", "reports/read/report", "own report"),
    (became("pupil", "pupil", birth_date=None), "guardian", "pupils/read/pupil.identity", "pupil"),
    (became("pupil", "pupil", birth_date=None), "guardian", "reports/read/report", "report"),
    (birthday(18, days=1), "guardian", "pupils/read/pupil.identity", "pupil"),
    (birthday(16, days=1), "guardian", "pupils/read/attendance.reason", "pupil"),
    (PROTECTED, "guardian", "pupils/read/pupil.identity", "pupil"),
    (PROTECTED, "guardian", "pupils/read/attendance.reason", "pupil"),
    (withheld("#other guardian"), "guardian", "cases/read/plan", "case"),
    (withheld(None), "guardian", "cases/read/case.core", "case"),
    (birthday(12, "teen pupil"), "teenager", "pupils/read/pupil.identity", "teen pupil"),
    (birthday(16, "teen pupil"), "teenager", "pupils/read/attendance.reason", "teen pupil"),
    (NO_PART, "doctor emergency", "young_persons/declare/emergency", "child"),
    (NO_REFERRAL, "doctor emergency", "young_persons/declare/emergency", "child"),
    (became("participation", "protector in case", staff_id="#support"),
     "protector emergency", "young_persons/declare/emergency", "child"),
)  # fmt: skip
"""A circumstance that changes what others reach, or other data, and not this."""

OTHERS = (
    ("coordinator", "pupils/read/pupil.contact", "former pupil"),
    ("coordinator", "pupils/read/pupil.identity", "far pupil"),
    ("coordinator", "pupils/read/pupil.identity", "far stranger"),
    ("mentor", "pupils/read/pupil.identity", "teen pupil"),
    ("colleague", "reports/read/report", "own report"),
    ("officer case", "cases/read/case.core", "new case"),
    ("officer", "reports/read/report", "transition"),
    ("guardian", "pupils/read/pupil.identity", "far pupil"),
    ("guardian", "contacts/read/pupil.contact", "contact of other guardian"),
    ("guardian", "reports/read/report", "draft"),
    ("other guardian", "pupils/read/pupil.identity", "pupil"),
    ("protector", "notes/read/note.youth_care", "note of care"),
    ("consultant", "notes/read/note.youth_care", "note of institution"),
    ("support", "notes/read/note.youth_care", "note of institution"),
    ("doctor", "pupils/read/pupil.identity", "far pupil"),
    ("partner", "referrals/read/referral", "referral to health"),
    ("system", "branches/import/signal", "side branch"),
    ("care worker", "cases/read/plan", "new case"),
    ("care emergency", "young_persons/declare/emergency", "teen"),
    ("board analyst", "units/read/aggregate.branch", "branch:99BB00"),
    ("adviser", "units/read/aggregate.municipality", "municipality:9902"),
    ("administrator", "controllers/appoint/staff", "board"),
)  # fmt: skip
"""What somebody does not reach although somebody much like them does."""


BOARDS = {f"board:{key(name)}" for name in ("board", "other board")}


def wanted(what: str) -> str:
    """Return what a function answers for something of this world."""
    return what if ":" in what else str(key(what))


@pytest.mark.parametrize(("change", "name", "call", "what"), BROKEN)
async def test_a_changed_circumstance_ends_a_tie(
    asked: Asked, change: str, name: str, call: str, what: str
) -> None:
    """It was reached before the change, and not one statement after it."""
    assert wanted(what) in await asked.reached(name, call)
    await asked.change(change)
    assert wanted(what) not in await asked.reached(name, call)


@pytest.mark.parametrize(("change", "name", "call", "what"), KEPT)
async def test_a_tie_rests_on_nothing_else(
    asked: Asked, change: str, name: str, call: str, what: str
) -> None:
    """What is not a condition of a tie does not end it."""
    await asked.change(change)
    assert wanted(what) in await asked.reached(name, call)


@pytest.mark.parametrize(("name", "call", "what"), OTHERS)
async def test_nobody_reaches_the_neighbour(asked: Asked, name: str, call: str, what: str) -> None:
    """The function answers, and what is not theirs is not in it."""
    assert wanted(what) not in await asked.reached(name, call)


async def test_each_path_makes_a_working_relation_alone(asked: Asked) -> None:
    """With neither part nor referral nor report left, an emergency cannot be declared."""
    await asked.change(NO_PART)
    await asked.change(NO_REFERRAL)
    call = "young_persons/declare/emergency"
    assert not await asked.reached("doctor emergency", call)
    assert await asked.reached("officer emergency", call) == {str(key("child"))}
    await asked.change(became("participation", "officer case in case", ended_at=NOW))
    assert await asked.reached("officer emergency", call) == {str(key("child"))}
    await asked.change(became("report_allocation", "allocation of report", valid_until=NOW))
    assert not await asked.reached("officer emergency", call)


@pytest.mark.parametrize(
    ("holder", "name", "level", "units"),
    [
        ("ministry", "inspector", "national", {"national:NL"}),
        ("ministry", "inspector", "board", BOARDS),
        ("ministry", "inspector", "municipality", {"municipality:9901", "municipality:9902"}),
        ("ministry", "inspector", "alliance", {"alliance:VO9901"}),
        ("ministry", "policy maker", "region", {"region:RMC1"}),
        ("ministry", "inspector", "branch", {"branch:99AA00", "branch:99AA01", "branch:99BB00"}),
        ("board", "board analyst", "branch", {"branch:99AA00", "branch:99AA01"}),
        ("board", "board analyst", "board", {f"board:{key('board')}"}),
        ("office", "adviser", "branch", {"branch:99AA00", "branch:99AA01"}),
        ("alliance", "alliance analyst", "branch",
         {"branch:99AA00", "branch:99AA01", "branch:99BB00"}),
    ],
)  # fmt: skip
async def test_a_mandate_is_for_what_lies_in_its_unit(
    asked: Asked, holder: str, name: str, level: str, units: set[str]
) -> None:
    """A mandate reaches its own unit and those within it, of the level that is asked for."""
    call = f"units/read/aggregate.{level}"
    assert await asked.reached(name, call) == units
    await asked.change(became("mandate", f"mandate of {holder}", valid_until=NOW))
    assert not await asked.reached(name, call)


async def test_a_region_holds_its_municipalities_and_their_branches(asked: Asked) -> None:
    """A mandate for a region reaches municipalities, branches and itself, and no country."""
    await asked.change(
        became("mandate", "mandate of ministry", unit_level="region", unit_code="RMC1")
    )
    reached = {
        level: await asked.reached("inspector", f"units/read/aggregate.{level}")
        for level in ("branch", "board", "municipality", "alliance", "region", "national")
    }
    assert reached == {
        "branch": {"branch:99AA00", "branch:99AA01", "branch:99BB00"},
        "board": set(),
        "municipality": {"municipality:9901", "municipality:9902"},
        "alliance": set(),
        "region": {"region:RMC1"},
        "national": set(),
    }

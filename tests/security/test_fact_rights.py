"""Who may make the facts behind ties, who may end them, and whom they are shown."""

import pytest

from domain.database import Login
from tests.security.facts import EVER, NOW, Asked, added, key
from tests.security.facts import literal as q

pytestmark = pytest.mark.asyncio

MADE, REFUSED, FROZEN = "INSERT 0 1", "42501", "23514"
Values = dict[str, object]
Making = tuple[str, str, Values, tuple[Values, ...], tuple[str, ...]]

REFERRAL: Values = {
    "id": "#new", "controller_id": "#board", "young_person_id": "#child", "pupil_id": "#pupil",
    "report_id": None, "kind": "mazl", "to_organisation_id": "#health", "to_role": "youth_doctor",
    "referred_by": "#coordinator", "valid_from": NOW, "valid_until": None,
}  # fmt: skip
STATUTORY = REFERRAL | {
    "referred_by": "#support", "kind": "statutory", "to_organisation_id": "#alliance",
    "to_role": "alliance_consultant",
}  # fmt: skip
ON_REPORT = REFERRAL | {
    "controller_id": "#office", "pupil_id": None, "report_id": "#report", "kind": "halt",
    "referred_by": "#officer", "to_organisation_id": "#partner", "to_role": "referral_partner",
}  # fmt: skip
CONSENT: Values = {
    "id": "#new", "controller_id": "#office", "case_id": "#case", "young_person_id": "#child",
    "data_class": "note.youth_care", "from_organisation_id": "#care",
    "to_organisation_id": "#office", "given_by": "#guardian", "valid_from": NOW,
}  # fmt: skip
TEEN_CONSENT = CONSENT | {
    "case_id": "#teen case", "young_person_id": "#teen", "given_by": "#teenager",
}  # fmt: skip
EMERGENCY: Values = {
    "id": "#new", "controller_id": "#care", "actor_id": "#care worker", "role": "youth_care_worker",
    "young_person_id": "#child", "reason": "x" * 20, "declared_at": NOW,
    "ends_at": "2026-03-02 11:30+00", "reviewed_at": None, "reviewed_by": None, "finding": None,
}  # fmt: skip
FILIATION: Values = {
    "id": "#new", "controller_id": "#board", "parent_id": "#other guardian",
    "young_person_id": "#child", "limited_by_court": False, "valid_from": NOW,
}  # fmt: skip
ACCOUNT: Values = {
    "id": "#new", "controller_id": "#board", "account_id": "#new account",
    "young_person_id": "#child", "valid_from": NOW,
}  # fmt: skip
AUTHORITY: Values = {
    "id": "#new", "controller_id": "#board", "guardian_id": "#other guardian",
    "young_person_id": "#child", "valid_from": NOW, "valid_until": None,
}  # fmt: skip
PROTECTION: Values = {
    "id": "#new", "controller_id": "#board", "young_person_id": "#child", "valid_from": NOW,
}  # fmt: skip
MEASURE: Values = {
    "id": "#new", "controller_id": "#institution", "young_person_id": "#child",
    "kind": "supervision", "valid_from": NOW, "valid_until": "2027-01-01",
}  # fmt: skip
WITHHOLDING: Values = {
    "id": "#new", "controller_id": "#office", "case_id": "#case", "guardian_id": None,
    "ground": "x", "valid_from": NOW, "valid_until": "2026-05-01",
}  # fmt: skip
SIGHTING: Values = {
    "actor_id": "#officer", "purpose": "compulsory_schooling", "day": "2026-03-02",
    "young_person_id": "#child",
}  # fmt: skip
ALERT: Values = {
    "id": "#new", "controller_id": "#office", "kind": "reading_budget", "actor_id": "#officer",
    "actor_organisation_id": "#office", "role": "attendance_officer",
    "purpose": "compulsory_schooling", "young_person_id": None, "amount": 9,
    "day": NOW.date(), "at": NOW,
}  # fmt: skip
NOTE: Values = {
    "id": "#new", "case_id": "#case", "controller_id": "#office", "young_person_id": "#child",
    "data_class": "note.general", "author_id": "#support in case", "sealed": "\\x00",
    "recorded_at": NOW, "writer_role": "support_coordinator", "writer_name": "The support",
}  # fmt: skip
CARE_NOTE = NOTE | {
    "author_id": "#care worker in case", "data_class": "note.youth_care",
    "writer_role": "youth_care_worker", "writer_name": "The care worker",
}  # fmt: skip
DOCTORS_NOTE = NOTE | {
    "author_id": "#doctor in case", "writer_role": "youth_doctor", "writer_name": "The doctor",
}  # fmt: skip
EXTRACT: Values = {
    "report_id": "#draft", "controller_id": "#board", "young_person_id": "#child",
    "birth_date": None, "extract": "{}",
}  # fmt: skip
NOT_NOW: Values = {"valid_from": EVER}

MAKING: tuple[Making, ...] = (
    ("coordinator", "referral", REFERRAL,
     (NOT_NOW, {"referred_by": "#support"}, {"controller_id": "#other board"},
      {"valid_until": "2027-01-01"}, {"pupil_id": "#former pupil", "young_person_id": "#former"},
      {"pupil_id": "#far pupil"}),
     ("mentor", "head", "support", "officer", "doctor")),
    ("support", "referral", STATUTORY,
     ({"pupil_id": "#teen pupil", "young_person_id": "#teen"}, {"to_role": "youth_doctor"},
      {"kind": "mazl"}, {"kind": "halt", "to_role": "referral_partner"}), ("coordinator",)),
    ("officer", "referral", ON_REPORT,
     ({"report_id": "#earlier report"}, {"report_id": "#draft"}, {"kind": "mazl"},
      {"to_role": "youth_doctor"}), ("officer case", "colleague")),
    ("guardian", "consent", CONSENT,
     (NOT_NOW, {"given_by": "#other guardian"}, {"valid_until": "2027-01-01"},
      {"case_id": "#teen case", "young_person_id": "#teen"}),
     ("other guardian", "parent", "support", "care worker", "officer case")),
    ("teenager", "consent", TEEN_CONSENT,
     ({"case_id": "#case", "young_person_id": "#child"},), ("guardian",)),
    ("care emergency", "emergency_access", EMERGENCY,
     ({"declared_at": EVER, "ends_at": "2020-01-01 11:30+00"}, {"actor_id": "#support"},
      {"role": "youth_doctor"}, {"controller_id": "#health"}, {"young_person_id": "#teen"},
      {"reviewed_at": NOW, "reviewed_by": "#support", "finding": "justified"}),
     ("care worker", "doctor emergency", "coordinator")),
    ("coordinator", "filiation", FILIATION,
     (NOT_NOW, {"controller_id": "#other board"}, {"young_person_id": "#former"},
      {"young_person_id": "#teen"}, {"parent_id": "#parent"}, {"parent_id": "#nobody at all"}),
     ("mentor", "head", "support", "guardian")),
    ("coordinator", "own_account", ACCOUNT,
     (NOT_NOW, {"controller_id": "#other board"}, {"young_person_id": "#former"},
      {"account_id": "#coordinator"}, {"account_id": "#guardian"}, {"account_id": "#teenager"}),
     ("mentor", "head", "teenager")),
    ("coordinator", "guardian_authority", AUTHORITY,
     (NOT_NOW, {"controller_id": "#other board"}, {"young_person_id": "#teen"},
      {"guardian_id": "#parent"}, {"young_person_id": "#former"}),
     ("mentor", "head", "support", "guardian")),
    ("coordinator", "whereabouts_protection", PROTECTION,
     (NOT_NOW, {"controller_id": "#other board"}, {"young_person_id": "#stranger"}),
     ("mentor", "head", "guardian", "administrator")),
    ("administrator", "court_measure", MEASURE,
     (NOT_NOW, {"controller_id": "#care"}, {"young_person_id": "#teen"},
      {"valid_until": "2027-03-03"}, {"kind": "guardianship", "valid_until": "2029-06-16"}),
     ("protector", "privacy officer", "operator")),
    ("support", "withholding", WITHHOLDING,
     (NOT_NOW, {"case_id": "#teen case"}, {"guardian_id": "#other guardian"}),
     ("care worker", "guardian", "mentor")),
    ("officer case", "withholding", WITHHOLDING, (), ("officer",)),
    ("officer", "sighting", SIGHTING,
     ({"actor_id": "#coach"}, {"purpose": "own_data"}, {"day": "2026-03-01"}), ("coach",)),
    ("officer", "alert", ALERT,
     ({"kind": "emergency"}, {"controller_id": "#board"}, {"actor_id": "#coach"},
      {"role": "inspector"}, {"actor_organisation_id": "#board"}, {"at": EVER},
      {"purpose": "own_data"}, {"day": "2026-03-01"}),
     ("officer case", "guardian")),
    ("support", "note", NOTE | {"data_class": "note.support"},
     ({"data_class": "note.youth_care"}, {"author_id": "#officer case in case"},
      {"writer_name": "The officer case"}, {"writer_role": "mentor"}),
     ("consultant", "mentor")),
    ("care worker", "note", CARE_NOTE,
     ({"data_class": "note.support"}, {"author_id": "#protector in case"}), ("doctor", "coach")),
    ("doctor", "note", DOCTORS_NOTE,
     ({"data_class": "note.youth_care"},), ()),
    ("mentor", "note", NOTE | {"writer_role": "mentor", "writer_name": "mentor"},
     ({"data_class": "note.support"}, {"author_id": "#officer case in case"},
      {"writer_name": "The support"}, {"writer_role": "support_coordinator"}),
     ("head", "coordinator", "coach")),
    ("coordinator", "report_extract", EXTRACT,
     ({"report_id": "#teen report", "young_person_id": "#teen"}, {"controller_id": "#office"}),
     ("head", "officer", "mentor")),
)  # fmt: skip
"""Who makes a fact, the fact, what may not be other than it is, and who may not make it."""

CLEARED = (
    f"delete from emergency_access where id = {q('#declared by care emergency')};"
    f"delete from report_extract where report_id in ({q('#draft')}, {q('#teen report')});"
)


@pytest.mark.parametrize("making", MAKING, ids=lambda making: f"{making[0]} {making[1]}")
async def test_a_fact_is_made_by_whom_a_rule_names(asked: Asked, making: Making) -> None:
    """As it is and now, by that person; refused with anything else in it, or from anybody else."""
    name, table, values, wrong, others = making
    await asked.change(CLEARED)
    for change in wrong:
        assert await asked.attempt(name, added(table, **values | change)) == REFUSED, change
    for other in others:
        assert await asked.attempt(other, added(table, **values)) == REFUSED, other
    assert await asked.attempt(name, added(table, **values)) == MADE


ENDING = (
    ("coordinator", "referral", REFERRAL, ("mentor", "doctor", "head")),
    ("officer", "referral", ON_REPORT, ("allocator", "coordinator", "partner")),
    ("guardian", "consent", CONSENT, ("officer case", "care worker", "teenager")),
    ("coordinator", "filiation", FILIATION, ("mentor", "other guardian", "head")),
    ("coordinator", "own_account", ACCOUNT, ("mentor", "teenager")),
    ("coordinator", "whereabouts_protection", PROTECTION, ("mentor", "guardian", "head")),
    ("coordinator", "guardian_authority", AUTHORITY, ("mentor", "other guardian", "head")),
    ("administrator", "court_measure", MEASURE, ("protector", "privacy officer", "coordinator")),
)


@pytest.mark.parametrize(("name", "table", "values", "others"), ENDING)
async def test_a_fact_is_ended_once_and_now_by_its_maker(
    asked: Asked, name: str, table: str, values: Values, others: tuple[str, ...]
) -> None:
    """Not by others, not at another instant, not again, and not taken back."""
    await asked.change(added(table, **values | NOT_NOW))
    ended = f"update {table} set valid_until = '{NOW}' where id = '{key('new')}'"
    for other in others:
        assert await asked.attempt(other, ended) == "UPDATE 0", other
    later = ended.replace(str(NOW), "2027-01-01")
    assert await asked.attempt(name, later) in {REFUSED, FROZEN}
    assert await asked.attempt(name, ended) == "UPDATE 1"
    assert await asked.attempt(name, ended) == FROZEN
    revived = f"update {table} set valid_until = null where id = '{key('new')}'"
    assert await asked.attempt(name, revived) in {REFUSED, FROZEN}


async def test_leave_is_withdrawn_by_whoever_may_give_it(asked: Asked) -> None:
    """A young person of 16 takes back what a parent gave; the parent still can, and no partner."""
    withdrawn = f"update consent set valid_until = '{NOW}' where id = '{key('new')}'"
    given = added("consent", **TEEN_CONSENT | NOT_NOW | {"given_by": "#guardian"})
    for name, outcome in (("support", 0), ("other guardian", 0), ("guardian", 1), ("teenager", 1)):
        await asked.change(f"delete from consent where id = '{key('new')}'; {given}")
        assert await asked.attempt(name, withdrawn) == f"UPDATE {outcome}", name


async def test_nothing_else_of_a_fact_can_be_changed(asked: Asked) -> None:
    """No login has a right on any other column of a fact, nor to delete one."""
    endable = (
        "referral", "consent", "filiation", "own_account", "whereabouts_protection",
        "guardian_authority",
    )  # fmt: skip
    columns = {
        **dict.fromkeys(endable, "young_person_id"), "court_measure": "kind",
        "withholding": "valid_until", "emergency_access": "ends_at", "alert": "kind",
        "sighting": "day", "report_extract": "extract", "referral_file": "question",
    }  # fmt: skip
    for table, column in columns.items():
        kept = f"update {table} set {column} = {column}"
        assert await asked.attempt("coordinator", kept) == REFUSED, table
        assert await asked.attempt("coordinator", f"delete from {table}") == REFUSED, table


async def test_an_emergency_is_told_to_all_who_answer_for_the_child(asked: Asked) -> None:
    """The declarer's organisation and each board with a record get one line, whoever declares."""
    await asked.change(CLEARED)
    await asked.attempt("care emergency", added("emergency_access", **EMERGENCY))
    await asked.change("select 1")
    told = await asked.connection.fetch("select controller_id, about, actor_id from alert")
    assert sorted(row["controller_id"] for row in told) == sorted(
        key(name) for name in ("care", "board", "other board")
    )
    assert {(row["about"], row["actor_id"]) for row in told} == {(key("new"), key("care worker"))}
    assert len(await asked.sees("privacy officer", "alert")) == 1
    assert not await asked.sees("care emergency", "alert")


async def test_an_emergency_is_reviewed_once_by_another(asked: Asked) -> None:
    """By the privacy officer of the same organisation, now, and not of what it declared itself."""
    row = f"where id = '{key('declared by care emergency')}'"
    review = (
        f"update emergency_access set reviewed_at = '{NOW}', finding = 'justified',"
        f" reviewed_by = '{key('privacy officer')}' {row}"
    )
    assert await asked.attempt("privacy officer", review) == "UPDATE 0"
    await asked.change(f"update emergency_access set controller_id = '{key('board')}' {row}")
    for wrong in (
        review.replace(str(NOW), str(EVER)),
        review.replace(str(key("privacy officer")), str(key("head"))),
    ):
        assert await asked.attempt("privacy officer", wrong) == REFUSED
    assert await asked.attempt("head", review) == "UPDATE 0"
    assert await asked.attempt("care emergency", review) in {"UPDATE 0", REFUSED}
    assert await asked.attempt("privacy officer", review) == "UPDATE 1"
    assert await asked.attempt("privacy officer", review) == FROZEN
    await asked.change(
        "update emergency_access set reviewed_at = null, reviewed_by = null, finding = null,"
        f" actor_id = '{key('privacy officer')}' {row}"
    )
    assert await asked.attempt("privacy officer", review) == "UPDATE 0"


async def test_a_referral_is_received_once_and_answered_once(asked: Asked) -> None:
    """By the partner it went to, now; who referred writes the file with the referral alone."""
    await asked.change(added("referral", **ON_REPORT | {"valid_from": EVER}))
    file: Values = {
        "referral_id": "#new", "controller_id": "#office", "given_name": "A", "family_name": "B",
        "question": "x", "received_at": None,
    }  # fmt: skip
    assert await asked.attempt("officer", added("referral_file", **file)) == REFUSED
    await asked.change(f"update referral set valid_from = '{NOW}' where id = '{key('new')}'")
    received = added("referral_file", **file | {"received_at": NOW})
    assert await asked.attempt("officer", received) == REFUSED
    assert await asked.attempt("colleague", added("referral_file", **file)) == REFUSED
    assert await asked.attempt("officer", added("referral_file", **file)) == MADE
    receive = f"update referral_file set received_at = '{NOW}'"
    answer = "update referral_file set outcome = 'no_measure'"
    assert await asked.attempt("doctor", receive) == "UPDATE 0"
    assert await asked.attempt("officer", receive) == "UPDATE 0"
    assert await asked.attempt("partner", answer) == FROZEN
    assert await asked.attempt("partner", receive.replace(str(NOW), str(EVER))) == FROZEN
    assert await asked.attempt("partner", receive) == "UPDATE 1"
    assert await asked.attempt("partner", answer) == "UPDATE 1"
    assert await asked.attempt("partner", answer.replace("no_measure", "help_started")) == FROZEN
    assert await asked.attempt("partner", "update referral_file set received_at = null") == FROZEN


SHOWN = (
    ("referral", {"coordinator": 3, "doctor": 1, "doctor emergency": 1, "consultant": 1,
                  "partner": 1, "head": 0, "officer": 0, "care worker": 0}),
    ("consent", {"guardian": 4, "doctor": 1, "care worker": 3, "consultant": 1, "support": 1,
                 "officer case": 1, "coach": 0, "other guardian": 0, "officer": 0}),
    ("court_measure", {"protector": 1, "administrator": 1, "care worker": 0, "doctor": 0}),
    ("filiation", {"parent": 1, "coordinator": 1, "guardian": 0, "mentor": 0}),
    ("own_account", {"teenager": 1, "coordinator": 1, "guardian": 0}),
    ("emergency_access", {"officer": 1, "doctor": 1, "privacy officer": 0, "colleague": 0}),
    ("whereabouts_protection", {"guardian": 1, "parent": 1, "coordinator": 1, "mentor": 0,
                                "other guardian": 0, "officer": 0}),
    ("withholding", {"guardian": 1, "support": 2, "officer case": 2, "care worker": 0,
                     "other guardian": 0, "teenager": 0}),
    ("trace", {"privacy officer": 1, "coordinator": 0, "administrator": 0, "head": 0}),
    ("note", {"care worker": 1, "protector": 1, "support": 1, "consultant": 1, "officer case": 1,
              "doctor": 0, "guardian": 0, "coach": 0}),
    ("report", {"officer": 3, "allocator": 1, "coach": 1, "guardian": 2, "teenager": 1,
                "officer emergency": 1, "officer case": 0, "head": 6}),
    ("participation", {"mentor": 1, "officer emergency": 1, "care emergency": 1, "head": 0,
                       "guardian": 7}),
)  # fmt: skip
"""How many rows of a table each person is shown; each but the first of a case is its own fact."""

ALSO = (
    added("whereabouts_protection", **PROTECTION | {"id": "#shield"})
    + added("withholding", **WITHHOLDING | {"id": "#from one", "guardian_id": "#other guardian"})
    + added("withholding", **WITHHOLDING | {"id": "#from all"})
)


TRACE: Values = {
    "actor_id": "#head", "role": "x", "purpose": "x", "activity": "x", "act": "x", "rules": "{}",
    "data_classes": "{}", "young_persons": "{}", "request_id": "x", "at": NOW,
}  # fmt: skip
TRACES = tuple({"id": f"#trace of {at}", "controller_id": f"#{at}"} for at in ("board", "office"))


@pytest.mark.parametrize(("table", "shown"), SHOWN)
async def test_facts_are_shown_to_whom_they_tie(
    asked: Asked, table: str, shown: dict[str, int]
) -> None:
    """Nobody else sees one: not the head, not a colleague, not the other parent."""
    if table in {"whereabouts_protection", "withholding"}:
        await asked.change(ALSO if table == "whereabouts_protection" else ALSO.split(";", 1)[1])
    if table == "trace":
        await asked.change("".join(added("trace", **TRACE | change) for change in TRACES))
    assert {name: len(await asked.sees(name, table)) for name in shown} == shown


async def test_which_organisation_looked_is_apart_from_that_somebody_did(asked: Asked) -> None:
    """A protected guardian's log keeps its lines and loses the organisations behind them."""
    await asked.change(
        added(
            "access_line", id="#line", trace_id="#trace", young_person_id="#child", role="x",
            purpose="x", activity="x", act="x", rules="{}", data_classes="{}", at=NOW,
        )
        + added(
            "access_line_organisation", line_id="#line", young_person_id="#child",
            organisation_id="#care",
        )
    )  # fmt: skip
    assert await asked.sees("guardian", "access_line_organisation", "line_id")
    await asked.change(added("whereabouts_protection", **PROTECTION))
    assert not await asked.sees("guardian", "access_line_organisation", "line_id")
    assert await asked.sees("guardian", "access_line")
    line = added(
        "access_line_organisation",
        line_id="#line",
        young_person_id="#child",
        organisation_id="#care",
    )
    await asked.change("delete from access_line_organisation")
    assert await asked.attempt("job", line, Login.JOBS) == REFUSED
    assert await asked.attempt("accounting job", line, Login.JOBS) == MADE

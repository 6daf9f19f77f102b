"""Acts with input that breaks a rule: a member of the union that names it, and nothing stored."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import httpx
import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNonNull,
    build_schema,
    get_named_type,
)

from ops.demo.deliveries import written
from ops.demo.school_year import iso_week
from ops.folders import ROOT
from tests.api.uploads.desk import CANARIES, FIRST, Desk
from tests.api.uploads.files import ATTENDANCE, ROSTER, roster

SCHEMA = build_schema((ROOT / "frontend-contract" / "schema.graphql").read_text(encoding="utf-8"))
ACTS = SCHEMA.mutation_type
assert ACTS is not None
FIELDS = ACTS.fields


def mutation(act: str) -> str:
    """Return the document of an act that asks what went wrong."""
    kind = FIELDS[act].args["input"].type
    return (
        f"mutation Act($input: {kind}) {{ {act}(input: $input)"
        " { __typename ... on Problem { code message path } } }"
    )


def refused(desk: Desk, who: str, act: str, given: dict[str, Any]) -> tuple[str, list[str]]:
    """Do an act that has to be refused, and return the code and path of why."""
    answer = desk.post(desk.who(who), mutation(act), input=given)
    assert answer.status_code == httpx.codes.OK, answer.text
    assert not [name for name in CANARIES if name in answer.text]
    result = answer.json()["data"][act]
    assert "code" in result, result
    assert len(result["message"]) > 10
    return result["code"], result["path"]


def words(desk: Desk) -> list[tuple[str, str, dict[str, Any], str]]:
    """Return acts whose one word or text is wrong: who, act, input, and the input it concerns."""
    world = desk.world
    case = f"case_{world.case_id.hex}"
    later = (world.moment.today + timedelta(days=14)).isoformat()
    pupil = f"pupil_{world.pupils[1].hex}"
    guardian = {"pupilId": pupil, "name": "Canarievogel", "relation": "mother"}
    action = {
        "planId": f"plan_{world.plan_id.hex}",
        "ownerId": f"participant_{world.participations['support_coordinator'].hex}",
        "description": "Canarievogel",
        "dueOn": later,
    }
    plan = {"caseId": case, "goal": "Canarievogel", "reviewOn": later}
    invited = {
        "caseId": case,
        "organisationId": f"organisation_{world.organisations['board'].hex}",
        "role": "Canarievogel",
    }
    branch = f"branch_{world.branches[FIRST.code].hex}"
    staff = {"name": "Canarievogel", "role": "head_of_school", "branchId": branch}
    report = f"report_{world.reports[5].hex}"
    note = {"caseId": case, "text": "Canarievogel"}
    return [
        ("coordinator", "registerGuardian", guardian | {"relation": "Canarievogel"}, "relation"),
        ("coordinator", "registerGuardian", guardian | {"name": ""}, "name"),
        ("coordinator", "registerGuardian", guardian | {"name": "   "}, "name"),
        ("coordinator", "registerGuardian", guardian | {"name": "Canarievogel" * 20}, "name"),
        ("coordinator", "registerGuardian", guardian | {"email": CANARIES[-1] * 20}, "email"),
        ("coordinator", "registerGuardian", guardian | {"idempotencyKey": ""}, "idempotencyKey"),
        ("coordinator", "registerGuardian", guardian | {"idempotencyKey": "k" * 101},
         "idempotencyKey"),
        ("administrator", "appointStaff", staff | {"role": "Canarievogel"}, "role"),
        ("administrator", "appointStaff", staff | {"role": "guardian"}, "role"),
        ("administrator", "appointStaff", staff | {"name": ""}, "name"),
        ("officer", "closeReport", {"reportId": report, "outcome": "Canarievogel"}, "outcome"),
        ("officer_case", "openCase", {"reportId": report, "form": "Canarievogel"}, "form"),
        ("officer_case", "closeCase", {"caseId": case, "outcome": "Canarievogel"}, "outcome"),
        ("officer_case", "inviteToCase", invited, "role"),
        ("officer_case", "proposePlan", plan | {"goal": ""}, "goal"),
        ("officer_case", "addAction", action | {"description": ""}, "description"),
        ("officer_case", "addAction", action | {"dueOn": "2020-01-01"}, "dueOn"),
        ("support_coordinator", "moveAction",
         {"actionId": f"action_{world.action_id.hex}", "state": "Canarievogel"}, "state"),
        ("youth_care_worker", "addNote", note | {"text": ""}, "text"),
        ("youth_care_worker", "addNote", note | {"text": " \n"}, "text"),
        ("youth_care_worker", "addNote", note | {"text": "x" * 10_001}, "text"),
        ("youth_care_worker", "addNote", note | {"dataClass": "Canarievogel"}, "dataClass"),
        ("school_system", "startImport",
         {"kind": "Canarievogel", "branchId": branch}, "kind"),
    ]  # fmt: skip


def test_words_and_texts(desk: Desk) -> None:
    """An unknown word, an empty or too long text and a day that is over are refused by name."""
    with desk.nothing_stored():
        for who, act, given, path in words(desk):
            found = refused(desk, who, act, given)
            assert found == ("INVALID", ["input", path]), (act, given, found)


def test_dates_of_acts(desk: Desk) -> None:
    """A due date that is no date is refused before anything is done."""
    due: object
    with desk.nothing_stored():
        for due in ("Canarievogel", "2026-02-30", "", 20261123, "2026-11-23T00:00:00Z", None, []):
            given = {"planId": "plan_0", "ownerId": "o", "description": "d", "dueOn": due}
            answer = desk.post(desk.who("officer_case"), mutation("addAction"), input=given)
            (error,) = answer.json()["errors"]
            assert error["extensions"]["code"] == "INVALID_VARIABLES", due
            assert "Canarievogel" not in answer.text


WRONG = ("", "Canarievogel", "pupil_" + "0" * 32, "case_" + "g" * 32, "signal_" + "\u0660" * 32)


PLAIN = {
    "String": "Canarievogel", "Date": "2030-01-01", "DateTime": "2030-01-01T00:00:00Z",
    "Boolean": True, "Int": 1,
}  # fmt: skip


def a_value(kind: Any, wrong: str) -> Any:
    """Return some value of a type, wrong where it is an id."""
    if isinstance(kind, GraphQLInputObjectType):
        return filled(kind, wrong)
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    return wrong if str(kind) == "ID" else PLAIN[str(kind)]


def filled(kind: Any, wrong: str) -> dict[str, Any]:
    """Return an input with every id wrong and whatever else it must have."""
    assert isinstance(kind, GraphQLInputObjectType)
    given: dict[str, Any] = {}
    for name, part in kind.fields.items():
        named = get_named_type(part.type)
        if isinstance(part.type, GraphQLNonNull) or str(named) == "ID":
            given[name] = a_value(named, wrong)
    return given


@pytest.mark.slow
def test_ids_of_acts(desk: Desk) -> None:
    """Every act with ids of nothing, of no form or of another kind is refused, in any role."""
    with desk.nothing_stored():
        for act, wrong in itertools.product(FIELDS, WRONG):
            given = filled(get_named_type(FIELDS[act].args["input"].type), wrong)
            for who in ("coordinator", "officer_case", "guardian", "adviser"):
                code, _ = refused(desk, who, act, given)
                assert code in {"NOT_FOUND", "INVALID"}, (act, wrong, who)


def test_another_input_under_a_key(desk: Desk) -> None:
    """A key used for another input is a conflict; with the same input it does nothing new."""
    given = {
        "caseId": f"case_{desk.world.case_id.hex}",
        "text": "Canarievogel was here.",
        "idempotencyKey": "CANARY-7F3A",
    }
    worker = desk.who("youth_care_worker")
    document = mutation("addNote")
    first = desk.post(worker, document, input=given).json()["data"]
    assert first == {"addNote": {"__typename": "AddNoteSuccess"}}
    with desk.nothing_stored():
        assert desk.post(worker, document, input=given).json()["data"] == first
        for other in ({"text": "Canarievogel was elsewhere."}, {"caseId": "case_" + "0" * 32}):
            found = refused(desk, "youth_care_worker", "addNote", given | other)
            assert found == ("CONFLICT", ["input", "idempotencyKey"])


def test_residence_unknown(desk: Desk) -> None:
    """Without a postcode, or with one of no municipality, no report is prepared; why is said."""
    world = desk.world
    keys = {"RESIDENCE-0": "", "RESIDENCE-1": "<postcodenl>9999ZZ</postcodenl>"}
    pupils = [
        f'<leerling key="{key}"><achternaam>Canarievogel</achternaam>'
        f'<geboortedatum>2013-02-03</geboortedatum><groep key="1A"/>'
        f'<vestiging key="{FIRST.key}"/>{postcode}</leerling>'
        for key, postcode in keys.items()
    ]
    assert desk.deliver(ROSTER, roster(world, *pupils).encode()).status_code == 200
    weeks = world.year.mondays
    lines: list[dict[str, Any]] = []
    for key in keys:
        lines.append(
            {"kind": "schedule", "pupil": key, "from": iso_week(weeks[3]),
             "until": iso_week(weeks[3]), "minutes": 1500, "lessonUnits": 30}
        )  # fmt: skip
        lines += (
            {"kind": "exception", "id": f"{key}-{day}", "pupil": key, "startUnit": 1,
             "date": (weeks[3] + timedelta(days=day)).isoformat(), "lessonUnits": 6,
             "minutes": 300, "category": "unauthorised"}
            for day in range(3)
        )  # fmt: skip
    answer = desk.deliver(ATTENDANCE, written(lines))
    assert answer.json()["counts"]["signals"]["new"] == 2, answer.text
    found = desk.database.run_sql(
        "select replace(s.id::text, '-', '') from signal s join pupil p on p.id = s.pupil_id"
        " where p.external_id like 'RESIDENCE-%'"
    )
    with desk.nothing_stored():
        for signal in found:
            result = desk.act(
                desk.who("coordinator"), mutation("prepareReport"), signalId=f"signal_{signal}"
            )
            assert (result["code"], result["path"]) == ("INVALID", ["input", "signalId"])
            assert "postcode" in result["message"]

"""Chapter four: the family sees the data and who looked, and the case closes."""

from datetime import datetime

from domain import clock
from ops.tour.cast import Cast
from ops.tour.partners import CASE, PARTIES, parties
from ops.tour.stage import Stage
from ops.tour.telling import one
from permissions.vocabulary import Purpose

OWN = Purpose.OWN_DATA


def play(stage: Stage, cast: Cast) -> None:
    """Look as the parent, read the log, close the case and the report."""
    own_data(stage, cast)
    who_looked(stage, cast)
    close(stage, cast)


def own_data(stage: Stage, cast: Cast) -> None:
    """The parent sees the child's data, the other parent's contact never."""
    stage.teller.scene("The parent sees the child's data")
    found = stage.ask(cast.people["parent"], OWN, "guardian/my-child")
    child = one(found["pupils"]["nodes"], "child")
    truant = cast.found["truant"]
    stage.teller.claim(child["id"] == truant["id"], "Her own child, and no other")
    stage.teller.claim(
        child["attendance"]["rate"] == truant["attendance"]["rate"],
        "The same rate as the school sees",
    )
    stage.teller.claim(
        [c["name"] for c in child["contacts"]] == ["Marian Ouder"],
        "Her own contact row, never the other parent's",
    )
    stage.teller.claim(
        child["absences"]["nodes"]
        and child["signals"]
        and child["reports"]
        and child["enrolments"],
        "Absences, signal, report and enrolment",
    )
    codes = {a["reason"]["code"] for a in child["absences"]["nodes"] if a["reason"]}
    stage.teller.claim("ILLNESS" in codes and len(codes) > 1, "The reasons too")
    stage.teller.claim(
        {a["category"] for a in child["absences"]["nodes"]} >= {"authorised", "unauthorised"},
        "Authorised and unauthorised",
    )
    case = one(found["cases"]["nodes"], "case")
    stage.teller.claim(
        case["plans"][0]["actions"]
        and case["notes"]["nodes"]
        and case["summaries"]
        and case["identity"]["familyName"]
        and len(case["participants"]) == PARTIES,
        "The case, its parties, plan, notes and summary",
    )
    other = stage.ask(cast.people["stranger"], OWN, "guardian/my-child")
    stage.teller.claim(
        one(other["pupils"]["nodes"], "child")["id"] != truant["id"]
        and not other["cases"]["nodes"],
        "Another parent sees another child, and no case",
    )


def who_looked(stage: Stage, cast: Cast) -> None:
    """The parent reads who looked, and why."""
    stage.teller.scene("And who looked, and why")
    young_person = cast.found["truant"]["youngPersonId"]
    asked_at = clock.now().instant

    def complete() -> bool:
        log = stage.ask(
            cast.people["parent"], OWN, "guardian/who-looked", quiet=True, youngPerson=young_person
        )["accessLog"]
        until = log["completeUntil"]
        if until is None or "infinity" in until:
            return False
        return datetime.fromisoformat(until) > asked_at

    stage.wait("the log to be complete", complete)
    found = stage.ask(cast.people["parent"], OWN, "guardian/who-looked", youngPerson=young_person)
    log = found["accessLog"]
    lines = log["lines"]["nodes"]
    roles = {line["role"] for line in lines if line["act"] == "read"}
    stage.teller.claim(
        roles >= {"mentor", "attendance_coordinator", "head_of_school", "attendance_officer",
                  "support_coordinator", "alliance_consultant", "youth_care_worker"},
        "Everyone who looked is in it",
    )  # fmt: skip
    stage.teller.claim(
        all(line["grounds"] and all(g["source"] for g in line["grounds"]) for line in lines),
        "Every line says on which grounds, with the source in law",
    )
    stage.teller.claim(
        all(line["organisation"] for line in lines if line["act"] == "read"),
        "And of which organisation whoever read it is",
    )
    acts = {line["act"] for line in lines}
    stage.teller.claim(
        acts >= {"roster_imported", "attendance_imported", "report_sent", "report_allocated",
                 "case_opened", "party_invited", "invitation_answered", "plan_agreed",
                 "summary_offered", "note_added"},
        "Acts are in it as well as reading",
    )  # fmt: skip
    nothing = stage.ask(
        cast.people["stranger"], OWN, "guardian/who-looked", youngPerson=young_person
    )
    stage.teller.claim(nothing["accessLog"] is None, "For another parent this log does not exist")


def close(stage: Stage, cast: Cast) -> None:
    """The case closes, and with it every party's access."""
    stage.teller.scene("The case closes; the youth-care worker's next query finds nothing")
    case_id = cast.found["case"]
    stage.act(
        cast.officer, CASE, "attendance-officer/close-case",
        caseId=case_id, outcome="attending_again",
    )  # fmt: skip
    for name, person, purpose in parties(cast):
        found = stage.ask(
            person, purpose, "case-partner/case", id=case_id, quiet=purpose != "youth_care"
        )
        stage.teller.claim(
            found["case"] is None and found["pupils"]["nodes"] == [],
            f"For the {name} it is as if there had never been a case",
        )
    closed = stage.act(
        cast.officer, Purpose.COMPULSORY_SCHOOLING, "attendance-officer/close-report",
        reportId=cast.found["report"], outcome="back_to_school",
    )["report"]  # fmt: skip
    stage.teller.claim(
        closed["state"] == "closed" and closed["access"]["tie"] == "OWN_FILE",
        "The report is closed; it stays in the officer's own file",
    )
    kept = stage.ask(cast.officer, Purpose.COMPULSORY_SCHOOLING, "attendance-officer/reports")
    file = one([r for r in kept["reports"]["nodes"] if r["id"] == closed["id"]], "closed report")
    stage.teller.claim(
        file["contacts"] == cast.found["contacts"] and file["weeks"],
        "With whom was called: the file still accounts for what was done",
    )

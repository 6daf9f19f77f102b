"""Chapter one: a school delivers its own files, and sees what its people may see."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from ops.demo.tour_school import BRANCH_CODE, GROUPS
from ops.tour.cast import CLIENT_ID, Cast
from ops.tour.stage import Person, Stage
from ops.tour.telling import one
from permissions.vocabulary import Purpose, Role

GUIDANCE = Purpose.DAILY_GUIDANCE
DELIVERIES = 3
ROUNDING = 1e-9


def play(stage: Stage, cast: Cast) -> None:
    """Deliver, appoint, register, look, and send a report."""
    directory(stage)
    deliver(stage, cast)
    appoint(stage, cast)
    register_guardians(stage, cast)
    mentor(stage, cast)
    coordinator(stage, cast)
    report(stage, cast)


def directory(stage: Stage) -> None:
    """Anyone reads the directory, and nothing else."""
    stage.teller.scene("The national directory is open to everyone")
    found = stage.ask(None, None, "public/directory")
    stage.teller.claim(
        found["municipalities"]["nodes"] == [{"name": "Amsterdam", "province": "Noord-Holland"}],
        "Anyone finds Amsterdam without a token",
    )


def deliver(stage: Stage, cast: Cast) -> None:
    """The school's system delivers a roster and three weeks of attendance."""
    stage.teller.scene("The school's system delivers its roster and its attendance")
    token = stage.system_token(CLIENT_ID, cast.system_key)
    roster = _delivered(stage, cast, token, "roster_edexml", cast.school.roster)
    stage.teller.claim(roster["state"] == "accepted", "The EDEXML 2.1 roster is accepted")
    attendance = _delivered(stage, cast, token, "attendance_ndjson", cast.school.attendance)
    stage.teller.claim(attendance["state"] == "accepted", "Three weeks of attendance are accepted")
    again = _delivered(stage, cast, token, "attendance_ndjson", cast.school.attendance)
    changed = any(
        number
        for changes in again["counts"].values()
        for change, number in changes.items()
        if change != "unchanged"
    )
    stage.teller.claim(
        again["state"] == "accepted" and not changed, "The same file again changes nothing"
    )
    found = stage.ask(cast.system, Purpose.DATA_DELIVERY, "school-system/receipts", token=token)
    stage.teller.claim(
        len(found["importReceipts"]["nodes"]) == DELIVERIES and found["pupils"]["nodes"] == [],
        "The system reads its own receipts and not one pupil",
    )


def _delivered(stage: Stage, cast: Cast, token: str, kind: str, content: bytes) -> dict[str, Any]:
    data = stage.ask(
        cast.system,
        Purpose.DATA_DELIVERY,
        "school-system/start-import",
        token=token,
        input={"kind": kind, "branchId": f"branch_{cast.branch_id.hex}"},
    )
    stage.teller.claim(
        data["startImport"]["__typename"] == "StartImportSuccess", "An upload address is given"
    )
    answer = stage.client.put(
        data["startImport"]["uploadPath"],
        content=content,
        headers={"Authorization": f"Bearer {token}"},
    )
    stage.teller.claim(
        answer.status_code == HTTPStatus.OK, f"The file is taken: {answer.status_code}"
    )
    received: dict[str, Any] = answer.json()
    stage.teller.say(f"counts: {received['counts']}")
    for problem in received["problems"][:3]:
        stage.teller.say(f"{problem['severity']}: {problem['rule']} {problem['advice']}")
    return received


def appoint(stage: Stage, cast: Cast) -> None:
    """The administrator says who works where; the head mandates the coordinator."""
    stage.teller.scene("The school says who works where")
    admin, purpose = cast.administrator, Purpose.ADMINISTRATION
    found = stage.ask(admin, purpose, "organisation-administrator/classes")
    classes = sorted(found["classGroups"]["nodes"], key=lambda c: c["name"])
    stage.teller.claim(
        {c["name"] for c in classes} == set(GROUPS),
        "The roster brought both classes",
    )
    branch = f"branch_{cast.branch_id.hex}"
    posts: list[tuple[str, Role, dict[str, str]]] = [
        (name, Role.MENTOR, {"classGroupId": group["id"]})
        for name, group in zip(("Vera Klein", "Sam Groot"), classes, strict=True)
    ]
    posts += [
        ("Ella Dekker", Role.ATTENDANCE_COORDINATOR, {"branchId": branch}),
        ("Hugo Zorg", Role.SUPPORT_COORDINATOR, {"branchId": branch}),
        ("Iris Baas", Role.HEAD_OF_SCHOOL, {"branchId": branch}),
    ]
    keys = ("mentor", "neighbour", "coordinator", "support", "head")
    for key, (name, role, place) in zip(keys, posts, strict=True):
        made = stage.act(
            admin, purpose, "organisation-administrator/appoint", name=name, role=role, **place
        )
        cast.people[key] = Person(
            f"{name} ({role.replace('_', ' ')})", role, admin.organisation, _uuid(made["staffId"])
        )
    coordinator = cast.people["coordinator"]
    stage.act(
        cast.people["head"], GUIDANCE, "head-of-school/mandate",
        branchId=branch, coordinatorId=f"staff_{coordinator.subject.hex}",
    )  # fmt: skip


def register_guardians(stage: Stage, cast: Cast) -> None:
    """The coordinator registers both parents of one pupil, and one of another."""
    stage.teller.scene("The school registers the guardians")
    coordinator = cast.people["coordinator"]
    pupils = _pupils(stage, coordinator, "attendance-coordinator/pupils", quiet=True)
    stage.teller.claim(
        len(pupils) == len(cast.school.pupils), "The coordinator sees every pupil of the branch"
    )
    truant = one([p for p in pupils if _sixteen(p)], "pupil with a signal of sixteen hours")
    other = next(p for p in pupils if p["id"] != truant["id"])
    cast.found |= {"truant": truant, "other": other}
    for key, pupil, name, relation in (
        ("parent", truant, "Marian Ouder", "mother"),
        ("other parent", truant, "Karel Ouder", "father"),
        ("stranger", other, "Petra Anders", "mother"),
    ):
        made = stage.act(
            coordinator,
            GUIDANCE,
            "attendance-coordinator/register-guardian",
            pupilId=pupil["id"],
            name=name,
            relation=relation,
            phone="0600000000",
        )
        cast.people[key] = Person(f"{name} ({key})", Role.GUARDIAN, None, _uuid(made["guardianId"]))


def mentor(stage: Stage, cast: Cast) -> None:
    """The mentor sees her class, the neighbour's not."""
    stage.teller.scene("The mentor sees her class and not the neighbour's")
    seen: dict[str, list[dict[str, Any]]] = {}
    for key in ("mentor", "neighbour"):
        person = cast.people[key]
        seen[key] = _pupils(stage, person, "mentor/my-class", quiet=key == "neighbour")
    hers: set[str] = {p["id"] for p in seen["mentor"]}
    theirs: set[str] = {p["id"] for p in seen["neighbour"]}
    stage.teller.claim(
        hers and theirs and not hers & theirs, "The two classes have nobody in common"
    )
    stage.teller.claim(
        len(hers | theirs) == len(cast.school.pupils), "Together they are the whole school"
    )
    first = seen["mentor"][0]
    stage.teller.claim(
        first["access"]["tie"] == "CLASS_ASSIGNMENT", "The tie is the assignment to the class"
    )
    stage.teller.claim(
        first["residence"] is None and "pupil.whereabouts" in first["access"]["withheld"],
        "Where a pupil lives is withheld from a mentor, and said to be",
    )
    everything = seen["mentor"] + seen["neighbour"]
    truant = one([p for p in everything if p["id"] == cast.found["truant"]["id"]], "truant")
    stage.teller.claim(
        {c["name"] for c in truant["contacts"]} == {"Marian Ouder", "Karel Ouder"}
        and truant["classes"]
        and truant["signals"]
        and all(a["category"] for a in truant["absences"]["nodes"]),
        "The mentor of the pupil sees contacts, class, absences and signal",
    )
    codes = {a["reason"]["code"] for p in everything for a in p["absences"]["nodes"] if a["reason"]}
    stage.teller.claim("ILLNESS" in codes, "That a pupil was ill is seen by who guides it daily")
    stage.teller.claim(len(codes) > 1, "And the ordinary reasons")
    stage.teller.claim(
        any(a["category"] == "authorised" for p in everything for a in p["absences"]["nodes"]),
        "Authorised absence is seen beside unauthorised",
    )
    rates = {p["id"]: p["attendance"]["rate"] for p in everything}
    stage.teller.claim(all(rate is not None for rate in rates.values()), "Every pupil has a rate")
    for pupil_id in sorted(theirs)[:2]:
        found = stage.ask(cast.people["mentor"], GUIDANCE, "mentor/pupil", id=pupil_id)
        stage.teller.claim(
            found == {"pupil": None, "node": None},
            "A pupil of the neighbour's class does not exist",
        )


def _sixteen(pupil: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the signals of sixteen hours of a pupil; there may be others, of illness say."""
    return [s for s in pupil["signals"] if s["kind"] == "SIXTEEN_HOURS_IN_FOUR_WEEKS"]


def coordinator(stage: Stage, cast: Cast) -> None:
    """The coordinator sees the signal and the rate that the file itself gives."""
    stage.teller.scene("The coordinator sees a pupil pass sixteen hours in four weeks")
    person = cast.people["coordinator"]
    pupils = _pupils(stage, person, "attendance-coordinator/pupils")
    truant = one([p for p in pupils if _sixteen(p)], "pupil with a signal of sixteen hours")
    signal = one(_sixteen(truant), "signal")
    stage.teller.claim(
        signal["ruleSet"] == "leerplichtwet-1969",
        "The signal names the rule and its rule set",
    )
    stage.teller.claim(
        truant["residence"]["municipalityCode"] == "9901",
        "The municipality of residence is known from the roster's postcode",
    )
    expected = {pupil.name: pupil.rate for pupil in cast.school.pupils}
    told = {f"{p['givenName']} {p['familyName']}": p["attendance"]["rate"] for p in pupils}
    stage.teller.claim(
        all(abs(told[name] - rate) < ROUNDING for name, rate in expected.items())
        and len(expected) == len(told),
        "Every rate equals the one computed from the delivered file alone",
    )
    cast.found |= {"truant": truant, "signal": signal}
    absences = [a for p in pupils for a in p["absences"]["nodes"]]
    stage.teller.claim(
        {a["category"] for a in absences} >= {"authorised", "unauthorised"},
        "She sees what was authorised beside what was not",
    )
    ill = [a for a in absences if a["reason"] and a["reason"]["code"] == "ILLNESS"]
    stage.teller.claim(
        ill and all(a["category"] == "authorised" for a in ill),
        "Who was ill, for illness is no truancy and never counts towards the sixteen hours",
    )
    stage.teller.claim(
        any(a["reason"] and a["reason"]["code"] == "TRUANCY" for a in absences),
        "And the ordinary reasons, on which she decides whether to report",
    )
    stage.teller.claim(
        all([e["branch"]["branchCode"] for e in p["enrolments"]] == [BRANCH_CODE] for p in pupils),
        "Every pupil is enrolled at her branch and, as far as she can tell, nowhere else",
    )
    head = _pupils(stage, cast.people["head"], "head-of-school/pupils", quiet=True)
    stage.teller.claim(
        len(head) == len(pupils)
        and all(p["attendance"]["rate"] is not None and p["enrolments"] for p in head)
        and any(p["signals"] for p in head)
        and any(a["category"] == "authorised" for p in head for a in p["absences"]["nodes"])
        and any(a["category"] == "unauthorised" for p in head for a in p["absences"]["nodes"]),
        "The head of school sees the same pupils",
    )
    stage.teller.claim(
        any(a["reason"] for p in head for a in p["absences"]["nodes"])
        and not any(
            a["reason"] and a["reason"]["code"] == "ILLNESS"
            for p in head
            for a in p["absences"]["nodes"]
        ),
        "The head sees ordinary reasons, and not who was ill",
    )


def report(stage: Stage, cast: Cast) -> None:
    """The coordinator prepares the report and sends it on the head's mandate."""
    stage.teller.scene("The report goes to the register, on the head's mandate")
    person = cast.people["coordinator"]
    prepared = stage.act(
        person, GUIDANCE, "attendance-coordinator/prepare-report",
        signalId=cast.found["signal"]["id"], idempotencyKey="tour-report",
    )["report"]  # fmt: skip
    again = stage.act(
        person, GUIDANCE, "attendance-coordinator/prepare-report",
        signalId=cast.found["signal"]["id"], idempotencyKey="tour-report",
    )["report"]  # fmt: skip
    stage.teller.claim(prepared == again, "Prepared twice under one key, there is one report")
    refused = stage.attempt(
        cast.people["mentor"], GUIDANCE, "attendance-coordinator/send-report",
        reportId=prepared["id"],
    )  # fmt: skip
    stage.teller.claim(
        refused["__typename"] == "NotFoundProblem", "For the mentor the report does not exist"
    )
    sent = stage.act(
        person, GUIDANCE, "attendance-coordinator/send-report", reportId=prepared["id"]
    )["report"]
    stage.teller.claim(sent["state"] == "sent", "The report is sent")
    cast.found["report"] = prepared["id"]
    seen = _pupils(stage, cast.people["head"], "head-of-school/pupils", quiet=True)
    stage.teller.claim(
        one([p for p in seen if p["reports"]], "pupil with a report")["reports"],
        "The head sees what was sent in her name",
    )


def _pupils(
    stage: Stage, person: Person, operation: str, *, quiet: bool = False
) -> list[dict[str, Any]]:
    found = stage.ask(person, GUIDANCE, operation, quiet=quiet)
    pupils: list[dict[str, Any]] = found["pupils"]["nodes"]
    return pupils


def _uuid(public_id: str) -> UUID:
    return UUID(hex=public_id.rpartition("_")[2])

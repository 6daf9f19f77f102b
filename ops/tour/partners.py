"""Chapter three: four organisations work on one plan, each seeing what its task allows."""

from datetime import timedelta

from domain import clock
from ops.demo import region
from ops.tour.cast import Cast
from ops.tour.stage import Person, Stage
from ops.tour.telling import one
from permissions.vocabulary import Purpose

CASE = Purpose.CASE_COORDINATION
SUPPORT, CARE = Purpose.SPECIAL_NEEDS_SUPPORT, Purpose.YOUTH_CARE
PARTIES = 4
"""The office that leads and the three that are invited; each adds an action and a note."""


def parties(cast: Cast) -> tuple[tuple[str, Person, Purpose], ...]:
    """Return the invited parties, each with the purpose it joins for."""
    return (
        ("support coordinator", cast.people["support"], CASE),
        ("alliance consultant", cast.consultant, SUPPORT),
        ("youth-care worker", cast.youth_care_worker, CARE),
    )


def play(stage: Stage, cast: Cast) -> None:
    """Accept, plan, agree, write, and offer a summary."""
    answer(stage, cast)
    plan(stage, cast)
    work(stage, cast)
    summary(stage, cast)
    figures(stage, cast)


def answer(stage: Stage, cast: Cast) -> None:
    """Each party sees what will be shared, and then accepts."""
    stage.teller.scene("Each party sees beforehand what will be shared, and accepts")
    for name, person, purpose in parties(cast):
        found = stage.ask(person, purpose, "case-partner/invitations")
        invitation = one(found["invitations"]["nodes"], "invitation")
        head = one(found["cases"]["nodes"], "case")
        stage.teller.claim(
            head["identity"] is None
            and "case.identity" in head["access"]["withheld"]
            and head["access"]["tie"] == "INVITATION",
            f"Before answering, the {name} does not see whom it is about",
        )
        joined = stage.act(
            person, purpose, "case-partner/answer",
            invitationId=invitation["id"], accept=True, displayName=person.name.partition(" (")[0],
        )["case"]  # fmt: skip
        stage.teller.claim(len(joined["participants"]) == PARTIES, f"The {name} takes part")


def plan(stage: Stage, cast: Cast) -> None:
    """The officer proposes, everyone agrees."""
    stage.teller.scene("They agree on a plan")
    today = clock.now().today
    case_id = cast.found["case"]
    proposed = stage.act(
        cast.officer, CASE, "attendance-officer/propose-plan",
        caseId=case_id, goal="Back in every lesson, with a fixed contact at school.",
        reviewOn=(today + timedelta(days=42)).isoformat(),
    )["plan"]  # fmt: skip
    cast.found["plan"] = proposed["id"]
    states = [
        stage.act(person, purpose, "case-partner/agree", planId=proposed["id"])["plan"]["state"]
        for person, purpose in (
            (cast.officer, CASE), *((person, purpose) for _, person, purpose in parties(cast))
        )
    ]  # fmt: skip
    stage.teller.claim(
        states == ["proposed", "proposed", "proposed", "agreed"],
        "The plan is agreed when the last party has agreed",
    )


def work(stage: Stage, cast: Cast) -> None:
    """Each party adds an action, and a note is shared."""
    stage.teller.scene("They divide the work and write down what matters")
    case_id, plan_id = cast.found["case"], cast.found["plan"]
    due = (clock.now().today + timedelta(days=14)).isoformat()
    actions: list[str] = []
    for name, person, purpose in (("officer", cast.officer, CASE), *parties(cast)):
        seen = stage.ask(person, purpose, "case-partner/case", quiet=True, id=case_id)["case"]
        mine = one(
            [p for p in seen["participants"] if p["role"] == str(person.role)], "own participation"
        )
        action = stage.act(
            person, purpose, "case-partner/add-action",
            planId=plan_id, ownerId=mine["id"], description=f"What the {name} will do.", dueOn=due,
        )["action"]  # fmt: skip
        note = stage.act(
            person, purpose, "case-partner/add-note",
            caseId=case_id, text=f"A note of the {name}.", idempotencyKey=f"tour-{name}",
        )["note"]  # fmt: skip
        actions.append(action["id"])
        stage.teller.claim(
            action["state"] == "open" and note["text"], f"The {name} adds to the plan"
        )
    done = stage.act(
        cast.people["support"], CASE, "case-partner/move-action",
        actionId=actions[-1], state="done",
    )  # fmt: skip
    stage.teller.claim(done["action"]["state"] == "done", "An action is done")


def summary(stage: Stage, cast: Cast) -> None:
    """The school offers its summary; youth care sees that and the plan, not the marks."""
    stage.teller.scene("The school offers its summary; youth care sees that, not the marks")
    case_id = cast.found["case"]
    stage.act(
        cast.people["coordinator"], Purpose.DAILY_GUIDANCE,
        "attendance-coordinator/offer-summary", caseId=case_id,
    )  # fmt: skip
    seen = stage.ask(cast.youth_care_worker, CARE, "case-partner/case", id=case_id)
    case = seen["case"]
    stage.teller.claim(
        one(case["summaries"], "summary")["band"]
        and len(one(case["plans"], "plan")["actions"]) == PARTIES
        and len(case["notes"]["nodes"]) == PARTIES
        and case["identity"]["familyName"],
        "The youth-care worker sees plan, notes and summary",
    )
    stage.teller.claim(seen["pupils"]["nodes"] == [], "And no pupil, no rate, no mark")
    consultant = stage.ask(cast.consultant, SUPPORT, "case-partner/case", id=case_id)
    stage.teller.claim(
        consultant["case"]["summaries"] == []
        and "attendance.summary" in consultant["case"]["access"]["withheld"]
        and consultant["case"]["plans"]
        and consultant["case"]["identity"]["familyName"]
        and len(consultant["case"]["notes"]["nodes"]) == PARTIES,
        "From the consultant the summary is withheld, and it is said to be",
    )
    officer = stage.ask(cast.officer, CASE, "case-partner/case", id=case_id, quiet=True)
    stage.teller.claim(
        officer["case"]["summaries"]
        and len(officer["case"]["notes"]["nodes"]) == PARTIES
        and len(officer["case"]["plans"][0]["actions"]) == PARTIES
        and officer["pupils"]["nodes"] == []
        and officer["reports"]["nodes"] == [],
        "The officer who leads sees the case, no live data and, for this purpose, no report",
    )
    school = stage.ask(cast.people["support"], CASE, "case-partner/case", id=case_id)
    pupil = one(school["pupils"]["nodes"], "pupil")
    stage.teller.claim(
        pupil["attendance"]["rate"] is not None
        and pupil["id"] == cast.found["truant"]["id"]
        and pupil["access"]["tie"] == "SUPPORT_INVOLVEMENT"
        and school["case"]["summaries"]
        and len(school["case"]["notes"]["nodes"]) == PARTIES
        and school["case"]["plans"][0]["actions"],
        "The school's support coordinator sees the one pupil of the case at her own branch",
    )
    stage.teller.claim(
        school["case"]["identity"]
        == {name: cast.found["truant"][name] for name in ("givenName", "familyName")},
        "And the case, which says by itself whom it is about",
    )


def figures(stage: Stage, cast: Cast) -> None:
    """The alliance's analyst sees published figures of its schools, and no child."""
    stage.teller.scene("The alliance's analyst sees published figures, and no child")
    found = stage.ask(
        cast.analyst, Purpose.POLICY_STATISTICS, "attendance-adviser/pyramid",
        unit=f"alliance:{region.ALLIANCES['VO']}", period=cast.found["period"],
    )  # fmt: skip
    stage.teller.claim(
        bool(found["pyramid"]["children"]), "Of the alliance and of each of its schools"
    )
    stage.teller.claim(
        not found["pupils"]["nodes"] and not found["cases"]["nodes"], "No pupil, no case"
    )

"""Chapter two: the report reaches the officer of the municipality of residence, and nobody else."""

from ops.tour.cast import Cast
from ops.tour.stage import Stage
from ops.tour.telling import one
from permissions.vocabulary import Purpose

ENFORCING, CASE = Purpose.COMPULSORY_SCHOOLING, Purpose.CASE_COORDINATION


def play(stage: Stage, cast: Cast) -> None:
    """Receive the report, take it on, be shown no child as an adviser, open a case and invite."""
    reports(stage, cast)
    figures(stage, cast)
    case(stage, cast)


def reports(stage: Stage, cast: Cast) -> None:
    """The officer sees the report, and no live school data."""
    stage.teller.scene("The attendance officer of the municipality of residence sees the report")
    wanted = cast.found["report"]

    def arrived() -> bool:
        found = stage.ask(cast.officer, ENFORCING, "attendance-officer/reports", quiet=True)
        return any(r["id"] == wanted for r in found["reports"]["nodes"])

    stage.wait("the register to allocate the report", arrived)
    found = stage.ask(cast.officer, ENFORCING, "attendance-officer/reports")
    seen = one([r for r in found["reports"]["nodes"] if r["id"] == wanted], "report")
    truant = cast.found["truant"]
    stage.teller.claim(
        seen["familyName"] == truant["familyName"] and seen["weeks"] and seen["contacts"],
        "The frozen extract says who, how much and whom to call",
    )
    stage.teller.claim(
        seen["access"]["tie"] == "REPORT_ALLOCATION", "The tie is the report's allocation"
    )
    stage.teller.claim(found["pupils"]["nodes"] == [], "Of the school's live data she sees nothing")
    elsewhere = stage.ask(cast.neighbour_officer, ENFORCING, "attendance-officer/reports")
    stage.teller.claim(elsewhere["reports"]["nodes"] == [], "The officer elsewhere sees no report")
    taken = stage.act(cast.officer, ENFORCING, "attendance-officer/take-on", reportId=wanted)
    stage.teller.claim(taken["report"]["state"] == "taken_on", "She takes it on")
    cast.found |= {"branch": seen["branch"], "contacts": seen["contacts"]}


def figures(stage: Stage, cast: Cast) -> None:
    """With her adviser token she sees no child."""
    stage.teller.scene("With her adviser token the same officer sees no child")
    found = stage.ask(cast.adviser, Purpose.PREVENTION_ADVICE, "attendance-adviser/figures")
    stage.teller.claim(
        not found["pupils"]["nodes"]
        and not found["reports"]["nodes"]
        and not found["cases"]["nodes"],
        "No pupil, no report, no case",
    )


def case(stage: Stage, cast: Cast) -> None:
    """With her case token she opens a case and invites three parties."""
    stage.teller.scene("With her case token she opens a case and invites the partners")
    before = stage.ask(cast.officer, CASE, "attendance-officer/reports")
    stage.teller.claim(
        before["reports"]["nodes"] == [], "For this purpose she sees no report: purposes never meet"
    )
    opened = stage.act(
        cast.officer, CASE, "attendance-officer/open-case",
        reportId=cast.found["report"], form="attendance_conference",
    )["case"]  # fmt: skip
    stage.teller.claim(
        opened["identity"]["familyName"] == cast.found["truant"]["familyName"],
        "The case takes over who it is about",
    )
    cast.found["case"] = opened["id"]
    parties: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("school", "support_coordinator", {"branchId": cast.found["branch"]["id"]}),
        ("alliance", "alliance_consultant", {}),
        ("youth care", "youth_care_worker", {}),
    )
    for name, role, place in parties:
        invited = stage.act(
            cast.officer, CASE, "attendance-officer/invite",
            caseId=opened["id"], organisationId=cast.organisation_ids[name], role=role, **place,
        )["participant"]  # fmt: skip
        stage.teller.claim(
            "case.identity" in invited["shares"] and "pupil.identity" not in invited["shares"],
            f"The {name} is told beforehand what it will see",
        )

"""Chapter two: the report reaches the officer of the municipality of residence, and nobody else."""

from ops.demo import region
from ops.tour.cast import Cast
from ops.tour.stage import Stage
from ops.tour.telling import one
from permissions.vocabulary import Purpose

FEWEST = 5
"""A published count is 0 or at least this many pupils."""
ENFORCING, CASE = Purpose.COMPULSORY_SCHOOLING, Purpose.CASE_COORDINATION


def play(stage: Stage, cast: Cast) -> None:
    """Receive the report, take it on, compare schools as an adviser, open a case and invite."""
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
    """With her adviser token she compares the schools of the municipality, and sees no child."""
    stage.teller.scene("With her adviser token the same officer compares schools and sees no child")
    published = stage.ask(None, None, "public/publications", kind="MONTH")["publications"]["nodes"]
    stage.teller.claim(bool(published), "Months were published; that they were is public")
    period = cast.found["period"] = published[0]["firstDay"][:7]
    unit = f"municipality:{region.MUNICIPALITY}"
    found = stage.ask(
        cast.adviser, Purpose.PREVENTION_ADVICE, "attendance-adviser/pyramid",
        unit=unit, period=period,
    )  # fmt: skip
    pyramid = found["pyramid"]
    counts = [part["count"] for row in pyramid["rows"] for part in row["parts"]]
    stage.teller.claim(
        bool(pyramid["children"]) and pyramid["release"]["digest"] == published[0]["digest"],
        "The absence of her municipality and of each of its schools, as it was published",
    )
    stage.teller.claim(
        all(count is None or count == 0 or count >= FEWEST for count in counts),
        "Small counts are rounded: 0 or about 5, and totals add up",
    )
    school = pyramid["children"][0]["unit"]
    compared = stage.ask(
        cast.adviser, Purpose.PREVENTION_ADVICE, "attendance-adviser/compare",
        unit=school, measure="absence", period=period,
    )["compare"]  # fmt: skip
    stage.teller.claim(
        compared["municipality"] is not None and bool(compared["trend"]),
        "A school beside its municipality and its own earlier months",
    )
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

"""What a random world keeps beside its facts: traces, logs, receipts, figures."""

from uuid import UUID

from permissions.vocabulary import Role
from tests.proof.facts import (
    Agreement,
    Alliance,
    Branch,
    BranchPeriod,
    BranchTable,
    Client,
    Municipality,
    Organisation,
    Published,
    Pupil,
    Region,
    Release,
    ReleaseUnit,
    Staff,
    YoungPerson,
)
from tests.proof.facts_of_work import (
    AccessLine,
    Alert,
    Announcement,
    Case,
    Emergency,
    Kept,
    LineOrganisation,
    Note,
    Progress,
    Receipt,
    Report,
    Sighting,
    Trace,
)
from tests.proof.worlds_of_organisations import Setting


def records(to: Setting) -> None:
    """Add traces with their lines, alerts, sightings, receipts, kept acts and figures."""
    chance, world = to.chance, to.world
    for person in world[YoungPerson]:
        looked(to, person)
    for declared in world[Emergency]:
        boards = {
            p.controller_id for p in world.where(Pupil, "young_person_id", declared.young_person_id)
        }
        for controller in sorted({declared.controller_id, *boards}):
            world.add(
                Alert(
                    id=chance.key(),
                    controller_id=controller,
                    actor_id=declared.actor_id,
                    actor_organisation_id=declared.controller_id,
                    young_person_id=declared.young_person_id,
                )
            )
    for agreement in world[Agreement]:
        (branch,) = world.where(Branch, "id", agreement.branch_id)
        clients = [c.actor_id for c in world[Client] if c.role == Role.SCHOOL_SYSTEM]
        receipt = world.add(
            Receipt(
                id=chance.key(),
                controller_id=branch.organisation_id,
                branch_id=branch.id,
                state=chance.one(["waiting", "accepted"]),
                client_id=agreement.client_id if chance.often(0.7) else chance.one(clients),
            )
        )
        world.add(
            Progress(
                receipt_id=receipt.id,
                controller_id=receipt.controller_id,
                stage="interrupted",  # told long ago, and so it reads whatever it was
            )
        )
    notices(to)
    figures(to)


def looked(to: Setting, person: YoungPerson) -> None:
    """Add somebody's look at a young person, with the line of it."""
    chance, world = to.chance, to.world
    who = chance.one(world[Staff])
    trace = world.add(
        Trace(
            id=chance.key(),
            controller_id=who.controller_id,
            actor_id=who.id,
            organisation_id=who.controller_id,
        )
    )
    act = "file_withheld" if chance.often(0.3) else "read"
    line = world.add(
        AccessLine(id=chance.key(), trace_id=trace.id, young_person_id=person.id, act=act)
    )
    if act == "read" and chance.often(0.8):
        world.add(
            LineOrganisation(
                line_id=line.id, young_person_id=person.id, organisation_id=who.controller_id
            )
        )
    world.add(
        Sighting(
            actor_id=who.id,
            purpose="daily_guidance",
            day=chance.today,
            young_person_id=person.id,
        )
    )
    if chance.often(0.3):
        world.add(Kept(actor_id=who.id, operation="act", key=str(chance.key())))


OF_PUPILS = (
    "pupil.identity", "pupil.enrolment", "attendance.rate", "attendance.unauthorised",
    "attendance.authorised", "signal", "attendance.reason", "attendance.reason.health.fact",
)  # fmt: skip
OF_CASES = ("case.core", "case.participants", "attendance.summary", "plan", "action")


def notices(to: Setting) -> None:
    """Add, of every class, that something changed; now and then brought by a delivery."""
    chance, world = to.chance, to.world
    receipts = world[Receipt]

    def add(data_class: str, controller: UUID, person: UUID | None, **about: UUID | None) -> None:
        number = len(world[Announcement])
        keys: dict[str, UUID | None] = dict.fromkeys(
            ("pupil_id", "report_id", "case_id", "note_id", "receipt_id")
        )
        world.add(
            Announcement(
                position=to.place * 100 + 1,
                number=to.place * 10_000 + number,
                controller_id=controller,
                data_class=data_class,
                young_person_id=person,
                **(keys | about),
            )
        )

    for pupil in world[Pupil]:
        for data_class in OF_PUPILS:
            brought = chance.one(receipts).id if receipts and chance.often(0.3) else None
            add(
                data_class,
                pupil.controller_id,
                pupil.young_person_id,
                pupil_id=pupil.id,
                receipt_id=brought,
            )
    for report in world[Report]:
        add("report.head", report.controller_id, report.young_person_id, report_id=report.id)
    for case in world[Case]:
        for data_class in OF_CASES:
            add(data_class, case.controller_id, case.young_person_id, case_id=case.id)
    for note in world[Note]:
        add(
            note.data_class,
            note.controller_id,
            note.young_person_id,
            case_id=note.case_id,
            note_id=note.id,
        )
    for receipt in receipts:
        add("import.receipt", receipt.controller_id, None, receipt_id=receipt.id)


def figures(to: Setting) -> None:
    """Add a release with an answer about every unit, and a closed period of every branch."""
    chance, world = to.chance, to.world
    release = world.add(Release(id=chance.key(), vintage=to.place + 1))
    units = [("branch", b.branch_code) for b in world[Branch]]
    units += [("municipality", m.code) for m in world[Municipality]]
    units += [("region", r.code) for r in world[Region]]
    units += [("alliance", a.code) for a in world[Alliance]]
    units += [("board", str(o.id)) for o in world[Organisation] if o.kind == "school_board"]
    if to.place == 0:
        units.append(("national", "NL"))
    for level, code in units:
        world.add(Published(id=chance.key(), release_id=release.id, level=level, unit_code=code))
    for branch in world[Branch]:
        world.add(
            ReleaseUnit(id=chance.key(), release_id=release.id, branch_code=branch.branch_code)
        )
        locked = chance.now if chance.often(0.5) else None
        period = world.add(
            BranchPeriod(
                id=chance.key(),
                controller_id=branch.organisation_id,
                branch_id=branch.id,
                branch_code=branch.branch_code,
                locked_by=locked and chance.key(),
                locked_at=locked,
                taken_at=locked,
                late_weeks=1 if locked else 0,
            )
        )
        world.add(
            BranchTable(
                id=chance.key(),
                controller_id=branch.organisation_id,
                branch_id=branch.id,
                branch_period_id=period.id,
            )
        )

"""What a random world keeps beside its facts: traces, logs, receipts, figures."""

from permissions.vocabulary import Role
from tests.proof.facts import (
    Agreement,
    Alliance,
    Branch,
    Client,
    Figure,
    Municipality,
    Organisation,
    Pupil,
    Region,
    Staff,
    YoungPerson,
)
from tests.proof.facts_of_work import (
    AccessLine,
    Alert,
    Emergency,
    Kept,
    LineOrganisation,
    Receipt,
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
        world.add(
            Receipt(
                id=chance.key(),
                controller_id=branch.organisation_id,
                branch_id=branch.id,
                state=chance.one(["waiting", "accepted"]),
                client_id=agreement.client_id if chance.often(0.7) else chance.one(clients),
            )
        )
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


def figures(to: Setting) -> None:
    """Add a figure of every unit."""
    world = to.world
    units = [("branch", b.branch_code) for b in world[Branch]]
    units += [("municipality", m.code) for m in world[Municipality]]
    units += [("region", r.code) for r in world[Region]]
    units += [("alliance", a.code) for a in world[Alliance]]
    units += [("board", str(o.id)) for o in world[Organisation] if o.kind == "school_board"]
    if to.place == 0:
        units.append(("national", "NL"))
    for level, code in units:
        world.add(Figure(id=to.chance.key(), level=level, unit_code=code))

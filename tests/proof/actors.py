"""Everybody who may ask in a world, rightly or not, and a draw of them."""

from collections import defaultdict
from random import Random
from uuid import UUID

from permissions.decide import purposes_of
from permissions.vocabulary import Actor, Purpose, Role
from tests.proof.facts import (
    Assignment,
    Authority,
    Client,
    Contact,
    Filiation,
    Organisation,
    OwnAccount,
    World,
)
from tests.proof.facts_of_work import Emergency, Participation

FAMILY = (Role.GUARDIAN, Role.PARENT_WITHOUT_AUTHORITY)

PROGRAMS = {
    "platform": (Role.PLATFORM_JOB, Role.PLATFORM_OPERATOR),
    "absence_register": (Role.ABSENCE_REGISTER,),
}
MORE = 4
Asker = tuple[UUID, UUID | None, Role]


def actor(key: UUID, organisation: UUID | None, role: Role | str, purpose: Purpose | str) -> Actor:
    """Return an actor as a token makes one."""
    return Actor(
        id=key,
        organisation=organisation,
        role=Role(role),
        purpose=Purpose(purpose),
        client="proof",
    )


def everyone(world: World) -> list[Actor]:
    """Return everybody with any fact to their name, for every purpose of their role."""
    return [
        actor(key, organisation, role, purpose)
        for key, organisation, role in dict.fromkeys(mentions(world))
        for purpose in purposes_of(role)
    ]


def mentions(world: World) -> list[Asker]:
    """Return who is somebody in a world, once for each fact that says so; parts in cases weigh."""
    found: list[Asker] = [(w.staff_id, w.organisation_id, Role(w.role)) for w in world[Assignment]]
    found += MORE * [
        (p.staff_id, p.organisation_id, Role(p.role))
        for p in world[Participation]
        if p.staff_id is not None
    ]
    found += [(e.actor_id, e.controller_id, Role(e.role)) for e in world[Emergency]]
    found += [(c.actor_id, c.organisation_id, Role(c.role)) for c in world[Client]]
    parents = [a.guardian_id for a in world[Authority]]
    parents += [f.parent_id for f in world[Filiation]]
    parents += [c.guardian_id for c in world[Contact]]
    found += [(parent, None, role) for parent in parents for role in FAMILY]
    found += [(a.account_id, None, Role.YOUNG_PERSON) for a in world[OwnAccount]]
    found += [
        (UUID(int=o.id.int ^ 1), o.id, role)
        for o in world[Organisation]
        for role in PROGRAMS.get(o.kind, ())
    ]
    return found


def some(world: World, number: int) -> list[Actor]:
    """Draw so many actors, of as many roles and purposes as there are; one in six is amiss.

    Who is amiss has a token for another role, organisation or purpose than the facts are about.
    """
    chance = Random(f"actors {world.seed}")
    of_kind: defaultdict[tuple[Role, Purpose], list[Actor]] = defaultdict(list)
    for key, organisation, role in mentions(world):
        for purpose in purposes_of(role):
            of_kind[role, purpose].append(actor(key, organisation, role, purpose))
    kinds = chance.sample(sorted(of_kind), min(number, len(of_kind)))
    drawn = [chance.choice(of_kind[kind]) for kind in kinds]
    return [amiss(world, one, chance) if chance.random() < 1 / 6 else one for one in drawn]


def amiss(world: World, right: Actor, chance: Random) -> Actor:
    """Return somebody whose token says something that their facts do not."""
    role, purpose, organisation = right.role, right.purpose, right.organisation
    match chance.randrange(3):
        case 0:
            role = chance.choice(list(Role))
            purpose = chance.choice(purposes_of(role))
        case 1:
            organisation = chance.choice(world[Organisation]).id
        case _:
            purpose = chance.choice(list(Purpose))
    return actor(right.id, organisation, role, purpose)

"""Worlds in which everybody has every function: there, only the rules keep people apart.

A rule that is given to another role or purpose changes nothing in a world where nobody of that
role has the fact it asks for. So every fact that names a role or purpose is repeated for all.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from uuid import UUID

from permissions.vocabulary import Actor, Purpose, Role
from tests.proof.actors import actor
from tests.proof.chance import Chance
from tests.proof.facts import Assignment, Authority, Client, Filiation, OwnAccount, World
from tests.proof.facts_of_work import Emergency, Participation, Referral

TOKENS = tuple(product(Role, Purpose))
Person = tuple[UUID, UUID | None]


def open_to_anybody(world: World) -> World:
    """Repeat every fact that names a role or purpose for all of them; return the same world."""
    chance = Chance(-world.seed - 1)
    for work in list(world[Assignment]):
        for role in others(work.role):
            world.add(replace(work, id=chance.key(), role=role))
    for referral in list(world[Referral]):
        for role in others(referral.to_role):
            world.add(replace(referral, id=chance.key(), to_role=role))
    for declared in list(world[Emergency]):
        reviewed = {"reviewed_at": declared.declared_at, "finding": "justified"}
        for role in others(declared.role):
            by = chance.key()
            world.add(replace(declared, id=chance.key(), role=role, reviewed_by=by, **reviewed))
    parts(world, chance)
    return world


def others(role: str) -> list[Role]:
    """Return every role but one."""
    return [other for other in Role if other != role]


def parts(world: World, chance: Chance) -> None:
    """Repeat the parts in cases; with an end, for only one of a party in one role may be open."""
    later = world.moment.instant + timedelta(days=30)
    for part in list(world[Participation]):
        for role, purpose in TOKENS:
            if (role, purpose) != (part.role, part.purpose):
                world.add(
                    replace(
                        part,
                        id=chance.key(),
                        role=role,
                        purpose=purpose,
                        ended_at=part.ended_at or later,
                    )
                )


def people(world: World) -> list[Person]:
    """Return everybody in a world with the organisation they ask for."""
    found: dict[Person, None] = {(w.staff_id, w.organisation_id): None for w in world[Assignment]}
    found |= {(c.actor_id, c.organisation_id): None for c in world[Client]}
    found |= {(a.guardian_id, None): None for a in world[Authority]}
    found |= {(f.parent_id, None): None for f in world[Filiation]}
    found |= {(a.account_id, None): None for a in world[OwnAccount]}
    return list(found)


def asking_as(person: Person, role: Role, purpose: Purpose) -> Actor:
    """Return a person with a token for a role and purpose."""
    return actor(*person, role, purpose)

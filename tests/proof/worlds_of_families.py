"""The families of a random world: authority, filiation, protection, own accounts, contacts."""

from uuid import UUID

from tests.proof.facts import (
    Authority,
    Contact,
    Filiation,
    Guardian,
    OwnAccount,
    Protection,
    Pupil,
    YoungPerson,
)
from tests.proof.worlds_of_organisations import Setting


def families(to: Setting) -> None:
    """Add four parents, and to each young person some of them, by some of the boards."""
    chance, world = to.chance, to.world
    parents = [world.add(Guardian(id=chance.key())).id for _ in range(4)]
    for person in world[YoungPerson]:
        boards = [p.controller_id for p in world.where(Pupil, "young_person_id", person.id)]
        for parent in chance.some(parents, 2):
            for board in chance.some(sorted(set(boards)), 2) or boards[:1]:
                authority(to, parent, person.id, board)
        for parent in chance.some(parents, 1):
            filiation(to, parent, person.id, chance.one([*boards, *to.boards]))
        if chance.often(0.2):
            start, end = chance.period()
            world.add(
                Protection(
                    id=chance.key(),
                    controller_id=chance.one(to.boards),
                    young_person_id=person.id,
                    valid_from=start,
                    valid_until=end,
                )
            )
        if chance.often(0.7):
            account(to, person.id, boards)
    for pupil in world[Pupil]:
        contacts(to, pupil, parents)


def contacts(to: Setting, pupil: Pupil, parents: list[UUID]) -> None:
    """Add contacts of a pupil: some parents, and mostly one who is registered as such."""
    known = set(to.chance.some(parents, 2))
    registered = to.world.where(Filiation, "young_person_id", pupil.young_person_id)
    if to.chance.often(0.7):
        known |= {filiation.parent_id for filiation in registered[:1]}
    for parent in sorted(known):
        to.world.add(
            Contact(
                id=to.chance.key(),
                controller_id=pupil.controller_id,
                pupil_id=pupil.id,
                guardian_id=parent,
            )
        )


def authority(to: Setting, parent: UUID, person: UUID, board: UUID) -> None:
    """Add an authority that a board registered."""
    start, end = to.chance.period(open_ended=0.7)
    to.world.add(
        Authority(
            id=to.chance.key(),
            controller_id=board,
            guardian_id=parent,
            young_person_id=person,
            valid_from=start,
            valid_until=end,
        )
    )


def filiation(to: Setting, parent: UUID, person: UUID, board: UUID) -> None:
    """Add a filiation that a board registered; a court limits one in four."""
    start, end = to.chance.period(open_ended=0.7)
    to.world.add(
        Filiation(
            id=to.chance.key(),
            controller_id=board,
            parent_id=parent,
            young_person_id=person,
            limited_by_court=to.chance.often(0.25),
            valid_from=start,
            valid_until=end,
        )
    )


def account(to: Setting, person: UUID, boards: list[UUID]) -> None:
    """Add a young person's account, by one board or by each under the same account."""
    key = to.chance.key()
    for board in to.chance.some(sorted(set(boards)), 2) or boards[:1]:
        start, end = to.chance.period(open_ended=0.7)
        to.world.add(
            OwnAccount(
                id=to.chance.key(),
                controller_id=board,
                account_id=key,
                young_person_id=person,
                valid_from=start,
                valid_until=end,
            )
        )

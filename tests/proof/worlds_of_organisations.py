"""The organisations of a random world: places, branches, staff and what gives staff a role."""

from dataclasses import dataclass, field
from uuid import UUID

from permissions.vocabulary import Role
from tests.proof.chance import Chance
from tests.proof.facts import (
    Agreement,
    Alliance,
    Assignment,
    Branch,
    ClassGroup,
    Client,
    HeadMandate,
    Mandate,
    Municipality,
    Organisation,
    Region,
    Served,
    Staff,
    World,
)

R = Role
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

WORK: dict[str, tuple[Role, ...]] = {
    "attendance_office": (R.ATTENDANCE_OFFICER, R.ATTENDANCE_ADVISER, R.OFFICE_ALLOCATOR),
    "support_alliance": (R.ALLIANCE_CONSULTANT, R.ALLIANCE_ANALYST),
    "youth_health_service": (R.YOUTH_DOCTOR,),
    "youth_care_provider": (R.YOUTH_CARE_WORKER,),
    "certified_institution": (R.CHILD_PROTECTION_WORKER,),
    "transition_region": (R.TRANSITION_COACH,),
    "referral_partner": (R.REFERRAL_PARTNER,),
    "inspectorate": (R.INSPECTOR,),
    "ministry": (R.POLICY_MAKER,),
}
"""Which work there is, by kind of organisation; boards are apart, for they have branches."""

AT_A_BRANCH = (R.ATTENDANCE_COORDINATOR, R.SUPPORT_COORDINATOR, R.HEAD_OF_SCHOOL)
EVERYWHERE = (R.PRIVACY_OFFICER, R.ORGANISATION_ADMINISTRATOR)


@dataclass
class Setting:
    """A world while it is made, with what later parts look up."""

    world: World
    chance: Chance
    place: int
    of_kind: dict[str, list[UUID]] = field(default_factory=dict[str, list[UUID]])
    in_role: dict[tuple[UUID, Role], list[UUID]] = field(
        default_factory=dict[tuple[UUID, Role], list[UUID]]
    )
    codes: list[str] = field(default_factory=list[str])

    @property
    def boards(self) -> list[UUID]:
        """The school boards."""
        return self.of_kind["school_board"]

    def workers(self, organisation: UUID, role: Role) -> list[UUID]:
        """Return who has, had or will have a role at an organisation."""
        return self.in_role.get((organisation, role), [])

    def branches(self, board: UUID) -> list[Branch]:
        """Return a board's branches."""
        return self.world.where(Branch, "organisation_id", board)

    def groups(self, branch: UUID) -> list[ClassGroup]:
        """Return a branch's classes."""
        return self.world.where(ClassGroup, "branch_id", branch)


def organisations(to: Setting) -> None:
    """Add the places, the organisations, their staff and their mandates."""
    places(to)
    chance = to.chance
    numbers = {"school_board": chance.one([2, 2, 3]), "attendance_office": chance.one([1, 2])}
    numbers |= {kind: chance.one([1, 1, 2]) for kind in ("support_alliance", "youth_care_provider")}
    for kind in ("school_board", *WORK, "absence_register", "platform"):
        to.of_kind[kind] = [
            to.world.add(Organisation(id=chance.key(), kind=kind)).id
            for _ in range(numbers.get(kind, 1))
        ]
    for board in to.boards:
        branches(to, board)
    for kind, roles in WORK.items():
        for organisation in to.of_kind[kind]:
            staff(to, organisation, roles)
    served(to)
    mandates(to)
    clients(to)


def places(to: Setting) -> None:
    """Add two regions, three municipalities and two alliances, under codes of this world alone."""
    start = to.place * 4
    for number in range(2):
        to.world.add(Region(id=to.chance.key(), code=f"RM{start + number:05d}"))
        to.world.add(Alliance(id=to.chance.key(), code=f"VO{start + number:05d}"))
    for number, region in enumerate((0, 0, 1)):
        code = f"GM{start + number:05d}"
        to.codes.append(code)
        to.world.add(
            Municipality(id=to.chance.key(), code=code, region_code=f"RM{start + region:05d}")
        )


def branches(to: Setting, board: UUID) -> None:
    """Add a board's branches with their classes and the staff of each."""
    chance, world = to.chance, to.world
    alliances = [a.code for a in world[Alliance]]
    for _ in range(chance.one([1, 2, 2])):
        number = len(world[Branch])
        place = chance.one(to.codes[:2]) if number else to.codes[2]
        branch = world.add(
            Branch(
                id=chance.key(),
                organisation_id=board,
                branch_code=branch_code(to.place * 8 + number),
                municipality_code=place if number != 1 else to.codes[0],
                alliance_code=alliances[number % 2] if number < 2 else chance.one(alliances),
            )
        )
        for _ in range(2):
            world.add(ClassGroup(id=chance.key(), controller_id=board, branch_id=branch.id))
    people = [world.add(Staff(id=chance.key(), controller_id=board)).id for _ in range(4)]
    for branch in to.branches(board):
        for role in AT_A_BRANCH:
            for person in chance.some(people, 2) or [people[0]]:
                assign(to, board, person, role, branch.id)
        for group in to.groups(branch.id):
            assign(to, board, chance.one(people), R.MENTOR, branch.id, group.id)
        for _ in range(chance.one([1, 2])):
            start, end = chance.period()
            world.add(
                HeadMandate(
                    id=chance.key(),
                    organisation_id=board,
                    branch_id=branch.id,
                    head_id=chance.one(people),
                    coordinator_id=chance.one(
                        [*to.workers(board, R.ATTENDANCE_COORDINATOR), *people[:1]]
                    ),
                    valid_from=start,
                    valid_until=end,
                )
            )
    for role in (R.BOARD_ANALYST, *EVERYWHERE):
        assign(to, board, chance.one(people), role)


def branch_code(number: int) -> str:
    """Return a branch code of a fictional school (its number starts with 99)."""
    letters, rest = divmod(number, 100)
    return f"99{LETTERS[letters // 26]}{LETTERS[letters % 26]}{rest:02d}"


def staff(to: Setting, organisation: UUID, roles: tuple[Role, ...]) -> None:
    """Add the staff of an organisation without branches; some have several roles."""
    chance = to.chance
    people = [
        to.world.add(Staff(id=chance.key(), controller_id=organisation)).id
        for _ in range(chance.one([1, 2]) + (len(roles) > 1))
    ]
    for role in (*roles, *EVERYWHERE):
        chosen = chance.some(people, 2) if role in roles else chance.some(people, 1)
        for person in chosen or people[:1]:
            assign(to, organisation, person, role)


def assign(
    to: Setting,
    organisation: UUID,
    person: UUID,
    role: Role,
    *places: UUID,
) -> None:
    """Give somebody a role, at a branch or a class of it; now and then twice, in two periods."""
    branch, group = (*places, None, None)[:2]
    for _ in range(2 if to.chance.often(0.1) else 1):
        start, end = to.chance.period(open_ended=0.75)
        to.world.add(
            Assignment(
                id=to.chance.key(),
                organisation_id=organisation,
                staff_id=person,
                role=role,
                branch_id=branch,
                class_group_id=group,
                valid_from=start,
                valid_until=end,
            )
        )
    known = to.in_role.setdefault((organisation, role), [])
    if person not in known:
        known.append(person)


def served(to: Setting) -> None:
    """Let offices and transition regions serve municipalities, for a time."""
    for organisation in (*to.of_kind["attendance_office"], *to.of_kind["transition_region"]):
        for code in to.chance.some(to.codes, 3) or to.codes[:1]:
            start, end = to.chance.period(open_ended=0.7)
            to.world.add(
                Served(
                    id=to.chance.key(),
                    organisation_id=organisation,
                    municipality_code=code,
                    valid_from=start,
                    valid_until=end,
                )
            )


def mandates(to: Setting) -> None:
    """Give organisations mandates for figures, not always those one would expect."""
    chance, world = to.chance, to.world
    units = [("municipality", code) for code in to.codes]
    units += [("region", region.code) for region in world[Region]]
    units += [("alliance", alliance.code) for alliance in world[Alliance]]
    units += [("board", str(board)) for board in to.boards]
    kinds = ("attendance_office", "support_alliance", "inspectorate", "ministry")
    holders = [*to.boards, *(o for kind in kinds for o in to.of_kind[kind])]
    for organisation in holders:
        drawn = chance.some(units, 2) or [units[0]]
        if organisation in to.of_kind["inspectorate"] and chance.often(0.3):
            drawn.append(("national", "NL"))
        for level, code in drawn:
            start, end = chance.period()
            world.add(
                Mandate(
                    id=chance.key(),
                    organisation_id=organisation,
                    unit_level=level,
                    unit_code=code,
                    valid_from=start,
                    valid_until=end,
                )
            )


def clients(to: Setting) -> None:
    """Add programs that deliver for branches, and one that reads figures."""
    chance, world = to.chance, to.world
    for board in to.boards:
        client = world.add(
            Client(
                client_id=f"client-{chance.key()}",
                actor_id=chance.key(),
                organisation_id=board,
                role=R.SCHOOL_SYSTEM,
                purpose="data_delivery",
            )
        )
        for branch in chance.some(world[Branch], 2) or to.branches(board)[:1]:
            start, end = chance.period()
            world.add(
                Agreement(
                    id=chance.key(),
                    client_id=client.actor_id,
                    branch_id=branch.id,
                    valid_from=start,
                    valid_until=end,
                )
            )
    kinds = ("support_alliance", "attendance_office", "inspectorate", "ministry")
    owners = [*to.boards, *(owner for kind in kinds for owner in to.of_kind[kind])]
    for owner in chance.some(owners, 3):
        world.add(
            Client(
                client_id=f"client-{chance.key()}",
                actor_id=chance.key(),
                organisation_id=owner,
                role=R.REPORTING_CLIENT,
                purpose="policy_statistics",
            )
        )

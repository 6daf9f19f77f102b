"""The pupils of a random world: records at one or two boards, enrolments, classes, attendance."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from tests.proof.chance import DAY, Days
from tests.proof.facts import (
    Branch,
    Enrolment,
    Membership,
    NationalNumber,
    Pupil,
    Residence,
    YoungPerson,
)
from tests.proof.facts_of_work import (
    Absence,
    DeliveredWeek,
    DimensionWeek,
    Presumed,
    Reason,
    Signal,
    Week,
)
from tests.proof.worlds_of_organisations import Setting

REASONS = (
    "attendance.reason",
    "attendance.reason.health.fact",
    "attendance.reason.health",
    "attendance.reason.belief",
)
MARKS = ("attendance.unauthorised", "attendance.authorised")
TOLD = ("signal", "signal", "attendance.reason", "attendance.reason.health.fact")
"""What a signal tells: mostly that a threshold was reached."""
SIDES = (
    ("sickness", "attendance.reason.health.fact"),
    ("unauthorised", "attendance.unauthorised"),
)


def pupils(to: Setting) -> None:
    """Add six to nine young persons, some known to two boards, or twice to one."""
    chance = to.chance
    for _ in range(chance.random.randint(6, 9)):
        person = to.world.add(YoungPerson(id=chance.key())).id
        born = chance.birth_date()
        first = chance.one(to.boards)
        boards = [first]
        if chance.often(0.3):
            boards.append(chance.one([b for b in to.boards if b != first]))
        if chance.often(0.06):
            boards.append(first)
        for board in boards:
            same = board == boards[0] or chance.often(0.8)
            record(to, person, board, born if same else chance.birth_date())


def record(to: Setting, person: UUID, board: UUID, born: date | None) -> None:
    """Add a board's record of a young person with its enrolments and attendance."""
    chance, world = to.chance, to.world
    pupil = world.add(
        Pupil(id=chance.key(), controller_id=board, young_person_id=person, birth_date=born)
    )
    if chance.often(0.5) and not to.world.where(NationalNumber, "young_person_id", person):
        number = chance.key().bytes
        world.add(NationalNumber(controller_id=board, young_person_id=person, number_index=number))
    if chance.often(0.9):
        world.add(Residence(controller_id=board, pupil_id=pupil.id))
    for branch, days in course(to, to.branches(board)):
        world.add(
            Enrolment(
                id=chance.key(),
                controller_id=board,
                pupil_id=pupil.id,
                branch_id=branch.id,
                valid_from=days[0],
                valid_until=days[1],
            )
        )
        membership(to, pupil, branch, days)
    if chance.often(0.2):
        membership(to, pupil, chance.one(to.branches(board)), chance.days())
    attendance(to, pupil, chance.one(to.branches(board)))


def course(to: Setting, branches: list[Branch]) -> list[tuple[Branch, Days]]:
    """Draw a course of enrolments: staying, leaving, changing, returning, or two at once."""
    chance, today = to.chance, to.chance.today
    here = chance.one(branches)
    there = chance.one(branches)
    changed = today - chance.random.randrange(2, 200) * DAY
    draw = chance.random.random()
    if draw < 0.45:
        return [(here, chance.days(open_ended=0.6))]
    if draw < 0.6:
        return [(here, (changed - 400 * DAY, changed)), (there, (changed, None))]
    if draw < 0.7:
        return [
            (here, (changed - 400 * DAY, changed)),
            (
                there,
                (
                    changed + 5 * DAY,
                    max(changed + 6 * DAY, today + chance.one([-1, 0, 1, 60]) * DAY),
                ),
            ),
        ]
    if draw < 0.8 and here is not there:
        return [(here, chance.days()), (there, chance.days())]
    if draw < 0.9:
        left = today - 150 * DAY
        return [(here, (left - 200 * DAY, left)), (here, (today - 10 * DAY, None))]
    return [(here, chance.long_ago())]


def membership(to: Setting, pupil: Pupil, branch: Branch, days: Days) -> None:
    """Add a place in a class, mostly for as long as the enrolment."""
    start, end = days if to.chance.often(0.8) else to.chance.days()
    to.world.add(
        Membership(
            id=to.chance.key(),
            controller_id=pupil.controller_id,
            branch_id=branch.id,
            pupil_id=pupil.id,
            class_group_id=to.chance.one(to.groups(branch.id)).id,
            valid_from=start,
            valid_until=end,
        )
    )


def attendance(to: Setting, pupil: Pupil, branch: Branch) -> None:
    """Add marks with reasons of every class, a week, its sums, and a signal or two."""
    chance, world, board = to.chance, to.world, pupil.controller_id
    monday = chance.today - timedelta(days=chance.today.weekday() + 7)
    of = {"controller_id": board, "branch_id": branch.id, "pupil_id": pupil.id}
    marks: list[UUID] = []
    for data_class in MARKS:
        replaced = chance.before(2) if chance.often(0.3) else None
        moved = replaced is not None and chance.often(0.5)
        mark = world.add(
            Absence(
                id=chance.key(),
                data_class=data_class,
                replaced_at=replaced,
                moved=moved,
                **of,
            )
        )
        marks.append(mark.id)
        if chance.often(0.8):
            world.add(Reason(absence_id=mark.id, data_class=chance.one(REASONS), moved=moved, **of))
        if chance.often(0.5):
            world.add(
                Presumed(absence_id=mark.id, data_class=chance.one(REASONS), moved=moved, **of)
            )
    if chance.often(0.5):
        second = world.add(Week(monday=monday, version=2, replaced_at=None, **of))
        world.add(replace(second, version=1, replaced_at=chance.before(2)))
    for dimension, data_class in SIDES:
        if chance.often(0.5):
            world.add(
                DimensionWeek(
                    id=chance.key(),
                    monday=monday,
                    dimension=dimension,
                    data_class=data_class,
                    **of,
                )
            )
    delivered = world.where(DeliveredWeek, "branch_id", branch.id)
    if not delivered:
        whole = {"controller_id": board, "branch_id": branch.id, "monday": monday}
        world.add(DeliveredWeek(replaced_at=chance.before(2), **whole))
        world.add(DeliveredWeek(version=2, **whole))
    for number in range(chance.one([0, 1, 2, 2])):
        world.add(
            Signal(
                id=chance.key(),
                data_class=chance.one(TOLD),
                marks=tuple(marks),
                reached_on=monday - number * 7 * DAY,
                withdrawn_at=chance.before(3) if chance.often(0.15) else None,
                **of,
            )
        )

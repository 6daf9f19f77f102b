"""Attackers: each asks how small and how great a true count can be, given all that it knows.

*The public* knows what is published and how many pupils are enrolled. *A school* knows besides,
by the worst that can be assumed, every rounded cell of its own, so that the municipality's figures
tell it of the others together. *All schools but one* know the last one's counts by sex and by year
group. *An officer* reads the figures as adviser, and as enforcer knows some pupils for certain; it
asks how many there are besides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from domain.aggregates.gate.knowledge import Method, TopDown, Unit, with_enrolment, with_sums
from domain.aggregates.gate.program import ContradictionError, Program
from domain.aggregates.rounding.shape import ALL, Part, Table

_MOST_ASKED: Final = 8
_MOST_ASKED_OF_MANY, _SECONDS_OF_MANY = 4, 2.0
_FEWEST_PROVEN, _MOST_PROVEN = 1, 4
_WITHOUT: Final[Mapping[tuple[int, int], int]] = {}

PUBLIC: Final = "the public with enrolment"
SCHOOL: Final = "one school of the municipality"
ALL_BUT_ONE: Final = "all schools of the municipality but one"
OFFICER: Final = "an officer with the adviser's and the enforcement token"


@dataclass(frozen=True, slots=True)
class Question:
    """A count that an attacker asks for: categories, and groups unless it is all of them."""

    words: str
    categories: tuple[int, ...]
    groups: tuple[int, ...] | None = None
    difference: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What an attacker knows of one count of one unit: it is at least `low` and at most `high`."""

    attacker: str
    unit: str
    question: Question
    shown: int
    low: float
    high: float

    @property
    def proven(self) -> bool:
        """Return whether it is proven that the count is one to four."""
        return self.low >= _FEWEST_PROVEN and self.high <= _MOST_PROVEN

    @property
    def exact(self) -> bool:
        """Return whether the count is known exactly."""
        return self.low == self.high

    @property
    def width(self) -> float:
        """Return how many pupils lie between the bounds."""
        return self.high - self.low


def questions(table: Table) -> Iterator[Question]:
    """Yield what is asked of everybody in a unit: parts, what they leave of a parent, and pairs."""
    scale = table.scale
    yield from _of_part(scale.root, scale.spans)
    for one, other in combinations(range(len(scale.categories)), 2):
        words = f"{scale.categories[one]} or {scale.categories[other]}"
        yield Question(words, (one, other), difference=True)


def questions_of_groups(table: Table) -> Iterator[Question]:
    """Yield each category of each sex and of each year group."""
    for labels in (
        [group.sexes for group in table.groups],
        [group.years for group in table.groups],
    ):
        for label in dict.fromkeys(labels):
            groups = tuple(at for at, each in enumerate(labels) if each == label)
            for row, name in enumerate(table.scale.categories):
                yield Question(f"{name} of {' and '.join(label) or 'all'}", (row,), groups)


def _smallest(table: Table) -> list[Question]:
    """Return the questions of groups whose shown count is smallest: what is worth an attack."""

    def shown(asked: Question) -> int:
        return sum(table.cells[row][at] for row in asked.categories for at in asked.groups or ())

    # Those that show something first: of a zero it is known that it may be nobody.
    found = sorted(questions_of_groups(table), key=lambda asked: (shown(asked) == 0, shown(asked)))
    return found[:_MOST_ASKED]


def _undivided(table: Table) -> Table:
    """Return the table with everybody in one group: of a unit no more is published."""
    return Table(table.scale, ALL, tuple((count,) for count in table.by_category))


def _of_part(part: Part, spans: Mapping[str, range]) -> Iterator[Question]:
    whole = set(spans[part.name])
    for child in part.parts:
        own = tuple(spans[child.name])
        yield Question(child.name, own)
        left = tuple(sorted(whole - set(own)))
        if left:
            yield Question(f"{part.name} without {child.name}", left, difference=True)
        yield from _of_part(child, spans)


# --- who attacks --------------------------------------------------------------------------

_METHOD: Final = TopDown()


def public(
    unit: str, table: Table, method: Method = _METHOD, *, enrolled: int | None = None
) -> list[Finding]:
    """Ask as somebody who knows the figures and the enrolment, by default the table's total."""
    program = Program()
    whole = _undivided(table)
    pupils = table.total if enrolled is None else enrolled
    target = with_enrolment(program, method, whole, [pupils], _WITHOUT)
    return _ask(PUBLIC, unit, program, target, list(questions(whole)))


def all_but_one(unit: str, table: Table, method: Method = _METHOD) -> list[Finding]:
    """Ask as all schools of the municipality but this one."""
    program = Program()
    target = with_enrolment(program, method, table, table.by_group, _WITHOUT)
    with_sums(program, method, [target])
    return _ask(ALL_BUT_ONE, unit, program, target, _smallest(table))


def school(
    unit: str, table: Table, others: Sequence[Table], method: Method = _METHOD
) -> list[Finding]:
    """Ask of one unit as a school that knows the sum of it and `others`, all but its own."""
    program = Program(_SECONDS_OF_MANY)
    units = [
        with_enrolment(program, method, each, each.by_group, _WITHOUT) for each in (table, *others)
    ]
    with_sums(program, method, units)
    return _ask(SCHOOL, unit, program, units[0], _smallest(table)[:_MOST_ASKED_OF_MANY])


def officer(
    unit: str, table: Table, known: Mapping[tuple[int, int], int], method: Method = _METHOD
) -> list[Finding]:
    """Ask as somebody who knows pupils by category and group; how many are there besides."""
    program = Program()
    whole = _undivided(table)
    in_category = dict[tuple[int, int], int]()
    for (row, _), count in known.items():
        in_category[row, 0] = in_category.get((row, 0), 0) + count
    target = with_enrolment(program, method, whole, [table.total], in_category)
    asked = [each for each in questions(whole) if not each.difference]
    found = _ask(OFFICER, unit, program, target, asked)
    return [_besides(each, known) for each in found]


def _besides(found: Finding, known: Mapping[tuple[int, int], int]) -> Finding:
    own = sum(count for (row, _), count in known.items() if row in found.question.categories)
    return Finding(
        found.attacker, found.unit, found.question, found.shown, found.low - own, found.high - own
    )


def _ask(
    attacker: str, name: str, program: Program, unit: Unit, asked: Sequence[Question]
) -> list[Finding]:
    """Return what is found of each question; nothing when what is known excludes itself."""
    table = unit.published
    found = list[Finding]()
    for question in asked:
        wide = range(len(table.groups)) if question.groups is None else question.groups
        if sum(table.by_group[at] for at in wide) <= 0:
            continue
        shown = sum(table.cells[row][at] for row in question.categories for at in wide)
        try:
            low, high = program.between(unit.total(question.categories, question.groups))
        except ContradictionError:
            # An attacker that assumes more than is so learns nothing from it.
            return found
        found.append(Finding(attacker, name, question, shown, low, high))
    return found

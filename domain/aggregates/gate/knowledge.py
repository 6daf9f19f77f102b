"""What somebody knows of the true counts of one unit, as conditions on whole numbers.

The attacker has the code, so a published count stands for every true count that the method may
have turned into it. Over the scale that is modelled exactly as far as one part makes up for the
others: a part shown as 0 had at most four; one shown as five had one to five, or was chosen to make
up; a larger one was as large, or was chosen. Over the groups the attacker is made stronger than the
method allows: what is shown as 0 had at most four, what is shown had at least one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from domain.aggregates.gate.program import Program, Sum
from domain.aggregates.rounding.shape import Part, Table

_FIVE: Final = 5


class Method(Protocol):
    """What the attacker knows of a method: which true counts a published count may stand for."""

    def divided(
        self, program: Program, part: Part, true: Sequence[int], shown: Sequence[int], most: int
    ) -> None:
        """Let the true counts of the categories of a part fit what is shown of them."""
        ...  # fmt: skip

    def cell(self, program: Program, true: int, shown: int, most: int) -> None:
        """Let a true count of one category and group fit the number that was published for it."""
        ...


class TopDown:
    """The method of this package."""

    def divided(
        self, program: Program, part: Part, true: Sequence[int], shown: Sequence[int], most: int
    ) -> None:
        """Let the true counts of a part's categories fit, and of every part within it."""
        if not part.parts:
            return
        at = 0
        pieces = list[tuple[Part, Sequence[int], Sequence[int]]]()
        for child in part.parts:
            width = sum(1 for _ in child.categories())
            pieces.append((child, true[at : at + width], shown[at : at + width]))
            at += width
        counts = [sum(each) for _, _, each in pieces]
        chosen = list[int]()
        filled = sum(1 for count in counts if count)
        for (child, cells, within), count in zip(pieces, counts, strict=True):
            total = dict.fromkeys(cells, 1.0)
            if count == 0:
                program.require(total, 0, _FIVE - 1)
            else:
                exact = count > _FIVE * len(cells) or filled == 1
                # One that gave all it could leaves the rest to another that was chosen.
                slack = 0 if exact else (_FIVE - 1) * (filled + 1)
                chosen.append(_filled(program, total, count, slack, most))
            self.divided(program, child, cells, within, most)
        program.require(dict.fromkeys(chosen, 1.0), 0, 1)

    def cell(self, program: Program, true: int, shown: int, most: int) -> None:
        """Let what is shown as 0 have at most four, and what is shown at least one."""
        # `shown` is itself unknown: only sums over sexes and years are published.
        is_shown = program.choice()
        program.require({shown: 1, is_shown: -_FIVE}, 0)
        program.require({shown: 1, is_shown: -most}, high=0)
        program.require({true: 1, is_shown: -1}, 0)
        program.require({true: 1, is_shown: -(most - _FIVE + 1)}, high=_FIVE - 1)


def _filled(program: Program, total: Sum, count: int, slack: int, most: int) -> int:
    """Let a part that is shown as at least five fit; return whether it made up for the others."""
    chosen = program.choice()
    low = 1 if count == _FIVE else count
    program.require({**total, chosen: low - 1}, low)
    program.require({**total, chosen: -most}, high=count + slack)
    return chosen


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's true counts as variables: `cells[category][group]`, and what was published."""

    published: Table
    cells: Sequence[Sequence[int]]

    def total(self, categories: Sequence[int], groups: Sequence[int] | None = None) -> Sum:
        """Return the true pupils of some categories, in some groups or in all."""
        within = range(len(self.published.groups)) if groups is None else groups
        return {self.cells[row][at]: 1.0 for row in categories for at in within}


def with_enrolment(
    program: Program,
    method: Method,
    published: Table,
    enrolled: Sequence[int],
    known: Mapping[tuple[int, int], int],
) -> Unit:
    """Let the true counts of a unit fit what is published of it and how many are enrolled.

    Args:
        program: where the conditions go.
        method: how it was published.
        published: the published table, of which only the categories are told.
        enrolled: the public number of pupils of each group.
        known: by category and group, how many pupils the attacker knows to be there.
    """
    most = max(sum(enrolled), 1)
    rows = range(len(published.cells))
    wide = range(len(published.groups))
    cells = [[program.number(known.get((row, at), 0), enrolled[at]) for at in wide] for row in rows]
    for at in wide:
        program.equal({cells[row][at]: 1 for row in rows}, enrolled[at])
    unit = Unit(published, cells)
    totals = list[int]()
    for row in rows:
        total = program.number(0, most)
        program.equal({**unit.total([row]), total: -1.0}, 0)
        totals.append(total)
    method.divided(program, published.scale.root, totals, published.by_category, most)
    return unit


def with_sums(program: Program, method: Method, units: Sequence[Unit]) -> None:
    """Let the counts of units by sex, and by year group, add up to what is published of them.

    With one unit its own counts are known, because all others of the municipality gave away
    theirs.
    """
    sums = dict[tuple[str, int, tuple[str, ...]], tuple[dict[int, float], int]]()
    for unit in units:
        published = unit.published
        most = max(published.total, _FIVE)
        for row, counts in enumerate(published.cells):
            for at, group in enumerate(published.groups):
                rounded = program.number(0, most)
                method.cell(program, unit.cells[row][at], rounded, most)
                for key in (("sex", row, group.sexes), ("year", row, group.years)):
                    terms, value = sums.get(key, ({}, 0))
                    sums[key] = ({**terms, rounded: 1.0}, value + counts[at])
    for terms, value in sums.values():
        program.equal(terms, value)

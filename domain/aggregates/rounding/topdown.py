"""Rounds the table of one branch from the top down, so that it may be published.

The exact total is divided over the parts of the scale, each part over its own, and each category
over the groups. At every level a count is 0 or at least five and adds up to the one above; the
pupils of each group stay as many as there are. Nothing of another branch is read.

A table of which every count is 0 or at least five is left as it is, with any key. So what is
published could itself be the truth, and from one table alone nobody can prove of any count in it,
or of any difference of counts, that it is one to four. From several tables of the same pupils one
could: of them it holds as far as they can be true together. So those that share their first splits
draw them alike, `measures.released_of` leaves out what lies within another, and `gate/across.py`
compares what is released.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from domain.aggregates.rounding.draws import Draws
from domain.aggregates.rounding.shape import (
    ABOVE,
    BELOW,
    FEWEST_IN_CELL,
    KNOWN,
    TOTAL,
    Group,
    Part,
    Table,
    regrouped,
)
from domain.aggregates.rounding.split import Chance, divide, drawn, place

SHARED: Final = frozenset({TOTAL, KNOWN})
"""The splits that measures of one name share."""

MOST_SHARED: Final = {KNOWN: 5, "delivered": 5, "reported": 5, BELOW: 2, ABOVE: 3}
"""The most categories that any measure has in a part of a shared split; of others, as many as it
has. What is in a part has no more together, so that it can keep all it has to."""

ATTEMPTS: Final = 12
"""How many draws are tried before groups are joined."""


def round_table(table: Table, *, secret: bytes, school_year: int, unit: str) -> Table:
    """Return a table that may be published in place of the exact one.

    Args:
        table: exact counts of one unit (a branch, or branches that are published as one).
        secret: the key of the school year, at least 32 bytes. It is the same for every period of
            the year, so that an unchanged small count keeps its answer.
        school_year: the year in which the school year begins, such as 2025.
        unit: the code of the unit; stable over the year.

    Returns:
        A table of the same scale, and of the same total unless that is one to four. Its groups
        are those given, or coarser ones where no draw kept the groups' pupils: sexes together,
        then everybody together.

    Raises:
        ValueError: the secret is too short, or a count is negative.
    """
    if any(count < 0 for row in table.cells for count in row):
        raise ValueError("A count of pupils is negative.")
    draws = Draws(secret, school_year, unit, table.scale.name)
    first = Draws(secret, school_year, unit, f"first of {table.scale.shared}")
    rows = _categories(table, draws, first)
    if len(table.groups) == 1:
        return Table(table.scale, table.groups, tuple((count,) for count in rows))
    for groups in _coarser(table.groups):
        exact = regrouped(table, groups)
        kept = exact.by_group
        if any(0 < pupils < FEWEST_IN_CELL for pupils in kept):
            continue
        for attempt in range(ATTEMPTS):
            cells = _over_groups(exact, rows, kept, draws, attempt)
            if cells is not None:
                return Table(table.scale, groups, cells)
    together = _coarsest(table.groups)
    return Table(table.scale, together, tuple((count,) for count in rows))


# --- down the scale -----------------------------------------------------------------------


def _categories(table: Table, draws: Draws, first: Draws) -> list[int]:
    """Return the rounded count of each category."""
    counts = table.by_category
    (number,) = draws.numbers(TOTAL, 1)
    found = [0] * len(counts)

    def down(part: Part, value: int, start: int) -> None:
        if not part.parts:
            found[start] = value
            return
        if value == 0:
            return
        starts = [start]
        for child in part.parts:
            starts.append(starts[-1] + sum(1 for _ in child.categories()))
        exact = [sum(counts[low:high]) for low, high in pairwise(starts)]
        least = [_least(child, counts, low) for child, low in zip(part.parts, starts, strict=False)]
        width = len(exact)
        by = draws
        if part.name in SHARED and table.scale.shared:
            # What is left for what lies within differs by measure; all keep the most of any.
            by = first
            least = [
                _most_kept(own, most_shared(child))
                for own, child in zip(exact, part.parts, strict=True)
            ]
        numbers = by.numbers(part.name, 2 * width)
        chance = Chance(numbers[:width], numbers[width:])
        values = divide(value, exact, least, chance)
        for child, child_value, low in zip(part.parts, values, starts, strict=False):
            down(child, child_value, low)

    down(table.scale.root, drawn(sum(counts), number), 0)
    return found


def most_shared(part: Part) -> int:
    """Return the most categories that a part of a shared split has in any measure."""
    most = MOST_SHARED.get(part.name)
    return sum(1 for _ in part.categories()) if most is None else most


def _most_kept(count: int, categories: int) -> int:
    """Return the most that a part of so many may have to keep in any measure that shares it."""
    return FEWEST_IN_CELL * min(count // FEWEST_IN_CELL, categories)


def _least(part: Part, counts: Sequence[int], start: int) -> int:
    """Return the smallest rounded count of a part with which no large category in it is lost."""
    within = 0
    at = start
    for child in part.parts:
        within += _least(child, counts, at)
        at += sum(1 for _ in child.categories())
    own = counts[start] if not part.parts else sum(counts[start:at])
    return max(within, FEWEST_IN_CELL if own >= FEWEST_IN_CELL else 0)


# --- over the groups ----------------------------------------------------------------------


def _over_groups(
    exact: Table, rows: Sequence[int], kept: Sequence[int], draws: Draws, attempt: int
) -> tuple[tuple[int, ...], ...] | None:
    """Return the cells, or None when this attempt leads nowhere.

    The largest category is what the others leave of each group; they are divided first, so that
    the pupils of each group are kept.
    """
    room = list(kept)
    cells: list[Sequence[int]] = [()] * len(rows)
    largest, *others = sorted(range(len(rows)), key=lambda at: (-rows[at], at))
    width = len(rows)
    numbers = [draws.numbers(_label(group, attempt), 2 * width) for group in exact.groups]
    for row in others:
        chance = Chance(
            [number[row] for number in numbers], [number[width + row] for number in numbers]
        )
        found = place(rows[row], exact.cells[row], room, chance) if rows[row] else [0] * len(room)
        if found is None:
            return None
        cells[row] = found
        room = [space - value for space, value in zip(room, found, strict=True)]
    cells[largest] = room
    return tuple(map(tuple, cells))


def _label(group: Group, attempt: int) -> str:
    """Return what the numbers of a group belong to: joining others to it changes none."""
    return f"{group.years[:1]} {group.sexes[:1]} {attempt}"


def _coarser(groups: tuple[Group, ...]) -> Iterator[tuple[Group, ...]]:
    """Yield the groups, and then the groups with sexes together."""
    yield groups
    without_sex = dict[tuple[str, ...], set[str]]()
    for group in groups:
        without_sex.setdefault(group.years, set()).update(group.sexes)
    by_year = tuple(Group(years, tuple(sorted(sexes))) for years, sexes in without_sex.items())
    if 1 < len(by_year) < len(groups):
        yield by_year


def _coarsest(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Return one group that holds all of them."""
    years = tuple(dict.fromkeys(year for group in groups for year in group.years))
    return (Group(years, tuple(sorted({sex for group in groups for sex in group.sexes}))),)

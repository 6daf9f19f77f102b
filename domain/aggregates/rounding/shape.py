"""What is counted: exclusive categories of pupils, by year group and sex, in one branch.

Every measure is a `Scale`: a tree of parts whose leaves, the categories, hold each pupil once. The
tree is the order in which counts are divided: what is high in it is told most exactly. A count of
events is made a scale by saying how many pupils had none, one, or more of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

FEWEST_IN_CELL: Final = 5
"""A published count is 0, or at least this many pupils."""

FEWEST_IN_GROUP: Final = 10
"""Fewer pupils than this are counted together with others before anything is divided."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a scale; one without parts of its own is a category."""

    name: str
    parts: tuple[Part, ...] = ()

    def categories(self) -> Iterator[str]:
        """Yield the names of the categories in this part, from left to right."""
        if not self.parts:
            yield self.name
        for part in self.parts:
            yield from part.categories()


@dataclass(frozen=True, slots=True)
class Scale:
    """A measure that puts each pupil into one category by what happened within the period.

    It never counts what also counted in an earlier period, such as every plan that is open: the
    difference of two periods would then be a count of the few that are new. Events of a longer
    period are sums of the shorter ones.

    `name` is stable: the keyed stream depends on it, so a renamed scale is rounded anew.

    Raises:
        ValueError: two parts have the same name.
    """

    name: str
    root: Part
    shared: str = ""
    """Scales of one name here divide the same pupils first: they draw the same numbers for that.

    Else one would show five where another shows none of the same pupils, which proves one to four.
    """
    categories: tuple[str, ...] = field(init=False)
    spans: Mapping[str, range] = field(init=False, repr=False, compare=False, hash=False)
    """By the name of each part, root included: the indexes of its categories."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "categories", tuple(self.root.categories()))
        spans = dict[str, range]()
        for part, span in _spans(self.root, 0):
            if part.name in spans:
                raise ValueError(f"The scale {self.name} has two parts named {part.name}.")
            spans[part.name] = span
        object.__setattr__(self, "spans", spans)


def _spans(part: Part, start: int) -> Iterator[tuple[Part, range]]:
    end = start + sum(1 for _ in part.categories())
    yield part, range(start, end)
    for child in part.parts:
        yield from _spans(child, start)
        start += sum(1 for _ in child.categories())


def scale(name: str, **parts: Sequence[str]) -> Scale:
    """Return a scale of two levels: `scale("late", never=["none"], sometimes=["1_2", "3_plus"])`.

    A part of one category is that category, by the category's name.
    """
    made = [
        Part(names[0]) if len(names) == 1 else Part(part, tuple(Part(each) for each in names))
        for part, names in parts.items()
    ]
    return Scale(name, Part(TOTAL, tuple(made)))


TOTAL: Final = "total"
"""The root of every scale: all pupils that are enrolled, whatever is known of them."""

UNKNOWN: Final = "unknown"
"""Pupils of whom nothing was delivered; enrolment is public, so they cannot be left out."""

FEW_WEEKS: Final = "few_weeks"
"""Pupils of whom something was delivered, but of too few weeks to say more."""

NOT_TOLD: Final = frozenset({UNKNOWN, FEW_WEEKS})
"""Categories that tell how much is known, not what; shares are of the others."""

KNOWN: Final = "known"
BELOW: Final = "below_10"
ABOVE: Final = "above_10"
BANDS: Final = ("0_5", "5_10", "10_20", "20_50", "50_plus")
"""The share of scheduled time that a pupil missed, in percent; the upper end is excluded."""

ABSENCE: Final = Scale(
    "absence",
    Part(
        TOTAL,
        (
            Part(
                KNOWN,
                (
                    Part(BELOW, (Part("0_5"), Part("5_10"))),
                    Part(ABOVE, (Part("10_20"), Part("20_50"), Part("50_plus"))),
                ),
            ),
            Part(UNKNOWN),
        ),
    ),
    "attendance",
)
"""The distribution of absence: who is known, who missed a tenth or more, and the bands."""

KINDS: Final = Scale(
    "absence_kinds",
    Part(
        TOTAL,
        (
            Part(
                KNOWN,
                (
                    Part(BELOW),
                    Part(
                        ABOVE,
                        (Part("mostly_ill"), Part("mostly_unauthorised"), Part("mostly_other")),
                    ),
                ),
            ),
            Part(UNKNOWN),
        ),
    ),
    "attendance",
)
"""What most absence was of those who missed a tenth or more: they are the same as in the bands."""

OFTEN_ILL: Final = Scale(
    "frequent_sickness",
    Part(TOTAL, (Part("delivered", (Part("not_often"), Part("often_ill"))), Part(UNKNOWN))),
    "attendance",
)
"""Who reached a threshold of frequent illness: of some that says how much was missed, of all no."""

SEXES: Final = ("f", "m")

YEAR_GROUPS: Final = {
    "PO": ("1_2", "3_4", "5_6", "7_8"),
    "SBO": ("1_2", "3_4", "5_6", "7_8"),
    "SO": ("1_2", "3_4", "5_6", "7_8"),
    "VO": ("year_1", "year_2", "year_3", "year_4_6"),
}
"""The year groups of each sector of the directory, youngest first: neighbours are adjacent."""


class Group(NamedTuple):
    """Pupils that are counted as one: of some adjacent year groups, of one sex or of both."""

    years: tuple[str, ...]
    sexes: tuple[str, ...]


def groups_of(years: Sequence[str]) -> tuple[Group, ...]:
    """Return the finest groups of these year groups, in the order that every table keeps."""
    return tuple(Group((year,), (sex,)) for year in years for sex in SEXES)


ALL: Final = (Group((), ()),)
"""The groups of a table that tells no years or sexes apart."""


@dataclass(frozen=True, slots=True)
class Table:
    """Distinct pupils of one branch over one closed period, exact or rounded.

    `cells[category][group]` follows `scale.categories` and `groups`. Both forms are tuples of
    integers, so that a nation of them is small and can be compared and hashed.
    """

    scale: Scale
    groups: tuple[Group, ...]
    cells: tuple[tuple[int, ...], ...]

    @property
    def total(self) -> int:
        """Return how many pupils there are."""
        return sum(map(sum, self.cells))

    @property
    def by_category(self) -> tuple[int, ...]:
        """Return the pupils of each category."""
        return tuple(map(sum, self.cells))

    @property
    def by_group(self) -> tuple[int, ...]:
        """Return the pupils of each group."""
        return tuple(map(sum, zip(*self.cells, strict=True)))

    def part(self, name: str) -> int:
        """Return the pupils of a part of the scale by its name."""
        return sum(sum(self.cells[index]) for index in self.scale.spans[name])


def table_of(
    of: Scale, groups: tuple[Group, ...], counts: Mapping[tuple[Group, str], int]
) -> Table:
    """Return a table from counts by (finest group, category); what is missing is 0.

    Each finest group is counted in the one of `groups` that holds its year and its sex.

    Raises:
        ValueError: no group of the table holds a counted one, or a category is not of the scale.
    """
    home = {(year, sex): at for at, into in enumerate(groups) for year, sex in _members(into)}
    rows = {name: index for index, name in enumerate(of.categories)}
    cells = [[0] * len(groups) for _ in of.categories]
    for (group, category), count in counts.items():
        if category not in rows:
            raise ValueError(f"{category} is no category of {of.name}.")
        places = {home.get(member) for member in _members(group)}
        place = places.pop()
        if place is None or places:
            raise ValueError(f"No group of the table holds {group}.")
        cells[rows[category]][place] += count
    return Table(of, groups, tuple(map(tuple, cells)))


def regrouped(table: Table, groups: tuple[Group, ...]) -> Table:
    """Return the table with coarser groups; each of its groups has to lie within one of them."""
    if groups == table.groups:
        return table
    counts = {
        (group, category): table.cells[row][at]
        for at, group in enumerate(table.groups)
        for row, category in enumerate(table.scale.categories)
    }
    return table_of(table.scale, groups, counts)


def added(tables: Iterable[Table]) -> Table:
    """Return the sum of exact tables of the same scale and groups: a unit of several branches.

    Raises:
        ValueError: there is no table, or they differ in scale or groups.
    """
    first, *others = tables
    if any(other.scale != first.scale or other.groups != first.groups for other in others):
        raise ValueError("Only tables of one scale and the same groups can be added.")
    cells = [
        tuple(map(sum, zip(*rows, strict=True)))
        for rows in zip(first.cells, *(other.cells for other in others), strict=True)
    ]
    return Table(first.scale, first.groups, tuple(cells))


def _members(group: Group) -> list[tuple[str, str]]:
    return [(year, sex) for year in group.years or ("",) for sex in group.sexes or ("",)]

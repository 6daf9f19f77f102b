"""Exact tables as they are counted, kept and handed to the rounding.

A kept table has every category of its measure and, for the sector of the branch, every year group
by sex. Pupils whose year group or sex is not known have a place of their own: the year group
`unknown`, the sex `unknown`.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from domain.aggregates.rounding.shape import (
    ALL,
    SEXES,
    UNKNOWN,
    YEAR_GROUPS,
    Group,
    Scale,
    Table,
    table_of,
)

Counts = Mapping[tuple[str, str, str], int]
"""Pupils by category, year group and sex."""

_SEX: Final = {"female": "f", "male": "m"}
_PRIMARY: Final = 8
_SECONDARY: Final = {11: "year_1", 12: "year_2", 13: "year_3"}
_LAST_SECONDARY: Final = 16


def years_of(sector: str) -> tuple[str, ...]:
    """Return the year groups of a sector, youngest first, and then those that are not known."""
    return (*YEAR_GROUPS[sector], UNKNOWN)


def year_of(sector: str, number: int | None) -> str:
    """Return the year group that a jaargroep of the register lies in."""
    if sector == "VO":
        if number is not None and max(_SECONDARY) < number <= _LAST_SECONDARY:
            return YEAR_GROUPS[sector][-1]
        return _SECONDARY.get(number or 0, UNKNOWN)
    if number is None or not 1 <= number <= _PRIMARY:
        return UNKNOWN
    return YEAR_GROUPS[sector][(number - 1) // 2]


def counts_of(
    scale: Scale, sector: str, cells: Sequence[str], pupils: Sequence[int]
) -> dict[tuple[str, str, str], int]:
    """Return counts from the cells of the database, `category|jaargroep|sex` each.

    A category that the scale does not have, such as a kind of report of a later law, is `other`.

    Raises:
        ValueError: the scale has no such category, nor an `other`.
    """
    found: dict[tuple[str, str, str], int] = {}
    for cell, number in zip(cells, pupils, strict=True):
        category, year, sex = cell.split("|")
        name = category.lower()
        if name not in scale.categories:
            if "other" not in scale.categories:
                raise ValueError(f"{name} is no category of {scale.name}.")
            name = "other"
        key = (name, year_of(sector, int(year) if year else None), _SEX.get(sex, UNKNOWN))
        found[key] = found.get(key, 0) + number
    return found


def with_nobody_left_out(
    done: Counts, everybody: Counts, none: str
) -> dict[tuple[str, str, str], int]:
    """Return counts of events to which those of whom there were none are added."""
    found = dict(done)
    had: dict[tuple[str, str], int] = {}
    for (_, year, sex), number in done.items():
        had[year, sex] = had.get((year, sex), 0) + number
    enrolled: dict[tuple[str, str], int] = {}
    for (_, year, sex), number in everybody.items():
        enrolled[year, sex] = enrolled.get((year, sex), 0) + number
    for (year, sex), number in enrolled.items():
        found[none, year, sex] = max(number - had.get((year, sex), 0), 0)
    return found


def kept(scale: Scale, sector: str, counts: Counts) -> tuple[list[str], list[int]]:
    """Return the groups and the cells of a table as it is kept."""
    groups, column = _groups_kept(sector)
    row = {category: at * len(groups) for at, category in enumerate(scale.categories)}
    cells = [0] * (len(row) * len(groups))
    for (category, year, sex), number in counts.items():
        cells[row[category] + column[year, sex]] = number
    return list(groups), cells


@cache
def _groups_kept(sector: str) -> tuple[tuple[str, ...], Mapping[tuple[str, str], int]]:
    """Return the groups of a kept table by name, and the place of each."""
    groups = [(year, sex) for year in years_of(sector) for sex in (*SEXES, UNKNOWN)]
    column = {group: at for at, group in enumerate(groups)}
    return tuple(f"{year}:{sex}" for year, sex in groups), column


def counts_in(
    categories: Sequence[str], groups: Sequence[str], cells: Sequence[int]
) -> dict[tuple[str, str, str], int]:
    """Return the counts of a kept table; what is 0 is left out."""
    named = [tuple(group.split(":")) for group in groups]
    found: dict[tuple[str, str, str], int] = {}
    at = 0
    for category in categories:
        for year, sex in named:
            if cells[at]:
                found[category, year, sex] = cells[at]
            at += 1
    return found


def enrolled_in(counts: Counts) -> dict[tuple[str, str], int]:
    """Return the pupils of a table by year group and sex."""
    found: dict[tuple[str, str], int] = {}
    for (_, year, sex), number in counts.items():
        found[year, sex] = found.get((year, sex), 0) + number
    return found


def sexes_together(enrolled: Mapping[tuple[str, str], int]) -> frozenset[str]:
    """Return the year groups in which somebody's sex is not known: there both are one group."""
    return frozenset(year for (year, sex), number in enrolled.items() if sex == UNKNOWN and number)


def by_finest(enrolled: Mapping[tuple[str, str], int]) -> dict[Group, int]:
    """Return pupils by the finest groups; those of no known sex count with the girls.

    Their year group has its sexes together, so nothing is said of them by it.
    """
    found: dict[Group, int] = {}
    for (year, sex), number in enrolled.items():
        group = Group((year,), (sex if sex in SEXES else SEXES[0],))
        found[group] = found.get(group, 0) + number
    return found


def beginning(
    years: Sequence[str], before: Sequence[Group], together: Iterable[str]
) -> tuple[Group, ...]:
    """Return the groups that merging begins with: those before, sexes joined where they must be."""
    joined = frozenset(together)
    groups = before or tuple(Group((year,), (sex,)) for year in years for sex in SEXES)
    return tuple(
        dict.fromkeys(
            Group(group.years, SEXES if joined.intersection(group.years) else group.sexes)
            for group in groups
        )
    )


def to_round(scale: Scale, groups: tuple[Group, ...], counts: Counts) -> Table:
    """Return the table of a unit as the rounding takes it."""
    found: dict[tuple[Group, str], int] = {}
    for (category, year, sex), number in counts.items():
        one = Group((year,), (sex if sex in SEXES else SEXES[0],))
        key = (one if groups != ALL else ALL[0], category)
        found[key] = found.get(key, 0) + number
    return table_of(scale, groups, found)


def written(group: Group) -> str:
    """Return a group as text: `1_2+3_4:f+m`."""
    return f"{'+'.join(group.years)}:{'+'.join(group.sexes)}"


def read(text: str) -> Group:
    """Return the group of a text."""
    years, _, sexes = text.partition(":")
    return Group(tuple(years.split("+")), tuple(sexes.split("+")))


def together(several: Iterable[Counts]) -> dict[tuple[str, str, str], int]:
    """Return the sum of counts: a unit of several branches."""
    found: dict[tuple[str, str, str], int] = {}
    for counts in several:
        for key, number in counts.items():
            found[key] = found.get(key, 0) + number
    return found

"""Sums of rounded tables: what is published of a branch, a board, a municipality and above.

Nothing is rounded here. Whatever is published is a sum of cells that are 0 or at least five, so
every difference of two published counts of one measure over the same pupils is such a sum too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.aggregates.rounding.merging import FEWEST_UNITS, Area, Unit
from domain.aggregates.rounding.shape import Scale, Table

TOGETHER: Final = "together"
"""The label of pupils whose sexes, or year groups, are not told apart in their branch."""

EVERYBODY: Final = "all"
"""The label of a row that is divided by nothing."""

FEWEST_BY_YEAR: Final = 500
"""A year group of a municipality is shown from this many pupils: under it rounding is coarse."""

COUNTRY: Final = "NL"


class Level(StrEnum):
    """Where figures are published; the codes are those of the directory."""

    BRANCH = "branch"
    BOARD = "board"
    MUNICIPALITY = "municipality"
    REGION = "region"
    ALLIANCE = "alliance"
    COUNTRY = "country"


class By(StrEnum):
    """What a row is divided by."""

    NOTHING = "nothing"
    SECTOR = "sector"
    SEX = "sex"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Row:
    """One published row: the pupils of a unit, or of one sex or year group in it, by category.

    `counts` follows `scale.categories`; `units` is how many rounded tables were added.
    """

    level: Level
    code: str
    by: By
    label: str
    scale: Scale
    counts: tuple[int, ...]
    units: int


_DIVIDED: Final = {
    Level.BRANCH: (),
    Level.BOARD: (By.SECTOR,),
    Level.MUNICIPALITY: (By.SECTOR, By.SEX, By.YEAR),
    Level.REGION: (By.SECTOR, By.SEX, By.YEAR),
    Level.ALLIANCE: (By.SECTOR, By.SEX, By.YEAR),
    Level.COUNTRY: (By.SECTOR, By.SEX, By.YEAR),
}


def publish(
    rounded: Iterable[tuple[Unit, Table]], areas: Sequence[Area], *, whole_year: bool
) -> list[Row]:
    """Return every row of a release, of all levels, in a stable order.

    A municipality of fewer than three units has no row of its own: over a school year it is
    published with its neighbour, and the neighbour not alone; over a shorter period the neighbour
    is published and the small one is not.

    Args:
        rounded: the rounded table of each unit, all of one scale.
        areas: the municipalities' areas; each municipality that has units is in one.
        whole_year: whether the period is a school year.
    """
    area_of = {code: area for area in areas for code in area.municipalities}
    sums: dict[tuple[Level, str, By, str], list[int]] = {}
    units: dict[tuple[Level, str, By, str], int] = {}
    scale: Scale | None = None
    for unit, table in rounded:
        scale = table.scale
        pieces = list(_pieces(unit, table))
        for level, code in _places(unit, area_of, whole_year=whole_year):
            for by, label, counts in pieces:
                if by is not By.NOTHING and by not in _DIVIDED[level]:
                    continue
                key = (level, code, by, label)
                known = sums.get(key)
                sums[key] = counts if known is None else _plus(known, counts)
                units[key] = units.get(key, 0) + 1
    if scale is None:
        return []
    order = {level: at for at, level in enumerate(Level)}
    rows = [
        Row(*key, scale, tuple(sums[key]), units[key])
        for key in sorted(sums, key=lambda key: (order[key[0]], *key[1:]))
    ]
    shown = _large_enough(units)
    return [row for row in rows if _is_shown(row, shown, whole_year=whole_year)]


def _places(
    unit: Unit, area_of: Mapping[str, Area], *, whole_year: bool
) -> Iterator[tuple[Level, str]]:
    yield Level.BRANCH, unit.code
    if unit.board is not None:
        yield Level.BOARD, unit.board
    area = area_of[unit.municipality]
    yield Level.MUNICIPALITY, area.code if whole_year else unit.municipality
    yield Level.REGION, unit.region
    if unit.alliance is not None:
        yield Level.ALLIANCE, unit.alliance
    yield Level.COUNTRY, COUNTRY


def _pieces(unit: Unit, table: Table) -> Iterator[tuple[By, str, list[int]]]:
    whole = list(table.by_category)
    yield By.NOTHING, EVERYBODY, whole
    yield By.SECTOR, unit.sector, whole
    for by, labels in (
        (By.SEX, [_label(group.sexes) for group in table.groups]),
        (By.YEAR, [_label(group.years) for group in table.groups]),
    ):
        for label in dict.fromkeys(labels):
            at = [index for index, each in enumerate(labels) if each == label]
            yield by, label, [sum([row[index] for index in at]) for row in table.cells]


def _label(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else TOGETHER


def _plus(known: list[int], more: list[int]) -> list[int]:
    return [one + other for one, other in zip(known, more, strict=True)]


def _large_enough(units: Mapping[tuple[Level, str, By, str], int]) -> frozenset[str]:
    """Return the municipalities with units enough to be published alone."""
    return frozenset(
        code
        for (level, code, by, _), number in units.items()
        if level is Level.MUNICIPALITY and by is By.NOTHING and number >= FEWEST_UNITS
    )


def _is_shown(row: Row, large: frozenset[str], *, whole_year: bool) -> bool:
    if row.level is not Level.MUNICIPALITY:
        return True
    if row.code not in large and not whole_year:
        return False
    return row.by is not By.YEAR or sum(row.counts) >= FEWEST_BY_YEAR

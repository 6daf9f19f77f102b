"""Sums of rounded tables: what is published of a branch, a board, a municipality and above."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.aggregates.rounding.merging import Area, Unit
from domain.aggregates.rounding.shape import Scale, Table

TOGETHER: Final = "together"
"""The label of pupils whose sexes, or year groups, are not told apart in their branch."""

EVERYBODY: Final = "all"
"""The label of a row that is divided by nothing."""

FEWEST_BY_YEAR: Final = 500
"""A municipality is divided by year group from this many pupils."""


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


def publish(
    rounded: Iterable[tuple[Unit, Table]], areas: Sequence[Area], *, whole_year: bool
) -> list[Row]:
    """Return every row of a release, of all levels, in a stable order.

    Args:
        rounded: the rounded table of each unit, all of one scale.
        areas: the municipalities' areas; one code per municipality that has units.
        whole_year: whether the period is a school year. Areas of several municipalities are
            published by sex and year only then.
    """
    raise NotImplementedError

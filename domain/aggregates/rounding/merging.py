"""What is too small to be counted alone: groups, branches and municipalities.

Every function takes what held before and only ever joins more, so that within a school year
nothing that was published together is published apart. All of it depends on numbers of enrolled
pupils and on the directory, never on absence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.aggregates.rounding.shape import Group


def merge_groups(
    pupils: Mapping[Group, int], years: Sequence[str], *, before: Sequence[Group] = ()
) -> tuple[Group, ...]:
    """Return the groups by which a unit is counted, none under ten pupils if there are ten.

    Args:
        pupils: enrolled pupils by finest group; what is missing is 0.
        years: the year groups of the sector, youngest first.
        before: the groups of the last release of this school year; none at its first.
    """
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch as the directory and the enrolment know it; `postcode` has four digits first."""

    code: str
    sector: str
    postcode: str
    municipality: str
    board: str | None
    region: str
    alliance: str | None
    pupils: int


@dataclass(frozen=True, slots=True)
class Unit:
    """One branch, or several that are published as one; it lies where its largest branch does.

    `code` is the largest branch's, with the others' after a plus sign.
    """

    code: str
    members: tuple[str, ...]
    sector: str
    municipality: str
    board: str | None
    region: str
    alliance: str | None


def merge_branches(branches: Sequence[Branch], *, before: Sequence[Unit] = ()) -> tuple[Unit, ...]:
    """Return the units that are published, none under ten pupils if that can be.

    A branch without pupils is in no unit.

    Args:
        branches: every branch with its enrolled pupils.
        before: the units of the last release of this school year; none at its first.
    """
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Area:
    """Municipalities that are published as one; with more than one, only by school year."""

    code: str
    municipalities: tuple[str, ...]
    only_by_year: bool


def merge_municipalities(
    units: Sequence[Unit], neighbours: Mapping[str, Sequence[str]]
) -> tuple[Area, ...]:
    """Return the areas of the figures by sex and year: three units or more in each.

    Args:
        units: the published units.
        neighbours: by municipality the others to join, best first.
    """
    raise NotImplementedError

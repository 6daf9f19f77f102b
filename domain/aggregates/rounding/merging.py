"""What is too small to be counted alone: groups, branches and municipalities.

Every function takes what held before and only ever joins more. A school year begins with the
partition of its first release; within the year nothing that was published together is published
apart again, so that no two releases can be subtracted to get a group that neither shows. All of
it depends on numbers of enrolled pupils and on the directory, which are public, and never on
absence: that something was joined tells nothing new.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.aggregates.rounding.shape import FEWEST_IN_GROUP, SEXES, Group, groups_of

FEWEST_UNITS: Final = 3
"""A municipality with fewer units is published with a neighbour."""

_DIGITS: Final = 4


# --- groups -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Block:
    """Adjacent year groups that are counted as one, with the sexes apart or not."""

    years: tuple[str, ...]
    apart: bool

    def groups(self) -> tuple[Group, ...]:
        if self.apart:
            return tuple(Group(self.years, (sex,)) for sex in SEXES)
        return (Group(self.years, SEXES),)


def merge_groups(
    pupils: Mapping[Group, int], years: Sequence[str], *, before: Sequence[Group] = ()
) -> tuple[Group, ...]:
    """Return the groups by which a unit is counted, none of one to nine pupils if that can be.

    In a year group of which one sex has too few, the sexes are joined first; a year group that is
    still too small then joins the smaller of its neighbours. Joining adjacent years of one sex
    first would tell more pupils apart by sex and fewer by year group, where rounding is weakest.

    Args:
        pupils: enrolled pupils by finest group; what is missing is 0.
        years: the year groups of the sector, youngest first.
        before: the groups of the last release of this school year; none at its first.
    """

    def number(group: Group) -> int:
        return sum(
            pupils.get(Group((year,), (sex,)), 0) for year in group.years for sex in group.sexes
        )

    def size(block: _Block) -> int:
        return sum(number(group) for group in block.groups())

    apart = {group.years: len(group.sexes) == 1 for group in before or groups_of(years)}
    blocks = [
        replace(block, apart=False) if any(_too_few(number(each)) for each in block.groups())
        else block
        for block in (_Block(years, told) for years, told in apart.items())
    ]  # fmt: skip
    while len(blocks) > 1:
        small = next((at for at, block in enumerate(blocks) if _too_few(size(block))), None)
        if small is None:
            break
        beside = [at for at in (small - 1, small + 1) if 0 <= at < len(blocks)]
        other = min(beside, key=lambda at: (size(blocks[at]) == 0, size(blocks[at]), at))
        first, second = sorted((small, other))
        joined = _Block(blocks[first].years + blocks[second].years, apart=False)
        blocks[first : second + 1] = [joined]
    return tuple(group for block in blocks for group in block.groups())


def _too_few(pupils: int) -> bool:
    return 0 < pupils < FEWEST_IN_GROUP


# --- branches -----------------------------------------------------------------------------


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
    """One branch, or several that are published as one; it lies where its first member does.

    `code` is the first member's, stable while others join; `members` has all of them.
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

    The smallest goes first. It joins a unit of its sector: of the same board and municipality if
    there is one, else of the same municipality, the same board, the same region, or anywhere;
    among several, the one whose first member's postcode is nearest in number, then the first by
    code. The unit lies, in every hierarchy, where the one that was joined lies, so its few pupils
    may count with another board: that is the price of not telling them apart. A branch without
    pupils is in no unit unless it was in one before.

    Args:
        branches: every branch with its enrolled pupils.
        before: the units of the last release of this school year; none at its first.
    """
    known = {branch.code: branch for branch in branches}
    joined = {code for unit in before for code in unit.members}
    alone = [
        _unit_of(each, (each.code,)) for each in branches if each.pupils and each.code not in joined
    ]
    units = {unit.code: unit for unit in (*before, *sorted(alone, key=lambda unit: unit.code))}
    pupils = {
        code: sum(known[each].pupils for each in unit.members if each in known)
        for code, unit in units.items()
    }
    for code in sorted(units, key=lambda code: (pupils[code], code)):
        # One that others joined meanwhile may have become large enough.
        if pupils[code] >= FEWEST_IN_GROUP or (pupils[code] == 0 and code in joined):
            continue
        small = units[code]
        others = [
            unit for unit in units.values() if unit.sector == small.sector and unit.code != code
        ]
        if not others:
            continue
        host = min(others, key=lambda unit: _distance(small, unit, known))
        units[host.code] = replace(host, members=host.members + small.members)
        pupils[host.code] += pupils[code]
        del units[code]
    return tuple(units.values())


def _unit_of(branch: Branch, members: tuple[str, ...]) -> Unit:
    return Unit(
        branch.code, members, branch.sector, branch.municipality, branch.board, branch.region,
        branch.alliance,
    )  # fmt: skip


def _distance(
    small: Unit, other: Unit, known: Mapping[str, Branch]
) -> tuple[bool, bool, bool, int, str]:
    board = small.board is not None and small.board == other.board
    return (
        small.municipality != other.municipality,
        not board,
        small.region != other.region,
        abs(_place(small, known) - _place(other, known)),
        other.code,
    )


def _place(unit: Unit, known: Mapping[str, Branch]) -> int:
    branch = known.get(unit.code)
    digits = branch.postcode[:_DIGITS] if branch else ""
    return int(digits) if digits.isdecimal() else 0


# --- municipalities -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Area:
    """Municipalities that are published as one; with more than one, only by school year."""

    code: str
    municipalities: tuple[str, ...]
    only_by_year: bool


def merge_municipalities(
    units: Sequence[Unit], neighbours: Mapping[str, Sequence[str]]
) -> tuple[Area, ...]:
    """Return areas of three units or more, if that can be; each municipality is in one.

    One with fewer units joins its first neighbour that has any, the smallest first.

    Args:
        units: the published units.
        neighbours: by municipality the others to join, best first.
    """
    number: dict[str, int] = {}
    for unit in units:
        number[unit.municipality] = number.get(unit.municipality, 0) + 1
    areas: dict[str, tuple[str, ...]] = {code: (code,) for code in sorted(number)}
    for code in sorted(number, key=lambda code: (number[code], code)):
        while sum(number[each] for each in areas[code]) < FEWEST_UNITS:
            mine = areas[code]
            others = (each for own in mine for each in neighbours.get(own, ()))
            other = next((each for each in others if each in number and each not in mine), None)
            if other is None:
                break
            together = tuple(sorted(mine + areas[other]))
            areas.update(dict.fromkeys(together, together))
    return tuple(
        Area("+".join(together), together, only_by_year=len(together) > 1)
        for together in sorted(set(areas.values()))
    )

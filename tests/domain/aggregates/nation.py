"""A synthetic nation of pupils over a school year, from the public directory and one seed.

Sizes follow the sectors' totals (about 2.4 million pupils), absence the distribution over bands
that the reference measured; a pupil has an inclination that lasts all year, beside the month's
chance. Pupils come and go every month. Nobody in it exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from domain.aggregates.rounding.merging import Branch
from domain.aggregates.rounding.shape import ABSENCE, YEAR_GROUPS, Group, Table, groups_of
from domain.reference import directory
from ops.demo.growth import land_of

SECTORS = ("PO", "SBO", "SO", "VO")
MONTHS = 12
CATEGORIES = len(ABSENCE.categories)
_UNKNOWN = CATEGORIES - 1
_FINEST = 8
_MEAN = {"PO": 222, "SBO": 133, "SO": 113, "VO": 560}
_SPREAD = {"PO": 0.65, "SBO": 0.5, "SO": 0.6, "VO": 0.9}
_LIMITS = {
    "PO": (0.20, 1.15, 2.05, 2.85),
    "SBO": (0.05, 0.95, 1.80, 2.50),
    "SO": (-0.05, 0.80, 1.55, 2.25),
    "VO": (-0.05, 0.80, 1.65, 2.35),
}
"""Where each band ends, in standard deviations of absence."""
_OF_BRANCH, _OF_PUPIL, _OF_MONTH = 0.30, 0.75, 0.59
_TINY = 0.0035
_LEAVING, _WITHOUT_DATA, _BRANCH_WITHOUT = 0.006, 0.002, 0.003


@dataclass(frozen=True)
class Nation:
    """Pupils as arrays: the branch, finest group and inclination of each, and first and last month.

    `exact(month)` has shape (branches, categories, finest groups).
    """

    branches: list[Branch]
    branch: NDArray[np.int32]
    group: NDArray[np.int8]
    inclined: NDArray[np.float32]
    begins: NDArray[np.int8]
    ends: NDArray[np.int8]
    seed: int

    @cached_property
    def _limits(self) -> NDArray[np.float32]:
        return np.array([_LIMITS[branch.sector] for branch in self.branches], dtype=np.float32)

    def exact(self, month: int) -> NDArray[np.int64]:
        """Return the exact counts of a month, 0 for the first."""
        chance = np.random.default_rng([self.seed, 1, month])
        here = (self.begins <= month) & (month <= self.ends)
        branch, group = self.branch[here], self.group[here]
        season = np.float32(0.15 * np.cos(month / MONTHS * 2 * np.pi))
        score = self.inclined[here] + _OF_MONTH * chance.standard_normal(
            branch.size, dtype=np.float32
        )
        limits = self._limits[branch]
        band = np.zeros(branch.size, dtype=np.int64)
        for limit in range(limits.shape[1]):
            band += score + season > limits[:, limit]
        silent = chance.random(len(self.branches)) < _BRANCH_WITHOUT
        unknown = (chance.random(branch.size) < _WITHOUT_DATA) | silent[branch]
        band[unknown] = _UNKNOWN
        place = (branch.astype(np.int64) * CATEGORIES + band) * _FINEST + group
        shape = (len(self.branches), CATEGORIES, _FINEST)
        return np.bincount(place, minlength=int(np.prod(shape))).reshape(shape)

    def table(self, exact: NDArray[np.int64], at: int) -> Table:
        """Return the exact table of one branch by finest groups."""
        groups = groups_of(YEAR_GROUPS[self.branches[at].sector])
        return Table(ABSENCE, groups, tuple(map(tuple, exact[at].tolist())))

    def tables(self, exact: NDArray[np.int64]) -> Iterator[Table]:
        """Yield the exact table of each branch."""
        for branch, cells in zip(self.branches, exact.tolist(), strict=True):
            groups = groups_of(YEAR_GROUPS[branch.sector])
            yield Table(ABSENCE, groups, tuple(map(tuple, cells)))


def nation(seed: int, *, largest: int | None = None) -> Nation:
    """Return a nation; `largest` limits it to that many branches, spread over the directory."""
    chance = np.random.default_rng([seed, 0])
    found = list(directory.branches())
    if largest is not None:
        found = found[:: max(1, len(found) // largest)][:largest]
    sizes = [_size(chance, branch.sector) for branch in found]
    regions = {each.code: each.region_code for each in directory.municipalities()}
    alliances = {each.pc4: each for each in directory.postcodes()}
    branches = list[Branch]()
    for branch, size in zip(found, sizes, strict=True):
        postcode = alliances.get(branch.postcode[:4])
        of_vo = postcode and postcode.alliance_vo
        of_po = postcode and postcode.alliance_po
        branches.append(
            Branch(
                branch.branch_code,
                branch.sector,
                branch.postcode,
                branch.municipality_code,
                branch.board_number or f"S{int(chance.integers(600)):04}",
                regions[branch.municipality_code],
                of_vo if branch.sector == "VO" else of_po,
                size,
            )
        )
    return _peopled(seed, chance, branches)


def demo_region(seed: int, *, pupils: int) -> Nation:
    """Return the schools of a demo region of so many pupils, each of its own size."""
    branches = [
        Branch(
            school.branch_code,
            school.sector,
            school.postcode,
            school.town.municipality,
            school.board.number,
            school.town.directory.region_code,
            school.town.alliance(school.sector),
            count,
        )
        for school, count in land_of(pupils).counts.items()
    ]
    return _peopled(seed, np.random.default_rng([seed, 0]), branches)


def _peopled(seed: int, chance: np.random.Generator, branches: list[Branch]) -> Nation:
    """Return branches with the pupils of a school year."""
    sizes = [branch.pupils for branch in branches]
    pupils = np.repeat(np.arange(len(branches), dtype=np.int32), sizes)
    count = pupils.size
    # A tenth more than are there at the start: they take the places of those who leave.
    extra = chance.choice(pupils, size=int(count * _LEAVING * (MONTHS - 1)))
    branch = np.concatenate([pupils, extra.astype(np.int32)])
    lean = chance.normal(0, 0.12, size=(len(branches), _FINEST)).astype(np.float64)
    shares = np.exp(lean) / np.exp(lean).sum(axis=1, keepdims=True)
    edges = np.cumsum(shares, axis=1)[:, :-1]
    where = chance.random(branch.size)
    group = (where[:, None] > edges[branch]).sum(axis=1).astype(np.int8)
    of_branch = chance.normal(0, _OF_BRANCH, len(branches)).astype(np.float32)
    inclined = of_branch[branch] + np.float32(_OF_PUPIL) * chance.standard_normal(
        branch.size, dtype=np.float32
    )
    ends = np.minimum(chance.geometric(_LEAVING, branch.size), MONTHS).astype(np.int8)
    begins = np.zeros(branch.size, dtype=np.int8)
    begins[count:] = chance.integers(1, MONTHS, extra.size)
    ends[count:] = MONTHS
    return Nation(branches, branch, group, inclined.astype(np.float32), begins, ends, seed)


def enrolled(exact: NDArray[np.int64], at: int, sector: str) -> dict[Group, int]:
    """Return the pupils of a branch by finest group."""
    pupils = exact[at].sum(axis=0).tolist()
    return dict(zip(groups_of(YEAR_GROUPS[sector]), pupils, strict=True))


def _size(chance: np.random.Generator, sector: str) -> int:
    if chance.random() < _TINY:
        return int(chance.integers(2, 10))
    spread = _SPREAD[sector]
    return max(2, int(_MEAN[sector] * np.exp(chance.normal(-spread * spread / 2, spread))))

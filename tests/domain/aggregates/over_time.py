"""What twelve months under one key tell together, while pupils come, go and change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from domain.aggregates.gate.sums import tables_refused
from domain.aggregates.rounding.bounds import bounds
from domain.aggregates.rounding.levels import EVERYBODY, By, Level, Row
from domain.aggregates.rounding.shape import ABSENCE, ALL, Group, Table
from domain.aggregates.rounding.topdown import round_table
from tests.domain.aggregates.released import KEY, Month, release_of

_MONTHS_ALIKE = 6

Counts = NDArray[np.int64]


def tell_time(months: Sequence[Month], say: Callable[[str], None]) -> bool:
    """Say what the year tells, and return whether it tells nothing that a month does not."""
    refused = sum(
        len(list(tables_refused(release.rounded, release.enrolled)))
        for release in map(release_of, months)
    )
    parted = sum(_parted(earlier, later) for earlier, later in pairwise(months))
    codes = sorted(set.intersection(*(set(month.rounded) for month in months)))
    true = np.array([month.bands(codes, rounded=False) for month in months])
    shown = np.array([month.bands(codes, rounded=True) for month in months])
    coming = int((true.sum(axis=2)[1:] != true.sum(axis=2)[:-1]).sum())
    say(
        f"{len(months)} months of {len(codes):,} units under one key, {coming:,} changes of their"
        f" number of pupils: cells refused {refused}, groups parted again {parted}."
    )
    fresh = np.array([_with(month, codes, number) for number, month in enumerate(months)])
    for name, answers in (("one key a year", shown), ("a key a month, for comparison", fresh)):
        flips, right = averaged(true, answers)
        say(
            f"  {name}: an unchanged count of 1-4 changes its answer in {flips:.1%} of its months;"
            f" guessed rightly from all of them in {right:.0%}"
        )
    proven, net = changes_proven(shown)
    say(
        f"  changes between months that are proven to be 1-4: {proven} of protected counts, and"
        f" {net:,} net changes of counts of six or more, which are told exactly by design"
    )
    told, wrong = newcomer(true[0], codes)
    say(
        f"  one pupil more and nothing else changed: the one count that grew by one names the band"
        f" in {told:.0%}, a wrong one in {wrong:.0%}"
    )
    return refused == parted == proven == 0


def _parted(earlier: Month, later: Month) -> int:
    """Return how many groups or units of a month were told apart in the next."""
    together = {code: unit.code for unit in later.units for code in unit.members}
    units = sum(len({together[code] for code in unit.members}) > 1 for unit in earlier.units)
    groups = 0
    for code, before in earlier.groups.items():
        if code in later.groups:
            groups += any(not _within(group, later.groups[code]) for group in before)
    return units + groups


def _within(group: Group, others: Sequence[Group]) -> bool:
    return any(
        set(group.years) <= set(other.years) and set(group.sexes) <= set(other.sexes)
        for other in others
    )


def _with(month: Month, codes: Sequence[str], number: int) -> list[tuple[int, ...]]:
    """Return the month's categories with a key of its own."""
    key = f"{number} a key that lasts only one month".encode()
    return [_categories(month.exact[code].by_category, code, key) for code in codes]


def _categories(counts: Sequence[int], code: str, key: bytes = KEY) -> tuple[int, ...]:
    table = Table(ABSENCE, ALL, tuple((count,) for count in counts))
    return round_table(table, secret=key, school_year=2025, unit=code).by_category


def averaged(true: Counts, shown: Counts) -> tuple[float, float]:
    """Return how often an unchanged small count changes its answer, and how often it is guessed.

    The attacker takes every month in which the count is the same, and guesses it from how many of
    these showed something. Each count from one to four weighs the same: that small counts are
    mostly ones is known without any figure.
    """
    flips, right = list[float](), list[float]()
    for count in range(1, 5):
        same = true == count
        often = same.sum(axis=0)
        enough = often >= min(_MONTHS_ALIKE, len(true))
        if not enough.any():
            continue
        fives = ((shown > 0) & same).sum(axis=0)[enough] / often[enough]
        flips.append(float(np.minimum(fives, 1 - fives).mean()))
        right.append(float((np.clip(np.rint(5 * fives), 1, 4) == count).mean()))
    return float(np.mean(flips)), float(np.mean(right))


def changes_proven(shown: Counts) -> tuple[int, int]:
    """Return how many parts are proven, by two months in a row, to have changed by one to four.

    The second number is of those that were shown as six or more in both months. They tell by how
    many more joined a large count than left it, and never of whom there are so many.
    """
    protected = net = 0
    before: list[dict[str, tuple[int, int]]] = []
    for month in shown.tolist():
        now = [
            dict(bounds(Row(Level.BRANCH, "", By.NOTHING, EVERYBODY, ABSENCE, tuple(row), 1))[0])
            for row in month
        ]
        for earlier, later in zip(before, now, strict=False):
            for name in set(ABSENCE.spans) - {ABSENCE.root.name}:
                low = later[name][0] - earlier[name][1]
                high = later[name][1] - earlier[name][0]
                if (low >= 1 and high <= 4) or (high <= -1 and low >= -4):
                    large = min(later[name][0], earlier[name][0]) >= 5
                    net += large
                    protected += not large
        before = now
    return protected, net


def newcomer(counts: Counts, codes: Sequence[str]) -> tuple[float, float]:
    """Return how often one pupil's band is read, rightly and wrongly, if nobody else changed."""
    right = wrong = asked = 0
    for code, row in zip(codes, counts.tolist(), strict=True):
        before = _categories(row, code)
        for band in range(len(row) - 1):
            with_one = [count + (at == band) for at, count in enumerate(row)]
            after = _categories(with_one, code)
            changed = [at for at, count in enumerate(after) if count != before[at]]
            asked += 1
            if len(changed) == 1:
                right += changed == [band]
                wrong += changed != [band]
    return right / asked, wrong / asked

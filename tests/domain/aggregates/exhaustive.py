"""Every truth of two groups of ten pupils, and what each published table leaves of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import combinations, product

from domain.aggregates.rounding.shape import Table, groups_of, scale
from domain.aggregates.rounding.topdown import round_table

_PUPILS, _KEYS = 10, 6
_PROVEN = {1, 2, 3, 4}


def every_truth(say: Callable[[str], None]) -> bool:
    """Say what is known of any cell or sum of cells; return whether none is one to four.

    The attacker is told every cell, though a branch's are never published, and each group's total.
    """
    three = scale("three", low=["a"], high=["b", "c"])
    pupils = range(_PUPILS + 1)
    group = [cells for cells in product(pupils, repeat=3) if sum(cells) == _PUPILS]
    behind = defaultdict[Table, set[tuple[int, ...]]](set)
    for girls, boys in product(group, group):
        table = Table(three, groups_of(("1_2",)), tuple(zip(girls, boys, strict=True)))
        for key in range(_KEYS):
            secret = f"key {key} for every truth of two small groups".encode()
            found = round_table(table, secret=secret, school_year=2025, unit="99AA00")
            behind[found].add(girls + boys)
    apart = [possible for shown, possible in behind.items() if len(shown.groups) > 1]
    sets = [each for size in (1, 2, 3) for each in combinations(range(6), size)]
    proven = exact = 0
    for possible in apart:
        for subset in sets:
            values = {sum(cells[at] for at in subset) for cells in possible}
            proven += values <= _PROVEN
            exact += len(values) == 1 and min(values) <= max(_PROVEN)
    say(
        f"Every truth of two groups of {_PUPILS}, {len(apart)} tables that tell them apart:"
        f" {len(apart) * len(sets):,} counts and sums, proven in 1-4 {proven}, exact {exact}."
    )
    return proven == exact == 0

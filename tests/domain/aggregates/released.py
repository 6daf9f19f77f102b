"""Rounds a synthetic nation as the platform would: units, groups, and a table per unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from domain.aggregates.gate.release import Release
from domain.aggregates.rounding.levels import publish
from domain.aggregates.rounding.merging import (
    Unit,
    merge_branches,
    merge_groups,
    merge_municipalities,
)
from domain.aggregates.rounding.shape import (
    ABSENCE,
    YEAR_GROUPS,
    Group,
    Table,
    groups_of,
    regrouped,
)
from domain.aggregates.rounding.topdown import round_table
from tests.domain.aggregates.nation import Nation

KEY = b"the secret of a synthetic school year"


@dataclass(frozen=True)
class Month:
    """A month as it is released: exact and rounded tables by unit, of the same groups."""

    units: tuple[Unit, ...]
    groups: dict[str, tuple[Group, ...]]
    exact: dict[str, Table]
    rounded: dict[str, Table]

    def bands(self, codes: Sequence[str], *, rounded: bool) -> NDArray[np.int64]:
        """Return pupils by unit and category."""
        of = self.rounded if rounded else self.exact
        return np.array([of[code].by_category for code in codes])


def month_of(nation: Nation, month: int, before: Month | None = None, *, key: bytes = KEY) -> Month:
    """Release a month after the one before it, with the key of the school year."""
    exact = nation.exact(month)
    sizes = exact.sum(axis=(1, 2)).tolist()
    at = {branch.code: index for index, branch in enumerate(nation.branches)}
    branches = [
        replace(branch, pupils=size) for branch, size in zip(nation.branches, sizes, strict=True)
    ]
    units = merge_branches(branches, before=before.units if before else ())
    groups = dict[str, tuple[Group, ...]]()
    tables, rounded = dict[str, Table](), dict[str, Table]()
    for unit in units:
        finest = groups_of(YEAR_GROUPS[unit.sector])
        cells = exact[[at[code] for code in unit.members]].sum(axis=0).tolist()
        table = Table(ABSENCE, finest, tuple(map(tuple, cells)))
        pupils = dict(zip(finest, table.by_group, strict=True))
        known = before.groups.get(unit.code, ()) if before else ()
        groups[unit.code] = merge_groups(pupils, YEAR_GROUPS[unit.sector], before=known)
        table = regrouped(table, groups[unit.code])
        found = round_table(table, secret=key, school_year=2025, unit=unit.code)
        tables[unit.code] = regrouped(table, found.groups)
        rounded[unit.code] = found
    return Month(units, groups, tables, rounded)


def release_of(month: Month) -> Release:
    """Return what the gate is asked about."""
    areas = merge_municipalities(month.units, {})
    pairs = [(unit, month.rounded[unit.code]) for unit in month.units]
    enrolled = {
        code: dict(zip(table.groups, table.by_group, strict=True))
        for code, table in month.exact.items()
    }
    rows = publish(pairs, areas, whole_year=False)
    return Release(month.units, areas, month.rounded, enrolled, rows)

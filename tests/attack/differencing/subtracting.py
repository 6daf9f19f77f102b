"""Every figure that some people see together, and every difference that can be made of them.

Which branches lie in a unit is public. So whoever sees a unit and parts of it gets the rest by
subtracting; what is shown as words is first put back from the labels and parts that add up to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from tests.publishing.asking import FIGURES, period
from tests.publishing.fixtures import Region
from tests.publishing.land import ALLIANCES, MUNICIPALITIES, REGION, SCHOOLS, Exact, Land

BYS = ("TOTAL", "SECTOR", "SEX", "YEAR")
PROVEN = range(1, 5)
"""What nobody may be able to prove of any group: that it has one to four pupils."""

Column = tuple[str, str, str]
"""A division, a label and a part."""

Seen = dict[str, dict[Column, int | None]]
"""By unit what is seen of it; None where it is shown in words."""


@dataclass(frozen=True, slots=True)
class Found:
    """A count that was computed: of which branches, in which column, from what."""

    branches: frozenset[str]
    column: Column
    count: int
    how: str


def places(land: Land) -> dict[str, frozenset[str]]:
    """Return the branches in each unit, as the public directory has them."""
    found = {f"branch:{school.code}": frozenset({school.code}) for school in SCHOOLS}
    found |= {land.unit(board): _those(board=board) for board in ("first", "second", "third")}
    found |= {f"municipality:{code}": _those(municipality=code) for code in MUNICIPALITIES}
    found |= {f"alliance:{code}": _those(sector=sector) for sector, code in ALLIANCES.items()}
    everything = frozenset(school.code for school in SCHOOLS)
    return found | {f"region:{REGION}": everything, "national:NL": everything}


def _those(**like: str) -> frozenset[str]:
    return frozenset(
        school.code
        for school in SCHOOLS
        if all(getattr(school, name) == value for name, value in like.items())
    )


async def seen(
    region: Region, who: Iterable[str], measure: str = "absence", **more: Any
) -> tuple[Seen, dict[str, frozenset[str]]]:
    """Return what some people see together, and the branches that each answer is about."""
    found: Seen = {}
    about: dict[str, frozenset[str]] = {}
    lying = places(region.land)
    given = {"measure": measure, "period": period(region)} | more
    for name in who:
        for unit, branches in lying.items():
            for by in BYS:
                data = await region.face.data(
                    region.land.actors[name], FIGURES, unit=unit, by=by, **given
                )
                answer = data["figures"]
                if answer is None:
                    continue
                about[unit] = branches
                if answer["level"] == "BRANCH":
                    about[unit] = frozenset(answer["members"])
                for row in answer["rows"]:
                    for part in row["parts"]:
                        column = (by, row["label"], part["part"])
                        told = found.setdefault(unit, {}).setdefault(column, part["count"])
                        assert told == part["count"], "two people see two answers"
    _level(about)
    return found, about


def _level(about: dict[str, frozenset[str]]) -> None:
    """Let units above hold whole what is counted together, where its first member lies."""
    together = {branches for branches in about.values() if len(branches) > 1}
    groups = {unit: branches for unit, branches in about.items() if unit.startswith("branch:")}
    for unit, branches in about.items():
        if unit in groups:
            continue
        for group in together & set(groups.values()):
            # The directory says where a branch lies; its members say where it is counted.
            host = next(name for name, own in groups.items() if own == group)
            first = host.partition(":")[2]
            about[unit] = branches | group if first in branches else branches - group


def true_of(exact: Exact, measure: str, land: Land) -> Seen:
    """Return what would be seen of every unit, were the exact tables published."""
    found: Seen = {}
    for unit, branches in places(land).items():
        columns: dict[Column, int | None] = {}
        for branch in branches:
            for (category, year, sex), number in exact[measure][branch].items():
                for column in (
                    ("TOTAL", "all", category), ("SEX", sex, category), ("YEAR", year, category),
                ):  # fmt: skip
                    columns[column] = (columns.get(column) or 0) + number
        found[unit] = columns
    return found


def put_back(found: Seen, about: Mapping[str, frozenset[str]]) -> Seen:
    """Return what is seen with words replaced by counts, wherever labels or parts add up to it."""
    known = {unit: dict(columns) for unit, columns in found.items()}
    singles = {unit: about[unit] for unit in known if unit.startswith("branch:")}
    for unit, columns in known.items():
        for (by, label, part), count in columns.items():
            if count is not None:
                continue
            labels = [
                other
                for (division, _, name), other in columns.items()
                if division == "SEX" and name == part
            ]
            if by == "TOTAL" and labels and None not in labels:
                columns[by, label, part] = sum(filter(None, labels))
                continue
            inside = _tiling(about[unit], singles)
            parts = [known[each].get((by, label, part)) for each in inside]
            if inside and not unit.startswith("branch:") and None not in parts:
                columns[by, label, part] = sum(filter(None, parts))
    return known


def _tiling(branches: frozenset[str], singles: Mapping[str, frozenset[str]]) -> Sequence[str]:
    """Return the branch rows that make up a unit; none when one is not seen."""
    chosen = {own: unit for unit, own in singles.items() if own <= branches}
    covered = frozenset[str]().union(*chosen)
    return list(chosen.values()) if covered == branches else []


def differences(found: Seen, about: Mapping[str, frozenset[str]]) -> Iterator[Found]:
    """Yield every count, and what is left of a unit when up to nine others in it are taken out."""
    known = put_back(found, about)
    rows = {unit: about[unit] for unit in known}
    for unit, branches in rows.items():
        inside = {own: each for each, own in rows.items() if own < branches}
        for chosen in _disjoint(list(inside), 4):
            left = branches.difference(*chosen)
            if not left:
                continue
            taken = [inside[own] for own in chosen]
            for column, whole in known[unit].items():
                parts = [known[each].get(column, 0) for each in taken]
                if whole is None or None in parts:
                    continue
                count = whole - sum(filter(None, parts))
                yield Found(left, column, count, " - ".join([unit, *taken]))
    yield from _across_labels(known, rows)


def _across_labels(known: Seen, rows: Mapping[str, frozenset[str]]) -> Iterator[Found]:
    """Yield what is left of a whole when one or two labels of a division are taken out."""
    for unit, columns in known.items():
        for (by, label, part), count in columns.items():
            whole = columns.get(("TOTAL", "all", part))
            if by == "TOTAL" or whole is None or count is None:
                continue
            yield Found(rows[unit], (by, f"not {label}", part), whole - count, f"{unit} by {by}")


def _disjoint(sets: Sequence[frozenset[str]], most: int) -> Iterator[tuple[frozenset[str], ...]]:
    """Yield every choice of up to so many sets that have nothing in common; the empty one too."""
    unique = sorted(set(sets), key=sorted)
    for size in range(min(most, len(unique)) + 1):
        for chosen in combinations(unique, size):
            if sum(map(len, chosen)) == len(frozenset[str]().union(*chosen)):
                yield chosen


def proven(found: Iterable[Found]) -> list[Found]:
    """Return what was proven to be one to four pupils, whichever way it was subtracted."""
    return [each for each in found if abs(each.count) in PROVEN]

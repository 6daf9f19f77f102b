"""What is checked of every table and every row: no count of one to four, and sums that add up.

Everything is added up anew here, from the rounded tables and the directory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations

from domain.aggregates.rounding.levels import By, Level, Row
from domain.aggregates.rounding.merging import Area, Unit
from domain.aggregates.rounding.shape import Group, Part, Table

_FEWEST, _FEWEST_ENROLLED = 5, 10


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason not to release: the cell that it is about and what is wrong with it."""

    cell: str
    reason: str


def _small(count: int) -> bool:
    return count < 0 or 0 < count < _FEWEST


# --- tables -------------------------------------------------------------------------------


def tables_refused(
    rounded: Mapping[str, Table], enrolled: Mapping[str, Mapping[Group, int]]
) -> Iterator[Refusal]:
    """Yield what is wrong with the rounded tables of the units."""
    every: Sequence[_Asked] = ()
    for code, table in rounded.items():
        every = every or _asked(table.scale.root)
        yield from _cells(code, table, every)
        yield from _kept(code, table, enrolled.get(code, {}))


def _cells(code: str, table: Table, every: Sequence[_Asked]) -> Iterator[Refusal]:
    names = table.scale.categories
    for name, row in zip(names, table.cells, strict=True):
        for group, count in zip(table.groups, row, strict=True):
            if _small(count):
                where = " ".join((*group.years, *group.sexes))
                yield Refusal(f"unit {code}, {name}, {where}", f"the count is {count}")
    yield from _parts(f"unit {code}", every, [sum(row) for row in table.cells])


def _parts(where: str, every: Sequence[_Asked], counts: Sequence[int]) -> Iterator[Refusal]:
    """Yield each part that is too small, and each that leaves too little of the one it is in."""
    upto = (0, *accumulate(counts))
    for asked in every:
        count = upto[asked.end] - upto[asked.start]
        if asked.within is not None:
            count = upto[asked.within.end] - upto[asked.within.start] - count
        if count < 0 or 0 < count < _FEWEST:
            yield Refusal(f"{where}, {asked.words}", f"the count is {count}")


@dataclass(frozen=True, slots=True)
class _Asked:
    """Categories whose sum is asked for, or what they leave of the categories they are within."""

    words: str
    start: int
    end: int
    within: _Asked | None = None


def _asked(part: Part, start: int = 0) -> tuple[_Asked, ...]:
    """Return what is asked of a part whose first category has this index."""
    whole = _Asked(part.name, start, start + sum(1 for _ in part.categories()))
    asked = [whole]
    for child in part.parts:
        end = start + sum(1 for _ in child.categories())
        asked.append(_Asked(f"{part.name} without {child.name}", start, end, whole))
        asked += _asked(child, start)
        start = end
    return tuple(asked)


def _kept(code: str, table: Table, enrolled: Mapping[Group, int]) -> Iterator[Refusal]:
    counted = [sum(column) for column in zip(*table.cells, strict=True)]
    for group, count in zip(table.groups, counted, strict=True):
        where = f"unit {code}, {' '.join((*group.years, *group.sexes)) or 'all'}"
        if count != enrolled.get(group):
            public = enrolled.get(group, 0)
            yield Refusal(where, f"the total is {count}, but {public} are enrolled")
        if 0 < count < _FEWEST_ENROLLED:
            yield Refusal(where, f"a group of {count} has to be joined with another")


# --- rows ---------------------------------------------------------------------------------


def rows_refused(
    units: Sequence[Unit],
    areas: Sequence[Area],
    rounded: Mapping[str, Table],
    rows: Sequence[Row],
) -> Iterator[Refusal]:
    """Yield what is wrong with the published rows, with their differences and with overlaps."""
    if not units:
        for row in rows:
            yield Refusal(f"{row.level} {row.code}, {row.by} {row.label}", "is of no unit")
        return
    every = _asked(rounded[units[0].code].scale.root)
    members = _members(units, areas)
    sums = {unit.code: [sum(row) for row in rounded[unit.code].cells] for unit in units}
    for row in rows:
        where = f"{row.level} {row.code}, {row.by} {row.label}"
        expected = [0] * len(row.counts)
        for unit in members[row.level, row.code]:
            if row.by is By.SECTOR and unit.sector != row.label:
                continue
            divided = row.by in {By.SEX, By.YEAR}
            counted = _counted(rounded[unit.code], row) if divided else sums[unit.code]
            for at, count in enumerate(counted):
                expected[at] += count
        if list(row.counts) != expected:
            yield Refusal(where, f"{list(row.counts)} is not the sum of its units, {expected}")
        yield from _parts(where, every, row.counts)
    yield from _left_of_rows(rows, every)
    yield from _left_of_overlaps(units, members, sums, every)


def _members(units: Sequence[Unit], areas: Sequence[Area]) -> dict[tuple[Level, str], list[Unit]]:
    """Return the units of everything that may be published."""
    found = defaultdict[tuple[Level, str], list[Unit]](list)
    areas_of = {code: area for area in areas for code in area.municipalities}
    for unit in units:
        for level, code in _codes(unit).items():
            found[level, code].append(unit)
        area = areas_of.get(unit.municipality)
        if area and area.code != unit.municipality:
            found[Level.MUNICIPALITY, area.code].append(unit)
    return found


def _codes(unit: Unit) -> dict[Level, str]:
    codes = {
        Level.BRANCH: unit.code,
        Level.BOARD: unit.board,
        Level.MUNICIPALITY: unit.municipality,
        Level.REGION: unit.region,
        Level.ALLIANCE: unit.alliance,
        Level.COUNTRY: "NL",
    }
    return {level: code for level, code in codes.items() if code is not None}


def _counted(table: Table, row: Row) -> list[int]:
    """Return a table's pupils by category who belong in a row of one sex or year."""
    wide = [
        at
        for at, group in enumerate(table.groups)
        if row.label == _named(group.sexes if row.by is By.SEX else group.years)
    ]
    return [sum(counts[at] for at in wide) for counts in table.cells]


def _named(names: Sequence[str]) -> str:
    return "together" if len(names) != 1 else names[0]


def _left_of_rows(rows: Sequence[Row], every: Sequence[_Asked]) -> Iterator[Refusal]:
    """Yield what is too small of a unit's total without one of its sexes, years or sectors."""
    whole = {(row.level, row.code): row for row in rows if row.by is By.NOTHING}
    for row in rows:
        total = whole.get((row.level, row.code))
        if total is not None and row.by is not By.NOTHING:
            left = [all_ - own for all_, own in zip(total.counts, row.counts, strict=True)]
            where = f"{row.level} {row.code} without {row.by} {row.label}"
            yield from _parts(where, every, left)


def _left_of_overlaps(
    units: Sequence[Unit],
    members: Mapping[tuple[Level, str], Sequence[Unit]],
    sums: Mapping[str, Sequence[int]],
    every: Sequence[_Asked],
) -> Iterator[Refusal]:
    """Yield what is too small where two levels overlap, or in one without the other."""
    whole = {key: _added(sums, each) for key, each in members.items()}
    for one, other in combinations(Level, 2):
        shared = defaultdict[tuple[str, str], list[Unit]](list)
        for unit in units:
            codes = _codes(unit)
            if one in codes and other in codes:
                shared[codes[one], codes[other]].append(unit)
        for (first, second), both in shared.items():
            within = _added(sums, both)
            for level, code, rest in ((one, first, other), (other, second, one)):
                left = [all_ - own for all_, own in zip(whole[level, code], within, strict=True)]
                apart = second if level is one else first
                yield from _parts(f"{level} {code} without {rest} {apart}", every, left)
            yield from _parts(f"{one} {first} in {other} {second}", every, within)


def _added(sums: Mapping[str, Sequence[int]], units: Sequence[Unit]) -> list[int]:
    return [sum(column) for column in zip(*(sums[unit.code] for unit in units), strict=True)]

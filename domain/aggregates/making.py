"""Making a release of exact tables: what is too small is joined, each unit rounded, and all summed.

Nothing is read or written here, so that a release can be looked at before it is one.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Final

from domain.aggregates.gate.across import across_refused, time_refused
from domain.aggregates.gate.release import Release as Inspected
from domain.aggregates.gate.release import inspect
from domain.aggregates.gate.sums import Refusal
from domain.aggregates.made import DIVIDED, LEVELS, Answer, Exact, Made
from domain.aggregates.making_time import time_answers
from domain.aggregates.measures import MEASURES, is_divided, released_of
from domain.aggregates.rounding.levels import By, Level, Row, publish
from domain.aggregates.rounding.merging import (
    Area,
    Unit,
    merge_branches,
    merge_groups,
    merge_municipalities,
)
from domain.aggregates.rounding.shape import (
    ABSENCE,
    ALL,
    FEWEST_IN_GROUP,
    UNKNOWN,
    Group,
    Table,
    regrouped,
)
from domain.aggregates.rounding.topdown import round_table
from domain.aggregates.tables import (
    Counts,
    beginning,
    by_finest,
    enrolled_in,
    sexes_together,
    to_round,
    together,
    years_of,
)

METHOD: Final = "top-down-3"
"""The version of the method; a release says by which it was made."""


def make(exact: Exact, *, secret: bytes, sample: int, workers: Executor | None = None) -> Made:
    """Return the release of exact tables.

    Args:
        exact: the tables.
        secret: the key of the school year.
        sample: how many units the gate attacks for each measure.
        workers: processes that make one measure each; without them all is made here.
    """
    merged = merge_branches(exact.branches, before=exact.units_before)
    pupils = {branch.code: branch.pupils for branch in exact.branches}
    # Of a unit that is still too small, such as the only school of its sector, nothing is told.
    units = tuple(
        unit
        for unit in merged
        if sum(pupils.get(code, 0) for code in unit.members) >= FEWEST_IN_GROUP
    )
    areas = merge_municipalities(units, exact.neighbours)
    groups = {unit.code: _groups(exact, unit) for unit in units}
    parts = [
        _Part(
            name,
            exact.school_year * len(MEASURES) + number,
            units,
            areas,
            groups if is_divided(name) else dict.fromkeys(groups, ALL),
            exact.counts[name],
            exact.school_year,
            exact.whole_year,
            secret,
            sample,
        )
        for number, name in enumerate(released_of(exact.kind))
    ]
    answers: list[Answer] = []
    refusals: list[Refusal] = []
    for told, refused in workers.map(_made, parts) if workers else map(_made, parts):
        answers += told
        refusals += refused
    known = _known(answers)
    answers += time_answers(exact, units, known, secret)
    refusals += across_refused(answers)
    refusals += time_refused(units, known, answers)
    answers.sort(key=lambda answer: answer.key)
    return Made(units, areas, groups, tuple(answers), tuple(refusals))


def _known(answers: Sequence[Answer]) -> dict[str, int]:
    """Return of how many pupils of each branch, or unit, something is known as it is published."""
    return {
        answer.code: sum(answer.cells) - answer.cells[answer.categories.index(UNKNOWN)]
        for answer in answers
        if answer.level == LEVELS[Level.BRANCH] and answer.measure == ABSENCE.name
    }


@dataclass(frozen=True, slots=True)
class _Part:
    """One measure of a release, with all that it is made of: it may be made by another process."""

    name: str
    seed: int
    units: tuple[Unit, ...]
    areas: tuple[Area, ...]
    groups: Mapping[str, tuple[Group, ...]]
    counts: Mapping[str, Counts]
    school_year: int
    whole_year: bool
    secret: bytes = field(repr=False)
    sample: int


def _made(part: _Part) -> tuple[list[Answer], list[Refusal]]:
    """Return the answers about one measure, and why they may not be released."""
    scale = MEASURES[part.name]
    exactly = {
        unit.code: to_round(scale, part.groups[unit.code], _counts(part.counts, unit))
        for unit in part.units
    }
    rounded = {
        code: round_table(table, secret=part.secret, school_year=part.school_year, unit=code)
        for code, table in exactly.items()
    }
    rows = publish(
        ((unit, rounded[unit.code]) for unit in part.units), part.areas, whole_year=part.whole_year
    )
    enrolled = {code: _enrolled(table, rounded[code].groups) for code, table in exactly.items()}
    if not is_divided(part.name):
        rows = [row for row in rows if row.by is By.NOTHING]
    refusals = [
        Refusal(f"{part.name}: {found.cell}", found.reason)
        for found in inspect(
            Inspected(part.units, part.areas, rounded, enrolled, rows),
            secret=part.secret,
            school_year=part.school_year,
            sample=part.sample,
            seed=part.seed,
        )
    ]
    return _answers(part.name, rows, part.units, part.areas), refusals


def _counts(of_branch: Mapping[str, Counts], unit: Unit) -> Counts:
    return together(of_branch[code] for code in unit.members if code in of_branch)


def _groups(exact: Exact, unit: Unit) -> tuple[Group, ...]:
    """Return the groups of a unit: none under ten, and never finer than earlier in the year."""
    enrolled = enrolled_in(_counts(exact.counts[ABSENCE.name], unit))
    years = years_of(unit.sector)
    before = [group for code in unit.members[:1] for group in exact.groups_before.get(code, ())]
    return merge_groups(
        by_finest(enrolled),
        years,
        before=beginning(years, before, sexes_together(enrolled)),
    )


def _enrolled(table: Table, groups: tuple[Group, ...]) -> dict[Group, int]:
    """Return the pupils of a unit by the groups of its rounded table, which may be coarser."""
    coarse = regrouped(table, groups)
    return dict(zip(groups, coarse.by_group, strict=True))


def _answers(
    measure: str, rows: Sequence[Row], units: Sequence[Unit], areas: Sequence[Area]
) -> list[Answer]:
    """Return rows as answers: all labels of a division in one, and one for each code in it."""
    members = {unit.code: unit.members for unit in units}
    whole = {area.code: area.municipalities for area in areas}
    found: dict[tuple[Level, str, By], list[Row]] = {}
    for row in rows:
        # A year group or sector that nobody is in has no row; a whole unit always has.
        if row.by is By.NOTHING or any(row.counts):
            found.setdefault((row.level, row.code, row.by), []).append(row)
    answers: list[Answer] = []
    for (level, code, by), labelled in found.items():
        together = (code,)
        if level is Level.BRANCH:
            together = members[code]
        elif level is Level.MUNICIPALITY:
            together = whole.get(code, together)
        answers += (
            Answer(
                LEVELS[level],
                each,
                measure,
                DIVIDED[by],
                together,
                tuple(row.label for row in labelled),
                labelled[0].scale.categories,
                tuple(count for row in labelled for count in row.counts),
                max(row.units for row in labelled),
            )
            for each in together
            if each
        )
    return answers

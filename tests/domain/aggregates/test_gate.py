from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.aggregates.gate import attackers
from domain.aggregates.gate.knowledge import Method
from domain.aggregates.gate.release import Release, inspect
from domain.aggregates.gate.vintages import vintage_refused
from domain.aggregates.rounding.levels import By, Level, publish
from domain.aggregates.rounding.merging import Unit, merge_municipalities
from domain.aggregates.rounding.shape import ABSENCE, ALL, SEXES, Group, Table, groups_of
from tests.domain.aggregates.baselines import Nearest, Suppressed, nearest, suppressed
from tests.domain.aggregates.test_rounding import KEY, rounded

GROUPS = groups_of(("1_2",))
EXACT = ((31, 20), (11, 9), (4, 3), (1, 2), (1, 0), (0, 0))


def table(*columns: tuple[int, int]) -> Table:
    """Return a table of girls and boys of one year group."""
    return Table(ABSENCE, GROUPS, columns)


@pytest.fixture(name="release")
def a_release() -> Release:
    """Three schools of one municipality, as they may be released."""
    units = [
        Unit(f"99AA0{at}", (f"99AA0{at}",), "PO", "M1", f"B{at % 2}", "R1", "A1") for at in range(3)
    ]
    tables = {unit.code: rounded(table(*EXACT), unit=unit.code) for unit in units}
    areas = merge_municipalities(units, {})
    rows = publish([(unit, tables[unit.code]) for unit in units], areas, whole_year=False)
    enrolled = {
        code: dict(zip(each.groups, each.by_group, strict=True)) for code, each in tables.items()
    }
    return Release(units, areas, tables, enrolled, rows, {"99AA00": {(1, 0): 2}})


def refused(release: Release, sample: int = 0) -> str:
    """Return what the gate says, on one line."""
    found = inspect(release, secret=KEY, school_year=2025, sample=sample)
    return " / ".join(f"{each.cell}: {each.reason}" for each in found)


def test_a_rounded_release_is_let_through(release: Release) -> None:
    """Nothing is refused of what was rounded, and every attacker finds nothing in it."""
    assert refused(release, sample=1) == ""


def test_exact_figures_are_refused_with_the_cell(release: Release) -> None:
    """A small cell, a part and what is left of a parent are each named, and the fixed point."""
    said = refused(replace(release, rounded={**release.rounded, "99AA00": table(*EXACT)}))
    assert "unit 99AA00, 10_20, 1_2 f: the count is 4" in said
    assert "unit 99AA00, 20_50: the count is 3" in said
    assert "unit 99AA00: would be rounded again, so it cannot be the truth" in said
    assert "branch 99AA00, nothing all: " in said
    assert "is not the sum of its units" in said


def test_a_total_that_is_not_the_public_one_is_refused(release: Release) -> None:
    """What is enrolled is known to all, so a group with another total is refused."""
    group = next(iter(release.enrolled["99AA01"]))
    said = refused(replace(release, enrolled={**release.enrolled, "99AA01": {group: 12}}))
    assert "unit 99AA01, 1_2 f" in said
    assert "but 12 are enrolled" in said


def test_a_group_under_ten_is_refused(release: Release) -> None:
    """A group that should have been joined with another is refused even if its cells are large."""
    small = table((30, 7), (20, 0), (0, 0), (0, 0), (0, 0), (0, 0))
    said = refused(replace(release, rounded={**release.rounded, "99AA02": small}))
    assert "unit 99AA02, 1_2 m: a group of 7 has to be joined with another" in said


def test_a_difference_of_published_rows_is_refused(release: Release) -> None:
    """Two large rows of which the difference is small are refused."""
    rows = [
        replace(row, counts=(row.counts[0] - 3, *row.counts[1:]))
        if row.level is Level.COUNTRY and row.by is By.SECTOR
        else row
        for row in release.rows
    ]
    said = refused(replace(release, rows=rows))
    assert "country NL without sector PO, 0_5: the count is 3" in said


@pytest.mark.parametrize(
    ("change", "method", "small"),
    [(nearest, Nearest(), (2, 2, 2)), (suppressed, Suppressed(), (2, 0, 0))],
)
def test_the_attack_is_real(
    change: Callable[[Table], Table], method: Method, small: tuple[int, ...]
) -> None:
    """The same attacker recovers small counts of methods that do not protect."""
    exact = Table(ABSENCE, ALL, ((51,), (20,), (8,), *((count,) for count in small)))
    found = attackers.public("99AA00", change(exact), method, enrolled=exact.total)
    assert any(each.low == each.high == 2 for each in found)
    safe = attackers.public("99AA00", rounded(exact))
    assert not [each for each in safe if each.proven]
    assert not [each for each in safe if each.exact and each.low < 5]


def test_all_other_schools_learn_nothing_of_the_last(release: Release) -> None:
    """Those who know a branch's rounded counts by sex and year prove no small count."""
    last = release.rounded["99AA00"]
    for found in (
        attackers.all_but_one("99AA00", last),
        attackers.school("99AA00", last, [release.rounded["99AA02"]]),
    ):
        assert found
        assert not [one for one in found if one.proven]


def test_an_officer_learns_of_nobody_besides_whom_it_knows() -> None:
    """Who knows two of a category of about five cannot prove that there is any other."""
    shown = Table(ABSENCE, (Group(("1_2",), SEXES),), ((60,), (30,), (12,), (5,), (0,), (0,)))
    found = attackers.officer("99AA00", shown, {(3, 0): 2})
    besides = next(each for each in found if each.question.words == "20_50")
    assert (besides.low, besides.proven) == (0, False)


def test_a_correction_of_a_few_pupils_waits_for_the_next_period(release: Release) -> None:
    """A new vintage is refused with each count, or row, that would tell of fewer than ten."""
    first = release.rows[0]
    moved = replace(first, counts=(first.counts[0] - 4, first.counts[1] + 4, *first.counts[2:]))
    said = [each.cell for each in vintage_refused(release.rows, [moved, *release.rows[1:]])]
    assert said == ["branch 99AA00, nothing all, 0_5", "branch 99AA00, nothing all, 5_10"]
    assert list(vintage_refused(release.rows, release.rows)) == []
    assert list(vintage_refused(release.rows, release.rows[1:]))
    many = replace(first, counts=(first.counts[0] - 10, first.counts[1] + 10, *first.counts[2:]))
    assert list(vintage_refused(release.rows, [many, *release.rows[1:]])) == []

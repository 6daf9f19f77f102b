"""The proof of `ops/prove aggregates`, over few branches."""

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.aggregates import gate
from domain.aggregates.gate.release import inspect
from tests.domain.aggregates.nation import Nation, nation
from tests.domain.aggregates.over_time import tell_time
from tests.domain.aggregates.proving import attack, fall
from tests.domain.aggregates.released import KEY, Month, month_of, release_of

SEED = 11


@pytest.fixture(name="small", scope="module")
def a_small_nation() -> Nation:
    """A nation of a hundred branches."""
    return nation(SEED, largest=100)


@pytest.fixture(name="months", scope="module")
def the_months(small: Nation) -> list[Month]:
    """Three months of it."""
    found = list[Month]()
    for number in range(3):
        found.append(month_of(small, number, found[-1] if found else None))
    return found


def test_a_nation_is_let_through_and_nothing_is_proven(months: list[Month]) -> None:
    """The gate refuses nothing, and no attacker proves a small count of any branch."""
    release = release_of(months[0])
    assert inspect(release, secret=KEY, school_year=2025, sample=0) == []
    tolls = attack(months[0], release, SEED, 1)
    assert len(tolls) == 3
    assert all(toll.asked and toll.holds for toll in tolls.values())


@pytest.mark.parametrize("which", ["nearest", "suppressed"])
def test_methods_that_do_not_protect_fall(months: list[Month], which: str) -> None:
    """The public recovers small counts when these are rounded to the nearest, or only withheld."""
    said = list[str]()
    assert fall(months[0], SEED, 10, said.append, which)


def test_months_together_tell_no_more(months: list[Month]) -> None:
    """Over the months every table is safe, nothing joined is parted, and no change is proven."""
    said = list[str]()
    assert tell_time(months, said.append)
    assert "cells refused 0, groups parted again 0" in said[0]


def test_other_branches_change_nothing(small: Nation, months: list[Month]) -> None:
    """A branch is rounded the same whatever happens in every other."""
    target = next(unit for unit in months[0].units if len(unit.members) == 1)
    index = next(at for at, each in enumerate(small.branches) if each.code == target.code)
    others = small.branch != index
    changed = replace(small, inclined=np.where(others, -small.inclined, small.inclined))
    month = month_of(changed, 0)
    assert month.rounded[target.code] == months[0].rounded[target.code]
    assert month.rounded != months[0].rounded


def test_the_gate_knows_the_rounding_only_by_what_it_makes() -> None:
    """Nothing of how a table is rounded is used to check it, but the function that is checked."""
    allowed = {"shape", "levels", "merging", "topdown"}
    used = set[tuple[str, str]]()
    for file in Path(gate.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                package, _, name = node.module.rpartition(".")
                if package == "domain.aggregates.rounding":
                    used |= {(name, each.name) for each in node.names}
    assert {name for name, _ in used} <= allowed
    assert {each for name, each in used if name == "topdown"} == {"round_table"}

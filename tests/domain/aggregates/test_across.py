"""What is released of a unit in all measures is one possible truth, and the gate sees if not."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from domain.aggregates import making
from domain.aggregates.gate.across import across_refused, time_refused
from domain.aggregates.made import Exact
from domain.aggregates.making import make
from domain.aggregates.measures import MEASURES, released_of
from domain.aggregates.models import PeriodKind
from domain.aggregates.rounding.shape import ALL, Scale, Table
from domain.aggregates.rounding.topdown import SHARED, most_shared, round_table
from tests.domain.aggregates.together import ALONE, exact_of, key_of, proven, told_of


@pytest.fixture(name="exact", scope="module")
def an_exact() -> Exact:
    """Thirty schools."""
    return exact_of(30, seed=3)


def test_all_that_is_released_of_a_branch_proves_nothing(exact: Exact) -> None:
    """Over many keys, what all measures say of the same few pupils never leaves one to four."""
    asked = 0
    for number in range(5):
        made = make(exact, secret=key_of(number), sample=0)
        assert made.refusals == ()
        assert list(proven(made.answers)) == []
        for told in told_of(made.answers).values():
            assert max(each[0] for each in told) <= min(each[1] for each in told)
            asked += len(told) > 1
    assert asked > 150


def _drawn(random: Random, scale: Scale, pupils: dict[str, int]) -> Table:
    """Return a table of so many pupils in each part, anywhere within it."""
    cells = [0] * len(scale.categories)
    for part, number in pupils.items():
        for _ in range(number):
            cells[random.choice(scale.spans[part])] += 1
    return Table(scale, ALL, tuple((each,) for each in cells))


def test_measures_say_the_same_of_the_same_pupils(exact: Exact) -> None:
    """At the splits they share, whatever lies within: of tiny units and every small count."""
    random = Random(1)
    for number in range(400):
        few, some, many = random.randint(0, 12), random.randint(0, 17), random.randint(0, 40)
        shown: dict[str, set[int]] = {"unknown": set(), "above_10": set()}
        for name in ("absence", "absence_kinds", "lateness", "frequent_sickness"):
            scale = MEASURES[name]
            pupils = {"above_10": some, "below_10": many, "unknown": few}
            if "delivered" in scale.spans:
                pupils = {"delivered": some + many, "unknown": few}
            table = _drawn(random, scale, pupils)
            rounded = round_table(table, secret=key_of(number), school_year=2026, unit="99AA00")
            for part in shown.keys() & pupils.keys():
                shown[part].add(rounded.part(part))
        assert {name: len(told) for name, told in shown.items()} == {"unknown": 1, "above_10": 1}


def test_a_shared_part_keeps_the_most_that_any_measure_has(exact: Exact) -> None:
    """Of every shared split, and what its parts keep together is within what it keeps itself."""
    for scale in MEASURES.values():
        for whole in (scale.root, *scale.root.parts):
            if whole.name in SHARED:
                most = [most_shared(part) for part in whole.parts]
                own = [len(list(part.categories())) for part in whole.parts]
                assert all(few <= many for few, many in zip(own, most, strict=True))
                assert whole is scale.root or sum(most) <= most_shared(whole)


MUCH = [("absence", (8, 7, 5, 5, 5, 2)), ("absence_kinds", (15, 5, 5, 5, 2))]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("absence", (8, 7, 5, 5, 5, 2)),
        ("absence_kinds", (15, 5, 5, 5, 2)),
        ("absence", (6, 9, 6, 5, 4, 4)),
    ],
)
def test_parts_that_all_have_to_keep_much_fit_their_whole(
    name: str, cells: tuple[int, ...]
) -> None:
    """Of much absence beside a few of whom nothing is known, every draw keeps the total."""
    table = Table(MEASURES[name], ALL, tuple((each,) for each in cells))
    for number in range(60):
        rounded = round_table(table, secret=key_of(number), school_year=2026, unit="99AA00")
        assert rounded.total == table.total
        assert all(count == 0 or count >= 5 for count in rounded.by_category)


def test_time_tells_of_as_many_pupils_as_absence_does(exact: Exact) -> None:
    """What is scheduled is those of whom something is known, as rounded; else it is refused."""
    made = make(exact, secret=key_of(1), sample=0)
    by_unit = {(each.level, each.code, each.measure): each for each in made.answers
               if each.by == "total"}  # fmt: skip
    for (level, code, measure), time in by_unit.items():
        if measure == "minutes":
            absence = by_unit[level, code, "absence"]
            assert time.cells[0] == sum(absence.cells[:-1])
            other = replace(time, cells=(time.cells[0] + 1, *time.cells[1:]))
            assert list(across_refused([absence, other]))
            assert not list(across_refused([absence, time]))


def test_measures_that_draw_by_themselves_are_refused(
    exact: Exact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a draw for each measure the gate names the unit and what each says of the same."""
    monkeypatch.setattr(making, "MEASURES", ALONE)
    made = [make(exact, secret=key_of(number), sample=0) for number in range(5)]
    assert [found for each in made for found in proven(each.answers)], "the attack is real"
    said = [f"{each.cell}: {each.reason}" for each in made[1].refusals]
    assert any(
        "unknown: of the same pupils, of whom nothing was delivered" in each for each in said
    )
    assert any("none: of the same pupils, of whom nothing was reported" in each for each in said)
    assert any("of the same pupils, who missed a tenth or more" in each for each in said)


@pytest.mark.parametrize(
    ("places", "told"),
    [
        ([("R1", "A1")] * 30, {"region", "alliance", "national"}),
        ([("R1", "A1")] * 28 + [("R2", "A1")] * 2, {"alliance", "national"}),
        ([("R1", "A1")] * 28 + [("R1", "A2")] * 2, {"region", "national"}),
        (
            [("R1", "A1")] * 12 + [("R2", "A1")] * 3 + [("R2", "A2")] * 15,
            {"region", "alliance", "national"},
        ),
        # Of one alliance two are: that is what its total and the other region's leave.
        ([("R1", "A1")] * 13 + [("R2", "A1")] * 2 + [("R2", "A2")] * 15, {"region", "national"}),
        # One school in no alliance is what a region has more than its alliance, or the country.
        ([("R1", "A1")] * 29 + [("R1", "")], {"region", "national"}),
        ([("R1", "A1")] * 28 + [("", "A1")] * 2, {"alliance", "national"}),
    ],
)
def test_time_of_a_few_schools_is_not_told_nor_left_over(
    exact: Exact, places: list[tuple[str, str]], told: set[str]
) -> None:
    """A level is told whole or not at all: what one area leaves of another is three schools."""
    branches = [
        replace(branch, region=region, alliance=alliance or None)
        for branch, (region, alliance) in zip(exact.branches, places, strict=True)
    ]
    made = make(replace(exact, branches=branches), secret=key_of(1), sample=0)
    time = [each for each in made.answers if each.measure == "minutes"]
    assert {each.level for each in time} == told
    assert made.refusals == ()
    known = {unit.code: 1 for unit in made.units}
    every = [replace(time[0], level=level) for level in ("region", "alliance", "national")]
    assert bool(list(time_refused(made.units, known, every))) == (len(told) < len(every))


def test_what_lies_within_another_measure_is_refused(exact: Exact) -> None:
    """Tiers by share of time, lateness by sex and time of a branch are each refused."""
    answers = make(exact, secret=key_of(1), sample=0).answers
    late = next(each for each in answers if each.measure == "lateness")
    time = next(each for each in answers if each.measure == "minutes")
    for wrong in (
        replace(late, measure="sickness"),
        replace(late, by="sex"),
        replace(time, level="branch"),
    ):
        (refusal,) = across_refused([wrong])
        assert wrong.measure in refusal.cell


def test_a_release_holds_what_can_be_true_together(exact: Exact) -> None:
    """Absence alone is divided, time is told from regions on, and no tier by share of time."""
    answers = make(exact, secret=key_of(1), sample=0).answers
    assert {each.measure for each in answers} == {*released_of(PeriodKind.MONTH), "minutes"}
    assert {each.measure for each in answers if each.by != "total"} == {"absence"}
    levels = {each.level for each in answers if each.measure == "minutes"}
    assert levels == {"region", "alliance", "national"}

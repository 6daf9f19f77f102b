"""What is released of a unit in all measures is one possible truth, and the gate sees if not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from random import Random

import pytest

from domain.aggregates import making
from domain.aggregates.gate.across import across_refused
from domain.aggregates.made import Answer, Exact
from domain.aggregates.making import make
from domain.aggregates.measures import MEASURES, released_of
from domain.aggregates.models import PeriodKind
from domain.aggregates.rounding.bounds import bounds
from domain.aggregates.rounding.levels import By, Level, Row
from domain.aggregates.rounding.merging import Branch
from domain.aggregates.rounding.shape import ALL, SEXES, YEAR_GROUPS, Table
from domain.aggregates.rounding.topdown import MOST_SHARED, round_table
from domain.aggregates.tables import Counts

SIZES = (2, 3, 6, 20, 40)
REPORTS = ("reports", "report_outcomes", "days_to_action")
NOTHING, REPORTED, MISSED = "nothing delivered", "reported", "a tenth missed"
KINDS = ("mostly_ill", "mostly_unauthorised", "mostly_other")
OF_THE_SAME = {
    NOTHING: tuple((name, "unknown") for name in ("absence", "absence_kinds", "lateness")),
    MISSED: (("absence", "above_10"), ("absence_kinds", "above_10")),
    REPORTED: tuple((name, "reported") for name in REPORTS),
}


def _pupil(random: Random) -> dict[str, str]:
    """Return the category of one pupil in every measure, as all of them can be true of it."""
    nothing = random.random() < 0.02
    few = random.random() < 0.02
    reported = random.random() < 0.02
    bands = ("0_5", "5_10", "10_20", "20_50", "50_plus")
    found = {
        "absence": "unknown" if nothing else random.choices(bands, (80, 16, 2, 1, 1))[0],
        "plans_started": random.choices(("none", "started"), (60, 1))[0],
        "plans_reviewed": random.choices(("none", "kept", "missed"), (60, 1, 1))[0],
        "frequent_sickness": random.choices(
            ("none", "fourth_sick_report", "seventh_sick_day"), (60, 1, 1)
        )[0],
    }
    missed = found["absence"] in {"10_20", "20_50", "50_plus"}
    found["absence_kinds"] = (
        "unknown" if nothing else random.choice(KINDS) if missed else "below_10"
    )
    for name in ("sickness", "unauthorised", "lateness"):
        tier = random.choices(("tier_1", "tier_2", "tier_3"), (90, 7, 3))[0]
        found[name] = "unknown" if nothing else "few_weeks" if few else tier
    for name in REPORTS:
        found[name] = random.choice(MEASURES[name].categories[1:]) if reported else "none"
    return found


def _exact(branches: int, seed: int) -> Exact:
    """Return a month of primary schools of every size, in which little happens to anybody."""
    random = Random(seed)
    counts: dict[str, dict[str, dict[tuple[str, str, str], int]]] = {
        name: defaultdict(lambda: defaultdict(int)) for name in MEASURES
    }
    found: list[Branch] = []
    for at in range(branches):
        code, pupils = f"99AA{at:02}", 0
        for year in YEAR_GROUPS["PO"]:
            for sex in SEXES:
                for _ in range(random.choice(SIZES)):
                    pupils += 1
                    for name, category in _pupil(random).items():
                        counts[name][code][category, year, sex] += 1
        found.append(
            Branch(code, "PO", f"{1000 + at}", f"M{at % 4}", f"B{at % 5}", "R1", "A1", pupils)
        )
    time = {each.code: [each.pupils * 6000, 0, 6000, 0, 9000, 0, 0, 1, 90000, 0] for each in found}
    whole: Mapping[str, Mapping[str, Counts]] = counts
    return Exact(2026, PeriodKind.MONTH, found, whole, time, {f"M{at}": [] for at in range(4)})


def _key(number: int) -> bytes:
    return sha256(f"key {number}".encode()).digest()


@pytest.fixture(name="exact", scope="module")
def an_exact() -> Exact:
    """Thirty schools."""
    return _exact(30, seed=3)


def _bounds(answers: tuple[Answer, ...]) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """Return what is told of each set of pupils of a branch by every row that tells of it."""
    found: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for answer in answers:
        if answer.level != "branch":
            continue
        scale = MEASURES[answer.measure]
        row = Row(Level.BRANCH, answer.code, By.NOTHING, "all", scale, answer.cells, answer.units)
        told, certain = bounds(row)
        assert certain
        for words, places in OF_THE_SAME.items():
            found[answer.code, words] += [
                told[part] for measure, part in places if measure == answer.measure
            ]
    return found


def test_all_that_is_released_of_a_branch_proves_nothing(exact: Exact) -> None:
    """Over many keys, what all measures say of the same few pupils never leaves one to four."""
    asked = 0
    for number in range(5):
        made = make(exact, secret=_key(number), sample=0)
        assert made.refusals == ()
        for told in _bounds(made.answers).values():
            low, high = max(each[0] for each in told), min(each[1] for each in told)
            assert low <= high
            assert not 1 <= low <= high <= 4
            asked += len(told) > 1
    assert asked > 150


def test_measures_say_the_same_of_the_same_pupils(exact: Exact) -> None:
    """At the first split they share, whatever lies within: of tiny units and every small count."""
    random = Random(1)
    for number in range(400):
        few, some, many = random.randint(0, 12), random.randint(0, 17), random.randint(0, 40)
        shown: dict[str, set[int]] = {"unknown": set(), "above_10": set()}
        for name in ("absence", "absence_kinds", "lateness"):
            scale = MEASURES[name]
            cells = [0] * len(scale.categories)
            parts = {"above_10": some, "below_10": many} if name != "lateness" else {
                "enough_weeks": some + many
            }  # fmt: skip
            for part, pupils in parts.items():
                for _ in range(pupils):
                    cells[random.choice(scale.spans[part])] += 1
            cells[-1] = few
            table = Table(scale, ALL, tuple((each,) for each in cells))
            rounded = round_table(table, secret=_key(number), school_year=2026, unit="99AA00")
            for part, told in shown.items():
                if part in scale.spans:
                    told.add(rounded.part(part))
        assert {name: len(told) for name, told in shown.items()} == {"unknown": 1, "above_10": 1}
    for scale in MEASURES.values():
        shared = [scale.root, *(part for part in scale.root.parts if part.name in MOST_SHARED)]
        assert all(
            len(list(part.categories())) <= MOST_SHARED[whole.name]
            for whole in shared
            for part in whole.parts
        )


def test_measures_that_draw_by_themselves_are_refused(
    exact: Exact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a draw for each measure the gate names the unit and what each says of the same."""
    alone = {name: replace(scale, shared=name) for name, scale in MEASURES.items()}
    monkeypatch.setattr(making, "MEASURES", alone)
    said = [
        f"{each.cell}: {each.reason}" for each in make(exact, secret=_key(1), sample=0).refusals
    ]
    assert any(
        "unknown: of the same pupils, of whom nothing was delivered" in each for each in said
    )
    assert any("none: of the same pupils, of whom nothing was reported" in each for each in said)
    assert any("of the same pupils, who missed a tenth or more" in each for each in said)


def test_what_lies_within_another_measure_is_refused(exact: Exact) -> None:
    """Tiers by share of time, lateness by sex and time of a branch are each refused."""
    answers = make(exact, secret=_key(1), sample=0).answers
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
    answers = make(exact, secret=_key(1), sample=0).answers
    assert {each.measure for each in answers} == {*released_of(PeriodKind.MONTH), "minutes"}
    assert {each.measure for each in answers if each.by != "total"} == {"absence"}
    levels = {each.level for each in answers if each.measure == "minutes"}
    assert levels == {"region", "alliance", "national"}

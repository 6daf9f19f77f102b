"""All measures of one set of pupils, and what an attacker who has every row learns of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from random import Random
from unittest import mock

from domain.aggregates import making
from domain.aggregates.made import Answer, Exact
from domain.aggregates.making import make
from domain.aggregates.measures import MEASURES
from domain.aggregates.models import PeriodKind
from domain.aggregates.rounding.bounds import bounds
from domain.aggregates.rounding.levels import By, Level, Row
from domain.aggregates.rounding.merging import Branch
from domain.aggregates.rounding.shape import SEXES, YEAR_GROUPS
from domain.aggregates.tables import Counts

FEW = 4
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
        "frequent_sickness": (
            "unknown" if nothing else random.choices(("not_often", "often_ill"), (60, 2))[0]
        ),
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


def exact_of(branches: int, seed: int) -> Exact:
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
    time = {each.code: [each.pupils * 6000, 0, 9000, 0, 0, 1, 90000, 0] for each in found}
    whole: Mapping[str, Mapping[str, Counts]] = counts
    return Exact(2026, PeriodKind.MONTH, found, whole, time, {f"M{at}": [] for at in range(4)})


def key_of(number: int) -> bytes:
    """Return one of many keys of a school year."""
    return sha256(f"key {number}".encode()).digest()


def told_of(answers: tuple[Answer, ...]) -> dict[tuple[str, str], list[tuple[int, int]]]:
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


ALONE = {name: replace(scale, shared=name) for name, scale in MEASURES.items()}
"""The measures as they were if each drew by itself, which the gate refuses."""


def proven(answers: tuple[Answer, ...]) -> Iterator[tuple[str, str]]:
    """Yield the branch and the set of pupils that all rows together leave at one to four."""
    for (code, words), told in told_of(answers).items():
        low, high = max(each[0] for each in told), min(each[1] for each in told)
        if 1 <= low <= high <= FEW:
            yield code, words


def tell_together(say: Callable[[str], None], seed: int, *, branches: int, keys: int) -> bool:
    """Attack across measures; return whether nothing is proven, and is where each draws alone."""
    exact = exact_of(branches, seed)
    found = {"together": 0, "alone": 0}
    asked = refused = 0
    for number in range(keys):
        made = make(exact, secret=key_of(number), sample=0)
        refused += len(made.refusals)
        asked += sum(len(told) > 1 for told in told_of(made.answers).values())
        found["together"] += len(list(proven(made.answers)))
        with mock.patch.object(making, "MEASURES", ALONE):
            answers = make(exact, secret=key_of(number), sample=0).answers
        found["alone"] += len(list(proven(answers)))
    say(
        f"Across measures, {branches} branches under {keys} keys: {asked:,} sets told of by"
        f" several, proven in 1-4 {found['together']}; with a draw for each measure"
        f" {found['alone']}."
    )
    return not refused and not found["together"] and found["alone"] > 0

"""The long proof of the aggregates: attackers on a synthetic nation, over a year, and baselines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from time import perf_counter, process_time

import numpy as np

from domain.aggregates.gate import attackers
from domain.aggregates.gate.attackers import Finding
from domain.aggregates.gate.release import Release, inspect
from domain.aggregates.rounding.shape import Table
from domain.aggregates.rounding.topdown import round_table
from tests.domain.aggregates.baselines import Nearest, Suppressed, nearest, suppressed
from tests.domain.aggregates.errors import tell_errors
from tests.domain.aggregates.exhaustive import every_truth
from tests.domain.aggregates.nation import MONTHS, demo_region, nation
from tests.domain.aggregates.over_time import tell_time
from tests.domain.aggregates.released import KEY, Month, month_of, release_of
from tests.domain.aggregates.together import tell_together

Say = Callable[[str], None]
SMALL = 5
KEYS = 10
DEMO_PUPILS = 20_000
DEMO_SAMPLE = 4


@dataclass
class Toll:
    """What attackers found: how many asked, proven to be one to four, exact, and how wide."""

    asked: int = 0
    counts: int = 0
    differences: int = 0
    exact: int = 0
    wrong: int = 0
    widths: list[float] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Return whether nothing was proven or recovered."""
        return not (self.counts or self.differences or self.exact)

    def add(self, found: Iterable[Finding], exact: Table, known: dict[int, int]) -> None:
        """Count the findings about one unit, of which the exact table is known here."""
        for each in found:
            rows = each.question.categories
            wide = (
                range(len(exact.groups)) if each.question.groups is None else each.question.groups
            )
            true = sum(exact.cells[row][at] for row in rows for at in wide)
            true -= sum(known.get(row, 0) for row in rows)
            self.asked += 1
            right = each.low <= true <= each.high
            self.wrong += not right
            # A bound that is wrong proves nothing: the attacker had assumed more than is so.
            if each.proven and right:
                self.differences += each.question.difference
                self.counts += not each.question.difference
            self.exact += right and each.exact and 0 < true < SMALL
            self.widths.append(each.width)

    def join(self, other: Toll) -> None:
        """Add what was found of another month."""
        for name in ("asked", "counts", "differences", "exact", "wrong"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.widths += other.widths

    def __str__(self) -> str:
        """Return the toll on one line."""
        widths = np.array(self.widths or [0])
        low, middle, high = np.percentile(widths, [5, 50, 95])
        return (
            f"asked {self.asked:,}, counts proven in 1-4 {self.counts},"
            f" differences {self.differences}, exact {self.exact};"
            f" width 5/50/95 %: {low:.0f}/{middle:.0f}/{high:.0f}, under five"
            f" {(widths < SMALL - 1).mean():.0%}; bounds that were wrong {self.wrong}"
        )


def prove(seed: int, say: Say, *, branches: int = 2000, sample: int = 24) -> bool:
    """Attack what would be published; return whether nothing is proven and the baselines fall.

    Args:
        seed: of the nation, of who is attacked and of what an officer knows.
        say: takes each line.
        branches: how many branches are followed over twelve months.
        sample: how many units each attacker attacks.
    """
    began = perf_counter()
    whole = nation(seed)
    month = month_of(whole, 0)
    tables = month.exact
    started = process_time()
    for code, table in tables.items():
        round_table(table, secret=KEY, school_year=2025, unit=code)
    pupils = sum(table.total for table in tables.values())
    say(
        f"A national month of {len(month.units):,} units and {pupils:,} pupils is rounded in"
        f" {process_time() - started:.1f} s of one processor."
    )
    fallen = sum(month.rounded[code].groups != month.groups[code] for code in tables)
    say(f"Units in which no draw kept the groups, so that they were joined: {fallen}.")
    release = release_of(month)
    started = process_time()
    refusals = inspect(release, secret=KEY, school_year=2025, sample=0)
    say(f"The gate refuses {len(refusals)} cells ({process_time() - started:.0f} s, no attackers).")
    for refusal in refusals[:10]:
        say(f"  {refusal.cell}: {refusal.reason}")
    tolls = attack(month, release, seed, sample)
    for name, toll in tolls.items():
        say(f"{name}: {toll}.")
    fell = [fall(month, seed, sample, say, which) for which in ("nearest", "suppressed")]
    tiny = every_truth(say)
    together = tell_together(say, seed, branches=branches // 5, keys=KEYS)
    tell_errors(month, release, say)
    year = nation(seed, largest=branches)
    months = list[Month]()
    for number in range(MONTHS):
        months.append(month_of(year, number, months[-1] if months else None))
    over = tell_time(months, say)
    say(f"The schools of a demo region of {DEMO_PUPILS:,} pupils, month by month:")
    around = attack_region(seed, say)
    say(f"Seed {seed}, {perf_counter() - began:.0f} s.")
    return (
        not refusals
        and all(toll.holds for toll in tolls.values())
        and all(fell)
        and over
        and tiny
        and together
        and around
    )


def attack_region(seed: int, say: Say) -> bool:
    """Let every attacker attack all twelve months of a demo region; return whether none wins."""
    region = demo_region(seed, pupils=DEMO_PUPILS)
    tolls, refused = dict[str, Toll](), 0
    before: Month | None = None
    months = list[Month]()
    for number in range(MONTHS):
        before = month_of(region, number, before)
        months.append(before)
        release = release_of(before)
        refused += len(inspect(release, secret=KEY, school_year=2025, sample=0))
        for name, toll in attack(before, release, seed + number, DEMO_SAMPLE).items():
            tolls.setdefault(name, Toll()).join(toll)
    say(f"  {len(months[0].units)} units; cells that the gate refuses {refused}")
    for name, toll in tolls.items():
        say(f"  {name}: {toll}.")
    return tell_time(months, say) and not refused and all(toll.holds for toll in tolls.values())


def attack(month: Month, release: Release, seed: int, sample: int) -> dict[str, Toll]:
    """Let each attacker attack its sample."""
    chance = Random(seed)
    tolls = dict[str, Toll]()
    codes = chance.sample(sorted(month.rounded), sample)
    beside = dict[str, list[str]]()
    for unit in release.units:
        beside.setdefault(unit.municipality, []).append(unit.code)
    for at, code in enumerate(codes):
        table, exact = month.rounded[code], month.exact[code]
        _note(tolls, attackers.public(code, table), exact)
        known = _known(exact, chance)
        found = attackers.officer(code, table, known)
        by_category = dict[int, int]()
        for (row, _), count in known.items():
            by_category[row] = by_category.get(row, 0) + count
        _note(tolls, found, exact, by_category)
        if at % 2 == 0:
            _note(tolls, attackers.all_but_one(code, table), exact)
    few = [codes for codes in beside.values() if len(codes) in {3, 4}]
    for codes in chance.sample(few, min(len(few), sample // 6)):
        target, *others = codes[:-1]
        found = attackers.school(
            target, month.rounded[target], [month.rounded[code] for code in others]
        )
        _note(tolls, found, month.exact[target])
    return tolls


def _known(exact: Table, chance: Random) -> dict[tuple[int, int], int]:
    """Return a fifth of the pupils who missed a tenth or more: those who were reported."""
    found = dict[tuple[int, int], int]()
    for row in exact.scale.spans["above_10"]:
        for at, count in enumerate(exact.cells[row]):
            known = sum(chance.random() < 1 / 5 for _ in range(count))
            if known:
                found[row, at] = known
    return found


def _note(
    tolls: dict[str, Toll], found: list[Finding], exact: Table, known: dict[int, int] | None = None
) -> None:
    if found:
        tolls.setdefault(found[0].attacker, Toll()).add(found, exact, known or {})


def fall(month: Month, seed: int, sample: int, say: Say, which: str) -> bool:
    """Attack a method that does not protect; return whether it fell."""
    change, method = (nearest, Nearest()) if which == "nearest" else (suppressed, Suppressed())
    toll = Toll()
    for code in Random(seed).sample(sorted(month.exact), sample):
        exact = month.exact[code]
        shown = change(exact)
        toll.add(attackers.public(code, shown, method, enrolled=exact.total), exact, {})
    say(f"Only {which}, the public: {toll}.")
    return toll.counts > 0 and toll.exact > 0

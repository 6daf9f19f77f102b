"""What rounding costs: errors by level and size of branch, beside those of the reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from domain.aggregates.gate.release import Release
from domain.aggregates.rounding.bounds import bounds
from domain.aggregates.rounding.levels import EVERYBODY, By, Level, Row, publish
from domain.aggregates.rounding.shape import ABOVE, TOTAL, UNKNOWN
from tests.domain.aggregates.released import Month

_SIZES = (
    ("under 100 pupils", 0, 100, "0/8.0"),
    ("100 to 300", 100, 301, "0/0"),
    ("over 300", 301, 10**9, "0/0"),
)
_REFERENCE = {
    (Level.BOARD, By.NOTHING): "0/0.2",
    (Level.MUNICIPALITY, By.NOTHING): "0/0.16",
    (Level.MUNICIPALITY, By.SEX): "0.5/2.4",
    (Level.MUNICIPALITY, By.YEAR): "0.9/4.3, of every year group",
    (Level.REGION, By.NOTHING): "0.01/0.03",
    (Level.REGION, By.YEAR): "0.3/1.0",
    (Level.ALLIANCE, By.NOTHING): "0.01/0.04",
    (Level.ALLIANCE, By.SEX): "0.3/0.7",
    (Level.ALLIANCE, By.YEAR): "0.4/1.5",
}


def tell_errors(month: Month, release: Release, say: Callable[[str], None]) -> None:
    """Say how far the share of pupils who missed a tenth or more is from the truth, in points."""
    pairs = [(unit, month.exact[unit.code]) for unit in month.units]
    exact = {_key(row): row for row in publish(pairs, release.areas, whole_year=False)}
    both = [(row, exact[_key(row)]) for row in release.rows]
    say("Share of pupils who missed a tenth or more: error in points, median/95 % (reference).")
    branches = [pair for pair in both if pair[0].level is Level.BRANCH]
    for name, low, high, reference in _SIZES:
        some = [pair for pair in branches if low <= sum(pair[0].counts) < high]
        right = np.mean([_part(a, ABOVE) == _part(b, ABOVE) for a, b in some])
        say(f"  branch, {name}: {_errors(some)} ({reference}); count exact in {right:.1%}")
    for (level, by), reference in _REFERENCE.items():
        some = [pair for pair in both if (pair[0].level, pair[0].by) == (level, by)]
        say(f"  {level} by {by}: {_errors(some)} ({reference})")
    country = next(
        pair for pair in both if (pair[0].level, pair[0].by) == (Level.COUNTRY, By.NOTHING)
    )
    leaning = [
        f"{name} {shown - true:+d} ({(shown - true) / true:+.2%})"
        for name, shown, true in zip(
            country[0].scale.categories, country[0].counts, country[1].counts, strict=True
        )
    ]
    say(f"  the country, pupils: {', '.join(leaning)}")
    _tell_bounds(both, say)


def _tell_bounds(both: Sequence[tuple[Row, Row]], say: Callable[[str], None]) -> None:
    """Say how often the truth lies within the bounds that are shown."""
    within: dict[str, list[bool]] = {}
    for shown, true in both:
        found, certain = bounds(shown)
        kind = "certain" if certain else f"by {shown.by}, nineteen of twenty"
        within.setdefault(kind, []).extend(
            low <= _part(true, name) <= high for name, (low, high) in found.items() if name != TOTAL
        )
    told = ", ".join(f"{kind} {np.mean(each):.2%}" for kind, each in sorted(within.items()))
    say(f"  the truth is within the bounds: {told}")


def _errors(pairs: Sequence[tuple[Row, Row]]) -> str:
    errors = [abs(_share(shown) - _share(true)) * 100 for shown, true in pairs]
    middle, high = np.percentile(errors or [0], [50, 95])
    return f"{middle:.2f}/{high:.2f} of {len(errors):,}"


def _share(row: Row) -> float:
    return _part(row, ABOVE) / max(1, sum(row.counts) - _part(row, UNKNOWN))


def _part(row: Row, name: str) -> int:
    span = row.scale.spans[name]
    return sum(row.counts[span.start : span.stop])


def _key(row: Row) -> Row:
    return replace(row, counts=(), label=row.label or EVERYBODY)

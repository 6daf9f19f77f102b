"""How far published shares are from the exact ones, by level and size, beside the reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from rich.table import Table

from domain.aggregates.rounding.shape import ABOVE, ABSENCE, UNKNOWN

if TYPE_CHECKING:
    from domain.aggregates.made import Answer
    from domain.aggregates.writing import Proposed

REFERENCE: Final = {
    "branch, under 100 pupils": "0 / 8.0",
    "branch, 100 to 300": "0 / 0",
    "branch, over 300": "0 / 0",
    "board": "0 / 0.2",
    "municipality": "0 / 0.16",
    "region": "0.01 / 0.03",
    "alliance": "0.01 / 0.04",
    "national": "",
    "municipality, by sex": "0.5 / 2.4",
    "alliance, by sex": "0.3 / 0.7",
}
"""Median and 95th percentile, in points, of the share of pupils who missed a tenth or more."""

_SMALL, _LARGE = 100, 300
_POINTS: Final = 100
_HIGH: Final = 0.95


def errors(found: Proposed) -> Table:
    """Return the errors of the published share of pupils who missed a tenth or more."""
    off: dict[str, list[float]] = {name: [] for name in REFERENCE}
    exact = dict(_exact(found))
    for answer in found.made.answers:
        if answer.measure != ABSENCE.name:
            continue
        for at, label in enumerate(answer.labels):
            true = exact.get((answer.level, answer.code, answer.by, label))
            name = _name(answer, true)
            if true is None or name not in off or not true[1]:
                continue
            width = len(answer.categories)
            shown = _share(
                dict(zip(answer.categories, answer.cells[at * width :][:width], strict=True))
            )
            if shown[1]:
                off[name].append(abs(shown[0] / shown[1] - true[0] / true[1]) * _POINTS)
    table = Table(
        "level", "units", "median / p95", "reference page",
        title="Error of the share that missed a tenth or more, in points",
    )  # fmt: skip
    for name, reference in REFERENCE.items():
        values = sorted(off[name])
        if values:
            middle, high = values[len(values) // 2], values[int(len(values) * _HIGH)]
            table.add_row(name, f"{len(values):,}", f"{middle:.2f} / {high:.2f}", reference)
    return table


def _name(answer: Answer, true: tuple[int, int] | None) -> str:
    if answer.by == "sex":
        return f"{answer.level}, by sex"
    if answer.by != "total":
        return ""
    if answer.level != "branch" or true is None:
        return answer.level
    if true[1] < _SMALL:
        return "branch, under 100 pupils"
    return "branch, 100 to 300" if true[1] <= _LARGE else "branch, over 300"


def _share(counts: Mapping[str, int]) -> tuple[int, int]:
    """Return how many missed a tenth or more, and of how many something is known."""
    span = ABSENCE.spans[ABOVE]
    often = sum(counts.get(name, 0) for name in ABSENCE.categories[span.start : span.stop])
    return often, sum(counts.values()) - counts.get(UNKNOWN, 0)


Place = tuple[str, str, str, str]


def _exact(found: Proposed) -> Iterator[tuple[Place, tuple[int, int]]]:
    """Yield the exact share of every unit that is published, by level, code, division and label."""
    sums: dict[Place, dict[str, int]] = {}
    tables = found.loaded.exact.counts[ABSENCE.name]
    for unit in found.made.units:
        places = {
            ("branch", code) for code in unit.members
        } | {
            ("board", unit.board or ""), ("municipality", unit.municipality),
            ("region", unit.region), ("alliance", unit.alliance or ""), ("national", "NL"),
        }  # fmt: skip
        for code in unit.members:
            for (category, _, sex), number in tables.get(code, {}).items():
                for level, place in places:
                    for by, label in (("total", "all"), ("sex", sex)):
                        counts = sums.setdefault((level, place, by, label), {})
                        counts[category] = counts.get(category, 0) + number
    yield from ((place, _share(counts)) for place, counts in sums.items())

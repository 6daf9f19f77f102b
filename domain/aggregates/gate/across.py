"""Whether what is released of a unit in all measures can be true together.

Each measure is rounded by itself, but all count the same pupils. So what two of them say of the
same set has to be the same number, and nothing may be released that lies within a part of another
measure: five shown here and none shown there would prove one to four. What is compared is what is
released, at every level, as anybody would who has all of it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations_with_replacement
from typing import Final

from domain.aggregates.gate.sums import Refusal
from domain.aggregates.made import Answer
from domain.aggregates.rounding.merging import Unit

_SAME: Final[tuple[tuple[str, Mapping[str, tuple[str, ...]]], ...]] = (
    (
        "of whom nothing was delivered",
        dict.fromkeys(("absence", "absence_kinds", "lateness", "frequent_sickness"), ("unknown",)),
    ),
    (
        "of whom something was delivered",
        {"absence": ("0_5", "5_10", "10_20", "20_50", "50_plus"), "minutes": ("scheduled",)},
    ),
    (
        "who missed a tenth or more",
        {
            "absence": ("10_20", "20_50", "50_plus"),
            "absence_kinds": ("mostly_ill", "mostly_unauthorised", "mostly_other"),
        },
    ),
    (
        "of whom nothing was reported",
        {"reports": ("none",), "report_outcomes": ("none",), "days_to_action": ("none",)},
    ),
)
"""Sets of pupils that several measures tell of: by measure, the categories that are this set."""

_TOTAL_ONLY: Final = frozenset(
    {
        "absence_kinds", "lateness", "minutes", "reports", "report_outcomes", "days_to_action",
        "frequent_sickness", "plans_started", "plans_reviewed",
    }
)  # fmt: skip
_TIME: Final = "minutes"
_FEWEST_UNITS: Final = 3
_AREA: Final[Mapping[str, Callable[[Unit], str]]] = {
    "region": lambda unit: unit.region,
    "alliance": lambda unit: unit.alliance or "",
    "national": lambda _: "NL",
}
"""The levels of time, and in which area of each a unit is; some are in none."""


def across_refused(answers: Iterable[Answer]) -> Iterator[Refusal]:
    """Yield what measures say of one unit that cannot be true together, or lies in one another."""
    wholes: dict[tuple[str, str], dict[str, Answer]] = {}
    for answer in answers:
        yield from _within_another(answer)
        if answer.by == "total":
            wholes.setdefault((answer.level, answer.code), {})[answer.measure] = answer
    for (level, code), measures in wholes.items():
        where = f"{level} {code}"
        everybody = {name: sum(each.cells) for name, each in measures.items() if name != _TIME}
        yield from _unlike(f"{where}, total", "who were enrolled", everybody)
        for words, categories_of in _SAME:
            said = {
                name: sum(
                    each.cells[each.categories.index(category)] for category in categories_of[name]
                )
                for name, each in measures.items()
                if name in categories_of
            }
            within = sorted({"+".join(each) for each in categories_of.values()})
            yield from _unlike(f"{where}, {' or '.join(within)}", words, said)


def time_refused(
    units: Sequence[Unit], known: Mapping[str, int], answers: Iterable[Answer]
) -> Iterator[Refusal]:
    """Yield the overlaps of the levels of time that are of one or two units; see the directory."""
    told = {answer.level for answer in answers if answer.measure == _TIME}
    for one, other in combinations_with_replacement(sorted(told), 2):
        overlaps = Counter(
            (_AREA[one](unit), _AREA[other](unit)) for unit in units if known[unit.code]
        )
        for (first, second), number in overlaps.items():
            if number < _FEWEST_UNITS:
                where = f"{one} {first} and {other} {second}, minutes"
                yield Refusal(where, f"time of {number} schools bounds the bands of each")


def _within_another(answer: Answer) -> Iterator[Refusal]:
    where = f"{answer.level} {answer.code}, {answer.measure} by {answer.by}"
    if answer.measure not in _TOTAL_ONLY | {"absence"}:
        yield Refusal(where, "lies within the bands of absence, so it may not be told beside them")
    elif answer.measure in _TOTAL_ONLY and answer.by != "total":
        yield Refusal(where, "lies within absence by the same, so it may only be told of all")
    elif answer.measure == _TIME and answer.level not in _AREA:
        yield Refusal(where, "time of few pupils bounds how many are in each band of absence")


def _unlike(where: str, words: str, said: Mapping[str, int]) -> Iterator[Refusal]:
    """Yield that measures give different numbers of the same pupils."""
    if len(set(said.values())) > 1:
        numbers = ", ".join(f"{count} by {name}" for name, count in said.items())
        yield Refusal(where, f"of the same pupils, {words}, there are {numbers}")

"""Whether what is released of a unit in all measures can be true together.

Each measure is rounded by itself, but all count the same pupils. So what two of them say of the
same set has to be the same number, and nothing may be released that lies within a part of another
measure: five shown here and none shown there would prove one to four. What is compared is what is
released, at every level, as anybody would who has all of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from domain.aggregates.gate.sums import Refusal
from domain.aggregates.made import Answer

_SAME: Final[tuple[tuple[str, Mapping[str, tuple[str, ...]]], ...]] = (
    (
        "of whom nothing was delivered",
        {"absence": ("unknown",), "absence_kinds": ("unknown",), "lateness": ("unknown",)},
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
_LEVELS_OF_TIME: Final = frozenset({"region", "alliance", "national"})


def across_refused(answers: Iterable[Answer]) -> Iterator[Refusal]:
    """Yield what measures say of one unit that cannot be true together, or lies in one another."""
    wholes: dict[tuple[str, str], dict[str, Answer]] = {}
    for answer in answers:
        yield from _within_another(answer)
        if answer.by == "total" and answer.measure != _TIME:
            wholes.setdefault((answer.level, answer.code), {})[answer.measure] = answer
    for (level, code), measures in wholes.items():
        where = f"{level} {code}"
        everybody = {name: sum(each.cells) for name, each in measures.items()}
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


def _within_another(answer: Answer) -> Iterator[Refusal]:
    where = f"{answer.level} {answer.code}, {answer.measure} by {answer.by}"
    if answer.measure not in _TOTAL_ONLY | {"absence"}:
        yield Refusal(where, "lies within the bands of absence, so it may not be told beside them")
    elif answer.measure in _TOTAL_ONLY and answer.by != "total":
        yield Refusal(where, "lies within absence by the same, so it may only be told of all")
    elif answer.measure == _TIME and answer.level not in _LEVELS_OF_TIME:
        yield Refusal(where, "time of few pupils bounds how many are in each band of absence")
    elif answer.measure == _TIME and answer.units < _FEWEST_UNITS:
        yield Refusal(where, f"time of {answer.units} schools bounds the bands of each")


def _unlike(where: str, words: str, said: Mapping[str, int]) -> Iterator[Refusal]:
    """Yield that measures give different numbers of the same pupils."""
    if len(set(said.values())) > 1:
        numbers = ", ".join(f"{count} by {name}" for name, count in said.items())
        yield Refusal(where, f"of the same pupils, {words}, there are {numbers}")

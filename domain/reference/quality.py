"""Dated definitions of the quality of registration: parts, weights, patterns and what they say.

Each JSON file in `quality/` is one set of definitions; a limit or weight that changes is one more
file with its first day.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypedDict, cast

from domain.reference.files import Text, day, holds, json_file, json_names

_FOLDER = "quality"


class Part(TypedDict):
    """A part of the score: its weight in it (0 counts in nothing), and how to read it."""

    code: str
    weight: int
    name: Text
    says: Text
    does_not_say: Text
    numerator: str
    denominator: str


class Pattern(Text):
    """A pattern that looks like a mistake in registration."""

    code: str


@dataclass(frozen=True, slots=True)
class QualityRules:
    """The definitions that hold from `valid_from` until `valid_until`, that day excluded.

    Args:
        within_days: a week is in time when delivered so many days after its Sunday at the latest.
        large_branch_pupils: from so many scheduled pupils a week without any absence is a pattern.
        fewest_absences: under so many absences in a week no pattern of shares is told.
        one_code_share: above this share of those judged (0 to 1) one reason is a pattern.
    """

    code: str
    valid_from: date
    valid_until: date | None
    source: str
    explanation: Text
    within_days: int
    large_branch_pupils: int
    fewest_absences: int
    one_code_share: float
    parts: tuple[Part, ...]
    patterns: tuple[Pattern, ...]


class _File(TypedDict):
    code: str
    valid_from: str
    valid_until: str | None
    source: str
    explanation: Text
    within_days: int
    large_branch_pupils: int
    fewest_absences: int
    one_code_share: float
    parts: list[Part]
    patterns: list[Pattern]


@cache
def all_quality_rules() -> tuple[QualityRules, ...]:
    """Return every set of definitions, in the order of its first day."""
    found: list[QualityRules] = []
    for name in json_names(_FOLDER):
        content = cast("_File", json_file(_FOLDER, name))
        found.append(
            QualityRules(
                code=content["code"],
                valid_from=date.fromisoformat(content["valid_from"]),
                valid_until=day(content["valid_until"]),
                source=content["source"],
                explanation=content["explanation"],
                within_days=content["within_days"],
                large_branch_pupils=content["large_branch_pupils"],
                fewest_absences=content["fewest_absences"],
                one_code_share=content["one_code_share"],
                parts=tuple(content["parts"]),
                patterns=tuple(content["patterns"]),
            )
        )
    return tuple(sorted(found, key=lambda rules: rules.valid_from))


def quality_rules(on: date) -> QualityRules:
    """Return the definitions that hold on a day.

    Raises:
        LookupError: none hold on that day, or more than one set does.
    """
    found = [r for r in all_quality_rules() if holds(r.valid_from, r.valid_until, on)]
    if len(found) != 1:
        message = f"{len(found)} sets of definitions of quality hold on {on}"
        raise LookupError(message)
    return found[0]

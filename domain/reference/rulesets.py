"""Dated rule sets: what the law counts, from when, and where it says so.

Each JSON file in `rulesets/` is one rule set. A change of law is one more file with its first day,
and the last day of the file it replaces; no threshold is written in code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TypedDict, cast

from domain.reference.files import Text, day, holds, json_file, json_names

_FOLDER = "rulesets"


class Unit(StrEnum):
    """In what a sector counts missed time."""

    CLOCK_HOUR = "clock_hour"
    LESSON_HOUR = "lesson_hour"


class Measure(StrEnum):
    """What of an absence counts: its lesson units, or only the minutes missed."""

    LESSON_UNITS = "lesson_units"
    MINUTES_MISSED = "minutes_missed"


@dataclass(frozen=True, slots=True)
class SectorUnit:
    """How a sector counts: a clock hour of so many minutes, or a lesson of at most so many."""

    unit: Unit
    minutes: int


@dataclass(frozen=True, slots=True)
class SixteenHours:
    """The threshold of unauthorised absence above which the head must report.

    `threshold` is reached at the number itself. `units` is per sector, `counts` per category:
    a category that is not in it never counts.
    """

    code: str
    kind: Text
    source: str
    explanation: Text
    threshold: int
    window_teaching_weeks: int
    act_within_working_days: int
    units: Mapping[str, SectorUnit]
    counts: Mapping[str, Measure]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules that hold from `valid_from` until `valid_until`, that day excluded."""

    code: str
    valid_from: date
    valid_until: date | None
    source: str
    explanation: Text
    sixteen_hours: SixteenHours


class NoRuleSetError(LookupError):
    """There is no rule set for the day that was asked for."""


class _SectorUnitFile(TypedDict):
    unit: str
    minutes: int


class _SixteenHoursFile(TypedDict):
    code: str
    kind: Text
    source: str
    explanation: Text
    threshold: int
    window_teaching_weeks: int
    act_within_working_days: int
    units: dict[str, _SectorUnitFile]
    counts: dict[str, str]


class _RuleSetFile(TypedDict):
    code: str
    valid_from: str
    valid_until: str | None
    source: str
    explanation: Text
    sixteen_hours: _SixteenHoursFile


def _sixteen_hours(content: _SixteenHoursFile) -> SixteenHours:
    return SixteenHours(
        code=content["code"],
        kind=content["kind"],
        source=content["source"],
        explanation=content["explanation"],
        threshold=content["threshold"],
        window_teaching_weeks=content["window_teaching_weeks"],
        act_within_working_days=content["act_within_working_days"],
        units=MappingProxyType(
            {
                sector: SectorUnit(Unit(entry["unit"]), entry["minutes"])
                for sector, entry in content["units"].items()
            }
        ),
        counts=MappingProxyType(
            {category: Measure(measure) for category, measure in content["counts"].items()}
        ),
    )


@cache
def rule_sets() -> tuple[RuleSet, ...]:
    """Return every rule set in the order of its first day."""
    found: list[RuleSet] = []
    for name in json_names(_FOLDER):
        content = cast("_RuleSetFile", json_file(_FOLDER, name))
        found.append(
            RuleSet(
                code=content["code"],
                valid_from=date.fromisoformat(content["valid_from"]),
                valid_until=day(content["valid_until"]),
                source=content["source"],
                explanation=content["explanation"],
                sixteen_hours=_sixteen_hours(content["sixteen_hours"]),
            )
        )
    return tuple(sorted(found, key=lambda entry: entry.valid_from))


def rule_set(on: date) -> RuleSet:
    """Return the one rule set that holds on a day.

    Raises:
        NoRuleSetError: no rule set holds on that day, or more than one does.
    """
    found = [entry for entry in rule_sets() if holds(entry.valid_from, entry.valid_until, on)]
    if len(found) != 1:
        raise NoRuleSetError(f"{len(found)} rule sets hold on {on}; there must be exactly one")
    return found[0]

"""What rule sets and their rules say, as shapes; their content is data, in `rulesets/`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import cast

from domain.reference.files import Text


class Unit(StrEnum):
    """In what a sector counts missed time."""

    CLOCK_HOUR = "clock_hour"
    LESSON_HOUR = "lesson_hour"


class Measure(StrEnum):
    """What of an absence counts: its lesson units, or only the minutes missed."""

    LESSON_UNITS = "lesson_units"
    MINUTES_MISSED = "minutes_missed"


class LengthUnit(StrEnum):
    """How a spell is measured: on its n-th school day, or when longer than n teaching weeks."""

    SCHOOL_DAYS = "school_days"
    LONGER_THAN_TEACHING_WEEKS = "longer_than_teaching_weeks"


class Status(StrEnum):
    """Whether signals are given by a rule set: as law, as agreed practice, or not (yet)."""

    IN_FORCE = "in_force"
    PRACTICE = "practice"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class SectorUnit:
    """How a sector counts: a clock hour of so many minutes, or a lesson of at most so many."""

    unit: Unit
    minutes: int


@dataclass(frozen=True, slots=True)
class Ages:
    """The ages a rule is about, in whole years: from `first`, and under `until`."""

    first: int
    until: int
    unknown_counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRule:
    """What the rules of every kind say.

    `counts` is per category: a category that is not in it never counts; `reasons` are the only
    reasons that count, or None for all. `data_class` guards the signals of the rule, and says what
    their mere existence tells. `report_kind` is the kind of report that a signal may become, or
    None when no law knows one.
    """

    code: str
    kind: Text
    source: str
    explanation: Text
    data_class: str
    act_within_working_days: int
    counts: Mapping[str, Measure]
    reasons: frozenset[str] | None
    sectors: frozenset[str] | None
    ages: Ages | None
    report_kind: str | None

    def parameters(self) -> list[tuple[str, str]]:
        """Return what the rule counts with: name and value, as text."""
        return parameters_of(self, (field.name for field in fields(self)))


def told(value: object) -> str:
    """Return a parameter's value as text: lists by their order, mappings as `key=value`."""
    match value:
        case Mapping():
            entries = cast("Mapping[object, object]", value).items()
            text = ", ".join(f"{key}={told(entry)}" for key, entry in entries)
        case frozenset():
            text = ", ".join(sorted(map(str, cast("frozenset[object]", value))))
        case tuple():
            text = "; ".join(map(told, cast("tuple[object, ...]", value)))
        case SectorUnit():
            text = f"{value.unit} of {value.minutes} minutes"
        case Ages():
            text = f"from {value.first}, under {value.until}"
        case Band():
            text = f"tier {value.tier} from {value.at_least} per {value.per}"
        case _:
            text = str(value)
    return text


_NO_PARAMETERS = frozenset(
    {"code", "kind", "source", "explanation", "data_class", "report_kind", "dimension"}
)


def parameters_of(rule: object, names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the fields of a rule that are numbers or lists to count with, as text."""
    return [
        (name, told(value))
        for name in names
        if name not in _NO_PARAMETERS and (value := getattr(rule, name)) is not None
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowThreshold(SignalRule):
    """So much missed within a window of teaching weeks; reached at the number itself."""

    threshold: int
    window_teaching_weeks: int
    units: Mapping[str, SectorUnit]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsecutiveAbsence(SignalRule):
    """Absence on school days that follow each other, for so long.

    A day counts when `day_counts_from_percent` of an average school day was missed.
    """

    length: int
    length_unit: LengthUnit
    day_counts_from_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NthEvent(SignalRule):
    """The n-th spell of absence that begins within a window of teaching weeks."""

    number: int
    window_teaching_weeks: int
    day_counts_from_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOfTime(SignalRule):
    """A share of the time scheduled since the school year began; reached at the number itself."""

    percent: int
    least_weeks: int


@dataclass(frozen=True, slots=True)
class Band:
    """A tier, from `at_least` of what is counted to every `per` of the whole."""

    tier: int
    at_least: int
    per: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRule:
    """How one dimension of attendance is divided into tiers (MD-MTSS).

    `numerator` and `denominator` name what is counted and out of what. Without `least_weeks`
    delivered weeks there is no tier. Tier 1 is what reaches no band.
    """

    code: str
    dimension: str
    data_class: str
    numerator: str
    denominator: str
    counts: frozenset[str]
    reasons: frozenset[str] | None
    least_weeks: int
    bands: tuple[Band, ...]
    source: str
    explanation: Text

    def parameters(self) -> list[tuple[str, str]]:
        """Return what the rule counts with: name and value, as text."""
        return parameters_of(self, (field.name for field in fields(self)))


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A kind of report that the absence register knows (verzuimsoort)."""

    code: str
    kind: Text
    source: str
    end_date_obligatory: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules that hold from `valid_from` until `valid_until`, that day excluded."""

    code: str
    family: str
    status: Status
    valid_from: date
    valid_until: date | None
    source: str
    explanation: Text
    rules: tuple[SignalRule, ...]
    tiers: tuple[TierRule, ...]
    report_kinds: tuple[ReportKind, ...]

    def rule(self, code: str) -> SignalRule | None:
        """Return the rule with a code, or None when the set has none."""
        return next((rule for rule in self.rules if rule.code == code), None)

    @property
    def sixteen_hours(self) -> WindowThreshold:
        """Return the threshold of Leerplichtwet 1969 art. 21a.

        Raises:
            LookupError: the set has no such rule.
        """
        for rule in self.rules:
            if isinstance(rule, WindowThreshold):
                return rule
        message = f"rule set {self.code} has no threshold in a window"
        raise LookupError(message)

"""From the content of a rule set's file to its rules; what is unknown or missing is an error."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final, cast

from domain.reference.files import day
from domain.reference.ruleshapes import (
    Ages,
    Band,
    ConsecutiveAbsence,
    LengthUnit,
    Measure,
    NthEvent,
    ReportKind,
    RuleSet,
    SectorUnit,
    ShareOfTime,
    SignalRule,
    Status,
    TierRule,
    Unit,
    WindowThreshold,
)

Entry = Mapping[str, Any]
"""A JSON object: its fields are given their types here, one by one."""


def parsed(content: object) -> RuleSet:
    """Return the rule set that a file's content says.

    Raises:
        KeyError: a field is missing, or a kind of rule is unknown.
        ValueError: a word of a closed list, or a day, is none.
    """
    entry = cast("Entry", content)
    return RuleSet(
        code=entry["code"],
        family=entry["family"],
        status=Status(entry["status"]),
        valid_from=date.fromisoformat(entry["valid_from"]),
        valid_until=day(entry["valid_until"]),
        source=entry["source"],
        explanation=entry["explanation"],
        rules=tuple(_MADE[rule["counted_as"]](rule) for rule in entry["rules"]),
        tiers=tuple(_tier(rule) for rule in entry.get("tiers", ())),
        report_kinds=tuple(
            ReportKind(kind["code"], kind["kind"], kind["source"], kind["end_date_obligatory"])
            for kind in entry.get("report_kinds", ())
        ),
    )


def _said(rule: Entry) -> dict[str, Any]:
    """Return what rules of every kind say."""
    ages = rule["ages"]
    return {
        "code": rule["code"],
        "kind": rule["kind"],
        "source": rule["source"],
        "explanation": rule["explanation"],
        "data_class": rule["data_class"],
        "act_within_working_days": rule["act_within_working_days"],
        "counts": MappingProxyType({c: Measure(m) for c, m in rule["counts"].items()}),
        "reasons": _set(rule["reasons"]),
        "sectors": _set(rule["sectors"]),
        "ages": None if ages is None else Ages(ages["from"], ages["until"], ages["unknown_counts"]),
        "report_kind": rule["report_kind"],
    }


def _set(words: list[str] | None) -> frozenset[str] | None:
    return None if words is None else frozenset(words)


def _window_threshold(rule: Entry) -> SignalRule:
    return WindowThreshold(
        **_said(rule),
        threshold=rule["threshold"],
        window_teaching_weeks=rule["window_teaching_weeks"],
        units=MappingProxyType(
            {
                sector: SectorUnit(Unit(entry["unit"]), entry["minutes"])
                for sector, entry in rule["units"].items()
            }
        ),
    )


def _consecutive(rule: Entry) -> SignalRule:
    return ConsecutiveAbsence(
        **_said(rule),
        length=rule["length"],
        length_unit=LengthUnit(rule["length_unit"]),
        day_counts_from_percent=rule["day_counts_from_percent"],
    )


def _nth(rule: Entry) -> SignalRule:
    return NthEvent(
        **_said(rule),
        number=rule["number"],
        window_teaching_weeks=rule["window_teaching_weeks"],
        day_counts_from_percent=rule["day_counts_from_percent"],
    )


def _share(rule: Entry) -> SignalRule:
    return ShareOfTime(**_said(rule), percent=rule["percent"], least_weeks=rule["least_weeks"])


def _tier(rule: Entry) -> TierRule:
    return TierRule(
        code=rule["code"],
        dimension=rule["dimension"],
        data_class=rule["data_class"],
        numerator=rule["numerator"],
        denominator=rule["denominator"],
        counts=frozenset(rule["counts"]),
        reasons=_set(rule["reasons"]),
        least_weeks=rule["least_weeks"],
        bands=tuple(
            sorted(
                (Band(band["tier"], band["at_least"], band["per"]) for band in rule["bands"]),
                key=lambda band: band.tier,
            )
        ),
        source=rule["source"],
        explanation=rule["explanation"],
    )


_MADE: Final[Mapping[str, Callable[[Entry], SignalRule]]] = {
    "window_threshold": _window_threshold,
    "consecutive_absence": _consecutive,
    "nth_event": _nth,
    "share_of_time": _share,
}

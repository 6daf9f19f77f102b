"""Dated rules on notices and leave: terms and limits of the Compulsory Schooling Act, as data.

Each JSON file in `leave/` is one set of rules. A change of law is one more file with its first day
and the last day of the file it replaces; no term or limit is written in code.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypedDict, cast

from domain.reference.files import Text, day, holds, json_file, json_names

_FOLDER = "leave"


@dataclass(frozen=True, slots=True)
class LeaveRules:
    """What holds from `valid_from` until `valid_until`, that day excluded.

    Args:
        illness_within_days: an illness is notified within so many days of its first day.
        belief_days_before: a duty of belief is notified at least so many days before it.
        holiday_most_days: leave for a holiday lasts so many school days at most.
        holiday_times_a_year: how often in a school year it may be granted.
        holiday_not_in_first_weeks: in so many first teaching weeks it may not be granted.
        head_decides_to: up to so many school days a year the head decides on weighty circumstances.
        decide_within_weeks: a request is decided on within so many weeks.
        sources: the legal source of each, by the name of its part of the file.
    """

    code: str
    valid_from: date
    valid_until: date | None
    source: str
    explanation: Text
    illness_within_days: int
    belief_days_before: int
    holiday_most_days: int
    holiday_times_a_year: int
    holiday_not_in_first_weeks: int
    head_decides_to: int
    decide_within_weeks: int
    sources: dict[str, str]


class NoLeaveRulesError(LookupError):
    """There are no rules on leave for the day that was asked for, or more than one set."""


class _Part(Text):
    source: str


class _Illness(_Part):
    within_days: int


class _Belief(_Part):
    days_before: int


class _Holiday(_Part):
    most_days: int
    times_a_year: int
    not_in_first_weeks: int


class _Weighty(_Part):
    head_decides_to: int


class _Decision(_Part):
    within_weeks: int


class _File(TypedDict):
    code: str
    valid_from: str
    valid_until: str | None
    source: str
    explanation: Text
    illness: _Illness
    belief: _Belief
    holiday: _Holiday
    weighty: _Weighty
    decision: _Decision


def _read(content: _File) -> LeaveRules:
    holiday = content["holiday"]
    return LeaveRules(
        code=content["code"],
        valid_from=date.fromisoformat(content["valid_from"]),
        valid_until=day(content["valid_until"]),
        source=content["source"],
        explanation=content["explanation"],
        illness_within_days=content["illness"]["within_days"],
        belief_days_before=content["belief"]["days_before"],
        holiday_most_days=holiday["most_days"],
        holiday_times_a_year=holiday["times_a_year"],
        holiday_not_in_first_weeks=holiday["not_in_first_weeks"],
        head_decides_to=content["weighty"]["head_decides_to"],
        decide_within_weeks=content["decision"]["within_weeks"],
        sources={
            "illness": content["illness"]["source"],
            "belief": content["belief"]["source"],
            "holiday": holiday["source"],
            "weighty": content["weighty"]["source"],
            "decision": content["decision"]["source"],
        },
    )


@cache
def all_leave_rules() -> tuple[LeaveRules, ...]:
    """Return every set of rules in the order of its first day."""
    found = (_read(cast("_File", json_file(_FOLDER, name))) for name in json_names(_FOLDER))
    return tuple(sorted(found, key=lambda rules: rules.valid_from))


def leave_rules(on: date) -> LeaveRules:
    """Return the rules that hold on a day.

    Raises:
        NoLeaveRulesError: none hold on that day, or more than one set does.
    """
    found = [r for r in all_leave_rules() if holds(r.valid_from, r.valid_until, on)]
    if len(found) != 1:
        raise NoLeaveRulesError(f"{len(found)} sets of rules on leave hold on {on}")
    return found[0]

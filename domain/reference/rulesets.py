"""Dated rule sets: what is counted, from when, and where it says so.

Each JSON file in `rulesets/` is one rule set: the law in force, what the field agreed on, or a
draft that nothing counts by until its status is changed. A change of law is one more file with its
first day, and the last day of the file it replaces; no threshold is written in code.
"""

from datetime import date
from functools import cache

from domain.reference.files import holds, json_file, json_names
from domain.reference.ruleparsing import parsed
from domain.reference.ruleshapes import RuleSet, SignalRule, Status

_FOLDER = "rulesets"
STATUTE = "compulsory_schooling"
"""The family of the Leerplichtwet 1969 and of what will replace it."""
BANDS = "attendance_bands"
"""The family of the bands and tiers by which attendance is read."""


class NoRuleSetError(LookupError):
    """There is no rule set for the day that was asked for."""


@cache
def rule_sets() -> tuple[RuleSet, ...]:
    """Return every rule set, drafts too, in the order of its first day."""
    found = [parsed(json_file(_FOLDER, name)) for name in json_names(_FOLDER)]
    return tuple(sorted(found, key=lambda entry: (entry.valid_from, entry.code)))


def counting() -> tuple[RuleSet, ...]:
    """Return the rule sets by which signals are given, whenever they hold: all but drafts."""
    return tuple(entry for entry in rule_sets() if entry.status is not Status.DRAFT)


def rule_set(on: date, family: str = STATUTE) -> RuleSet:
    """Return the one rule set of a family that holds on a day.

    Raises:
        NoRuleSetError: none holds on that day, or more than one does.
    """
    found = [
        entry
        for entry in counting()
        if entry.family == family and holds(entry.valid_from, entry.valid_until, on)
    ]
    if len(found) != 1:
        message = f"{len(found)} rule sets of {family} hold on {on}; there must be exactly one"
        raise NoRuleSetError(message)
    return found[0]


def rule_named(rule_set_code: str, code: str) -> SignalRule | None:
    """Return a rule of a rule set by their codes, whether or not it holds now; else None."""
    for entry in rule_sets():
        if entry.code == rule_set_code:
            return entry.rule(code)
    return None

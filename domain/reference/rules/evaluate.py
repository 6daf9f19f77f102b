"""A rule applied to one pupil's history: what counts for it, and the function of its kind."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from domain.reference.rules.consecutive_absence import consecutive_absence
from domain.reference.rules.marking import (
    Found,
    History,
    Mark,
    Week,
    as_counted,
    birthday,
)
from domain.reference.rules.nth_event import nth_event
from domain.reference.rules.share_of_time import share_of_time
from domain.reference.rules.window_threshold import window_threshold
from domain.reference.ruleshapes import (
    ConsecutiveAbsence,
    NthEvent,
    RuleSet,
    ShareOfTime,
    SignalRule,
    WindowThreshold,
)


def evaluate(rule: SignalRule, history: History) -> list[Found]:
    """Return each time that a pupil's history reaches the threshold of a rule, in order of time.

    Nothing for a sector that the rule does not speak of. Where a rule is bound to ages, only marks
    of days on which the pupil has that age count; an unknown age counts where the rule says so.
    """
    if rule.sectors is not None and history.sector not in rule.sectors:
        return []
    marks = _counted(rule, history.born, history.marks)
    if not marks:
        return []
    match rule:
        case WindowThreshold():
            return window_threshold(rule, history, marks)
        case ConsecutiveAbsence():
            return consecutive_absence(rule, history, marks)
        case NthEvent():
            return nth_event(rule, history, marks)
        case ShareOfTime():
            return share_of_time(rule, history, marks)
        case _:
            message = f"rule {rule.code} is of a kind that nothing counts"
            raise TypeError(message)


def signals_of(
    sets: Iterable[RuleSet], history: History
) -> Iterator[tuple[RuleSet, SignalRule, Found]]:
    """Yield everything that is found by rule sets, each over the weeks in which it holds."""
    mondays = [week.monday for week in history.weeks]
    for rules in sets:
        weeks = _within(rules, history, mondays)
        if weeks:
            over = history if len(weeks) == len(mondays) else replace(history, weeks=weeks)
            for rule in rules.rules:
                for found in evaluate(rule, over):
                    yield rules, rule, found


def _within(rules: RuleSet, history: History, mondays: Sequence[date]) -> Sequence[Week]:
    start = bisect_left(mondays, rules.valid_from)
    end = len(mondays) if rules.valid_until is None else bisect_left(mondays, rules.valid_until)
    return history.weeks[start:end]


def _counted(rule: SignalRule, born: date | None, marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks that count for a rule, as it counts them."""
    counted = as_counted(rule, marks)
    if rule.ages is None or not counted:
        return counted
    if born is None:
        return counted if rule.ages.unknown_counts else []
    first, until = birthday(born, rule.ages.first), birthday(born, rule.ages.until)
    return [mark for mark in counted if first <= mark.date < until]

"""The n-th event within a window of teaching weeks, such as the fourth sick report.

An event is a spell: it begins on a school day after one without such an absence.
"""

from collections.abc import Sequence

from domain.reference.rules.marking import Found, History, Mark, working_days_after
from domain.reference.rules.spells import Spell, spells
from domain.reference.ruleshapes import NthEvent


def nth_event(rule: NthEvent, history: History, marks: Sequence[Mark]) -> list[Found]:
    """Return each time that an event is the rule's number within the window, in order of time.

    It is reached on the first day of that event, and rests on the events before it and on that
    day. The next count begins with the next event.
    """
    found: list[Found] = []
    if len(marks) < rule.number:
        return found
    counted: list[Spell] = []
    for spell in spells(
        history.weeks, marks, from_percent=rule.day_counts_from_percent, closed=history.closed
    ):
        first = spell[0]
        counted = [
            earlier
            for earlier in counted
            if first.week - earlier[0].week < rule.window_teaching_weeks
        ]
        counted.append(spell)
        if len(counted) < rule.number:
            continue
        before = [mark for earlier in counted[:-1] for day in earlier for mark in day.marks]
        found.append(
            Found(
                first_week=history.weeks[counted[0][0].week].monday,
                last_week=history.weeks[first.week].monday,
                amount=len(counted),
                unit="events",
                marks=(*before, *first.marks),
                reached_on=first.day,
                act_by=working_days_after(first.day, rule.act_within_working_days),
            )
        )
        counted = []
    return found

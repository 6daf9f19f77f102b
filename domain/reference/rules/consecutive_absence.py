"""Absence on school days that follow each other: on the n-th day, or longer than weeks.

Sources stand with each rule: M@ZL (the seventh consecutive school day of illness), long-term
absence of the Leerplichtwet 1969 (longer than four weeks), the report of pupils of 18 and older.
"""

from collections.abc import Sequence

from domain.reference.rules.marking import Found, History, Mark, working_days_after
from domain.reference.rules.spells import AbsentDay, Spell, spells
from domain.reference.ruleshapes import ConsecutiveAbsence, LengthUnit

_DAYS_OF_WEEK = 7


def consecutive_absence(
    rule: ConsecutiveAbsence, history: History, marks: Sequence[Mark]
) -> list[Found]:
    """Return each spell that lasts long enough, up to the day on which it does.

    A spell is found once, however long it goes on; `marks` of a find are those up to that day, so
    that later days of the same spell change nothing about it.
    """
    found: list[Found] = []
    if len(marks) < rule.length:  # on end there is a mark a day, and a week has a day at least
        return found
    for spell in spells(
        history.weeks, marks, from_percent=rule.day_counts_from_percent, closed=history.closed
    ):
        length = _reached(rule, spell)
        if length is None:
            continue
        counted = spell[:length]
        reached_on = counted[-1].day
        found.append(
            Found(
                first_week=history.weeks[counted[0].week].monday,
                last_week=history.weeks[counted[-1].week].monday,
                amount=length,
                unit="school_days",
                marks=tuple(mark for day in counted for mark in day.marks),
                reached_on=reached_on,
                act_by=working_days_after(reached_on, rule.act_within_working_days),
            )
        )
    return found


def _reached(rule: ConsecutiveAbsence, spell: Spell) -> int | None:
    """Return how many days of a spell it takes to reach the rule; None when it never does.

    So many school days: on the last of them. Longer than so many teaching weeks: on the first
    school day that lies so many weeks, holiday weeks left out, after the first day.
    """
    if rule.length_unit is LengthUnit.SCHOOL_DAYS:
        return rule.length if len(spell) >= rule.length else None
    start = _place(spell[0])
    for number, day in enumerate(spell, 1):
        if _place(day) - start >= rule.length * _DAYS_OF_WEEK:
            return number
    return None


def _place(day: AbsentDay) -> int:
    """Return where a day lies when holiday weeks are left out."""
    return day.week * _DAYS_OF_WEEK + day.day.weekday()

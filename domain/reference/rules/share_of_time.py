"""The share of scheduled time that was missed since the school year began, for any reason.

Counted from the roll-up and not from marks, so that it is the same share as the attendance rate.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from domain.reference.rules.marking import (
    FRIDAY,
    WHOLE_PERCENT,
    Found,
    History,
    Mark,
    school_year_of,
    working_days_after,
)
from domain.reference.ruleshapes import ShareOfTime

_LAST_DAY = timedelta(days=6)


def share_of_time(rule: ShareOfTime, history: History, marks: Sequence[Mark]) -> list[Found]:
    """Return, for each school year, the first week at whose end the share was reached.

    A share is reached at the number itself, and judged only once the rule's number of weeks is
    known. That the share goes down later changes nothing: a tier says how it stands.
    """
    found: list[Found] = []
    for _, of_year in groupby(history.weeks, key=lambda week: school_year_of(week.monday)):
        scheduled = missed = 0
        weeks = list(of_year)
        for number, week in enumerate(weeks, 1):
            if week.attended_minutes is None:
                continue
            scheduled += week.scheduled_minutes
            missed += week.scheduled_minutes - week.attended_minutes
            if number < rule.least_weeks or missed * WHOLE_PERCENT < rule.percent * scheduled:
                continue
            first, reached_on = weeks[0].monday, week.monday + FRIDAY
            rests_on = sorted(
                (mark for mark in marks if first <= mark.date <= week.monday + _LAST_DAY),
                key=lambda mark: (mark.date, str(mark.id)),
            )
            found.append(
                Found(
                    first_week=first,
                    last_week=week.monday,
                    amount=missed * WHOLE_PERCENT // scheduled,
                    unit="percent",
                    marks=tuple(mark.id for mark in rests_on),
                    reached_on=reached_on,
                    act_by=working_days_after(reached_on, rule.act_within_working_days),
                )
            )
            break
    return found

"""Absences told from one time to another, turned into marks of single days.

Within one day the clock gives the minutes and the lesson units are as told. Over several days each
day from Monday to Friday is one whole day: nothing says when a day of the school began or ended.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from domain.imports.marks import Mark

MOST_DAYS: Final = 371
"""One span covers at most a year of 53 weeks."""

MOST_UNITS: Final = 40
_SATURDAY: Final = 5
_NOON: Final = 12
MOST_MINUTES: Final = 1_440


class Impossible(Exception):  # noqa: N818 - the caller adds line and field
    """A span that cannot be: which rule is broken and what to do."""

    def __init__(self, rule: str, advice: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.advice = advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From when to when: days, minutes and the hour it begins, lesson units; None where not told.

    `minutes` are those that passed from begin to end, whatever the clock did.
    """

    first: date
    last: date
    minutes: int | None
    hour: int | None
    first_unit: int | None
    last_unit: int | None


def marks(span: Span, mark: Mark) -> Iterator[Mark]:
    """Yield the mark once for each school day of the span; its day and key are filled in here.

    Raises:
        Impossible: the span runs backwards, is too long, or falls in a weekend as a whole.
    """
    if span.last < span.first or (span.minutes is not None and span.minutes <= 0):
        raise Impossible("The absence ends before it begins.", "Correct begin or end.")
    if (span.last - span.first).days >= MOST_DAYS:
        raise Impossible("The absence is longer than a year.", "Deliver one school year at a time.")
    if span.first == span.last:
        if span.first.weekday() >= _SATURDAY:
            raise Impossible("This is a Saturday or Sunday.", "Absence is of school days only.")
        yield _keyed(_within(span, mark))
        return
    days = [span.first + timedelta(days=n) for n in range((span.last - span.first).days + 1)]
    found = [day for day in days if day.weekday() < _SATURDAY]
    if not found:
        raise Impossible("This is a Saturday and Sunday.", "Absence is of school days only.")
    for day in found:
        yield _keyed(replace(mark, day=day))


def _keyed(mark: Mark) -> Mark:
    """Return the mark with its day in the key, so that a longer span is the same on its days."""
    return replace(mark, key=f"{mark.key}/{mark.day:%Y%m%d}")


def _within(span: Span, mark: Mark) -> Mark:
    """Return the mark of a span within one day."""
    units, start = None, 0
    if span.first_unit is not None and span.last_unit is not None:
        if not 0 <= span.first_unit <= span.last_unit <= MOST_UNITS:
            raise Impossible(
                f"The lesson units do not run from low to high, up to {MOST_UNITS}.",
                "Correct the lesson units, or leave both out.",
            )
        start, units = span.first_unit, span.last_unit - span.first_unit + 1
    elif span.minutes is not None and span.hour is not None:
        start = 1 if span.hour < _NOON else 2
    minutes = None if span.minutes is None else min(span.minutes, MOST_MINUTES)
    return replace(mark, day=span.first, minutes=minutes, lesson_units=units, start_unit=start)

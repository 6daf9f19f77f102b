"""Checks of single values in a delivery of attendance; the schema states the same bounds."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from domain.imports.ndjson_lines import Category, Week

CATEGORIES: Final[tuple[Category, ...]] = (
    "authorised",
    "unauthorised",
    "late",
    "sent_out",
    "school_caused",
)

_SATURDAY: Final = 6
_PRINTED: Final = r"[^\x00-\x1f\x7f\ud800-\udfff]"
_WEEK: Final = re.compile(r"(20[0-9]{2})-W(0[1-9]|[1-4][0-9]|5[0-3])")
_DATE: Final = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_REASON: Final = re.compile(r"[A-Z0-9_]{1,40}")


class Wrong(Exception):  # noqa: N818 - a value is wrong; the caller adds the field
    """A value breaks a rule: which one, and what to do about it. The value is not kept."""

    def __init__(self, rule: str, advice: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.advice = advice


def whole(lowest: int, highest: int) -> Callable[[object], int]:
    """Make a check for a whole number between two bounds, both included."""

    def check(value: object) -> int:
        # JSON knows one kind of number: 100.0 is the whole number 100. A boolean is none.
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Wrong("This is not a whole number.", "Write a number without quotes.")
        if not lowest <= value <= highest:
            raise Wrong(
                f"The number is not from {lowest} to {highest}.", "Correct it at the source."
            )
        return value

    return check


def printed(longest: int) -> Callable[[object], str]:
    """Make a check for a text of 1 to `longest` characters without control characters."""
    compiled = re.compile(f"{_PRINTED}{{1,{longest}}}")

    def check(value: object) -> str:
        if not isinstance(value, str) or compiled.fullmatch(value) is None:
            raise Wrong(
                f"This is not a text of 1 to {longest} characters without control characters.",
                "Write the school's own key between quotes.",
            )
        return value

    return check


def week(value: object) -> Week:
    """Check a week that exists, as `2026-W36`."""
    match = _WEEK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Wrong("This is not a week in ISO notation.", "Write it as 2026-W36.")
    found = Week(int(match[1]), int(match[2]))
    try:
        _ = found.monday
    except ValueError:
        raise Wrong("This year has no week 53.", "Use week 52, or week 1 of next year.") from None
    return found


def weekday(value: object) -> date:
    """Check a date that exists, from Monday to Friday."""
    advice = "Write an existing date as 2026-09-04."
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        raise Wrong("This is not a date.", advice)
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Wrong("This date does not exist.", advice) from None
    if day.isoweekday() >= _SATURDAY:
        raise Wrong("This is a Saturday or Sunday.", "Absence is counted on school days only.")
    return day


def category(value: object) -> Category:
    """Check a category of absence."""
    for known in CATEGORIES:
        if value == known:
            return known
    raise Wrong("This category is unknown.", f"Use one of: {', '.join(CATEGORIES)}.")


def reason(value: object) -> str:
    """Check the form of a reason code; whether it exists is for the caller."""
    if not isinstance(value, str) or _REASON.fullmatch(value) is None:
        raise Wrong(
            "A reason code is 1 to 40 of A-Z, 0-9 and _.",
            "Use a code of the published list, or leave the field out.",
        )
    return value

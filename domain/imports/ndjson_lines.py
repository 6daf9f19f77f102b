"""The four kinds of line in a delivery of attendance, as they are read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

Category = Literal["authorised", "unauthorised", "late", "sent_out", "school_caused"]


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """A week of ISO 8601: it begins on Monday and belongs to the year of its Thursday."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-W{self.number:02}"

    @property
    def monday(self) -> date:
        """The first day of the week."""
        return date.fromisocalendar(self.year, self.number, 1)

    @classmethod
    def of(cls, day: date) -> "Week":
        """The week in which a day falls."""
        year, number, _ = day.isocalendar()
        return cls(year, number)


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """Scheduled minutes and lesson units of a pupil in each week from `first` to `last`."""

    line: int
    pupil: str
    first: Week
    last: Week
    minutes: int
    lesson_units: int

    def weeks(self) -> Iterator[Week]:
        """Every week of the range, both ends included."""
        monday = self.first.monday
        while monday <= self.last.monday:
            yield Week.of(monday)
            monday += timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DeliveredLine:
    """The school declares that every exception of this week is delivered for the branch."""

    line: int
    week: Week


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """One absence of a pupil on one day, from one lesson unit on.

    `key` is the school's own key of the exception, unique per branch (`id` in the format).
    What the school only presumes stands apart from what it established. Whether the reason codes
    exist is for the caller to check.
    """

    line: int
    key: str
    pupil: str
    day: date
    start_unit: int
    lesson_units: int
    minutes: int
    category: Category
    reason: str | None
    presumed_category: Category | None = None
    presumed_reason: str | None = None


@dataclass(frozen=True, slots=True)
class DeletedLine:
    """What the school deleted in its own system: an exception by its key, or a complete week.

    One of the two is given. It is recorded as a deletion; what was known before stays known.
    """

    line: int
    key: str | None
    week: Week | None


Line: TypeAlias = ScheduleLine | DeliveredLine | ExceptionLine | DeletedLine

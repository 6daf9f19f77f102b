"""What is wrong with a line of a delivery, given the roster, the codes and the lines before it."""

from collections.abc import Iterator
from typing import Final

from domain.imports.ndjson_lines import ExceptionLine, ScheduleLine
from domain.imports.problems import Problem
from domain.reference.codes import AbsenceCategory, AbsenceReason

UNKNOWN: Final = "UNKNOWN"
"""The reason that says that none is established."""


def coded(
    line: ExceptionLine, category: AbsenceCategory | None, reason: AbsenceReason | None
) -> Iterator[Problem]:
    """Yield what is wrong with the codes of a line; None stands for a code unknown on its day."""
    if category is None:
        yield Problem(
            line.line,
            "category",
            "This category is not in use on this date.",
            "Use a category of the published list that holds on the date.",
        )
    if line.reason is not None and reason is None:
        yield Problem(
            line.line,
            "reason",
            "This reason code is unknown on this date.",
            "Use a code of the published reason list, or leave the field out.",
        )
    elif reason is not None and line.category not in reason.categories:
        yield Problem(
            line.line,
            "reason",
            f"This reason does not go with the category {line.category}.",
            f"It goes with: {', '.join(reason.categories)}.",
        )


def presumed(
    line: ExceptionLine, category: AbsenceCategory | None, reason: AbsenceReason | None
) -> Iterator[Problem]:
    """Yield what is wrong with what a line presumes; None stands for a code unknown on its day."""
    if line.presumed_category is not None and category is None:
        yield Problem(
            line.line,
            "presumedCategory",
            "This category is not in use on this date.",
            "Use a category of the published list that holds on the date.",
        )
    elif line.presumed_category == line.category:
        yield Problem(
            line.line,
            "presumedCategory",
            "What is presumed is what the line says already.",
            "Leave it out: it is established.",
        )
    if line.presumed_reason is None:
        return
    going_with = line.presumed_category or line.category
    if line.reason is not None and line.reason != UNKNOWN:
        yield Problem(
            line.line,
            "presumedReason",
            "A reason is presumed although one is established.",
            "Leave out what was presumed, or the reason until it is established.",
        )
    elif reason is None:
        yield Problem(
            line.line,
            "presumedReason",
            "This reason code is unknown on this date.",
            "Use a code of the published reason list, or leave the field out.",
        )
    elif going_with not in reason.categories:
        yield Problem(
            line.line,
            "presumedReason",
            f"This reason does not go with the category {going_with}.",
            f"It goes with: {', '.join(reason.categories)}. Give that as presumed category.",
        )


def repeated(line: int) -> Problem:
    """Return what is wrong with a key that stands in the file before."""
    return Problem(
        line,
        "id",
        "This id stands in the file before.",
        "Give every exception its own id, and deliver each once.",
    )


def not_enrolled(line: ScheduleLine | ExceptionLine, when: str) -> Problem:
    """Return what is wrong with a line about nobody who was enrolled then."""
    return Problem(
        line.line,
        "pupil",
        f"No pupil is enrolled at this branch under this key {when}.",
        "Deliver the roster first; then correct the key or the period.",
    )

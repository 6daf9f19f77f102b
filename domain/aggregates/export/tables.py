"""What an export is made of: published answers of one release, in an order of their own.

Nothing here knows the time of day or who asks; the same answers give the same bytes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from domain.aggregates.periods import period_of
from domain.errors import Invalid

MOST_LINES: Final = 20_000
"""More than an export holds: a file of some three megabytes."""


@dataclass(frozen=True, slots=True)
class Released:
    """The release that an export is of, as `publications` tells it."""

    kind: str
    first_day: str
    last_day: str
    vintage: int
    method: str
    rule_set: str
    boundaries: str
    released_at: str
    digest: str

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Released":
        """Return it from a release as it was read."""
        return cls(
            kind=kept["periodKind"],
            first_day=str(kept["firstDay"]),
            last_day=str(kept["lastDay"]),
            vintage=kept["vintage"],
            method=kept["method"],
            rule_set=kept["ruleSet"],
            boundaries=kept["boundaries"],
            released_at=str(kept["releasedAt"]),
            digest=kept["digest"],
        )

    @property
    def period(self) -> str:
        """Return the name of the period, as `figures` takes it."""
        return period_of(self.kind, date.fromisoformat(self.first_day)).name


@dataclass(frozen=True, slots=True)
class Table:
    """One published answer: `rows` as `shown.rows_of` gives them."""

    unit: str
    level: str
    unit_name: str
    members: tuple[str, ...]
    measure: str
    by: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """One part of one label of one answer: a line of a file."""

    table: Table
    label: str
    part: Mapping[str, Any]


def tables_of(answers: Iterable[Mapping[str, Any]]) -> list[Table]:
    """Return answers, with their children, as tables: by measure, division and unit, each once.

    Raises:
        Invalid: they have more lines than a file may have.
    """
    found: dict[tuple[str, str, str], Table] = {}
    for answer in answers:
        for each in (answer, *answer.get("children", ())):
            table = Table(
                each["unit"],
                each["level"],
                each["unitName"],
                tuple(each["members"]),
                each["measure"],
                each["by"],
                each["rows"],
            )
            found[table.measure, table.by, table.unit] = table
    tables = [found[key] for key in sorted(found)]
    if sum(1 for table in tables for row in table.rows for _ in row["parts"]) > MOST_LINES:
        raise Invalid(
            f"This export would have over {MOST_LINES:,} lines. Name one measure, or a smaller "
            "unit.",
            path=("measure",),
        )
    return tables


def lines_of(tables: Sequence[Table]) -> Iterator[Line]:
    """Yield the lines of tables, in their order."""
    for table in tables:
        for row in table.rows:
            for part in row["parts"]:
                yield Line(table, row["label"], part)

"""What a release is made of, and what it would be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from domain.aggregates.gate.sums import Refusal
from domain.aggregates.models import PeriodKind
from domain.aggregates.rounding.levels import By, Level
from domain.aggregates.rounding.merging import Area, Branch, Unit
from domain.aggregates.rounding.shape import Group
from domain.aggregates.tables import Counts

LEVELS: Final = {level: str(level) for level in Level} | {Level.COUNTRY: "national"}
DIVIDED: Final = {by: str(by) for by in By} | {By.NOTHING: "total"}


@dataclass(frozen=True, slots=True)
class Exact:
    """What was taken of the branches of a period.

    `counts` has the pupils of each measure by branch, `time` its minutes; `before` the units and
    their groups of the last release of the school year.
    """

    school_year: int
    kind: PeriodKind
    branches: Sequence[Branch]
    counts: Mapping[str, Mapping[str, Counts]]
    time: Mapping[str, Sequence[int]]
    neighbours: Mapping[str, Sequence[str]]
    units_before: Sequence[Unit] = ()
    groups_before: Mapping[str, Sequence[Group]] = field(default_factory=dict[str, Sequence[Group]])

    @property
    def whole_year(self) -> bool:
        """Return whether the period is a school year."""
        return self.kind is PeriodKind.SCHOOL_YEAR


@dataclass(frozen=True, slots=True)
class Answer:
    """A row as it is published: every label's categories of one unit, measure and division."""

    level: str
    code: str
    measure: str
    by: str
    members: tuple[str, ...]
    labels: tuple[str, ...]
    categories: tuple[str, ...]
    cells: tuple[int, ...]
    units: int

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what it is an answer to."""
        return self.level, self.code, self.measure, self.by


@dataclass(frozen=True, slots=True)
class Made:
    """What would be released, and every reason not to."""

    units: tuple[Unit, ...]
    areas: tuple[Area, ...]
    groups: Mapping[str, tuple[Group, ...]]
    answers: tuple[Answer, ...]
    refusals: tuple[Refusal, ...]

"""What a reader sees of a published count, and how far it may be from the truth."""

from dataclasses import dataclass

from domain.aggregates.rounding.levels import Row


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a row as it is shown.

    `text` is the count ("0–4", "about 5", "37", "under 5 %" where the count is coded with its
    share). `count` is None where it is coded. `share` is of the pupils of whom something is known,
    between 0.05 and 0.95, and None under 50 pupils. `low` and `high` are between what rounding
    alone may have made of the true count.
    """

    part: str
    text: str
    count: int | None
    share: float | None
    coded: bool
    low: int
    high: int
    certain: bool
    """Whether `low` and `high` are bounds; otherwise they hold in nineteen of twenty cases."""


def show(row: Row) -> tuple[Shown, ...]:
    """Return each part of a row's scale as it is shown, in the order of the scale's tree."""
    raise NotImplementedError

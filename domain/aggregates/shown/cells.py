"""From the cells of a published row to lines: a label, a part, and what is shown of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from domain.aggregates.measures import MEASURES, TIME
from domain.aggregates.rounding.levels import By, Level, Row
from domain.aggregates.rounding.shape import NOT_TOLD, TOTAL, Part, Scale
from domain.aggregates.rounding.showing import FEWEST_FOR_SHARE, Form, Shown, show
from domain.aggregates.shown import names
from domain.aggregates.shown.time import parts_of_time
from permissions.words import Words

_LEVELS: Final = {"national": Level.COUNTRY}
_BY: Final = {"total": By.NOTHING}
_PLACES: Final = 3


@dataclass(frozen=True, slots=True)
class Cells:
    """A published row as it is kept: `cells` holds each label's pupils by category."""

    level: str
    unit_code: str
    measure: str
    by: str
    labels: tuple[str, ...]
    categories: tuple[str, ...]
    cells: tuple[int, ...]
    units: int

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Return it from the columns of its row."""
        return cls(
            level=kept["level"],
            unit_code=kept["unit_code"],
            measure=kept["measure"],
            by=kept["by"],
            labels=tuple(kept["labels"]),
            categories=tuple(kept["categories"]),
            cells=tuple(kept["cells"]),
            units=kept["units"],
        )


def scale_named(measure: str, categories: tuple[str, ...]) -> Scale:
    """Return the scale of a measure, or its categories under their total."""
    found = MEASURES.get(measure)
    if found is not None and found.categories == categories:
        return found
    return Scale(measure, Part(TOTAL, tuple(Part(name) for name in categories)))


def lines_of(row: Cells) -> Iterator[tuple[str, tuple[Shown, ...]]]:
    """Yield each label of a row with its parts as they are shown."""
    scale = scale_named(row.measure, row.categories)
    level, by = _LEVELS.get(row.level) or Level(row.level), _BY.get(row.by) or By(row.by)
    width = len(row.categories)
    for at, label in enumerate(row.labels):
        counts = row.cells[at * width : (at + 1) * width]
        yield label, show(Row(level, row.unit_code, by, label, scale, counts, row.units))


def rows_of(kept: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the lines of a row as a client is given them."""
    cells = Cells.read(kept)
    if cells.measure == TIME:
        return [
            {
                "label": label,
                "name": names.named(names.LABELS, label),
                "parts": parts_of_time(cells.categories, cells.cells, cells.units),
            }
            for label in cells.labels
        ]
    return [
        {
            "label": label,
            "name": names.named(names.LABELS, label),
            "parts": [_part(each, parts) for each in parts],
        }
        for label, parts in lines_of(cells)
    ]


def _part(shown: Shown, beside: tuple[Shown, ...]) -> dict[str, Any]:
    return {
        "part": shown.part,
        "name": names.named(names.PARTS, shown.part),
        "form": str(shown.form),
        "text": text_of(shown),
        "count": shown.count,
        "share": None if shown.share is None else round(shown.share, _PLACES),
        "noShare": reason_of(shown, beside),
        "low": shown.low,
        "high": shown.high,
        "certain": shown.certain,
    }


def text_of(shown: Shown) -> Words:
    """Return what is read of a part: a number, or words in its place."""
    return names.FORMS.get(shown.form) or Words(str(shown.count), str(shown.count))


def reason_of(shown: Shown, beside: tuple[Shown, ...]) -> Words | None:
    """Return why a part has no share; None where it has one."""
    if shown.share is not None:
        return None
    if shown.form is Form.NOT_APART:
        return names.NOT_APART
    if shown.coded:
        return names.CODED
    counts = {each.part: each.count or 0 for each in beside}
    if counts[TOTAL] - sum(counts.get(name, 0) for name in NOT_TOLD) < FEWEST_FOR_SHARE:
        return names.TOO_FEW
    return names.NO_MEASURE

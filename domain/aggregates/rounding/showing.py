"""What a reader sees of a published count, and how far it may be from the truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.aggregates.rounding.bounds import bounds
from domain.aggregates.rounding.levels import Row
from domain.aggregates.rounding.shape import FEWEST_IN_CELL, NOT_TOLD, TOTAL, Part

FEWEST_FOR_SHARE: Final = 50
LOWEST, HIGHEST = 0.05, 0.95
SMALL_SIDE: Final = 100
"""A share under 5 or over 95 % is coded where this many pupils are not on its smaller side."""


class Form(StrEnum):
    """How a count is shown."""

    UNDER_FIVE = "under_five"
    """Shown as 0 to 4: the published count is 0."""
    ABOUT_NONE = "about_none"
    """The published count is 0, in a sum of units of which each may hide up to four."""
    ABOUT_FIVE = "about_five"
    NUMBER = "number"
    UNDER_5_PERCENT = "under_5_percent"
    OVER_95_PERCENT = "over_95_percent"
    NOT_APART = "not_apart"
    """Not shown, because a coded count could be computed from it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a row as it is shown.

    `text` is the count ("0-4", "about 5", "37", "under 5 %" where the count is coded with its
    share), and `form` says which of these it is. `count` is None where it is coded. `share` is of
    the pupils of whom something is known, as the published counts have it; None under 50 pupils
    and where it is coded: below 0.05 and above 0.95, unless a hundred pupils are on both sides.
    `low` and `high` are between what rounding alone may have made of the true count; None where it
    is coded.
    """

    part: str
    form: Form
    text: str
    count: int | None
    share: float | None
    coded: bool
    low: int | None
    high: int | None
    certain: bool
    """Whether `low` and `high` are bounds; else they hold in at least nineteen of twenty cases."""


_TEXTS: Final = {
    Form.UNDER_FIVE: "0-4",
    Form.ABOUT_NONE: "about 0",
    Form.ABOUT_FIVE: "about 5",
    Form.UNDER_5_PERCENT: "under 5 %",
    Form.OVER_95_PERCENT: "over 95 %",
    Form.NOT_APART: "not shown apart",
}
_CODED: Final = frozenset({Form.UNDER_5_PERCENT, Form.OVER_95_PERCENT, Form.NOT_APART})


def show(row: Row) -> tuple[Shown, ...]:
    """Return each part of a row's scale as it is shown, in the order of the scale's tree."""
    counts = {
        name: sum(row.counts[span.start : span.stop]) for name, span in row.scale.spans.items()
    }
    known = counts[TOTAL] - sum(counts.get(name, 0) for name in NOT_TOLD)
    within, certain = bounds(row)
    forms = _forms(row, counts, known)
    found = list[Shown]()
    for name, count in counts.items():
        form = forms[name]
        coded = form in _CODED
        low, high = within[name]
        has_share = known >= FEWEST_FOR_SHARE and _is_measured(row, name) and not coded
        share = count / known if has_share else None
        found.append(
            Shown(
                name,
                form,
                _TEXTS.get(form, str(count)),
                None if coded else count,
                share,
                coded,
                None if coded else low,
                None if coded else high,
                certain,
            )
        )
    return tuple(found)


def _is_measured(row: Row, name: str) -> bool:
    """Return whether a part tells something of pupils, rather than of how many are known."""
    return name not in NOT_TOLD and len(_known_categories(row, name)) < len(_known_categories(row))


def _known_categories(row: Row, name: str = TOTAL) -> list[str]:
    span = row.scale.spans[name]
    return [each for each in row.scale.categories[span.start : span.stop] if each not in NOT_TOLD]


def _forms(row: Row, counts: Mapping[str, int], known: int) -> dict[str, Form]:
    forms = {name: _plain(row, count) for name, count in counts.items()}
    if known < FEWEST_FOR_SHARE:
        return forms
    for name, count in counts.items():
        if not _is_measured(row, name) or min(count, known - count) >= SMALL_SIDE:
            continue
        if count < LOWEST * known:
            forms[name] = Form.UNDER_5_PERCENT
        elif count > HIGHEST * known:
            forms[name] = Form.OVER_95_PERCENT
    _hide_what_tells(row.scale.root, counts, forms)
    return forms


def _hide_what_tells(part: Part, counts: Mapping[str, int], forms: dict[str, Form]) -> None:
    """Hide a second count wherever one coded count is what the others leave of their parent."""
    if not part.parts:
        return
    family = [part.name, *(child.name for child in part.parts)]
    coded = [name for name in family if forms[name] in _CODED]
    if len(coded) == 1:
        open_children = [name for name in family[1:] if forms[name] not in _CODED]
        hidden = min(open_children, key=lambda name: counts[name], default=None)
        if hidden is not None:
            forms[hidden] = Form.NOT_APART
    for child in part.parts:
        _hide_what_tells(child, counts, forms)


def _plain(row: Row, count: int) -> Form:
    if count == 0:
        return Form.UNDER_FIVE if row.units == 1 else Form.ABOUT_NONE
    return Form.ABOUT_FIVE if count == FEWEST_IN_CELL else Form.NUMBER

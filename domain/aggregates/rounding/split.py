"""Divides a rounded count over its parts: each becomes 0 or at least five, and they add up.

A part of five or more stays as it is, one of fewer becomes five with a chance of a fifth of its
pupils each and else 0, and what is then too many or too few is made up by a large part that the
key chooses. Parts that are already 0 or at least five are never changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.aggregates.rounding.shape import FEWEST_IN_CELL as FEWEST

_TURNS = 4


@dataclass(frozen=True, slots=True)
class Chance:
    """The keyed numbers of the parts: `drawn` decides which become five, `chosen` who makes up."""

    drawn: Sequence[float]
    chosen: Sequence[float]


def drawn(count: int, number: float) -> int:
    """Return what a count becomes by itself: it stays if it is large, and else is five or 0."""
    if count >= FEWEST or count == 0:
        return count
    return FEWEST if number * FEWEST < count else 0


def divide(parent: int, parts: Sequence[int], least: Sequence[int], by: Chance) -> list[int]:
    """Return the rounded parts of a rounded parent.

    Args:
        parent: the rounded count above: 0 or at least five, and not less than `least` together.
        parts: the exact counts.
        least: what each part has to keep: five for each large count within it, 0 for a small one.
        by: the numbers of the parts.

    Raises:
        ValueError: the parent is less than what its parts have to keep.
    """
    if parent == 0:
        return [0] * len(parts)
    values = [drawn(count, number) for count, number in zip(parts, by.drawn, strict=True)]
    order = sorted(
        (at for at, count in enumerate(parts) if count),
        # The square favours the largest part, in which a few pupils more or less matter least.
        key=lambda at: by.chosen[at] / parts[at] ** 2,
    )
    # What was drawn gives way again, the unlikeliest first, where the large cannot make room.
    for at in reversed(order):
        if sum(values) - _spare(values, least) <= parent:
            break
        if least[at] == 0:
            values[at] = 0
    rest = parent - sum(values)
    if rest > 0:
        large = [at for at in order if values[at] and least[at]]
        takes = next(iter(large or [at for at in order if values[at]] or order))
        values[takes] += rest
        return values
    able = [at for at in order if values[at] + rest >= max(least[at], FEWEST)]
    for at in able or order:
        if rest < 0 and values[at]:
            given = min(-rest, values[at] - max(least[at], FEWEST))
            values[at] -= given
            rest += given
    if rest:
        raise ValueError(f"{parent} pupils are fewer than their parts have to keep.")
    return values


def _spare(values: Sequence[int], least: Sequence[int]) -> int:
    return sum(value - max(low, FEWEST) for value, low in zip(values, least, strict=True) if value)


def place(parent: int, parts: Sequence[int], room: Sequence[int], by: Chance) -> list[int] | None:
    """Return the rounded parts where each also has a room, of which 0 or at least five is left.

    Args:
        parent: the rounded count to divide: 0 or at least five.
        parts: the exact counts.
        room: what each part can take at most: 0 or at least five.
        by: the numbers of the parts.

    Returns:
        The parts, or None when this way of making up leads nowhere.
    """
    values = [
        _nearest(drawn(count, number), space)
        for count, number, space in zip(parts, by.drawn, room, strict=True)
    ]
    rest = parent - sum(values)
    if rest == 0:
        return values
    # The large make up first, then who has any pupil, then anybody.
    order = sorted(
        range(len(parts)), key=lambda at: (-min(values[at], 1), by.chosen[at] / (parts[at] or 0.01))
    )
    for turn in range(_TURNS):
        for at in order:
            new = _towards(values[at], values[at] + rest, room[at])
            rest -= new - values[at]
            values[at] = new
            if rest == 0:
                return values
        rest += _loosened(values, room, order[turn:] + order[:turn], rest)
    return None


def _loosened(values: list[int], room: Sequence[int], order: Sequence[int], rest: int) -> int:
    """Overshoot where nothing fits any more, so that the next turn can come from the other side.

    Returns by how much the rest has grown.
    """
    if rest < 0:
        smallest = min((at for at in order if values[at]), key=lambda at: values[at])
        freed, values[smallest] = values[smallest], 0
        return freed
    for at in order:
        if values[at] == 0 and room[at]:
            values[at] = _nearest(FEWEST, room[at])
            if values[at]:
                return -values[at]
    return 0


def _nearest(wanted: int, room: int) -> int:
    """Return the possible count nearest to the wanted one: 0, all the room, or five from both."""
    if wanted <= room - FEWEST or wanted == 0:
        return wanted
    lower = room - FEWEST if room >= 2 * FEWEST else 0
    return room if room - wanted < wanted - lower else lower


def _towards(now: int, target: int, room: int) -> int:
    """Return the possible count between now and the target that is nearest to the target."""
    if target >= now:
        if target >= room:
            return room
        best = min(target, room - FEWEST)
        return best if best >= max(now, FEWEST) else now
    if target <= 0:
        return 0
    best = min(max(target, FEWEST), room - FEWEST)
    return best if FEWEST <= best <= now else now

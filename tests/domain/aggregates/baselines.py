"""Methods that do not protect, with what an attacker knows of them: the attacks must succeed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.aggregates.gate.program import Program
from domain.aggregates.rounding.shape import ALL, Part, Table

WITHHELD = -1


def nearest(table: Table) -> Table:
    """Return a table in which counts of one to four became the nearer of 0 and five."""
    return _changed(table, lambda count: count if count >= 5 else 5 * (count >= 3))


def suppressed(table: Table) -> Table:
    """Return a table in which counts of one to four are withheld, and nothing besides."""
    return _changed(table, lambda count: WITHHELD if 0 < count < 5 else count)


def _changed(table: Table, change: Callable[[int], int]) -> Table:
    return Table(table.scale, ALL, tuple((change(count),) for count in table.by_category))


class _OneByOne:
    """A method that treats each count by itself: what a shown one may stand for is an interval."""

    def possible(self, shown: int) -> tuple[int, int]:
        """Return between what a true count lies, given how it is shown."""
        raise NotImplementedError

    def divided(
        self, program: Program, part: Part, true: Sequence[int], shown: Sequence[int], most: int
    ) -> None:
        """Let each category lie where its own answer says; `part` and `most` tell no more."""
        assert sum(1 for _ in part.categories()) == len(true)
        for count, value in zip(true, shown, strict=True):
            low, high = self.possible(value)
            program.require({count: 1}, low, min(high, most))

    def cell(self, program: Program, true: int, shown: int, most: int) -> None:
        """Refuse: these methods are attacked by what they show of a whole branch."""
        raise NotImplementedError(program, true, shown, most)


class Nearest(_OneByOne):
    """What rounding small counts to the nearer of 0 and five tells."""

    def possible(self, shown: int) -> tuple[int, int]:
        """Return up to two around a small count; a large one is exact."""
        return {0: (0, 2), 5: (3, 5)}.get(shown, (shown, shown))


class Suppressed(_OneByOne):
    """What withholding small counts tells."""

    def possible(self, shown: int) -> tuple[int, int]:
        """Return one to four for a withheld count; every other is exact."""
        return (1, 4) if shown == WITHHELD else (shown, shown)

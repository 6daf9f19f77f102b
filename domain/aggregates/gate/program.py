"""Integer programs: whole numbers under linear conditions, and how far a sum of them can go."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from math import ceil, inf, isfinite
from typing import Any, Final

_SECONDS: Final = 0.3
_INFEASIBLE: Final = 2
_TOLERANCE: Final = 1e-6

Sum = Mapping[int, float]
"""A sum of variables: the number of each with its factor."""


@cache
def _numerics() -> tuple[Any, Any, Any]:
    """Load NumPy and SciPy's parts: half a second, and memory, that only a release is worth.

    SciPy has no types of its own; nothing outside this file touches it.
    """
    import numpy as np  # noqa: PLC0415 - see above

    return np, import_module("scipy.optimize"), import_module("scipy.sparse")


class ContradictionError(Exception):
    """The conditions exclude each other: what is published cannot have come from any truth."""


class Program:
    """Whole numbers under conditions; solved by HiGHS through SciPy."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        """Allow each question as many seconds."""
        self._seconds = seconds
        self._bounds = list[tuple[float, float]]()
        self._rows = list[tuple[Sum, float, float]]()

    def number(self, low: float = 0, high: float = inf) -> int:
        """Return a new whole number between two bounds, by which it is named from then on."""
        self._bounds.append((low, high))
        return len(self._bounds) - 1

    def choice(self) -> int:
        """Return a new number that is 0 or 1."""
        return self.number(0, 1)

    def require(self, total: Sum, low: float = -inf, high: float = inf) -> None:
        """Let a sum lie between two bounds."""
        self._rows.append((total, low, high))

    def equal(self, total: Sum, value: float) -> None:
        """Let a sum have one value."""
        self.require(total, value, value)

    def between(self, total: Sum) -> tuple[float, float]:
        """Return the least and the greatest value of a sum.

        What is not solved in time is the solver's own bound, which is never too narrow.

        Raises:
            ContradictionError: the conditions exclude each other.
        """
        return self._end(total, 1), -self._end(total, -1)

    def _end(self, total: Sum, sign: int) -> float:
        np, optimize, sparse = _numerics()
        cost = np.zeros(len(self._bounds))
        for at, factor in total.items():
            cost[at] = sign * factor
        entries = [(row, at, f) for row, (sum_, _, _) in enumerate(self._rows)
                   for at, f in sum_.items()]  # fmt: skip
        rows, columns, factors = zip(*entries, strict=True)
        shape = (len(self._rows), len(self._bounds))
        matrix = sparse.csr_array((factors, (rows, columns)), shape=shape)
        lows, highs = zip(*self._bounds, strict=True)
        found = optimize.milp(
            cost,
            integrality=np.ones(len(self._bounds)),
            bounds=optimize.Bounds(lows, highs),
            constraints=optimize.LinearConstraint(
                matrix, [low for _, low, _ in self._rows], [high for _, _, high in self._rows]
            ),
            options={"time_limit": self._seconds},
        )
        if found.status == _INFEASIBLE:
            raise ContradictionError
        if found.x is not None and found.status == 0:
            return float(round(found.fun))
        alone = self._least(total, sign)
        solver = found.mip_dual_bound
        if solver is None or not isfinite(solver):
            return alone
        return max(ceil(solver - _TOLERANCE), alone)

    def _least(self, total: Sum, sign: int) -> float:
        """Return what a sum cannot be less than by the bounds of its numbers alone."""
        return sum(
            min(sign * factor * end for end in self._bounds[at]) for at, factor in total.items()
        )

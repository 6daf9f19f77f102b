"""Inspects a release before it is published: every reason to refuse it, in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.aggregates.rounding.levels import Row
from domain.aggregates.rounding.merging import Area, Unit
from domain.aggregates.rounding.shape import Group, Table


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason not to release: the cell that it is about and what is wrong with it."""

    cell: str
    reason: str


@dataclass(frozen=True, slots=True)
class Release:
    """What is about to be published of one scale and period, with what it was made of.

    `rounded` has the table of each unit; `enrolled` the public pupils of each unit by the groups
    of its rounded table; `rows` is what is published.
    """

    units: Sequence[Unit]
    areas: Sequence[Area]
    rounded: Mapping[str, Table]
    enrolled: Mapping[str, Mapping[Group, int]]
    rows: Sequence[Row]


def inspect(
    release: Release, *, secret: bytes, school_year: int, sample: int = 40, seed: int = 1
) -> list[Refusal]:
    """Return every reason to refuse; an empty list means that it may be released.

    Args:
        release: what is about to be published.
        secret: the key of the school year, to see that rounding leaves the tables as they are.
        school_year: the year in which it begins.
        sample: how many units are attacked by integer programming; 0 for none.
        seed: which units those are.
    """
    raise NotImplementedError

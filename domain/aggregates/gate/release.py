"""Inspects a release before it is published: every reason to refuse it, in plain words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from domain.aggregates.gate import attackers
from domain.aggregates.gate.sums import Refusal, rows_refused, tables_refused
from domain.aggregates.rounding.levels import Row
from domain.aggregates.rounding.merging import Area, Unit
from domain.aggregates.rounding.shape import Group, Table
from domain.aggregates.rounding.topdown import round_table

_ANOTHER_KEY = b"another key, which need not be secret"
_MOST_OTHERS = 2


@dataclass(frozen=True, slots=True)
class Release:
    """What is about to be published of one scale and period, with what it was made of.

    `rounded` has the table of each unit; `enrolled` the public pupils of each unit by the groups
    of its rounded table; `rows` is what is published. `known` has the pupils that an enforcement
    officer knows of a unit, by the indexes of category and group of its rounded table.
    """

    units: Sequence[Unit]
    areas: Sequence[Area]
    rounded: Mapping[str, Table]
    enrolled: Mapping[str, Mapping[Group, int]]
    rows: Sequence[Row]
    known: Mapping[str, Mapping[tuple[int, int], int]] = field(
        default_factory=dict[str, Mapping[tuple[int, int], int]]
    )


def inspect(
    release: Release, *, secret: bytes, school_year: int, sample: int = 12, seed: int = 1
) -> list[Refusal]:
    """Return every reason to refuse; an empty list means that it may be released.

    Args:
        release: what is about to be published.
        secret: the key of the school year, to see that rounding leaves the tables as they are.
        school_year: the year in which it begins.
        sample: how many units are attacked by integer programming; 0 for none.
        seed: which units those are.
    """
    return [
        *tables_refused(release.rounded, release.enrolled),
        *_changed_again(release, secret, school_year),
        *rows_refused(release.units, release.areas, release.rounded, release.rows),
        *_revealed(release, sample, seed),
    ]


def _changed_again(release: Release, secret: bytes, school_year: int) -> Iterator[Refusal]:
    for code, table in release.rounded.items():
        for key in (secret, _ANOTHER_KEY):
            if round_table(table, secret=key, school_year=school_year, unit=code) != table:
                yield Refusal(f"unit {code}", "would be rounded again, so it cannot be the truth")
                break


def _revealed(release: Release, sample: int, seed: int) -> Iterator[Refusal]:
    for finding in attacked(release, sample, seed):
        if finding.proven:
            cell = f"unit {finding.unit}, {finding.question.words}"
            yield Refusal(
                cell,
                f"shown as {finding.shown}: {finding.attacker} can prove that it is"
                f" {finding.low:.0f} to {finding.high:.0f}",
            )


def attacked(release: Release, sample: int, seed: int) -> Iterator[attackers.Finding]:
    """Yield what every attacker finds out of a sample of units, small ones as likely as large."""
    chosen = Random(seed).sample(list(release.units), min(sample, len(release.units)))  # noqa: S311 - which units are tried is no secret
    beside = dict[str, list[str]]()
    for unit in release.units:
        beside.setdefault(unit.municipality, []).append(unit.code)
    for unit in chosen:
        table = release.rounded[unit.code]
        yield from attackers.public(unit.code, table)
        yield from attackers.all_but_one(unit.code, table)
        others = [code for code in beside[unit.municipality] if code != unit.code]
        if 1 < len(others) <= _MOST_OTHERS + 1:
            unknown = [release.rounded[code] for code in others[1:]]
            yield from attackers.school(unit.code, table, unknown)
        known = release.known.get(unit.code)
        if known:
            yield from attackers.officer(unit.code, table, known)

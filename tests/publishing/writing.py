"""Writes exact tables and what is published of them, past the rules of the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID, uuid4

from domain.aggregates.periods import Period
from domain.aggregates.models import PeriodKind
from domain.aggregates.rounding.levels import Row, publish
from domain.aggregates.rounding.merging import (
    Branch,
    Unit,
    merge_branches,
    merge_groups,
    merge_municipalities,
)
from domain.aggregates.rounding.shape import YEAR_GROUPS, Group, Table, added, regrouped
from domain.aggregates.rounding.topdown import round_table
from tests.conftest import TestDatabase
from tests.publishing.land import ALLIANCES, MUNICIPALITIES, REGION, SCHOOLS, Land

SECRET = b"a key of the tests, that nobody knows, of forty-eight"
LEVELS = {"country": "national"}
DIVISIONS = {"nothing": "total"}


@dataclass(frozen=True, slots=True)
class Published:
    """What was released: its id, what is true, and how schools were counted together."""

    release: UUID
    period: Period
    exact: Mapping[str, Table]
    units: Sequence[Unit]


def release(
    made: TestDatabase,
    land: Land,
    period: Period,
    exact: Mapping[str, Table],
    *,
    vintage: int = 1,
    rounded: bool = True,
) -> Published:
    """Publish tables of a period; `rounded` False is the mistake that an attacker hopes for."""
    units = merge_branches(
        [
            Branch(
                school.code, school.sector, "3681", school.municipality,
                str(land.organisations[school.board]), REGION, ALLIANCES[school.sector],
                exact[school.code].total,
            )
            for school in SCHOOLS
        ]
    )  # fmt: skip
    tables: list[tuple[Unit, Table]] = []
    for unit in units:
        table = added(exact[code] for code in unit.members)
        if rounded:
            groups = merge_groups(
                dict(zip(table.groups, table.by_group, strict=True)), YEAR_GROUPS[unit.sector]
            )
            table = round_table(
                regrouped(table, groups),
                secret=SECRET,
                school_year=period.school_year,
                unit=unit.code,
            )
        tables.append((unit, table))
    neighbours = {
        code: [other for other in MUNICIPALITIES if other != code] for code in MUNICIPALITIES
    }
    areas = merge_municipalities(units, neighbours)
    rows = publish(tables, areas, whole_year=period.kind is PeriodKind.SCHOOL_YEAR)
    return _write(made, land, period, exact, units, rows, vintage)


def _write(
    made: TestDatabase,
    land: Land,
    period: Period,
    exact: Mapping[str, Table],
    units: Sequence[Unit],
    rows: Sequence[Row],
    vintage: int,
) -> Published:
    key = uuid4()
    together = {code: unit for unit in units for code in unit.members}
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()
    at = land.moment.instant.isoformat()
    sql = [
        "insert into release (id, kind, first_day, last_day, school_year, vintage, method, rule_set,"
        " boundaries, branches, branches_missing, released_at, digest) values"
        f" ('{key}', '{period.kind}', '{period.first_day}', '{period.last_day}',"
        f" {period.school_year}, {vintage}, 'top-down-1', 'leerplichtwet-1969', 'of-the-tests',"
        f" {len(SCHOOLS)}, 0, '{at}', '{digest}')"
    ]
    for school in SCHOOLS:
        unit = together[school.code]
        sql.append(
            "insert into release_unit (id, release_id, branch_code, name, sector, board,"
            " municipality, region, alliance, published_as, area, groups, weeks, missing_weeks,"
            f" closed) values (gen_random_uuid(), '{key}', '{school.code}', 'School {school.code}',"
            f" '{school.sector}', '{land.organisations[school.board]}', '{school.municipality}',"
            f" '{REGION}', '{ALLIANCES[school.sector]}', '{unit.code}', '{school.municipality}',"
            " '{}', 4, 1, true)"
        )
    for (level, code, by), found in groupby(rows, key=lambda row: (row.level, row.code, row.by)):
        sql += _rows(key, period, vintage, list(found), together, (str(level), code, str(by)))
    for school in SCHOOLS:
        sql += _exact(land, period, vintage, school.code, exact[school.code])
    made.run_sql(";\n".join(sql))
    return Published(key, period, exact, units)


def _rows(
    key: UUID,
    period: Period,
    vintage: int,
    rows: Sequence[Row],
    together: Mapping[str, Unit],
    place: tuple[str, str, str],
) -> Iterable[str]:
    level, code, by = place
    members: Sequence[str] = ()
    codes: Sequence[str] = [code]
    if level == "branch" and len(together[code].members) > 1:
        codes = members = together[code].members
    elif "+" in code:
        codes = members = code.split("+")
    cells = [count for row in rows for count in row.counts]
    for one in codes:
        yield (
            "insert into published (id, release_id, kind, first_day, vintage, level, unit_code,"
            " unit_name, members, measure, by, labels, categories, cells, units) values"
            f" (gen_random_uuid(), '{key}', '{period.kind}', '{period.first_day}', {vintage},"
            f" '{LEVELS.get(level, level)}', '{one}', '{level} {one}', {_array(members)},"
            f" '{rows[0].scale.name}', '{DIVISIONS.get(by, by)}',"
            f" {_array([row.label for row in rows])}, {_array(rows[0].scale.categories)},"
            f" '{{{','.join(map(str, cells))}}}', {rows[0].units})"
        )


def _exact(
    land: Land, period: Period, vintage: int, code: str, table: Table
) -> Iterable[str]:
    key, board = uuid4(), next(school.board for school in SCHOOLS if school.code == code)
    owner, branch = land.organisations[board], land.branches[code]
    at = land.moment.instant.isoformat()
    yield (
        "insert into branch_period (id, controller_id, branch_id, branch_code, kind, first_day,"
        " last_day, score, weeks, missing_weeks, closed_by, closed_at, locked_at, taken_at) values"
        f" ('{key}', '{owner}', '{branch}', '{code}', '{period.kind}', '{period.first_day}',"
        f" '{period.last_day}', 90, 4, '{{{period.mondays[0]}}}',"
        f" '{land.actors[f'head_{code}'].id}', '{at}', '{at}', '{at}') on conflict do nothing"
    )
    cells = [count for row in table.cells for count in row]
    yield (
        "insert into branch_table (id, controller_id, branch_id, branch_period_id, kind, first_day,"
        " measure, vintage, categories, groups, cells, taken_at)"
        f" select gen_random_uuid(), '{owner}', '{branch}', p.id, p.kind, p.first_day,"
        f" '{table.scale.name}', {vintage}, {_array(table.scale.categories)},"
        f" {_array([_named(group) for group in table.groups])}, '{{{','.join(map(str, cells))}}}',"
        f" '{at}' from branch_period p where p.branch_id = '{branch}'"
        f" and p.kind = '{period.kind}' and p.first_day = '{period.first_day}'"
    )


def _named(group: Group) -> str:
    return f"{'+'.join(group.years)}:{'+'.join(group.sexes)}"


def _array(texts: Iterable[str]) -> str:
    return "array[" + ", ".join(f"'{text}'" for text in texts) + "]::text[]"

"""Reading what a release is made of: what was taken, where branches lie, and what was before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Integer, Select, Text, cast, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from domain.aggregates.counting import of
from domain.aggregates.made import Exact
from domain.aggregates.measures import TIME, released_of
from domain.aggregates.models import BranchPeriod, BranchTable, Release, ReleaseUnit
from domain.aggregates.periods import Period
from domain.aggregates.rounding.merging import Branch, Unit
from domain.aggregates.rounding.shape import ABSENCE, Group
from domain.aggregates.tables import Counts, counts_in, read
from domain.database import renew
from domain.organisations.models import Organisation, OrganisationKind, SchoolBranch
from domain.reference.models import (
    DirectoryBranch,
    DirectoryMunicipality,
    DirectoryPostcode,
    DirectoryRegion,
)

ALONE: Final = ""
"""What a branch is published as that is too small and could not be joined: nothing."""

FETCHED: Final = 2000


@dataclass(frozen=True, slots=True)
class Of:
    """A branch of a period: what is known of its delivery, and where it lies."""

    branch: Branch
    name: str
    weeks: int
    missing_weeks: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that a release is made of, with the names of its units by level and code."""

    exact: Exact
    branches: Sequence[Of]
    names: Mapping[tuple[str, str], str]


async def load(session: AsyncSession, period: Period, vintage: int = 1) -> Loaded:
    """Return what was taken of a period: each branch's tables of a vintage, or earlier ones."""
    counts: dict[str, dict[str, Counts]] = {name: {} for name in released_of(period.kind)}
    time: dict[str, Sequence[int]] = {}
    statement = _tables(period, vintage)
    connection = await session.connection()
    async with connection.stream(statement, execution_options={"yield_per": FETCHED}) as rows:
        async for code, measure, categories, groups, cells in rows:
            if measure == TIME:
                time[code] = cells
            elif measure in counts:
                counts[measure][code] = counts_in(categories, groups, cells)
    await renew(session)
    branches = [
        Of(
            Branch(
                row.branch_code, row.sector, row.postcode or "", row.municipality_code,
                str(row.organisation_id), row.region_code or "", row.alliance_code,
                sum(counts[ABSENCE.name].get(row.branch_code, {}).values()),
            ),
            row.name, row.weeks, len(row.missing_weeks), row.closed_at is not None,
        )
        for row in await session.execute(_places(period))
    ]  # fmt: skip
    units, groups_before = await _before(session, period.school_year)
    exact = Exact(
        school_year=period.school_year,
        kind=period.kind,
        branches=[each.branch for each in branches],
        counts=counts,
        time=time,
        neighbours=await _neighbours(session),
        units_before=units,
        groups_before=groups_before,
    )
    return Loaded(exact, branches, await _names(session))


def _tables(period: Period, vintage: int) -> Select[str, str, list[str], list[str], list[int]]:
    """Return the tables of a period: the latest up to a vintage."""
    return (
        select(
            SchoolBranch.branch_code,
            BranchTable.measure,
            BranchTable.categories,
            BranchTable.groups,
            BranchTable.cells,
        )
        .ext(distinct_on(BranchTable.branch_id, BranchTable.measure))
        .join(SchoolBranch, SchoolBranch.id == BranchTable.branch_id)
        .where(
            BranchTable.kind == str(period.kind),
            BranchTable.first_day == period.first_day,
            BranchTable.vintage <= vintage,
        )
        .order_by(BranchTable.branch_id, BranchTable.measure, BranchTable.vintage.desc())
    )


def _places(period: Period):  # noqa: ANN202 - a SELECT of many columns, read by name
    return (
        select(
            SchoolBranch.branch_code,
            SchoolBranch.name,
            SchoolBranch.sector,
            SchoolBranch.organisation_id,
            SchoolBranch.municipality_code,
            SchoolBranch.alliance_code,
            DirectoryMunicipality.region_code,
            DirectoryBranch.postcode,
            BranchPeriod.weeks,
            BranchPeriod.missing_weeks,
            BranchPeriod.closed_at,
        )
        .join(BranchPeriod, BranchPeriod.branch_id == SchoolBranch.id)
        .outerjoin(
            DirectoryMunicipality, DirectoryMunicipality.code == SchoolBranch.municipality_code
        )
        .outerjoin(DirectoryBranch, DirectoryBranch.branch_code == SchoolBranch.branch_code)
        .where(*of(period), BranchPeriod.taken_at.is_not(None))
        .order_by(SchoolBranch.branch_code)
    )


async def _before(
    session: AsyncSession, school_year: int
) -> tuple[list[Unit], dict[str, list[Group]]]:
    """Return the units, and their groups, of a school year: what was last told of each branch.

    One that is in no later release, because nobody was enrolled there, stays in its unit.
    """
    rows = await session.scalars(
        select(ReleaseUnit)
        .ext(distinct_on(ReleaseUnit.branch_code))
        .join(Release, Release.id == ReleaseUnit.release_id)
        .where(Release.school_year == school_year)
        .order_by(ReleaseUnit.branch_code, Release.released_at.desc(), Release.id)
    )
    last = {row.branch_code: row for row in rows}

    def published_as(row: ReleaseUnit) -> str:
        """Return the first member of its unit, which may itself have joined another since."""
        code, seen = row.published_as, set[str]()
        while code in last and code not in seen and last[code].published_as not in {code, ALONE}:
            seen.add(code)
            code = last[code].published_as
        return code

    members: dict[str, list[ReleaseUnit]] = {}
    for row in last.values():
        code = published_as(row)
        if code != ALONE and code in last:
            members.setdefault(code, []).append(row)
    units: list[Unit] = []
    groups: dict[str, list[Group]] = {}
    for code, rows_of in members.items():
        first = last[code]
        others = sorted(row.branch_code for row in rows_of if row.branch_code != code)
        units.append(
            Unit(
                code,
                (code, *others),
                first.sector,
                first.municipality,
                first.board,
                first.region or "",
                first.alliance,
            )
        )
        groups[code] = [read(group) for group in first.groups]
    return units, groups


async def _neighbours(session: AsyncSession) -> dict[str, list[str]]:
    """Return of each municipality the others, those of its region first, by nearest postcode."""
    place = func.avg(cast(cast(DirectoryPostcode.pc4, Text), Integer))
    rows = (
        await session.execute(
            select(DirectoryMunicipality.code, DirectoryMunicipality.region_code, place)
            .outerjoin(
                DirectoryPostcode, DirectoryPostcode.municipality_code == DirectoryMunicipality.code
            )
            .group_by(DirectoryMunicipality.code, DirectoryMunicipality.region_code)
        )
    ).all()
    known = [(code, region, float(mean or 0)) for code, region, mean in rows]
    return {
        code: [
            other
            for _, _, other in sorted(
                (region != elsewhere, abs(mean - there), other)
                for other, elsewhere, there in known
                if other != code
            )
        ]
        for code, region, mean in known
    }


async def _names(session: AsyncSession) -> dict[tuple[str, str], str]:
    """Return the names of units by level and code."""
    names: dict[tuple[str, str], str] = {("national", "NL"): "Nederland"}
    for level, statement in {
        "branch": select(SchoolBranch.branch_code, SchoolBranch.name),
        "board": select(cast(Organisation.id, Text), Organisation.name).where(
            Organisation.kind == str(OrganisationKind.SCHOOL_BOARD)
        ),
        "municipality": select(DirectoryMunicipality.code, DirectoryMunicipality.name),
        "region": select(DirectoryRegion.code, DirectoryRegion.name),
    }.items():
        names |= {(level, code): name for code, name in await session.execute(statement)}
    return names

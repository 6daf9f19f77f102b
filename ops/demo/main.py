"""Builds the demo region through the same services and imports that everybody uses.

Every phase looks at what is there already, so that a build that was cut short goes on where it
stopped. Nothing about a person is written by another login role than the one that the act has.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Final

import click
from sqlalchemy import func, select

import domain.ties
from domain import clock
from domain.aggregates.services import close_month, next_month
from domain.database import Database, Login, ask
from domain.imports.models import ImportReceipt
from domain.imports.receipts import DeliveryKind, Outcome, ReceiptState
from domain.imports.services import deliver, start_import
from domain.jobs import job_actor, make_access_log
from domain.organisations import queries, services
from domain.organisations.models import OrganisationKind
from ops.demo import region
from ops.demo.deliveries import delivery
from ops.demo.guardians import register_guardians
from ops.demo.keys import public_key
from ops.demo.people import Child, children
from ops.demo.region import LAST, OFFICES, SCHOOLS, Board, School
from ops.demo.rosters import edexml, groups_of, lines_of, place_of
from ops.demo.school_year import Teaching, teaching
from ops.demo.staffing import appoint_everyone
from ops.directory import load_into
from ops.personas import ADMINISTRATORS, SYSTEMS, folder_of, operator
from permissions.vocabulary import Actor, Purpose

if TYPE_CHECKING:
    from pathlib import Path

    from api.settings import Settings
    from ops.progress import Progress

FEWEST_PUPILS: Final = 100
"""Under this some class of a persona would be empty."""

domain.ties.load_all()


@dataclass(frozen=True, slots=True)
class Region:
    """What there is to build: the pupils of each school, and the school years up to today."""

    pupils: dict[School, tuple[Child, ...]]
    years: tuple[Teaching, ...]
    seed: int

    @property
    def year(self) -> int:
        """The present school year, by the year in which it starts."""
        return self.years[-1].year

    def present(self, school: School, year: Teaching) -> list[Child]:
        """Return the pupils who were at a school in a school year."""
        before = year.year != self.year
        return [child for child in self.pupils[school] if not before or child.group_before]


def region_of(pupils: int, seed: int, today: date) -> Region:
    """Return the region that a seed gives, without writing anything."""
    years = teaching(today)
    year = years[-1].year
    return Region({school: children(school, pupils, seed, year) for school in SCHOOLS}, years, seed)


def build(settings: Settings, pupils: int, seed: int, progress: Progress) -> None:
    """Build the demo region in the database that the settings name."""
    from api.app import configure, database_of

    async def run() -> None:
        """Build with pools of this loop's own."""
        configure(settings)
        database = database_of(settings)
        try:
            await build_region(
                database, pupils=pupils, seed=seed, folder=folder_of(settings), progress=progress
            )
        finally:
            await database.close()

    asyncio.run(run())


async def build_region(
    database: Database,
    *,
    pupils: int = 2000,
    seed: int = 1,
    today: date | None = None,
    folder: Path,
    progress: Progress,
) -> Region:
    """Build the region, or what is missing of it; return what it was built from.

    Args:
        database: the pools; the vault's key has been configured.
        pupils: how many pupils the region has, a hundred at least.
        seed: the same seed and day give the same region.
        today: the last day of attendance; the present day unless given.
        folder: an existing private folder for the keys of the schools' systems.
        progress: shows the phases.

    Raises:
        ClickException: there are too few pupils, or a delivery was refused.
    """
    if pupils < FEWEST_PUPILS:
        raise click.ClickException(f"The region needs at least {FEWEST_PUPILS} pupils.")
    plan = region_of(pupils, seed, today or clock.now().today)
    async with database.acting(ask(operator()), Login.JOBS) as session:
        if await queries.organisation(session, LAST.id) is not None:
            return plan
    with progress.step("Registering organisations"):
        await load_into(database)
        await _register(database, folder)
    with progress.step("Delivering rosters", len(SCHOOLS) * len(plan.years)) as step:
        for school in SCHOOLS:
            for year in await _missing(database, plan, school, DeliveryKind.ROSTER_EDEXML):
                await _deliver(
                    database, school, DeliveryKind.ROSTER_EDEXML, roster(plan, school, year)
                )
                step.advance()
    with progress.step("Appointing staff"):
        await appoint_everyone(database, plan.year, plan.pupils)
    with progress.step("Registering guardians", pupils) as step:
        await register_guardians(database, plan.pupils, folder, step)
    with progress.step("Delivering attendance", len(SCHOOLS) * len(plan.years)) as step:
        for school in SCHOOLS:
            for year in await _missing(database, plan, school, DeliveryKind.ATTENDANCE_NDJSON):
                lines = delivery(plan.present(school, year), school.sector, year, seed)
                await _deliver(database, school, DeliveryKind.ATTENDANCE_NDJSON, lines)
                step.advance()
    with progress.step("Computing figures and the access log"):
        await _close_months(database, plan)
        await make_access_log(database)
    async with database.acting(ask(operator()), Login.JOBS) as session:
        await services.register_organisation(
            session, operator(), kind=OrganisationKind(LAST.kind), name=LAST.name, id=LAST.id
        )
    return plan


def roster(plan: Region, school: School, year: Teaching) -> bytes:
    """Return the EDEXML roster of a school for one of the region's school years."""
    lines = lines_of(plan.pupils[school], before=year.year != plan.year)
    groups = groups_of(lines, school.branch_code, year.year)
    return edexml(place_of(school), year.year, groups, lines, until=year.until)


def system_of(board: Board) -> Actor:
    """Return a board's school system as an actor."""
    return next(system for system in SYSTEMS if system.organisation == board.id).actor()


async def _register(database: Database, folder: Path) -> None:
    """Register organisations, branches, clients and first administrators, all or none."""
    actor = operator()
    async with database.acting(ask(actor), Login.JOBS) as session:
        if await queries.organisation(session, region.NEIGHBOUR.id) is not None:
            return
        for board in region.BOARDS:
            await services.register_organisation(
                session, actor, kind=OrganisationKind.SCHOOL_BOARD, name=board.name, id=board.id
            )
            await services.register_client(
                session,
                actor,
                organisation_id=board.id,
                client_id=board.client_id,
                public_key=public_key(folder, board),
                actor_id=board.client_actor,
            )
        for office in (*OFFICES, region.NEIGHBOUR):
            await services.register_organisation(
                session, actor, kind=OrganisationKind(office.kind), name=office.name, id=office.id
            )
        for school in SCHOOLS:
            await services.register_branch(
                session,
                actor,
                organisation_id=school.board.id,
                branch_code=school.branch_code,
                name=school.name,
                sector=school.sector,
                municipality_code=region.MUNICIPALITY,
                alliance_code=region.ALLIANCES[school.sector],
                id=school.id,
            )
            await services.agree_delivery(
                session,
                actor,
                client_actor_id=school.board.client_actor,
                branch_id=school.id,
                branch_key=school.branch_key,
            )
        await services.serve_municipality(
            session,
            actor,
            organisation_id=region.ATTENDANCE_OFFICE.id,
            municipality_code=region.MUNICIPALITY,
        )
        for office, level, code in (
            (region.ATTENDANCE_OFFICE, "municipality", region.MUNICIPALITY),
            (region.PRIMARY_ALLIANCE, "alliance", region.ALLIANCES["PO"]),
            (region.SECONDARY_ALLIANCE, "alliance", region.ALLIANCES["VO"]),
        ):
            await services.grant_mandate_for_figures(
                session, actor, organisation_id=office.id, unit_level=level, unit_code=code
            )
        for administrator in ADMINISTRATORS:
            if administrator.organisation is not None:
                await services.appoint_first_administrator(
                    session,
                    actor,
                    organisation_id=administrator.organisation,
                    name=administrator.name,
                    new_id=administrator.actor_id,
                )


async def _missing(
    database: Database, plan: Region, school: School, kind: DeliveryKind
) -> tuple[Teaching, ...]:
    """Return the school years of which a school has not delivered; the oldest comes first."""
    async with database.acting(ask(system_of(school.board)), Login.APP) as session:
        done = await session.scalar(
            select(func.count())
            .select_from(ImportReceipt)
            .where(
                ImportReceipt.branch_id == school.id,
                ImportReceipt.kind == str(kind),
                ImportReceipt.state == str(ReceiptState.ACCEPTED),
            )
        )
    return plan.years[done or 0 :]


async def _deliver(database: Database, school: School, kind: DeliveryKind, file: bytes) -> Outcome:
    actor = system_of(school.board)
    async with database.acting(ask(actor), Login.APP) as session:
        started = await start_import(session, actor, kind=kind, branch_id=school.id, dry_run=False)
    outcome = await deliver(
        database,
        ask(actor),
        receipt_id=started.receipt_id,
        secret=started.secret,
        stream=BytesIO(file),
    )
    if outcome.state is not ReceiptState.ACCEPTED:
        found = "\n".join(str(problem) for problem in outcome.problems[:5])
        raise click.ClickException(f"The delivery of {school.branch_code} was refused:\n{found}")
    return outcome


async def _close_months(database: Database, plan: Region) -> None:
    actor = await job_actor(database, Purpose.POLICY_STATISTICS)
    if actor is None:
        return
    month = plan.years[0].mondays[0].replace(day=1)
    until = plan.years[-1].until
    while next_month(month) <= until:
        async with database.acting(ask(actor), Login.JOBS) as session:
            await close_month(session, actor, month=month)
        month = next_month(month)

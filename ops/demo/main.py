"""Builds the demo region through the same services and imports that everybody uses.

Every phase looks at what is there already, so that a build that was cut short goes on where it
stopped. Nothing about a person is written by another login role than the one that the act has.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import click

import domain.ties
from domain import clock
from domain.aggregates.models import PeriodKind
from domain.aggregates.periods import of_school_year
from domain.aggregates.services import close_period
from domain.database import Database, Login, ask
from domain.errors import Conflict
from domain.imports.receipts import DeliveryKind
from domain.jobs import make_access_log, make_figures
from domain.organisations import queries, services
from domain.organisations.models import OrganisationKind
from ops.demo.growth import MOST_PUPILS
from ops.demo.guardians import register_guardians
from ops.demo.hands import Fill, Order, here, in_processes
from ops.demo.plan import Region, region_of
from ops.demo.region import LAST, SCHOOLS
from ops.demo.registering import register
from ops.demo.sending import missing, send_attendance, send_roster
from ops.demo.staffing import appoint_at_office, appoint_everyone, school_actor
from ops.personas import folder_of, operator
from permissions.vocabulary import Purpose, Role

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from api.settings import Settings
    from ops.progress import Progress

FEWEST_PUPILS: Final = 100
"""Under this some class of a persona would be empty."""

_ATTACKED: Final = 0
"""How many schools the gate attacks by integer programming in each of two years' releases.

None, so that the demo is there in a minute: `ops/prove aggregates` attacks all of it.
"""

domain.ties.load_all()


def build(settings: Settings, pupils: int, seed: int, progress: Progress) -> None:
    """Build the demo region in the database that the settings name."""
    from api.app import configure, database_of

    async def run() -> None:
        """Build with pools of this loop's own."""
        configure(settings)
        database = database_of(settings)
        try:
            await build_region(
                database,
                pupils=pupils,
                seed=seed,
                folder=folder_of(settings),
                progress=progress,
                fill=in_processes(settings),
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
    fill: Fill | None = None,
) -> Region:
    """Build the region, or what is missing of it; return what it was built from.

    Args:
        database: the pools; the vault's key has been configured.
        pupils: how many pupils the region has, a hundred at least.
        seed: the same seed and day give the same region.
        today: the last day of attendance; the present day unless given.
        folder: an existing private folder for the keys of the schools' systems.
        progress: shows the phases.
        fill: fills the boards around the story; one after the other here unless given.

    Raises:
        ClickException: there are too few or too many pupils, or a delivery was refused.
    """
    if not FEWEST_PUPILS <= pupils <= MOST_PUPILS:
        raise click.ClickException(f"The region has {FEWEST_PUPILS} to {MOST_PUPILS:,} pupils.")
    day = today or clock.now().today
    plan = region_of(pupils, seed, day)
    async with database.acting(ask(operator()), Login.JOBS) as session:
        if await queries.organisation(session, LAST.id) is not None:
            return plan
    with progress.step("Registering organisations"):
        await register(database, plan.land, folder)
    await _build_story(database, plan, folder, progress)
    if plan.land.boards:
        orders = [Order(pupils, seed, day, board.code) for board in plan.land.boards]
        title = f"Filling {len(plan.land.grown)} schools in {len(plan.land.towns)} towns"
        with progress.step(title, sum(order.count for order in orders)) as step:
            async for order in (fill or here(database))(orders):
                step.advance(order.count)
    await _publish(database, plan, progress)
    with progress.step("Making the access log"):
        await make_access_log(database)
    async with database.acting(ask(operator()), Login.JOBS) as session:
        await services.register_organisation(
            session, operator(), kind=OrganisationKind(LAST.kind), name=LAST.name, id=LAST.id
        )
    return plan


async def _build_story(database: Database, plan: Region, folder: Path, progress: Progress) -> None:
    """Build the schools of the story, and appoint who works at every office."""
    pupils = {school: plan.pupils[school] for school in SCHOOLS}
    with progress.step("Delivering rosters", len(SCHOOLS) * len(plan.years)) as step:
        for school in SCHOOLS:
            for year in await missing(database, plan, school, DeliveryKind.ROSTER_EDEXML):
                await send_roster(database, plan, school, year)
                step.advance()
    with progress.step("Appointing staff"):
        await appoint_everyone(database, plan.year, pupils)
        for office, _, _ in plan.land.offices:
            await appoint_at_office(database, office, plan.year)
    with progress.step("Registering guardians", sum(map(len, pupils.values()))) as step:
        await register_guardians(database, pupils, folder, step)
    with progress.step("Delivering attendance", len(SCHOOLS) * len(plan.years)) as step:
        for school in SCHOOLS:
            for year in await missing(database, plan, school, DeliveryKind.ATTENDANCE_NDJSON):
                await send_attendance(database, plan, school, year)
                step.advance()


async def _publish(database: Database, plan: Region, progress: Progress) -> None:
    """Have the heads of the story close what is over; lock, take and release what is due."""
    today = plan.years[-1].until
    over = [
        period
        for year in plan.years
        for period in of_school_year(year.year)
        if period.is_over(today) and period.kind is not PeriodKind.TERM
    ]
    with progress.step("Closing periods", len(SCHOOLS) * len(over)) as step:
        for school in SCHOOLS:
            head = school_actor(school, Role.HEAD_OF_SCHOOL, Purpose.DAILY_GUIDANCE)
            for period in over:
                with suppress(Conflict):
                    async with database.acting(ask(head), Login.APP) as session:
                        await close_period(session, head, branch_id=school.id, period=period)
                step.advance()
    with progress.step("Releasing figures"):
        await make_figures(database, sample=_ATTACKED)

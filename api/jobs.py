"""Work that runs beside the service: the sandbox register, and the lines of the access log.

Each round is safe to run in several processes at once; one that fails is logged without content
and tried again.
"""

import asyncio
import logging
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import select

from api.telemetry import log_event
from domain.accountability.services import expand
from domain.database import Database, Login, ask
from domain.organisations.models import Organisation, OrganisationKind
from domain.reports.channel import SandboxRegister
from permissions.vocabulary import Actor, Purpose, Role

PAUSE_SECONDS = 0.5
BATCH = 1000
JOB = uuid5(NAMESPACE_OID, "schakel.platform-job")


async def run_jobs(database: Database) -> None:
    """Run round after round until cancelled."""
    while True:
        try:
            await run_once(database)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - a job must outlive whatever befalls one round
            log_event("job_failed", level=logging.ERROR, exception=type(error).__name__)
        await asyncio.sleep(PAUSE_SECONDS)


async def run_once(database: Database) -> None:
    """Deliver the reports that wait, then bring the access log up to date."""
    actor = await job(database, Purpose.ACCOUNTABILITY)
    if actor is None:
        return
    await SandboxRegister().deliver(database)
    expanded = BATCH
    while expanded >= BATCH:
        async with database.acting(ask(actor), Login.JOBS) as session:
            expanded = await expand(session, actor, limit=BATCH)


async def job(database: Database, purpose: Purpose) -> Actor | None:
    """Return the platform's job as an actor; None before the platform is registered."""
    async with database.reading(Login.JOBS) as connection:
        platform = await connection.scalar(
            select(Organisation.id).where(Organisation.kind == str(OrganisationKind.PLATFORM))
        )
    if platform is None:
        return None
    return Actor(
        id=JOB,
        organisation=platform,
        role=Role.PLATFORM_JOB,
        purpose=purpose,
        client="platform-job",
    )

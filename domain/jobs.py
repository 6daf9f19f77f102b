"""The jobs that run beside the service: reports passed on, the access log, and figures.

Running them twice at once is safe: each takes what the other has not.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import select

from domain.accountability.services import expand
from domain.aggregates.periods import Period
from domain.aggregates.releasing import SAMPLE, Refused
from domain.aggregates.services import (
    lock_due,
    parts_of,
    release_period,
    take_part,
    unreleased,
    untaken,
)
from domain.aggregates.taking import Part
from domain.aggregates.writing import Released
from domain.changes.services import forget
from domain.database import Database, Login, ask
from domain.organisations.models import Organisation, OrganisationKind
from domain.reports.channel import ReportChannel, SandboxRegister
from permissions.vocabulary import Actor, Purpose, Role

LOGGER = logging.getLogger(__name__)
BATCH: Final = 1000

_HALVES: Final = 2
"""In so many parts the branches of a nation are counted: one for each of two processors."""

_EVERY_SECONDS: Final = 0.5
_LONGEST_PAUSE_SECONDS: Final = 30.0
_HOUR_SECONDS: Final = 3600.0
_JOB: Final = UUID("5c8c2b4e-9a0d-5f1c-8d76-2f0a4f6f7b10")


async def job_actor(database: Database, purpose: Purpose) -> Actor | None:
    """Return the platform's job for a purpose, or None before the platform is founded."""
    async with database.reading(Login.JOBS) as connection:
        platform = await connection.scalar(
            select(Organisation.id).where(Organisation.kind == str(OrganisationKind.PLATFORM))
        )
    if platform is None:
        return None
    return Actor(
        id=uuid5(_JOB, str(purpose)),
        organisation=platform,
        role=Role.PLATFORM_JOB,
        purpose=purpose,
        client="platform-job",
    )


async def make_access_log(database: Database) -> int:
    """Expand every trace that is waiting; return how many there were."""
    actor = await job_actor(database, Purpose.ACCOUNTABILITY)
    if actor is None:
        return 0
    total = 0
    while True:
        async with database.acting(ask(actor), Login.JOBS) as session:
            done = await expand(session, actor, limit=BATCH)
        total += done
        if done < BATCH:
            return total


async def forget_changes(database: Database) -> int:
    """Remove the changes that nobody can still ask for; return how many there were."""
    actor = await job_actor(database, Purpose.ACCOUNTABILITY)
    if actor is None:
        return 0
    async with database.acting(ask(actor), Login.JOBS) as session:
        return await forget(session, actor)


async def make_figures(database: Database, *, sample: int = SAMPLE) -> list[Released]:
    """Lock what is due, take what is locked, and release what was not; return the releases.

    What a board locked is taken now, though the deadline of its period is yet to come.

    What is refused is tried again, for the reason may go with the next version; the log says of
    which period and how many cells, and no count.
    """
    actor = await job_actor(database, Purpose.POLICY_STATISTICS)
    if actor is None:
        return []
    async with database.acting(ask(actor), Login.JOBS) as session:
        await lock_due(session, actor, take=False)
        locked = await untaken(session)
    for period in locked:
        await take_tables(database, actor, period)
    async with database.acting(ask(actor), Login.JOBS) as session:
        waiting = await unreleased(session)
    done: list[Released] = []
    for period in waiting:
        try:
            async with database.acting(ask(actor), Login.JOBS) as session:
                done.append(await release_period(session, actor, period=period, sample=sample))
        except Refused as refused:
            LOGGER.warning("%s was refused for %d cells", period.name, len(refused.refusals))
    return done


async def take_tables(database: Database, actor: Actor, period: Period) -> int:
    """Take the exact tables of what is locked, over two connections; return of how many branches.

    Either half is taken whole or not at all, and what was not is taken the next time.
    """

    async def take(part: Part) -> int:
        async with database.acting(ask(actor), Login.JOBS) as session:
            return await take_part(session, actor, period=period, part=part)

    async with asyncio.TaskGroup() as group:
        halves = [group.create_task(take(part)) for part in parts_of(_HALVES)]
    return sum(half.result() for half in halves)


async def run_jobs(
    database: Database,
    stop: asyncio.Event | None = None,
    *,
    channel: ReportChannel | None = None,
) -> None:
    """Run every job again and again until told to stop, or cancelled: most twice a second.

    A job that fails is logged by its name and the kind of error alone, for an error's text may
    hold data; it is tried again, after a longer pause each time.
    """
    register = channel or SandboxRegister()

    async def pass_reports_on() -> None:
        """Give the register what was sent."""
        await register.deliver(database)

    async def log_access() -> None:
        """Expand new traces into lines of the access log."""
        await make_access_log(database)

    async def remove_old_changes() -> None:
        """Keep the change feed no longer than it can be read."""
        await forget_changes(database)

    async def publish_figures() -> None:
        """Lock, take and release the periods of which the deadline has passed."""
        await make_figures(database)

    ended = stop or asyncio.Event()
    await asyncio.gather(
        _repeat("reports to the register", pass_reports_on, ended),
        _repeat("access log", log_access, ended),
        _repeat("figures", publish_figures, ended, every=_HOUR_SECONDS),
        _repeat("old changes", remove_old_changes, ended, every=_HOUR_SECONDS),
    )


async def _repeat(
    name: str,
    job: Callable[[], Awaitable[None]],
    stop: asyncio.Event,
    *,
    every: float = _EVERY_SECONDS,
) -> None:
    pause = every
    while not stop.is_set():
        try:
            await job()
            pause = every
        except Exception as error:  # noqa: BLE001 - the next run is the remedy, whatever it was
            pause = min(pause * 2, max(every, _LONGEST_PAUSE_SECONDS))
            LOGGER.warning(
                "the job %s failed (%s) and runs again in %.0f s", name, type(error).__name__, pause
            )
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)

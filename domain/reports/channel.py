"""The channel the law names: the head tells the register, the register the municipality.

Leerplichtwet 1969 art. 21a: the Minister (DUO) passes a report to the municipality of residence.
`SandboxRegister` plays the register where there is no connection to the real one.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from sqlalchemy import ColumnElement, and_, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.cases.writing import changed
from domain.clock import Moment, now
from domain.database import Database, Login, ask, ask_of
from domain.organisations.models import OfficeMunicipality, Organisation, OrganisationKind
from domain.outbox import How, announce
from domain.reach import ME, Kind, require
from domain.reach.facts import holds
from domain.reports.models import Report, ReportAllocation, ReportState
from domain.reports.services import of_report
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass, Purpose, Role

LOGGER = logging.getLogger(__name__)
SANDBOX_ACTOR = uuid5(NAMESPACE_OID, "schakel.absence-register.sandbox")
BATCH = 100


def serves() -> ColumnElement[bool]:
    """Return whether an office serves the municipality of a report at this instant."""
    return and_(
        OfficeMunicipality.municipality_code == Report.municipality_code,
        holds(OfficeMunicipality.valid_from, OfficeMunicipality.valid_until, ME.instant),
    )


class ReportChannel(Protocol):
    """Whatever brings sent reports to the office of the municipality of residence."""

    async def deliver(self, database: Database) -> int:
        """Deliver what waits and return how many reports reached an office."""
        ...


@dataclass(slots=True)
class SandboxRegister:
    """The absence register (verzuimregister, DUO) of the sandbox.

    Safe to run at any time and in several places at once: a report is locked while it is given
    out, and one that another runner holds is left to that runner.

    Attributes:
        actor_id: who the trace says gave a report out.
        batch: how many reports one transaction gives out at most.
        clock: where the instant of each transaction comes from.
        waiting: how many sent reports the last delivery left, for want of an office that serves
            their municipality.
    """

    actor_id: UUID = SANDBOX_ACTOR
    batch: int = BATCH
    clock: Callable[[], Moment] = now
    waiting: int = field(default=0, init=False)

    async def deliver(self, database: Database) -> int:
        """Allocate every sent report and return how many reached an office.

        A report for a municipality that no office serves stays sent. How many there are of those
        is kept in `waiting`, and logged as a warning when it changes.
        """
        actor = await self.actor(database)
        delivered = 0
        while True:
            async with database.acting(ask(actor, moment=self.clock()), Login.JOBS) as session:
                given = await self.give(session, actor)
                waiting = await self.left(session)
            delivered += given
            if given < self.batch:
                break
        if waiting not in (0, self.waiting):
            LOGGER.warning(
                "%d sent reports wait: no attendance office serves their municipality; "
                "register the office and the municipality it serves",
                waiting,
            )
        self.waiting = waiting
        return delivered

    async def left(self, session: AsyncSession) -> int:
        """Return how many sent reports wait because no office serves their municipality."""
        found = await session.scalar(
            select(func.count())
            .select_from(Report)
            .where(
                Report.state == str(ReportState.SENT),
                ~exists(select(OfficeMunicipality.id).where(serves())),
            ),
            ask_of(session).parameters,
        )
        return found or 0

    async def actor(self, database: Database) -> Actor:
        """Return the register as an actor, at the organisation that keeps it when there is one."""
        async with database.reading(Login.JOBS) as connection:
            found = await connection.scalar(
                select(Organisation.id)
                .where(Organisation.kind == str(OrganisationKind.ABSENCE_REGISTER))
                .order_by(Organisation.recorded_at, Organisation.id)
                .limit(1)
            )
        return Actor(
            id=self.actor_id,
            organisation=None if found is None else UUID(bytes=found.bytes),
            role=Role.ABSENCE_REGISTER,
            purpose=Purpose.COMPULSORY_SCHOOLING,
            client="sandbox-register",
        )

    async def give(self, session: AsyncSession, actor: Actor) -> int:
        """Allocate one batch of sent reports that have an office, in one transaction."""
        moment = ask_of(session).moment
        office = (
            select(OfficeMunicipality.organisation_id)
            .where(serves())
            .order_by(OfficeMunicipality.valid_from, OfficeMunicipality.id)
            .limit(1)
            .correlate(Report)
            .scalar_subquery()
        )
        found = await session.execute(
            select(
                Report.id, Report.young_person_id, Report.controller_id, office.label("office_id")
            )
            .where(
                Report.state == str(ReportState.SENT),
                exists(select(OfficeMunicipality.id).where(serves())),
            )
            .order_by(Report.sent_at, Report.id)
            .limit(self.batch)
            .with_for_update(of=Report, skip_locked=True),
            ask_of(session).parameters,
        )
        given = 0
        for report_id, young_person_id, controller_id, office_id in found:
            rule = await require(
                session, actor, Activity.ALLOCATE, DataClass.REPORT,
                kind=Kind.REPORT, reached=report_id,
            )  # fmt: skip
            await changed(
                session,
                insert(ReportAllocation)
                .inline()
                .values(
                    id=uuid4(), report_id=report_id, office_id=office_id, valid_from=moment.instant
                ),
            )
            given += await changed(
                session,
                update(Report)
                .where(Report.id == report_id, Report.state == str(ReportState.SENT))
                .values(state=str(ReportState.ALLOCATED)),
            )
            await announce(
                session,
                [of_report(report_id, How.CHANGED, young_person_id)],
                controller_id=controller_id,
            )
            await record(
                session,
                actor,
                rule,
                Act.REPORT_ALLOCATED,
                subjects=[young_person_id],
                about=report_id,
            )
        return given

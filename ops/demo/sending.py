"""Delivering a school's files, as the system of its board."""

from io import BytesIO

import click
from sqlalchemy import func, select

from domain.database import Database, Login, ask
from domain.imports.models import ImportReceipt
from domain.imports.receipts import DeliveryKind, Outcome, ReceiptState
from domain.imports.services import deliver, start_import
from ops.demo.deliveries import delivery
from ops.demo.plan import Region, roster
from ops.demo.region import School
from ops.demo.school_year import Teaching
from ops.personas import system_of


async def missing(
    database: Database, plan: Region, school: School, kind: DeliveryKind
) -> tuple[Teaching, ...]:
    """Return the school years of which a school has not delivered; the oldest comes first."""
    actor = system_of(school.board).actor()
    async with database.acting(ask(actor), Login.APP) as session:
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


async def send_roster(database: Database, plan: Region, school: School, year: Teaching) -> None:
    """Deliver the roster of a school for a school year."""
    await _deliver(database, school, DeliveryKind.ROSTER_EDEXML, roster(plan, school, year))


async def send_attendance(database: Database, plan: Region, school: School, year: Teaching) -> None:
    """Deliver the attendance of a school in a school year."""
    lines = delivery(plan.present(school, year), school.sector, year, plan.seed)
    await _deliver(database, school, DeliveryKind.ATTENDANCE_NDJSON, lines)


async def _deliver(database: Database, school: School, kind: DeliveryKind, file: bytes) -> Outcome:
    actor = system_of(school.board).actor()
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

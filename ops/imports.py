"""Delivering a school's file from the command line, as the system that delivers for the branch."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

import domain.ties
from domain.database import Database, Login, ask
from domain.imports.receipts import DeliveryKind, Outcome, ReceiptState
from domain.imports.services import deliver, start_import
from domain.organisations.queries import delivering_system
from ops.personas import operator

if TYPE_CHECKING:
    from rich.console import Console

    from api.settings import Settings

KINDS = {
    "roster": DeliveryKind.ROSTER_EDEXML,
    "attendance": DeliveryKind.ATTENDANCE_NDJSON,
    **{str(kind): kind for kind in DeliveryKind},
}

domain.ties.load_all()


def run(settings: Settings, kind: str, file: Path, branch: str, console: Console) -> int:
    """Deliver one file and print its receipt; 0 when it was accepted, 1 when it was refused.

    Raises:
        BadParameter: there is no such kind.
    """
    from api.app import configure, database_of

    if kind not in KINDS:
        raise click.BadParameter(f"Use one of: {', '.join(KINDS)}.", param_hint="KIND")

    async def delivered() -> Outcome:
        """Deliver with pools of this loop's own."""
        configure(settings)
        database = database_of(settings)
        try:
            return await _delivered(database, KINDS[kind], file, branch)
        finally:
            await database.close()

    outcome = asyncio.run(delivered())
    _print(outcome, console)
    return 0 if outcome.state is ReceiptState.ACCEPTED else 1


async def _delivered(
    database: Database, kind: DeliveryKind, file: Path, branch_code: str
) -> Outcome:
    async with database.acting(ask(operator()), Login.JOBS) as session:
        found = await delivering_system(session, branch_code)
    if found is None:
        raise click.ClickException(
            f"Nobody delivers for {branch_code}: agree a delivery for that branch first."
        )
    system, branch_id = found
    async with database.acting(ask(system), Login.APP) as session:
        started = await start_import(session, system, kind=kind, branch_id=branch_id, dry_run=False)
    with file.open("rb") as stream:
        return await deliver(
            database,
            ask(system),
            receipt_id=started.receipt_id,
            secret=started.secret,
            stream=stream,
        )


def _print(outcome: Outcome, console: Console) -> None:
    console.print(f"[bold]{outcome.state}[/]")
    for what, number in outcome.counts.items():
        console.print(f"  {what}: {number}")
    if outcome.problems:
        table = Table("line", "field", "rule", "what to do", "severity")
        for found in outcome.problems:
            table.add_row(
                "" if found.line is None else str(found.line),
                found.field,
                found.rule,
                found.advice,
                found.severity,
            )
        console.print(table)

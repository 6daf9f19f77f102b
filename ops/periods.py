"""Closing, inspecting and releasing periods of figures from the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import click
from rich.table import Table

import domain.ties
from domain.aggregates.models import BranchPeriod
from domain.aggregates.periods import Period, period_named
from domain.aggregates.releasing import Refused
from domain.aggregates.services import close_period, inspect_period, lock_due, release_period
from domain.aggregates.writing import Proposed
from domain.database import Database, Login, ask
from domain.errors import Problem
from domain.jobs import job_actor
from domain.organisations.queries import head_of
from ops.personas import operator
from permissions.vocabulary import Actor, Purpose

if TYPE_CHECKING:
    from rich.console import Console

    from api.settings import Settings
    from domain.aggregates.gate.sums import Refusal
    from domain.aggregates.made import Answer

T = TypeVar("T")

MOST_SHOWN = 20
"""So many refusals are printed; of the others the number."""

domain.ties.load_all()


def close(settings: Settings, branch: str, name: str, console: Console) -> None:
    """Close a period of a branch, as its head.

    Raises:
        ClickException: nobody heads the branch, or the period cannot be closed.
    """
    period = _named(name)

    async def closed(database: Database) -> BranchPeriod:
        async with database.acting(ask(operator()), Login.JOBS) as session:
            found = await head_of(session, branch)
        if found is None:
            raise click.ClickException(f"Nobody heads {branch}: appoint its head first.")
        head, branch_id = found
        async with database.acting(ask(head), Login.APP) as session:
            key = await close_period(session, head, branch_id=branch_id, period=period)
            row = await session.get(BranchPeriod, key)
            if row is None:
                raise click.ClickException("The period was closed, and cannot be read back.")
            session.expunge(row)
            return row

    row = _asked(settings, closed)
    score = "no score under ten pupils" if row.score is None else f"score {row.score}"
    console.print(f"{period.name} of {branch} is closed: {score}.")
    missing = ", ".join(str(monday) for monday in row.missing_weeks) or "none"
    console.print(f"Weeks: {row.weeks}; missing: {missing}.")


def inspect(settings: Settings, name: str, branch: str | None, console: Console) -> int:
    """Print what would be released of a period; return 1 when the gate would refuse it.

    Raises:
        ClickException: the period cannot be released yet.
    """
    period = _named(name)

    async def inspected(database: Database) -> Proposed:
        actor = await _job(database)
        async with database.acting(ask(actor), Login.JOBS) as session:
            await lock_due(session, actor, period=period)
            found = await inspect_period(session, actor, period=period)
            # To look at a period does not lock it.
            await session.rollback()
            return found

    found = _asked(settings, inspected)
    _show_made(found, console)
    if branch is not None:
        _show_answers(
            [answer for answer in found.made.answers if answer.code == branch], branch, console
        )
    _show_refusals(found.made.refusals, console)
    return 1 if found.made.refusals else 0


def release(settings: Settings, name: str, console: Console, *, again: bool) -> int:
    """Release a period; return 1 when the gate refused it.

    Raises:
        ClickException: the period cannot be released.
    """
    period = _named(name)

    async def released(database: Database) -> tuple[Refusal, ...]:
        actor = await _job(database)
        async with database.acting(ask(actor), Login.JOBS) as session:
            await lock_due(session, actor, period=period)
        try:
            async with database.acting(ask(actor), Login.JOBS) as session:
                done = await release_period(session, actor, period=period, again=again)
        except Refused as refused:
            return refused.refusals
        console.print(
            f"{period.name} is released, vintage {done.vintage}:"
            f" {len(done.made.answers)} answers about {len(done.made.units)} units."
        )
        console.print(f"Digest: {done.digest}", soft_wrap=True)
        return ()

    refusals = _asked(settings, released)
    _show_refusals(refusals, console)
    return 1 if refusals else 0


def _named(name: str) -> Period:
    try:
        return period_named(name)
    except Problem as problem:
        raise click.BadParameter(problem.message, param_hint="--period") from None


def _asked(settings: Settings, question: Callable[[Database], Awaitable[T]]) -> T:
    """Ask with pools of a loop of its own; what is refused is told in a line."""
    from api.app import configure, database_of

    async def run() -> T:
        configure(settings)
        database = database_of(settings)
        try:
            return await question(database)
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except Problem as problem:
        raise click.ClickException(problem.message) from None


async def _job(database: Database) -> Actor:
    actor = await job_actor(database, Purpose.POLICY_STATISTICS)
    if actor is None:
        raise click.ClickException("The platform was not founded: build the demo or found it.")
    return actor


def _show_made(found: Proposed, console: Console) -> None:
    branches = found.loaded.branches
    missing = sum(each.missing_weeks > 0 for each in branches)
    console.print(
        f"{found.period.name}: {len(branches)} branches are locked, {missing} with missing weeks;"
        f" published as {len(found.made.units)} units."
    )
    levels: dict[str, int] = {}
    for answer in found.made.answers:
        levels[answer.level] = levels.get(answer.level, 0) + 1
    table = Table("level", "answers")
    for level, number in levels.items():
        table.add_row(level, f"{number:,}")
    console.print(table)


def _show_answers(answers: Sequence[Answer], branch: str, console: Console) -> None:
    if not answers:
        console.print(f"Of {branch} nothing would be published: it has too few pupils.")
        return
    table = Table("measure", "category", "pupils")
    for answer in answers:
        for name, cell in zip(answer.categories, answer.cells, strict=True):
            table.add_row(answer.measure, name, f"{cell:,}")
    console.print(table)


def _show_refusals(refusals: Sequence[Refusal], console: Console) -> None:
    if not refusals:
        return
    console.print("[bold]Refused.[/] Nothing is stored.")
    for refusal in refusals[:MOST_SHOWN]:
        console.print(f"  {refusal.cell}: {refusal.reason}", markup=False, soft_wrap=True)
    if len(refusals) > MOST_SHOWN:
        console.print(f"  and {len(refusals) - MOST_SHOWN} more")

"""Whether a standard read goes through a whole big table, itself or in a function it calls."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import orjson
from rich.console import Console
from rich.table import Table

import domain.ties
from domain.database import ask
from domain.reading.run import planned
from domain.reading.view import View
from ops.benches.filled import Filled
from ops.benches.inside import signer
from ops.benches.standard import (
    Persona,
    Standard,
    key_read,
    personas,
    roots,
    standards,
)
from ops.benches.statements import compiled
from ops.benches.watching import Watch, watching
from ops.progress import Progress
from permissions.budgets import budget

domain.ties.load_all()

_WIDTH = 140
BIG = 10_000
"""With this many rows a table is big: no read may cost more because others have more pupils."""
_TABLES = """\
select oid, relname, reltuples::bigint from pg_class
where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
"""


@dataclass(slots=True)
class Checked:
    """What was looked at, and which reads go through a whole big table: by table and query."""

    reads: int = 0
    plans: int = 0
    found: dict[tuple[str, str], list[str]] = field(
        default_factory=dict[tuple[str, str], list[str]]
    )


def check(database: Filled, progress: Progress, *, rows: int = BIG) -> bool:
    """Check every standard read of every persona; print what was found, and return whether fine."""
    tables = (line.split("|") for line in database.run_sql(_TABLES))
    big = {int(number): name for number, name, has in tables if int(has) >= rows}
    asking = personas(database)
    checked = Checked()
    with progress.step("Checking the plans of all standard reads", 2 * len(asking)) as shown:
        for generic in (False, True):
            for persona in asking:
                asyncio.run(_check(database, persona, big, checked, generic=generic))
                shown.advance()
    database.forget_reads()
    _show(database, checked, sorted(big.values()))
    return not checked.found


async def _check(
    database: Filled, persona: Persona, big: Mapping[int, str], checked: Checked, *, generic: bool
) -> None:
    """Run every standard read of one persona on a watched connection."""
    async with watching(database.url(persona.login), generic=generic) as watch:
        for name, view, paged in roots():
            for read in await _reads(database, watch, persona, name, view, paged=paged):
                await watch.forget()
                await _run(database, watch, persona, read)
                checked.reads += 1
                checked.plans += watch.plans
                said = f"{persona.name}: {read.name}{', any values' if generic else ''}"
                for scan in watch.scans:
                    if scan.whole and scan.relation in big:
                        query = (big[scan.relation], scan.within)
                        checked.found.setdefault(query, []).append(said)


async def _reads(
    database: Filled, watch: Watch, persona: Persona, name: str, view: View, *, paged: bool
) -> list[Standard]:
    """Return the reads of a root field, with a key that the persona may see if there is one."""
    if not standards(persona.actor, view, name, paged=paged, key=uuid4()):
        return []
    stored = "id" in view.table.c
    rows: Any = orjson.loads(
        await _run(database, watch, persona, key_read(view)) if stored else "[]"
    )
    key = UUID(rows[0]["nodes"]["id"].partition("_")[2]) if rows else uuid4()
    return standards(persona.actor, view, name, paged=paged, key=key)


async def _run(database: Filled, watch: Watch, persona: Persona, read: Standard) -> str:
    """Run a read as the service would, but for the finishing; return its JSON."""
    actor = persona.actor
    request = ask(actor)
    statement = compiled(planned(read.root, read.selection, actor.role, actor.purpose).statement)
    values = read.values | request.parameters
    values["claims"] = signer(database).claims(request, watch.connection.get_server_pid())
    values["request_id"] = request.request_id
    values["budget"] = budget(actor.role, actor.purpose)
    answer = await watch.connection.fetchval(statement.sql, *statement.arguments(values))
    return str(answer)


def _show(database: Filled, checked: Checked, big: Sequence[str]) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    console.print(
        f"{database.size.pupils:,} pupils: {checked.reads} reads, {checked.plans} plans."
        f" Big tables: {', '.join(big)}."
    )
    if not checked.found:
        console.print("No plan goes through a whole big table.")
        return
    table = Table("table", "query", "reads", title="Gone through whole")
    for (name, within), reads in sorted(checked.found.items()):
        table.add_row(name, within, "\n".join(dict.fromkeys(reads)))
    console.print(table)

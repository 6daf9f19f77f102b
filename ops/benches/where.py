"""Where the time of a statement goes: planning, the functions of row-level security, the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, cast

import orjson

from domain.database import Database
from ops.benches.filled import Filled
from ops.benches.inside import APP, connect, signer, values_of
from ops.benches.reads import Read, Target
from ops.benches.statements import Statement, traced
from ops.environment import SUPERUSER

_REPEATS = 30
_FUNCTIONS = "select schemaname || '.' || funcname, calls, self_time from pg_stat_user_functions"
_PREPARED = """\
select generic_plans, custom_plans from pg_prepared_statements where statement = $1
"""


@dataclass(frozen=True, slots=True)
class Function:
    """What one function did for one statement: how often, and for how many milliseconds itself."""

    calls: float
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Where:
    """Of one traced statement, in milliseconds and bytes; medians."""

    planning: float
    executing: float
    log_bytes: float
    functions: Mapping[str, Function]
    planned_anew: float
    """Which part of the runs of a prepared statement made a plan of their own."""


async def where(database: Filled, read: Read, targets: Sequence[Target]) -> Where:
    """Look into the traced statement of a read, on a connection that nobody else shares."""
    # Only a superuser may count function calls; the statement itself runs as the service's role.
    connection = await connect(database.url(SUPERUSER), track_functions="all")
    try:
        await connection.execute(f"set session authorization {APP}")
        look = _Look(connection, traced(read), read, signer(database))
        some = targets[:_REPEATS]
        explained = [await look.explained(target) for target in some]
        before = await look.functions()
        for target in some:
            await look.run(target)
        after = await look.functions()
        generic, custom = await connection.fetchrow(_PREPARED, look.statement.sql)
    finally:
        await connection.close()
    return Where(
        median(float(one["Planning Time"]) for one in explained),
        median(float(one["Execution Time"]) for one in explained),
        median(_log_bytes(one["Plan"]) for one in explained),
        {
            name: Function(
                (calls - before.get(name, (0, 0.0))[0]) / len(some),
                (spent - before.get(name, (0, 0.0))[1]) / len(some),
            )
            for name, (calls, spent) in after.items()
            if calls > before.get(name, (0, 0.0))[0]
        },
        custom / (custom + generic),
    )


@dataclass(frozen=True, slots=True)
class _Look:
    connection: Any
    statement: Statement
    read: Read
    signing: Database

    def arguments(self, target: Target) -> list[Any]:
        """Return the statement's arguments for a target."""
        backend: int = self.connection.get_server_pid()
        return self.statement.arguments(values_of(self.signing, self.read, target, backend))

    async def run(self, target: Target) -> None:
        """Run the statement as it is."""
        await self.connection.fetchval(self.statement.sql, *self.arguments(target))

    async def explained(self, target: Target) -> dict[str, Any]:
        """Return what the database says of one run."""
        sql = f"explain (analyze, wal, timing off, format json) {self.statement.sql}"
        text = await self.connection.fetchval(sql, *self.arguments(target))
        return cast("list[dict[str, Any]]", orjson.loads(text))[0]

    async def functions(self) -> dict[str, tuple[int, float]]:
        """Return how often each function was called so far, and its own milliseconds."""
        await self.connection.execute("select pg_stat_force_next_flush()")
        await self.connection.execute("select pg_stat_clear_snapshot()")
        return {
            name: (calls, spent) for name, calls, spent in await self.connection.fetch(_FUNCTIONS)
        }


def _log_bytes(plan: Mapping[str, Any]) -> float:
    """Return the bytes of log that a plan wrote, wherever in it; outer nodes count inner ones."""
    inner: Sequence[Mapping[str, Any]] = plan.get("Plans", ())
    return max(float(plan.get("WAL Bytes", 0)), sum(_log_bytes(part) for part in inner))

"""Sees every plan that the database makes for a connection, those inside functions too.

`EXPLAIN` shows a function as one line, and the extension that would show more is not in every
build. `debug_print_plan` is: it tells the client each plan as it is made, as a tree of nodes.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from ops.benches.inside import connect
from ops.cluster import ClusterError

_NODE = re.compile(r"\{(SEQSCAN|SAMPLESCAN|INDEXSCAN|INDEXONLYSCAN|BITMAPINDEXSCAN) ")
_RELATION = re.compile(r":scan\.scanrelid (\d+)")
_ENTRY = re.compile(r"\{RANGETBLENTRY (.*?)(?=\{RANGETBLENTRY |$)")
_TABLE = re.compile(r":rtekind 0 :relid (\d+)")
_WHOLE = {"SEQSCAN", "SAMPLESCAN"}
_UNBOUND = re.compile(r" :indexqual <>")


@dataclass(frozen=True, slots=True)
class Scan:
    """A way to a table: its object id, whether all of it is gone through, and for which query."""

    relation: int
    whole: bool
    within: str


@dataclass(slots=True)
class Watch:
    """A watched connection, and the scans in every plan that was made since it was emptied."""

    connection: Any
    scans: list[Scan] = field(default_factory=list[Scan])
    plans: int = 0

    async def forget(self) -> None:
        """Drop what was seen, and the plans that functions keep, so that all are made anew."""
        await self.connection.execute("discard plans")
        self.scans.clear()
        self.plans = 0

    def told(self, _connection: object, message: Any) -> None:  # noqa: ANN401 - of the driver
        """Take up a message of the server."""
        if message.detail and message.detail.startswith("{PLANNEDSTMT"):
            self.plans += 1
            self.scans += scans_of(message.detail, message.context or "")


def scans_of(dump: str, context: str) -> list[Scan]:
    """Return the scans of tables in one dumped plan; an index without a condition is read whole."""
    text = " ".join(dump.split())
    tables = [_TABLE.search(entry) for entry in _ENTRY.findall(text)]
    found: list[Scan] = []
    for node in _NODE.finditer(text):
        relation = _RELATION.search(text, node.end())
        table = None if relation is None else tables[int(relation[1]) - 1]
        if relation is None or table is None:
            raise ClusterError("A plan was told in a form that is not understood.")
        condition = text.find(" :indexqual", relation.end())
        whole = node[1] in _WHOLE or _UNBOUND.match(text, condition) is not None
        found.append(Scan(int(table[1]), whole, _inner(context)))
    return found


def _inner(context: str) -> str:
    """Return the innermost function that a query was planned for; none for the statement itself."""
    function = re.search(r"function (\S+?)\(", context)
    return function[1] if function else "the statement"


@asynccontextmanager
async def watching(url: str, *, generic: bool) -> AsyncGenerator[Watch]:
    """Watch a connection; `generic` asks for plans that hold for all values of parameters.

    Raises:
        ClusterError: a scan that is certainly made was not seen.
    """
    connection = await connect(
        url, plan_cache_mode="force_generic_plan" if generic else "force_custom_plan"
    )
    watch = Watch(connection)
    connection.add_log_listener(watch.told)
    try:
        await connection.execute(
            "set client_min_messages = log; set debug_pretty_print = off; set debug_print_plan = on"
        )
        await watch.forget()
        await connection.execute("select count(*) from organisation")
        if [scan.whole for scan in watch.scans] != [True]:
            raise ClusterError("The database does not tell the plans that it makes.")
        yield watch
    finally:
        await connection.close()

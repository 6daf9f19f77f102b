"""What a database holds, so written that two of them can be compared: no ids, no instants.

Ids that stood in the template are the same in every copy of it and stay; a newer one is replaced
by a digest of everything that is said of it, so that equal contents give equal text.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, cast

from tests.conftest import TestDatabase

_TABLES = """\
select format('%I.%I', table_schema, table_name) from information_schema.tables
where table_type = 'BASE TABLE' and table_schema in ('public', 'vault')
and table_name not in ('alembic_version', 'oauth_replay', 'access_line',
    'access_line_organisation', 'trace_progress', 'import_progress')
order by 1
"""
_LEFT_OUT = {
    "public.idempotency": {"digest"},  # of an input that holds new ids
    "public.import_receipt": {"upload_digest"},  # random
    "public.note": {"sealed"},  # a random nonce
    "public.outbox": {"position", "number"},  # of the transaction, and of all that came before
    "public.trace": {"request_id", "expanded"},  # of the request and the job, not of the act
}
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)")
_ROUNDS = 4

Row = tuple[str, dict[str, Any]]
Dump = Counter[str]
"""How often each row stands in the database, as text."""


def rows_of(database: TestDatabase) -> list[Row]:
    """Return every row that is anybody's act, looking past the rules.

    Left out are reads in the trace, receipts that wait, and how far a delivery was: none of them
    stores anything of a school.
    """
    tables = [line for line in database.run_sql(_TABLES) if line]
    sql = "\n".join(f"select '{name} ' || to_jsonb(t)::text from {name} t;" for name in tables)
    found: list[Row] = []
    for line in database.run_sql(sql):
        name, _, text = line.partition(" ")
        if not name:
            continue
        row = cast("dict[str, Any]", json.loads(_INSTANT.sub("#", text)))
        if name == "public.trace" and row["act"] == "read":
            continue
        if name == "public.import_receipt" and row["state"] == "waiting":
            continue
        left_out = _LEFT_OUT.get(name, set())
        found.append((name, {k: v for k, v in row.items() if k not in left_out}))
    return found


def ids_of(rows: Iterable[Row]) -> frozenset[str]:
    """Return every id that stands anywhere in the rows."""
    return frozenset(
        found for _, row in rows for found in cast("list[str]", _UUID.findall(json.dumps(row)))
    )


def dump(rows: list[Row], known: frozenset[str]) -> Dump:
    """Return the rows as text, ids that are not known replaced by what is said of them."""
    fresh: list[tuple[str, dict[str, Any], dict[str, set[str]]]] = []
    found: Dump = Counter()
    for name, row in rows:
        new = {c: set(_UUID.findall(json.dumps(v))) - known for c, v in row.items()}
        if any(new.values()):
            fresh.append((name, row, new))
        else:
            found[_rendered(name, row, known, {})] += 1
    labels: dict[str, str] = {}
    for _ in range(_ROUNDS):
        said: dict[str, list[str]] = {}
        for name, row, new in fresh:
            text = _rendered(name, row, known, labels)
            for column, ids in new.items():
                for one in ids:
                    said.setdefault(one, []).append(f"{column} {text}")
        labels = {one: _digest(texts) for one, texts in said.items()}
    return found + Counter(_rendered(name, row, known, labels) for name, row, _ in fresh)


def difference(found: Dump, expected: Dump, most: int = 5) -> str:
    """Tell by which rows two dumps differ."""
    lines = [f"  only here: {text}" for text in (found - expected)]
    lines += [f"  missing: {text}" for text in (expected - found)]
    return "\n".join(line[:300] for line in lines[:most])


def _rendered(name: str, row: dict[str, Any], known: frozenset[str], labels: dict[str, str]) -> str:
    def replaced(value: Any) -> Any:
        if isinstance(value, str):
            return _UUID.sub(lambda m: m[0] if m[0] in known else labels.get(m[0], "new"), value)
        if isinstance(value, list):
            parts = [replaced(part) for part in cast("list[Any]", value)]
            return sorted(parts, key=json.dumps)
        if isinstance(value, dict):
            return {k: replaced(part) for k, part in cast("dict[str, Any]", value).items()}
        return value

    return f"{name} {json.dumps(replaced(row), sort_keys=True)}"


def _digest(texts: list[str]) -> str:
    return hashlib.sha256("\n".join(sorted(texts)).encode()).hexdigest()[:16]

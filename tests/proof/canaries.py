"""Worlds in which every text that decides nothing is unlike every other: a canary.

A canary that comes back tells which value of which row was given, whatever it was called there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from itertools import count
from typing import Any
from uuid import uuid4

import asyncpg
import orjson

from domain.notes.sealing import Place, sealer
from tests.proof import store
from tests.proof.facts import Alliance, Fact, Municipality, World
from tests.proof.facts_of_work import Note

CANARY = re.compile(rb"canary-\d{7}")
"""What a canary looks like in an answer."""

Make = Callable[[Any, "Canaries"], Any]

FREE_COLUMNS = """
select c.table_schema, c.table_name, c.column_name, c.data_type
from information_schema.columns c
where c.data_type in ('text', 'ARRAY') and c.udt_name in ('text', '_text')
  and c.is_generated = 'NEVER'
  and not exists (
    select from pg_constraint k
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
    where k.contype = 'c' and a.attname = c.column_name
      and k.conrelid = format('%I.%I', c.table_schema, c.table_name)::regclass
      and pg_get_constraintdef(k.oid) ~ '= ANY|~'
  )
"""
"""Every column of text that may hold any text."""


@dataclass
class Canaries:
    """The canaries of a database, with where each was put."""

    places: dict[str, str]
    numbers: count[int]

    @classmethod
    def none(cls) -> Canaries:
        """Begin without any."""
        return cls({}, count(1))

    def text(self, place: str) -> str:
        """Return a new canary for a place; long enough for the shortest reason there may be."""
        canary = f"canary-{next(self.numbers):07}"
        self.places[canary] = place
        return f"{canary}-and-nowhere-else"


def found_in(text: bytes) -> set[str]:
    """Return the canaries in a text."""
    return {found.decode() for found in CANARY.findall(text)}


def _extract(fact: Any, made: Canaries) -> str:
    """Return a frozen extract whose every text is a canary."""
    texts = ("givenName", "infix", "familyName")
    where = f"report_extract.extract of {fact.report_id}"
    number = next(made.numbers)
    said: dict[str, Any] = {name: made.text(f"{where} {name}") for name in texts}
    said |= {
        "birthDate": "2010-01-01",
        "weeks": [{"monday": "2026-01-05", "lessonUnits": number, "minutes": number}],
        "amount": number,
        "unit": made.text(f"{where} unit"),
        "period": {"from": "2026-01-05", "until": "2026-01-11"},
    }
    return orjson.dumps(said).decode()


def _counts(fact: Any, made: Canaries) -> str:
    """Return the counts of a receipt."""
    where = f"import_receipt.counts of {fact.id}"
    return orjson.dumps({made.text(where): {made.text(where): next(made.numbers)}}).decode()


def _problems(fact: Any, made: Canaries) -> str:
    """Return the problems of a receipt: one, about one line."""
    where = f"import_receipt.problems of {fact.id}"
    problem = {name: made.text(where) for name in ("field", "rule", "advice", "severity")}
    return orjson.dumps([{"line": next(made.numbers), **problem}]).decode()


def _sealed(note: Note, made: Canaries) -> bytes:
    """Return the sealed text of a note, as the service seals it."""
    place = Place(note.controller_id, note.case_id, note.id, note.data_class)
    return sealer().seal(made.text(f"note.sealed of {note.id}"), place)


def _postcode(_: Any, made: Canaries) -> str:
    """Return a postcode of four digits and two letters."""
    number = next(made.numbers)
    letters = "ABCDEFGHJKLMNPRSTVWXZ"
    return f"{1000 + number % 9000}{letters[number // 9000 % 21]}{letters[number % 21]}"


def _number(_: Any, made: Canaries) -> int:
    return 1_000 + next(made.numbers)


def _cells(_: Any, made: Canaries) -> list[int]:
    """Return the one cell of a table."""
    return [1_000 + next(made.numbers)]


OF_A_FORM: Mapping[tuple[str, str], Make] = {
    ("report_extract", "extract"): _extract,
    ("import_receipt", "counts"): _counts,
    ("import_receipt", "problems"): _problems,
    ("note", "sealed"): _sealed,
    ("pupil_residence", "postcode"): _postcode,
    ("absence", "minutes"): _number,
    ("absence", "lesson_units"): _number,
    ("absence", "start_unit"): _number,
    ("pupil_week", "scheduled_minutes"): lambda fact, made: 2_000 + _number(fact, made),
    ("signal", "amount"): _number,
    ("alert", "amount"): _number,
    ("published", "cells"): _cells,
    ("branch_table", "cells"): _cells,
}
"""Columns that are no plain text, or of a given form, and differ from row to row all the same."""


async def free_columns(superuser: asyncpg.Connection) -> dict[str, dict[str, str]]:
    """Return by table the columns of text that may hold anything, with their types."""
    found: dict[str, dict[str, str]] = {}
    for schema, table, column, kind in await superuser.fetch(FREE_COLUMNS):
        name = table if schema == "public" else f"{schema}.{table}"
        found.setdefault(name, {})[column] = kind
    return found


def rows_of(
    kind: type[Fact], worlds: Iterable[World], free: Mapping[str, str], made: Canaries
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns and rows of a table with canaries where nothing is decided."""
    worlds = list(worlds)
    columns, rows = store.rows_of(kind, worlds)
    decides = {f.name for f in fields(kind)}  # pyright: ignore[reportArgumentType] - a dataclass
    facts = [fact for world in worlds for fact in world.facts[kind]]
    added = [name for name in free if name not in columns]
    makers = {
        name: maker
        for name in (*columns, *added)
        if name not in decides and (maker := _maker(kind.TABLE, name, free)) is not None
    }
    changed = [
        tuple(
            makers[name](fact, made) if name in makers else value
            for name, value in zip((*columns, *added), (*row, *added), strict=True)
        )
        for fact, row in zip(facts, rows, strict=True)
    ]
    return [*columns, *added], changed


def _maker(table: str, column: str, free: Mapping[str, str]) -> Make | None:
    if (table, column) in OF_A_FORM:
        return OF_A_FORM[table, column]
    if column not in free:
        return None
    place = f"{table}.{column}"

    def one(fact: Any, made: Canaries) -> str:
        """Return a text."""
        return made.text(f"{place} of {getattr(fact, 'id', '')}")

    def several(fact: Any, made: Canaries) -> list[str]:
        """Return a list of one text."""
        return [one(fact, made)]

    return several if free[column] == "ARRAY" else one


async def write(superuser: asyncpg.Connection, worlds: Iterable[World]) -> Canaries:
    """Write worlds, and a directory around them, with canaries; as `store.write` does it."""
    worlds, made = list(worlds), Canaries.none()
    free = await free_columns(superuser)
    async with superuser.transaction():
        await superuser.execute("set local session_replication_role = replica")
        for kind in store.KINDS:
            columns, rows = rows_of(kind, worlds, free.get(kind.TABLE, {}), made)
            if rows:
                schema, _, table = kind.TABLE.rpartition(".")
                await superuser.copy_records_to_table(
                    table, schema_name=schema or None, columns=columns, records=rows
                )
        await _directory(superuser, worlds, made)
    return made


async def _directory(
    superuser: asyncpg.Connection, worlds: Iterable[World], made: Canaries
) -> None:
    """Give each municipality a school in the national directory, and a postcode."""
    await superuser.execute("truncate directory_branch, directory_postcode")
    texts = ("name", "search_name", "school_type", "place", "postcode", "board_number")
    branches: list[tuple[Any, ...]] = []
    postcodes: list[tuple[Any, ...]] = []
    for world in worlds:
        alliances = [alliance.code for alliance in world[Alliance]]
        for town in world[Municipality]:
            number = len(branches)
            brin = f"{10 + number % 90}AA"
            said = [made.text(f"directory_branch.{name} in {town.code}") for name in texts]
            branches.append((uuid4(), f"{brin}{number // 90:02}", brin, "VO", town.code, *said))
            near = alliances[number % len(alliances)] if alliances else None
            postcodes.append((uuid4(), str(1000 + number), town.code, near, near))
    await superuser.copy_records_to_table(
        "directory_branch",
        columns=["id", "branch_code", "brin", "sector", "municipality_code", *texts],
        records=branches,
    )
    await superuser.copy_records_to_table(
        "directory_postcode",
        columns=["id", "pc4", "municipality_code", "alliance_po", "alliance_vo"],
        records=postcodes,
    )

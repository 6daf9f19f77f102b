"""A school board of one test, with the system that delivers for it; and files it delivers."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from uuid import UUID, uuid4
from xml.sax.saxutils import escape, quoteattr

import pytest_asyncio

import domain.imports.ties
import domain.pupils.ties  # noqa: F401 - both register their ties with reach
from domain import clock
from domain.clock import Moment
from domain.database import Database, Login, ask
from domain.imports import services
from domain.imports.receipts import DeliveryKind, Outcome, Started
from domain.pupils import vault
from permissions.vocabulary import Actor, Purpose, Role
from tests.conftest import TestDatabase

NOW = clock.at(datetime(2026, 10, 30, 12, tzinfo=UTC))
EARLIER = "2020-01-01T00:00:00Z"
VAULT_KEY = b"v" * 32
_CODES = count(1)


@dataclass
class School:
    """A board, its branches by number (0 is the receipt's), its system and its coordinator."""

    test_database: TestDatabase
    database: Database
    brin: str
    board: UUID
    branches: list[UUID]
    client: Actor
    coordinator: Actor
    now: Moment = NOW
    keys: list[str] = field(default_factory=lambda: ["MAIN", "SECOND"])

    def rows(self, sql: str) -> list[str]:
        """Look past the rules at what is there; values are separated by `|`."""
        return [line for line in self.test_database.run_sql(sql) if line]

    def number(self, table: str, where: str = "true") -> int:
        """Return how many rows of this board's a table has."""
        sql = f"select count(*) from {table} where controller_id = '{self.board}' and ({where})"
        return int(self.rows(sql)[0])

    def snapshot(self) -> dict[str, list[str]]:
        """Return every row version of this board's records: equal when no row was written."""
        tables = (
            "pupil pupil_residence enrolment class_membership class_group absence absence_reason"
            " pupil_week delivered_week signal vault.national_number"
        )
        of_board = f"where controller_id = '{self.board}' order by ctid"
        found: dict[str, list[str]] = {table: [] for table in tables.split()}
        sql = (f"select '{table}', xmin, t.* from {table} t {of_board};" for table in found)
        for row in self.rows("\n".join(sql)):
            table, _, rest = row.partition("|")
            found[table].append(rest)
        return found

    async def start(self, kind: DeliveryKind, *, branch: int = 0, dry_run: bool = False) -> Started:
        """Start a delivery as the school's system."""
        async with self.database.acting(ask(self.client, moment=self.now), Login.APP) as session:
            return await services.start_import(
                session, self.client, kind=kind, branch_id=self.branches[branch], dry_run=dry_run
            )

    async def upload(self, started: Started, data: bytes, secret: str | None = None) -> Outcome:
        """Deliver a file to a started delivery."""
        return await services.deliver(
            self.database,
            ask(self.client, moment=self.now),
            receipt_id=started.receipt_id,
            secret=secret or started.secret,
            stream=BytesIO(data),
        )

    async def roster(self, data: bytes, *, branch: int = 0, dry_run: bool = False) -> Outcome:
        """Start and deliver a roster."""
        started = await self.start(DeliveryKind.ROSTER_EDEXML, branch=branch, dry_run=dry_run)
        return await self.upload(started, data)

    async def attendance(self, data: bytes, *, branch: int = 0, dry_run: bool = False) -> Outcome:
        """Start and deliver attendance."""
        started = await self.start(DeliveryKind.ATTENDANCE_NDJSON, branch=branch, dry_run=dry_run)
        return await self.upload(started, data)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pools(database: TestDatabase) -> AsyncIterator[Database]:
    """The service's pools on the worker's database, with the directory's one postcode."""
    database.run_sql(
        "insert into directory_region values (gen_random_uuid(), '99', 'Region')"
        " on conflict do nothing;"
        "insert into directory_municipality values"
        " (gen_random_uuid(), '9901', 'Place', 'place', 'P', '99') on conflict do nothing;"
        "insert into directory_postcode values (gen_random_uuid(), '1234', '9901', null, null)"
        " on conflict do nothing;"
    )
    vault.configure(VAULT_KEY)
    made = Database(
        {
            Login.APP: database.url("schakel_app"),
            Login.IMPORT: database.url("schakel_import"),
        },
        claims_key=base64.b64decode(database.environment()["SCHAKEL_CLAIMS_KEY"]),
    )
    yield made
    await made.close()


def new_school(database: TestDatabase, pools: Database, *, sector: str = "VO") -> School:
    """Put in a board with two branches, a client with agreements and a coordinator."""
    number = next(_CODES)
    letters = chr(65 + number // 26 % 26) + chr(65 + number % 26)
    brin = f"{10 + number // 676:02d}{letters}"
    board, system, person = uuid4(), uuid4(), uuid4()
    branches = [uuid4(), uuid4()]
    sql = [
        f"insert into organisation values ('{board}', 'school_board', 'Board', '{EARLIER}');",
        (
            "insert into oauth_client values"
            f" ('{system}', '{system}', '{board}', 'school_system', 'data_delivery', '{{}}');"
        ),
        f"insert into staff values ('{person}', '{board}', null, 'Coordinator', '{EARLIER}');",
    ]
    for index, (branch, key) in enumerate(zip(branches, ("MAIN", "SECOND"), strict=True)):
        sql += [
            (
                f"insert into school_branch values ('{branch}', '{board}', '{brin}0{index}',"
                f" 'Branch', '{sector}', '9901', null, '{EARLIER}');"
            ),
            (
                "insert into delivery_agreement values"
                f" (gen_random_uuid(), '{system}', '{branch}', '{key}', '{EARLIER}', null);"
            ),
            (
                "insert into assignment values"
                f" (gen_random_uuid(), '{board}', '{person}', 'attendance_coordinator', '{branch}',"
                f" null, '{EARLIER}', null);"
            ),
        ]
    database.run_sql("\n".join(sql))
    return School(
        database,
        pools,
        brin,
        board,
        branches,
        Actor(
            id=system,
            organisation=board,
            role=Role.SCHOOL_SYSTEM,
            purpose=Purpose.DATA_DELIVERY,
            client="tests",
        ),
        Actor(
            id=person,
            organisation=board,
            role=Role.ATTENDANCE_COORDINATOR,
            purpose=Purpose.DAILY_GUIDANCE,
            client="tests",
        ),
    )


@pytest_asyncio.fixture(loop_scope="session")
async def school(database: TestDatabase, pools: Database) -> School:
    """A secondary school without pupils."""
    return new_school(database, pools)


def pupil(key: str, **fields: object) -> str:
    """Return a pupil of a roster; names of fields are the format's, `-` written as `_`.

    Family name, birth date, year group, group G1 and branch MAIN unless given otherwise; a field
    that is None is left out.
    """
    values: dict[str, object] = {
        "achternaam": f"Family {key}",
        "voornamen": f"First {key}",
        "geboortedatum": "2012-05-06",
        "geslacht": 2,
        "jaargroep": 12,
        "groep": "G1",
        "vestiging": "MAIN",
        "bsn": None,
        "postcodenl": "1234AB",
        "instroomdatum": None,
        "uitstroomdatum": None,
    } | fields
    lines: list[str] = []
    for name, value in values.items():
        if value is None:
            continue
        if name in {"groep", "vestiging"}:
            lines.append(f"<{name} key={quoteattr(str(value))}/>")
        else:
            lines.append(f"<{name}>{escape(str(value))}</{name}>")
    return f"<leerling key={quoteattr(key)}>{''.join(lines)}</leerling>"


def roster(
    school: School,
    pupils: Iterable[str],
    *,
    groups: Mapping[str, str] | None = None,
    reference: str = "2026-10-01",
    year: str = "2026-2027",
    brin: str | None = None,
    branches: Iterable[str] = ("MAIN", "SECOND"),
) -> bytes:
    """Return a roster in EDEXML 2.1, one pupil per line from line 6 on."""
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<EDEX>\n<school>'
        f"<schooljaar>{year}</schooljaar><peildatum>{reference}</peildatum>"
        f"<brincode>{brin or school.brin}</brincode><dependancecode>00</dependancecode>"
        "<schoolkey>S</schoolkey><aanmaakdatum>2026-10-01T08:30:00Z</aanmaakdatum>"
        "<auteur>Test</auteur><xsdversie>2.1</xsdversie></school><vestigingen>"
    )
    places = "".join(f'<vestiging key="{k}"><naam>{k}</naam></vestiging>' for k in branches)
    classes = "".join(
        f'<groep key="{key}"><naam>{name}</naam><jaargroep>12</jaargroep></groep>'
        for key, name in (groups or {"G1": "1A", "G2": "1B"}).items()
    )
    return (
        f"{head}{places}</vestigingen>\n<groepen>{classes}</groepen>\n<leerlingen>\n"
        + "\n".join(pupils)
        + '\n</leerlingen><leerkrachten><leerkracht key="T1"><achternaam>Teacher</achternaam>'
        "</leerkracht></leerkrachten></EDEX>"
    ).encode()


def lines(*entries: Mapping[str, object]) -> bytes:
    """Return a delivery of attendance: one object per line."""
    return b"".join(json.dumps(entry).encode() + b"\n" for entry in entries)


def schedule(
    key: str, first: str, last: str | None = None, minutes: int = 1500, units: int = 30
) -> dict[str, object]:
    """Return a `schedule` line."""
    return {
        "kind": "schedule",
        "pupil": key,
        "from": first,
        "until": last or first,
        "minutes": minutes,
        "lessonUnits": units,
    }


def complete(week: str) -> dict[str, object]:
    """Return a `delivered` line."""
    return {"kind": "delivered", "week": week}


def deleted(**what: str) -> dict[str, object]:
    """Return a `deleted` line: of an exception by its `id`, or of a complete `week`."""
    return {"kind": "deleted", **what}


def absent(  # noqa: PLR0917 - the fields of the format, in its order
    id_: str,
    key: str,
    day: str,
    start: int = 1,
    units: int = 1,
    minutes: int = 50,
    category: str = "unauthorised",
    reason: str | None = None,
) -> dict[str, object]:
    """Return an `exception` line."""
    line: dict[str, object] = {
        "kind": "exception",
        "id": id_,
        "pupil": key,
        "date": day,
        "startUnit": start,
        "lessonUnits": units,
        "minutes": minutes,
        "category": category,
    }
    return line if reason is None else {**line, "reason": reason}

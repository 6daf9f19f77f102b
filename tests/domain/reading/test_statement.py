"""The reading statement on a real database: claims, read and trace in one round trip."""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import text

import domain.attendance.views
import domain.reports.views  # noqa: F401 - extend the view of pupils
from domain.database import Ask, Database, Login, ask
from domain.organisations.views import organisations
from domain.pupils.views import pupils
from domain.reading import Asked, Page, Reader, Root, Selection
from domain.reading.statement import plan
from ops.cluster import PORT
from permissions.vocabulary import Actor
from tests.domain.cases.world import Chain
from tests.domain.reading.wire import tapped

KEY = b"c" * 32
NAMES = Selection(
    "pupils", "pupils", (), (Selection("nodes", "nodes", (), (Selection("givenName", "name"),)),)
)


async def read(chain: Chain, actor: Actor, asked: Selection = NAMES) -> tuple[list[str], Ask]:
    """Read the names of pupils, and return them with the request."""
    request = chain.request(actor)
    reader = Reader(chain.database, KEY, request)
    async with chain.database.reading(Login.APP) as connection:
        page = await reader.read(connection, Root(pupils, paged=True), Asked(asked))
    assert isinstance(page, Page)
    return [row["nodes"]["name"] for row in page.rows], request


def traced(chain: Chain, request: Ask) -> list[str]:
    """Return the traces of a request: act, actor, purpose, data classes and young persons."""
    return chain.rows(
        "select act, activity, actor_id, purpose, array_to_string(data_classes, ','),"
        " array_to_string(young_persons, ',') from trace"
        f" where request_id = '{request.request_id}'"
    )


@pytest.mark.asyncio
async def test_a_read_returns_rows_and_leaves_exactly_one_trace(chain: Chain) -> None:
    """Claims set in the same statement are in force for its read, and its one trace is kept."""
    names, request = await read(chain, chain.coordinator)
    assert names == ["Noor"]
    assert traced(chain, request) == [
        f"read|read|{chain.coordinator.id}|daily_guidance|pupil.identity|{chain.young_person}"
    ]


@pytest.mark.asyncio
async def test_a_read_that_touches_nobody_leaves_no_trace(chain: Chain) -> None:
    """A coordinator of another branch reads nothing, and nobody's log has a line of it."""
    names, request = await read(chain, chain.neighbour)
    assert names == []
    assert traced(chain, request) == []


@pytest.mark.asyncio
async def test_a_trace_names_the_rules_and_classes_that_were_asked_for(chain: Chain) -> None:
    """What is nested in a read is in its trace: rules and data classes, in one row."""
    absences = Selection(
        "absences", "absences", (), (Selection("nodes", "nodes", (), (Selection("day", "day"),)),)
    )
    asked = Selection(
        "pupils",
        "pupils",
        (),
        (Selection("nodes", "nodes", (), (Selection("givenName", "name"), absences)),),
    )
    _, request = await read(chain, chain.coordinator, asked)
    (line,) = traced(chain, request)
    assert line.split("|")[4] == "attendance.authorised,attendance.unauthorised,pupil.identity"
    (rules,) = chain.rows(
        f"select array_to_string(rules, ',') from trace where request_id = '{request.request_id}'"
    )
    assert rules.split(",") == [
        f"attendance_coordinator/daily_guidance/branch_assignment/read/{what}"
        for what in ("attendance.authorised", "attendance.unauthorised", "pupil.identity")
    ]


@pytest.mark.asyncio
async def test_a_read_that_is_not_committed_leaves_no_trace_and_no_answer(chain: Chain) -> None:
    """Read and trace share a transaction: taking back the one takes back the other."""
    request = chain.request(chain.coordinator)
    reader = Reader(chain.database, KEY, request)
    async with chain.database.engines[Login.APP].connect() as connection:
        assert await reader.read(connection, Root(pupils, paged=True), Asked(NAMES))
        await connection.rollback()
    assert traced(chain, request) == []


@pytest.mark.asyncio
async def test_two_reads_of_one_transaction_leave_a_trace_each(chain: Chain) -> None:
    """Claims of the first statement do not stand in the way of those of the second."""
    request = chain.request(chain.coordinator)
    reader = Reader(chain.database, KEY, request)
    async with chain.database.reading(Login.APP) as connection:
        for _ in range(2):
            assert await reader.read(connection, Root(pupils, paged=True), Asked(NAMES))
    assert len(traced(chain, request)) == 2


@pytest.mark.asyncio
async def test_a_public_view_needs_no_claims_and_leaves_no_trace(chain: Chain) -> None:
    """Anyone reads which organisations there are; there is nobody to trace."""
    asked = Selection(
        "organisations",
        "organisations",
        (),
        (Selection("nodes", "nodes", (), (Selection("name", "name"),)),),
    )
    before = chain.rows("select count(*) from trace")
    async with chain.database.reading(Login.APP) as connection:
        page = await Reader(chain.database, KEY, None).read(
            connection, Root(organisations, paged=True), Asked(asked)
        )
    assert isinstance(page, Page)
    assert page.rows
    assert chain.rows("select count(*) from trace") == before


@pytest.mark.asyncio
async def test_a_view_about_persons_has_no_anonymous_reader(chain: Chain) -> None:
    """Without a request there is nothing to see, and no statement could be compiled for it."""
    async with chain.database.reading(Login.APP) as connection:
        page = await Reader(chain.database, KEY, None).read(
            connection, Root(pupils, paged=True), Asked(NAMES)
        )
    assert isinstance(page, Page)
    assert (page.rows, page.has_next) == ([], False)
    with pytest.raises(ValueError, match="no anonymous reader"):
        plan(Root(pupils, paged=True), NAMES, None, None)


@pytest.mark.asyncio
async def test_the_listener_counts_every_statement(chain: Chain) -> None:
    """Two statements on the wire are two, so that the count below means something."""
    socket = chain.test_database.cluster.socket
    with tempfile.TemporaryDirectory() as folder:
        async with tapped(socket / f".s.PGSQL.{PORT}", Path(folder)) as wire:
            url = chain.test_database.url("schakel_app").replace(str(socket), folder)
            database = Database({Login.APP: url}, b"k" * 32, pool_size=1)
            async with database.reading(Login.APP) as connection:
                wire.asked.clear()
                await connection.execute(text("select 1"))
                await connection.execute(text("select 1"))
            await database.close()
    assert wire.executed[1:-1] == ["E", "E"]
    assert [wire.executed[0][:5], wire.executed[-1][:6]] == ["BEGIN", "COMMIT"]


@pytest.mark.asyncio
async def test_one_statement_per_read_on_the_wire(chain: Chain) -> None:
    """Between BEGIN and COMMIT the server executes one statement, and the trace is in it."""
    socket = chain.test_database.cluster.socket
    key = base64.b64decode(chain.test_database.environment()["SCHAKEL_CLAIMS_KEY"])
    with tempfile.TemporaryDirectory() as folder:
        async with tapped(socket / f".s.PGSQL.{PORT}", Path(folder)) as wire:
            url = chain.test_database.url("schakel_app").replace(str(socket), folder)
            database = Database({Login.APP: url}, key, pool_size=1)
            requests: list[Ask] = []
            for _ in range(3):
                wire.asked.clear()
                request = ask(chain.coordinator, moment=chain.moment())
                requests.append(request)
                async with database.reading(Login.APP) as connection:
                    page = await Reader(database, KEY, request).read(
                        connection, Root(pupils, paged=True), Asked(NAMES)
                    )
                assert isinstance(page, Page)
                assert len(page.rows) == 1
            await database.close()
    begin, *between, commit = wire.executed
    assert begin.upper().startswith("BEGIN")
    assert commit.upper().startswith("COMMIT")
    assert between == ["E"]
    assert [len(traced(chain, request)) for request in requests] == [1, 1, 1]

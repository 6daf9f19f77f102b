"""The embedded PostgreSQL: who gets in, what the roles may, and what a kill leaves behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from ops import binaries
from ops import cluster as clusters
from ops.environment import LOGIN_ROLES
from ops.folders import LASTING
from tests.conftest import TestDatabase


async def connect(url: str) -> asyncpg.Connection:
    """Connect as the URL says."""
    return await asyncpg.connect(url.replace("+asyncpg", ""))


@pytest.fixture
def own_folder() -> Iterator[Path]:
    """A data directory for one test, its server stopped and removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="schakel-test-", dir=LASTING))
    yield folder
    clusters.remove(folder)
    shutil.rmtree(folder)


@contextmanager
def a_process_of(user: binaries.SystemUser | None) -> Iterator[subprocess.Popen[bytes]]:
    """A process that waits, of the user that the database runs as."""
    with subprocess.Popen(
        ["/bin/cat"],
        stdin=subprocess.PIPE,
        cwd="/",
        user=user and user.uid,
        group=user and user.gid,
        extra_groups=user and [],
    ) as process:
        yield process


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait; the test's own time limit ends it."""
    while not holds():
        time.sleep(0.02)


@pytest.mark.parametrize("role", LOGIN_ROLES)
@pytest.mark.asyncio
async def test_login(database: TestDatabase, role: str) -> None:
    """Every login role comes in with its own password and is itself."""
    connection = await connect(database.url(role))
    try:
        assert await connection.fetchval("SELECT current_user") == role
    finally:
        await connection.close()


@pytest.mark.parametrize("role", [*LOGIN_ROLES, "schakel_cluster"])
@pytest.mark.asyncio
async def test_wrong_password(database: TestDatabase, role: str) -> None:
    """Nobody comes in with another password, the superuser neither."""
    url = database.url(role).replace(f"{role}:", f"{role}:x")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await connect(url)


@pytest.mark.asyncio
async def test_own_database_only(database: TestDatabase) -> None:
    """A login role is let in to the platform's databases and not to the server's own."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connect(database.cluster.url("schakel_app", "postgres"))


def test_no_network(cluster: clusters.Cluster) -> None:
    """The server listens on no network address."""
    assert cluster.run_sql("SHOW listen_addresses") == [""]


def test_no_trust(cluster: clusters.Cluster) -> None:
    """Every way in asks for a password by SCRAM."""
    rules = cluster.run_sql("SELECT DISTINCT auth_method FROM pg_hba_file_rules")
    assert rules == ["scram-sha-256"]


def test_roles_are_plain(cluster: clusters.Cluster) -> None:
    """None of the platform's roles is a superuser, passes by row-level security or makes roles."""
    mighty = cluster.run_sql(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'schakel\\_%' "
        "AND rolname <> 'schakel_cluster' "
        "AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"
    )
    assert mighty == []


def test_memberships(cluster: clusters.Cluster) -> None:
    """Only the migrating role becomes the owner, only the owner hands to reach, none inherits."""
    found = cluster.run_sql(
        "SELECT member::regrole, roleid::regrole, inherit_option, set_option, admin_option "
        "FROM pg_auth_members WHERE member::regrole::text LIKE 'schakel\\_%' ORDER BY 1"
    )
    assert sorted(found) == [
        "schakel_migrate|schakel_owner|f|t|f",
        "schakel_owner|schakel_reach|f|t|f",
    ]


def test_roles_again(cluster: clusters.Cluster) -> None:
    """The SQL that makes the roles can be run again."""
    sql = (clusters.folders.ROOT / "migrations" / "roles.sql").read_text(encoding="utf-8")
    cluster.run_sql(sql)
    cluster.run_sql(sql)


@pytest.mark.asyncio
async def test_function_to_reach(fresh_database: TestDatabase) -> None:
    """A migration, as the owner, can hand a function to schakel_reach."""
    connection = await connect(fresh_database.url("schakel_migrate"))
    try:
        await connection.execute(
            "SET ROLE schakel_owner; CREATE SCHEMA x; GRANT CREATE ON SCHEMA x TO schakel_reach;"
            "CREATE FUNCTION x.f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
            "ALTER FUNCTION x.f() OWNER TO schakel_reach"
        )
    finally:
        await connection.close()
    owner = fresh_database.run_sql("SELECT proowner::regrole FROM pg_proc WHERE proname = 'f'")
    assert owner == ["schakel_reach"]


@pytest.mark.parametrize("role", [role for role in LOGIN_ROLES if role != "schakel_migrate"])
@pytest.mark.asyncio
async def test_nobody_becomes_owner(database: TestDatabase, role: str) -> None:
    """A role that serves requests becomes neither the owner nor reach, and makes no table."""
    connection = await connect(database.url(role))
    try:
        for refused in (
            "SET ROLE schakel_owner",
            "SET ROLE schakel_reach",
            "CREATE TABLE public.mine (id int)",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(refused)
    finally:
        await connection.close()


def test_clone_is_apart(new_database: Callable[[], TestDatabase]) -> None:
    """What is written in one clone is not in another."""
    one, other = new_database(), new_database()
    one.run_sql("CREATE TABLE apart (id int)")
    assert other.run_sql("SELECT to_regclass('apart') IS NULL") == ["t"]


def test_claims_key_is_stored(database: TestDatabase) -> None:
    """After migrating, the database holds the key's two pads, and they are a pair."""
    pads = database.run_sql(
        "SELECT get_byte(inner_pad, 0) # get_byte(outer_pad, 0) FROM sec.claims_key"
    )
    assert pads == [str(0x36 ^ 0x5C)]


@pytest.mark.parametrize("name", ["a b", 'a"b', "A", "", "a;drop", "x" * 64])
def test_database_name(cluster: clusters.Cluster, name: str) -> None:
    """A name that would need quoting is refused before it reaches SQL."""
    with pytest.raises(clusters.ClusterError, match="no name for a database"):
        cluster.drop_database(name)


def test_error_is_told(cluster: clusters.Cluster) -> None:
    """SQL that fails says what the server said."""
    with pytest.raises(clusters.ClusterError, match="nonsense"):
        cluster.run_sql("SELECT nonsense")


def test_attach_needs_a_server(own_folder: Path) -> None:
    """A data directory without a running server is answered with what to start."""
    with pytest.raises(clusters.ClusterError, match="ops/run"):
        clusters.attach(own_folder)


def test_after_a_kill(own_folder: Path) -> None:
    """After the server was killed, a start finds what was committed.

    A server that still runs is taken over, not started a second time.
    """
    first = clusters.start(own_folder)
    first.create_database("kept")
    first.run_sql("CREATE TABLE t AS SELECT 42 AS v", "kept")
    assert clusters.start(own_folder).pid() == first.pid()

    pid = first.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    second = clusters.start(own_folder)
    assert second.run_sql("SELECT v FROM t", "kept") == ["42"]

    second.stop()
    second.stop()
    assert second.pid() is None
    assert second.processes() == []


def test_numbers_given_to_others(own_folder: Path) -> None:
    """Files of a killed server that name another's process, of the same user, stop no start."""
    first = clusters.start(own_folder, durable=False)
    pid = first.pid()
    assert pid is not None
    with a_process_of(first.user) as other:
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: first.processes() == [])
        for note in (first.data / "postmaster.pid", first.socket / ".s.PGSQL.5432.lock"):
            _, *lines = note.read_text(encoding="utf-8").split("\n")
            note.write_text("\n".join([str(other.pid), *lines]), encoding="utf-8")
        assert clusters.start(own_folder, durable=False).answers()
        assert other.poll() is None, "what has the number is left alone"


def test_a_backend_that_computes_on(own_folder: Path) -> None:
    """A backend that outlives its killed server is ended by the next start, and stops it not."""
    first = clusters.start(own_folder, durable=False)
    ended: list[str] = []

    def compute() -> None:
        """Compute for hours, and note how it ended."""
        try:
            first.run_sql("SELECT count(*) FROM generate_series(1, 1000000000000)")
        except clusters.ClusterError as error:
            ended.append(str(error))

    computing = threading.Thread(target=compute)
    computing.start()
    active = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series(1, 1%'"
    wait_until(lambda: first.run_sql(f"{active} AND pid <> pg_backend_pid()") == ["1"])
    pid = first.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: first.pid() is None)
    assert first.processes(), "the backend computes on"
    second = clusters.start(own_folder, durable=False)
    computing.join()
    assert len(ended) == 1
    assert second.answers()


def test_only_its_own_processes(own_folder: Path, cluster: clusters.Cluster) -> None:
    """A server knows its processes from another's, and from a program that has its file open."""
    own = clusters.start(own_folder, durable=False)
    assert len(own.processes()) > 1
    assert not set(own.processes()) & set(cluster.processes())
    conf = own.data / "postgresql.conf"
    command = [sys.executable, "-c", "input()", f"postgres -D {own.data}", str(conf)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as editor:
        assert editor.pid not in own.processes()


def test_half_made_data(own_folder: Path) -> None:
    """Data whose making was cut short is made anew."""
    own_folder.joinpath("data.new-1").mkdir()
    own_folder.joinpath("data.new-1", "PG_VERSION").write_text("18")
    assert clusters.start(own_folder, durable=False).answers()
    assert list(own_folder.glob("data.new*")) == []


def test_remove_keeps_the_lock(own_folder: Path) -> None:
    """A reset removes data, passwords and keys, and leaves the lock that its caller holds."""
    clusters.start(own_folder, durable=False)
    own_folder.joinpath("run.lock").touch()
    clusters.remove(own_folder)
    assert [path.name for path in own_folder.iterdir()] == ["run.lock"]

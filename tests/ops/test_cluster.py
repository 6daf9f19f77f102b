"""The embedded PostgreSQL: who gets in, what the roles may, and what a kill leaves behind."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

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
    """After the server was killed, a start finds what was committed; a stale pid does not stop it.

    A server that still runs is taken over, not started a second time.
    """
    first = clusters.start(own_folder)
    first.create_database("kept")
    first.run_sql("CREATE TABLE t AS SELECT 42 AS v", "kept")
    assert clusters.start(own_folder).pid() == first.pid()

    pid = first.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    note = first.data / "postmaster.pid"
    lines = note.read_text(encoding="utf-8").split("\n")
    note.write_text("\n".join([str(os.getpid()), *lines[1:]]), encoding="utf-8")
    second = clusters.start(own_folder)
    assert second.run_sql("SELECT v FROM t", "kept") == ["42"]

    second.stop()
    second.stop()
    assert second.pid() is None


def test_half_made_data(own_folder: Path) -> None:
    """Data whose making was cut short is made anew."""
    own_folder.joinpath("data.new").mkdir()
    own_folder.joinpath("data.new", "PG_VERSION").write_text("18")
    assert clusters.start(own_folder, durable=False).answers()
    assert not own_folder.joinpath("data.new").exists()


def test_remove_keeps_the_lock(own_folder: Path) -> None:
    """A reset removes data, passwords and keys, and leaves the lock that its caller holds."""
    clusters.start(own_folder, durable=False)
    own_folder.joinpath("run.lock").touch()
    clusters.remove(own_folder)
    assert [path.name for path in own_folder.iterdir()] == ["run.lock"]

"""The embedded PostgreSQL of demo and tests: one server per clone and user, private to them.

It listens on a unix socket in its own folder and on no network address; every role, the superuser
too, has a password. Production names servers of its own instead.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from ops import binaries, folders
from ops.environment import DATABASE, LOGIN_ROLES, SUPERUSER, secrets_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PORT = 5432
_START_SECONDS = 600
"""A start after a kill first replays everything since the last checkpoint: up to `max_wal_size`."""
_STOP_SECONDS = 60
_GONE_SECONDS = 10
_SLACK_SECONDS = 10
_GRACE_SECONDS, _PATIENCE_SECONDS = 0.5, 5.0
"""Processes that a server left behind go by themselves, or by SIGQUIT, or by SIGKILL."""
_LOG_BYTES = 5_000_000
_DRAFT = "data.new"
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")

_DATABASES = """\
SELECT datname FROM pg_catalog.pg_database
WHERE datname NOT IN ('postgres', 'template0', 'template1') ORDER BY 1
"""

_HBA = """\
# Written at every start. No role comes in without its password, on this socket or elsewhere.
local all all scram-sha-256
"""

_CONF = """\
# Written at every start.
cluster_name = '{mark}'
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = '128MB'
password_encryption = 'scram-sha-256'
scram_iterations = 1  # passwords are random here: nobody guesses them
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'ISO, YMD'
jit = off
# What people are called and what happened to them never reaches a log.
log_statement = 'none'
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""

_FLEETING = """\
# Tests: what a power cut would lose may be lost, and many keep pools of their own at once.
max_connections = 300
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum_naptime = '1h'
"""


class ClusterError(Exception):
    """The database could not be started or used; the text says why and what to do."""


@dataclass(frozen=True)
class Cluster:
    """A running embedded server."""

    folder: Path
    programs: Path
    user: binaries.SystemUser | None
    secrets: dict[str, str] = field(repr=False)

    @property
    def data(self) -> Path:
        """The server's own data directory."""
        return self.folder / "data"

    @property
    def socket(self) -> Path:
        """The folder that holds the socket."""
        return self.folder / "run"

    @property
    def mark(self) -> str:
        """What the titles of the server's processes begin with, unlike any other server's."""
        return f"schakel-{hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]}"

    def url(self, role: str, database: str = DATABASE) -> str:
        """The URL (`postgresql+asyncpg://`) with which a role logs in to a database."""
        password = quote(self.secrets[f"PASSWORD_{role.upper()}"], safe="")
        place = quote(str(self.socket), safe="/")
        return f"postgresql+asyncpg://{role}:{password}@/{database}?host={place}&port={PORT}"

    def urls(self, database: str = DATABASE) -> dict[str, str]:
        """The URL of every login role for one database."""
        return {role: self.url(role, database) for role in LOGIN_ROLES}

    def run_sql(self, sql: str, database: str = "postgres") -> list[str]:
        """Run SQL as the superuser, all or nothing but for `CREATE DATABASE` and the like.

        Returns the result's lines, values separated by `|`.

        Raises:
            ClusterError: the server refused it; the text is the server's.
        """
        command = [str(self.programs / "psql"), "--no-psqlrc", "--quiet", "--tuples-only"]
        command += ["--no-align", "--no-password", "--set=ON_ERROR_STOP=1"]
        command += [f"--host={self.socket}", f"--port={PORT}", f"--username={SUPERUSER}"]
        command += [f"--dbname={database}", "--file=-"]
        environment = {
            "PATH": os.defpath,
            "LC_ALL": "C",
            "PGPASSWORD": self.secrets[f"PASSWORD_{SUPERUSER.upper()}"],
            "PGCONNECT_TIMEOUT": "5",
            "PGOPTIONS": "-c client_min_messages=warning",
        }
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, input=sql, env=environment
        )
        if done.returncode != 0:
            raise ClusterError(done.stderr.strip() or "PostgreSQL gave no answer.")
        return done.stdout.splitlines()

    def databases(self) -> list[str]:
        """The names of all databases but the server's own, in order."""
        return self.run_sql(_DATABASES)

    def create_database(self, name: str = DATABASE) -> None:
        """Create a database that `schakel_owner` owns; one that is there is left as it is."""
        if name not in self.databases():
            self.run_sql(f"CREATE DATABASE {_checked(name)} OWNER schakel_owner")
        self._let_in(name)

    def create_from_template(self, name: str, template: str) -> None:
        """Clone the database `template`, to which nobody may be connected."""
        self.run_sql(
            f"CREATE DATABASE {_checked(name)} TEMPLATE {_checked(template)} OWNER schakel_owner"
        )
        self._let_in(name)

    def drop_database(self, name: str) -> None:
        """Drop a database with whoever is connected to it; one that is not there is fine."""
        self.run_sql(f"DROP DATABASE IF EXISTS {_checked(name)} WITH (FORCE)")

    def rename_database(self, name: str, new_name: str) -> None:
        """Rename a database to which nobody is connected."""
        self.run_sql(f"ALTER DATABASE {_checked(name)} RENAME TO {_checked(new_name)}")

    def answers(self) -> bool:
        """Whether the server answers its superuser."""
        try:
            return self.run_sql("SELECT 1") == ["1"]
        except ClusterError:
            return False

    def stop(self) -> None:
        """Stop the server, and wait until it has; one that is not running is fine.

        What a killed server left behind is ended too: a backend lives on while it computes, and
        while it does no server starts on the data.
        """
        for mode in ("fast", "immediate"):
            if self.pid() is None:
                break
            with suppress(subprocess.SubprocessError):
                self.control(
                    "stop", f"--mode={mode}", f"--timeout={_STOP_SECONDS}", seconds=_STOP_SECONDS
                )
        began = time.monotonic()
        while (left := self.processes()) and (waited := time.monotonic() - began) < _GONE_SECONDS:
            if waited > _GRACE_SECONDS:
                for pid in left:
                    with suppress(ProcessLookupError):
                        os.kill(
                            pid, signal.SIGQUIT if waited < _PATIENCE_SECONDS else signal.SIGKILL
                        )
            time.sleep(0.05)

    def pid(self) -> int | None:
        """The number of the server's process, if it is alive."""
        try:
            text = (self.data / "postmaster.pid").read_text(encoding="utf-8")
            pid = int(text.split("\n")[0])
        except (OSError, ValueError):
            return None
        # The number may be another's by now.
        return pid if pid in self.processes() else None

    def processes(self) -> list[int]:
        """The numbers of the server's processes, and of those that outlived it."""
        # An editor of one of its files is none of them, so the whole command has to fit.
        server, title = f"/postgres -D {self.data}", f"postgres: {self.mark}: "
        return [
            pid
            for pid, command in _commands()
            if command.startswith(title) or command.endswith(server)
        ]

    def control(self, *arguments: str, seconds: float) -> None:
        """Run `pg_ctl` on the server and wait for its effect, not much longer than `seconds`.

        Raises:
            subprocess.SubprocessError: it had none.
        """
        command = [str(self.programs / "pg_ctl"), f"--pgdata={self.data}", "--wait", *arguments]
        binaries.run_as(self.user, command, seconds=seconds + _SLACK_SECONDS)

    def _let_in(self, database: str) -> None:
        sql = (folders.ROOT / "migrations" / "database.sql").read_text(encoding="utf-8")
        self.run_sql(sql, database)


def home(data_dir: Path | None = None, suffix: str = "") -> Path:
    """Make or check the folder of a data directory, this clone's own when none is given."""
    user = binaries.system_user()
    group = user.gid if user else None
    return folders.secure(data_dir or folders.default_data_dir(suffix), group=group)


def start(data_dir: Path, *, durable: bool = True) -> Cluster:
    """Start the server of a data directory, made first when it is new, and set its roles up.

    A server left running by a start that was killed is taken over; what it left behind when it
    was killed itself is cleared away. Whoever calls holds the lock of the data directory.

    Raises:
        ClusterError, BinariesError, FolderError: the text says what to do.
    """
    cluster = _prepare(data_dir)
    if not cluster.answers():
        _clear_leftovers(cluster)
        if not cluster.data.exists():
            _initialise(cluster, durable=durable)
        _configure(cluster, durable=durable)
        _launch(cluster)
    _set_up_roles(cluster)
    return cluster


def attach(data_dir: Path) -> Cluster:
    """The server of a data directory that somebody else has started.

    Raises:
        ClusterError: none is running there.
    """
    cluster = _prepare(data_dir)
    if not cluster.answers():
        message = f"No database is running in {data_dir}: start it with ops/run."
        raise ClusterError(message)
    return cluster


def remove(data_dir: Path) -> None:
    """Stop the server of a data directory and remove its data, secrets and keys.

    The folder itself and its lock stay, for the caller holds it.
    """
    cluster = _prepare(data_dir)
    cluster.stop()
    for path in data_dir.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.suffix != ".lock":
            path.unlink()


def _prepare(data_dir: Path) -> Cluster:
    user = binaries.system_user()
    folder = home(data_dir)
    folders.make_private(folder / "run", owner=user.owner if user else None)
    return Cluster(folder, binaries.locate(folder, user), user, secrets_of(folder))


def _clear_leftovers(cluster: Cluster) -> None:
    """Make sure that no process works on the data, and that no file says that one does.

    PostgreSQL itself believes such a file when the number in it is by now another process's of the
    same user, as it easily is after a reboot or in a container.
    """
    cluster.stop()
    socket = cluster.socket / f".s.PGSQL.{PORT}"
    for stale in (cluster.data / "postmaster.pid", socket, socket.with_name(f"{socket.name}.lock")):
        stale.unlink(missing_ok=True)


def _commands() -> Iterator[tuple[int, str]]:
    """Give every process of the machine with its command line, or the title it gave itself."""
    if not Path("/proc/self").exists():
        command = ["ps", "-A", "-o", "pid=,command="]  # wherever the system has it
        listed = subprocess.run(command, check=False, capture_output=True, text=True).stdout
        for line in listed.splitlines():
            number, _, text = line.strip().partition(" ")
            yield int(number), text.rstrip()
        return
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            # One that is gone by now has no command, like one that nobody has buried yet.
            with suppress(OSError):
                command = (process / "cmdline").read_text(errors="replace")
                yield int(process.name), command.replace("\0", " ").rstrip()


def _initialise(cluster: Cluster, *, durable: bool) -> None:
    """Make the data beside its place and move it there whole: a cut start leaves nothing half."""
    owner = cluster.user.owner if cluster.user else None
    for cut in cluster.folder.glob(f"{_DRAFT}*"):
        shutil.rmtree(cut, ignore_errors=True)
    # A name of its own: what was cut short may still be writing under another.
    draft = cluster.folder / f"{_DRAFT}-{secrets.token_hex(4)}"
    folders.make_private(draft, owner=owner)
    password = cluster.socket / "initial-password"
    folders.write_private(
        password, cluster.secrets[f"PASSWORD_{SUPERUSER.upper()}"] + "\n", owner=owner
    )
    command = [str(cluster.programs / "initdb"), f"--pgdata={draft}", f"--username={SUPERUSER}"]
    command += [f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--set=scram_iterations=1", *([] if durable else ["--no-sync"])]
    try:
        binaries.run_as(cluster.user, command)
    except subprocess.CalledProcessError as error:
        message = f"PostgreSQL could not make its data directory:\n{error.stderr}"
        raise ClusterError(message) from None
    finally:
        password.unlink()
    draft.rename(cluster.data)


def _configure(cluster: Cluster, *, durable: bool) -> None:
    owner = cluster.user.owner if cluster.user else None
    socket = str(cluster.socket).replace("'", "''")
    conf = _CONF.format(mark=cluster.mark, port=PORT, socket=socket) + (
        "" if durable else _FLEETING
    )
    folders.write_private(cluster.data / "postgresql.conf", conf, owner=owner)
    folders.write_private(cluster.data / "pg_hba.conf", _HBA, owner=owner)


def _launch(cluster: Cluster) -> None:
    """Start the server; one whose processes are still leaving after a kill is given time."""
    log = cluster.data / "server.log"
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.unlink()
    deadline = time.monotonic() + _GONE_SECONDS
    while True:
        try:
            cluster.control(
                "start",
                f"--log={log}",
                f"--timeout={_START_SECONDS}",
                "--silent",
                seconds=_START_SECONDS,
            )
        except subprocess.SubprocessError:
            if time.monotonic() > deadline:
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
                message = f"PostgreSQL did not start. The end of {log}:\n{tail}"
                raise ClusterError(message) from None
            time.sleep(0.5)
        else:
            return


def _set_up_roles(cluster: Cluster) -> None:
    sql = (folders.ROOT / "migrations" / "roles.sql").read_text(encoding="utf-8")
    for role in LOGIN_ROLES:
        sql += f"ALTER ROLE {role} PASSWORD '{cluster.secrets[f'PASSWORD_{role.upper()}']}';\n"
    sql += "REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;\n"
    cluster.run_sql(sql)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        message = f"{name!r} is no name for a database here: use a-z, 0-9 and _."
        raise ClusterError(message)
    return f'"{name}"'

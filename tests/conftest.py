"""The database of the tests: one server for all workers, one migrated template, a clone each."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.interpreter import keep_what_is_loaded
from ops import cluster as clusters
from ops.environment import development
from ops.folders import ROOT
from ops.locks import Sharers, exclusive
from ops.migrate import migrate

pytest_plugins = ["tests.filled", "tests.publishing.fixtures"]

_KEY_OF_SETTINGS = "SCHAKEL_CLAIMS_KEY"


@dataclass(frozen=True)
class TestDatabase:
    """A migrated database of the tests' own server."""

    __test__ = False

    cluster: clusters.Cluster
    name: str

    def url(self, role: str) -> str:
        """The URL with which a login role such as `schakel_app` comes in."""
        return self.cluster.url(role, self.name)

    def run_sql(self, sql: str) -> list[str]:
        """Run SQL as the server's superuser: to look past the rules at what is there."""
        return self.cluster.run_sql(sql, self.name)

    def environment(self, port: int = 8000) -> dict[str, str]:
        """The environment variables with which a process uses this database."""
        return development(self.cluster.folder, self.cluster.urls(self.name), port)


@contextmanager
def _setting_up(folder: Path) -> Iterator[None]:
    with exclusive(folder / "setup.lock", "The tests' database is set up", wait=True):
        yield


@pytest.fixture(scope="session")
def cluster() -> Iterator[clusters.Cluster]:
    """The tests' own server, shared by all workers and runs; the last one to leave stops it."""
    folder = clusters.home(suffix="-tests")
    with _setting_up(folder):
        sharers = Sharers(folder / "users.lock")
        running = clusters.start(folder, durable=False)
    yield running
    with _setting_up(folder):
        if sharers.leave():
            for name in running.databases():
                if name != _template_name():
                    running.drop_database(name)
            running.stop()


@pytest.fixture(scope="session")
def template(cluster: clusters.Cluster) -> str:
    """The name of a migrated database without rows; made anew when a migration has changed."""
    name = _template_name()
    with _setting_up(cluster.folder):
        if name not in cluster.databases():
            cluster.drop_database("unfinished")
            cluster.create_database("unfinished")
            claims_key = _claims_key(cluster)
            # Alembic starts a loop of its own, so it works on a thread of its own.
            with ThreadPoolExecutor(1) as thread:
                url = cluster.url("schakel_migrate", "unfinished")
                thread.submit(migrate, url, claims_key).result()
            cluster.rename_database("unfinished", name)
    return name


@pytest.fixture(scope="session")
def new_database(cluster: clusters.Cluster, template: str) -> Iterator[Callable[[], TestDatabase]]:
    """Clones the template on call (about 0.1 s); the clones are dropped with the worker."""
    made: list[TestDatabase] = []

    def clone() -> TestDatabase:
        name = f"test_{os.getpid()}_{len(made)}"
        cluster.drop_database(name)
        cluster.create_from_template(name, template)
        made.append(TestDatabase(cluster, name))
        return made[-1]

    yield clone
    for database in made:
        with suppress(clusters.ClusterError):
            cluster.drop_database(database.name)


@pytest.fixture(scope="session")
def database(new_database: Callable[[], TestDatabase]) -> TestDatabase:
    """The worker's own database; a test that commits there cleans up after itself."""
    return new_database()


@pytest.fixture
def fresh_database(
    cluster: clusters.Cluster, new_database: Callable[[], TestDatabase]
) -> Iterator[TestDatabase]:
    """A database for one test, dropped after it."""
    made = new_database()
    yield made
    cluster.drop_database(made.name)


def _template_name() -> str:
    digest = hashlib.sha256()
    for path in sorted((ROOT / "migrations").rglob("*")):
        if path.suffix in {".py", ".sql"}:
            digest.update(path.name.encode() + path.read_bytes())
    return f"template_{digest.hexdigest()[:16]}"


def _claims_key(cluster: clusters.Cluster) -> bytes:
    import base64

    variables = development(cluster.folder, cluster.urls("unfinished"), 8000)
    return base64.b64decode(variables[_KEY_OF_SETTINGS])


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a test by its argument where the value is not a name: it may differ between workers."""
    return argname if isinstance(val, dict | list | bytes) else None


def pytest_collection_finish() -> None:
    """Look for no garbage among what is loaded by now, thousands of tests among it."""
    keep_what_is_loaded()

"""A database of the bench: filled by SQL with as many pupils as asked for, kept between runs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops import cluster as clusters
from ops.environment import development
from ops.folders import ROOT
from ops.locks import exclusive
from ops.migrate import migrate
from ops.progress import Progress

FILES = Path(__file__).parent / "fill"
PUPILS_PER_CLASS = 25
_PUPILS_PER_BRANCH = 500
_FEWEST_BRANCHES = 5
_UNFINISHED = "unfinished_bench"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a database of the bench is: pupils, and what is kept of each."""

    pupils: int
    absences: int = 20
    weeks: int = 10

    @property
    def branches(self) -> int:
        """How many school branches the pupils go to."""
        return max(_FEWEST_BRANCHES, self.pupils // _PUPILS_PER_BRANCH)

    @property
    def per_branch(self) -> int:
        """How many pupils go to each; what is left of the pupils is left out."""
        return max(1, self.pupils // self.branches)

    @property
    def variables(self) -> dict[str, int]:
        """What the SQL files call these numbers."""
        return {
            "branches": self.branches,
            "pupils_per_branch": self.per_branch,
            "pupils_per_class": PUPILS_PER_CLASS,
            "absences": self.absences,
            "weeks": self.weeks,
        }


@dataclass(frozen=True, slots=True)
class Filled:
    """One filled database."""

    cluster: clusters.Cluster
    name: str
    size: Size

    def url(self, role: str) -> str:
        """The URL with which a role logs in."""
        return self.cluster.url(role, self.name)

    def run_sql(self, sql: str) -> list[str]:
        """Run SQL as the superuser."""
        return self.cluster.run_sql(sql, self.name)

    def environment(self, port: int) -> dict[str, str]:
        """The environment variables with which the API serves this database."""
        return development(self.cluster.folder, self.cluster.urls(self.name), port)

    def forget_reads(self) -> None:
        """Take out the traces that were not there when the database was filled."""
        self.run_sql(
            "delete from access_line_organisation o using access_line l, trace t"
            " where l.id = o.line_id and t.id = l.trace_id and t.request_id <> 'filled';"
            "delete from access_line l using trace t where t.id = l.trace_id"
            " and t.request_id <> 'filled';"
            "delete from sighting;"
            "delete from trace where request_id <> 'filled';"
            "vacuum (analyze) trace; vacuum (analyze) access_line;"
        )


@contextmanager
def bench_server(folder: Path | None = None) -> Generator[clusters.Cluster]:
    """Run the bench's own durable server while the block runs."""
    home = clusters.home(folder, suffix="-bench")
    with exclusive(home / "run.lock", "The bench runs from this clone"):
        cluster = clusters.start(home)
        try:
            yield cluster
        finally:
            cluster.stop()


def filled(cluster: clusters.Cluster, size: Size, progress: Progress) -> Filled:
    """Return the database of a size, built when it is not there or a migration has changed."""
    name = f"bench_{size.pupils}_{size.absences}_{size.weeks}_{_digest()}"
    if name not in cluster.databases():
        unfinished = f"{_UNFINISHED}_{size.pupils}"
        for other in cluster.databases():
            if other == unfinished or (other.startswith("bench_") and _digest() not in other):
                cluster.drop_database(other)
        cluster.create_database(unfinished)
        migrate(cluster.url("schakel_migrate", unfinished), _claims_key(cluster))
        _fill(Filled(cluster, unfinished, size), progress)
        cluster.rename_database(unfinished, name)
    return Filled(cluster, name, size)


def _fill(database: Filled, progress: Progress) -> None:
    variables = "".join(
        f"\\set {name} {value}\n" for name, value in database.size.variables.items()
    )
    files = sorted(FILES.glob("*.sql"))
    with progress.step(
        f"Filling a database with {database.size.pupils:,} pupils", len(files)
    ) as step:
        for path in files:
            database.run_sql(variables + path.read_text(encoding="utf-8"))
            step.advance()


def _claims_key(cluster: clusters.Cluster) -> bytes:
    return base64.b64decode(cluster.secrets["CLAIMS_KEY"])


def _digest() -> str:
    """Return a digest of everything that a filled database is made of."""
    made_of = hashlib.sha256()
    for folder in (ROOT / "migrations", FILES):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".sql"}:
                made_of.update(path.name.encode() + path.read_bytes())
    return made_of.hexdigest()[:12]


@contextmanager
def fresh(cluster: clusters.Cluster, size: Size) -> Generator[Filled]:
    """Give a migrated database with nothing in it, dropped after the block."""
    name = "bench_fresh"
    cluster.drop_database(name)
    cluster.create_database(name)
    migrate(cluster.url("schakel_migrate", name), _claims_key(cluster))
    try:
        yield Filled(cluster, name, size)
    finally:
        cluster.drop_database(name)


@contextmanager
def copied(database: Filled) -> Generator[Filled]:
    """Give a copy of a filled database to change, dropped after the block."""
    cluster, name = database.cluster, f"{database.name}_copy"
    cluster.drop_database(name)
    cluster.create_from_template(name, database.name)
    try:
        yield Filled(cluster, name, database.size)
    finally:
        cluster.drop_database(name)

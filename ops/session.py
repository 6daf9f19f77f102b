"""What a command works with: the embedded server or the named ones, and the settings."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from api.settings import Settings, load
from ops import cluster as clusters
from ops.environment import development, named_servers
from ops.folders import write_private

DEFAULT_PORT = 8000


@dataclass(frozen=True)
class Session:
    """The settings of this process, and the embedded server when it uses that."""

    settings: Settings
    cluster: clusters.Cluster | None


def begin(data_dir: Path, port: int) -> Session:
    """Start the embedded server, unless the settings name servers; the caller holds its lock."""
    if named_servers():
        return Session(load(), None)
    cluster = clusters.start(data_dir)
    cluster.create_database()
    write_private(cluster.folder / "port", f"{port}\n")
    return _with_embedded(cluster, port)


def join(data_dir: Path | None) -> Session:
    """Use the embedded server that `ops/run` has started, unless the settings name servers.

    Raises:
        ClusterError: no server is running in the data directory.
    """
    if named_servers():
        return Session(load(), None)
    cluster = clusters.attach(clusters.home(data_dir))
    port = DEFAULT_PORT
    with suppress(OSError, ValueError):
        port = int((cluster.folder / "port").read_text(encoding="utf-8"))
    return _with_embedded(cluster, port)


def _with_embedded(cluster: clusters.Cluster, port: int) -> Session:
    os.environ.update(development(cluster.folder, cluster.urls(), port))
    return Session(load(), cluster)

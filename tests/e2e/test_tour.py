"""The tour, as anyone runs it: a demo of its own, a server, real HTTP and real tokens."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from rich.console import Console

from api.settings import load
from ops import cluster as clusters
from ops.demo.main import build
from ops.progress import Progress
from ops.tour.main import tell
from ops.tour.stage import free_port
from permissions import decide
from permissions.vocabulary import Activity, DataClass, Purpose, Role
from tests.conftest import TestDatabase

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """Set environment variables for a while."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="module")
def demo(new_database: Callable[[], TestDatabase]) -> TestDatabase:
    """A small demo region, to be copied for each telling."""
    made = new_database()
    with environment(made.environment()):
        settings = load()
        from ops.directory import load as load_directory

        load_directory(settings, Progress())
        build(settings, 150, 1, Progress())
    return made


def told(demo: TestDatabase, cluster: clusters.Cluster) -> tuple[int, str]:
    """Tell the tour in a copy of the demo; return its status and what was printed."""
    name = f"told_{os.getpid()}_{free_port()}"
    cluster.create_from_template(name, demo.name)
    printed = Console(file=io.StringIO(), width=100, no_color=True)
    try:
        with environment(TestDatabase(cluster, name).environment(free_port())):
            status = tell(load(), printed)
    finally:
        cluster.drop_database(name)
    assert isinstance(printed.file, io.StringIO)
    return status, printed.file.getvalue()


def test_the_tour_holds_twice(demo: TestDatabase, cluster: clusters.Cluster) -> None:
    """The tour can be told again and again, and every claim of it holds."""
    for _ in range(2):
        status, printed = told(demo, cluster)
        assert status == 0, printed[-2000:]
        assert "The tour is done" in printed


TAKEN_AWAY = [
    (Role.MENTOR, Purpose.DAILY_GUIDANCE, Activity.READ, DataClass.ATTENDANCE_RATE),
    (Role.ATTENDANCE_COORDINATOR, Purpose.DAILY_GUIDANCE, Activity.SEND, DataClass.REPORT),
]
"""A rule of reading and one of an act; `ops/prove tour` takes every rule away in turn."""


@pytest.mark.parametrize("key", TAKEN_AWAY, ids=lambda key: f"{key[0]} {key[2]} {key[3]}")
def test_the_tour_needs_its_rules(
    demo: TestDatabase,
    cluster: clusters.Cluster,
    key: decide.Key,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Taking away a rule that the tour uses makes it fail."""
    from domain.reading.run import planned

    monkeypatch.delitem(decide._INDEX, key)
    planned.cache_clear()
    status, printed = told(demo, cluster)
    planned.cache_clear()
    assert status == 1, printed[-2000:]

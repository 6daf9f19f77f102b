from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.api.uploads.desk import CANARIES, Desk, shared
from tests.conftest import TestDatabase


@pytest.fixture(scope="session")
def desk(
    new_database: Callable[[], TestDatabase], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """The API as a process of its own, on a filled world."""
    with shared(new_database, tmp_path_factory.mktemp("desk")) as found:
        yield found


@pytest.fixture(autouse=True)
def quiet(desk: Desk) -> Iterator[None]:
    """After each test no name, number or text of what was sent is in the log, and no fault."""
    yield
    log = desk.log()
    assert not [name for name in CANARIES if name in log]
    assert '"fault"' not in log

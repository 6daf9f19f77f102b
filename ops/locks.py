"""Locks between processes: the operating system lets go of them when their holder dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator


class HeldError(Exception):
    """Another process holds the lock; the text says which."""


@contextmanager
def exclusive(path: Path, what: str, *, wait: bool = False) -> Generator[None]:
    """Hold the lock file `path` while the block runs.

    The file stays behind, as a note of who held it last; only the lock counts.

    Raises:
        HeldError: another process holds it and `wait` is false.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = file.read().strip() or "another process"
            message = f"{what} already: {holder}. Stop that one first, or give another --data-dir."
            raise HeldError(message) from None
        file.seek(0)
        file.truncate()
        since = datetime.now(UTC).isoformat(timespec="seconds")
        file.write(f"process {os.getpid()}, since {since}\n")
        file.flush()
        yield


class Sharers:
    """Counts the processes that use something together, so that the last one can clear it away."""

    def __init__(self, path: Path) -> None:
        """Join the users named by the lock file `path`."""
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Leave, and return whether nobody else is left; ask it under a lock around joining."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(self._descriptor)
        return True

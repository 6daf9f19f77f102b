"""One process at a time, and the system lets go when it dies."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ops.locks import HeldError, Sharers, exclusive


def test_second_is_told_who_holds_it(tmp_path: Path) -> None:
    """A second holder is refused and told the number of the first; afterwards it is free."""
    lock = tmp_path / "a.lock"
    with (
        exclusive(lock, "It runs"),
        pytest.raises(HeldError, match=f"It runs already: process {os.getpid()}"),
        exclusive(lock, "It runs"),
    ):
        pass
    with exclusive(lock, "It runs"):
        pass


def test_killed_holder(tmp_path: Path) -> None:
    """A holder that was killed holds nothing."""
    lock = tmp_path / "a.lock"
    script = (
        "import sys, time; from pathlib import Path; from ops.locks import exclusive\n"
        "with exclusive(Path(sys.argv[1]), 'x'): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(lock)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(HeldError), exclusive(lock, "x"):
            pass
        holder.kill()
    with exclusive(lock, "x"):
        pass


def test_link_is_refused(tmp_path: Path) -> None:
    """A lock file that is a link is not followed."""
    (tmp_path / "a.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"), exclusive(tmp_path / "a.lock", "x"):
        pass
    assert not (tmp_path / "elsewhere").exists()


def test_last_sharer(tmp_path: Path) -> None:
    """Only the last to leave is told to clear away."""
    one, other = Sharers(tmp_path / "u.lock"), Sharers(tmp_path / "u.lock")
    assert not one.leave()
    assert other.leave()

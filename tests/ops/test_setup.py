"""The environment is made once, whole, and from hash-locked files alone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from ops.folders import ROOT
from ops.setup import RUNTIME, TESTS, Environment, SetupError, prepare

PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==\S+ \\$")


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """An environment that was installed whole, as far as its notes say."""
    (tmp_path / "ops").mkdir()
    (tmp_path / RUNTIME).write_text("a==1\n")
    (tmp_path / TESTS).write_text("b==1\n")
    made = Environment(tmp_path)
    made.python.parent.mkdir(parents=True)
    made.python.touch()
    return made


def note(environment: Environment, locks: list[str]) -> None:
    """Write down that these lock files are installed."""
    import json

    environment._state.write_text(json.dumps(environment.wanted(locks)))


def test_ready(environment: Environment) -> None:
    """What is installed is not installed again; what is not, is noticed."""
    note(environment, [RUNTIME])
    assert environment.ready([RUNTIME])
    assert not environment.ready([RUNTIME, TESTS])


def test_changed_lock(environment: Environment) -> None:
    """A lock file that has changed is installed."""
    note(environment, [RUNTIME])
    (environment.root / RUNTIME).write_text("a==2\n")
    assert not environment.ready([RUNTIME])


def test_cut_short(environment: Environment) -> None:
    """An install that was killed is not taken for one that is done."""
    note(environment, [RUNTIME])
    environment._unfinished.touch()
    assert not environment.ready([RUNTIME])


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_damaged_notes(environment: Environment, text: str) -> None:
    """Notes that cannot be read count as none."""
    environment._state.write_text(text)
    assert not environment.ready([RUNTIME])


def test_moved_clone(environment: Environment, tmp_path: Path) -> None:
    """An environment that was copied along with its clone is not used from there."""
    note(environment, [RUNTIME])
    moved = tmp_path.with_name(tmp_path.name + "-moved")
    tmp_path.rename(moved)
    assert not Environment(moved).ready([RUNTIME])


def test_unknown_command() -> None:
    """Anything but run and test is answered with what to start."""
    with pytest.raises(SetupError, match="ops/run or ops/test"):
        prepare("nonsense")


@pytest.mark.parametrize("name", [RUNTIME, TESTS])
def test_every_pin_has_a_hash(name: str) -> None:
    """Every line of a lock file is a pin or one of its hashes: no address, no option, no path."""
    text = (ROOT / name).read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("# ")]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if PIN.match(line):
            assert following.startswith("    --hash=sha256:"), line
        else:
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line), line


def test_locks_agree() -> None:
    """A package that both lock files name has one version."""
    pins = [
        dict(re.findall(r"^(\S+?)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in (RUNTIME, TESTS)
    ]
    shared = pins[0].keys() & pins[1].keys()
    assert {n: pins[0][n] for n in shared} == {n: pins[1][n] for n in shared}


@pytest.mark.parametrize("name", ["ops/run", "ops/test", ".ci/run"])
def test_command_is_sound(name: str) -> None:
    """The commands are executable and plain shell."""
    assert (ROOT / name).stat().st_mode & 0o111
    assert subprocess.run(["sh", "-n", str(ROOT / name)], check=False).returncode == 0

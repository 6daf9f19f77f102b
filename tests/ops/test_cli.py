"""The console command explains itself and fails in plain words."""

from __future__ import annotations

import io
import os
import shutil
import socket
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from ops import cluster as clusters
from ops.cli import main
from ops.folders import LASTING
from ops.progress import Progress
from ops.serve import PortError, check_port
from ops.start import main as start

COMMANDS = (
    "serve",
    "migrate",
    "demo",
    "tour",
    "personas",
    "token",
    "explain",
    "import",
    "directory",
    "policy",
    "period",
)


def test_all_commands_are_there() -> None:
    """The group has the commands that the README names."""
    assert set(main.commands) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_an_example(name: str) -> None:
    """The help of every command has an example that begins as one would type it."""
    shown = CliRunner().invoke(main, [name, "--help"])
    assert shown.exit_code == 0
    assert "Example: " in shown.output
    assert f"schakel {name}" in shown.output


def test_run_help() -> None:
    """`ops/run --help` names every option."""
    shown = CliRunner().invoke(start, ["--help"])
    for option in ("--port", "--data-dir", "--pupils", "--seed", "--tour", "--reset"):
        assert option in shown.output


def test_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a running server a command says what to start, and shows no traceback."""
    for name in list(os.environ):
        if name.startswith("SCHAKEL_"):
            monkeypatch.delenv(name)
    folder = Path(tempfile.mkdtemp(prefix="schakel-test-", dir=LASTING))
    try:
        shown = CliRunner().invoke(main, ["--data-dir", str(folder), "migrate"])
    finally:
        clusters.remove(folder)
        shutil.rmtree(folder)
    assert shown.exit_code == 1
    assert "start it with ops/run" in shown.output


def test_port_in_use() -> None:
    """A port that is taken is told before anything else is done."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortError, match="--port"):
            check_port("127.0.0.1", taken.getsockname()[1])


def test_progress_in_a_log() -> None:
    """Away from a terminal a step is two plain lines, however long they are."""
    out = io.StringIO()
    progress = Progress(Console(file=out, width=20))
    with progress.step("A title longer than twenty", total=2) as step:
        step.advance(2)
    began, ended = out.getvalue().splitlines()
    assert began == "A title longer than twenty ..."
    assert ended.startswith("A title longer than twenty: done in ")


def test_progress_on_a_terminal() -> None:
    """On a terminal a step that failed does not say that it is done."""
    out = io.StringIO()
    progress = Progress(Console(file=out, force_terminal=True))

    def fail() -> None:
        with progress.step("Counting", total=2) as step:
            step.advance(1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert "done in" not in out.getvalue()


@pytest.mark.parametrize("name", ["close", "inspect", "release"])
def test_acts_on_periods_say_how_one_is_named(name: str) -> None:
    """Each act on a period shows an example and how a period is named."""
    shown = CliRunner().invoke(main, ["period", name, "--help"])
    assert "Example: schakel period" in shown.output
    assert "2026-2027-autumn" in shown.output

"""Makes `.venv` from the hash-locked files and hands over to it; standard library only.

`python3 ops/setup.py run|test|prove|bench [options]` is what `ops/run`, `ops/test`,
`ops/prove` and `ops/bench` start.
`python3 ops/setup.py --lock` pins the requirements anew (it needs the tools of `ops/test`).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = "ops/requirements.lock"
TESTS = "ops/requirements-test.lock"
MODULES = {
    "run": "ops.start",
    "test": "ops.checks",
    "prove": "ops.proofs",
    "bench": "ops.benches.main",
}

_WITH_TESTS = ("test", "prove")
_BAR = 30
_LINES_SHOWN_ON_FAILURE = 25


class SetupError(Exception):
    """The environment could not be made; the text says what to do."""


class Environment:
    """The virtual environment of one clone, and what is known to be installed in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"
        self._state = self.folder / "schakel.json"
        self._unfinished = self.folder / "schakel.unfinished"

    def wanted(self, locks: list[str]) -> dict[str, str]:
        """What the state file says when these lock files are installed: name to SHA-256."""
        digests = {name: _digest(self.root / name) for name in locks}
        return {"root": str(self.root), **digests}

    def recorded(self) -> dict[str, str]:
        """What the state file says now; empty when there is none that can be read."""
        try:
            state: object = json.loads(self._state.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(state, dict):
            return {}
        entries = cast("dict[object, object]", state)
        return {str(name): str(value) for name, value in entries.items()}

    def ready(self, locks: list[str]) -> bool:
        """Whether everything in these lock files is installed, and completely."""
        if self._unfinished.exists() or not self.python.exists():
            return False
        return self.wanted(locks).items() <= self.recorded().items()

    def install(self, locks: list[str]) -> None:
        """Install the lock files; an earlier install that was cut short is started over."""
        state = self.recorded()
        moved = state.get("root", str(self.root)) != str(self.root)
        if moved or self._unfinished.exists() or not self._usable():
            self._create()
            state = {}
        wanted = self.wanted(locks)
        missing = [name for name in locks if state.get(name) != wanted[name]]
        self._unfinished.touch()
        if missing:
            self._pip_install(missing)
        if RUNTIME in missing:
            self._install_project()
        self._state.write_text(json.dumps({**state, **wanted}, indent=2), encoding="utf-8")
        self._unfinished.unlink()

    def _usable(self) -> bool:
        try:
            done = subprocess.run(
                [self.python, "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"],
                check=False,
                capture_output=True,
            )
        except OSError:
            return False
        return done.returncode == 0

    def _create(self) -> None:
        _say("Making a Python environment in .venv ...")
        done = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", self.folder],
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            message = (
                f"Python could not make {self.folder}:\n{done.stdout}{done.stderr}\n"
                "On Debian and Ubuntu the package python3-venv may be missing; on any system the "
                "folder must be writable for you."
            )
            raise SetupError(message)

    def _pip_install(self, locks: list[str]) -> None:
        pins = set[str]()
        for name in locks:
            text = (self.root / name).read_text(encoding="utf-8")
            pins |= {line.split("==")[0] for line in text.splitlines() if line[:1].isalnum()}
        # The locks are complete: looking for dependencies again would only let a newer release of
        # one that is asked for with an extra in ("coverage[toml]"), which has no hash here.
        arguments = ["--require-hashes", "--no-deps", "--only-binary=:all:"]
        for name in locks:
            arguments += ["-r", str(self.root / name)]
        self._pip(arguments, f"Installing {len(pins)} packages", len(pins))

    def _install_project(self) -> None:
        arguments = ["--no-deps", "--no-index", "--no-build-isolation"]
        arguments += ["--config-settings=editable_mode=compat", "--editable", str(self.root)]
        self._pip(arguments, "Installing the command schakel", 1)

    def _pip(self, arguments: list[str], title: str, total: int) -> None:
        """Run `pip install`, counting the packages that it takes up.

        Raises:
            SetupError: pip failed; the text ends with its last lines.
        """
        command = [str(self.python), "-m", "pip", "install", "--no-input"]
        command += ["--disable-pip-version-check", "--progress-bar=off", *arguments]
        lines: list[str] = []
        seen = 0
        bar = _Bar(title, total)
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.root
        ) as pip:
            for line in pip.stdout or ():
                lines.append(line)
                if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied")):
                    seen += 1
                    bar.show(min(seen, total))
        if pip.returncode != 0:
            bar.end("failed")
            tail = "".join(lines[-_LINES_SHOWN_ON_FAILURE:])
            message = (
                f"{tail}\nThe packages could not be installed. Check that a Python package index "
                "can be reached, then start again: nothing has to be cleaned up."
            )
            raise SetupError(message)
        bar.end("done")


class _Bar:
    """A progress bar on a terminal, two plain lines elsewhere."""

    def __init__(self, title: str, total: int) -> None:
        self._title = title
        self._total = total
        self._began = time.monotonic()
        self._live = sys.stderr.isatty()
        if not self._live:
            _say(f"{title} ...")

    def show(self, count: int) -> None:
        if self._live:
            filled = _BAR * count // self._total
            bar = "#" * filled + "-" * (_BAR - filled)
            sys.stderr.write(f"\r{self._title} [{bar}] {count}/{self._total} ")
            sys.stderr.flush()

    def end(self, word: str) -> None:
        seconds = time.monotonic() - self._began
        start = "\r\033[K" if self._live else ""
        _say(f"{start}{self._title}: {word} in {seconds:.1f} s")


def ensure(root: Path, *, tests: bool) -> Path:
    """Make the environment if it is not there yet, and return its Python.

    One process at a time sets up; a second one waits for it and then finds everything done.

    Raises:
        SetupError: something could not be made or installed.
    """
    environment = Environment(root)
    locks = [RUNTIME, TESTS] if tests else [RUNTIME]
    if not environment.ready(locks):
        try:
            with _one_at_a_time(root / ".venv.lock"):
                if not environment.ready(locks):
                    environment.install(locks)
        except PermissionError as error:
            message = (
                f"{error.filename} cannot be written by you. Start as the owner of the clone, or "
                "use a clone of your own."
            )
            raise SetupError(message) from error
    return environment.python


def relock(python: Path) -> None:
    """Pin the newest versions with the hashes that the configured package index gives."""
    options = ["--generate-hashes", "--allow-unsafe", "--no-annotate", "--no-header", "--upgrade"]
    options += ["--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links"]
    options += ["--strip-extras", "--quiet"]
    for name in ("requirements", "requirements-test"):
        _say(f"Pinning ops/{name}.in ...")
        command = [str(python), "-m", "piptools", "compile", *options]
        command += ["--output-file", f"{name}.lock", f"{name}.in"]
        if subprocess.run(command, check=False, cwd=ROOT / "ops").returncode != 0:
            raise SetupError(f"ops/{name}.in could not be pinned; the lines above say why.")


@contextmanager
def _one_at_a_time(path: Path) -> Generator[None]:
    with path.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Another start is setting up this clone; waiting for it ...")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def prepare(what: str) -> list[str]:
    """Set up for what was asked, and return the command to become, if any.

    Raises:
        SetupError: it could not be set up.
    """
    if what == "--lock":
        relock(ensure(ROOT, tests=True))
        return []
    if what not in MODULES:
        raise SetupError("Start ops/run or ops/test, ops/prove or ops/bench.")
    return [str(ensure(ROOT, tests=what in _WITH_TESTS)), "-m", MODULES[what]]


def main(arguments: list[str]) -> int:
    """Set up, then become the command; return 1 when it could not be set up."""
    try:
        command = prepare(arguments[0] if arguments else "")
    except SetupError as error:
        _say(str(error))
        return 1
    except KeyboardInterrupt:
        _say("\nStopped. Start again when you like: nothing has to be cleaned up.")
        return 130
    if command:
        os.execv(command[0], [*command, *arguments[1:]])  # noqa: S606 - no shell is the point
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What `ops/test` does once Python is set up: format, lint, types, contracts, tests.

Every check runs, also after one has failed. Arguments go to pytest, whose summary line is last.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from ops import cluster as clusters
from ops.folders import ROOT
from ops.locks import HeldError, exclusive
from ops.progress import Progress
from ops.start import FAILURES

CHECKS: dict[str, list[str]] = {
    "Types (pyright)": ["pyright"],
    "Format (ruff)": ["ruff", "format", "--check", "."],
    "Lint (ruff)": ["ruff", "check", "."],
    "Imports (import-linter)": ["lint-imports", "--no-cache"],
    "Docstrings (interrogate)": ["interrogate", "-vv", "api", "domain", "ops", "permissions"],
    "Dependencies (deptry)": ["deptry", "."],
    "Dead code (vulture)": ["vulture"],
    "Spelling (codespell)": ["codespell"],
}
"""What is checked beside the tests, the longest first."""

_ORDER = "--randomly-seed=97552356"
"""A run of everything has one order everywhere, so that what fails can be met again; pytest by
itself shuffles."""

_EVERY_BRANCH = "Every branch of permissions/ (pytest)"
_PERMISSIONS = [
    "pytest", "tests/permissions", "--cov=permissions", "--cov-branch", "--cov-fail-under=100",
    "--cov-report=term-missing:skip-covered", _ORDER,
]  # fmt: skip
"""Measured apart from the other tests: tracing slows all that it sees, and the whole table is
covered by tests of its own, which need no database."""

_AT_ONCE = 2
_EVERYTHING = ["--ignore=tests/permissions", "--dist=loadscope", _ORDER]
"""The rest of the tests; what a module sets up is set up once."""


def check(progress: Progress, checks: Mapping[str, list[str]]) -> list[str]:
    """Run the checks, two at once, and return the names of those that failed, output shown."""
    failed: list[str] = []
    with (
        progress.step("Checking", len(checks)) as step,
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(_AT_ONCE) as pool,
    ):
        environment = {**os.environ, "COVERAGE_FILE": str(Path(folder) / "coverage")}
        running = {
            pool.submit(_run, command, environment): name for name, command in checks.items()
        }
        for done in as_completed(running):
            name, (code, output) = running[done], done.result()
            step.advance()
            if code != 0:
                failed.append(name)
                progress.say(f"{name} FAILED:\n{output}")
            else:
                progress.say(
                    f"{name}: {(output.splitlines() or ['nothing found'])[-1].strip(' =')}"
                )
    return failed


def _run(command: list[str], environment: Mapping[str, str]) -> tuple[int, str]:
    program, *arguments = command
    done = subprocess.run(
        [str(Path(sys.executable).parent / program), *arguments],
        check=False,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def test(arguments: list[str]) -> int:
    """Run pytest on two workers and return its exit code."""
    pytest = [sys.executable, "-m", "pytest", "-n", "2"]
    return subprocess.run([*pytest, *(arguments or _EVERYTHING)], check=False, cwd=ROOT).returncode


def main(arguments: list[str]) -> int:
    """Check and test; return 0 only when everything passed."""
    progress = Progress()
    try:
        folder = clusters.home(suffix="-tests")
        with exclusive(folder / "test.lock", "The tests of this clone run"):
            checks = CHECKS if arguments else {_EVERY_BRANCH: _PERMISSIONS, **CHECKS}
            failed = check(progress, checks)
            if failed:
                progress.say(f"Failed before the tests: {', '.join(failed)}")
            code = test(arguments)
            return code or (1 if failed else 0)
    except HeldError as error:
        progress.say(str(error).replace(", or give another --data-dir", ""))
    except FAILURES as error:
        progress.say(str(error))
    except KeyboardInterrupt:
        progress.say("Stopped.")
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

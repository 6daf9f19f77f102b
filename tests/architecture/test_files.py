"""What must hold of the files themselves."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from ops.folders import ROOT

MOST_LINES = 400
HOUSE = ("api", "domain", "permissions", "ops")
SOURCE = {".py", ".sql", ""}
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:root|work|home|Users)/(?!\.\.\.)[\w.-]+")
HOSTS = [("pypi", "org"), ("pypi", "python", "org"), ("pythonhosted", "org"), ("npmjs", "com")]
INDEX_HOST = re.compile(
    "|".join([*(r"\.".join(host) for host in HOSTS), r"artifactory", r"devpi", r"--index-url"]),
    re.IGNORECASE,
)
PACKED = {".gz", ".png"}


def ignored() -> tuple[set[str], set[str]]:
    """Return the names of folders and the patterns of files that are never published."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    folders = {line.rstrip("/") for line in lines if line.endswith("/")}
    return {*folders, ".git"}, {line for line in lines if not line.endswith("/")}


def files(*tops: str) -> Iterator[Path]:
    """Give every file that is published, of the whole repository or of some of its folders."""
    folders, patterns = ignored()
    for top in tops or (".",):
        for folder, inner, names in os.walk(ROOT / top):
            inner[:] = sorted(
                name for name in inner if not any(fnmatch(name, pattern) for pattern in folders)
            )
            for name in sorted(names):
                if not any(fnmatch(name, pattern) for pattern in patterns):
                    yield Path(folder) / name


def texts() -> Iterator[tuple[Path, str]]:
    """Give every text file with its path inside the repository."""
    for path in files():
        if path.suffix not in PACKED:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8", errors="replace")


def programs() -> Iterator[tuple[Path, ast.Module]]:
    """Give every Python file, parsed."""
    for path, text in texts():
        if path.suffix == ".py":
            yield path, ast.parse(text)


def test_no_source_file_is_longer_than_one_can_read() -> None:
    """A file past 400 lines needs an argument, and there is none yet."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in files(*HOUSE)
        if path.suffix in SOURCE
        and (lines := path.read_text(encoding="utf-8").count("\n")) > MOST_LINES
    }
    assert long == {}


@pytest.mark.parametrize(
    ("pattern", "what"), [(MACHINE_PATH, "path of a machine"), (INDEX_HOST, "package index")]
)
def test_no_file_names_a_machine_or_a_package_index(pattern: re.Pattern[str], what: str) -> None:
    """What is published works elsewhere: no path of somebody's machine, no index of packages."""
    found = [
        f"{path}:{number}: {what}: {match[0]}"
        for path, text in texts()
        if path != Path("tests/architecture/test_files.py")
        for number, line in enumerate(text.splitlines(), 1)
        if (match := pattern.search(line))
    ]
    assert found == []


def test_no_error_is_dropped_in_silence() -> None:
    """No handler consists of nothing: an error is handled, told or raised."""
    silent = [
        f"{path}:{handler.lineno}"
        for path, tree in programs()
        for handler in ast.walk(tree)
        if isinstance(handler, ast.ExceptHandler) and all(map(says_nothing, handler.body))
    ]
    assert silent == []


def says_nothing(statement: ast.stmt) -> bool:
    """Return whether a statement is `pass`, `...` or a bare text."""
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def test_every_test_makes_its_claim() -> None:
    """Every test has one docstring that says in a sentence what holds."""
    silent = [
        f"{path}:{node.name}"
        for path, tree in programs()
        if path.parts[0] == "tests" and path.name.startswith("test_")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_nothing_is_skipped_without_a_reason() -> None:
    """A skip or an expected failure says why."""
    silent = [
        f"{path}:{node.lineno}"
        for path, tree in programs()
        if path.parts[0] == "tests"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"skip", "skipif", "xfail"}
        and not node.keywords
        and not node.args
    ]
    assert silent == []


def test_every_capability_has_the_same_file_names() -> None:
    """Knowing one capability is knowing all: each that has tables has models, and no other name."""
    for models in (ROOT / "domain").glob("*/models.py"):
        assert (models.parent / "__init__.py").is_file()
        assert not (models.parent / "utils.py").exists()
        assert not (models.parent / "helpers.py").exists()

"""`schakel policy diff`: two versions, each loaded by itself, from folders and from git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ops.cli import main
from ops.policy import PolicyError, compare, rules_of

TABLE = """
from enum import StrEnum
from types import SimpleNamespace

def rule(who, what, source="A source"):
    return SimpleNamespace(id=f"{who}/read/{what}", who=who, basis="AVG 6(1)(e)", exception=None,
        end="assignment", source=source, what=what)

TABLE = ({rules})
"""
RENDER = """
def dutch(rule):
    return f"{rule.who} mag {rule.what} inzien. Bron: {rule.source}."

def english(rule):
    return f"{rule.who} may read {rule.what}. Source: {rule.source}."
"""
FIRST = 'rule("mentor", "signal"), rule("mentor", "plan"), rule("guardian", "report"),'
SECOND = 'rule("mentor", "signal"), rule("guardian", "report", "A law"), rule("guardian", "plan"),'


def write(folder: Path, rules: str) -> Path:
    """Write a small version of the policy into a folder."""
    package = folder / "permissions"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text("")
    (package / "table.py").write_text(TABLE.replace("{rules}", rules))
    (package / "render.py").write_text(RENDER)
    return folder


def git(repository: Path, *arguments: str) -> str:
    """Run git in a repository, as nobody in particular, and return what it prints."""
    done = subprocess.run(
        ["git", "-c", "user.name=N", "-c", "user.email=n@example.org", *arguments],
        cwd=repository,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a commit before the policy, the first version, and the second."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    git(folder, "commit", "-q", "--allow-empty", "-m", "Begin")
    for rules in (FIRST, SECOND):
        write(folder, rules)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "Policy")
    git(folder, "tag", "approved", "HEAD~1")
    return folder


def diff(*arguments: str | Path) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["policy", "diff", *map(str, arguments)])


EXPECTED = """\
Gegeven: 1. Ontnomen: 1. Gewijzigd: 1.

Mentor
  - ontnomen: mentor mag plan inzien. Bron: A source.

Ouder of voogd met gezag
  + gegeven: guardian mag plan inzien. Bron: A source.
  ~ gewijzigd (bron): guardian/read/report
      was: guardian mag report inzien. Bron: A source.
      wordt: guardian mag report inzien. Bron: A law.
"""


@pytest.mark.parametrize("before", ["HEAD~1", "approved", "main~1"])
def test_two_revisions_differ(repository: Path, before: str) -> None:
    """A commit, a tag or a branch is a version; a difference ends with 1, as diff does."""
    shown = diff(before, "HEAD", "--repository", repository)
    assert (shown.exit_code, shown.output) == (1, EXPECTED)


def test_two_folders_differ_as_the_revisions_do(tmp_path: Path) -> None:
    """Each folder is loaded by itself: the one says nothing through the other, nor through ours."""
    shown = diff(write(tmp_path / "a", FIRST), write(tmp_path / "b", SECOND))
    assert (shown.exit_code, shown.output) == (1, EXPECTED)


def test_the_other_way_round_what_was_given_is_taken(repository: Path) -> None:
    """Turned around, the same permissions come and go."""
    there = compare("HEAD~1", "HEAD", repository)
    back = compare("HEAD", "HEAD~1", repository)
    assert (there.given, there.taken) == (back.taken, back.given)


def test_a_revision_and_the_folder_that_it_is_in_do_not_differ(repository: Path) -> None:
    """A version against itself ends with 0, in the language that is asked for."""
    shown = diff("HEAD", repository, "--repository", repository, "--english")
    assert (shown.exit_code, shown.output) == (0, "No difference: 3 rules.\n")


def test_what_is_not_committed_is_seen(repository: Path) -> None:
    """A folder is what it holds now, not what its last commit holds."""
    write(repository, FIRST)
    assert diff("HEAD", repository, "--repository", repository).exit_code == 1
    assert diff("approved", repository, "--repository", repository).exit_code == 0


def test_without_a_second_version_the_policy_here_is_meant(tmp_path: Path) -> None:
    """Compared with nothing else, a version is compared with the policy of this clone."""
    shown = diff(write(tmp_path, FIRST), "--english")
    assert shown.exit_code == 1
    assert "- taken: guardian may read report. Source: A source." in shown.output
    assert "+ given: A mentor may read a pupil's identity" in shown.output


def test_variables_of_a_hook_lead_nowhere_else(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a hook git is told of another repository; the one that is named is read all the same."""
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert len(rules_of("HEAD", repository)) == 3


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("nowhere", "neither a folder with permissions/table.py nor a revision"),
        ("--output=x", "neither a folder with permissions/table.py nor a revision"),
        ("HEAD~2", "there is no permissions/ in that revision"),
    ],
)
def test_what_is_no_version_is_trouble(repository: Path, version: str, reason: str) -> None:
    """A slip in a name is no empty policy: it ends with 2 and says why."""
    shown = diff("--repository", repository, "--", version, "HEAD")
    assert shown.exit_code == 2
    assert f"{version}: {reason}" in shown.output


def test_a_table_that_cannot_be_loaded_is_trouble(tmp_path: Path) -> None:
    """A broken version is said to be broken, with the reason that Python gives."""
    write(tmp_path, "rule(")
    with pytest.raises(PolicyError, match="its table cannot be loaded: SyntaxError"):
        rules_of(str(tmp_path))


def test_loading_a_version_leaves_nothing_in_its_folder(tmp_path: Path) -> None:
    """Comparing is reading: no compiled file stays behind."""
    rules_of(str(write(tmp_path, FIRST)))
    assert sorted(file.name for file in tmp_path.rglob("*")) == [
        "__init__.py",
        "permissions",
        "render.py",
        "table.py",
    ]

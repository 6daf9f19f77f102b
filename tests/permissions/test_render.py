"""The page that a lawyer approves: made from the table, whole, and in two languages."""

from __future__ import annotations

import re
import runpy
import sys
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

import pytest

from permissions import law, render, words
from permissions.table import TABLE
from permissions.vocabulary import (
    TO_BE_CONFIRMED,
    Activity,
    Basis,
    DataClass,
    End,
    Exception_,
    Purpose,
    Role,
    Rule,
    Tie,
)

VOCABULARIES = [
    (Role, words.ROLES),
    (Activity, words.ACTIVITIES),
    (DataClass, words.DATA_CLASSES),
    (Purpose, words.PURPOSES),
    (Tie, words.TIES),
    (End, words.ENDS),
    (Basis, law.BASES),
    (Exception_, law.EXCEPTIONS),
]


def test_everything_made_from_the_table_is_fresh() -> None:
    """The files are what the table says now: run `python -m permissions.render` when not."""
    for file, text in render.pages().items():
        assert file.read_text(encoding="utf-8") == text, file.name


@pytest.mark.parametrize(("vocabulary", "said"), VOCABULARIES)
def test_every_member_has_words_in_both_languages(
    vocabulary: type[StrEnum], said: Mapping[StrEnum, words.Words]
) -> None:
    """A new member without words fails here; one that is gone leaves no words behind."""
    assert set(said) == set(vocabulary)
    assert all(text.strip() for pair in said.values() for text in pair)


@pytest.mark.parametrize(("vocabulary", "said"), VOCABULARIES)
def test_two_members_are_never_said_alike(
    vocabulary: type[StrEnum], said: Mapping[StrEnum, words.Words]
) -> None:
    """Two things in one wording could not be told apart by who approves them."""
    for language in (0, 1):
        texts = [pair[language] for pair in said.values()]
        assert len(set(texts)) == len(texts)


def test_every_source_has_dutch_that_is_as_sure_as_the_original() -> None:
    """Each source of the table has Dutch, none is left over, and reserve is kept."""
    assert {rule.source for rule in TABLE} == set(law.SOURCES)
    for source, dutch in law.SOURCES.items():
        assert (TO_BE_CONFIRMED in source) == (law.UNCONFIRMED.nl in dutch)


@pytest.mark.parametrize("rule", TABLE, ids=lambda rule: rule.id)
def test_every_rule_is_a_whole_sentence_in_both_languages(rule: Rule) -> None:
    """Role, purpose, tie, basis, end and source stand in it, and an exception if there is one."""
    dutch, english = render.dutch(rule), render.english(rule)
    assert re.fullmatch(
        r"[A-Z].* mag .*, voor .*, zolang .*, op grond van AVG .*, tot .*\. Bron: .*\.", dutch
    )
    assert re.fullmatch(
        r"[A-Z].* may .*, for .*, while .*, on the basis of AVG .*, until .*\. Source: .*\.",
        english,
    )
    assert ("met als uitzondering op het verbod" in dutch) == (rule.exception is not None)
    assert ("as the exception to AVG" in english) == (rule.exception is not None)
    assert "{" not in dutch + english
    assert "|" not in dutch + english


def test_no_two_rules_read_alike() -> None:
    """Every sentence is of one rule, so that the difference of two pages shows every change."""
    for said in (render.dutch, render.english):
        assert len({said(rule) for rule in TABLE}) == len(TABLE)


def test_the_page_has_a_line_for_each_rule_in_each_language() -> None:
    """No data class is folded into the sentence of another."""
    lines = [line for line in render.matrix().splitlines() if line.startswith("| `")]
    assert lines == [
        f"| `{rule.what}` | {said(rule)} | {confirmed(rule, language)} |"
        for language, said in (("nl", render.dutch), ("en", render.english))
        for role in dict.fromkeys(rule.who for rule in TABLE)
        for rule in TABLE
        if rule.who is role
    ]


def confirmed(rule: Rule, language: str) -> str:
    """Return what the last column says."""
    if TO_BE_CONFIRMED in rule.source:
        return {"nl": "**nog te bevestigen**", "en": "**to be confirmed**"}[language]
    return {"nl": "ja", "en": "yes"}[language]


def test_what_is_to_be_confirmed_is_counted_at_the_top() -> None:
    """Before any rule the page says how many there are and how many no lawyer has confirmed."""
    unconfirmed = sum(TO_BE_CONFIRMED in rule.source for rule in TABLE)
    assert 0 < unconfirmed < len(TABLE)
    dutch, english = render.matrix().split("\n## English\n")
    assert f"Regels: **{len(TABLE)}**" in dutch.split("###")[0]
    assert f"**nog te bevestigen** is: **{unconfirmed}**" in dutch.split("###")[0]
    assert f"**to be confirmed**: **{unconfirmed}**" in english.split("###")[0]


def test_dutch_comes_first_and_every_role_has_its_heading() -> None:
    """The page opens in Dutch; each role is a heading, once in each language."""
    page = render.matrix()
    assert page.index("## Nederlands") < page.index("## English")
    assert len(re.findall("^### ", page, re.MULTILINE)) == 2 * len(Role)
    assert "### Leerplichtambtenaar" in page
    assert "### Attendance officer" in page


def test_a_source_without_dutch_fails() -> None:
    """A new source is not left out of the sentence: printing it fails until it has Dutch."""
    with pytest.raises(KeyError):
        render.dutch(replace(TABLE[0], source="A law of tomorrow"))


def test_a_wording_for_one_place_is_of_a_rule_that_is_there() -> None:
    """A phrase for one act or one tie in its place is used, or it would go stale unseen."""
    assert set(words.ACTS) <= {(rule.may, rule.what) for rule in TABLE}
    assert set(words.TIES_THERE) <= {(rule.tie, rule.may, rule.what) for rule in TABLE}


def test_what_is_in_the_data_is_said_where_it_is_given() -> None:
    """What a class holds is told where it is read or delivered, and not repeated with each act."""
    assert "(" in words.act_of(TABLE[0]).nl
    sent = next(rule for rule in TABLE if rule.may is Activity.SEND)
    assert words.act_of(sent) == ("de verzuimmelding verzenden", "send the report")


def test_each_exception_lifts_the_prohibition_that_it_is_about() -> None:
    """Data on offences fall under AVG art. 10, all other special-category data under art. 9."""
    for rule in TABLE:
        offences = rule.exception is Exception_.UAVG_33_CRIMINAL
        assert ("verbod van AVG art. 10:" in render.dutch(rule)) == offences
        assert ("exception to AVG 10" in render.english(rule)) == offences


def test_the_command_writes_every_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`python -m permissions.render` writes the page and the policies, and nothing else."""
    made = render.pages()
    monkeypatch.setattr(render, "MATRIX", tmp_path / "MATRIX.md")
    monkeypatch.setattr(render, "CEDAR", tmp_path)
    render.main()
    assert {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()} == {
        file.name: text for file, text in made.items()
    }


def test_the_command_runs_as_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as a module, the pages are written beside the table."""
    written: dict[Path, str] = {}

    def keep(path: Path, text: str, encoding: str) -> None:
        assert encoding == "utf-8"
        written[path] = text

    monkeypatch.setattr(Path, "write_text", keep)
    monkeypatch.delitem(sys.modules, "permissions.render")
    runpy.run_module("permissions.render", run_name="__main__")
    assert written == render.pages()

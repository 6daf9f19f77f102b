"""What changes for whom: permissions given, taken and changed, in sentences."""

from __future__ import annotations

import json
import runpy
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from permissions import render, telling
from permissions.compare import Told, difference, report
from permissions.table import TABLE
from permissions.vocabulary import Basis, DataClass, End, Role, Rule

MENTOR = TABLE[0]
GUARDIAN = next(
    rule for rule in TABLE if rule.who is Role.GUARDIAN and rule.basis is not Basis.LEGAL_DUTY
)
REGISTER = next(rule for rule in TABLE if rule.who is Role.ABSENCE_REGISTER)


def told(*rules: Rule) -> list[Told]:
    """Return rules as their version tells them."""
    return [Told.of(value) for value in telling.told(rules, render.dutch, render.english)]


def test_the_same_rules_in_another_order_are_no_difference() -> None:
    """The order of a table means nothing, so turning it around changes nothing for anybody."""
    found = difference(told(*TABLE), told(*reversed(TABLE)))
    assert not found
    assert report(found) == f"Geen verschil: {len(TABLE)} regels."
    assert report(found, "en") == f"No difference: {len(TABLE)} rules."


def test_what_is_given_and_what_is_taken_is_said_role_by_role() -> None:
    """Every permission that comes or goes is a whole sentence under who it is about."""
    found = difference(told(MENTOR, REGISTER), told(REGISTER, GUARDIAN))
    assert found
    assert report(found) == "\n".join(
        [
            "Gegeven: 1. Ontnomen: 1. Gewijzigd: 0.",
            "",
            "Mentor",
            f"  - ontnomen: {render.dutch(MENTOR)}",
            "",
            "Ouder of voogd met gezag",
            f"  + gegeven: {render.dutch(GUARDIAN)}",
        ]
    )
    assert report(found, "en") == "\n".join(
        [
            "Given: 1. Taken: 1. Changed: 0.",
            "",
            "Mentor",
            f"  - taken: {render.english(MENTOR)}",
            "",
            "Parent or guardian with parental authority",
            f"  + given: {render.english(GUARDIAN)}",
        ]
    )


def test_a_wider_rule_is_another_rule() -> None:
    """Who gets another class instead loses one permission and is given another."""
    wider = replace(MENTOR, what=DataClass.REPORT)
    found = difference(told(MENTOR), told(wider))
    assert [rule.id for rule in found.given] == [wider.id]
    assert [rule.id for rule in found.taken] == [MENTOR.id]
    assert not found.changed


@pytest.mark.parametrize(
    ("after", "parts"),
    [
        (replace(MENTOR, basis=Basis.LEGAL_DUTY), "grondslag"),
        (replace(MENTOR, end=End.MANDATE), "einde"),
        (replace(MENTOR, source=REGISTER.source), "bron"),
        (replace(MENTOR, end=End.MANDATE, source=REGISTER.source), "einde, bron"),
    ],
)
def test_a_permission_that_rests_on_something_else_has_changed(after: Rule, parts: str) -> None:
    """Same permission, other ground, end or source: the parts are named, both sentences given."""
    found = difference(told(MENTOR, GUARDIAN), told(after, GUARDIAN))
    assert found
    assert report(found) == "\n".join(
        [
            "Gegeven: 0. Ontnomen: 0. Gewijzigd: 1.",
            "",
            "Mentor",
            f"  ~ gewijzigd ({parts}): {MENTOR.id}",
            f"      was: {render.dutch(MENTOR)}",
            f"      wordt: {render.dutch(after)}",
        ]
    )


def test_what_changes_for_two_roles_is_said_under_each() -> None:
    """Each role is told of its own changes, in the order of the table."""
    after = [replace(rule, basis=Basis.LEGAL_DUTY) for rule in (GUARDIAN, MENTOR)]
    said = report(difference(told(MENTOR, GUARDIAN), told(*after)), "en")
    mentor, guardian = said.index(f"(basis): {MENTOR.id}"), said.index(f"(basis): {GUARDIAN.id}")
    assert said.index("\nMentor\n") < mentor < said.index("\nParent or guardian") < guardian
    assert said.count("~ changed") == 2


def test_an_exception_that_goes_has_changed() -> None:
    """What lifts the prohibition on special-category data is part of what a rule rests on."""
    special = next(rule for rule in TABLE if rule.exception is not None)
    before = told(special)
    after = [replace(before[0], grounds=(before[0].grounds[0], "", *before[0].grounds[2:]))]
    assert "~ gewijzigd (uitzondering)" in report(difference(before, after))
    assert "~ changed (exception)" in report(difference(before, after), "en")


def test_other_words_for_the_same_rule_are_counted_and_change_nothing() -> None:
    """A sentence that reads better is no other permission, and is not passed over in silence."""
    before = told(MENTOR)
    after = [replace(before[0], sentence=before[0].sentence._replace(nl="Anders gezegd."))]
    found = difference(before, after)
    assert not found
    assert report(found) == "Geen verschil: 1 regels.\nAnders verwoord, zelfde regel: 1."


def test_roles_come_as_the_table_has_them_and_unknown_ones_last() -> None:
    """A role that this version has no words for is named as it stands, after the others."""
    stranger = replace(told(MENTOR)[0], id="ghost/x", role="ghost")
    found = difference([], [stranger, *told(GUARDIAN, MENTOR)])
    titles = [block.splitlines()[0] for block in report(found).split("\n\n")[1:]]
    assert titles == ["Mentor", "Ouder of voogd met gezag", "ghost"]


def test_a_rule_without_words_is_told_by_its_name() -> None:
    """A version that lacks the words for a rule does not hide it: name, ground and source stand."""
    unsaid = replace(MENTOR, source="A law of tomorrow")
    text = report(difference([], told(unsaid)))
    assert f"+ gegeven: {MENTOR.id} (AVG 6(1)(e); assignment; A law of tomorrow)" in text


def test_a_version_is_told_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table in the folder that is named is printed whole, each rule with both sentences."""
    root = Path(render.__file__).parent.parent
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "argv", ["telling.py", str(root)])
    runpy.run_path(telling.__file__, run_name="__main__")
    values: Iterable[dict[str, object]] = json.loads(capsys.readouterr().out)
    assert [Told.of(value) for value in values] == told(*TABLE)
    assert sys.path[0] == str(root)

"""What must hold of the table as a whole, whatever rows it gets."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from permissions.rules.writing import rows
from permissions.table import TABLE
from permissions.vocabulary import (
    SPECIAL_CATEGORY,
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

FIRST = TABLE[0]


def test_no_rule_is_in_the_table_twice() -> None:
    """The name that a trace gives to a rule belongs to one row."""
    ids = [rule.id for rule in TABLE]
    assert len(ids) == len(set(ids))


def test_a_rule_is_named_by_who_what_for_by_which_tie() -> None:
    """The name tells role, purpose, tie, activity and data class, in that order."""
    assert FIRST.id == "mentor/daily_guidance/class_assignment/read/pupil.identity"


def test_every_rule_on_special_category_data_names_its_exception() -> None:
    """AVG art. 9 forbids; a rule that permits says what lifts the prohibition."""
    special = [rule for rule in TABLE if rule.what in SPECIAL_CATEGORY]
    assert special
    assert all(rule.exception is not None for rule in special)


def test_no_other_rule_claims_an_exception() -> None:
    """An exception beside ordinary data would suggest that there is something special in it."""
    ordinary = [rule for rule in TABLE if rule.what not in SPECIAL_CATEGORY]
    assert all(rule.exception is None for rule in ordinary)


@pytest.mark.parametrize("what", sorted(SPECIAL_CATEGORY))
def test_special_category_data_without_an_exception_is_refused(what: DataClass) -> None:
    """The build fails on such a row, and says which."""
    with pytest.raises(ValueError, match=f"{what}: special-category data needs an exception"):
        replace(FIRST, what=what, exception=None)


@pytest.mark.parametrize("source", ["", "  \n"])
def test_a_rule_without_a_source_is_refused(source: str) -> None:
    """Every row cites something."""
    with pytest.raises(ValueError, match="a rule without a source is an opinion"):
        replace(FIRST, source=source)


def test_a_rule_cannot_be_changed_while_running() -> None:
    """What was loaded is what was approved."""
    with pytest.raises((FrozenInstanceError, AttributeError)):
        FIRST.source = "another"  # type: ignore[misc]


def test_shorthand_states_one_rule_per_class() -> None:
    """`rows` writes the exception beside the special class only, and a rule for each."""
    made = rows(
        Role.MENTOR,
        Purpose.DAILY_GUIDANCE,
        Tie.CLASS_ASSIGNMENT,
        Activity.READ,
        (DataClass.SIGNAL, DataClass.ATTENDANCE_REASON_HEALTH),
        basis=Basis.PUBLIC_TASK,
        exception=Exception_.UAVG_30_SCHOOL,
        end=End.ASSIGNMENT,
        source="A source",
    )
    assert [(rule.what, rule.exception) for rule in made] == [
        (DataClass.SIGNAL, None),
        (DataClass.ATTENDANCE_REASON_HEALTH, Exception_.UAVG_30_SCHOOL),
    ]


def test_every_member_of_the_vocabulary_is_in_use() -> None:
    """A word that no row uses would promise something that is not there."""
    assert {rule.who for rule in TABLE} == set(Role)
    assert {rule.purpose for rule in TABLE} == set(Purpose)
    assert {rule.tie for rule in TABLE} == set(Tie)
    assert {rule.may for rule in TABLE} == set(Activity)
    assert {rule.what for rule in TABLE} == set(DataClass)
    assert {rule.basis for rule in TABLE} == set(Basis)
    assert {rule.exception for rule in TABLE} == {None, *Exception_}
    assert {rule.end for rule in TABLE} == set(End)


def test_a_rule_is_whole() -> None:
    """A rule has every column of its own type; none is prose but the source."""
    for rule in TABLE:
        assert isinstance(rule, Rule)
        kinds = (rule.who, rule.may, rule.what, rule.purpose, rule.tie, rule.basis, rule.end)
        assert list(map(type, kinds)) == [Role, Activity, DataClass, Purpose, Tie, Basis, End]

"""The rows that speak for an actor, held against a truth table written by hand."""

from __future__ import annotations

from itertools import product

import pytest

from permissions.decide import index, only_aggregates, purposes_of, rules_for
from permissions.table import TABLE
from permissions.vocabulary import Activity, DataClass, Purpose, Role
from tests.permissions.expected import BEYOND, DRAFT, HELD_BACK, permitted, rows


@pytest.mark.parametrize("role", Role)
def test_a_role_may_exactly_what_the_truth_table_says(role: Role) -> None:
    """For every purpose, activity and data class, a role's ties are those written by hand."""
    found = {
        (rule.who, rule.purpose, rule.tie, rule.may, rule.what)
        for purpose, activity, what in product(Purpose, Activity, DataClass)
        for rule in rules_for(role, purpose, activity, what)
    }
    assert found == {row for row in permitted() if row[0] == role}


def test_what_differs_from_the_draft_is_said_once() -> None:
    """What the table adds to the draft is not in it, and what it holds back is."""
    draft, beyond, held_back = rows(DRAFT), rows(BEYOND), rows(HELD_BACK)
    assert not beyond & draft
    assert held_back <= draft
    assert not held_back & {(r.who, r.purpose, r.tie, r.may, r.what) for r in TABLE}


def test_only_rules_that_fit_the_question_speak() -> None:
    """A rule that speaks is of the asked role, purpose, activity and data class."""
    for role, purpose, activity, what in product(Role, Purpose, Activity, DataClass):
        for rule in rules_for(role, purpose, activity, what):
            assert (rule.who, rule.purpose, rule.may, rule.what) == (role, purpose, activity, what)


def test_no_row_is_no_access() -> None:
    """A mentor may not read a report, and nothing speaks for what no row names."""
    nothing = rules_for(Role.MENTOR, Purpose.DAILY_GUIDANCE, Activity.READ, DataClass.REPORT)
    assert nothing == ()


def test_several_ties_may_speak_for_one_question() -> None:
    """An officer reads a report while the office has it, as her own file, or as an earlier one."""
    rules = rules_for(
        Role.ATTENDANCE_OFFICER, Purpose.COMPULSORY_SCHOOLING, Activity.READ, DataClass.REPORT
    )
    assert [rule.tie for rule in rules] == ["report_allocation", "own_file", "earlier_report"]


def test_the_purposes_of_a_role_are_those_it_has_a_rule_for() -> None:
    """A token can be given for a purpose of the role and for no other."""
    by_hand = {role: {row[1] for row in permitted() if row[0] == role} for role in Role}
    assert {role: set(purposes_of(role)) for role in Role} == by_hand
    assert purposes_of(Role.ATTENDANCE_OFFICER) == (
        Purpose.COMPULSORY_SCHOOLING,
        Purpose.CASE_COORDINATION,
        Purpose.EMERGENCY,
    )


def test_only_who_holds_a_mandate_for_figures_sees_groups_alone() -> None:
    """The login without any privilege on persons serves exactly who works with figures."""
    alone = {pair for pair in product(Role, Purpose) if only_aggregates(*pair)}
    assert alone == {
        (Role.BOARD_ANALYST, Purpose.POLICY_STATISTICS),
        (Role.ATTENDANCE_ADVISER, Purpose.PREVENTION_ADVICE),
        (Role.ALLIANCE_ANALYST, Purpose.POLICY_STATISTICS),
        (Role.INSPECTOR, Purpose.SUPERVISION),
        (Role.POLICY_MAKER, Purpose.POLICY_STATISTICS),
        (Role.REPORTING_CLIENT, Purpose.POLICY_STATISTICS),
    }


def test_reading_nothing_is_not_reading_groups() -> None:
    """A role that may read nothing for a purpose does not count as one that sees groups alone."""
    assert not only_aggregates(Role.PLATFORM_OPERATOR, Purpose.OPERATION)
    assert not only_aggregates(Role.MENTOR, Purpose.YOUTH_CARE)


def test_a_rule_stated_twice_is_refused() -> None:
    """The same rule cannot be in the table twice, with another source for instance."""
    with pytest.raises(ValueError, match=r"mentor/daily_guidance.*stated twice"):
        index([TABLE[0], TABLE[0]])


def test_the_order_of_the_table_means_nothing() -> None:
    """Turning the table around changes no set of rules that speaks."""
    forward, backward = index(TABLE), index(reversed(TABLE))
    assert {key: set(rules) for key, rules in forward.items()} == {
        key: set(rules) for key, rules in backward.items()
    }

"""How many young persons may be seen in a day: everyone who may see one has a figure."""

from __future__ import annotations

from permissions.budgets import BUDGETS, IN_EMERGENCY, budget
from permissions.table import TABLE
from permissions.vocabulary import ABOUT_GROUPS, Activity, DataClass, Purpose, Role

ABOUT_NOBODY = ABOUT_GROUPS | {DataClass.STAFF, DataClass.IMPORT_RECEIPT}


def test_exactly_who_reads_about_persons_has_a_budget() -> None:
    """A role that reads about young persons can see some in a day, and no other role any."""
    readers = {r.who for r in TABLE if r.may is Activity.READ and r.what not in ABOUT_NOBODY}
    assert set(BUDGETS) == readers
    assert min(BUDGETS.values()) > 0


def test_a_role_that_is_not_named_sees_nobody() -> None:
    """The budget of a role without a figure is nothing, whatever the purpose."""
    assert budget(Role.INSPECTOR, Purpose.SUPERVISION) == 0
    assert budget(Role.MENTOR, Purpose.DAILY_GUIDANCE) == BUDGETS[Role.MENTOR]


def test_an_emergency_is_about_a_few_for_everyone() -> None:
    """The purpose of an emergency has its own figure, smaller than any role's of the staff."""
    assert {budget(role, Purpose.EMERGENCY) for role in Role} == {IN_EMERGENCY}

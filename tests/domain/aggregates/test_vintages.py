"""When a period may be released a second time."""

from __future__ import annotations

import pytest

from domain.aggregates.made import Answer
from domain.aggregates.rounding.levels import Row
from domain.aggregates.vintages import Answered, changed_enough, counted_enough, exact_rows
from domain.errors import Conflict


def test_a_change_of_fewer_than_ten_pupils_is_no_second_vintage() -> None:
    """Nine pupils more are refused by name; ten are not, and the same answer is not either."""
    key = ("branch", "99WA00", "plans_started", "total")
    before: Answered = {key: (("all",), ("none", "started"), (60, 20))}

    def after(none: int, started: int) -> list[Answer]:
        cells = (none, started)
        return [Answer(*key, ("99WA00",), ("all",), ("none", "started"), cells, 1)]

    changed_enough(before, after(60, 20))
    changed_enough(before, after(50, 30))
    with pytest.raises(Conflict, match="would change by 9"):
        changed_enough(before, after(51, 29))
    with pytest.raises(Conflict, match="in one vintage only"):
        changed_enough({}, after(60, 20))


def test_time_changes_by_ten_pupils_worth_or_stays() -> None:
    """Of time the same holds, in pupils' worth of scheduled time."""
    key = ("board", "B", "minutes", "total")
    before: Answered = {key: (("all",), ("scheduled", "late"), (100, 5))}

    def after(late: int) -> list[Answer]:
        return [Answer(*key, ("B",), ("all",), ("scheduled", "late"), (100, late), 2)]

    changed_enough(before, after(5))
    changed_enough(before, after(15))
    with pytest.raises(Conflict, match="would change by 1"):
        changed_enough(before, after(6))


def test_a_small_change_in_a_branch_is_no_second_vintage_either() -> None:
    """Two girls that move are refused though no total changes; ten are not, nor is no change."""
    groups = ("1_2:f", "1_2:m")

    def exact(girls: int, boys: int) -> list[list[Row]]:
        cells = (60 - girls, 60 - boys, 20 + girls, 20 + boys)
        return [exact_rows("99WA00", "plans_started", groups, cells)]

    counted_enough(exact(0, 0), exact(0, 0))
    counted_enough(exact(0, 0), exact(10, 10))
    for girls, boys in ((2, -2), (2, 0), (12, -10)):
        with pytest.raises(Conflict, match="joins the next period"):
            counted_enough(exact(0, 0), exact(girls, boys))

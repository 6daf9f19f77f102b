"""Which periods there are, how they are named, and when they are over."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from domain.aggregates.models import PeriodKind
from domain.aggregates.periods import (
    due,
    month,
    of_school_year,
    period_named,
    period_of,
    school_year,
    term,
)
from domain.aggregates.services import parts_of
from domain.errors import Invalid

YEAR = list(of_school_year(2026))


def test_the_periods_of_a_kind_cover_a_school_year_without_overlap() -> None:
    """Months, terms and the year each begin on 1 August, follow each other and end on 31 July."""
    for kind in PeriodKind:
        days = [(each.first_day, each.last_day) for each in YEAR if each.kind == kind]
        assert days[0][0] == date(2026, 8, 1)
        assert days[-1][1] == date(2027, 7, 31)
        for (_, last), (first, _) in pairwise(days):
            assert first == last + timedelta(days=1)


@pytest.mark.parametrize("period", YEAR, ids=lambda period: period.name)
def test_a_period_is_found_by_its_name_and_by_its_first_day(period: object) -> None:
    """The name that a period prints is the one by which it is found."""
    assert period_named(period.name) == period  # pyright: ignore[reportAttributeAccessIssue]
    assert period_of(period.kind, period.first_day) == period  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize(
    "name",
    ["", "2026", "2026-13", "2026-00", "2026-2028", "2026-2027-summer", "1999-05", "2026-10-01"],
)
def test_any_other_name_is_refused(name: str) -> None:
    """A mistake in typing is the name of no period."""
    with pytest.raises(Invalid):
        period_named(name)


def test_a_day_within_a_period_begins_none() -> None:
    """A period is found by its first day alone."""
    with pytest.raises(Invalid):
        period_of(PeriodKind.TERM, date(2026, 9, 1))


def test_weeks_belong_to_the_period_of_their_monday() -> None:
    """The first and the last Monday lie in the period; a week that began before does not."""
    assert month(2026, 10).mondays == (date(2026, 10, 5), date(2026, 10, 26))
    assert term(2026, "winter").mondays == (date(2027, 1, 4), date(2027, 3, 29))
    assert school_year(2026).mondays == (date(2026, 8, 3), date(2027, 7, 26))


def test_a_period_is_due_two_weeks_after_its_last_day() -> None:
    """On its fourteenth day after a period can still be closed; on the fifteenth it is locked."""
    october = month(2026, 10)
    assert not october.is_over(date(2026, 10, 31))
    assert october.is_over(date(2026, 11, 1))
    assert october not in due(date(2026, 11, 14))
    assert october in due(date(2026, 11, 15))


def test_parts_hold_every_branch_once() -> None:
    """The first and the last key that can be are in one part each, and so is any other."""
    for number in (1, 2, 3):
        parts = parts_of(number)
        for key in (UUID(int=0), UUID(int=(1 << 128) - 1), UUID(int=1 << 127), uuid4()):
            assert [part.holds(key) for part in parts].count(True) == 1

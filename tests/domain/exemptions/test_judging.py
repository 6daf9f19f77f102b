"""Exemptions and non-enrolment held against the dated rules, without a database."""

from __future__ import annotations

from datetime import date

import pytest

from domain.errors import Invalid
from domain.exemptions.judging import Period, age_on, check_bound, check_period, months_before
from domain.exemptions.models import ExemptionKind
from domain.exemptions.services import retention_end
from domain.reference.exemptions import all_exemption_rules, exemption_rules

TODAY = date(2026, 6, 10)
RULES = exemption_rules(TODAY)
BORN = date(2012, 3, 1)
YEAR = (date(2026, 8, 1), date(2027, 7, 31))


def tried(
    kind: str,
    days: tuple[date, date | None] = YEAR,
    statement: date | None = None,
    born: date | None = BORN,
) -> str:
    """Return the field that a period is refused at, or nothing."""
    period = Period(first_day=days[0], last_day=days[1], statement_on=statement)
    try:
        check_period(RULES.kinds[kind], period, born, TODAY)
    except Invalid as refused:
        return refused.path[0]
    return ""


def test_every_kind_has_its_rules_and_a_source() -> None:
    """No kind is without what holds for it, and every set names an article."""
    for rules in all_exemption_rules():
        assert set(rules.kinds) == {str(kind) for kind in ExemptionKind}
        assert all("Leerplichtwet 1969 art." in kind.source for kind in rules.kinds.values())


@pytest.mark.parametrize("kind", [k for k in ExemptionKind if k is not ExemptionKind.HEALTH])
def test_an_exemption_is_for_one_school_year(kind: ExemptionKind) -> None:
    """One year from August to July is, one day more or no end is not."""
    assert tried(kind, born=date(2010, 1, 1)) == ""
    assert tried(kind, (YEAR[0], date(2027, 8, 1))) == "lastDay"
    assert tried(kind, (YEAR[0], None)) == "lastDay"
    assert tried(kind, (YEAR[1], YEAR[0])) == "lastDay"


def test_days_that_no_exemption_can_have() -> None:
    """A day of no known year is refused where it is typed, before anything is counted from it."""
    for kind in ("art_5_a_health", "art_5_b_belief"):
        assert tried(kind, (YEAR[0], date.max), TODAY) == "lastDay"
        assert tried(kind, (date.max, date.max), TODAY) == "firstDay"
        assert tried(kind, (date.min, YEAR[1]), TODAY) == "firstDay"


def test_only_who_never_will_be_fit_is_exempt_without_an_end() -> None:
    """Article 5(a) alone lifts the yearly notice (art. 6 to 9)."""
    assert tried("art_5_a_health", (YEAR[0], None), TODAY) == ""


@pytest.mark.parametrize(
    ("statement", "refused_at"),
    [
        (None, "statementOn"),
        (date(2026, 3, 10), ""),
        (date(2026, 3, 9), "statementOn"),
        (date(2026, 6, 11), "statementOn"),
    ],
)
def test_a_statement_is_at_most_three_months_old(statement: date | None, refused_at: str) -> None:
    """Article 5(a) needs one, from three months ago until today."""
    assert tried("art_5_a_health", statement=statement) == refused_at


def test_another_kind_takes_no_statement() -> None:
    """A day of a statement would tell of health where none is asked."""
    assert tried("art_5_b_belief", statement=TODAY) == "statementOn"


def test_a_substitute_programme_begins_at_fourteen() -> None:
    """Article 3a from the fourteenth birthday, 3b without an age, and no age guessed."""
    assert tried("art_3a_substitute", born=date(2012, 8, 1)) == ""
    assert tried("art_3a_substitute", born=date(2012, 8, 2)) == "kind"
    assert tried("art_3a_substitute", born=None) == "kind"
    assert tried("art_3b_substitute", born=None) == ""


@pytest.mark.parametrize(
    ("since", "born", "bound"),
    [
        (date(2026, 6, 1), date(2021, 6, 1), True),
        (date(2026, 6, 1), date(2021, 6, 2), False),
        (date(2026, 6, 1), date(2008, 6, 1), False),
        (date(2026, 6, 1), date(2008, 6, 2), True),
        (date(2026, 6, 11), BORN, False),
        (date(2026, 6, 1), None, True),
    ],
)
def test_who_can_be_bound_to_attend(since: date, born: date | None, bound: bool) -> None:  # noqa: FBT001 - a case of the table
    """From five until eighteen, and not in the future."""
    if bound:
        check_bound(RULES, since, born, TODAY)
    else:
        with pytest.raises(Invalid):
            check_bound(RULES, since, born, TODAY)


def test_days_of_leap_years() -> None:
    """Who is born on 29 February comes of age on the 28th; months end where they end."""
    assert age_on(date(2026, 2, 27), date(2012, 2, 29)) == 13
    assert age_on(date(2026, 2, 28), date(2012, 2, 29)) == 14
    assert months_before(date(2026, 5, 31), 3) == date(2026, 2, 28)
    assert retention_end(date(2028, 2, 29)) == date(2029, 2, 28)
    assert retention_end(None) is None

from dataclasses import replace
from datetime import date

import pytest

from domain.reference import rulesets
from domain.reference.rulesets import NoRuleSetError, rule_set, rule_sets
from domain.reference.ruleshapes import Measure, Unit


def test_the_law_of_today() -> None:
    """Art. 21a: 16 hours, 4 teaching weeks, 5 working days; the sectors count differently."""
    rule = rule_set(date(2026, 11, 23)).sixteen_hours
    assert rule.code == "SIXTEEN_HOURS_IN_FOUR_WEEKS"
    assert rule.kind["nl"] == "16 uur in 4 weken"
    assert (rule.threshold, rule.window_teaching_weeks, rule.act_within_working_days) == (16, 4, 5)
    assert rule.units["VO"].unit is Unit.LESSON_HOUR
    assert {rule.units[sector].unit for sector in ("PO", "SBO", "SO")} == {Unit.CLOCK_HOUR}
    assert dict(rule.counts) == {
        "unauthorised": Measure.LESSON_UNITS,
        "late": Measure.MINUTES_MISSED,
        "sent_out": Measure.MINUTES_MISSED,
    }


def test_every_rule_set_is_explained_and_sourced() -> None:
    """A rule set says in two languages what it holds, and where that is written."""
    for entry in rule_sets():
        for part in (entry, *entry.rules, *entry.tiers):
            assert part.source
            assert part.explanation["nl"]
            assert part.explanation["en"]


def test_no_rule_set_before_the_first_day() -> None:
    """A day before any rule set is refused instead of judged by a later law."""
    first = rule_set(date(2026, 11, 23)).valid_from
    assert rule_set(first).valid_from == first
    with pytest.raises(NoRuleSetError, match="exactly one"):
        rule_set(date(first.year - 1, 1, 1))


def test_a_new_law_takes_over_on_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last day of one rule set and the first of the next are each judged by their own."""
    turn = date(2027, 8, 1)
    old = replace(rule_set(date(2026, 11, 23)), valid_until=turn)
    new = replace(old, code="new-law", valid_from=turn, valid_until=None)
    monkeypatch.setattr(rulesets, "rule_sets", lambda: (old, new))
    assert rule_set(date(2027, 7, 31)).code == old.code
    assert rule_set(turn).code == "new-law"


def test_two_rule_sets_on_one_day_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Overlapping rule sets are a mistake that is said, not resolved by order."""
    one = rule_set(date(2026, 1, 1))
    monkeypatch.setattr(rulesets, "rule_sets", lambda: (one, replace(one, code="other")))
    with pytest.raises(NoRuleSetError, match="2 rule sets"):
        rule_set(date(2026, 1, 1))

import copy
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from domain.reference import rulesets
from domain.reference.codes import reason
from domain.reference.files import json_file
from domain.reference.ruleparsing import parsed
from domain.reference.rulesets import BANDS, NoRuleSetError, counting, rule_set, rule_sets
from domain.reference.ruleshapes import Measure, RuleSet, Unit


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


def test_a_rule_is_guarded_by_what_it_tells() -> None:
    """A rule counts only reasons of its own class: who reads it could know each of them."""
    for entry in rule_sets():
        for rule in (*entry.rules, *entry.tiers):
            if rule.reasons is None:
                assert not rule.data_class.startswith("attendance.reason"), rule.code
                continue
            found = [reason(code, date(2026, 11, 23)) for code in rule.reasons]
            assert found, rule.code
            assert {each and each.data_class for each in found} == {rule.data_class}, rule.code


def test_illness_has_no_kind_of_report() -> None:
    """Only absence without a valid reason may become a report, of a kind that the set lists."""
    kinds = {kind.code for entry in rule_sets() for kind in entry.report_kinds}
    drafts = {rule.code for entry in rule_sets() if entry.status == "draft" for rule in entry.rules}
    for entry in rule_sets():
        for rule in entry.rules:
            reported = rule.report_kind is not None
            assert reported == (set(rule.counts) <= {"unauthorised", "late", "sent_out"}), rule.code
            assert not reported or rule.report_kind in kinds | drafts


def test_no_family_has_two_rule_sets_on_a_day() -> None:
    """Each family has at most one rule set that counts, and the rule sets meet without a gap."""
    by_family: dict[str, list[RuleSet]] = {}
    for entry in counting():
        by_family.setdefault(entry.family, []).append(entry)
    for entries in by_family.values():
        for earlier, later in pairwise(entries):
            assert earlier.valid_until == later.valid_from


def test_what_a_rule_counts_with_is_told_as_text() -> None:
    """Every number of a rule is among its parameters, and none of its texts is."""
    told = dict(rule_set(date(2026, 11, 23)).sixteen_hours.parameters())
    assert told["threshold"] == "16"
    assert told["ages"] == "from 5, under 18"
    assert told["units"].endswith("VO=lesson_hour of 60 minutes")
    assert "source" not in told
    (tier, *_) = rule_set(date(2026, 11, 23), BANDS).tiers
    assert dict(tier.parameters())["bands"] == "tier 2 from 10 per 100; tier 3 from 20 per 100"


def test_a_kind_of_rule_that_nothing_counts_is_refused() -> None:
    """A misspelt kind, status or measure fails when the file is read, and not later in silence."""
    content: Any = copy.deepcopy(json_file("rulesets", "mazl.json"))
    content["rules"][0]["counted_as"] = "nth_evnt"
    with pytest.raises(KeyError, match="nth_evnt"):
        parsed(content)
    with pytest.raises(ValueError, match="maybe"):
        parsed(content | {"status": "maybe"})

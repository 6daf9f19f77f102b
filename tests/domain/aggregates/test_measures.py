"""Every measure is declared once, explained, and counted of its own period."""

from __future__ import annotations

import pytest

from domain.aggregates.guidance import guidance, rounding
from domain.aggregates.measures import ATTENDANCE, MEASURES, TIERS, TIME, bands, measures_of
from domain.aggregates.models import PeriodKind
from domain.aggregates.tables import counts_in, counts_of, kept, with_nobody_left_out, year_of
from domain.reference.rulesets import BANDS, rule_sets


def test_every_measure_is_explained_in_both_languages() -> None:
    """Each says what it is, says, does not say and how it is misread; so does the rounding."""
    assert set(guidance()) == {*MEASURES, TIME}
    for entry in guidance().values():
        texts = [
            entry.name, entry.formula, entry.numerator, entry.denominator, entry.unit,
            entry.says, entry.does_not_say, *entry.misreadings,
        ]  # fmt: skip
        assert len(entry.misreadings) >= 2
        assert all(text["nl"].strip() and text["en"].strip() for text in texts)
    assert "0 of ongeveer 5; totalen tellen op" in rounding()["nl"]


def test_events_are_told_of_months_alone() -> None:
    """Of a term or a year they are sums of months: counted anew, both could be subtracted."""
    assert set(measures_of(PeriodKind.MONTH)) == set(MEASURES)
    for kind in (PeriodKind.TERM, PeriodKind.SCHOOL_YEAR):
        assert set(measures_of(kind)) == {*ATTENDANCE} - {"frequent_sickness"}


def test_tiers_are_those_of_the_rules() -> None:
    """The numbers that the database counts with come from the rule set."""
    (rules,) = (entry for entry in rule_sets() if entry.family == BANDS)
    assert {tier: bands(rules, tier) for tier in TIERS} == {
        "sickness": [4, 8, 100, 15, 100, 0],
        "unauthorised": [4, 2, 100, 6, 100, 0],
        "lateness": [4, 1, 2, 1, 1, 1],
    }
    with pytest.raises(ValueError, match="no tiers"):
        bands(rules, "mood")


@pytest.mark.parametrize(
    ("sector", "number", "year"),
    [
        ("PO", 1, "1_2"), ("PO", 8, "7_8"), ("PO", 0, "unknown"), ("SO", 5, "5_6"),
        ("VO", 11, "year_1"), ("VO", 13, "year_3"), ("VO", 14, "year_4_6"), ("VO", 16, "year_4_6"),
        ("VO", 17, "unknown"), ("VO", 3, "unknown"), ("PO", None, "unknown"),
    ],
)  # fmt: skip
def test_a_jaargroep_lies_in_a_year_group(sector: str, number: int | None, year: str) -> None:
    """Of every sector the numbers of the register; what is no number of it is not known."""
    assert year_of(sector, number) == year


def test_a_kept_table_gives_back_what_was_counted() -> None:
    """Categories, year groups and sexes, those that are not known among them."""
    scale = MEASURES["reports"]
    counted = counts_of(
        scale, "PO", ["OTHER|3|female", "LATER_LAW|3|female", "transition||unknown"], [2, 1, 4]
    )
    assert counted == {
        ("other", "3_4", "f"): 3,
        ("transition", "unknown", "unknown"): 4,
    }
    everybody = {("0_5", "3_4", "f"): 10, ("unknown", "unknown", "unknown"): 4}
    whole = with_nobody_left_out(counted, everybody, "none")
    groups, cells = kept(scale, "PO", whole)
    assert sum(cells) == 14
    back = counts_in(scale.categories, groups, cells)
    assert back == {key: number for key, number in whole.items() if number}
    assert back["none", "3_4", "f"] == 7


def test_a_category_that_is_not_declared_is_refused() -> None:
    """A band that the scale does not have is a mistake, and counted nowhere."""
    with pytest.raises(ValueError, match="no category"):
        counts_of(MEASURES["absence"], "PO", ["99_100|3|female"], [1])

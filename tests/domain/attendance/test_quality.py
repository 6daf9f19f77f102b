"""The definitions of the quality of registration, by worked examples."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.attendance.quality import Quality, WeekCounts, measure, patterns_of
from domain.reference.quality import quality_rules

TODAY = date(2026, 4, 1)
RULES = quality_rules(TODAY)
MONDAY = date(2026, 3, 2)
GOOD = WeekCounts(
    monday=MONDAY, pupils=200, delivered_at=datetime(2026, 3, 9, 8, tzinfo=UTC), absences=40,
    judged=30, unknown_reasons=3, whole_days=20, most_of_one_code=15, corrections=2,
)  # fmt: skip
MISSING = replace(
    GOOD, monday=date(2026, 3, 9), delivered_at=None, absences=0, judged=0, unknown_reasons=0,
    whole_days=0, most_of_one_code=0, corrections=0,
)  # fmt: skip


def measured(*weeks: WeekCounts, teaching: frozenset[date] | None = None) -> Quality:
    """Measure weeks as they are known on 1 April."""
    return measure(RULES, weeks, teaching=teaching, today=TODAY)


def scores(found: Quality) -> dict[str, float | None]:
    """Return the score of each part."""
    return {part.code: part.score for part in found.parts}


def test_a_good_week() -> None:
    """Delivered whole and in time, nine in ten reasons known: 98 of 100."""
    found = measured(GOOD)
    assert scores(found) == {
        "completeness": 100, "timeliness": 100, "reasons": 90, "plausibility": 100,
        "corrections": 5,
    }  # fmt: skip
    assert found.score == pytest.approx(98)


def test_a_week_that_was_not_submitted_is_unknown() -> None:
    """It halves completeness and is counted in no other part: it is not a week without absence."""
    found = measured(GOOD, MISSING)
    assert scores(found) == scores(measured(GOOD)) | {"completeness": 50}
    assert [week.patterns for week in found.weeks] == [(), ()]


def test_corrections_count_in_no_score() -> None:
    """A school that corrects much scores as well as one that corrects nothing."""
    assert measured(replace(GOOD, corrections=40)).score == measured(GOOD).score


@pytest.mark.parametrize(("day", "in_time"), [(15, True), (16, False)])
def test_the_term_is_a_week_after_the_sunday(day: int, in_time: bool) -> None:  # noqa: FBT001 - a case
    """The week of 2 March is in time through 15 March, and late from the 16th."""
    week = replace(GOOD, delivered_at=datetime(2026, 3, day, 12, tzinfo=UTC))
    assert measured(week).weeks[0].in_time is in_time


@pytest.mark.parametrize(
    ("changed", "patterns"),
    [
        ({"absences": 0, "judged": 0, "whole_days": 0, "most_of_one_code": 0}, ("no_exceptions",)),
        (
            {"absences": 0, "judged": 0, "whole_days": 0, "most_of_one_code": 0, "pupils": 99},
            (),
        ),
        ({"whole_days": 40}, ("all_whole_days",)),
        ({"absences": 19, "judged": 19, "whole_days": 19, "most_of_one_code": 19}, ()),
        ({"most_of_one_code": 27}, ()),
        ({"most_of_one_code": 28}, ("one_code",)),
    ],
)
def test_patterns_that_look_like_a_mistake(
    changed: dict[str, int], patterns: tuple[str, ...]
) -> None:
    """No absence in a large branch, whole days alone, one code for nearly all: from a number on."""
    assert patterns_of(RULES, replace(GOOD, **changed)) == patterns


def test_what_was_scheduled_decides_what_is_expected() -> None:
    """Where a schedule was delivered a week without one is free, whatever the calendar says."""
    free = replace(MISSING, pupils=0)
    found = measured(GOOD, free, teaching=frozenset({GOOD.monday, free.monday}))
    assert [week.counts.monday for week in found.weeks] == [GOOD.monday]


def test_without_any_schedule_the_calendar_decides() -> None:
    """A branch that delivers nothing at all is expected to, in the teaching weeks."""
    silent = [replace(MISSING, monday=MONDAY + timedelta(weeks=n), pupils=0) for n in range(3)]
    found = measured(*silent, teaching=frozenset({MONDAY, MONDAY + timedelta(weeks=1)}))
    assert (found.score, len(found.weeks)) == (0, 2)
    assert measured(*silent).score is None


def test_a_week_that_has_not_ended_is_not_expected() -> None:
    """The week of today counts in nothing yet."""
    assert measured(replace(MISSING, monday=date(2026, 3, 30))).score is None


def test_every_part_says_how_to_read_it() -> None:
    """Each part has what it says and does not say in both languages; the weights make a hundred."""
    assert sum(part["weight"] for part in RULES.parts) == 100
    for part in RULES.parts:
        for text in (part["name"], part["says"], part["does_not_say"]):
            assert text["nl"]
            assert text["en"]

"""What the job counts of roll-ups in one pass is what adding them up by hand gives."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from sqlalchemy import text

from domain.aggregates.measures import TIERS, bands
from domain.database import Login
from domain.reference.rulesets import BANDS, rule_set
from tests.conftest import TestDatabase
from tests.filled import undone
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

Counts = dict[tuple[str, str, str], int]
PUPILS = """
    select e.branch_id, e.pupil_id, max(e.year_group) || ':' || coalesce(max(p.sex), 'unknown')
    from enrolment e join pupil p on p.id = e.pupil_id group by 1, 2
"""
ILL = """
    select distinct branch_id, pupil_id from signal where withdrawn_at is null
      and kind in ('FOURTH_SICK_REPORT', 'SEVENTH_SICK_DAY')
"""
WEEKS = """
    select branch_id, pupil_id, scheduled_minutes, scheduled_minutes - attended_minutes
    from pupil_week where replaced_at is null and attended_minutes is not null
"""
SIDES = """
    select d.branch_id, d.pupil_id, d.dimension, d.minutes, d.times from dimension_week d
    where d.replaced_at is null and exists (select from delivered_week v
        where v.branch_id = d.branch_id and v.monday = d.monday and v.replaced_at is null)
"""
MINUTES_TOGETHER = 10
"""Of fewer pupils than this, or if all but three have less than this percentage, it is one's."""


def _tier(amount: int, scheduled: int, weeks: int, rule: list[int]) -> str:
    least, second, to_second, third, to_third, of_weeks = rule
    whole = weeks if of_weeks else scheduled
    if weeks < least:
        return "few_weeks"
    if amount * to_third >= third * whole:
        return "tier_3"
    return "tier_2" if amount * to_second >= second * whole else "tier_1"


def _band(missed: int, scheduled: int) -> str:
    percent = 100 * missed / scheduled
    for name, end in (("0_5", 5), ("5_10", 10), ("10_20", 20), ("20_50", 50)):
        if percent < end:
            return name
    return "50_plus"


def _kind(missed: int, scheduled: int, sick: int, away: int) -> str:
    if missed * 10 < scheduled:
        return "below_10"
    amounts = {
        "mostly_ill": sick,
        "mostly_unauthorised": away,
        "mostly_other": missed - sick - away,
    }
    return max(amounts, key=lambda name: amounts[name])  # of equal amounts the first


def _by_hand(made: TestDatabase, rules: dict[str, list[int]]) -> Counts:
    """Return by branch, measure and cell what there is, from the rows themselves."""
    weeks: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    sides: dict[tuple[str, str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for branch, pupil, scheduled, missed in _rows(made, WEEKS):
        weeks[branch, pupil].append((int(scheduled), int(missed)))
    for branch, pupil, dimension, minutes, times in _rows(made, SIDES):
        before = sides[branch, pupil, dimension]
        sides[branch, pupil, dimension] = before[0] + int(minutes), before[1] + int(times)
    often_ill = {(branch, pupil) for branch, pupil in _rows(made, ILL)}
    found: Counts = defaultdict(int)
    missed_of: dict[tuple[str, str], list[int]] = defaultdict(list)
    for branch, pupil, group in _rows(made, PUPILS):
        own = weeks[branch, pupil]
        scheduled, missed = (sum(each[at] for each in own) for at in (0, 1))
        side = {name: sides[branch, pupil, name] for name in TIERS}
        told = dict.fromkeys(("absence", "absence_kinds", "frequent_sickness", *TIERS), "unknown")
        if scheduled:
            sick, away, late = (side[name][0] for name in TIERS)
            amounts = {"sickness": sick, "unauthorised": away, "lateness": side["lateness"][1]}
            told = {"absence": _band(missed, scheduled)} | {
                "absence_kinds": _kind(missed, scheduled, sick, away),
                "frequent_sickness": "often_ill" if (branch, pupil) in often_ill else "not_often",
            } | {
                name: _tier(amount, scheduled, len(own), rules[name])
                for name, amount in amounts.items()
            }  # fmt: skip
            found[branch, "minutes", "scheduled"] += scheduled
            other = max(missed - away - late, 0)
            for name, minutes in (("unauthorised", away), ("late", late), ("other", other)):
                if minutes:
                    missed_of[branch, name].append(minutes)
        for measure, category in told.items():
            found[branch, measure, f"{category}|{group.replace(':', '|')}"] += 1
    for (branch, name), minutes in missed_of.items():
        found[branch, "minutes", name] = sum(minutes)
        rest = sum(sorted(minutes, reverse=True)[3:])
        dominated = len(minutes) < MINUTES_TOGETHER or 100 * rest < MINUTES_TOGETHER * max(minutes)
        found[branch, "minutes", f"{name}|dominated"] = int(dominated)
    return found


def _rows(made: TestDatabase, statement: str) -> list[list[str]]:
    return [line.split("|") for line in made.run_sql(statement)]


@pytest.mark.parametrize("named", [False, True])
async def test_one_pass_counts_what_there_is(
    filled: tuple[TestDatabase, World], *, named: bool
) -> None:
    """Bands, kinds, tiers and minutes of every branch; of named branches the same of theirs."""
    made, world = filled
    rules = {name: bands(rule_set(world.moment.today, BANDS), name) for name in TIERS}
    given: dict[str, Any] = {
        "first": min(world.year.mondays),
        "last": world.moment.today,
        "few": MINUTES_TOGETHER,
        "percent": MINUTES_TOGETHER,
        "wanted": [world.branches["99WA00"]] if named else None,
    } | rules
    statement = text(
        "select branch_id, measure, cells, pupils from reach.branch_attendance(:first, :last,"
        " :sickness, :unauthorised, :lateness, :few, :percent, :wanted)"
    )
    async with undone(world, world.actors["job_policy_statistics"], Login.JOBS) as session:
        rows = (await session.execute(statement, given)).all()
        assert await session.scalar(text("show enable_nestloop")) == "on"
    counted = {
        (str(row.branch_id), row.measure, cell): number
        for row in rows
        for cell, number in zip(row.cells, row.pupils, strict=True)
    }
    by_hand = _by_hand(made, rules)
    expected = {
        key: number
        for key, number in by_hand.items()
        if not named or key[0] == str(world.branches["99WA00"])
    }
    assert counted == expected
    told = {cell.split("|")[0] for _, measure, cell in counted if measure == "absence_kinds"}
    assert {"below_10", "mostly_ill", "mostly_unauthorised"} <= told
    assert any(cell.startswith("often_ill") for _, _, cell in counted)

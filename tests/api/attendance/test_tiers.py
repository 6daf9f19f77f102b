"""Tiers over GraphQL equal the rule over the delivered lines, for everyone who sees them."""

from datetime import date

import pytest

from api import ids
from api.app import PLATFORM_ROLES
from domain.reading.run import planned
from domain.reference.rules.tiering import Counted, tier_of
from domain.reference.rulesets import BANDS, rule_set
from domain.reference.ruleshapes import TierRule
from permissions import decide
from permissions.vocabulary import Activity, DataClass, Purpose, Role
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio

QUERY = """
query($id: ID!, $from: Date, $until: Date) {
  pupil(id: $id) {
    tiers(from: $from, until: $until) {
      dimension dataClass tier rule ruleSet amount amountUnit outOf outOfUnit deliveredWeeks
    }
    attendance(from: $from, until: $until) {
      indicator ruleSet quality firstWeek lastWeek deliveredWeeks
    }
    access { withheld }
  }
}
"""
ILL_AND_TRUANT = (0, 1, 2, 14)
"""Pupils who were ill, late, truant, or more than one of these."""
RULES = {rule.dimension: rule for rule in rule_set(date(2026, 11, 23), BANDS).tiers}


def expected(world: World, number: int, rule: TierRule) -> Counted:
    """Count from the lines that were delivered, and nothing of the platform."""
    key, weeks = world.children[number].key, len(world.year.mondays)
    counted = [
        missed
        for missed in world.missed
        if missed.pupil == key
        and (not rule.counts or missed.category in rule.counts)
        and (rule.reasons is None or missed.reason in rule.reasons)
    ]
    amount = len(counted) if rule.numerator == "times" else sum(m.minutes for m in counted)
    whole = weeks if rule.denominator == "weeks" else 1500 * weeks
    return Counted(amount, whole, weeks)


async def test_tiers_are_those_of_the_delivered_lines(face: Face, world: World) -> None:
    """Whoever sees a tier sees the one that follows from all delivered lines, not visible ones."""
    seen: set[tuple[str, str]] = set()
    for who, actor in world.actors.items():
        if actor.role in PLATFORM_ROLES:
            continue
        for number in ILL_AND_TRUANT:
            pupil = world.pupils[number]
            data = await face.data(actor, QUERY, id=ids.encode("pupil", pupil))
            for tier in (data["pupil"] or {"tiers": []})["tiers"]:
                rule = RULES[tier["dimension"]]
                counted = expected(world, number, rule)
                assert (tier["amount"], tier["outOf"]) == (counted.amount, counted.whole)
                assert tier["tier"] == tier_of(rule, counted)
                assert (tier["rule"], tier["ruleSet"]) == (rule.code, "attendance-bands-1")
                seen.add((who, tier["dimension"]))
    assert {dimension for who, dimension in seen if who == "mentor"} == set(RULES)
    assert {dimension for who, dimension in seen if who == "head"} == set(RULES) - {"sickness"}


async def test_a_withheld_dimension_is_absent_and_named(
    face: Face, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the class of its marks a dimension has no tier: never the lowest instead."""
    what = DataClass.ATTENDANCE_UNAUTHORISED
    key = (Role.MENTOR, Purpose.DAILY_GUIDANCE, Activity.READ, what)
    monkeypatch.delitem(decide._INDEX, key)
    planned.cache_clear()
    try:
        data = await face.data(
            world.actors["mentor"], QUERY, id=ids.encode("pupil", world.pupils[0])
        )
    finally:
        planned.cache_clear()
    found = {tier["dimension"] for tier in data["pupil"]["tiers"]}
    assert found == {"attendance", "sickness"}
    assert "attendance.unauthorised" in data["pupil"]["access"]["withheld"]


async def test_a_short_period_has_no_tier_and_says_so(face: Face, world: World) -> None:
    """Of two weeks there is no tier, and the rate is flagged as short; of none it is empty."""
    first, second = world.year.mondays[:2]
    wanted = ids.encode("pupil", world.pupils[0])
    short = await face.data(
        world.actors["mentor"], QUERY, id=wanted, **{"from": str(first), "until": str(second)}
    )
    assert {(tier["tier"], tier["amount"]) for tier in short["pupil"]["tiers"]} == {(None, None)}
    assert {tier["deliveredWeeks"] for tier in short["pupil"]["tiers"]} == {2}
    assert short["pupil"]["attendance"] == {
        "indicator": "ATTENDANCE_RATE",
        "ruleSet": "attendance-bands-1",
        "quality": ["SHORT_PERIOD"],
        "firstWeek": str(first),
        "lastWeek": str(second),
        "deliveredWeeks": 2,
    }
    none = await face.data(
        world.actors["mentor"], QUERY, id=wanted, **{"from": "2019-01-07", "until": "2019-01-14"}
    )
    assert none["pupil"]["attendance"]["quality"] == ["NO_DELIVERED_WEEKS"]
    assert none["pupil"]["attendance"]["firstWeek"] is None

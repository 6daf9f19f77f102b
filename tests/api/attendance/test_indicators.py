"""The registry of indicators: public, whole in two languages, and about what the API gives."""

import pytest
from graphql import GraphQLObjectType

from api import ids
from api.schema import make_schema
from domain.attendance.indicators import indicators
from domain.reference.rulesets import rule_sets
from permissions.vocabulary import DataClass
from tests.serving import Face
from tests.world import World

QUERY = """
{
  indicators {
    code unit { nl en } says { nl en } doesNotSay { nl en } misreadings { nl en } source ruleCodes
  }
  qualityFlags { code explanation { nl en } }
  ruleSets {
    code status validFrom source explanation { nl en }
    rules {
      code name { nl } source dataClass reportKind explanation { nl en }
      parameters { name value }
    }
  }
}
"""


@pytest.mark.asyncio
async def test_anyone_may_read_what_numbers_mean(face: Face) -> None:
    """Without a token: the texts, the flags and the rules with their numbers."""
    data = await face.data(None, QUERY)
    assert {entry["code"] for entry in data["qualityFlags"]} == {
        "NO_DELIVERED_WEEKS", "WEEKS_UNKNOWN", "SHORT_PERIOD",
    }  # fmt: skip
    law = next(entry for entry in data["ruleSets"] if entry["code"] == "leerplichtwet-1969")
    sixteen = law["rules"][0]
    assert {"name": "threshold", "value": "16"} in sixteen["parameters"]
    assert sixteen["reportKind"] == "SIXTEEN_HOURS_IN_FOUR_WEEKS"
    drafts = [entry["code"] for entry in data["ruleSets"] if entry["status"] == "draft"]
    assert drafts == ["terugdringen-schoolverzuim-draft"]


def test_every_indicator_is_whole() -> None:
    """Each says in both languages what it is, says, does not say, and how it is misread."""
    codes = [entry.code for entry in indicators()]
    assert len(set(codes)) == len(codes)
    for entry in indicators():
        texts = [
            entry.name, entry.formula, entry.numerator, entry.denominator, entry.unit,
            entry.says, entry.does_not_say, *entry.misreadings,
        ]  # fmt: skip
        assert len(entry.misreadings) >= 2
        assert all(text["nl"].strip() and text["en"].strip() for text in texts)
        assert entry.source
        assert DataClass(entry.data_class)


def test_indicators_and_rules_point_at_each_other() -> None:
    """Every rule that counts is explained by an indicator, and no indicator names another rule."""
    named = {code for entry in indicators() for code in entry.rule_codes}
    there = {rule.code for entry in rule_sets() for rule in (*entry.rules, *entry.tiers)}
    told_itself = {"UNAUTHORISED_HOLIDAY", "CONCERNING_ABSENCE"}
    assert named == there - told_itself


def test_what_an_indicator_points_at_is_in_the_schema() -> None:
    """The place where its values are read exists."""
    schema = make_schema()._schema
    for entry in indicators():
        type_name, field, *_ = entry.read_at.split(" ")[0].split(".")
        found = schema.type_map[type_name]
        assert isinstance(found, GraphQLObjectType)
        assert field in found.fields


@pytest.mark.asyncio
async def test_a_rate_names_its_indicator(face: Face, world: World) -> None:
    """The code that comes with a rate is one of the registry."""
    data = await face.data(
        world.actors["mentor"],
        "query($id: ID!) { pupil(id: $id) { attendance { indicator } } }",
        id=ids.encode("pupil", world.pupils[0]),
    )
    assert data["pupil"]["attendance"]["indicator"] in {entry.code for entry in indicators()}

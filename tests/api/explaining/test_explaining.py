import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from api import ids
from permissions.render import dutch, english
from permissions.table import TABLE
from permissions.vocabulary import Actor, DataClass
from tests.api.explaining.conftest import Asked

pytestmark = pytest.mark.asyncio

EXPLAIN = """
query($person: ID!, $what: String!) { explain(youngPersonId: $person, dataClass: $what) {
    dataClass aboutOne permitted otherPurposes advice { nl en }
    grounds { rule tie says { nl en } basis exception source end holds until } } }
"""
WHO = """
query($person: ID!, $what: String!) { whoCanSee(youngPersonId: $person, dataClass: $what) {
    asked complete viewers { staffId name role purpose rule tie until says { nl en } } } }
"""
RULES = {rule.id: rule for rule in TABLE}
HEALTH = "attendance.reason.health"


def person(asked: Asked, number: int) -> str:
    """Return the id of the young person with a number."""
    return ids.encode("youngperson", asked.explained.world.young_persons[number])


async def explained(asked: Asked, actor: Actor, number: int, what: str) -> dict[str, Any]:
    """Return the explanation that the API gives."""
    data = await asked.face.data(actor, EXPLAIN, person=person(asked, number), what=what)
    found: dict[str, Any] = data["explain"]
    return found


async def test_a_rule_is_told_whole(asked: Asked) -> None:
    """A mentor gets the rule as the matrix says it, its parts, and that its tie holds."""
    found = await explained(asked, asked.explained.world.actors["mentor"], 0, "pupil.identity")
    (ground,) = found["grounds"]
    rule = RULES[ground["rule"]]
    assert ground == {
        "rule": "mentor/daily_guidance/class_assignment/read/pupil.identity",
        "tie": "CLASS_ASSIGNMENT",
        "says": {"nl": dutch(rule), "en": english(rule)},
        "basis": rule.basis,
        "exception": None,
        "source": rule.source,
        "end": "assignment",
        "holds": True,
        "until": None,
    }
    assert found["permitted"] is True
    assert found["aboutOne"] is True
    assert found["dataClass"] == "pupil.identity"


async def test_what_is_withheld_is_explained(asked: Asked) -> None:
    """The classes that `access` withholds on a pupil are those that `explain` does not permit."""
    world = asked.explained.world
    query = "query($id: ID!) { pupil(id: $id) { access { until withheld } } }"
    compared = 0
    for name in ("mentor", "coordinator", "head", "support_coordinator", "guardian", "consultant"):
        actor = world.actors[name]
        data = await asked.face.data(actor, query, id=ids.encode("pupil", world.pupils[0]))
        if data["pupil"] is None:
            continue
        for what in data["pupil"]["access"]["withheld"]:
            found = await explained(asked, actor, 0, what)
            assert not found["permitted"], f"{name} {what}"
            compared += 1
        identity = await explained(asked, actor, 0, "pupil.identity")
        assert data["pupil"]["access"]["until"] in {g["until"] for g in identity["grounds"]}
    assert compared > 5


async def test_another_purpose_is_named(asked: Asked) -> None:
    """A token for case work is told for which purpose the report is read."""
    found = await explained(asked, asked.explained.world.actors["officer_case"], 0, "report")
    assert found["grounds"] == []
    assert found["otherPurposes"] == ["COMPULSORY_SCHOOLING"]
    assert found["permitted"] is False
    assert set(found["advice"]) == {"nl", "en"}


async def test_hidden_absent_and_malformed_answer_alike(asked: Asked) -> None:
    """Byte for byte: somebody hidden, nobody, another kind of thing, and no id at all."""
    world = asked.explained.world
    officer = world.actors["privacy_officer"]
    wanted = (
        person(asked, 14),
        ids.encode("youngperson", uuid4()),
        ids.encode("pupil", world.pupils[0]),
        "youngperson_x",
        "",
    )
    for actor, query in ((world.actors["mentor"], EXPLAIN), (officer, EXPLAIN), (officer, WHO)):
        answers: set[bytes] = set()
        for each in wanted:
            answer = await asked.face.client.post(
                "/graphql",
                json={"query": query, "variables": {"person": each, "what": "pupil.identity"}},
                headers=asked.face.headers(actor),
            )
            answers.add(answer.content)
        assert len(answers) == 1
        assert b"errors" not in answers.pop()


async def test_an_unknown_class_is_refused(asked: Asked) -> None:
    """A class that the policy does not name is said so, without a guess at what was meant."""
    actor = asked.explained.world.actors["mentor"]
    answer = await asked.face.ask(actor, EXPLAIN, person=person(asked, 0), what="pupil.secrets")
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert error["message"].startswith("There is no such data class.")


async def test_the_officer_is_told_who(asked: Asked) -> None:
    """Every viewer is named with a rule that gives the class, and an id that the staff list has."""
    world = asked.explained.world
    data = await asked.face.data(
        world.actors["privacy_officer"], WHO, person=person(asked, 0), what="attendance.rate"
    )
    found = data["whoCanSee"]
    assert found["complete"] is True
    assert found["asked"] >= len(found["viewers"]) > 3
    staff = {ids.encode("staff", actor.id) for actor in world.actors.values()}
    for viewer in found["viewers"]:
        rule = RULES[viewer["rule"]]
        assert viewer["staffId"] in staff
        assert (rule.who, rule.what) == (viewer["role"], "attendance.rate")
        assert viewer["says"] == {"nl": dutch(rule), "en": english(rule)}


async def test_only_a_privacy_officer_is_told_who(asked: Asked) -> None:
    """For every other token the answer is null, as for what is not there."""
    told: list[str] = []
    for name, actor in asked.explained.everyone():
        data = await asked.face.data(actor, WHO, person=person(asked, 0), what="pupil.identity")
        if data["whoCanSee"] is not None:
            told.append(name)
    assert sorted(told) == [
        "actor privacy_officer accountability",
        "actor privacy_officer_youth_care accountability",
        "stranger privacy_officer accountability",
    ]


async def test_who_can_see_refuses_what_is_about_no_one(asked: Asked) -> None:
    """A class of figures is refused with a sentence."""
    answer = await asked.face.ask(
        asked.explained.world.actors["privacy_officer"],
        WHO,
        person=person(asked, 0),
        what="aggregate.branch",
    )
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert error["message"].startswith("This data class is not about one young person.")


async def test_reads_and_questions_share_a_request(asked: Asked) -> None:
    """A document may read, ask why and ask who, in any order: each is answered as alone."""
    world = asked.explained.world
    officer = world.actors["privacy_officer"]
    values = {"person": person(asked, 0), "what": "pupil.identity"}
    both = (
        "query($person: ID!, $what: String!) {"
        " before: organisationLog(first: 1) { nodes { act } }"
        " whoCanSee(youngPersonId: $person, dataClass: $what) { asked }"
        " explain(youngPersonId: $person, dataClass: $what) { permitted }"
        " after: organisationLog(first: 1) { nodes { act } } }"
    )
    data = await asked.face.data(officer, both, **values)
    assert data["whoCanSee"]["asked"] > 3
    assert data["explain"] == {"permitted": False}
    assert len(data["before"]["nodes"]) == 1
    assert data["after"]["nodes"] == [{"act": "viewers_listed"}]


async def test_a_family_finds_the_question_in_its_log(asked: Asked) -> None:
    """The log of a child tells that access to it was explained, and that viewers were listed."""
    from domain.jobs import make_access_log

    world = asked.explained.world
    await explained(asked, world.actors["mentor"], 1, "pupil.identity")
    await asked.face.data(
        world.actors["privacy_officer"], WHO, person=person(asked, 1), what="pupil.identity"
    )
    await make_access_log(world.database)
    log = "query($id: ID!) { accessLog(youngPersonId: $id) { lines { nodes { act role } } } }"
    data = await asked.face.data(world.actors["guardian"], log, id=person(asked, 1))
    lines: list[Mapping[str, str]] = data["accessLog"]["lines"]["nodes"]
    acts = {(line["act"], line["role"]) for line in lines}
    assert ("access_explained", "mentor") in acts
    assert ("viewers_listed", "privacy_officer") in acts


async def test_every_class_can_be_asked_for(asked: Asked) -> None:
    """Everyone may ask about every class, and never gets an error, nor anything but a yes or no."""
    world = asked.explained.world
    fields = " ".join(
        f'c{number}: explain(youngPersonId: "{person(asked, 0)}", dataClass: "{what}")'
        " { permitted aboutOne }"
        for number, what in enumerate(DataClass)
    )
    parts = fields.split(" c")
    for name in ("mentor", "guardian", "inspector", "officer", "school_system", "youth_doctor"):
        for start in range(0, len(parts), 10):
            some = " c".join(parts[start : start + 10])
            query = "{" + (some if some.startswith("c") else f"c{some}") + "}"
            data = await asked.face.data(world.actors[name], query)
            assert len(data) == len(parts[start : start + 10])
            assert "null" not in json.dumps(data)

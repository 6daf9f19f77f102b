from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
)

from api import ids
from api.app import PLATFORM_ROLES
from api.binding import VIEWS
from api.schema import make_schema
from domain.reading.view import View
from permissions.decide import rules_for
from permissions.vocabulary import Activity, Actor
from tests.serving import Face
from tests.world import World

pytestmark = pytest.mark.asyncio

SCHEMA = make_schema()._schema
ROOTS: dict[str, GraphQLField] = dict(SCHEMA.query_type.fields) if SCHEMA.query_type else {}
DEEPEST = 3
QUESTIONS = {"explain", "whoCanSee", "dataQuality", "export"}
"""Roots that answer from rules, ties or several rows; their tests are in `tests/api/explaining`,
`tests/api/quality` and `tests/api/publications`."""
PUBLISHED = {"indicators", "qualityFlags", "ruleSets", "teachingCalendar"}
"""Roots that answer from reference data, the same for everyone, without a token too."""
OTHERWISE = {"me", "node", *QUESTIONS, *PUBLISHED}
"""Roots that read no view of their own; each has a test below, but for the questions."""


def selected(graphql_type: Any, depth: int) -> str:
    """Return a selection of everything in a type down to a depth, without arguments."""
    named = get_named_type(graphql_type)
    if not isinstance(named, GraphQLObjectType):
        return ""
    parts = []
    for name, field in named.fields.items():
        inner = get_named_type(field.type)
        if isinstance(inner, GraphQLObjectType | GraphQLInterfaceType):
            if depth > 0 and name != "edges":
                pages = "(first: 3)" if "first" in field.args else ""
                parts.append(f"{name}{pages} {selected(inner, depth - 1)}")
        else:
            parts.append(name)
    return "{ __typename " + " ".join(parts) + " }"


def view_of(field: GraphQLField) -> tuple[str, View, bool]:
    """Return the type, the view and whether it is a list, of a root field."""
    named = get_named_type(field.type)
    assert isinstance(named, GraphQLObjectType)
    if named.name.endswith("Connection"):
        node = get_named_type(named.fields["nodes"].type)
        return node.name, VIEWS[node.name], True
    return named.name, VIEWS[named.name], False


def arguments(world: World, name: str) -> str:
    """Return the required arguments of a root field, naming things of the world."""
    things = {
        "pupil": ids.encode("pupil", world.pupils[0]),
        "report": ids.encode("report", next(iter(world.reports.values()))),
        "case": ids.encode("case", world.case_id),
        "leaveRequest": ids.encode("leaverequest", world.leave["officer"]),
        "exemption": ids.encode("exemption", world.exemptions["art_5_b_belief"]),
        "nonEnrolment": ids.encode("nonenrolment", world.non_enrolments["reported"]),
        "advice": ids.encode("advice", world.advice["closed"]),
        "referral": ids.encode("referral", world.referral_id),
        "importReceipt": ids.encode("receipt", next(iter(world.receipts.values()))),
        "node": ids.encode("pupil", world.pupils[0]),
    }
    person = ids.encode("youngperson", world.young_persons[0])
    branch = ids.encode("branch", world.branches["99WA00"])
    answer = f'unit: "branch:99WA00", period: "{world.period.name}"'
    told = f'(youngPersonId: "{person}", dataClass: "pupil.identity")'
    given = {
        "accessLog": f'(youngPersonId: "{person}")',
        "dataQuality": f'(branchId: "{branch}")',
        "figures": f'({answer}, measure: "absence")',
        "compare": f'({answer}, measure: "absence")',
        "pyramid": f"({answer})",
        "exactFigures": f'(branchId: "{branch}", period: "{world.period.name}", first: 10)',
        "export": f'(release: "{ids.encode("release", world.release_id)}",'
        ' unit: "branch:99WA00", format: CSV)',
        "explain": told,
        "whoCanSee": told,
        "teachingCalendar": "(schoolYear: 2025, region: NORTH)",
    }
    if name in given:
        return given[name]
    if "first" in ROOTS[name].args:
        return "(first: 10)"
    return f'(id: "{things[name]}")' if name in things else ""


def bearers(actors: dict[str, Actor]) -> dict[str, Actor]:
    """Return those who come with a token: the platform's own roles never do."""
    return {name: actor for name, actor in actors.items() if actor.role not in PLATFORM_ROLES}


def found_in(answer: Any) -> bool:
    """Return whether a root field answered with anything at all."""
    return bool(answer["nodes"]) if isinstance(answer, dict) and "nodes" in answer else bool(answer)


def may(actor: Actor, view: View) -> bool:
    """Return whether any rule could make a row of the view visible to the actor."""
    return view.public or any(
        rules_for(actor.role, actor.purpose, Activity.READ, data_class)
        for data_class in view.row_classes
    )


async def test_every_root_for_everyone(face: Face, world: World) -> None:
    """Everyone asks every root field: nobody gets an error, or anything without a rule for it."""
    seen: dict[str, set[str]] = {name: set() for name in ROOTS}
    everyone = {f"actor {n}": a for n, a in bearers(world.actors).items()}
    everyone |= {f"stranger {n}": a for n, a in bearers(world.strangers).items()}
    for who, actor in everyone.items():
        for name, field in ROOTS.items():
            if name in OTHERWISE:
                continue
            _, view, _ = view_of(field)
            query = f"{{ {name}{arguments(world, name)} {selected(field.type, DEEPEST)} }}"
            data = await face.data(actor, query)
            if found_in(data[name]):
                assert may(actor, view), f"{who} reads {name}"
                seen[name].add(who)
    for name in set(ROOTS) - OTHERWISE:
        assert any(who.startswith("actor") for who in seen[name]), f"{name} is filled for nobody"


async def test_strangers_do_not_find_what_is_named(face: Face, world: World) -> None:
    """For a stranger in the same role, a thing named by its id is not there."""
    for who, actor in bearers(world.strangers).items():
        for name, field in ROOTS.items():
            if name in OTHERWISE or "first" in field.args:
                continue
            query = f"{{ {name}{arguments(world, name)} {selected(field.type, 0)} }}"
            assert await face.data(actor, query) == {name: None}, f"{who} {name}"


async def test_anonymous_gets_the_directory_alone(face: Face, world: World) -> None:
    """Without a token the public directory answers, and everything else asks for a token."""
    for name, field in ROOTS.items():
        if name == "me":
            assert await face.data(None, "{ me { role } }") == {"me": None}
            continue
        fields = "{ id }" if name == "node" else selected(field.type, 1)
        answer = await face.ask(None, f"{{ {name}{arguments(world, name)} {fields} }}")
        if name in PUBLISHED or (name not in OTHERWISE and view_of(field)[1].public):
            assert "errors" not in answer, answer
        else:
            codes = {error["extensions"]["code"] for error in answer["errors"]}
            assert codes == {"UNAUTHENTICATED"}, f"{name}: {answer}"


async def test_node_is_the_same_door(face: Face, world: World) -> None:
    """`node(id:)` gives and withholds what the field of the type does."""
    wanted = ids.encode("pupil", world.pupils[0])
    query = (
        "query($id: ID!) { node(id: $id) { id ... on Pupil { familyName } }"
        " pupil(id: $id) { id familyName } }"
    )
    given = 0
    for who, actor in (*bearers(world.actors).items(), *bearers(world.strangers).items()):
        data = await face.data(actor, query, id=wanted)
        assert data["node"] == data["pupil"], who
        given += data["node"] is not None
    assert given > 0


async def test_me_lists_the_rules(face: Face, world: World) -> None:
    """`me` gives the bearer's role, purpose and rules, and nothing about anybody."""
    actor = world.actors["mentor"]
    data = await face.data(actor, "{ me { role purpose entitlements { dataClass tie source } } }")
    assert data["me"]["role"] == "mentor"
    assert data["me"]["purpose"] == "DAILY_GUIDANCE"
    assert {rule["tie"] for rule in data["me"]["entitlements"]} == {"class_assignment"}


async def test_hidden_and_absent_answer_alike(face: Face, world: World) -> None:
    """An id of something hidden, of nothing, and no id at all are answered byte for byte alike."""
    stranger = world.strangers["mentor"]
    hidden = ids.encode("pupil", world.pupils[0])
    absent = "pupil_" + "0" * 32
    answers = set()
    for wanted in (hidden, absent, "pupil_x", "", "case_" + "1" * 32):
        answer = await face.client.post(
            "/graphql",
            json={
                "query": "query($id: ID!) { pupil(id: $id) { id } node(id: $id) { id } }",
                "variables": {"id": wanted},
            },
            headers=face.headers(stranger),
        )
        parsed = answer.json()
        answers.add((answer.status_code, str(parsed["data"]), str(parsed.get("errors"))))
    assert len(answers) == 1

"""The Cedar policies: every rule and nothing else, valid, and deciding as the table decides."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import cedarpy
import pytest

from permissions import cedar
from permissions.cedar import Question
from permissions.decide import rules_for
from permissions.table import TABLE
from permissions.vocabulary import Activity, DataClass, Purpose, Role, Rule, Tie

TEXT = cedar.policies()
SCHEMA = cedarpy.Schema.from_str(cedar.schema())
VOCABULARIES: dict[str, list[Any]] = {
    "role": list(Role),
    "purpose": list(Purpose),
    "activity": list(Activity),
    "what": list(DataClass),
}


def questions(rng: random.Random, rules: Sequence[Rule], count: int) -> Iterator[Question]:
    """Give questions around rules: as the rule says, one word beside it, other ties, any at all."""
    for _ in range(count):
        rule = rng.choice(rules)
        asked = Question(
            role=rule.who,
            purpose=rule.purpose,
            activity=rule.may,
            what=rule.what,
            tied=frozenset(
                [
                    *rng.sample(list(Tie), rng.choice([0, 0, 1, 4, len(Tie) // 2])),
                    *[rule.tie] * rng.choice([0, 1, 1]),
                ]
            ),
        )
        for word in rng.sample(list(VOCABULARIES), rng.choice([0, 0, 1, 1, 4])):
            asked = replace(asked, **{word: rng.choice(VOCABULARIES[word])})
        yield asked


def answers(text: str, asked: Sequence[Question]) -> list[set[str]]:
    """Return the ids of the rules that Cedar relies on for each question, none when it denies."""
    results = cedarpy.is_authorized_batch(
        [cedar.request(question) for question in asked],
        cedarpy.PolicySet.from_str(text),
        cedarpy.Entities.from_json_str(json.dumps(cedar.entities(asked)), SCHEMA),
        SCHEMA,
    )
    found: list[set[str]] = []
    for result in results:
        assert not result.diagnostics.errors
        reasons = result.diagnostics.reasons
        ids = set(result.diagnostics.id_annotations_by_reason.values())
        assert len(ids) == len(reasons)
        found.append(ids if result.allowed else set())
    return found


def told(asked: Iterable[Question]) -> list[set[str]]:
    """Return what the table says of each question: the rules of which a tie holds."""
    return [
        {rule.id for rule in rules_for(q.role, q.purpose, q.activity, q.what) if rule.tie in q.tied}
        for q in asked
    ]


def test_the_policies_are_valid_by_their_schema() -> None:
    """Cedar finds no type wrong and no name that the vocabularies do not have."""
    result = cedarpy.validate_policies(TEXT, cedar.schema())
    assert result.validation_passed, result.errors


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('Role::"mentor"', 'Role::"mentro"'),
        ('Purpose::"transition"', 'Purpose::"transit"'),
        ('Tie::"self_from_16"', 'Tie::"self_from_17"'),
        ('DataClass::"plan"', 'DataClass::"plans"'),
        ('Action::"offer"', 'Action::"give_away"'),
        ("resource.tied", "resource.ties"),
    ],
)
def test_the_schema_refuses_a_word_that_is_not_there(right: str, wrong: str) -> None:
    """Every vocabulary is closed in the schema: a slip of the pen is no silent denial."""
    assert right in TEXT
    assert not cedarpy.validate_policies(TEXT.replace(right, wrong, 1), cedar.schema())


def expected(rule: Rule) -> dict[str, Any]:
    """Return the whole of the policy that stands for a rule, as Cedar's own JSON."""

    def uid(kind: str, name: str) -> dict[str, str]:
        return {"type": f"Schakel::{kind}", "id": str(name)}

    def part(operator: str, variable: str, attribute: str, kind: str, name: str) -> dict[str, Any]:
        return {
            operator: {
                "left": {".": {"left": {"Var": variable}, "attr": attribute}},
                "right": {"Value": {"__entity": uid(kind, name)}},
            }
        }

    body = part("==", "principal", "role", "Role", rule.who)
    for more in (
        part("==", "principal", "purpose", "Purpose", rule.purpose),
        part("==", "resource", "dataClass", "DataClass", rule.what),
        part("contains", "resource", "tied", "Tie", rule.tie),
    ):
        body = {"&&": {"left": body, "right": more}}
    notes = {"id": rule.id, "basis": rule.basis, "end": rule.end, "source": rule.source}
    if rule.exception is not None:
        notes["exception"] = rule.exception
    return {
        "effect": "permit",
        "principal": {"op": "All"},
        "action": {"op": "==", "entity": uid("Action", rule.may)},
        "resource": {"op": "All"},
        "conditions": [{"kind": "when", "body": body}],
        "annotations": notes,
    }


def test_there_is_one_policy_for_each_rule_and_no_other() -> None:
    """Read back by Cedar, every policy is exactly its rule: no condition more, none less."""
    read = json.loads(cedarpy.policies_to_json_str(TEXT))
    assert (read["templates"], read["templateLinks"]) == ({}, [])
    found = {policy["annotations"]["id"]: policy for policy in read["staticPolicies"].values()}
    assert len(read["staticPolicies"]) == len(TABLE)
    assert found == {rule.id: expected(rule) for rule in TABLE}


@pytest.mark.parametrize("seed", range(5))
def test_cedar_decides_as_the_table_and_by_the_same_rules(seed: int) -> None:
    """For random questions, allowed or not, Cedar relies on exactly the rules that speak."""
    asked = list(questions(random.Random(seed), TABLE, 800))
    truth = told(asked)
    assert {bool(ids) for ids in truth} == {True, False}
    assert answers(TEXT, asked) == truth


def test_every_rule_is_relied_upon_by_its_own_tie_alone() -> None:
    """With a rule's tie and no other, Cedar names that rule and no other; without, none."""
    asked = [
        Question(
            role=rule.who, purpose=rule.purpose, activity=rule.may, what=rule.what, tied=frozenset()
        )
        for rule in TABLE
    ]
    tied = [
        replace(question, tied=frozenset([rule.tie]))
        for question, rule in zip(asked, TABLE, strict=True)
    ]
    assert answers(TEXT, asked) == [set()] * len(TABLE)
    assert answers(TEXT, tied) == [{rule.id} for rule in TABLE]


def mutants(rule: Rule) -> Iterator[tuple[str, str]]:
    """Give the policies with one rule dropped, or with one of its conditions widened."""
    policy = cedar.policy(rule)
    yield "dropped", TEXT.replace(policy, "")
    for name, condition in {
        "any role": f'principal.role == Schakel::Role::"{rule.who}"',
        "any purpose": f'principal.purpose == Schakel::Purpose::"{rule.purpose}"',
        "any class": f'resource.dataClass == Schakel::DataClass::"{rule.what}"',
        "any tie": f'resource.tied.contains(Schakel::Tie::"{rule.tie}")',
        "any activity": f'action == Schakel::Action::"{rule.may}"',
    }.items():
        wider = "action" if name == "any activity" else "true"
        assert policy.count(condition) == 1
        yield name, TEXT.replace(policy, policy.replace(condition, wider))
    yield "denied", TEXT.replace(policy, policy.replace("permit", "forbid", 1))


@pytest.mark.parametrize("rule", random.Random(11).sample(TABLE, 12), ids=lambda rule: rule.id)
def test_a_policy_that_is_not_its_rule_is_seen(rule: Rule) -> None:
    """A policy dropped, turned around or widened in any part answers some question otherwise."""
    asked = list(questions(random.Random(3), [rule], 120))
    truth = told(asked)
    assert answers(TEXT, asked) == truth
    for name, text in mutants(rule):
        assert text != TEXT, name
        assert answers(text, asked) != truth, name


def test_an_odd_source_stays_one_string() -> None:
    """Quotes and backslashes in a source end no string and start no policy."""
    odd = replace(TABLE[0], source='x") permit (principal, action, resource); //\\')
    read = json.loads(cedarpy.policies_to_json_str(cedar.policies([odd])))
    assert [policy["annotations"]["source"] for policy in read["staticPolicies"].values()] == [
        odd.source
    ]


def test_a_question_is_put_in_entities_that_fit_the_schema() -> None:
    """Two questions of one actor about one thing share their entities; a wrong word is refused."""
    question = Question(
        role=Role.MENTOR,
        purpose=Purpose.DAILY_GUIDANCE,
        activity=Activity.READ,
        what=DataClass.SIGNAL,
        tied=frozenset([Tie.CLASS_ASSIGNMENT, Tie.CASE_LEAD]),
    )
    made = cedar.entities([question, replace(question, activity=Activity.WRITE)])
    assert [entity["uid"]["id"] for entity in made] == [
        "mentor/daily_guidance",
        "signal/case_lead/class_assignment",
    ]
    made[1]["attrs"]["tied"][0]["__entity"]["id"] = "friendship"
    with pytest.raises(ValueError, match="does not conform to the schema"):
        cedarpy.Entities.from_json_str(json.dumps(made), SCHEMA)

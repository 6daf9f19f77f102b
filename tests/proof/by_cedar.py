"""The same questions put to Cedar: the rendered policies, told which ties hold, decide alike."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from random import Random

import cedarpy

from domain.reach import Kind, kinds_of
from permissions import cedar
from permissions.vocabulary import Activity, Actor, DataClass, Tie
from tests.proof.database import Difference
from tests.proof.evaluate import TODAY, Seer, everything
from tests.proof.tying import MEANINGS

OBJECTS = 3
"""How many objects of one kind are asked about, for one activity on one class."""

EACH = 3
"""How many activities on a class each actor of a batch asks about."""

Asked = tuple[Activity, DataClass, Kind, object]


@cache
def policies() -> cedarpy.PolicySet:
    """Return the rendered policies."""
    return cedarpy.PolicySet.from_str(cedar.policies())


@cache
def schema() -> cedarpy.Schema:
    """Return their schema."""
    return cedarpy.Schema.from_str(cedar.schema())


@cache
def pairs() -> tuple[tuple[Activity, DataClass], ...]:
    """Return every activity on a class that any rule speaks of."""
    return tuple(everything(TODAY))


@cache
def spoken(actor_kind: tuple[object, object]) -> tuple[tuple[Activity, DataClass], ...]:
    """Return those that a role has a rule for, for a purpose."""
    return tuple(pair for pair in pairs() if (*actor_kind, *pair) in TODAY.rules)


def tied(me: Seer, kind: Kind, key: object) -> frozenset[Tie]:
    """Return the ties that hold between an actor and an object now."""
    return frozenset(
        tie
        for tie, reaches in MEANINGS
        if reaches is kind
        and key in (held := me.reached(tie, kind))
        and not all(me.is_past(end) for end in held[key].values())
    )


def questions(me: Seer, number: int) -> Iterator[Asked]:
    """Draw questions: mostly of what a rule speaks of, about objects near the actor and far."""
    chance = Random(f"cedar {me.world.seed} {me.actor.id} {me.actor.purpose}")
    mine = spoken((me.actor.role, me.actor.purpose)) or pairs()
    for _ in range(number):
        activity, data_class = chance.choice(mine if chance.random() < 0.8 else pairs())
        kind = chance.choice(kinds_of(activity, data_class))
        near = [
            key for tie, reaches in MEANINGS if reaches is kind for key in me.reached(tie, kind)
        ]
        drawn = chance.sample(near, min(OBJECTS, len(near)))
        for key in (*drawn, "nothing"):
            yield activity, data_class, kind, key


def compare(me: Seer, number: int = EACH) -> tuple[list[Difference], int]:
    """Return where Cedar decides otherwise than the evaluator, and how much was compared."""
    asked = list(questions(me, number))
    truth = [key in _permitted(me, one) for *one, key in asked]
    decided = allowed(me.actor, [(one[0], one[1], tied(me, one[2], one[3])) for one in asked])
    found = [
        Difference(
            me.world.seed, me.actor, f"{activity} {data_class} on {kind}", (str(key),),
            "yes" if right else "no", "Cedar says otherwise",
        )
        for (activity, data_class, kind, key), right, other in zip(
            asked, truth, decided, strict=True
        )
        if right is not other
    ]  # fmt: skip
    return found, len(asked)


def _permitted(me: Seer, one: Sequence[object]) -> set[object]:
    activity, data_class, kind = one
    assert isinstance(activity, Activity)
    assert isinstance(data_class, DataClass)
    assert isinstance(kind, Kind)
    if kind is not Kind.UNIT:
        return me.objects(activity, data_class, kind)
    # A unit's level is its class: here all units count, for Cedar is not told the level.
    return {
        reached
        for rule in me.policy.speaking(me.actor, activity, data_class)
        for reached, ends in me.reached(rule.tie, kind).items()
        if not me.is_past(ends[rule.end])
    }


def allowed(
    actor: Actor, asked: Sequence[tuple[Activity, DataClass, frozenset[Tie]]]
) -> list[bool]:
    """Return Cedar's decisions; one that was put before in the same words is put once.

    Raises:
        ValueError: a question does not fit the schema.
    """
    put = [
        cedar.Question(
            role=actor.role, purpose=actor.purpose, activity=activity, what=what, tied=ties
        )
        for activity, what, ties in asked
    ]
    new = list({question for question in put if question not in _DECIDED})
    if new:
        results = cedarpy.is_authorized_batch(
            [cedar.request(question) for question in new],
            policies(),
            cedarpy.Entities.from_json_str(json.dumps(cedar.entities(new)), schema()),
            schema(),
        )
        _DECIDED.update(zip(new, (result.allowed for result in results), strict=True))
    return [_DECIDED[question] for question in put]


_DECIDED: dict[cedar.Question, bool] = {}

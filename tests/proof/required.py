"""What the first layer asks before an act: the facts behind every tie that a rule rests on.

An act is permitted on an object when the fact of one of its rules' ties names the object; so the
facts of all ties of all rules, reading or acting, are held against the evaluator.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import asyncpg
from sqlalchemy import func, select

from domain.database import ask
from domain.reach import Kind, kinds_of, predicate_source
from permissions.table import TABLE
from permissions.vocabulary import Purpose, Role, Tie
from tests.proof.compiled import Prepared
from tests.proof.database import EVERYWHERE, Difference, differing, own_keys
from tests.proof.evaluate import Seer
from tests.proof.facts_of_work import Note
from tests.proof.tying import MEANINGS


@cache
def relied_on(role: Role, purpose: Purpose) -> tuple[tuple[Tie, Kind], ...]:
    """Return the ties of a role's rules for a purpose, with the kinds they are relied on for."""
    return tuple(
        dict.fromkeys(
            (rule.tie, kind)
            for rule in TABLE
            if (rule.who, rule.purpose) == (role, purpose)
            for kind in kinds_of(rule.may, rule.what)
            if (rule.tie, kind) in MEANINGS
        )
    )


@cache
def of_classes(role: Role, purpose: Purpose, tie: Tie) -> frozenset[str]:
    """Return the classes that a role's rules for a purpose are about, by one tie."""
    return frozenset(
        rule.what for rule in TABLE if (rule.who, rule.purpose, rule.tie) == (role, purpose, tie)
    )


@cache
def facts(role: Role, purpose: Purpose) -> Prepared | None:
    """Return one statement with an array of keys for each of those ties."""
    arrays: list[Any] = []
    for tie, kind in relied_on(role, purpose):
        source = predicate_source(tie, kind)
        assert source is not None, f"{tie} has no fact that reaches a {kind}"
        keys = source.subquery()
        arrays.append(func.array(select(keys.c.object).scalar_subquery()).label(f"{tie}_{kind}"))
    return Prepared.of(select(*arrays)) if arrays else None


async def compare_facts(on: asyncpg.Connection, me: Seer) -> tuple[list[Difference], int]:
    """Return where the facts behind ties differ from the evaluator, and how many were compared."""
    statement = facts(me.actor.role, me.actor.purpose)
    if statement is None:
        return [], 0
    given = ask(me.actor, moment=me.world.moment, request_id="proof").parameters
    answer = await statement.row(on, given)
    assert answer is not None
    pairs = relied_on(me.actor.role, me.actor.purpose)
    return list(_differing(me, dict(zip(pairs, map(set, answer), strict=True)))), len(pairs)


def _differing(me: Seer, found: dict[tuple[Tie, Kind], set[Any]]) -> Iterator[Difference]:
    own = own_keys(me.world) if me.actor.role in EVERYWHERE else None
    for (tie, kind), keys in found.items():
        expected, answer = set(me.reached(tie, kind)), keys
        if kind is Kind.NOTE:
            # A rule by this tie is about notes of its own class; of others the row may be hidden.
            spoken = of_classes(me.actor.role, me.actor.purpose, tie)
            notes = {note.id for note in me.world[Note] if note.data_class in spoken}
            expected, answer = expected & notes, answer & notes
        if own is not None:
            expected, answer = expected & own, answer & own
        yield from differing(me, f"{tie} to {kind}", expected, answer, "the fact behind the tie")

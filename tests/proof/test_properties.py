"""What holds of every world: no end adds access, names mean nothing, purposes keep apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from random import Random
from typing import Any
from uuid import UUID

from permissions.vocabulary import Activity, Actor, DataClass, Purpose, Role
from tests.proof.actors import everyone
from tests.proof.by_cedar import compare
from tests.proof.database import cells
from tests.proof.evaluate import Seer
from tests.proof.facts import (
    Assignment,
    Authority,
    Filiation,
    HeadMandate,
    Mandate,
    OwnAccount,
    World,
)
from tests.proof.facts_of_work import Allocation, Consent, Measure, Participation, Referral
from tests.proof.worlds import world

SEEDS = range(20)
GIVING = (
    Assignment, HeadMandate, Mandate, Authority, Filiation, OwnAccount, Allocation, Consent,
    Measure, Referral,
)  # fmt: skip


def reached(me: Seer) -> dict[Any, set[object]]:
    """Return everything an actor reaches, by what may be done with it."""
    return {
        (kind, activity, what): me.objects(activity, what, kind)
        for kind, activity, what in cells(spoken_by=(me.actor.role, me.actor.purpose))
        if kind is not None
    }


def ended(of: World, chance: Random) -> Iterator[World]:
    """Yield a world with one of its giving facts ended now, for a draw of each kind."""
    now = of.moment.instant
    for kind in GIVING:
        lasting = [
            fact
            for fact in of[kind]
            if fact.valid_from < now and (fact.valid_until is None or now < fact.valid_until)
        ]
        if lasting:
            other = world(of.seed)
            fact = chance.choice(lasting)
            other.replace(fact, replace(fact, valid_until=now))
            yield other
    taking_part = [p for p in of[Participation] if p.accepted_at is not None and p.ended_at is None]
    if taking_part:
        other = world(of.seed)
        part = chance.choice(taking_part)
        other.replace(part, replace(part, ended_at=now))
        yield other


def test_ending_a_fact_never_adds_access() -> None:
    """Whatever assignment, mandate, part, consent, measure or authority ends, nobody gains."""
    lost = 0
    for seed in SEEDS:
        chance, before = Random(seed), world(seed)
        askers = chance.sample(everyone(before), 25)
        had = {actor: reached(Seer(before, actor)) for actor in askers}
        for after in ended(before, chance):
            for actor in askers:
                for what, now in reached(Seer(after, actor)).items():
                    assert now <= had[actor][what], (seed, actor, what)
                    lost += len(had[actor][what]) - len(now)
    assert lost > 100


def renamed(of: World) -> tuple[World, dict[UUID, UUID]]:
    """Return a world in which every key is another, and what became of each."""
    chance = Random(f"names {of.seed}")
    new: dict[UUID, UUID] = {}

    def other(value: object) -> object:
        if not isinstance(value, UUID):
            return value
        if value not in new:
            new[value] = UUID(int=chance.getrandbits(128), version=4)
        return new[value]

    made = World(of.seed, of.moment)
    for facts in of.facts.values():
        for fact in facts:
            values = {f.name: getattr(fact, f.name) for f in fields(fact)}
            if values.get("unit_level") == "board":
                values["unit_code"] = str(other(UUID(values["unit_code"])))
            if values.get("level") == "board":
                values["unit_code"] = str(other(UUID(values["unit_code"])))
            made.add(type(fact)(**{name: other(value) for name, value in values.items()}))
    return made, new


def test_renaming_changes_nothing() -> None:
    """Under other keys for every tenant, person and thing, everyone reaches the same."""
    compared = 0
    for seed in SEEDS:
        of = world(seed)
        twin, new = renamed(of)
        for actor in Random(seed).sample(everyone(of), 20):
            me, same = Seer(of, actor), Seer(twin, as_renamed(actor, new))
            for what, objects in reached(me).items():
                expected = {renamed_key(key, new) for key in objects}
                assert reached(same)[what] == expected, (seed, actor, what)
                compared += len(objects)
    assert compared > 1_000


def as_renamed(actor: Actor, new: dict[UUID, UUID]) -> Actor:
    """Return the actor under its new keys; a program's own key may be in no fact."""
    organisation = None if actor.organisation is None else new[actor.organisation]
    return replace(actor, id=new.get(actor.id, actor.id), organisation=organisation)


def renamed_key(key: object, new: dict[UUID, UUID]) -> object:
    """Return the new name of what is reached; a board's unit carries its key."""
    if isinstance(key, UUID):
        return new[key]
    level, _, code = str(key).partition(":")
    return f"board:{new[UUID(code)]}" if level == "board" else key


def test_enforcement_and_case_work_keep_apart() -> None:
    """Of one officer, what each token reads is of classes that the other does not read."""
    both = 0
    for seed in SEEDS:
        of = world(seed)
        for work in of[Assignment]:
            if work.role == Role.ATTENDANCE_OFFICER:
                enforcing = classes_read(of, work, Purpose.COMPULSORY_SCHOOLING)
                coordinating = classes_read(of, work, Purpose.CASE_COORDINATION)
                assert not enforcing & coordinating
                both += bool(enforcing and coordinating)
    assert both > 5


def classes_read(of: World, work: Assignment, purpose: Purpose) -> set[DataClass]:
    """Return the classes of which somebody reads anything, by their work, for a purpose."""
    token = Actor(
        id=work.staff_id,
        organisation=work.organisation_id,
        role=Role(work.role),
        purpose=purpose,
        client="proof",
    )
    return {
        what
        for (_, activity, what), keys in reached(Seer(of, token)).items()
        if keys and activity is Activity.READ
    }


def test_cedar_decides_as_the_evaluator() -> None:
    """With the ties that hold in random worlds, the Cedar policies permit exactly the same."""
    asked = 0
    for seed in SEEDS:
        of = world(seed)
        for actor in Random(seed).sample(everyone(of), 15):
            differences, number = compare(Seer(of, actor), 6)
            assert not differences, str(differences[0])
            asked += number
    assert asked > 2_000

"""The third account: from facts and rules to what an actor reaches, in plain sets.

It is written from the policy table and from `ops/decisions/0008-what-each-tie-means.md` alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.reach import Kind, kinds_of
from permissions.decide import Key, index
from permissions.table import TABLE
from permissions.vocabulary import Activity, Actor, DataClass, End, Purpose, Rule, Tie
from tests.proof import (
    ties_of_families,
    ties_of_offices,
    ties_of_organisations,
    ties_of_schools,
)
from tests.proof.facts import World
from tests.proof.standing import Instant, Standing
from tests.proof.tying import ENDS, MEANINGS

ACCOUNTS = (ties_of_families, ties_of_offices, ties_of_organisations, ties_of_schools)
"""Importing them registers every tie."""

Holding = Mapping[object, Mapping[End, Instant | None]]


class UnknownEndError(Exception):
    """A rule names an end that its tie does not have: nothing would ever end it."""


@dataclass(frozen=True)
class Policy:
    """A table of rules, by who and what."""

    rules: Mapping[Key, tuple[Rule, ...]]

    @classmethod
    def of(cls, table: Iterable[Rule]) -> "Policy":
        """Index a table.

        Raises:
            UnknownEndError: a rule names an end that its tie does not have.
        """
        table = tuple(table)
        for rule in table:
            if ENDS.get(rule.tie) is not rule.end:
                message = f"{rule.id}: {rule.tie} does not end with {rule.end}"
                raise UnknownEndError(message)
        return cls(index(table))

    def speaking(self, actor: Actor, activity: Activity, data_class: DataClass) -> tuple[Rule, ...]:
        """Return the rules that could permit an activity on a class."""
        return self.rules.get((actor.role, actor.purpose, activity, data_class), ())


TODAY = Policy.of(TABLE)
"""The policy as it is."""


def _later(one: Instant | None, other: Instant | None) -> Instant | None:
    if one is None or other is None:
        return None
    return max(one, other, key=str)


@dataclass
class Seer:
    """What one actor reaches in a world; each tie is worked out once."""

    world: World
    actor: Actor
    policy: Policy = TODAY
    standing: Standing = field(init=False)
    _reached: dict[tuple[Tie, Kind], Holding] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Take a stand in the world."""
        self.standing = Standing(self.world, self.actor)

    def under(self, policy: Policy) -> "Seer":
        """Return the same actor under another policy; what ties reach stays as it is."""
        other = Seer(self.world, self.actor, policy)
        other.standing, other._reached = self.standing, self._reached
        return other

    def reached(self, tie: Tie, kind: Kind) -> Holding:
        """Return the objects that a tie reaches, each with its end and the instant of that."""
        found = self._reached.get((tie, kind))
        if found is None:
            meaning = MEANINGS.get((tie, kind))
            until: dict[object, Instant | None] = {}
            for reached, end in meaning(self.standing) if meaning else ():
                until[reached] = _later(until[reached], end) if reached in until else end
            found = {reached: {ENDS[tie]: end} for reached, end in until.items()}
            self._reached[tie, kind] = found
        return found

    def objects(self, activity: Activity, data_class: DataClass, kind: Kind) -> set[object]:
        """Return the objects of a kind that the activity on the class may be done to."""
        if kind not in kinds_of(activity, data_class):
            return set()
        found = {
            reached
            for rule in self.policy.speaking(self.actor, activity, data_class)
            for reached, ends in self.reached(rule.tie, kind).items()
            if not self.is_past(ends[rule.end])
        }
        if kind is Kind.UNIT:
            level = data_class.removeprefix("aggregate.") + ":"
            return {unit for unit in found if str(unit).startswith(level)}
        return found

    def reads(self, data_class: DataClass, kind: Kind) -> set[object]:
        """Return the objects of a kind on which the class may be read."""
        return self.objects(Activity.READ, data_class, kind)

    @property
    def explains(self) -> bool:
        """Whether a version that was moved to another pupil is read: for daily guidance alone."""
        return self.actor.purpose is Purpose.DAILY_GUIDANCE

    def because(self, data_class: DataClass, kind: Kind, key: str) -> list[str]:
        """Return the ids of the rules by which a class may be read on an object."""
        return [
            rule.id
            for rule in self.policy.speaking(self.actor, Activity.READ, data_class)
            if kind in kinds_of(Activity.READ, data_class)
            and any(str(reached) == key for reached in self.reached(rule.tie, Kind(kind)))
        ]

    def is_past(self, end: Instant | None) -> bool:
        """Return whether an end has come; the last day of a retention is still within it."""
        if end is None:
            return False
        if isinstance(end, datetime):
            return end <= self.standing.now
        return end < self.standing.today


def everything(table: Policy) -> list[tuple[Activity, DataClass]]:
    """Return every activity on a class that any rule speaks of."""
    return sorted({(activity, data_class) for _, _, activity, data_class in table.rules})

"""Changes to the table, each of which must show against the database, which stays as it is."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from domain.reach import Kind, kinds_of
from permissions.table import TABLE
from permissions.vocabulary import (
    Activity,
    DataClass,
    End,
    Exception_,
    Purpose,
    Role,
    Rule,
    Tie,
)
from tests.proof import store
from tests.proof.anybody import Person, asking_as, open_to_anybody, people
from tests.proof.database import FUNCTIONS, JOB, expected_of
from tests.proof.equivalents import reason
from tests.proof.evaluate import Policy, Seer, UnknownEndError
from tests.proof.facts import World
from tests.proof.ground import Ground
from tests.proof.toll import Toll
from tests.proof.tying import ENDS, MEANINGS
from tests.proof.worlds import neighbours

TRIES, FURTHER_TRIES = 12, 60
"""With how many people, at most, a mutant is tried: at first, and once more if it lives."""

PAIRS = frozenset((rule.may, rule.what) for rule in TABLE)
IDS = frozenset(rule.id for rule in TABLE)


@dataclass(frozen=True)
class Mutant:
    """A changed table, and the rule that was dropped or added."""

    how: str
    rule: Rule
    table: tuple[Rule, ...]

    @property
    def name(self) -> str:
        """The change and the rule that it is about."""
        return f"{self.how} {self.rule.id}"


def mutants(table: Sequence[Rule] = TABLE) -> Iterator[Mutant]:
    """Yield each rule dropped, and each widened in every way: class, role, purpose, tie, end."""
    for rule in table:
        yield Mutant("drop", rule, tuple(kept for kept in table if kept is not rule))
        for how, wider in widened(rule):
            if wider.id not in IDS:
                yield Mutant(how, wider, (*table, wider))
        for end in End:
            if end is not rule.end:
                ended = replace(rule, end=end)
                others = (kept for kept in table if kept is not rule)
                yield Mutant(f"end {end}", ended, (*others, ended))


def widened(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """Yield a rule for each other class, role, purpose and tie."""
    excused = replace(rule, exception=rule.exception or Exception_.DATA_SUBJECT)
    for data_class in DataClass:
        if (rule.may, data_class) in PAIRS and reaches(rule.tie, rule.may, data_class):
            yield "class", replace(excused, what=data_class)
    for role in Role:
        yield "role", replace(rule, who=role)
    for purpose in Purpose:
        yield "purpose", replace(rule, purpose=purpose)
    for tie in Tie:
        if reaches(tie, rule.may, rule.what):
            yield "tie", replace(rule, tie=tie, end=ENDS[tie])


def reaches(tie: Tie, activity: Activity, data_class: DataClass) -> bool:
    """Return whether a tie reaches any kind of object that an activity on a class is about."""
    return any((tie, kind) in MEANINGS for kind in kinds_of(activity, data_class))


@dataclass
class Arena:
    """Worlds open to anybody, in a database, with who holds which tie in them."""

    on: Ground
    worlds: list[World]
    tries: int = TRIES
    holders: dict[tuple[Tie, Kind], list[tuple[World, Person]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _seers: dict[Any, Seer] = field(default_factory=dict[Any, Seer])
    _answers: dict[Any, set[Any]] = field(default_factory=dict[Any, set[Any]])

    @classmethod
    async def opened(cls, on: Ground, seeds: Sequence[int], tries: int) -> "Arena":
        """Write the worlds, and look who holds what."""
        worlds = [open_to_anybody(world) for world in neighbours(seeds)]
        await store.empty(on.superuser)
        await store.write(on.superuser, worlds)
        await on.superuser.execute("analyze")
        arena = cls(on, worlds, tries)
        for world in worlds:
            for person in people(world):
                me = arena.seer(world, person, Role.PLATFORM_JOB, Purpose.OPERATION)
                for tie, kind in MEANINGS:
                    if me.reached(tie, kind):
                        arena.holders[tie, kind].append((world, person))
        return arena

    def seer(self, world: World, person: Person, role: Role, purpose: Purpose) -> Seer:
        """Return somebody with a token, as before when asked again."""
        key = (world.seed, person, role, purpose)
        if key not in self._seers:
            self._seers[key] = Seer(world, asking_as(person, role, purpose))
        return self._seers[key]

    async def answer(self, me: Seer, rule: Rule, kind: Kind | None) -> set[Any]:
        """Return what the database answers for the activity and class of a rule."""
        key = (me.world.seed, me.actor, rule.may, rule.what, kind)
        if key not in self._answers:
            login = self.on.asking.login_of(me)
            connection = await self.on.asking.claim(login, me)
            if kind is None:
                statement = f"select {JOB.format(rule.may, rule.what)}"
                found = await connection.fetchval(statement)
            else:
                statement = f"select array(select reach.{FUNCTIONS[kind]}($1, $2))"
                found = await connection.fetchval(statement, rule.may, rule.what)
            self._answers[key] = set(found or ())
        return self._answers[key]

    def tried(self, rule: Rule) -> Iterator[tuple[Seer, Kind]]:
        """Yield who holds the tie of a rule, of all worlds alike, with the kind that it reaches."""
        for kind in kinds_of(rule.may, rule.what):
            if kind in FUNCTIONS:
                holders = self.holders[rule.tie, kind]
                for world, person in holders[:: -(-len(holders) // self.tries) or 1]:
                    yield self.seer(world, person, rule.who, rule.purpose), kind

    async def kills(self, mutant: Mutant) -> bool:
        """Return whether the mutant is refused, or shows against the database for somebody."""
        try:
            policy = Policy.of(mutant.table)
        except UnknownEndError:
            return True
        for me, reached in self.tried(mutant.rule):
            changed = me.under(policy)
            for kind in (None, reached) if reached is Kind.CONTROLLER else (reached,):
                expected = expected_of(changed, kind, mutant.rule.may, mutant.rule.what)
                if expected != await self.answer(me, mutant.rule, kind):
                    return True
        return False


async def try_rules(
    on: Ground, seeds: Sequence[int], chosen: Sequence[Mutant] = (), *, further: Sequence[int] = ()
) -> Toll:
    """Try every mutant of the table, or those chosen, in worlds open to anybody.

    Those that live there are tried once more in `further` worlds, with other people: some show only
    where two rare circumstances meet.
    """
    toll, alive = Toll(), list(chosen or mutants())
    for worlds, tries in ((seeds, TRIES), (further, FURTHER_TRIES)):
        if not alive or not worlds:
            continue
        arena, trying, alive = await Arena.opened(on, worlds, tries), alive, list[Mutant]()
        last = worlds is further or not further
        for mutant in trying:
            killed = await arena.kills(mutant)
            excused = None if killed else reason(mutant.rule)
            if killed or excused or last:
                how = mutant.how.split()[0]
                toll.count(how, mutant.name, killed=killed, excused=excused)
            else:
                alive.append(mutant)
    return toll

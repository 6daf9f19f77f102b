"""The second layer alone: what row-level security and the reach functions give an actor."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import asyncpg

from domain.database import Database, Login, ask, login_for
from domain.reach import Kind, kinds_of
from permissions.vocabulary import Activity, Actor, DataClass, Role
from tests.proof.evaluate import TODAY, Seer, everything
from tests.proof.facts import World
from tests.proof.tables import Table
from tests.proof.tables_of_logins import TABLES
from tests.proof.ties_of_organisations import PLATFORM

FUNCTIONS: dict[Kind, str] = {
    Kind.PUPIL: "pupils",
    Kind.CONTACT: "contacts",
    Kind.YOUNG_PERSON: "young_persons",
    Kind.BRANCH: "branches",
    Kind.CONTROLLER: "controllers",
    Kind.REPORT: "reports",
    Kind.CASE: "cases",
    Kind.INVITATION: "invitations",
    Kind.NOTE: "notes",
    Kind.REFERRAL: "referrals",
    Kind.LEAVE: "leaves",
    Kind.EXEMPTION: "exemptions",
    Kind.NON_ENROLMENT: "non_enrolments",
    Kind.ADVICE: "advices",
    Kind.UNIT: "units",
}
"""The reach function that answers for each kind of object; receipts have none."""

EVERYWHERE = frozenset({Role.PLATFORM_JOB, Role.PLATFORM_OPERATOR, Role.ABSENCE_REGISTER})
"""Roles that work on every organisation's records: of these a world compares its own alone."""

Cell = tuple[Kind | None, Activity, DataClass]
"""An activity on a class, and the kind of object asked for; None asks whether it is everywhere."""

COLUMNS = 1_600
"""A statement has at most 1,664 columns; more cells are asked in several."""

JOB = "array(select true where reach.job('{}', '{}'))"


@dataclass(frozen=True)
class Difference:
    """One answer on which two accounts differ."""

    seed: int
    actor: Actor
    what: str
    objects: tuple[str, ...]
    evaluator: str
    other: str

    def __str__(self) -> str:
        """Return the difference in one line."""
        who = f"{self.actor.role}/{self.actor.purpose} {self.actor.id} of {self.actor.organisation}"
        return (
            f"world {self.seed}, {who}, {self.what}: the evaluator says {self.evaluator}, "
            f"{self.other} of {len(self.objects)}, such as {self.objects[0]}"
        )


def differing(
    me: Seer, what: str, expected: set[Any], found: set[Any], other: str
) -> Iterator[Difference]:
    """Yield what two answers differ in: what is missing, and what is too much."""
    for objects, says, says_other in (
        (expected - found, "yes", f"{other} no"),
        (found - expected, "no", f"{other} yes"),
    ):
        if objects:
            names = tuple(sorted(map(str, objects)))
            yield Difference(me.world.seed, me.actor, what, names, says, says_other)


def logins_of(actor: Actor) -> tuple[Login, ...]:
    """Return the login roles that serve an actor."""
    if actor.role is Role.SCHOOL_SYSTEM:
        return Login.APP, Login.IMPORT
    return (login_for(actor),)


@cache
def cells(*, spoken_by: tuple[Role, Any] | None = None) -> tuple[Cell, ...]:
    """Return every kind, activity and class that a reach function answers for.

    With a role and a purpose: only those of which a rule speaks for them.
    """
    pairs = everything(TODAY)
    if spoken_by is None:
        return tuple((kind, *pair) for pair in pairs for kind in (None, *FUNCTIONS))
    return tuple(
        (kind, activity, data_class)
        for activity, data_class in pairs
        if (*spoken_by, activity, data_class) in TODAY.rules
        for kind in (None, *kinds_of(activity, data_class))
        if kind is None or kind in FUNCTIONS
    )


@cache
def statement(asked: Sequence[Cell]) -> str:
    """Return one statement with an array of keys for each cell."""
    arrays = (
        f"array(select reach.{FUNCTIONS[kind]}('{activity}', '{data_class}'))"
        if kind
        else JOB.format(activity, data_class)
        for kind, activity, data_class in asked
    )
    return f"select {', '.join(arrays)}"


@cache
def rows_statement(login: Login) -> str:
    """Return one statement with an array of keys for each table of a login."""
    arrays = (f"array(select {t.key} from {t.kind.TABLE})" for t in TABLES[login])
    return f"select {', '.join(arrays)}"


class Asking:
    """Connections of each login, on which actors ask one after the other."""

    def __init__(self, connections: dict[Login, asyncpg.Connection], claims_key: bytes) -> None:
        """Take one connection per login and the key that claims are signed with."""
        self.connections = connections
        self._signer = Database({}, claims_key)

    @staticmethod
    def login_of(me: Seer) -> Login:
        """Return the login at which an actor's reach is asked."""
        return logins_of(me.actor)[-1]

    async def claim(self, login: Login, me: Seer) -> asyncpg.Connection:
        """Set the claims of an actor at its world's moment, and return the connection."""
        connection = self.connections[login]
        await connection.execute(
            "select set_config('schakel.claims', $1, false)", self.claims(login, me)
        )
        return connection

    def claims(self, login: Login, me: Seer) -> str:
        """Return the signed claims of an actor for the connection of a login."""
        return self.claims_on(self.connections[login], me)

    def claims_on(self, connection: asyncpg.Connection, me: Seer) -> str:
        """Return the signed claims of an actor for a connection."""
        request = ask(me.actor, moment=me.world.moment, request_id="proof")
        return self._signer.claims(request, connection.get_server_pid())

    @asynccontextmanager
    async def speaking(self, connection: asyncpg.Connection, me: Seer) -> AsyncIterator[None]:
        """Set the claims of an actor on a connection that passes every policy, for a while.

        The first layer asks the database what an actor may not read and it has to know all the
        same, such as whether a protected child is still at the school.
        """
        said = "select set_config('schakel.claims', $1, false)"
        await connection.execute(said, self.claims_on(connection, me))
        try:
            yield
        finally:
            await connection.execute(said, "")

    async def reach(self, me: Seer, asked: Sequence[Cell]) -> list[set[Any]]:
        """Return what the reach functions answer for each cell."""
        connection = await self.claim(self.login_of(me), me)
        answers: list[set[Any]] = []
        for first in range(0, len(asked), COLUMNS):
            row = await connection.fetchrow(statement(tuple(asked[first : first + COLUMNS])))
            assert row is not None
            answers += [set(keys) for keys in row]
        return answers

    async def rows(self, me: Seer, login: Login) -> list[set[Any]]:
        """Return the keys of the rows of each table that a login shows."""
        connection = await self.claim(login, me)
        row = await connection.fetchrow(rows_statement(login))
        assert row is not None
        return [set(keys) for keys in row]


def own_keys(world: World) -> set[object]:
    """Return every key of the world, to compare those with who work everywhere."""
    return {
        getattr(fact, name)
        for facts in world.facts.values()
        for fact in facts
        for name in type(fact).__slots__
        if name.endswith("id")
    }


def expected_of(
    me: Seer, kind: Kind | None, activity: Activity, data_class: DataClass
) -> set[object]:
    """Return what a cell should be: the platform's own roles work everywhere or not at all."""
    is_everywhere = me.actor.role in PLATFORM
    if kind is None:
        works = is_everywhere and me.objects(activity, data_class, Kind.CONTROLLER)
        return {True} if works else set()
    if kind is Kind.CONTROLLER and is_everywhere:
        return set()
    return me.objects(activity, data_class, kind)


def compare_reach(
    me: Seer, asked: Sequence[Cell], answers: Iterable[set[Any]]
) -> Iterator[Difference]:
    """Yield where the reach functions differ from the evaluator."""
    own = own_keys(me.world) if me.actor.role in EVERYWHERE else None
    for (kind, activity, data_class), answer in zip(asked, answers, strict=True):
        expected = expected_of(me, kind, activity, data_class)
        found = answer
        if own is not None and kind is not None:
            expected, found = expected & own, answer & own
        if expected != found:
            what = f"{activity} {data_class} on {kind or 'everything'}"
            function = FUNCTIONS[kind] if kind else "job"
            yield from differing(me, what, expected, found, f"reach.{function}")


def compare_rows(
    me: Seer, tables: Sequence[Table], answers: Iterable[set[Any]]
) -> Iterator[Difference]:
    """Yield where the rows that a login shows are fewer than they must or more than they may."""
    everywhere = me.actor.role in EVERYWHERE
    for table, answer in zip(tables, answers, strict=True):
        must = table.must(me)
        if everywhere:
            answer &= {table.key_of(fact) for fact in me.world[table.kind]}
        if must == answer:
            continue
        what = f"rows of {table.kind.TABLE}"
        yield from differing(me, what, must - answer, set(), "row-level security")
        surplus = answer - must
        if surplus:
            yield from differing(me, what, set(), surplus - table.may(me), "row-level security")

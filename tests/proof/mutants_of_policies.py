"""Changes to row-level security, each of which must show: in what is read, or in what is written.

A policy on reading is held against the evaluator, alone and together with the first layer. One on
writing is held against itself: somebody can do what nobody could, or no longer what somebody did.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from domain.database import Login
from tests.proof import compiled, required, store
from tests.proof.actors import everyone
from tests.proof.attempts import Trying
from tests.proof.database import EVERYWHERE, compare_rows, logins_of
from tests.proof.evaluate import Seer
from tests.proof.ground import Ground
from tests.proof.tables import Table
from tests.proof.tables_of_logins import TABLES
from tests.proof.toll import Toll
from tests.proof.worlds import neighbours

POLICIES = """
    select schemaname || '.' || tablename as place, policyname as name,
        replace(schemaname || '.', 'public.', '') || tablename as table,
        cmd as command, roles::text[] as roles, permissive, qual as using, with_check as check
    from pg_policies where not 'schakel_reach' = any(roles) order by 1, 4, 3
"""
PUBLIC = frozenset({"organisation", "school_branch", "office_municipality", "mandate"})
"""Tables about no person, of which everyone may read every row."""


@dataclass(frozen=True)
class Policy:
    """One policy as the catalog has it."""

    place: str
    table: str
    name: str
    command: str
    roles: tuple[str, ...]
    using: str | None
    check: str | None

    @property
    def logins(self) -> list[Login]:
        """The logins of the service that it speaks for."""
        return [login for login in Login if f"schakel_{login}" in self.roles]

    def made(self) -> str:
        """Return the statement that makes it."""
        using = f" using ({self.using})" if self.using else ""
        check = f" with check ({self.check})" if self.check else ""
        roles = ", ".join(self.roles)
        return (
            f"create policy {self.name} on {self.place} for {self.command} to {roles}{using}{check}"
        )


@dataclass(frozen=True)
class Mutant:
    """A policy and what is done to it."""

    policy: Policy
    how: str
    change: str
    undo: str

    @property
    def name(self) -> str:
        """What is done to which policy."""
        return f"{self.how} {self.policy.place} {self.policy.name}"


def mutants(policies: Sequence[Policy]) -> Iterator[Mutant]:
    """Yield each policy dropped, and with each of its predicates true."""
    for policy in policies:
        on = f"policy {policy.name} on {policy.place}"
        yield Mutant(policy, "drop", f"drop {on}", policy.made())
        for part, predicate in (("using", policy.using), ("with check", policy.check)):
            if predicate is not None and predicate != "true":
                yield Mutant(
                    policy,
                    part,
                    f"alter {on} {part} (true)",
                    f"alter {on} {part} ({predicate})",
                )


async def policies_of(superuser: asyncpg.Connection) -> list[Policy]:
    """Return every policy for a login role."""
    rows = await superuser.fetch(POLICIES)
    return [
        Policy(
            row["place"], row["table"], row["name"], row["command"], tuple(row["roles"]),
            row["using"], row["check"],
        )
        for row in rows
    ]  # fmt: skip


class Court:
    """Everybody in some worlds, who read and try, before and after a policy is changed."""

    def __init__(self, on: Ground, seers: Sequence[Seer], rows: compiled.Rows) -> None:
        """Take who asks, and the rows as they are."""
        self._on = on
        self._rows = rows
        self._trying = Trying(on.asking, on.superuser)
        self._before: dict[tuple[int, Login, str, str], list[str]] = {}
        self._at: dict[Login, list[Seer]] = {
            login: [me for me in seers if login in logins_of(me.actor)] for login in Login
        }

    @classmethod
    async def opened(cls, on: Ground, seeds: Sequence[int]) -> Court:
        """Write the worlds."""
        worlds = neighbours(seeds)
        await store.empty(on.superuser)
        await store.write(on.superuser, worlds)
        await on.superuser.execute("analyze")
        rows = await compiled.rows_as_they_are(on.superuser)
        seers = [Seer(world, actor) for world in worlds for actor in everyone(world)]
        return cls(on, seers, rows)

    @asynccontextmanager
    async def under(self, mutant: Mutant) -> AsyncIterator[None]:
        """Change a policy for a while."""
        await self._on.superuser.execute(mutant.change)
        try:
            yield
        finally:
            await self._on.superuser.execute(mutant.undo)

    async def changeable(self, policy: Policy, login: Login) -> list[str]:
        """Return the columns of a policy's table that a login may change."""
        return await self._trying.granted(policy.table, login, "UPDATE")

    async def kills(self, mutant: Mutant) -> bool:
        """Return whether anybody notices."""
        policy = mutant.policy
        commands = ["UPDATE"] if policy.command == "SELECT" else [policy.command]
        for command in commands:
            await self._remember(policy, command)
        async with self.under(mutant):
            if policy.command == "SELECT" and (
                await self._shows(policy) or await self._misses(policy)
            ):
                return True
            for command in commands:
                if await self._differs(policy, command):
                    return True
        return False

    # --- reading -----------------------------------------------------------------------------

    async def _shows(self, policy: Policy) -> bool:
        """Return whether a login shows somebody more or fewer rows of the table than it should."""
        for login in policy.logins:
            for table in TABLES[login]:
                if policy.table == table.kind.TABLE:
                    for me in self._at[login]:
                        if await self._shown_otherwise(me, login, table):
                            return True
        return False

    async def _shown_otherwise(self, me: Seer, login: Login, table: Table) -> bool:
        connection = await self._on.asking.claim(login, me)
        rows = await connection.fetchval(
            f"select array(select {table.key} from {table.kind.TABLE})"
        )
        return any(compare_rows(me, [table], [set(rows or ())]))

    async def _misses(self, policy: Policy) -> bool:
        """Return whether the two layers together no longer give somebody what they should."""
        for login in policy.logins:
            for me in self._at[login]:
                if me.actor.role in EVERYWHERE or login is Login.IMPORT:
                    continue
                connection = await self._on.asking.claim(login, me)
                found = await compiled.answers(connection, me)
                if compiled.compare_views(me, self._rows, found)[0]:
                    return True
                if (await required.compare_facts(connection, me))[0]:
                    return True
        return False

    # --- writing -----------------------------------------------------------------------------

    async def _outcomes(self, number: int, login: Login, policy: Policy, command: str) -> list[str]:
        me = self._at[login][number]
        return list(await self._trying.outcomes(me, login, policy.table, command))

    async def _remember(self, policy: Policy, command: str) -> None:
        """Try everything before the change, once for each table."""
        for login in policy.logins:
            for number in range(len(self._at[login])):
                key = (number, login, policy.table, command)
                if key not in self._before:
                    self._before[key] = await self._outcomes(number, login, policy, command)

    async def _differs(self, policy: Policy, command: str) -> bool:
        """Return whether anything tried comes out otherwise than before."""
        for login in policy.logins:
            for number in range(len(self._at[login])):
                before = self._before[number, login, policy.table, command]
                if before and before != await self._outcomes(number, login, policy, command):
                    return True
        return False


ENDS_ONCE = "the trigger fact_ends_once lets a fact end now and nothing else be changed"
KNOWN: Mapping[str, str] = {
    f"with check public.{table} {name}": ENDS_ONCE
    for table, name in (
        ("consent", "giver_withdraws"),
        ("referral", "referrer_ends"),
        ("filiation", "school_ends"),
        ("own_account", "school_ends"),
        ("whereabouts_protection", "school_ends"),
        ("guardian_authority", "school_ends"),
        ("court_measure", "organisation_ends"),
    )
} | {
    "with check public.absence_notice notifier_settles": (
        "the trigger notice_moves lets a notice be settled now and nothing else be changed"
    ),
    "drop public.oauth_client server_reads": (
        "the authorization server reads it to know a client; nobody reads it for themselves"
    ),
}
"""Changes that nobody could notice, each with the reason."""


async def reason(court: Court, mutant: Mutant) -> str | None:
    """Return why a change shows nowhere, if there is a reason."""
    policy = mutant.policy
    if mutant.how == "with check" and policy.check == policy.using:
        changeable = {c for login in policy.logins for c in await court.changeable(policy, login)}
        if not changeable & set(re.findall(r"\w+", policy.check or "")):
            return "the check says again what the predicate says, of columns nobody may change"
    return KNOWN.get(mutant.name)


async def try_policies(
    on: Ground,
    seeds: Sequence[int],
    names: frozenset[str] = frozenset(),
    *,
    further: Sequence[int] = (),
) -> Toll:
    """Try every mutant of the policies, or those named; those that live in `further` worlds too."""
    toll, alive = Toll(), [m for m in await _tried(on) if not names or m.name in names]
    for worlds in (seeds, further):
        if not alive or not worlds:
            continue
        court, trying, alive = await Court.opened(on, worlds), alive, list[Mutant]()
        last = worlds is further or not further
        for mutant in trying:
            killed = await court.kills(mutant)
            excused = None if killed else await reason(court, mutant)
            if killed or excused or last:
                toll.count(f"policy {mutant.how}", mutant.name, killed=killed, excused=excused)
            else:
                alive.append(mutant)
    return toll


async def _tried(on: Ground) -> list[Mutant]:
    """Return every mutant but those of policies that give everybody what is public."""
    return [
        mutant
        for mutant in mutants(await policies_of(on.superuser))
        if mutant.policy.table not in PUBLIC or mutant.policy.using != "true"
    ]

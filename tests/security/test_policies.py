import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from domain.database import Login, ask, login_for
from ops.environment import SUPERUSER
from permissions.vocabulary import Actor, Role
from tests.security.conftest import Secured

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

REACH = "schakel_reach"
"""Its policies are *true* by design: it owns the functions, and nobody can log in as it."""

Outcome = dict[tuple[str, str], str]
Probe = tuple[str, str, tuple[str, ...]]
"""A table, a command and the login roles that may give it."""

GROUPS = ("nobody", "stranger", "actor")
"""Those who have no business here come first: for them a lost policy changes most."""


@dataclass(frozen=True)
class Policy:
    """One policy as the catalog has it."""

    table: str
    name: str
    command: str
    roles: tuple[str, ...]
    using: str | None
    check: str | None


def policies(secured: Secured) -> list[Policy]:
    """Return every policy for a login role."""
    found = secured.database.run_sql(
        "select json_build_object('table', schemaname || '.' || tablename, 'name', policyname,"
        " 'command', cmd, 'roles', roles, 'using', qual, 'check', with_check) from pg_policies"
        " order by 1::text"
    )
    parsed = [
        Policy(**{**json.loads(row), "roles": tuple(json.loads(row)["roles"])}) for row in found
    ]
    return [policy for policy in parsed if REACH not in policy.roles]


def actors(secured: Secured) -> dict[str, tuple[Actor, Login]]:
    """Return everyone, with the login role or roles that serve them."""
    world = secured.world
    named: dict[str, tuple[Actor, Login]] = {}
    for kind, people in (("actor", world.actors), ("stranger", world.strangers)):
        for name, actor in people.items():
            named[f"{kind} {name}"] = (actor, login_for(actor))
            if actor.role is Role.SCHOOL_SYSTEM:
                named[f"{kind} {name} importing"] = (actor, Login.IMPORT)
    nobody = next(iter(world.actors.values()))
    for login in Login:
        named[f"nobody at {login}"] = (
            Actor(
                id=uuid4(), organisation=nobody.organisation, role=nobody.role,
                purpose=nobody.purpose, client="nobody",
            ),
            login,
        )  # fmt: skip
    return named


class Prober:
    """Tries what each actor can do to a table, and undoes it."""

    def __init__(
        self,
        secured: Secured,
        connections: dict[Login, asyncpg.Connection],
        changing: asyncpg.Connection,
    ) -> None:
        """Take one connection per login role, and the superuser's, which changes policies."""
        self._secured = secured
        self._connections = connections
        self._changing = changing
        self._everyone = actors(secured)
        self._columns: dict[str, list[str]] = {}
        self._samples: dict[str, list[dict[str, Any]]] = {}
        self._known: dict[tuple[Probe, str], Outcome] = {}

    async def outcomes(self, of: Probe, group: str) -> Outcome:
        """Return what becomes of a command on a table, for a group of people at its login roles."""
        key = (of, group)
        if key not in self._known:
            self._known[key] = {key: outcome async for key, outcome in self._tried(of, group)}
        return self._known[key]

    async def notices(self, policy: Policy, part: str) -> bool:
        """Return whether anything becomes of the command for anybody that does not, without it."""
        of = (policy.table, policy.command, policy.roles)
        for group in GROUPS:
            before = await self.outcomes(of, group)
            await self._changing.execute(replaced(policy, part))
            try:
                async for key, outcome in self._tried(of, group):
                    if before[key] != outcome:
                        return True
            finally:
                await self._changing.execute(restored(policy))
        return False

    async def _tried(self, of: Probe, group: str) -> AsyncIterator[tuple[tuple[str, str], str]]:
        table, command, roles = of
        for name, (actor, login) in self._everyone.items():
            if f"schakel_{login}" not in roles or not name.startswith(group):
                continue
            connection = self._connections[login]
            for what, statement in self._statements(table, command, login):
                yield (name, what), await self._try(connection, actor, statement)

    async def _try(self, connection: asyncpg.Connection, actor: Actor, statement: str) -> str:
        transaction = connection.transaction()
        await transaction.start()
        try:
            claims = self._secured.pools.claims(ask(actor), connection.get_server_pid())
            await connection.execute("select set_config('schakel.claims', $1, true)", claims)
            if statement.startswith("select"):
                return str(sorted(str(row[0]) for row in await connection.fetch(statement)))
            return await connection.execute(statement)
        except asyncpg.PostgresError as error:
            refused = "row-level" if "row-level" in str(error) else ""
            return f"{getattr(error, 'sqlstate', '')} {refused}"
        finally:
            await transaction.rollback()

    def _statements(self, table: str, command: str, login: Login) -> list[tuple[str, str]]:
        if command == "SELECT":
            columns = ", ".join(self._granted(table, login, "SELECT"))
            return [("read", f"select md5(row({columns})::text) from {table}")]
        if command == "INSERT":
            return [
                (f"add {number}", insert_of(table, row, self._granted(table, login, "INSERT")))
                for number, row in enumerate(self._rows(table))
            ]
        if command == "DELETE":
            return [("remove", f"delete from {table}")]
        changes = self._granted(table, login, "UPDATE")
        return [
            *((f"empty {column}", f"update {table} set {column} = null") for column in changes),
            *((f"keep {column}", f"update {table} set {column} = {column}") for column in changes),
            *special(table),
        ]

    def changeable(self, table: str, role: str) -> list[str]:
        """Return the columns of a table that a login role may update."""
        return self._granted(table, Login(role.removeprefix("schakel_")), "UPDATE")

    def _granted(self, table: str, login: Login, privilege: str) -> list[str]:
        key = f"{table} {login} {privilege}"
        if key not in self._columns:
            self._columns[key] = self._secured.database.run_sql(
                "select attname from pg_attribute where attrelid = "
                f"'{table}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''"
                f" and has_column_privilege('schakel_{login}', '{table}', attname, '{privilege}')"
            )
        return self._columns[key]

    def _rows(self, table: str) -> list[dict[str, Any]]:
        if table not in self._samples:
            found = self._secured.database.run_sql(
                f"select row_to_json(t) from (select * from {table} limit 12) t"
            )
            self._samples[table] = [json.loads(row) for row in found]
        return self._samples[table]


def insert_of(table: str, row: dict[str, Any], columns: list[str]) -> str:
    """Return an INSERT of a copy of a row, under a new id where it has one."""
    copy = {column: row[column] for column in columns}
    if table == "public.enrolment":  # at another time: a trigger refuses what overlaps
        copy |= {"valid_from": "2001-01-01", "valid_until": "2001-02-01"}
    if "id" in copy:
        copy["id"] = str(uuid4())
    body = json.dumps(copy).replace("'", "''")
    names = ", ".join(copy)
    source = f"json_populate_record(null::{table}, '{body}')"
    return f"insert into {table} ({names}) select {names} from {source}"


CLAIMED = "(select (sec.claims()).instant)"
TODAY = "(select (sec.claims()).today)"
NOBODY = UUID(int=1)
END_EXEMPTION = f"""
    update exemption set state = 'ended', end_reason = 'mistaken', ended_by = '{NOBODY}',
        ended_at = {CLAIMED},
        retained_until = (least({TODAY}, coalesce(last_day, {TODAY})) + interval '1 year')::date
"""
CLOSE_NON_ENROLMENT = f"""
    update non_enrolment set state = 'closed', outcome = 'mistaken', closed_by = '{NOBODY}',
        closed_at = {CLAIMED}, retained_until = '2099-01-01' where state = 'open'
"""
ADVICE_MOVES = f"""
    update advice set state = '{{0}}', {{1}}_by = '{NOBODY}', {{1}}_at = {CLAIMED}, {{2}}
    where state = 'recorded'
"""


def special(table: str) -> list[tuple[str, str]]:
    """Return changes that a policy's check is there to stop, where emptying a column is not one."""
    now = "'2026-01-01T00:00:00Z'"
    nobody = NOBODY
    answered = f"answered_at = {now}, accepted_at = {now}"
    return {
        "public.report": [
            (
                f"to {state}",
                f"update report set state = '{state}', {part}_by = '{nobody}', {part}_at = {now}",
            )
            for state, part in (("sent", "sent"), ("taken_on", "taken_on"))
        ],
        "public.plan": [("agree", "update plan set state = 'agreed'")],
        "public.participation": [
            ("revive", "update participation set ended_at = null"),
            ("end", f"update participation set ended_at = {now}"),
            ("take", f"update participation set staff_id = '{nobody}', {answered}"),
        ],
        "public.head_mandate": [
            ("end", f"update head_mandate set valid_until = {now}"),
        ],
        **{
            f"public.{fact}": [("end", f"update {fact} set valid_until = {CLAIMED}")]
            for fact in (
                "referral",
                "consent",
                "filiation",
                "own_account",
                "whereabouts_protection",
            )
        },
        "public.exemption": [("end", END_EXEMPTION)],
        "public.non_enrolment": [("close", CLOSE_NON_ENROLMENT)],
        "public.advice": [
            ("answer", ADVICE_MOVES.format("answered", "answered", "answer = 'x'")),
            ("close", ADVICE_MOVES.format("closed", "closed", "outcome = 'mistaken'")),
        ],
        "public.case_file": [("reopen", "update case_file set state = 'open'")],
        "public.import_receipt": [("wait", "update import_receipt set state = 'waiting'")],
    }.get(table, [])


@asynccontextmanager
async def probing(secured: Secured) -> AsyncIterator[Prober]:
    """Open one connection per login role and give the prober."""

    async def connected(role: str) -> asyncpg.Connection:
        """Connect as a role."""
        url = secured.database.url(role).replace("postgresql+asyncpg", "postgresql")
        return await asyncpg.connect(url)

    connections = {login: await connected(f"schakel_{login}") for login in Login}
    changing = await connected(SUPERUSER)
    try:
        yield Prober(secured, connections, changing)
    finally:
        for connection in (*connections.values(), changing):
            await connection.close()


def replaced(policy: Policy, part: str) -> str:
    """Return the statement that replaces a part of a policy by *true*."""
    return f"alter policy {policy.name} on {policy.table} {part} (true)"


def restored(policy: Policy) -> str:
    """Return the statement that gives a policy its predicates back."""
    parts = (f"using ({policy.using})" if policy.using else "") + (
        f" with check ({policy.check})" if policy.check else ""
    )
    return f"alter policy {policy.name} on {policy.table} {parts}"


ABOUT_NOBODY = {
    f"public.{table}"
    for table in (
        "organisation", "school_branch", "office_municipality", "mandate", "oauth_client",
        "release",
    )
}  # fmt: skip
"""Tables about no person, of which everyone may read every row."""

SURVIVES = {
    ("public.absence_notice", "notifier_settles", "with check"): (
        "the trigger notice_moves lets a notice be ended or withdrawn once and nothing else"
    ),
    ("public.report", "register_allocates", "with check"): (
        "the trigger report_moves lets a sent report become allocated and nothing else"
    ),
    ("public.report", "closes", "with check"): (
        "the trigger report_moves lets a report that was taken on be closed and nothing else"
    ),
    ("public.report_allocation", "closes", "with check"): (
        "the office of an allocation cannot be changed: no role may update the column"
    ),
    **{
        (f"public.{table}", policy, "with check"): (
            "the trigger fact_ends_once lets a fact end at the instant of the claims alone, and no "
            "role may update whose fact it is"
        )
        for table, policy in (
            ("referral", "referrer_ends"),
            ("consent", "giver_withdraws"),
            ("filiation", "school_ends"),
            ("own_account", "school_ends"),
            ("whereabouts_protection", "school_ends"),
            ("guardian_authority", "school_ends"),
            ("court_measure", "organisation_ends"),
        )
    },
}
"""Replacements that change nothing anybody can do, each with the reason."""


def repeats(policy: Policy, part: str, changeable: set[str]) -> bool:
    """Return whether a check says again what the predicate says, of columns nobody may change."""
    words = set(re.findall(r"\w+", policy.check or ""))
    return part == "with check" and policy.check == policy.using and not words & changeable


async def test_every_policy_holds_something_back(secured: Secured) -> None:
    """Replacing any predicate of any policy by *true* changes what somebody can see or do."""
    survivors: list[str] = []
    killed = 0
    async with probing(secured) as prober:
        for policy in policies(secured):
            for part, predicate in (("using", policy.using), ("with check", policy.check)):
                if predicate is None:
                    continue
                if predicate == "true":
                    assert policy.table in ABOUT_NOBODY
                    continue
                noticed = await prober.notices(policy, part)
                killed += noticed
                changeable = {
                    c for role in policy.roles for c in prober.changeable(policy.table, role)
                }
                if not noticed and not (
                    (policy.table, policy.name, part) in SURVIVES
                    or repeats(policy, part, changeable)
                ):
                    survivors.append(f"{policy.table} {policy.name} {part}")
    assert not survivors, "\n".join(survivors)
    assert killed > 80


async def test_nobody_without_claims(secured: Secured) -> None:
    """A connection without claims sees no row of a guarded table and adds none."""
    async with probing(secured) as prober:
        for policy in policies(secured):
            for login in Login:
                if policy.table in ABOUT_NOBODY:
                    continue
                if f"schakel_{login}" in policy.roles and policy.command == "SELECT":
                    connection = prober._connections[login]
                    assert await connection.fetchval(f"select count(*) from {policy.table}") == 0

"""What each actor tries to write, and what becomes of it; everything tried is undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from domain.database import Login
from tests.proof import store
from tests.proof.beginning import beginnings
from tests.proof.chance import Chance
from tests.proof.database import Asking
from tests.proof.evaluate import Seer
from tests.proof.facts import Fact, World
from tests.proof.facts_of_work import Participation
from tests.proof.tying import MEANINGS

ROWS = 5
"""How many rows of a table each actor tries to copy."""

NOBODY = UUID(int=1)
ACTOR = frozenset(
    {
        "actor_id",
        "prepared_by",
        "opened_by",
        "referred_by",
        "given_by",
        "head_id",
        "client_id",
        "notified_by",
        "submitted_by",
        "registered_by",
    }
)
ORGANISATION = frozenset({"controller_id", "organisation_id", "actor_organisation_id"})
NOW = frozenset(
    {"valid_from", "declared_at", "at", "invited_at", "notified_at", "submitted_at", "told_at"}
)
OPEN = frozenset(
    {
        "valid_until", "ended_at", "reviewed_at", "reviewed_by", "finding", "received_at",
        "closed_at", "finished_at", "sent_by", "sent_at", "taken_on_by", "taken_on_at",
        "settled_at", "head_view", "heard_by", "heard_at", "decided_by", "decided_at",
        "end_reason", "ended_by", "outcome", "closed_by",
    }
)  # fmt: skip
BEGINNING: Mapping[str, Mapping[str, Any]] = {
    "report": {"state": "draft", "outcome": None},
    "plan": {"state": "proposed", "agreed_at": None},
    "absence_notice": {"state": "notified"},
    "leave_request": {"state": "submitted"},
    "exemption": {"state": "registered"},
    "non_enrolment": {"state": "open", "retained_until": None},
    "case_file": {"state": "open", "outcome": None},
    "import_receipt": {"state": "waiting"},
    "import_progress": {"stage": "waiting", "lines": None, "share": None},
    "alert": {"kind": "reading_budget"},
    "referral_file": {"outcome": None},
}
"""How a row begins, where it has states."""

A_YEAR = "(least(last_day, {today}::date) + interval '1 year')::date"

CHANGES: Mapping[str, tuple[str, ...]] = {
    "report": (
        "state = 'sent', sent_by = {me}, sent_at = {now} where state = 'draft'",
        "state = 'sent', sent_by = {other}, sent_at = {now} where state = 'draft'",
        "state = 'allocated' where state = 'sent'",
        "state = 'taken_on', taken_on_by = {me}, taken_on_at = {now} where state = 'allocated'",
        "state = 'taken_on', taken_on_by = {other}, taken_on_at = {now} where state = 'allocated'",
        "state = 'closed', closed_at = {now}, outcome = 'no_absence' where state = 'taken_on'",
    ),
    "participation": (
        "staff_id = {me}, answered_at = {now}, accepted_at = {now} where answered_at is null",
        "staff_id = {other}, answered_at = {now}, accepted_at = {now} where answered_at is null",
        "ended_at = {now} where ended_at is null",
        "display_name = display_name where ended_at is null",
    ),
    "absence_notice": (
        "state = 'withdrawn', settled_at = {now} where state = 'notified'",
        "state = 'ended', settled_at = {now} where data_class = 'notice.illness'",
    ),
    "leave_request": tuple(
        f"state = '{state}', {changed} where state in ('submitted', 'heard')"
        for state, changed in (
            ("granted", "decided_by = {me}, decided_at = {now}"),
            ("refused", "decided_by = {me}, decided_at = {now}"),
            ("refused", "decided_by = {other}, decided_at = {now}"),
            ("heard", "head_view = 'supports', heard_by = {me}, heard_at = {now}"),
            ("withdrawn", "head_view = head_view"),
        )
    ),
    "exemption": tuple(
        "state = 'ended', end_reason = 'enrolled', ended_at = {now}, ended_by = "
        f"{by}, retained_until = {kept} where state = 'registered'"
        for by, kept in (("{me}", A_YEAR), ("{other}", A_YEAR), ("{me}", "'2099-01-01'"))
    ),
    "non_enrolment": tuple(
        "state = 'closed', outcome = 'enrolled', closed_at = {now}, closed_by = "
        f"{by}, retained_until = '2099-07-31' where state = 'open'"
        for by in ("{me}", "{other}")
    ),
    "branch_period": (
        "locked_by = {me}, locked_at = {now} where locked_at is null",
        "locked_by = {other}, locked_at = {now} where locked_at is null",
        "locked_by = {me}, locked_at = {before} where locked_at is null",
        "locked_at = {now}, taken_at = {now} where locked_at is null",
        "late_weeks = late_weeks + 1 where taken_at is not null",
    ),
    "plan": ("state = 'agreed'", "state = 'proposed'"),
    "plan_action": ("state = 'done'",),
    "case_file": (
        "state = 'closed', closed_at = {now}, outcome = 'attending_again' where state = 'open'",
        "state = 'open'",
    ),
    "emergency_access": (
        "reviewed_at = {now}, reviewed_by = {me}, finding = 'justified' where reviewed_at is null",
        "reviewed_at = {now}, reviewed_by = {other}, finding = 'justified' where finding is null",
        "reviewed_at = {before}, reviewed_by = {me}, finding = 'justified' where finding is null",
    ),
    "referral_file": ("outcome = outcome",),
    "import_receipt": ("state = 'accepted' where state = 'waiting'", "state = 'waiting'"),
    "import_progress": (
        "stage = 'reading', told_at = {now}",
        "stage = 'reading', told_at = {before}",
        "stage = 'waiting', lines = null, share = null, told_at = {now}",
    ),
}
"""Changes that mean something for a table, beside those tried on every column."""

ENDING = (
    "valid_until = {now} where valid_until is null",
    "valid_until = {now} where valid_until > {now}",
    "valid_until = {before} where valid_until is null",
    "valid_until = null",
)


@dataclass(frozen=True)
class Attempt:
    """A statement and its values."""

    sql: str
    values: tuple[Any, ...] = ()
    before: tuple[Attempt, ...] = ()
    """What it rests on, done first and undone with it."""


class Trying:
    """Makes the attempts of actors at one table, and tries them."""

    def __init__(self, asking: Asking, superuser: asyncpg.Connection) -> None:
        """Take the connections."""
        self._asking = asking
        self._superuser = superuser
        self._granted: dict[tuple[str, Login, str], list[str]] = {}

    async def granted(self, table: str, login: Login, privilege: str) -> list[str]:
        """Return the columns of a table on which a login has a privilege."""
        key = (table, login, privilege)
        # Rows are deleted whole: there is no such privilege on a column.
        has = "has_table_privilege($2, attrelid, $3)"
        if privilege != "DELETE":
            has = "has_column_privilege($2, attrelid, attnum, $3)"
        if key not in self._granted:
            rows = await self._superuser.fetch(
                "select attname from pg_attribute where attrelid = $1::text::regclass"
                f" and attnum > 0 and not attisdropped and attgenerated = '' and {has}",
                table, f"schakel_{login}", privilege,
            )  # fmt: skip
            self._granted[key] = [row[0] for row in rows]
        return self._granted[key]

    async def outcomes(self, me: Seer, login: Login, table: str, command: str) -> Iterator[str]:
        """Return what became of each attempt, in order."""
        columns = await self.granted(table, login, command)
        if command == "INSERT":
            attempts = list(additions(me, table, columns))
        elif command == "DELETE":
            attempts = [Attempt(f"delete from {table}")] if columns else []
        else:
            attempts = [Attempt(sql) for sql in changes(me, table, columns)]
        connection = await self._asking.claim(login, me)
        return iter([await tried(connection, attempt) for attempt in attempts])


async def tried(connection: asyncpg.Connection, attempt: Attempt) -> str:
    """Try a statement, undo it, and return its status or why it was refused."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        for earlier in attempt.before:
            await connection.execute(earlier.sql, *earlier.values)
        return await connection.execute(attempt.sql, *attempt.values)
    except asyncpg.PostgresError as error:
        refused = "by a policy" if "row-level" in str(error) else ""
        return f"{type(error).__name__} {refused}"
    finally:
        await transaction.rollback()


def reached_keys(me: Seer) -> set[object]:
    """Return everything the actor is tied to, by whatever tie."""
    found: set[object] = {me.actor.organisation, me.actor.id}
    for tie, kind in MEANINGS:
        found.update(me.reached(tie, kind))
    return found - {None}


def near(me: Seer, kind: type[Fact]) -> list[dict[str, Any]]:
    """Return rows of a table, those first that are about what the actor is tied to."""
    columns, rows = store.rows_of(kind, [me.world])
    keys = reached_keys(me)
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    found.sort(key=lambda row: -sum(value in keys for value in row.values() if _is_key(value)))
    return found[:ROWS]


def _is_key(value: object) -> bool:
    return isinstance(value, UUID | str)


def additions(me: Seer, table: str, columns: list[str]) -> Iterator[Attempt]:
    """Yield copies of rows: as they are, as the actor's own, and begun in other ways."""
    kind = next(kind for kind in store.KINDS if table == kind.TABLE)
    chance = Chance(me.world.seed + 1)
    for row in near(me, kind):
        for variant in variants(me, table, row):
            copy = {name: value for name, value in variant.items() if name in columns}
            if "id" in copy:
                copy["id"] = chance.key()
            yield addition(table, copy)
    for *earlier, (_, row) in beginnings(me, table):
        before = tuple(addition(*step) for step in earlier)
        yield replace(addition(table, row), before=before)


def addition(table: str, row: Mapping[str, Any]) -> Attempt:
    """Return the statement that adds a row."""
    places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
    sql = f"insert into {table} ({', '.join(row)}) values ({places})"
    return Attempt(sql, tuple(row.values()))


def variants(me: Seer, table: str, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a row as it is, as one of the actor's own that begins now, and special ones."""
    yield dict(row)
    now = me.world.moment.instant
    own = dict(row)
    for name in row:
        if name in ACTOR:
            own[name] = me.actor.id
        elif name in ORGANISATION:
            own[name] = me.actor.organisation
        elif name in NOW and isinstance(row[name], datetime):
            own[name] = now
        elif name in OPEN:
            own[name] = None
    own |= {**BEGINNING.get(table, {}), **claimed(me, table)}
    yield own
    yield from special(me, table, own)


def claimed(me: Seer, table: str) -> dict[str, Any]:
    """Return what a row of the actor's own says of its token and its day."""
    moment = me.world.moment
    token = {"role": me.actor.role, "purpose": me.actor.purpose}
    return {
        "trace": token,
        "alert": {**token, "day": moment.today},
        "emergency_access": {**token, "ends_at": moment.instant + timedelta(minutes=30)},
        "note": {"writer_role": me.actor.role},
        "branch_period": {
            "closed_by": me.actor.id,
            "closed_at": moment.instant,
            "first_day": date(2025, 11, 1),
            "last_day": date(2025, 11, 30),
        },
        "sighting": {"purpose": me.actor.purpose, "day": moment.today},
    }.get(table, {})


def special(me: Seer, table: str, own: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield rows that begin in a way of their own."""
    if table == "participation":
        nobody = {"staff_id": None, "answered_at": None, "accepted_at": None}
        yield {**own, "is_lead": True, "staff_id": me.actor.id}
        yield {**own, "is_lead": False, **nobody}
    if table == "assignment":
        yield {**own, "role": "organisation_administrator"}
    if table == "own_account":
        yield {**own, "account_id": me.actor.id}
    if table in {"withholding", "court_measure"}:
        yield {**own, "valid_until": me.world.moment.instant + timedelta(days=9)}
        yield {**own, "valid_until": me.world.moment.instant + timedelta(days=800)}
    part = own_part(me.world, me.actor.id, own.get("case_id"))
    for name in {"author_id", "participation_id"} & own.keys():
        if part is not None:
            yield {**own, name: part}


def own_part(world: World, actor: UUID, case: object) -> UUID | None:
    """Return an actor's part in a case, if there is one."""
    parts = (p.id for p in world.where(Participation, "case_id", case) if p.staff_id == actor)
    return next(parts, None)


def changes(me: Seer, table: str, columns: list[str]) -> Iterator[str]:
    """Yield changes: each column kept or emptied, and those that mean something."""
    now = me.world.moment.instant
    words = {
        "me": f"'{me.actor.id}'",
        "other": f"'{NOBODY}'",
        "today": f"'{me.world.moment.today}'",
        "now": f"'{now.isoformat()}'",
        "before": f"'{(now - timedelta(days=1)).isoformat()}'",
    }
    for column in columns:
        yield f"update {table} set {column} = {column}"
        yield f"update {table} set {column} = null"
    endings = ENDING if "valid_until" in columns else ()
    for change in (*CHANGES.get(table, ()), *endings):
        yield f"update {table} set {change.format(**words)}"

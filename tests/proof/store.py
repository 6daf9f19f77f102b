"""Many worlds written into one database at once, as they are, by a superuser."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from tests.proof import facts, facts_of_work
from tests.proof.facts import Fact, World

KINDS: tuple[type[Fact], ...] = tuple(
    kind
    for module in (facts, facts_of_work)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Fact) and kind is not Fact
)
"""Every kind of fact, in an order in which none refers to a later one."""

LONG_AGO = datetime(2020, 1, 6, 9, 0, tzinfo=UTC)
MONDAY = date(2026, 1, 5)
FIRST, LAST = date(2026, 1, 1), date(2026, 1, 31)
SOMEBODY = UUID(int=7)

RECORDED: Mapping[str, Any] = {"recorded_at": LONG_AGO}
CHILD: Mapping[str, Any] = {"given_name": "Sam", "infix": "van", "family_name": "Dijk"}

FILLERS: dict[str, Mapping[str, Any]] = {
    "directory_region": {"name": "Regio"},
    "directory_municipality": {"name": "Plaats", "search_name": "plaats", "province": "Utrecht"},
    "directory_alliance": {"sector": "VO"},
    "organisation": {"name": "Organisatie", **RECORDED},
    "school_branch": {"name": "School", "sector": "VO", **RECORDED},
    "oauth_client": {"public_key": "{}"},
    "delivery_agreement": {"branch_key": "k"},
    "staff": {"name": "Noor Smit", **RECORDED},
    "class_group": {"name": "2B", "school_year": 2025, "year_group": 2, **RECORDED},
    "pupil": {**CHILD, "sex": "female", **RECORDED},
    "pupil_residence": {"postcode": "3511AA", "municipality_code": "GM0344", **RECORDED},
    "enrolment": {"year_group": 2, **RECORDED},
    "class_membership": RECORDED,
    "pupil_contact": {
        "name": "Jo van Dijk", "relation": "mother", "phone": "0612345678",
        "email": "jo@example.org", **RECORDED,
    },
    "absence": {
        "day": MONDAY, "start_unit": 1, "lesson_units": 1, "minutes": 50, "category": "unknown",
        **RECORDED,
    },
    "absence_reason": {"code": "X", "day": MONDAY, **RECORDED},
    "absence_presumed": {"about": "reason", "code": "X", "day": MONDAY, **RECORDED},
    "delivered_week": RECORDED,
    "pupil_week": {
        "scheduled_minutes": 1500, "scheduled_units": 30, "attended_minutes": 1400,
        "attended_units": 28, **RECORDED,
    },
    "dimension_week": {"minutes": 50, "times": 1, **RECORDED},
    "signal": {
        "kind": "sixteen_hours", "rule_set": "leerplichtwet-1969", "first_week": MONDAY,
        "last_week": MONDAY, "amount": 16, "unit": "lesson_units", "act_by": MONDAY, **RECORDED,
    },
    "absence_notice": {
        "first_day": MONDAY, "last_day": MONDAY, "in_time": True, "rule_set": "leerplichtwet-1969",
        "notified_at": LONG_AGO,
    },
    "leave_request": {
        "given_name": "Sam", "family_name": "Dijk", "birth_date": MONDAY, "ground": "weighty",
        "first_day": MONDAY, "last_day": MONDAY, "school_year": 2025, "school_days": 1,
        "calendar_known": True, "obstacles": [], "rule_set": "leerplichtwet-1969",
        "submitted_at": LONG_AGO, "decide_by": MONDAY,
    },
    "leave_explanation": {"explanation": "A wedding far away."},
    "report": {
        "rule_set": "leerplichtwet-1969", "prepared_at": LONG_AGO, "sent_by": SOMEBODY,
        "sent_at": LONG_AGO, "taken_on_at": LONG_AGO, "closed_at": LONG_AGO,
        "outcome": "no_absence", "age": 14,
    },
    "report_extract": {
        "extract": '{"givenName": "Sam", "infix": "van", "familyName": "Dijk",'
        ' "birthDate": "2010-01-01", "weeks": [], "amount": 16, "unit": "lesson_units",'
        ' "period": {"from": "2026-01-05", "until": "2026-01-11"}}'
    },
    "report_contact": {
        "position": 0, "name": "Jo van Dijk", "relation": "mother", "phone": "06",
        "email": "jo@example.org", **RECORDED,
    },
    "exemption": {
        "given_name": "Sam", "family_name": "Dijk", "birth_date": MONDAY, "first_day": MONDAY,
        "last_day": date(2026, 7, 31), "rule_set": "leerplichtwet-1969", "registered_at": LONG_AGO,
    },
    "non_enrolment": {
        "given_name": "Sam", "family_name": "Dijk", "birth_date": MONDAY, "since": MONDAY,
        "opened_at": LONG_AGO,
    },
    "advice": {
        "measure": "absence", "first_day": MONDAY, "last_day": date(2026, 2, 1),
        "seen": "More of it than last year.", "advised": "Talk with parents of whom is ill often.",
    },
    "case_file": {
        "form": "attendance_conference", "opened_at": LONG_AGO,
        "closed_at": LONG_AGO, "outcome": "no_longer_needed",
    },
    "case_identity": {**CHILD, "birth_date": MONDAY},
    "participation": {"shares": ["note.general"], "display_name": "Noor Smit"},
    "attendance_summary": {
        "band": "5-10", "trend": "stable", "period_from": MONDAY, "period_until": MONDAY,
        "offered_at": LONG_AGO,
    },
    "plan": {
        "goal": "Every morning", "state": "agreed", "review_on": MONDAY, "agreed_at": LONG_AGO,
        **RECORDED,
    },
    "plan_agreement": {"agreed_at": LONG_AGO},
    "plan_action": {"description": "Call", "due_on": MONDAY, "state": "open", **RECORDED},
    "note": {
        "sealed": b"sealed", "writer_role": "youth_doctor", "writer_name": "Noor Smit", **RECORDED,
    },
    "withholding": {"ground": "Jeugdwet 7.3.17"},
    "court_measure": {"kind": "supervision"},
    "referral_file": {
        "given_name": "Sam", "family_name": "Dijk", "birth_date": MONDAY, "question": "How?",
        "received_at": LONG_AGO, "outcome": "help_started",
    },
    "emergency_access": {"reason": "Missing since this morning, nobody knows where."},
    "alert": {
        "kind": "emergency", "role": "youth_doctor", "purpose": "emergency", "amount": 1,
        "about": SOMEBODY, "at": LONG_AGO,
    },
    "trace": {
        "role": "mentor", "purpose": "daily_guidance", "activity": "read", "act": "read",
        "rules": ["a rule"], "data_classes": ["pupil.identity"], "young_persons": [],
        "about": SOMEBODY, "request_id": "r", "at": LONG_AGO, "recorded_at": LONG_AGO,
        "expanded": True,
    },
    "access_line": {
        "role": "mentor", "purpose": "daily_guidance", "activity": "read",
        "rules": ["a rule"], "data_classes": ["pupil.identity"], "at": LONG_AGO,
    },
    "import_receipt": {
        "kind": "roster_edexml", "dry_run": False, "upload_digest": b"\0",
        "upload_until": LONG_AGO, "counts": "{}", "problems": "[]", "started_at": LONG_AGO,
        "finished_at": LONG_AGO,
    },
    "import_progress": {"lines": 5, "share": 0.5, "told_at": LONG_AGO},
    "outbox": {
        "branch_id": SOMEBODY, "kind": "note", "object_id": SOMEBODY, "former_id": SOMEBODY,
        "change": "changed", "at": LONG_AGO,
    },
    "idempotency": {"digest": b"\0", "object_id": SOMEBODY, **RECORDED},
    "release": {
        "kind": "month", "first_day": FIRST, "last_day": LAST, "school_year": 2025, "method": "1",
        "rule_set": "rules", "boundaries": "2026", "branches": 1, "branches_missing": 1,
        "released_at": LONG_AGO, "digest": "0" * 64,
    },
    "release_unit": {
        "name": "Unit", "sector": "VO", "board": "1", "municipality": "1", "region": "1",
        "alliance": "1", "published_as": "1", "area": "1", "groups": ["1_2:f"],
        "weeks": 4, "missing_weeks": 1,
        "closed": True,
    },
    "published": {
        "kind": "month", "first_day": FIRST, "vintage": 1, "unit_name": "Unit", "members": ["1"],
        "measure": "absence", "by": "total", "labels": ["all"], "categories": ["0_5"],
        "cells": [40], "units": 1,
    },
    "branch_period": {
        "kind": "month", "first_day": FIRST, "last_day": LAST, "score": 80, "weeks": 4,
        "missing_weeks": [MONDAY], "closed_by": SOMEBODY, "closed_at": LONG_AGO,
    },
    "branch_table": {
        "kind": "month", "first_day": FIRST, "measure": "absence", "vintage": 1,
        "categories": ["0_5"], "groups": ["1_2:f"], "cells": [40], "taken_at": LONG_AGO,
    },
}  # fmt: skip
"""Values of columns that decide nothing; never null, so that a null is a withheld value."""

OWN_KEYS: Mapping[str, tuple[str, str]] = {
    "directory_region": ("code", "code"),
    "pupil": ("external_id", "id"),
    "staff": ("external_id", "id"),
    "class_group": ("external_id", "id"),
    "absence": ("external_id", "id"),
}
"""Columns that must differ from row to row: each repeats the column beside it."""


def rows_of(kind: type[Fact], worlds: Iterable[World]) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns and the rows of a table for all facts of a kind."""
    names = [f.name for f in fields(kind)]  # pyright: ignore[reportArgumentType]
    fillers = {k: v for k, v in FILLERS.get(kind.TABLE, {}).items() if k not in names}
    own, source = OWN_KEYS.get(kind.TABLE, ("", ""))
    extra = [own] if own and own not in names else []
    tail = tuple(fillers.values())
    rows = [
        (
            *(getattr(fact, name) for name in names),
            *tail,
            *(str(getattr(fact, source)) for _ in extra),
        )
        for world in worlds
        for fact in world.facts[kind]
    ]
    return [*names, *fillers, *extra], rows


async def write(
    connection: asyncpg.Connection, worlds: Iterable[World], *, constrained: bool = False
) -> int:
    """Write worlds and return the number of rows; with constraints only when asked for.

    Without them neither foreign keys nor triggers are looked at; unique keys and checks always.
    """
    worlds, written = list(worlds), 0
    role = "origin" if constrained else "replica"
    async with connection.transaction():
        await connection.execute(f"set local session_replication_role = {role}")
        for kind in KINDS:
            columns, rows = rows_of(kind, worlds)
            if rows:
                schema, _, table = kind.TABLE.rpartition(".")
                await connection.copy_records_to_table(
                    table, schema_name=schema or None, columns=columns, records=rows
                )
            written += len(rows)
    return written


async def empty(connection: asyncpg.Connection) -> None:
    """Remove every world; what is written once is no exception here, so no trigger fires."""
    async with connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        await connection.execute(f"truncate {', '.join(kind.TABLE for kind in KINDS)} cascade")
    await connection.execute(
        "insert into trace_progress (complete_until) values ('-infinity') on conflict do nothing"
    )

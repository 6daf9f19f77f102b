"""Row-level security as the catalog has it, whatever the migrations meant to say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.architecture import catalog
from tests.architecture.catalog import MIGRATE, OWNER, REACH, guarded, rows_of
from tests.conftest import TestDatabase

AGGREGATE = "schakel_aggregate"
OF_REACH = {
    ("SELECT", "reach_reads"): "facts, to derive reach from",
    (
        "INSERT",
        "reach_tells",
    ): "alerts of an emergency, which nobody who declares one may leave out",
}
"""What the owner of the definer functions may do, with the reason."""
OPEN_TO_AGGREGATE = {
    ("public.assignment", "SELECT"): "its own assignments, by which a mandate's tie holds",
    ("public.advice", "SELECT"): "advice to schools; about no person",
    ("public.advice", "INSERT"): "advice that its adviser gives",
    ("public.advice", "UPDATE"): "what followed on advice",
    ("public.idempotency", "SELECT"): "the keys of its own acts",
    ("public.idempotency", "INSERT"): "the keys of its own acts",
    ("public.branch_period", "SELECT"): "that a branch closed a period; about no person",
    ("public.branch_period", "UPDATE"): "that its board locks it, and nothing else of it",
    ("public.oauth_client", "SELECT"): "its own registration, by which a client's mandate holds",
    ("public.published", "SELECT"): "published figures about groups; about no person",
    ("public.release", "SELECT"): "that there is a release",
    ("public.release_unit", "SELECT"): "where a branch lay at a release",
    ("public.trace", "INSERT"): "its own act, now, and about no young person",
}
"""What the login of the analysts may do on guarded tables, with the reason."""

SEARCH_PATH = "search_path=pg_catalog, pg_temp"
"""Temporary objects last: with an empty path types are looked for in `pg_temp` first."""


@pytest.fixture(scope="module")
def tables(database: TestDatabase) -> list[dict[str, Any]]:
    """Every table of the platform."""
    return rows_of(database, catalog.TABLES)


@pytest.fixture(scope="module")
def privileges(database: TestDatabase) -> list[dict[str, Any]]:
    """Every privilege that a login role has on a table or on a column of it."""
    return rows_of(database, catalog.PRIVILEGES)


@pytest.fixture(scope="module")
def policies(database: TestDatabase) -> list[dict[str, Any]]:
    """Every policy."""
    return rows_of(database, catalog.POLICIES)


@pytest.fixture(scope="module")
def functions(database: TestDatabase) -> list[dict[str, Any]]:
    """Every function of the platform."""
    return rows_of(database, catalog.FUNCTIONS)


@pytest.fixture(scope="module")
def roles(database: TestDatabase) -> dict[str, dict[str, Any]]:
    """Every role of the platform, by name."""
    return {role["name"]: role for role in rows_of(database, catalog.ROLES)}


def test_every_table_about_persons_has_row_level_security_forced(
    tables: list[dict[str, Any]],
) -> None:
    """Enabled, so that roles pass through it, and forced, so that the owner does too."""
    open_tables = [
        table["name"] for table in guarded(tables) if not (table["enabled"] and table["forced"])
    ]
    assert open_tables == []


def test_row_level_security_is_never_half_on(tables: list[dict[str, Any]]) -> None:
    """A table that has it at all has it forced."""
    assert [t["name"] for t in tables if t["enabled"] != t["forced"]] == []


def test_a_table_without_row_level_security_has_a_reason(tables: list[dict[str, Any]]) -> None:
    """A new table is guarded or is written down, with the reason, among those about nobody."""
    unguarded = {table["name"] for table in tables if not table["enabled"]}
    assert unguarded - set(catalog.ABOUT_NOBODY) == set()


def test_the_lists_name_tables_that_are_there(tables: list[dict[str, Any]]) -> None:
    """The hand-written lists neither overlap nor name what is gone."""
    names = {table["name"] for table in tables}
    assert set(catalog.LISTED) | set(catalog.ABOUT_NOBODY) <= names
    assert not set(catalog.ABOUT_NOBODY) & {table["name"] for table in guarded(tables)}


def test_every_privilege_on_a_guarded_table_has_a_policy(
    tables: list[dict[str, Any]],
    privileges: list[dict[str, Any]],
    policies: list[dict[str, Any]],
) -> None:
    """For each login and command with a privilege there is a policy for that login and command."""
    names = {table["name"] for table in tables if table["enabled"]}
    written = {(p["name"], role, p["command"]) for p in policies for role in p["roles"]}
    bare = [
        privilege
        for privilege in privileges
        if privilege["name"] in names
        and not {
            (privilege["name"], privilege["login"], privilege["command"]),
            (privilege["name"], privilege["login"], "ALL"),
        }
        & written
    ]
    assert bare == []


def test_every_policy_is_of_a_privilege_that_somebody_has(
    privileges: list[dict[str, Any]], policies: list[dict[str, Any]]
) -> None:
    """A policy for whom nothing is granted is a plan that nobody finished, or a leftover."""
    held = {(p["name"], p["login"], p["command"]) for p in privileges}
    idle = [
        (p["name"], p["policy"], role)
        for p in policies
        for role in p["roles"]
        if role != REACH and (p["name"], role, p["command"]) not in held
    ]
    assert idle == []


def test_no_policy_is_for_everyone_or_says_yes_to_all(policies: list[dict[str, Any]]) -> None:
    """Policies name their roles and one command; only the owner of reach may read facts freely."""
    for policy in policies:
        assert "public" not in policy["roles"], policy
        assert policy["command"] != "ALL", policy
        assert policy["permissive"] == "PERMISSIVE", policy
        if policy["roles"] == [REACH]:
            assert (policy["command"], policy["policy"]) in OF_REACH, policy
            assert policy["checked"] != "true", policy
        else:
            free = policy["name"] in catalog.READ_BY_ALL and policy["command"] == "SELECT"
            assert REACH not in policy["roles"], policy
            assert free or "true" not in (policy["using"], policy["checked"]), policy


def test_what_writes_is_checked(policies: list[dict[str, Any]]) -> None:
    """Every policy for INSERT and UPDATE says what may be written."""
    unchecked = [
        p for p in policies if p["command"] in {"INSERT", "UPDATE"} and p["checked"] is None
    ]
    assert unchecked == []


def test_logins_have_no_privilege_that_passes_by_policies(
    privileges: list[dict[str, Any]],
) -> None:
    """TRUNCATE, REFERENCES, TRIGGER and MAINTAIN know no row-level security; no login has them."""
    around = [
        p for p in privileges if p["command"] in {"TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"}
    ]
    assert around == []


def test_no_login_may_touch_the_key_of_the_claims(privileges: list[dict[str, Any]]) -> None:
    """Whoever could read the key could be anyone; the owner of the definer functions alone can."""
    assert [p for p in privileges if p["name"] == "sec.claims_key"] == []


def test_a_trace_is_never_changed_or_taken_away(privileges: list[dict[str, Any]]) -> None:
    """The service adds traces, shows privacy officers theirs, and never changes or removes one."""
    held = {(p["login"], p["command"]) for p in privileges if p["name"] == "public.trace"}
    assert held == {
        ("schakel_aggregate", "INSERT"),
        ("schakel_app", "INSERT"),
        ("schakel_app", "SELECT"),
        ("schakel_import", "INSERT"),
        ("schakel_jobs", "INSERT"),
        ("schakel_jobs", "SELECT"),
        ("schakel_jobs", "UPDATE"),
    }


def test_what_a_job_may_change_of_a_trace_is_whether_it_was_expanded(
    database: TestDatabase,
) -> None:
    """The one column of a trace that may be updated says nothing of what was done."""
    columns = database.run_sql(
        "select attname from pg_attribute where attrelid = 'public.trace'::regclass and attnum > 0"
        " and has_column_privilege('schakel_jobs', 'public.trace', attname, 'UPDATE')"
    )
    assert columns == ["expanded"]


def test_the_login_of_analysts_has_no_privilege_on_persons(
    tables: list[dict[str, Any]], privileges: list[dict[str, Any]]
) -> None:
    """Whatever is injected there, no row about a person can come back, but for what is listed."""
    names = {table["name"] for table in guarded(tables)}
    held = {
        (p["name"], p["command"])
        for p in privileges
        if p["login"] == AGGREGATE and p["name"] in names
    }
    assert held == set(OPEN_TO_AGGREGATE)


def test_definer_functions_are_closed(functions: list[dict[str, Any]]) -> None:
    """Each has a fixed search path, is not for everyone, and is owned by the role for reach."""
    definers = [f for f in functions if f["definer"]]
    assert len(definers) > 5
    for function in definers:
        assert SEARCH_PATH in function["settings"], function
        assert not function["public"], function
        assert function["owner"] == REACH, function


def test_no_function_takes_names_from_the_callers_path(functions: list[dict[str, Any]]) -> None:
    """A function without a fixed path could be made to call somebody else's.

    One that PostgreSQL keeps parsed took its names when it was made; it is no definer's.
    """
    loose = [
        f["name"]
        for f in functions
        if SEARCH_PATH not in f["settings"] and (f["definer"] or not f["parsed"])
    ]
    assert loose == []


def test_functions_of_policies_are_not_for_everyone(functions: list[dict[str, Any]]) -> None:
    """Functions beside triggers are executed by the logins that were named."""
    named = [f for f in functions if f["name"].split(".")[0] in {"sec", "reach", "vault"}]
    assert named
    assert [f["name"] for f in named if f["public"]] == []


def test_no_view_passes_by_the_policies_of_its_reader(database: TestDatabase) -> None:
    """A view runs as who reads it, and nothing is kept in a materialized one."""
    for view in rows_of(database, catalog.VIEWS):
        assert view["kind"] == "v", view
        assert {"security_invoker=true", "security_invoker=on"} & set(view["options"]), view


def test_logins_are_ordinary_roles(roles: dict[str, dict[str, Any]]) -> None:
    """No login is a superuser, passes by row-level security, or makes roles or databases."""
    logins = [role for role in roles.values() if role["login"]]
    assert {role["name"] for role in logins} == {
        "schakel_app", "schakel_aggregate", "schakel_import", "schakel_jobs", "schakel_audit",
        MIGRATE,
    }  # fmt: skip
    for role in roles.values():
        powers = ("superuser", "bypass", "creates_roles", "creates_databases", "replicates")
        assert not any(role[power] for power in powers), role
        assert not role["inherits"], role


def test_owner_and_reach_cannot_log_in_and_nobody_but_migrations_becomes_the_owner(
    roles: dict[str, dict[str, Any]],
) -> None:
    """Only the login for migrations is a member of the owner, and no other login of anything."""
    assert not roles[OWNER]["login"]
    assert not roles[REACH]["login"]
    members = {name: set(role["member_of"]) for name, role in roles.items() if role["member_of"]}
    assert members == {MIGRATE: {OWNER, REACH}, OWNER: {REACH}}


def test_the_owner_owns_the_tables_and_reach_owns_functions_alone(
    database: TestDatabase, tables: list[dict[str, Any]]
) -> None:
    """No login owns anything; the owner of the definer functions has no table and makes none."""
    assert {table["owner"] for table in tables} == {OWNER}
    owned = database.run_sql(
        "select c.oid::regclass from pg_class c join pg_roles r on r.oid = c.relowner"
        f" where {catalog.OURS} and r.rolname <> 'schakel_owner'"
    )
    assert owned == []
    made = database.run_sql(
        "select n.nspname, r.rolname from pg_namespace n, pg_roles r"
        " where n.nspname in ('public', 'sec', 'reach', 'vault')"
        f" and {catalog.OURS} and r.rolname <> 'schakel_owner'"
        " and has_schema_privilege(r.rolname, n.oid, 'CREATE')"
    )
    assert made == []


def test_nothing_is_granted_to_everyone(database: TestDatabase) -> None:
    """PUBLIC has no privilege on a table, a sequence or a schema of the platform."""
    granted = database.run_sql(
        "select c.oid::regclass, g.privilege_type from pg_class c"
        " join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) g"
        " where g.grantee = 0 and n.nspname in ('public', 'sec', 'reach', 'vault')"
    )
    assert granted == []
    schemas = database.run_sql(
        "select n.nspname, g.privilege_type from pg_namespace n, aclexplode(n.nspacl) g"
        " where g.grantee = 0 and n.nspname in ('public', 'sec', 'reach', 'vault')"
    )
    assert schemas == []

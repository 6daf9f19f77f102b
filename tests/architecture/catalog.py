"""What PostgreSQL's own catalog says of a migrated database."""

from __future__ import annotations

import json
from typing import Any

from ops.cluster import SUPERUSER
from tests.conftest import TestDatabase

ABOUT_PERSONS = {
    "young_person_id",
    "young_persons",
    "pupil_id",
    "guardian_id",
    "staff_id",
    "head_id",
    "coordinator_id",
    "case_id",
    "actor_id",
}
"""Columns that tie a row to a person, or to somebody or something that acts."""

LISTED = {
    "public.young_person": "the person itself",
    "public.guardian": "the person itself",
    "public.staff": "the person itself",
    "public.case_file": "the case itself",
    "public.report_contact": "says how to reach the parents of a person",
    "public.report_allocation": "says who handles a report about a person",
    "public.class_group": "a class, which a mentor and pupils are tied to",
    "public.delivered_week": "decides what a pupil's rate is computed from",
    "public.delivery_agreement": "a tie: which system delivers for which branch",
    "public.import_receipt": "what one system delivered",
    "public.import_progress": "how far one system's delivery is",
    "public.advice": "what an office and a school say to each other",
    "public.branch_period": "when a branch closed a period, and what was missing",
    "public.branch_table": "exact counts of the pupils of one branch",
    "public.published": "made from persons",
    "public.release": "what was published, and its digest",
    "public.release_unit": "where a branch lay at a release",
}
"""Tables that are guarded although no column says that they must be."""

ABOUT_NOBODY = {
    "public.organisation": "public: which organisations there are",
    "public.school_branch": "public: which branches they have",
    "public.office_municipality": "public: which office serves which municipality",
    "public.mandate": "public: which organisation answers for which area",
    "public.directory_region": "the national directory",
    "public.directory_municipality": "the national directory",
    "public.directory_alliance": "the national directory",
    "public.directory_postcode": "the national directory",
    "public.directory_branch": "the national directory",
    "public.oauth_replay": "used assertions of systems; written before there are claims",
    "public.trace_progress": "one instant",
    "public.alembic_version": "one revision",
    "sec.claims_key": "no login role has any privilege on it",
}
"""Tables without row-level security, each with the reason why none is needed."""

READ_BY_ALL = {
    "public.organisation",
    "public.school_branch",
    "public.office_municipality",
    "public.mandate",
    "public.oauth_client",
    "public.release",
}
"""Tables whose rows may be read freely (a client is looked up before there are claims; that there
is a release says nothing of what is in it)."""

OWNER, REACH, MIGRATE = "schakel_owner", "schakel_reach", "schakel_migrate"
SCHEMAS = "('public', 'sec', 'reach', 'vault')"

OURS = f"rolname like 'schakel\\_%' and rolname <> '{SUPERUSER}'"
"""The roles of the platform; the superuser of the embedded server is of the server, not of it."""
LOGINS = f"select rolname from pg_roles where {OURS} and rolcanlogin"
TABLES = f"""
select n.nspname || '.' || c.relname as name, c.oid::int as oid, c.relkind as kind,
       c.relrowsecurity as enabled, c.relforcerowsecurity as forced, r.rolname as owner,
       array(select a.attname from pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner
where n.nspname in {SCHEMAS} and c.relkind in ('r', 'p', 'f')
"""
PRIVILEGES = f"""
select n.nspname || '.' || c.relname as name, l.rolname as login, p.command
from pg_class c join pg_namespace n on n.oid = c.relnamespace
cross join ({LOGINS}) l
cross join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'),
                   ('TRIGGER'), ('MAINTAIN')) p (command)
where n.nspname in {SCHEMAS} and c.relkind in ('r', 'p', 'f')
  and (has_table_privilege(l.rolname, c.oid, p.command)
       or (p.command in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
           and has_any_column_privilege(l.rolname, c.oid, p.command)))
"""
POLICIES = """
select p.schemaname || '.' || p.tablename as name, p.policyname as policy, p.cmd as command,
       p.roles::text[] as roles, p.permissive, p.qual as using, p.with_check as checked
from pg_policies p
"""
FUNCTIONS = f"""
select p.oid::regprocedure::text as name, p.prosecdef as definer, r.rolname as owner,
       coalesce(p.proconfig, '{{}}') as settings, p.prosqlbody is not null as parsed,
       has_function_privilege('public', p.oid, 'EXECUTE') as public,
       array(select l.rolname from ({LOGINS}) l
             where has_function_privilege(l.rolname, p.oid, 'EXECUTE')) as logins
from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles r on r.oid = p.proowner
where n.nspname in {SCHEMAS}
"""
VIEWS = f"""
select n.nspname || '.' || c.relname as name, c.relkind as kind,
       coalesce(c.reloptions, '{{}}') as options
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname not in ('pg_catalog', 'information_schema') and c.relkind in ('v', 'm')
  and n.nspname in {SCHEMAS}
"""
ROLES = f"""
select rolname as name, rolcanlogin as login, rolsuper as superuser, rolbypassrls as bypass,
       rolcreaterole as creates_roles, rolcreatedb as creates_databases, rolinherit as inherits,
       rolreplication as replicates,
       array(select g.rolname from pg_roles g
             where g.rolname not in (r.rolname, 'pg_database_owner')
               and pg_has_role(r.rolname, g.oid, 'MEMBER')) as member_of
from pg_roles r where {OURS}
"""


def rows_of(database: TestDatabase, query: str) -> list[dict[str, Any]]:
    """Return the rows of a query on the catalog."""
    answer = database.run_sql(f"select coalesce(json_agg(row_to_json(q)), '[]') from ({query}) q")
    return json.loads("".join(answer))


def guarded(tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the tables that need row-level security."""
    return [
        table
        for table in tables
        if table["name"] in LISTED or ABOUT_PERSONS & set(table["columns"])
    ]

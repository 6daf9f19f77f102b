"""What it costs to ask for reach: what is reached, and not what is stored."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from domain.database import Database
from permissions.table import TABLE
from tests.conftest import TestDatabase
from tests.filled import pools_of
from tests.security.facts import Facts, asking
from tests.security.people import PEOPLE
from tests.security.test_reach_sql import FUNCTIONS

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

BIG = (
    "assignment", "case_file", "class_membership", "consent", "court_measure", "emergency_access",
    "enrolment", "filiation", "guardian_authority", "head_mandate", "mandate", "note",
    "oauth_client", "own_account", "participation", "pupil", "pupil_contact", "referral", "report",
    "report_allocation", "report_extract",
)  # fmt: skip
"""Tables that grow with the number of persons or organisations."""
COPIES = 20_000


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def many(
    new_database: Callable[[], TestDatabase],
) -> AsyncIterator[tuple[TestDatabase, Database]]:
    """The facts, among thousands of others about people and places that nobody here knows."""
    made = new_database()
    lines = Facts().lines
    for table in BIG:
        columns = made.run_sql(
            f"select attname || ' ' || format_type(atttypid, null) from pg_attribute"
            f" where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped"
        )
        values = []
        for name, kind in (column.split(" ", 1) for column in columns):
            if kind == "uuid":
                values.append(f"case when t.{name} is not null then gen_random_uuid() end")
            elif name in {"client_id", "unit_code"}:
                values.append("gen_random_uuid()::text")
            elif name == "unit_level":
                values.append("'board'")
            else:
                values.append(f"t.{name}")
        lines.append(
            f"insert into {table} select {', '.join(values)}"
            f" from (select * from {table} limit 1) t, generate_series(1, {COPIES});"
        )
    made.run_sql("\n".join([*lines, "analyze;"]))
    database = pools_of(made)
    yield made, database
    await database.close()


@pytest.mark.parametrize("name", PEOPLE)
async def test_no_table_is_read_from_end_to_end(
    many: tuple[TestDatabase, Database], name: str
) -> None:
    """Each function finds what it reaches by an index, in every table that grows."""
    theirs = [rule for rule in TABLE if rule.who == PEOPLE[name].role]
    acts, classes = {str(rule.may) for rule in theirs}, {str(rule.what) for rule in theirs}
    async with asking(*many) as asked:
        reached = 0
        for function in FUNCTIONS.values():
            reached += len(await asked.allowed(name, function, list(acts), list(classes)))
        await asked.change("select 1")
        scanned = await asked.connection.fetch(
            "select relname, seq_tup_read from pg_stat_xact_user_tables"
            " where relname = any($1) and seq_tup_read > 0",
            list(BIG),
        )
    assert [tuple(row) for row in scanned] == []
    assert reached or name in {"colleague", "other guardian", "operator", "job", "accounting job"}

"""The models and the migrated tables say the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from domain.base import Base
from domain.models import load_all
from tests.conftest import TestDatabase

NOT_MODELLED = {"claims_key", "alembic_version"}
"""Tables that no code of the domain reads or writes."""
PARTITION = re.compile(r"(absence|absence_reason|pupil_week)_(\d{4}|other)")
COMPARED = {
    "add_table", "remove_table", "add_column", "remove_column", "modify_nullable", "modify_type",
}  # fmt: skip
SCHEMAS = {None, "public", "vault", "sec"}


def is_ours(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:  # noqa: FBT001 - Alembic's signature
    """Return whether Alembic compares a thing; a partition is part of a table that it compares."""
    return not (kind == "table" and (name in NOT_MODELLED or PARTITION.fullmatch(name or "")))


def is_of_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Return whether Alembic looks into a schema."""
    return kind != "schema" or name in SCHEMAS


def differences(connection: Connection) -> list[Any]:
    """Return where the models differ from the tables: what a migration would have to do."""
    context = MigrationContext.configure(
        connection,
        opts={
            "include_schemas": True,
            "include_object": is_ours,
            "include_name": is_of_ours,
            "compare_type": True,
        },
    )
    found = compare_metadata(context, Base.metadata)
    flat = [d for item in found for d in (item if isinstance(item, list) else [item])]
    return [difference for difference in flat if difference[0] in COMPARED]


@pytest.mark.asyncio
async def test_models_equal_the_migrated_tables(database: TestDatabase) -> None:
    """Names, columns, nullability and types of every table are those of its model."""
    load_all()
    engine = create_async_engine(database.url("schakel_app"), poolclass=NullPool)
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert found == []

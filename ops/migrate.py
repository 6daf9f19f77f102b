"""Bringing a database to the newest schema."""

from __future__ import annotations

import asyncio

from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from migrations.keys import install_claims_key
from ops.folders import ROOT


def config(url: str) -> Config:
    """The Alembic configuration for one database, logged in to as `schakel_migrate`."""
    made = Config()
    made.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    made.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return made


def migrate(url: str, claims_key: bytes) -> None:
    """Upgrade the database to the newest revision, and store the key that claims are signed with.

    A key that has changed replaces the stored one; claims signed with the old one are refused.
    """
    command.upgrade(config(url), "head")
    asyncio.run(_store_claims_key(url, claims_key))


async def _store_claims_key(url: str, key: bytes) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await install_claims_key(connection, key)
    await engine.dispose()

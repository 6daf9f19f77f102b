"""Playing the tour in a copy of the demo's database, which is dropped afterwards."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import click
import httpx

from api.app import configure, database_of
from api.settings import load
from ops.tour import advising, confiding, family, office, partners, school
from ops.tour.cast import Cast, prepare
from ops.tour.stage import Stage, environment_of, free_port, serving
from ops.tour.telling import NotSoError, Teller

if TYPE_CHECKING:
    from collections.abc import Generator

    from rich.console import Console

    from api.settings import Settings
    from ops.cluster import Cluster
    from ops.progress import Progress

TEMPLATE = "schakel_template"
"""The demo as it was built; nobody is ever connected to it, so it can be copied at any time."""


def run(cluster: Cluster | None, progress: Progress) -> int:
    """Tell the tour; return 0 when everything was as it should be, 1 when it was not."""
    if cluster is None:
        raise click.ClickException(
            "The tour plays in a copy of the demo, which only the embedded database can make: "
            "run it without SCHAKEL_DATABASES__*."
        )
    name = f"tour_{uuid4().hex[:12]}"
    with progress.step("Copying the demo for the tour"):
        cluster.create_from_template(name, TEMPLATE)
    try:
        made = environment_of(cluster.folder, cluster.urls(name), free_port())
        with environment(made):
            return tell(load(), progress.console)
    finally:
        cluster.drop_database(name)


@contextmanager
def environment(values: dict[str, str]) -> Generator[None]:
    """Set environment variables for a while."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def tell(settings: Settings, console: Console) -> int:
    """Tell the story against the database that the settings name; it is changed by it."""
    teller = Teller(console)
    started = time.monotonic()
    try:
        with played(settings, teller) as (stage, cast):
            for chapter in (school, office, advising, partners, confiding, family):
                chapter.play(stage, cast)
    except (NotSoError, httpx.HTTPError, LookupError, StopIteration, TypeError) as broken:
        # What is missing from an answer breaks the story as much as what is wrong in it.
        console.print(f"\n[bold red]✗ {broken}[/]")
        return 1
    console.print(
        f"\n[bold green]The tour is done:[/] {teller.claims} claims held, "
        f"in {time.monotonic() - started:.0f} seconds."
    )
    return 0


@contextmanager
def played(settings: Settings, teller: Teller) -> Generator[tuple[Stage, Cast]]:
    """Register the tour's own school, serve the API, and give both to the story."""
    cast = asyncio.run(_prepared(settings))
    with serving(settings) as client:
        yield Stage(settings, client, teller), cast


async def _prepared(settings: Settings) -> Cast:
    configure(settings)
    database = database_of(settings)
    try:
        return await prepare(database, settings)
    finally:
        await database.close()

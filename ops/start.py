"""What `ops/run` does once Python is set up: database, roles, schema, directory, demo, API."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType

import click

from api.settings import SettingsError
from ops import cluster as clusters
from ops.binaries import BinariesError
from ops.environment import DATABASE
from ops.folders import FolderError
from ops.locks import HeldError, exclusive
from ops.progress import Progress
from ops.serve import PortError, check_port, serve
from ops.session import DEFAULT_PORT, Session, begin

FAILURES = (
    BinariesError,
    clusters.ClusterError,
    FolderError,
    HeldError,
    PortError,
    SettingsError,
)


def _terminated(number: int, frame: FrameType | None) -> None:
    del frame
    sys.exit(128 + number)


@click.command(
    epilog="Example: ops/run --port 8080 --pupils 500",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="Port of the API.")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, readable=False),
    help="Folder of the embedded database.  [default: one of this clone, under /var/tmp]",
)
@click.option("--pupils", default=2000, show_default=True, help="Size of the demo region.")
@click.option("--seed", default=1, show_default=True, help="Seed of the demo region.")
@click.option("--tour", is_flag=True, help="Set up, run the tour, exit with its status.")
@click.option("--reset", is_flag=True, help="Remove the embedded database and its keys first.")
def main(
    *, port: int, data_dir: Path | None, pupils: int, seed: int, tour: bool, reset: bool
) -> None:
    """Set up everything that is missing and serve Schakel; ctrl-C stops all of it."""
    signal.signal(signal.SIGTERM, _terminated)
    progress = Progress()
    try:
        folder = clusters.home(data_dir)
        with exclusive(folder / "run.lock", "Schakel runs from this clone"):
            if reset:
                with progress.step("Removing the embedded database"):
                    clusters.remove(folder)
            if not tour:
                check_port("127.0.0.1", port)
            sys.exit(_run(folder, port, pupils, seed, progress, tour=tour))
    except FAILURES as error:
        progress.say(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        progress.say("Stopped.")
        sys.exit(130)


def _run(folder: Path, port: int, pupils: int, seed: int, progress: Progress, *, tour: bool) -> int:
    with progress.step("Starting the database"):
        session = begin(folder, port)
    try:
        _build(session, pupils, seed, progress)
        if tour:
            from ops.tour import run

            return run(session.cluster, progress)
        _welcome(session, progress)
        serve(session.settings)
        return 0
    finally:
        if session.cluster is not None:
            with progress.step("Stopping the database"):
                session.cluster.stop()


def _build(session: Session, pupils: int, seed: int, progress: Progress) -> None:
    from ops.demo.main import build
    from ops.directory import load
    from ops.migrate import migrate
    from ops.tour.main import TEMPLATE

    settings = session.settings
    if settings.databases.migrate is not None:
        with progress.step("Bringing the schema up to date"):
            migrate(
                settings.databases.migrate.get_secret_value(),
                settings.claims_key.get_secret_value(),
            )
    load(settings, progress)
    build(settings, pupils, seed, progress)
    if session.cluster is not None and TEMPLATE not in session.cluster.databases():
        with progress.step("Keeping a copy for the tour"):
            session.cluster.create_from_template(TEMPLATE, DATABASE)


def _welcome(session: Session, progress: Progress) -> None:
    from ops.personas import show

    show(session.settings, progress.console)
    progress.say(
        f"Schakel serves on {session.settings.public_url}/graphql; ctrl-C stops it.\n"
        "A token for a persona, from another terminal:\n"
        "  .venv/bin/schakel token --persona mentor --purpose daily_guidance"
    )


if __name__ == "__main__":
    main(prog_name="ops/run")

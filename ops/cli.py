"""The console command `schakel`: one command a task, each a few lines that call its module."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click
from rich.console import Console

from ops.folders import ROOT
from ops.progress import Progress
from ops.session import Session, join
from ops.start import FAILURES

P = ParamSpec("P")

_SEED = 1
_PUPILS = 2000


def plainly(command: Callable[P, None]) -> Callable[P, None]:
    """Show what a user can do something about as a line, not as a traceback."""

    @wraps(command)
    def shown(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except FAILURES as error:
            raise click.ClickException(str(error)) from None

    return shown


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: schakel token --persona mentor --purpose daily_guidance",
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, readable=False),
    envvar="SCHAKEL_DATA_DIR",
    help="Folder of the embedded database.  [default: this clone's own]",
)
@click.pass_context
def main(context: click.Context, data_dir: Path | None) -> None:
    """Schakel: one view of school attendance for everyone who may help.

    Commands use the database that ops/run has started, or the servers that the settings name.
    """
    context.obj = data_dir


def _joined(context: click.Context) -> Session:
    return join(context.obj)


@main.command(epilog="Example: SCHAKEL_PORT=8080 schakel serve")
@click.pass_context
@plainly
def serve(context: click.Context) -> None:
    """Serve the API until interrupted."""
    from ops.serve import check_port
    from ops.serve import serve as run

    settings = _joined(context).settings
    check_port(settings.host, settings.port)
    run(settings)


@main.command(epilog="Example: schakel migrate")
@click.pass_context
@plainly
def migrate(context: click.Context) -> None:
    """Bring the database to the newest schema, as schakel_migrate."""
    from ops.migrate import migrate as run

    settings = _joined(context).settings
    if settings.databases.migrate is None:
        raise click.ClickException("SCHAKEL_DATABASES__MIGRATE is not set: name schakel_migrate.")
    with Progress().step("Bringing the schema up to date"):
        run(
            settings.databases.migrate.get_secret_value(),
            settings.claims_key.get_secret_value(),
        )


@main.command(epilog="Example: schakel directory")
@click.pass_context
@plainly
def directory(context: click.Context) -> None:
    """Load the national directory of schools, municipalities and alliances."""
    from ops.directory import load

    load(_joined(context).settings, Progress())


@main.command(epilog="Example: schakel demo --pupils 500 --seed 7")
@click.option("--pupils", default=_PUPILS, show_default=True, help="Number of synthetic pupils.")
@click.option("--seed", default=_SEED, show_default=True, help="The same seed, the same region.")
@click.option("--fit", is_flag=True, help="Build nothing; show how it fits real figures.")
@click.pass_context
@plainly
def demo(context: click.Context, pupils: int, seed: int, *, fit: bool) -> None:
    """Build the demo region; what is there already stays."""
    if fit:
        from domain import clock
        from ops.demo.fit import show

        show(pupils, seed, clock.now().today, Console())
        return
    from ops.demo.main import build

    build(_joined(context).settings, pupils, seed, Progress())


@main.command(epilog="Example: schakel tour")
@click.pass_context
@plainly
def tour(context: click.Context) -> None:
    """Tell the story of one case over HTTP, in a copy of the demo that is dropped afterwards."""
    from ops.tour import run

    session = _joined(context)
    sys.exit(run(session.cluster, Progress()))


@main.command(epilog="Example: schakel personas")
@click.pass_context
@plainly
def personas(context: click.Context) -> None:
    """List the personas of the demo, and the purposes that each has."""
    from ops.personas import show

    show(_joined(context).settings, Console())


@main.command(epilog="Example: schakel token --persona mentor --purpose daily_guidance")
@click.option("--persona", required=True, help="A name from `schakel personas`.")
@click.option("--purpose", required=True, help="The one purpose of the token.")
@click.pass_context
@plainly
def token(context: click.Context, persona: str, purpose: str) -> None:
    """Print a short-lived access token for a persona, from the development issuer."""
    from ops.tokens import mint

    click.echo(mint(_joined(context).settings, persona, purpose))


@main.command(epilog="Example: schakel explain --persona head --pupil 99AD00-0001")
@click.option("--persona", required=True, help="A name from `schakel personas`.")
@click.option("--pupil", required=True, help="The school's number of a pupil, or an id.")
@click.option("--class", "data_class", help="One data class, told whole.  [default: all]")
@click.option("--english", is_flag=True, help="In English.  [default: Dutch]")
@click.pass_context
@plainly
def explain(
    context: click.Context, persona: str, pupil: str, data_class: str | None, *, english: bool
) -> None:
    """Say what a persona may read about a pupil, by which rule and until when, or what is missing.

    It is asked as the persona, and traced like any other question.
    """
    from ops.explain import run

    run(
        _joined(context).settings,
        persona=persona,
        pupil=pupil,
        data_class=data_class,
        language="en" if english else "nl",
        console=Console(),
    )


@main.command("import", epilog="Example: schakel import roster EDEXML.xml --branch 99AA00")
@click.argument("kind")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--branch", required=True, help="BRIN and branch code of the delivering school.")
@click.pass_context
@plainly
def import_(context: click.Context, kind: str, file: Path, branch: str) -> None:
    """Import a school's file and print the receipt.

    KIND is roster (EDEXML), attendance (Schakel's own format), or the name of any other format
    that deliveries may have, such as roster_oneroster.
    """
    from ops.imports import run

    sys.exit(run(_joined(context).settings, kind, file, branch, Console()))


@main.group(epilog="Example: schakel period release --period 2026-10")
def period() -> None:
    """Close, inspect and release periods of figures.

    A period is named 2026-10 (a month), 2026-2027 (a school year) or 2026-2027-autumn (a term).
    """


_PERIOD = click.option(
    "--period", "name", required=True, help="2026-10, 2026-2027 or 2026-2027-autumn."
)


@period.command(epilog="Example: schakel period close --branch 99AD00 --period 2026-10")
@click.option("--branch", required=True, help="BRIN and branch code of the school.")
@_PERIOD
@click.pass_context
@plainly
def close(context: click.Context, branch: str, name: str) -> None:
    """Close a period of a branch, as its head, and print what was missing."""
    from ops.periods import close as run

    run(_joined(context).settings, branch, name, Console())


@period.command(epilog="Example: schakel period inspect --period 2026-10 --branch 99AD00")
@_PERIOD
@click.option("--branch", help="Print what would be published of this branch too.")
@click.pass_context
@plainly
def inspect(context: click.Context, name: str, branch: str | None) -> None:
    """Print what would be released of a period, and the gate's findings; nothing is stored.

    Exits with 0 when it may be released, 1 when it would be refused.
    """
    from ops.periods import inspect as run

    sys.exit(run(_joined(context).settings, name, branch, Console()))


@period.command(epilog="Example: schakel period release --period 2026-10")
@_PERIOD
@click.option("--again", is_flag=True, help="A second vintage, after weeks that came late.")
@click.pass_context
@plainly
def release(context: click.Context, name: str, *, again: bool) -> None:
    """Lock what is due of a period and release it, once.

    Exits with 0 when it was released, 1 when the gate refused: nothing is stored then.
    """
    from ops.periods import release as run

    sys.exit(run(_joined(context).settings, name, Console(), again=again))


@main.group(epilog="Example: schakel policy diff HEAD~1 HEAD")
def policy() -> None:
    """Compare versions of who may do what."""


@policy.command(epilog="Example: schakel policy diff main .")
@click.argument("before")
@click.argument("after", default=str(ROOT), required=False, metavar="[AFTER]")
@click.option("--english", is_flag=True, help="Sentences in English.  [default: Dutch]")
@click.option(
    "--repository",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ROOT,
    help="Where revisions are looked up.  [default: this clone]",
)
def diff(before: str, after: str, *, english: bool, repository: Path) -> None:
    """Say what changes for whom between two versions of the policy.

    BEFORE and AFTER are folders with permissions/ in them or git revisions; without AFTER, the
    policy as it is here. Exits with 0 when nothing differs, 1 when something does, 2 on trouble.
    """
    from ops.policy import PolicyError, compare
    from permissions.compare import report

    try:
        found = compare(before, after, repository)
    except PolicyError as error:
        raise click.UsageError(str(error)) from None
    click.echo(report(found, "en" if english else "nl"))
    sys.exit(1 if found else 0)

"""`ops/bench`: what the policy, deliveries and figures cost, measured in one run."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click

from ops.benches.filled import Filled, Size, bench_server, filled
from ops.progress import Progress
from ops.start import FAILURES

DEFAULT_PUPILS = (25_000, 250_000)
DEFAULT_MARKS = (100_000, 1_000_000)
DEFAULT_BRANCHES = 862


@click.group(
    epilog="Example: ops/bench policy --pupils 25000",
    context_settings={"help_option_names": ["-h", "--help"]},
)
def main() -> None:
    """Compare steps of the same work, in one run."""


@contextmanager
def _failing_plainly(progress: Progress) -> Generator[None]:
    try:
        yield
    except FAILURES as error:
        progress.say(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        progress.say("Stopped.")
        sys.exit(130)


@main.command(epilog="Example: ops/bench policy --pupils 25000 --rounds 3 --seconds 1")
@click.option(
    "--pupils",
    multiple=True,
    type=click.IntRange(min=100),
    default=DEFAULT_PUPILS,
    show_default=True,
    help="Size of the database; give it twice to compare two.",
)
@click.option("--absences", default=20, show_default=True, help="Absences of each pupil.")
@click.option("--weeks", default=10, show_default=True, help="Delivered weeks of each pupil.")
@click.option("--rounds", default=5, show_default=True, help="Rounds; medians are shown.")
@click.option("--seconds", default=2.0, show_default=True, help="How long a step runs in a round.")
@click.option("--plans", is_flag=True, help="Check the plans of all standard reads instead.")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, readable=False),
    help="Folder of the bench's own database.  [default: one of this clone, under /var/tmp]",
)
def policy(
    *,
    pupils: tuple[int, ...],
    absences: int,
    weeks: int,
    rounds: int,
    seconds: float,
    plans: bool,
    data_dir: Path | None,
) -> None:
    """Measure the same reads bare, with masks, with row-level security, traced and committed.

    The filled databases stay for the next run. With `--plans`, status 1 says that a standard read
    looks through a whole big table.
    """
    progress = Progress()
    fine = True
    with _failing_plainly(progress), bench_server(data_dir) as cluster:
        for number in pupils:
            database = filled(cluster, Size(number, absences, weeks), progress)
            if plans:
                fine = _check_plans(database, progress) and fine
            else:
                _compare(database, progress, rounds, seconds)
    sys.exit(0 if fine else 1)


def _compare(database: Filled, progress: Progress, rounds: int, seconds: float) -> None:
    from ops.benches.policy import compare

    compare(database, progress, rounds=rounds, seconds=seconds)


def _check_plans(database: Filled, progress: Progress) -> bool:
    from ops.benches.plans import check

    return check(database, progress)


@main.command(epilog="Example: ops/bench ingest --marks 100000 --rounds 3")
@click.option(
    "--marks",
    multiple=True,
    type=click.IntRange(min=1_000),
    default=DEFAULT_MARKS,
    show_default=True,
    help="How many marks a delivery holds; give it twice to compare two.",
)
@click.option("--rounds", default=3, show_default=True, help="Rounds; medians are shown.")
@click.option(
    "--stored",
    multiple=True,
    type=click.IntRange(min=1),
    help="Deliver beside so many stored marks, and compare; give it twice.",
)
@click.option(
    "--day",
    multiple=True,
    type=click.IntRange(min=500),
    help="Measure instead how soon a day of so many pupils is seen as signals.",
)
@click.option(
    "--memory", is_flag=True, help="Measure instead the memory of whole deliveries alone."
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, readable=False),
    help="Folder of the bench's own database.  [default: one of this clone, under /var/tmp]",
)
def ingest(
    *,
    marks: tuple[int, ...],
    rounds: int,
    stored: tuple[int, ...],
    day: tuple[int, ...],
    memory: bool,
    data_dir: Path | None,
) -> None:
    """Measure a delivery of attendance against raw COPY of the same rows, and its memory."""
    from ops.benches.day import measure
    from ops.benches.ingest import compare, weigh

    progress = Progress()
    with _failing_plainly(progress), bench_server(data_dir) as cluster:
        for number in day:
            measure(cluster, progress, pupils=number)
        if memory:
            weigh(cluster, progress, sizes=sorted(marks))
        for number in sorted(marks) if not (day or memory) else ():
            last = number == max(marks)
            compare(cluster, progress, marks=number, rounds=rounds, stored=stored if last else ())


@main.command(epilog="Example: ops/bench aggregates --branches 8622")
@click.option(
    "--branches",
    type=click.IntRange(min=50),
    default=DEFAULT_BRANCHES,
    show_default=True,
    help="How many branches the nation has; the Netherlands have 8,622, with 2.4 million pupils.",
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, readable=False),
    help="Folder of the bench's own database.  [default: one of this clone, under /var/tmp]",
)
def aggregates(*, branches: int, data_dir: Path | None) -> None:
    """Measure a month of a nation from its roll-ups to a release, a look-up, and the errors."""
    from ops.benches.aggregates import measure

    progress = Progress()
    with _failing_plainly(progress), bench_server(data_dir) as cluster:
        measure(cluster, progress, branches=branches)


if __name__ == "__main__":
    main(prog_name="ops/bench")

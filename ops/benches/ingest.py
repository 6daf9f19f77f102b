"""What a delivery of attendance costs, against the fastest ways to put the same rows in.

In one run and in turns, with the same rows, tables, indexes and keys: raw COPY, COPY to a temporary
table with INSERT ... SELECT, a delivery's marks, and the delivery with its roll-ups and signals.
"""

from __future__ import annotations

import asyncio
import hashlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import orjson
from rich.console import Console
from rich.table import Table

from domain import clock
from ops.benches.filled import Filled, Size, fresh
from ops.benches.inside import connect
from ops.benches.processor import seconds_of_all
from ops.cluster import SUPERUSER, Cluster, ClusterError
from ops.progress import Progress

COPY, TEMPORARY, MARKS, WHOLE = (
    "raw COPY",
    "COPY to a temporary table, INSERT ... SELECT",
    "a delivery: marks",
    "a delivery: marks, roll-ups, signals",
)
GOALS = ((MARKS, TEMPORARY, 0.8), (MARKS, COPY, 0.4), (WHOLE, COPY, 0.25))
MOST_MEGABYTES = 300
MOST_GROWTH = 1.3
WEEKS = 40
MARKS_PER_PUPIL = 40
MOST_PUPILS = 50_000
"""A region's; more than twice as many would be more weeks than one delivery may schedule."""
_GROWN_BY = 100_000
_UNITS = 8
_WIDTH = 120
_BOARD, _BRANCH, _CLIENT = UUID(int=1), UUID(int=2), UUID(int=3)
_OTHER, _RECEIPT = UUID(int=4), UUID(int=5)

_SQL = Path(__file__).parent / "ingesting"
_VARIABLES = {
    "board": _BOARD,
    "branch": _BRANCH,
    "other": _OTHER,
    "client": _CLIENT,
    "receipt": _RECEIPT,
}
_EMPTY = """
    truncate absence, absence_reason, pupil_week, delivered_week, dimension_week, signal, outbox
    cascade
"""
_TABLES = {
    "absence": (
        "id", "controller_id", "branch_id", "pupil_id", "external_id", "day", "start_unit",
        "lesson_units", "minutes", "category", "data_class", "recorded_at",
    ),
    "absence_reason": (
        "controller_id", "absence_id", "day", "branch_id", "pupil_id", "code", "data_class",
        "recorded_at",
    ),
}  # fmt: skip
_THROUGH_TEMPORARY = {
    "absence": """
        insert into absence (id, controller_id, branch_id, pupil_id, external_id, day, start_unit,
            lesson_units, minutes, category, data_class, recorded_at)
        select id, controller_id, branch_id, pupil_id, external_id, day, start_unit, lesson_units,
            minutes, category, data_class, recorded_at
        from given_absence
    """,
    "absence_reason": """
        insert into absence_reason (controller_id, absence_id, day, branch_id, pupil_id, code,
            data_class, recorded_at)
        select controller_id, absence_id, day, branch_id, pupil_id, code, data_class, recorded_at
        from given_absence_reason
    """,
}
_TEMPORARY_TABLES = """
    create temporary table given_absence on commit drop as select * from absence with no data;
    create temporary table given_absence_reason on commit drop as
        select * from absence_reason with no data;
"""
_CATEGORIES = (
    ("unauthorised", "TRUANCY", "attendance.unauthorised", "attendance.reason"),
    ("authorised", "ILLNESS", "attendance.authorised", "attendance.reason.health.fact"),
    ("late", None, "attendance.unauthorised", None),
    ("authorised", None, "attendance.authorised", None),
)


@dataclass(frozen=True, slots=True)
class Files:
    """The same marks: as lines of a delivery, with and without the rest, and as rows to copy."""

    marks: Path
    whole: Path
    absences: Path
    reasons: Path


@dataclass(slots=True)
class Measured:
    """Of each way, a number for each round: marks a second, and the database's seconds a mark.

    And the peak memory of deliveries.
    """

    rates: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    megabytes: dict[str, float] = field(default_factory=dict[str, float])
    processor: dict[str, list[float]] = field(default_factory=dict[str, list[float]])

    def ratio(self, way: str, floor: str) -> float:
        """Return the median of the rounds' ratios."""
        pairs = zip(self.rates[way], self.rates[floor], strict=True)
        return statistics.median(rate / other for rate, other in pairs)


def compare(
    cluster: Cluster, progress: Progress, *, marks: int, rounds: int, stored: tuple[int, ...] = ()
) -> Measured:
    """Measure every way to put in so many marks; print the ratios and whether the goals are met."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    found = Measured({way: [] for way in (COPY, TEMPORARY, MARKS, WHOLE)})
    pupils = _pupils(max(marks, _GROWN_BY if stored else 0))
    with (
        fresh(cluster, Size(pupils)) as database,
        tempfile.TemporaryDirectory(dir=cluster.folder) as folder,
    ):
        _run(database, "place", pupils=pupils)
        files = _write(Path(folder), marks)
        ways = _ways(database, files)
        with progress.step(f"Putting in {marks:,} marks", rounds * len(ways)) as shown:
            for number in range(rounds):
                turn = number % len(ways)
                for way, put in (*ways[turn:], *ways[:turn]):
                    database.run_sql(_EMPTY)
                    before = seconds_of_all(_postmaster(database))
                    seconds, megabytes = put()
                    spent = seconds_of_all(_postmaster(database)) - before
                    found.rates[way].append(marks / seconds)
                    found.processor.setdefault(way, []).append(spent / marks)
                    found.megabytes[way] = max(found.megabytes.get(way, 0), megabytes)
                    shown.advance()
        _show(console, marks, found)
        if stored:
            _grow(console, database, Path(folder), stored, progress)
    return found


def weigh(cluster: Cluster, progress: Progress, *, sizes: Sequence[int]) -> list[float]:
    """Measure the peak memory of whole deliveries of so many marks; print it, in megabytes."""
    peaks: list[float] = []
    for marks in sizes:
        with (
            fresh(cluster, Size(_pupils(marks))) as database,
            tempfile.TemporaryDirectory(dir=cluster.folder) as folder,
            progress.step(f"Delivering {marks:,} marks"),
        ):
            _run(database, "place", pupils=_pupils(marks))
            seconds, peak = _delivered(
                database, _write(Path(folder), marks).whole, marks_only=False
            )
        progress.say(f"{marks:,} marks: {peak:.0f} MB, {seconds / marks * 1e6:.0f} us a mark.")
        peaks.append(peak)
    progress.say(_memory(max(peaks)))
    return peaks


def _memory(peak: float) -> str:
    verdict = "met" if peak <= MOST_MEGABYTES else f"missed by {peak - MOST_MEGABYTES:.0f} MB"
    return f"Goal: at most {MOST_MEGABYTES} MB. Reached: {peak:.0f} MB, {verdict}."


def _ways(database: Filled, files: Files) -> list[tuple[str, Callable[[], tuple[float, float]]]]:
    return [
        (COPY, lambda: (asyncio.run(_copied(database, files)), 0.0)),
        (TEMPORARY, lambda: (asyncio.run(_inserted(database, files)), 0.0)),
        (MARKS, lambda: _delivered(database, files.marks, marks_only=True)),
        (WHOLE, lambda: _delivered(database, files.whole, marks_only=False)),
    ]


async def _copied(database: Filled, files: Files) -> float:
    connection = await connect(database.url(SUPERUSER))
    try:
        # As in a delivery: a foreign key's check planned on an empty table would go through it.
        await connection.execute("set enable_seqscan = off")
        begun = time.perf_counter()
        async with connection.transaction():
            for table, columns, path in _tables(files):
                await connection.copy_to_table(table, source=path, columns=columns, format="csv")
        return time.perf_counter() - begun
    finally:
        await connection.close()


async def _inserted(database: Filled, files: Files) -> float:
    connection = await connect(database.url(SUPERUSER))
    try:
        # As in a delivery: a foreign key's check planned on an empty table would go through it.
        await connection.execute("set enable_seqscan = off")
        begun = time.perf_counter()
        async with connection.transaction():
            await connection.execute(_TEMPORARY_TABLES)
            for table, columns, path in _tables(files):
                await connection.copy_to_table(
                    f"given_{table}", source=path, columns=columns, format="csv"
                )
                await connection.execute(_THROUGH_TEMPORARY[table])
        return time.perf_counter() - begun
    finally:
        await connection.close()


def _tables(files: Files) -> Iterator[tuple[str, tuple[str, ...], Path]]:
    for (table, columns), path in zip(
        _TABLES.items(), (files.absences, files.reasons), strict=True
    ):
        yield table, columns, path


def _postmaster(database: Filled) -> int:
    """Return the process that stands above all of the database's.

    Raises:
        ClusterError: the database is gone.
    """
    found = database.cluster.pid()
    if found is None:
        raise ClusterError("The database stopped while it was measured.")
    return found


def _run(database: Filled, name: str, **more: object) -> None:
    """Run a file of SQL with the variables it names."""
    said = "".join(f"\\set {key} {value}\n" for key, value in {**_VARIABLES, **more}.items())
    database.run_sql(said + (_SQL / f"{name}.sql").read_text(encoding="utf-8"))


def _delivered(database: Filled, path: Path, *, marks_only: bool) -> tuple[float, float]:
    given = {
        "url": database.url("schakel_import"),
        "claims_key": database.cluster.secrets["CLAIMS_KEY"],
        "client": str(_CLIENT),
        "receipt": str(_RECEIPT),
        "board": str(_BOARD),
        "branch": str(_BRANCH),
        "file": str(path),
        "marks_only": marks_only,
    }
    command = [sys.executable, "-m", "ops.benches.delivering", orjson.dumps(given).decode()]
    done = orjson.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return done["seconds"], done["megabytes"]


def _first_monday() -> date:
    """Return the first Monday of September of a school year that is over."""
    year = clock.now().today.year - 2
    first = date(year, 9, 1)
    return first + timedelta(days=-first.weekday() % 7)


def _pupils(marks: int) -> int:
    return min(max(100, marks // MARKS_PER_PUPIL), MOST_PUPILS)


def _write(folder: Path, marks: int) -> Files:
    """Write a year's marks of a branch; each takes a lesson unit of its own."""
    files = Files(*(folder / name for name in ("marks", "whole", "absences", "reasons")))
    first, now = _first_monday(), "2026-01-01T00:00:00Z"
    pupils = _pupils(marks)
    keys = _uuids(pupils)
    with (
        files.marks.open("wb") as lines,
        files.absences.open("w") as absences,
        files.reasons.open("w") as reasons,
    ):
        for number in range(marks):
            pupil, nth = number % pupils, number // pupils
            day = first + timedelta(weeks=nth % WEEKS, days=(pupil + nth // WEEKS) % 5)
            unit = 1 + nth // (WEEKS * 5) % _UNITS
            category, reason, fact, of_reason = _CATEGORIES[(pupil + nth) % len(_CATEGORIES)]
            whole = 0 if category == "late" else 1
            minutes = 50 if whole else 10
            line = {
                "kind": "exception", "id": f"A{number}", "pupil": str(pupil + 1),
                "date": day.isoformat(), "startUnit": unit, "lessonUnits": whole,
                "minutes": minutes, "category": category,
            }  # fmt: skip
            if reason is not None:
                line["reason"] = reason
            lines.write(orjson.dumps(line) + b"\n")
            key = UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128))
            about = f"{_BOARD},{_BRANCH},{keys[pupil]}"
            absences.write(
                f"{key},{about},A{number},{day},{unit},{whole},{minutes},{category},{fact},{now}\n"
            )
            if reason is not None:
                reasons.write(
                    f"{_BOARD},{key},{day},{_BRANCH},{keys[pupil]},{reason},{of_reason},{now}\n"
                )
    with files.whole.open("wb") as lines:
        last = first + timedelta(weeks=WEEKS - 1)
        for pupil in range(pupils):
            lines.write(
                orjson.dumps(
                    {
                        "kind": "schedule", "pupil": str(pupil + 1), "from": _iso(first),
                        "until": _iso(last), "minutes": 2_000, "lessonUnits": 40,
                    }
                )
                + b"\n"
            )  # fmt: skip
        with files.marks.open("rb") as exceptions:
            while part := exceptions.read(1 << 20):
                lines.write(part)
        for week in range(WEEKS):
            monday = _iso(first + timedelta(weeks=week))
            lines.write(orjson.dumps({"kind": "delivered", "week": monday}) + b"\n")
    return files


def _uuids(pupils: int) -> list[UUID]:
    """Return the keys of pupils as the SQL makes them."""
    return [
        UUID(hashlib.md5(f"p{n}".encode(), usedforsecurity=False).hexdigest())
        for n in range(1, pupils + 1)
    ]


def _iso(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def _show(console: Console, marks: int, found: Measured) -> None:
    table = Table(title=f"{marks:,} marks of one branch, its first")
    columns = ("way", "marks/s", "of COPY", "of COPY and INSERT", "database CPU us", "peak MB")
    for column in columns:
        table.add_column(column, justify="left" if column == "way" else "right")
    for way in found.rates:
        peak = found.megabytes[way]
        table.add_row(
            way,
            f"{statistics.median(found.rates[way]):,.0f}",
            f"{found.ratio(way, COPY):.2f}",
            f"{found.ratio(way, TEMPORARY):.2f}",
            f"{statistics.median(found.processor[way]) * 1e6:.0f}",
            f"{peak:.0f}" if peak else "",
        )
    console.print(table)
    for way, floor, wanted in GOALS:
        reached = found.ratio(way, floor)
        verdict = "met" if reached >= wanted else f"missed by {wanted - reached:.2f}"
        console.print(f"Goal: {way} at {wanted} of {floor}. Reached: {reached:.2f}, {verdict}.")
    console.print(_memory(max(found.megabytes.values())), end="\n\n")


def _grow(
    console: Console, database: Filled, folder: Path, stored: tuple[int, ...], progress: Progress
) -> None:
    """Deliver the same marks beside more and more that is stored, and print what each costs."""
    files = _write(folder, _GROWN_BY)
    database.run_sql(_EMPTY)
    costs: list[tuple[int, float]] = []
    have = 0
    with progress.step(f"Delivering {_GROWN_BY:,} marks beside others", len(stored)) as shown:
        for wanted in sorted(stored):
            _run(database, "stored", first=_first_monday(), begin=have, end=wanted - 1)
            have = wanted
            seconds, _ = _delivered(database, files.marks, marks_only=True)
            costs.append((wanted, seconds / _GROWN_BY))
            _run(database, "forget")
            shown.advance()
    least = costs[0][1]
    for wanted, cost in costs:
        console.print(
            f"Beside {wanted:,} stored marks: {cost * 1e6:.0f} microseconds a mark,"
            f" {cost / least:.2f} of the first."
        )
    growth = costs[-1][1] / least
    verdict = "met" if growth <= MOST_GROWTH else f"missed by {growth - MOST_GROWTH:.2f}"
    console.print(f"Goal: at most {MOST_GROWTH} of the first. Reached: {growth:.2f}, {verdict}.\n")

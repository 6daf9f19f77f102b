"""Attendance as NDJSON, in the format of `frontend-contract/delivery`."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from ops.demo.absences import TIMETABLES, Missed, absences
from ops.demo.people import Child
from ops.demo.school_year import SCHOOL_DAYS, Teaching, iso_week, ranges

Line = dict[str, Any]


def delivery(children: Sequence[Child], sector: str, year: Teaching, seed: int) -> bytes:
    """Return one school year of a school: schedules, exceptions, and the weeks that are complete.

    A pupil is scheduled from the week of entry on; pupils who were not here yet are left out.
    """
    lines: list[Line] = []
    for child in children:
        lines += schedule(child, sector, year)
    for child in children:
        lines += (exception(missed) for missed in absences(child, sector, year, seed))
    lines += (
        {"kind": "delivered", "week": iso_week(monday)}
        for monday in year.mondays
        if year.complete(monday)
    )
    return written(lines)


def schedule(child: Child, sector: str, year: Teaching) -> list[Line]:
    """Return the `schedule` lines of a pupil: one per run of teaching weeks."""
    timetable = TIMETABLES[sector]
    here = tuple(monday for monday in year.mondays if monday >= child.entered)
    return [
        {
            "kind": "schedule",
            "pupil": child.key,
            "from": iso_week(first),
            "until": iso_week(last),
            "minutes": timetable.day * SCHOOL_DAYS,
            "lessonUnits": timetable.units * SCHOOL_DAYS,
        }
        for first, last in ranges(here)
    ]


def exception(missed: Missed) -> Line:
    """Return the `exception` line of an absence."""
    line: Line = {
        "kind": "exception",
        "id": missed.id,
        "pupil": missed.pupil,
        "date": missed.day.isoformat(),
        "startUnit": missed.start_unit,
        "lessonUnits": missed.lesson_units,
        "minutes": missed.minutes,
        "category": missed.category,
    }
    if missed.reason is not None:
        line["reason"] = missed.reason
    return line


def written(lines: Iterable[Line]) -> bytes:
    """Return lines as a file: one JSON object each, ended by a line feed."""
    return b"".join(orjson.dumps(line) + b"\n" for line in lines)

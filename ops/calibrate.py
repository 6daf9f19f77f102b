"""Makes `ops/demo/calibration.json`: the shape of absence in real figures, for the demo's pupils.

Run `python -m ops.calibrate SOURCE_FOLDER`, where SOURCE_FOLDER holds the folder `attendance` with
the two files named below. The facts are carried over, the files are not. The result is the same to
the byte on every run.

Only shapes are taken: how days of the week, months and schools compare, and how reasons divide what
is missed. The level is the demo's own; see `ops/demo/absences.py`.
"""

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any

TARGET = Path(__file__).resolve().parent / "demo" / "calibration.json"

DAILY = "attendance/nyc/nyc-daily-attendance-2013-2014.csv"
REASONS = "attendance/dfe/EES_ytd_data.csv"
NOT_SUBMITTED = "NS"

FEWEST_SCHOOLS = 1_000
"""A day on which fewer schools reported was no school day of the whole city."""

FEWEST_DAYS = 100
"""A school that reported on fewer days does not tell its mean."""

SOURCES: Mapping[str, Mapping[str, str]] = {
    "attendance_by_day": {
        "file": DAILY,
        "title": "Daily attendance by school, school year 2013-2014",
        "publisher": "New York City Department of Education",
        "date": "school year 2013-2014",
        "licence": "public figures of NYC Open Data",
        "used_for": "weekday, month, between_schools",
    },
    "reasons": {
        "file": REASONS,
        "title": "Pupil attendance in schools, 2025/26, year to date, England",
        "publisher": "Department for Education",
        "date": "school year 2025/26, year to date",
        "licence": "Open Government Licence v3.0",
        "used_for": "reasons",
    },
}

PHASES = {"PO": "Primary", "VO": "Secondary"}
MIX: Mapping[str, tuple[str, ...]] = {
    "illness": ("reason_i_authorised_illness",),
    "medical": ("reason_m_authorised_medical_dental",),
    "belief": ("reason_r_authorised_religious_observance",),
    "other_authorised": (
        "reason_s_authorised_study_leave",
        "reason_t_authorised_mobile_child",
        "reason_h_authorised_holiday",
        "reason_e_authorised_excluded",
        "reason_c_authorised_other",
        "reason_c1_authorised_regulated_performance",
        "reason_j1_authorised_interview",
        "reason_c2_authorised_temp_reduced_timetable",
    ),
    "unauthorised_holiday": ("reason_g_unauthorised_holiday",),
    "other_unauthorised": (
        "reason_o_other_unauthorised",
        "reason_u_unauthorised_late_after_registers_closed",
    ),
    "unknown": ("reason_n_no_reason_yet",),
}
"""What is counted together; the sessions of all of them are all that was missed."""

SUPPRESSED = 0.0001
"""At most this part of the sessions is left out of the codes where counts are small."""

Absent = Sequence[tuple[date, str, float]]


def absent_of(rows: Sequence[Mapping[str, str]]) -> list[tuple[date, str, float]]:
    """Return day, school and the percentage absent, of the city's school days."""
    found = [
        (date.fromisoformat(row["ATTN_DATE_YMD"]), row["DBN"], 100 - float(row["ATTN_PCT"]))
        for row in rows
        if row["ATTN_PCT"] != NOT_SUBMITTED
    ]
    reported: defaultdict[date, int] = defaultdict(int)
    for day, _, _ in found:
        reported[day] += 1
    return [row for row in found if reported[row[0]] >= FEWEST_SCHOOLS]


def typical(absent: Absent) -> dict[date, float]:
    """Return the percentage absent at the typical (median) school, by day."""
    days: defaultdict[date, list[float]] = defaultdict(list)
    for day, _, missed in absent:
        days[day].append(missed)
    return {day: median(schools) for day, schools in days.items()}


def by_weekday(days: Mapping[date, float]) -> list[float]:
    """Return how each day compares with its own week, of weeks of five days; the mean is one."""
    weeks: defaultdict[tuple[int, int], dict[int, float]] = defaultdict(dict)
    for day, missed in days.items():
        weeks[day.isocalendar()[:2]][day.weekday()] = missed
    whole = [week for week in weeks.values() if len(week) == 5]  # noqa: PLR2004 - school days
    found = [median(week[day] / mean(week.values()) for week in whole) for day in range(5)]
    return [round(factor / mean(found), 3) for factor in found]


def by_month(days: Mapping[date, float]) -> dict[str, float]:
    """Return how the typical day of each month compares with the year; the mean day is one.

    Medians, so that a day of snow weighs no more than another.
    """
    months: defaultdict[int, list[float]] = defaultdict(list)
    for day, missed in days.items():
        months[day.month].append(missed)
    typical_day = {month: median(found) for month, found in months.items()}
    year = mean(typical_day[day.month] for day in days)
    return {str(month): round(typical_day[month] / year, 3) for month in sorted(typical_day)}


def between_schools(absent: Absent) -> dict[str, float]:
    """Return how schools compare with the median school, by percentile."""
    schools: defaultdict[str, list[float]] = defaultdict(list)
    for _, school, missed in absent:
        schools[school].append(missed)
    means = [mean(days) for days in schools.values() if len(days) >= FEWEST_DAYS]
    middle = median(means)
    cuts = quantiles(means, n=20, method="inclusive")
    return {str(5 * (n + 1)): round(cut / middle, 3) for n, cut in enumerate(cuts)}


def reasons_of(rows: Sequence[Mapping[str, str]]) -> dict[str, dict[str, float]]:
    """Return which part of what was missed has which reason, by sector."""
    found: dict[str, dict[str, float]] = {}
    for sector, phase in PHASES.items():
        (row,) = (
            row
            for row in rows
            if row["geographic_level"] == "National" and row["education_phase"] == phase
        )
        sessions = {name: sum(int(row[code]) for code in codes) for name, codes in MIX.items()}
        total = int(row["overall_absence"])
        if abs(sum(sessions.values()) - total) > total * SUPPRESSED:
            message = f"{phase}: the reasons do not add up to all that was missed"
            raise ValueError(message)
        found[sector] = {name: round(count / total, 4) for name, count in sessions.items()}
    return found


def calibration(source: Path) -> dict[str, Any]:
    """Return the calibration that a folder of sources gives."""
    absent = absent_of(_rows(source / DAILY))
    days = typical(absent)
    return {
        "made_by": "ops/calibrate.py",
        "sources": SOURCES,
        "school_days": len(days),
        "weekday": by_weekday(days),
        "month": by_month(days),
        "between_schools": between_schools(absent),
        "reasons": reasons_of(_rows(source / REASONS)),
    }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Write the calibration from the folder that is named."""
    made = calibration(Path(sys.argv[1]))
    TARGET.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

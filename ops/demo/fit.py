"""How the demo's absence compares with the figures that it is calibrated on, as a table."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from rich.console import Console
from rich.table import Table

from ops.demo import calibration
from ops.demo.absences import OF_MIX, TIMETABLES, Missed, absences
from ops.demo.plan import Region, region_of
from ops.demo.region import SCHOOLS

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
COUNTED: Final = frozenset({"authorised", "unauthorised"})
"""Categories that the sources count as absence; being late or sent out is presence there."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure: what it is about, what it is calibrated on, and what the demo has."""

    what: str
    of: str
    target: float
    generated: float

    @property
    def off(self) -> float:
        """How much more the demo has than it should."""
        return self.generated - self.target


@dataclass(slots=True)
class Sums:
    """Minutes missed and scheduled in the demo, by what they are compared by."""

    missed: Counter[tuple[str, object]]
    scheduled: Counter[tuple[str, object]]

    def rate(self, what: str, of: object) -> float:
        """Return which part of the scheduled minutes was missed."""
        return self.missed[what, of] / max(self.scheduled[what, of], 1)


def sums_of(plan: Region) -> Sums:
    """Add up what every pupil missed and was scheduled for."""
    sums = Sums(Counter(), Counter())
    for school in plan.pupils:
        minutes = TIMETABLES[school.sector].day
        for year in plan.years:
            days = [day for monday in year.mondays for day in year.days(monday)]
            for child in plan.present(school, year):
                for day in days:
                    if day >= child.entered:
                        for what in _keys(school.branch_code, day):
                            sums.scheduled[what] += minutes
                for missed in absences(child, school.sector, year, plan.seed):
                    if missed.category in COUNTED:
                        _count(sums, school.branch_code, school.sector, missed)
    return sums


def _keys(branch: str, day: date) -> tuple[tuple[str, object], ...]:
    return (
        ("weekday", day.weekday()),
        ("month", day.month),
        ("school", branch),
        ("all", ""),
    )


def _count(sums: Sums, branch: str, sector: str, missed: Missed) -> None:
    for what in _keys(branch, missed.day):
        sums.missed[what] += missed.minutes
    sums.missed["reason", (sector, _PART[missed.reason or "UNKNOWN"])] += missed.minutes
    sums.missed["sector", sector] += missed.minutes


_PART: Final = {reason: name for name, parts in OF_MIX.items() for reason, _ in parts}


def fit(plan: Region) -> list[Compared]:
    """Return every figure that the demo is calibrated on, beside what it has."""
    sums = sums_of(plan)
    return [*_weekdays(sums), *_months(sums), *_schools(plan, sums), *_reasons(sums)]


def _weekdays(sums: Sums) -> Iterator[Compared]:
    mean = sum(sums.rate("weekday", day) for day in range(len(DAYS))) / len(DAYS)
    for day, name in enumerate(DAYS):
        generated = sums.rate("weekday", day) / mean
        yield Compared("weekday", name, calibration.weekday()[day], generated)


def _months(sums: Sums) -> Iterator[Compared]:
    """Compare months, each with the mean of those the demo has, weighted by its school days."""
    weights = {
        month: sums.scheduled["month", month]
        for month in range(1, 13)
        if sums.scheduled["month", month]
    }
    total = sum(weights.values())
    target = calibration.month()
    mean = sum(weight * target[month - 1] for month, weight in weights.items()) / total
    for month in weights:
        generated = sums.rate("month", month) / sums.rate("all", "")
        name = date(2000, month, 1).strftime("%B")
        yield Compared("month", name, target[month - 1] / mean, generated)


def _schools(plan: Region, sums: Sums) -> Iterator[Compared]:
    """Compare the schools of the story with the one in the middle."""
    at_of = {school: plan.land.places[school].percentile for school in SCHOOLS}
    middle = next(school for school in SCHOOLS if at_of[school] == 50)  # noqa: PLR2004
    base = sums.rate("school", middle.branch_code)
    for school in sorted(SCHOOLS, key=lambda school: at_of[school]):
        at = at_of[school]
        ratio = sums.rate("school", school.branch_code) / base
        yield Compared("school", f"{school.name} (P{at})", calibration.school(at), ratio)


def _reasons(sums: Sums) -> Iterator[Compared]:
    for sector in ("PO", "VO"):
        for name, target in calibration.reasons(sector).items():
            part = sums.missed["reason", (sector, name)] / max(sums.missed["sector", sector], 1)
            yield Compared(f"reason {sector}", name.replace("_", " "), target, part)


def show(pupils: int, seed: int, today: date, console: Console) -> None:
    """Print the table, and where its targets come from."""
    table = Table("", "", "target", "demo", "off", title=f"{pupils:,} pupils, seed {seed}")
    for row in fit(region_of(pupils, seed, today)):
        table.add_row(row.what, row.of, *_figures((row.target, row.generated, row.off)))
    console.print(table)
    for source in calibration.sources().values():
        console.print(
            f"{source['used_for']}: {source['title']}, {source['publisher']} ({source['date']}, "
            f"{source['licence']})",
            highlight=False,
        )


def _figures(values: Iterable[float]) -> list[str]:
    return [f"{value:.3f}" for value in values]

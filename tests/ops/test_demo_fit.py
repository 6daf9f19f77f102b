"""The demo's absence against the figures that it is calibrated on."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from ops import calibrate
from ops.demo import calibration
from ops.demo.absences import OF_MIX
from ops.demo.fit import Compared, fit, sums_of
from ops.demo.plan import Region, region_of

TODAY = date(2026, 11, 25)
REPOSITORY = Path(__file__).resolve().parents[2]
WITHIN = {"weekday": 0.05, "month": 0.15, "school": 0.3, "reason PO": 0.05, "reason VO": 0.05}
"""How far 2,000 pupils may be off: factors of the mean, and parts of all that is missed."""

RELATIVE = {"school"}
"""Judged as a part of the target: a school of 200 pupils is tossed about by its worst absentee."""


@pytest.fixture(scope="module")
def plan() -> Region:
    """The demo as it is built by default, on a fixed day."""
    return region_of(2000, 1, TODAY)


@pytest.fixture(scope="module")
def compared(plan: Region) -> list[Compared]:
    """Every figure beside its target."""
    return fit(plan)


@pytest.mark.parametrize("what", WITHIN)
def test_the_demo_fits_real_figures(compared: list[Compared], what: str) -> None:
    """Days, months, schools and reasons compare as they do in the sources."""
    rows = [row for row in compared if row.what == what]
    assert len(rows) > 4
    for row in rows:
        off = row.off / row.target if what in RELATIVE else row.off
        assert abs(off) < WITHIN[what], row


def test_the_level_is_between_what_is_believable(plan: Region) -> None:
    """All pupils together miss between three and a half and five and a half per cent."""
    assert 0.035 < sums_of(plan).rate("all", "") < 0.055


def test_the_calibration_says_where_it_comes_from() -> None:
    """Each source has a title, a publisher, a date and a licence; the mix is whole."""
    for source in calibration.sources().values():
        assert all(source[name] for name in ("title", "publisher", "date", "licence", "file"))
    for sector in ("PO", "VO"):
        assert set(calibration.reasons(sector)) == set(OF_MIX)
        assert sum(calibration.reasons(sector).values()) == pytest.approx(1)


def test_the_spread_between_schools_is_read_between_percentiles() -> None:
    """A percentile that is not in the table lies between its neighbours; beyond it, at its end."""
    assert calibration.school(50) == 1
    assert calibration.school(30) < calibration.school(32) < calibration.school(35)
    assert calibration.school(0) == calibration.school(5)
    assert calibration.school(100) == calibration.school(95)


def test_spells_of_illness_give_the_days_of_the_week() -> None:
    """With the weights of starts the days on which somebody is ill are those of the source."""
    lengths = (1, 2, 3)
    weights = calibration.starts(lengths)
    ill = [0.0] * 5
    for start, weight in enumerate(weights):
        for length in lengths:
            for day in range(start, min(start + length, 5)):
                ill[day] += weight / len(lengths)
    assert ill == pytest.approx(list(calibration.weekday()))
    assert all(weight > 0 for weight in weights)


def test_the_calibration_is_what_the_sources_give() -> None:
    """Made anew from the original files, it is the same to the byte."""
    source = REPOSITORY.parent / "shared" / "data"
    if not (source / calibrate.DAILY).is_file():
        pytest.skip("the original figures are not beside this repository")
    made = json.dumps(calibrate.calibration(source), indent=2) + "\n"
    assert made == calibration.FILE.read_text(encoding="utf-8")

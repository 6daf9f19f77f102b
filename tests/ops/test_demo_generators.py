"""The generators of the demo region, without a database."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from io import BytesIO

import pytest

from domain.imports import edexml, ndjson
from domain.imports.ndjson_lines import DeliveredLine, ExceptionLine, ScheduleLine
from domain.reference import codes, directory
from domain.reference.numbers import is_valid_bsn
from domain.reference.rules.marking import Week, counting_mark
from domain.reference.rules.window_threshold import windows as sixteen_hours
from domain.reference.rulesets import rule_set
from ops.demo import region
from ops.demo.absences import TIMETABLES, Missed, absences
from ops.demo.deliveries import delivery
from ops.demo.growth import MOST_PUPILS, land_of
from ops.demo.people import Child, national_numbers
from ops.demo.plan import Region, region_of, roster
from ops.demo.school_year import Teaching, school_year_of, teaching
from ops.demo.tour_school import BRANCH_CODE, SECTOR, tour_school

TODAY = date(2026, 11, 25)
DAYS = (TODAY, date(2026, 8, 3), date(2026, 8, 26), date(2027, 1, 1), date(2027, 7, 20))


@pytest.fixture(scope="module")
def plan() -> Region:
    """A region of 600 pupils."""
    return region_of(600, 1, TODAY)


def everything_missed(plan: Region) -> Iterable[tuple[region.School, Child, Missed]]:
    """Yield all absences of the region."""
    for school in region.SCHOOLS:
        for year in plan.years:
            for child in plan.present(school, year):
                for missed in absences(child, school.sector, year, plan.seed):
                    yield school, child, missed


@pytest.mark.parametrize("today", DAYS)
def test_forty_teaching_weeks_end_today(today: date) -> None:
    """On any day there are forty teaching weeks, in at most two school years, none to come."""
    years = teaching(today)
    mondays = [monday for year in years for monday in year.mondays]
    assert len(mondays) == 40
    assert mondays == sorted(set(mondays))
    assert all(monday.weekday() == 0 and monday <= today for monday in mondays)
    for year in years:
        assert {school_year_of(monday) for monday in year.mondays} == {year.year}


def test_the_last_week_is_complete_on_its_friday() -> None:
    """A week that is not over is not declared complete."""
    friday = date(2026, 11, 27)
    monday = friday - timedelta(days=4)
    assert not Teaching(2026, (monday,), friday - timedelta(days=1)).complete(monday)
    assert Teaching(2026, (monday,), friday).complete(monday)


def test_the_same_seed_gives_the_same_files(plan: Region) -> None:
    """Two runs with one seed and day give equal bytes; another seed gives others."""
    school, year = region.SCHOOLS[0], plan.years[-1]
    other = region_of(600, 2, TODAY)
    again = region_of(600, 1, TODAY)
    assert roster(plan, school, year) == roster(again, school, year)
    assert roster(plan, school, year) != roster(other, school, year)

    def lines(of: Region) -> bytes:
        return delivery(of.present(school, year), school.sector, year, of.seed)

    assert lines(plan) == lines(again)
    assert lines(plan) != lines(other)


def test_a_later_day_adds_and_changes_nothing(plan: Region) -> None:
    """What was missed until a day comes out the same when the year has gone on."""
    later = region_of(600, 1, TODAY + timedelta(days=9))

    def until_today(of: Region) -> set[Missed]:
        year = of.years[-1]
        return {
            missed
            for school in region.SCHOOLS
            for child in of.present(school, year)
            for missed in absences(child, school.sector, year, 1)
            if missed.day <= TODAY
        }

    assert until_today(plan) == until_today(later)


def test_nobody_lives_or_learns_in_a_real_place(plan: Region) -> None:
    """No code of the region is in the national directory, and every pupil lives in the region."""
    assert not {branch.brin for branch in directory.branches()} & {
        school.branch_code[:4] for school in region.SCHOOLS
    }
    assert not {entry.pc4 for entry in directory.postcodes()} & set(region.POSTCODES)
    assert region.MUNICIPALITY not in {entry.code for entry in directory.municipalities()}
    assert not {entry.code for entry in directory.alliances()} & set(region.ALLIANCES.values())
    postcodes = {child.postcode for pupils in plan.pupils.values() for child in pupils}
    assert {postcode[:4] for postcode in postcodes if postcode} <= set(region.POSTCODES)


def test_national_numbers_are_test_numbers(plan: Region) -> None:
    """Every number passes the eleven-test, begins with 9999, and is given to one pupil."""
    assert all(is_valid_bsn(number) and number.startswith("9999") for number in national_numbers())
    given = [child.number for pupils in plan.pupils.values() for child in pupils if child.number]
    assert len(given) == len(set(given))
    assert 0.9 < len(given) / 600 < 1


def test_there_are_as_many_pupils_as_asked() -> None:
    """The schools together have the number of pupils that was asked for."""
    for pupils in (100, 601, 2000):
        made = region_of(pupils, 1, TODAY).pupils
        assert sum(len(children) for children in made.values()) == pupils


@pytest.mark.parametrize("pupils", [4_349, 5_000, 25_000, 250_000, 800_000])
def test_the_region_grows_with_schools_of_a_believable_size(pupils: int) -> None:
    """Towns with boards take what the story's schools do not; no code or name stands twice."""
    land = land_of(pupils)
    assert sum(land.counts.values()) == pupils
    assert sum(land.counts[school] for school in region.SCHOOLS) <= 4_349
    assert all(600 <= land.counts[school] <= 1_500 for school in land.grown) or pupils < 10_000
    for named in (
        [school.branch_code for school in land.schools],
        [school.name for school in land.schools],
        [town.municipality for town in land.towns],
        [pc4 for town in land.towns for pc4 in town.postcodes],
        [board.number for board in land.boards],
    ):
        assert len(set(named)) == len(named)


def test_the_story_is_the_same_however_large_the_region(plan: Region) -> None:
    """The schools of the story have the same pupils in any region that has grown."""
    large, larger = region_of(25_000, 1, TODAY), region_of(30_000, 1, TODAY)
    for school in region.SCHOOLS:
        assert large.pupils[school] == larger.pupils[school]
    grown = large.land.grown[3]
    assert large.pupils[grown][7] == region_of(25_000, 1, TODAY).pupils[grown][7]


def test_no_town_is_a_real_place() -> None:
    """No code, postcode or name of any town is in the national directory, nor the tour's."""
    land = land_of(MOST_PUPILS)
    places = {municipality.name for municipality in directory.municipalities()}
    places |= {branch.place for branch in directory.branches()} | {region.PLACE}
    assert not places & {town.name for town in land.towns}
    codes = {municipality.code for municipality in directory.municipalities()}
    assert not (codes | {region.MUNICIPALITY}) & {town.municipality for town in land.towns}
    pc4s = {entry.pc4 for entry in directory.postcodes()} | set(region.POSTCODES)
    pc4s |= {branch.postcode[:4] for branch in directory.branches() if branch.postcode}
    assert not pc4s & {pc4 for town in land.towns for pc4 in town.postcodes}
    brins = {branch.brin for branch in directory.branches()}
    brins |= {school.branch_code[:4] for school in region.SCHOOLS} | {BRANCH_CODE[:4]}
    assert not brins & {school.branch_code[:4] for school in land.grown}
    alliances = {entry.code for entry in directory.alliances()} | set(region.ALLIANCES.values())
    assert not alliances & {entry.code for entry in land.directory.alliances}


def test_every_band_of_absence_is_there() -> None:
    """At each school some pupils missed under 5, 5 to 10, 10 to 20, 20 to 50 and over 50 %."""
    plan = region_of(2000, 1, TODAY)
    missed: Counter[str] = Counter()
    for _, child, entry in everything_missed(plan):
        missed[child.key] += entry.minutes
    bands: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for school, pupils in plan.pupils.items():
        day = TIMETABLES[school.sector].day
        for child in pupils:
            weeks = [m for year in plan.years for m in year.mondays if m >= child.entered]
            share = missed[child.key] / (5 * day * len(weeks))
            bands[school.branch_code][sum(share >= edge for edge in (0.05, 0.1, 0.2, 0.5))] += 1
    for counted in bands.values():
        assert set(counted) == set(range(5))
        assert counted[0] > 0.5 * counted.total()
        assert counted[4] < 0.02 * counted.total()


def test_mondays_and_fridays_have_more_illness() -> None:
    """Illness is more frequent on the edges of the week; the seasons are held by the fit."""
    plan = region_of(2000, 1, TODAY)
    ill = [e.day for _, _, e in everything_missed(plan) if e.reason == "ILLNESS"]
    by_day = Counter(day.weekday() for day in ill)
    assert min(by_day[0], by_day[4]) > by_day[2]


def test_every_absence_is_one_that_can_be_delivered(plan: Region) -> None:
    """Codes hold and go together, days are school days on which the pupil was there, none twice."""
    seen: set[tuple[str, date]] = set()
    for school, child, missed in everything_missed(plan):
        timetable = TIMETABLES[school.sector]
        assert (child.key, missed.day) not in seen
        seen.add((child.key, missed.day))
        assert missed.day.weekday() < 5
        assert child.entered <= missed.day <= TODAY
        assert 0 < missed.minutes <= timetable.day
        assert missed.start_unit + max(missed.lesson_units, 1) - 1 <= timetable.units
        assert codes.category(missed.category, missed.day) is not None
        if missed.reason is not None:
            reason = codes.reason(missed.reason, missed.day)
            assert reason is not None
            assert missed.category in reason.categories


def test_the_readers_take_what_is_generated(plan: Region) -> None:
    """The EDEXML and NDJSON readers take every file, with as many pupils and lines as there are."""
    for school in region.SCHOOLS:
        for year in plan.years:
            present = plan.present(school, year)
            read = edexml.read(BytesIO(roster(plan, school, year)))
            assert (f"{read.brin}{read.branch_suffix}", len(read.pupils)) == (
                school.branch_code,
                len(present),
            )
            lines = list(ndjson.read(BytesIO(delivery(present, school.sector, year, 1))))
            delivered = [line for line in lines if isinstance(line, DeliveredLine)]
            assert len(delivered) == sum(year.complete(monday) for monday in year.mondays)


@pytest.mark.parametrize("today", [*DAYS, date(2026, 9, 2)])
def test_the_tour_has_one_pupil_over_sixteen_hours(today: date) -> None:
    """By the rule set, exactly the story's pupil reaches sixteen, on the day and in units told."""
    tour = tour_school(today)
    lines = list(ndjson.read(BytesIO(tour.attendance)))
    scheduled = [line for line in lines if isinstance(line, ScheduleLine)]
    found: dict[str, tuple[date, int]] = {}
    for pupil in tour.pupils:
        weeks = [
            Week(week.monday, line.minutes, line.lesson_units)
            for line in scheduled
            if line.pupil == pupil.key
            for week in line.weeks()
        ]
        rule = rule_set(tour.mondays[0]).sixteen_hours
        marks = [
            counting_mark(
                rule, line.category, on=line.day, minutes=line.minutes,
                units=line.lesson_units, mark_id=line.key,
            )
            for line in lines
            if isinstance(line, ExceptionLine) and line.pupil == pupil.key
        ]  # fmt: skip
        counting = [mark for mark in marks if mark is not None]
        for window in sixteen_hours(rule, weeks, counting, SECTOR, None):
            found[pupil.key] = (window.reached_on, int(window.total))
    assert found == {tour.story.key: (tour.signal_on, tour.signal_amount)}
    assert tour.signal_on >= tour.mondays[-1]
    assert tour.mondays[-1] + timedelta(days=4) <= today


def test_the_tours_rates_are_those_of_its_file() -> None:
    """Scheduled and attended minutes beside the file are what adding up the file gives."""
    tour = tour_school(TODAY)
    scheduled: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for raw in tour.attendance.splitlines():
        line = json.loads(raw)
        if line["kind"] == "schedule":
            first, last = (date.fromisoformat(f"{line[name]}-1") for name in ("from", "until"))
            scheduled[line["pupil"]] += line["minutes"] * ((last - first).days // 7 + 1)
        elif line["kind"] == "exception":
            missed[line["pupil"]] += line["minutes"]
    assert {pupil.key: (pupil.scheduled, pupil.attended) for pupil in tour.pupils} == {
        key: (minutes, minutes - missed[key]) for key, minutes in scheduled.items()
    }
    read = edexml.read(BytesIO(tour.roster))
    assert {pupil.key for pupil in read.pupils} == set(scheduled)
    assert {group.key for group in read.groups} == {pupil.group for pupil in tour.pupils}

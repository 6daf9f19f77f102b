"""Signals as deliveries bring them up and take them away."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import literal, select, text

from domain import clock
from domain.attendance import signals as service
from domain.attendance.models import Signal
from domain.attendance.signals import known_at, stood_at
from domain.database import Database, Login, ask
from domain.pupils.bulk import table_of
from domain.reference import rulesets
from domain.reference.files import json_file
from domain.reference.ruleparsing import parsed
from tests.conftest import TestDatabase
from tests.domain.imports.school import (
    NOW,
    School,
    absent,
    complete,
    lines,
    new_school,
    pools,
    pupil,
    roster,
    schedule,
    school,
)

__all__ = ["pools", "school"]
pytestmark = pytest.mark.asyncio(loop_scope="session")

FIRST = date(2026, 8, 31)


def truancy(days: int, *, units: int = 4, minutes: int = 200) -> list[dict[str, object]]:
    """Return truancy on so many Mondays to Thursdays, one line a day."""
    return [
        absent(
            f"A{n}", "1", str(FIRST + timedelta(days=n % 4, weeks=n // 4)), 1, units, minutes,
            "unauthorised", "TRUANCY",
        )
        for n in range(days)
    ]  # fmt: skip


def signals(school: School, *, withdrawn: bool = False) -> list[str]:
    """Return the signals that stand, or those that were withdrawn."""
    return school.rows(
        "select kind, rule_set, first_week, last_week, amount, unit, reached_on, act_by"
        f" from signal where controller_id = '{school.board}'"
        f" and (withdrawn_at is not null) = {withdrawn} order by reached_on"
    )


async def test_a_signal_comes_and_stays(school: School) -> None:
    """Sixteen lesson hours in delivered weeks give one signal; the same file gives no other."""
    await school.roster(roster(school, [pupil("1"), pupil("2")]))
    data = lines(schedule("1", "2026-W36", "2026-W40"), *truancy(4), complete("2026-W36"))
    outcome = await school.attendance(data)
    assert outcome.counts["signals"] == {"new": 1, "withdrawn": 0, "unchanged": 0}
    assert signals(school) == [
        (
            "SIXTEEN_HOURS_IN_FOUR_WEEKS|leerplichtwet-1969|2026-08-31|2026-08-31|16|lesson_units"
            "|2026-09-03|2026-09-10"
        )
    ]
    before = school.snapshot()
    await school.attendance(data)
    assert school.snapshot() == before
    later = await school.attendance(lines(complete("2026-W37")))
    assert later.counts["signals"] == {"new": 0, "withdrawn": 0, "unchanged": 1}


async def test_an_unknown_week_gives_no_signal(school: School) -> None:
    """Absence in a week that is not declared complete counts for nothing yet."""
    await school.roster(roster(school, [pupil("1")]))
    outcome = await school.attendance(lines(schedule("1", "2026-W36", "2026-W40"), *truancy(4)))
    assert outcome.counts["signals"] == {"new": 0, "withdrawn": 0, "unchanged": 0}
    outcome = await school.attendance(lines(complete("2026-W36")))
    assert outcome.counts["signals"]["new"] == 1


async def test_a_correction_withdraws_the_signal(school: School) -> None:
    """When an absence turns out authorised its signal is withdrawn, and kept as withdrawn."""
    await school.roster(roster(school, [pupil("1")]))
    await school.attendance(
        lines(schedule("1", "2026-W36", "2026-W40"), *truancy(4), complete("2026-W36"))
    )
    outcome = await school.attendance(
        lines(absent("A0", "1", str(FIRST), 1, 4, 200, "authorised", "ILLNESS"))
    )
    assert outcome.counts["signals"] == {"new": 0, "withdrawn": 1, "unchanged": 0}
    assert signals(school) == []
    assert len(signals(school, withdrawn=True)) == 1


async def test_primary_schools_count_clock_hours(database: TestDatabase, pools: Database) -> None:
    """In primary education the amount is in minutes, and lesson units do not count."""
    school = new_school(database, pools, sector="PO")
    await school.roster(roster(school, [pupil("1")]))
    week = schedule("1", "2026-W36", "2026-W40")
    await school.attendance(lines(week, *truancy(4), complete("2026-W36")))
    assert signals(school) == []
    await school.attendance(lines(*truancy(4, minutes=245)))
    assert signals(school)[0].split("|")[4:6] == ["980", "minutes"]


def sick(number: int, day: date, reason: str = "ILLNESS") -> dict[str, object]:
    """Return a day of illness of six lessons."""
    return absent(f"S{number}", "1", str(day), 1, 6, 300, "authorised", reason)


async def test_a_signal_of_illness_is_of_the_class_of_that_fact(school: School) -> None:
    """The fourth sick report and the seventh day of illness stand under the fact of illness."""
    await school.roster(roster(school, [pupil("1")]))
    spells = [sick(n, FIRST + timedelta(weeks=n)) for n in range(3)]
    week = [sick(3 + n, FIRST + timedelta(weeks=3 + n // 5, days=n % 5)) for n in range(7)]
    known = [complete(f"2026-W{number}") for number in range(36, 41)]
    await school.attendance(lines(schedule("1", "2026-W36", "2026-W40"), *spells, *week, *known))
    assert school.rows(
        "select kind, data_class, rule_set, amount, unit, cardinality(marks) from signal"
        f" where controller_id = '{school.board}' and kind like '%SICK%' order by kind"
    ) == [
        "FOURTH_SICK_REPORT|attendance.reason.health.fact|mazl|4|events|4",
        "SEVENTH_SICK_DAY|attendance.reason.health.fact|mazl|7|school_days|7",
    ]


async def test_a_withheld_illness_is_in_no_signal(school: School) -> None:
    """Four times and seven days on end ill, of a reason whose class a mentor may not read: none."""
    await school.roster(roster(school, [pupil("1")]))
    spells = [sick(n, FIRST + timedelta(weeks=n), "MENTAL_ILLNESS") for n in range(3)]
    week = [
        sick(3 + n, FIRST + timedelta(weeks=3 + n // 5, days=n % 5), "LONG_TERM_ILLNESS")
        for n in range(7)
    ]
    known = [complete(f"2026-W{number}") for number in range(36, 41)]
    await school.attendance(lines(schedule("1", "2026-W36", "2026-W40"), *spells, *week, *known))
    assert [row for row in signals(school) if "SICK" in row] == []


async def test_a_holiday_is_of_the_class_of_its_reason(school: School) -> None:
    """That a holiday was without leave is a reason; the signal tells it, so it is of that class."""
    await school.roster(roster(school, [pupil("1")]))
    holiday = absent("H", "1", str(FIRST), 1, 6, 300, "unauthorised", "UNAUTHORISED_HOLIDAY")
    await school.attendance(lines(schedule("1", "2026-W36"), holiday, complete("2026-W36")))
    assert school.rows(
        f"select kind, data_class, amount from signal where controller_id = '{school.board}'"
    ) == ["UNAUTHORISED_HOLIDAY|attendance.reason|1"]


async def test_a_signal_names_the_marks_it_rests_on(school: School) -> None:
    """The marks are the versions that were counted, and no other absence."""
    await school.roster(roster(school, [pupil("1")]))
    other = absent("X", "1", str(FIRST + timedelta(days=4)), 1, 1, 50, "authorised", "FAMILY_EVENT")
    await school.attendance(
        lines(schedule("1", "2026-W36"), *truancy(4), other, complete("2026-W36"))
    )
    assert school.rows(
        "select a.external_id from signal s join absence a on a.id = any(s.marks)"
        f" where s.controller_id = '{school.board}' order by 1"
    ) == ["A0", "A1", "A2", "A3"]


async def test_a_withdrawal_is_traced(school: School) -> None:
    """The trace says that a signal was withdrawn, about whom, and by which rule it was allowed."""
    await school.roster(roster(school, [pupil("1"), pupil("2")]))
    await school.attendance(
        lines(schedule("1", "2026-W36", "2026-W40"), *truancy(4), complete("2026-W36"))
    )
    traced = (
        "select t.activity, t.rules, t.young_persons = array[p.young_person_id] from trace t"
        f" cross join pupil p where t.controller_id = '{school.board}'"
        f" and p.controller_id = '{school.board}' and p.external_id = '1'"
        " and t.act = 'signal_withdrawn'"
    )
    assert school.rows(traced) == []
    await school.attendance(
        lines(absent("A0", "1", str(FIRST), 1, 4, 200, "authorised", "ILLNESS"))
    )
    assert school.rows(traced) == [
        "import|{school_system/data_delivery/delivery_agreement/import/signal}|t"
    ]


async def test_replay_gives_the_number_of_the_day(school: School) -> None:
    """Whatever was corrected since, the signals known at an instant are those of that instant."""
    await school.roster(roster(school, [pupil("1")]))
    week = schedule("1", "2026-W36", "2026-W40")
    files = (
        lines(week, *truancy(4), complete("2026-W36")),
        lines(absent("A0", "1", str(FIRST), 1, 4, 200, "authorised", "ILLNESS")),
        lines(absent("A0", "1", str(FIRST), 1, 5, 250, "unauthorised", "TRUANCY")),
    )
    for hours, data in enumerate(files):
        school.now = clock.at(NOW.instant + timedelta(hours=hours))
        await school.attendance(data)
    system = ask(school.client, moment=school.now)
    async with school.database.acting(system, Login.IMPORT) as session:
        found = list(
            await session.scalars(select(Signal).where(Signal.branch_id == school.branches[0]))
        )
        asked = [NOW.instant + timedelta(hours=hours, minutes=5) for hours in range(-1, 3)]
        in_sql = [
            list(
                await session.scalars(
                    select(Signal.amount).where(
                        Signal.branch_id == school.branches[0],
                        stood_at(table_of(Signal), literal(instant)),
                    )
                )
            )
            for instant in asked
        ]
    amounts = [[signal.amount for signal in known_at(found, instant)] for instant in asked]
    assert amounts == in_sql == [[], [16], [], [17]]


async def test_a_changed_threshold_is_a_change_of_data(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight hours in the file instead of sixteen: the same delivery raises a signal, no code."""
    content: Any = copy.deepcopy(json_file("rulesets", "leerplichtwet-1969.json"))
    content["rules"][0]["threshold"] = 8
    await school.roster(roster(school, [pupil("1")]))
    data = lines(schedule("1", "2026-W36"), *truancy(2), complete("2026-W36"))
    await school.attendance(data)
    assert signals(school) == []
    monkeypatch.setattr(rulesets, "rule_sets", lambda: (parsed(content),))
    later = await school.attendance(lines(schedule("1", "2026-W36", units=31)))
    assert later.counts["signals"]["new"] == 1
    assert "|8|lesson_units|" in signals(school)[0]


async def test_a_draft_gives_no_signal(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    """The draft of the new act counts nothing until the status in its file is changed."""
    content: Any = copy.deepcopy(json_file("rulesets", "terugdringen-schoolverzuim-draft.json"))
    content["valid_from"] = "2026-08-01"
    monkeypatch.setattr(rulesets, "rule_sets", lambda: (parsed(content),))
    await school.roster(roster(school, [pupil("1")]))
    await school.attendance(lines(schedule("1", "2026-W36"), *truancy(4), complete("2026-W36")))
    assert signals(school) == []
    monkeypatch.setattr(rulesets, "rule_sets", lambda: (parsed(content | {"status": "in_force"}),))
    await school.attendance(lines(schedule("1", "2026-W36", units=31)))
    assert signals(school)[0].startswith("CONCERNING_ABSENCE|terugdringen-schoolverzuim-draft|")


async def test_sums_by_dimension_follow_corrections(school: School) -> None:
    """Illness, absence without a reason and lateness are summed by week; a change is a version.

    A mental illness is in no sum that is read as the fact of illness.
    """
    await school.roster(roster(school, [pupil("1")]))
    late = absent("L", "1", str(FIRST), 2, 1, 10, "late", "OVERSLEPT")
    truant = absent("T", "1", str(FIRST), 3, 2, 100, "unauthorised", "TRUANCY")
    ill = sick(1, FIRST + timedelta(days=1))
    hidden = sick(2, FIRST + timedelta(days=2), "MENTAL_ILLNESS")
    await school.attendance(lines(schedule("1", "2026-W36"), late, truant, ill, hidden))
    sums = (
        "select dimension, data_class, monday, minutes, times, replaced_at is null"
        f" from dimension_week where controller_id = '{school.board}'"
        " order by dimension, recorded_at, replaced_at nulls last"
    )
    lateness, sickness = (
        "lateness|attendance.unauthorised|2026-08-31|10|1|t",
        "sickness|attendance.reason.health.fact|2026-08-31|300|1|t",
    )
    assert school.rows(sums) == [
        lateness,
        sickness,
        "unauthorised|attendance.unauthorised|2026-08-31|100|1|t",
    ]
    school.now = clock.at(NOW.instant + timedelta(hours=1))
    await school.attendance(lines(absent("T", "1", str(FIRST), 3, 2, 90, "unauthorised")))
    assert school.rows(sums) == [
        lateness,
        sickness,
        "unauthorised|attendance.unauthorised|2026-08-31|100|1|f",
        "unauthorised|attendance.unauthorised|2026-08-31|90|1|t",
    ]


async def test_what_signals_are_found_in_is_planned_for_the_pupils_asked_for(
    school: School,
) -> None:
    """However often a connection renews signals, it never falls back on a plan for any pupils.

    Such a plan goes through all the keys that are given for every mark.
    """
    keys = [str(number) for number in range(40)]
    await school.roster(roster(school, [pupil(key) for key in keys]))
    year = [schedule(key, "2026-W36", "2026-W40") for key in keys]
    missed = [absent(f"A{key}", key, str(FIRST)) for key in keys]
    await school.attendance(lines(*year, *missed, complete("2026-W36")))
    pupils = [
        UUID(row)
        for row in school.rows(f"select id from pupil where controller_id = '{school.board}'")
    ]
    async with school.database.acting(ask(school.client, moment=NOW), Login.IMPORT) as session:
        for _ in range(8):
            known = await service.known(
                session, branch_id=school.branches[0], sector="VO", pupils=pupils
            )
            assert len(known.marks) == 40
        found = await session.execute(
            text(
                "select generic_plans, custom_plans from pg_prepared_statements"
                " where statement like 'SELECT absence.pupil_id, absence.day%'"
            )
        )
        generic, custom = found.one()
        assert generic == 0
        assert custom >= 8

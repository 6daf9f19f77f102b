"""Acts on attendance: what a delivery stores, and the signals that follow from it.

A delivery asks `require` for the classes it holds before it comes here.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance import queries, rollup
from domain.attendance.models import Absence, AbsenceReason, DeliveredWeek, PupilWeek, Signal
from domain.attendance.queries import AbsenceContent
from domain.database import ask_of
from domain.pupils.bulk import insert_rows, update_rows
from domain.reference.rulesets import NoRuleSetError, RuleSet, Unit, rule_set
from domain.reference.signals import Mark, Week, Window, counting_mark, sixteen_hours

_HOUR = 60


@dataclass(frozen=True, slots=True)
class Place:
    """The branch that attendance is about: its controller and the sector it counts in."""

    controller_id: UUID
    branch_id: UUID
    sector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAbsence:
    """An absence to store, with the classes of the fact and of its reason; `replaces` an older."""

    external_id: str
    content: AbsenceContent
    data_class: str
    reason_class: str | None
    replaces: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledWeek:
    """What is scheduled for a pupil in the week of a Monday; `stored` when it replaces that."""

    pupil_id: UUID
    monday: date
    minutes: int
    units: int
    stored: bool


@dataclass(slots=True)
class SignalCounts:
    """How many signals came, went and stayed."""

    new: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    touched: set[UUID] = field(default_factory=set[UUID])


async def store(
    session: AsyncSession,
    place: Place,
    *,
    schedule: Sequence[ScheduledWeek],
    absences: Sequence[NewAbsence],
    delivered: Sequence[date],
) -> None:
    """Store what is new: weeks' schedules, versions of absences, weeks now delivered."""
    instant = ask_of(session).moment.instant
    owner = {"controller_id": place.controller_id, "branch_id": place.branch_id}
    recorded = {**owner, "recorded_at": instant}
    rows = [
        (
            week.stored,
            {
                "pupil_id": week.pupil_id,
                "monday": week.monday,
                "scheduled_minutes": week.minutes,
                "scheduled_units": week.units,
            },
        )
        for week in schedule
    ]
    await insert_rows(session, PupilWeek, [row for old, row in rows if not old], common=recorded)
    # Attended may exceed a schedule that became shorter; the roll-up computes it anew.
    await update_rows(
        session,
        PupilWeek,
        [{**row, **owner} for old, row in rows if old],
        key=["controller_id", "branch_id", "pupil_id", "monday"],
        common={"attended_minutes": None, "attended_units": None, "recorded_at": instant},
    )
    await insert_rows(
        session, DeliveredWeek, [{"monday": monday} for monday in delivered], common=recorded
    )
    await update_rows(
        session,
        Absence,
        [{"id": absence.replaces} for absence in absences if absence.replaces is not None],
        key=["id"],
        common={"replaced_at": func.greatest(Absence.recorded_at, instant)},
    )
    added = [(uuid4(), absence) for absence in absences]
    await insert_rows(
        session,
        Absence,
        [
            {
                "id": key,
                "external_id": absence.external_id,
                "pupil_id": absence.content.pupil_id,
                "day": absence.content.day,
                "start_unit": absence.content.start_unit,
                "lesson_units": absence.content.lesson_units,
                "minutes": absence.content.minutes,
                "category": absence.content.category,
                "data_class": absence.data_class,
            }
            for key, absence in added
        ],
        common=recorded,
    )
    await insert_rows(
        session,
        AbsenceReason,
        [
            {
                "absence_id": key,
                "pupil_id": absence.content.pupil_id,
                "code": absence.content.reason,
                "data_class": absence.reason_class,
            }
            for key, absence in added
            if absence.content.reason is not None
        ],
        common=recorded,
    )


async def roll_up(
    session: AsyncSession,
    place: Place,
    *,
    pupils: Collection[UUID] | None,
    mondays: Collection[date] | None,
) -> int:
    """Compute the roll-up of the touched weeks anew; return how many weeks changed."""
    return await rollup.refresh(
        session,
        controller_id=place.controller_id,
        branch_id=place.branch_id,
        instant=ask_of(session).moment.instant,
        pupils=pupils,
        mondays=mondays,
    )


async def renew_signals(
    session: AsyncSession, place: Place, pupils: Sequence[UUID]
) -> SignalCounts:
    """Store the signals that the pupils' delivered weeks now give, and withdraw the others."""
    moment = ask_of(session).moment
    weeks = await queries.teaching_weeks(session, place.branch_id, pupils)
    absences = await queries.countable(session, place.branch_id, pupils)
    wanted: dict[tuple[UUID, str, date], dict[str, object]] = {}
    for pupil_id, marks in absences.items():
        for kind, day, row in _reached(weeks.get(pupil_id, ()), marks, place.sector):
            wanted[pupil_id, kind, day] = {"pupil_id": pupil_id, **row}
    counts = SignalCounts()
    gone: list[dict[str, object]] = []
    for signal in await queries.signals(session, place.branch_id, pupils):
        key = (signal.pupil_id, signal.kind, signal.reached_on)
        row = wanted.get(key)
        if row is not None and all(getattr(signal, name) == row[name] for name in row):
            counts.unchanged += 1
            del wanted[key]
        else:
            gone.append({"id": signal.id})
            counts.touched.add(signal.pupil_id)
    await update_rows(session, Signal, gone, key=["id"], common={"withdrawn_at": moment.instant})
    # A pupil at two branches of one board may reach a threshold at both: the first one stands.
    await insert_rows(
        session,
        Signal,
        [{"id": uuid4(), **row} for row in wanted.values()],
        common={
            "controller_id": place.controller_id,
            "branch_id": place.branch_id,
            "recorded_at": moment.instant,
        },
        unless_there=True,
    )
    counts.new, counts.withdrawn = len(wanted), len(gone)
    counts.touched |= {pupil_id for pupil_id, _, _ in wanted}
    return counts


def _reached(
    weeks: Iterable[Week], absences: Sequence[Absence], sector: str
) -> Iterable[tuple[str, date, dict[str, object]]]:
    """Yield kind, day and columns for each window that reached the threshold of its rule set."""
    for rules, of_rules in groupby(weeks, key=lambda week: _rules_on(week.monday)):
        if rules is None:
            continue
        rule = rules.sixteen_hours
        marks = [
            mark
            for absence in absences
            if (
                mark := counting_mark(
                    rule,
                    absence.category,
                    on=absence.day,
                    minutes=absence.minutes,
                    units=absence.lesson_units,
                    mark_id=absence.id,
                )
            )
        ]
        for window in sixteen_hours(rule, list(of_rules), marks, sector, None):
            amount, unit = _amount(window, marks)
            columns: dict[str, object] = {
                "kind": rule.code,
                "rule_set": rules.code,
                "first_week": window.first_week,
                "last_week": window.last_week,
                "amount": amount,
                "unit": unit,
                "reached_on": window.reached_on,
                "act_by": window.act_by,
            }
            yield rule.code, window.reached_on, columns


def _rules_on(monday: date) -> RuleSet | None:
    try:
        return rule_set(monday)
    except NoRuleSetError:
        return None


def _amount(window: Window, marks: Sequence[Mark]) -> tuple[int, str]:
    """Return the total of a window: exact minutes, or whole lesson units."""
    if window.unit is Unit.LESSON_HOUR:
        return int(window.total), "lesson_units"
    rests_on = set(window.mark_ids)
    return sum(mark.minutes for mark in marks if mark.id in rests_on), "minutes"

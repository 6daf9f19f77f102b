"""Signals: what the rule sets find in what is known of pupils, kept as a read model.

A signal leaves no stain: it is withdrawn when a correction removes its cause, and the row stays so
that what was known on a day can be told. A report made from it is evidence and stays.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol, TypeVar, cast
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    Text,
    Uuid,
    and_,
    bindparam,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance.models import Absence, AbsenceReason, PupilWeek, Signal
from domain.database import ask_of
from domain.pupils.bulk import Row, one_of, planned_anew, table_of, update_rows
from domain.pupils.models import Pupil
from domain.reach import Kind, require
from domain.reference.rules.evaluate import signals_of
from domain.reference.rules.marking import History, Mark, Week
from domain.reference.rulesets import counting
from domain.trace import Act, record
from permissions.vocabulary import Activity, DataClass

Key = tuple[UUID, str, date]
"""What makes a signal one: the pupil, the rule and the day on which it was reached."""

Wanted = dict[Key, dict[str, object]]
"""The signals that there should be, as rows."""

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Known:
    """What signals of pupils at a branch are found in, as it was read, and those that stand."""

    sector: str
    marks: Rows
    weeks: Rows
    born: Rows
    stand: Sequence[Signal]


@dataclass(slots=True)
class SignalCounts:
    """How many signals came, went and stayed."""

    new: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    touched: set[UUID] = field(default_factory=set[UUID])
    ids: list[UUID] = field(default_factory=list[UUID])
    """Those that went, and then those that came."""

    def add(self, other: "SignalCounts") -> None:
        """Add how many others came, went and stayed."""
        self.new += other.new
        self.withdrawn += other.withdrawn
        self.unchanged += other.unchanged


class Kept(Protocol):
    """Something that is recorded at an instant and may be withdrawn at a later one."""

    recorded_at: Any
    withdrawn_at: Any


S = TypeVar("S", bound=Kept)


def known_at(signals: Iterable[S], instant: datetime) -> list[S]:
    """Return the signals that stood at an instant, whatever was corrected since."""
    return [
        signal
        for signal in signals
        if signal.recorded_at <= instant
        and (signal.withdrawn_at is None or instant < signal.withdrawn_at)
    ]


def stood_at(row: FromClause, instant: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Return, in SQL, whether a signal stood at an instant: the twin of `known_at`."""
    return and_(
        row.c.recorded_at <= instant,
        or_(row.c.withdrawn_at.is_(None), instant < row.c.withdrawn_at),
    )


async def known(
    session: AsyncSession, *, branch_id: UUID, sector: str, pupils: Sequence[UUID]
) -> Known:
    """Return what signals of pupils are found in, in four statements."""
    async with planned_anew(session):
        marks = await _marks(session, branch_id, pupils)
        absent = sorted({row[0] for row in marks})
        return Known(
            sector,
            marks,
            await _weeks(session, branch_id, absent),
            await _born(session, absent),
            await _standing(session, branch_id, pupils),
        )


def found_in(known: Known) -> Wanted:
    """Return the signals that pupils' delivered weeks give; asks nothing of the database."""
    wanted: Wanted = {}
    for pupil_id, history in _histories(known):
        for rules, rule, found in signals_of(counting(), history):
            wanted[pupil_id, rule.code, found.reached_on] = {
                "pupil_id": pupil_id,
                "kind": rule.code,
                "rule_set": rules.code,
                "data_class": rule.data_class,
                "first_week": found.first_week,
                "last_week": found.last_week,
                "amount": found.amount,
                "unit": found.unit,
                "marks": list(found.marks),
                "reached_on": found.reached_on,
                "act_by": found.act_by,
            }
    return wanted


async def renew(
    session: AsyncSession,
    *,
    controller_id: UUID,
    branch_id: UUID,
    wanted: Wanted,
    stand: Sequence[Signal],
) -> SignalCounts:
    """Store the signals that are wanted and do not stand, and withdraw those that are not.

    A withdrawal is traced about the pupils concerned. A signal whose marks were corrected without
    a change of its amount is withdrawn too, and raised again on the marks it rests on now.
    """
    wanted = dict(wanted)
    counts = SignalCounts()
    gone: list[Signal] = []
    for signal in stand:
        key = (signal.pupil_id, signal.kind, signal.reached_on)
        row = wanted.get(key)
        if row is not None and all(getattr(signal, name) == row[name] for name in row):
            counts.unchanged += 1
            del wanted[key]
        else:
            gone.append(signal)
    await _withdraw(session, branch_id, gone)
    rows = [{"id": uuid4(), **row} for row in wanted.values()]
    # A pupil at two branches of one board may reach a threshold at both: the first one stands.
    await _insert(
        session,
        rows,
        controller_id=controller_id,
        branch_id=branch_id,
        instant=ask_of(session).moment.instant,
    )
    counts.new, counts.withdrawn = len(wanted), len(gone)
    counts.ids = [signal.id for signal in gone] + [cast("UUID", row["id"]) for row in rows]
    counts.touched = {signal.pupil_id for signal in gone} | {key[0] for key in wanted}
    return counts


def _histories(known: Known) -> Iterator[tuple[UUID, History]]:
    """Yield what is known of each of the pupils with an absence in it and a week delivered."""
    marks: dict[UUID, list[Mark]] = {}
    for row in known.marks:
        marks.setdefault(row[0], []).append(Mark._make(row[1:]))
    born = {row[0]: row[1] for row in known.born}
    for pupil_id, *columns in known.weeks:
        weeks = [Week._make(week) for week in zip(*columns, strict=True)]
        yield (
            pupil_id,
            History(
                weeks=weeks,
                marks=marks[pupil_id],
                sector=known.sector,
                born=born.get(pupil_id),
            ),
        )


async def _standing(session: AsyncSession, branch_id: UUID, pupils: Sequence[UUID]) -> list[Signal]:
    """Return the signals of pupils at a branch that were not withdrawn."""
    return list(
        await session.scalars(
            select(Signal).where(
                Signal.branch_id == branch_id,
                Signal.withdrawn_at.is_(None),
                one_of(Signal.pupil_id, pupils),
            )
        )
    )


async def _marks(session: AsyncSession, branch_id: UUID, pupils: Sequence[UUID]) -> Rows:
    """Return the absences that stand: the pupil, and then what makes a `Mark`."""
    # From the tables: what the mapping does for every row is not needed of so many.
    mark, reason = table_of(Absence), table_of(AbsenceReason)
    found = await session.execute(
        select(
            mark.c.pupil_id,
            mark.c.day,
            mark.c.minutes,
            mark.c.lesson_units,
            mark.c.id,
            mark.c.category,
            reason.c.code,
        )
        .outerjoin(
            reason,
            and_(
                reason.c.controller_id == mark.c.controller_id,
                reason.c.absence_id == mark.c.id,
                reason.c.day == mark.c.day,
            ),
        )
        .where(
            mark.c.branch_id == branch_id,
            mark.c.replaced_at.is_(None),
            one_of(mark.c.pupil_id, pupils),
        )
    )
    return found.all()


async def _weeks(session: AsyncSession, branch_id: UUID, pupils: Sequence[UUID]) -> Rows:
    """Return the delivered weeks with lessons that stand, in order of time.

    One row per pupil, and an array for each column of a `Week`.
    """
    columns = (
        PupilWeek.monday,
        PupilWeek.scheduled_minutes,
        PupilWeek.scheduled_units,
        PupilWeek.attended_minutes,
    )
    found = await session.execute(
        select(
            PupilWeek.pupil_id,
            *(func.array_agg(aggregate_order_by(column, PupilWeek.monday)) for column in columns),
        )
        .where(
            PupilWeek.branch_id == branch_id,
            PupilWeek.replaced_at.is_(None),
            one_of(PupilWeek.pupil_id, pupils),
            PupilWeek.attended_minutes.is_not(None),
            PupilWeek.scheduled_minutes > 0,
        )
        .group_by(PupilWeek.pupil_id)
    )
    return found.all()


async def _born(session: AsyncSession, pupils: Sequence[UUID]) -> Rows:
    found = await session.execute(
        select(Pupil.id, Pupil.birth_date).where(
            one_of(Pupil.id, pupils), Pupil.birth_date.is_not(None)
        )
    )
    return found.all()


_INSERT: Final = text(
    """
    insert into signal (id, controller_id, branch_id, recorded_at, pupil_id, kind, rule_set,
        data_class, first_week, last_week, amount, unit, marks, reached_on, act_by)
    select r.id, :controller, :branch, :instant, r.pupil_id, r.kind, r.rule_set, r.data_class,
        r.first_week, r.last_week, r.amount, r.unit, r.marks, r.reached_on, r.act_by
    from json_to_recordset(cast(:rows as json)) as r (id uuid, pupil_id uuid, kind text,
        rule_set text, data_class text, first_week date, last_week date, amount integer, unit text,
        marks uuid[], reached_on date, act_by date)
    on conflict do nothing
    """
).bindparams(
    bindparam("controller", type_=Uuid),
    bindparam("branch", type_=Uuid),
    bindparam("instant", type_=DateTime(timezone=True)),
    bindparam("rows", type_=Text),
)
"""As JSON: arrays of arrays, such as the marks of each signal, cannot be unnested row by row."""


async def _insert(
    session: AsyncSession,
    rows: Sequence[Row],
    *,
    controller_id: UUID,
    branch_id: UUID,
    instant: datetime,
) -> None:
    if rows:
        values: dict[str, object] = {
            "controller": controller_id,
            "branch": branch_id,
            "instant": instant,
            "rows": json.dumps(rows, default=str),
        }
        await session.execute(_INSERT, values)


async def _withdraw(session: AsyncSession, branch_id: UUID, gone: Sequence[Signal]) -> None:
    """Withdraw signals, and record about whom and on which ground."""
    if not gone:
        return
    request = ask_of(session)
    await update_rows(
        session,
        Signal,
        [{"id": signal.id} for signal in gone],
        key=["id"],
        common={"withdrawn_at": func.greatest(Signal.recorded_at, request.moment.instant)},
    )
    rules = [
        await require(
            session, request.actor, Activity.IMPORT, DataClass(data_class),
            kind=Kind.BRANCH, reached=branch_id, path=("receipt",),
        )
        for data_class in sorted({signal.data_class for signal in gone})
    ]  # fmt: skip
    concerned = await session.scalars(
        select(Pupil.young_person_id)
        .where(one_of(Pupil.id, sorted({signal.pupil_id for signal in gone})))
        .distinct()
    )
    await record(session, request.actor, rules, Act.SIGNAL_WITHDRAWN, subjects=sorted(concerned))

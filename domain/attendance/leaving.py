"""Weeks in which a pupil turns out not to be enrolled at a branch: they count no longer.

A school may have delivered weeks, and marks in them, before it said that the pupil had left. When
it does, the versions that stand are recorded as deleted: what was known stays known, and what was
rolled up of them follows. Delivered anew, under an enrolment that goes on, they come back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Date, DateTime, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance import announcing, marks, services
from domain.attendance.marks import StoredMark
from domain.attendance.rollup import Branch
from domain.attendance.services import Place
from domain.database import ask_of
from domain.pupils.bulk import joined_in_bulk

_PUPILS_AT_ONCE: Final = 2_000

# From Monday to Sunday, as a line of a schedule is judged.
_WEEKS = text(
    """
    select w.pupil_id, w.monday from pupil_week w
    where w.controller_id = :controller and w.branch_id = :branch and w.replaced_at is null
        and w.pupil_id = any (:pupils) and w.monday >= :first
        and not exists (
            select from enrolment e
            where e.pupil_id = w.pupil_id and e.branch_id = :branch
                and e.valid_from <= w.monday + 6
                and (e.valid_until is null or w.monday < e.valid_until))
    """
).bindparams(
    bindparam("controller", type_=Uuid),
    bindparam("branch", type_=Uuid),
    bindparam("pupils", type_=ARRAY(Uuid)),
    bindparam("first", type_=Date),
)

_MARKS = text(
    """
    select a.id, a.recorded_at, a.data_class, a.pupil_id, a.day
    from unnest(:pupils, :mondays) as gone (pupil_id, monday)
    join absence a on a.pupil_id = gone.pupil_id
        and a.day - (extract(isodow from a.day)::integer - 1) = gone.monday
    where a.controller_id = :controller and a.branch_id = :branch and a.replaced_at is null
        and a.pupil_id = any (:pupils) and a.day >= :first
    """
).bindparams(
    bindparam("controller", type_=Uuid),
    bindparam("branch", type_=Uuid),
    bindparam("pupils", type_=ARRAY(Uuid)),
    bindparam("mondays", type_=ARRAY(Date)),
    bindparam("first", type_=Date),
)

_CLOSE = text(
    """
    update pupil_week w set replaced_at = greatest(w.recorded_at, :instant)
    from unnest(:pupils, :mondays) as gone (pupil_id, monday)
    where w.controller_id = :controller and w.branch_id = :branch and w.replaced_at is null
        and w.pupil_id = gone.pupil_id and w.monday = gone.monday
        and w.pupil_id = any (:pupils) and w.monday >= :first
    """
).bindparams(
    bindparam("instant", type_=DateTime(timezone=True)),
    bindparam("controller", type_=Uuid),
    bindparam("branch", type_=Uuid),
    bindparam("pupils", type_=ARRAY(Uuid)),
    bindparam("mondays", type_=ARRAY(Date)),
    bindparam("first", type_=Date),
)


@dataclass(frozen=True, slots=True)
class Outside:
    """What stands at a branch outside any enrolment there: weeks of pupils, and marks in them."""

    weeks: list[tuple[UUID, date]] = field(default_factory=list[tuple[UUID, date]])
    marks: list[StoredMark] = field(default_factory=list[StoredMark])

    @property
    def pupils(self) -> list[UUID]:
        """Whose weeks they are."""
        return sorted({pupil_id for pupil_id, _ in self.weeks})

    @property
    def classes(self) -> list[str]:
        """The data classes of the marks."""
        return sorted({mark.data_class for mark in self.marks})


async def outside(
    session: AsyncSession, place: Place, pupils: Sequence[UUID], *, first: date
) -> Outside:
    """Return what stands of pupils at a branch in weeks, from a day on, without an enrolment."""
    at = {"controller": place.controller_id, "branch": place.branch_id, "first": first}
    async with joined_in_bulk(session):
        found = await session.execute(_WEEKS, {**at, "pupils": list(pupils)})
        weeks = [(row.pupil_id, row.monday) for row in found]
        if not weeks:
            return Outside()
        rows = await session.execute(_MARKS, {**at, **_columns(weeks)})
        stored = [StoredMark(row[0], row[1], row[2], tuple(row[3:])) for row in rows]
    return Outside(weeks, stored)


async def take_back(session: AsyncSession, place: Place, gone: Outside) -> None:
    """Record weeks and their marks as deleted, announce it, and renew what follows from them."""
    mondays = [monday for _, monday in gone.weeks]
    branch = Branch(place.controller_id, place.branch_id, ask_of(session).moment.instant)
    async with joined_in_bulk(session):
        await session.execute(
            _CLOSE,
            {
                **branch.values,
                **_columns(gone.weeks),
                "instant": branch.instant,
                "first": min(mondays),
            },
        )
    await marks.delete(session, branch, gone.marks)
    await announcing.withdrawn(session, gone.marks, **place.announced)
    pupils = gone.pupils
    for start in range(0, len(pupils), _PUPILS_AT_ONCE):
        some = pupils[start : start + _PUPILS_AT_ONCE]
        await announcing.rates(session, some, **place.announced)
        await services.renew_signals(session, place, some, span=(min(mondays), max(mondays)))


def _columns(weeks: Sequence[tuple[UUID, date]]) -> dict[str, list[object]]:
    return {
        "pupils": [pupil_id for pupil_id, _ in weeks],
        "mondays": [monday for _, monday in weeks],
    }

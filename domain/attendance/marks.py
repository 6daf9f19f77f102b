"""Storing marks by the thousand: what is new, versions of what was known, deletions at the source.

A chunk of marks is one list per column, so that it travels as one array per column; each statement
writes a whole chunk. What becomes wrong only when all chunks are there (`overlapping`) is asked
afterwards, in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Date, DateTime, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from domain.attendance import moving
from domain.attendance.rollup import PARTLY_MISSED, Branch
from domain.base import KEY_TOGETHER, beginning, keys_together
from domain.columns import COLUMN, array_text
from domain.pupils.bulk import joined_in_bulk, planned_anew

MOST_OVERLAPS: Final = 2_000
"""So many overlapping pairs are told; a receipt lists no more than a thousand problems."""


class Presumed(NamedTuple):
    """What is presumed of a mark, apart from what is established: codes with their classes."""

    category: str | None
    category_class: str | None
    reason: str | None
    reason_class: str | None

    @property
    def codes(self) -> tuple[str | None, str | None]:
        """The presumed category and reason."""
        return self.category, self.reason


@dataclass(slots=True)
class Marks:
    """Marks to store, column by column; `recorded` is when each becomes known."""

    keys: list[str] = field(default_factory=list[str])
    pupils: list[UUID] = field(default_factory=list[UUID])
    days: list[date] = field(default_factory=list[date])
    start_units: list[int] = field(default_factory=list[int])
    lesson_units: list[int] = field(default_factory=list[int])
    minutes: list[int] = field(default_factory=list[int])
    categories: list[str] = field(default_factory=list[str])
    classes: list[str] = field(default_factory=list[str])
    reasons: list[str | None] = field(default_factory=list[str | None])
    reason_classes: list[str | None] = field(default_factory=list[str | None])
    presumed: list[Presumed | None] = field(default_factory=list["Presumed | None"])
    _columns: dict[str, str] | None = field(default=None, init=False)

    def columns(self) -> dict[str, str]:
        """Return every column that is bound as such, by name, as text.

        Made once: by the thread that read the marks, while those before them are stored.
        """
        if self._columns is None:
            self._columns = {name: array_text(getattr(self, name)) for name in _BOUND}
        return self._columns

    def __len__(self) -> int:
        return len(self.keys)

    def content(self, index: int) -> tuple[object, ...]:
        """Return what a mark says, as `StoredMark.content` has it."""
        return (
            self.pupils[index],
            self.days[index],
            self.start_units[index],
            self.lesson_units[index],
            self.minutes[index],
            self.categories[index],
            self.reasons[index],
            *(self.presumed[index] or NOTHING_PRESUMED).codes,
        )

    def without(self, left_out: set[int]) -> "Marks":
        """Return the marks but for those at these indexes."""
        if not left_out:
            return self
        kept = [index for index in range(len(self)) if index not in left_out]
        columns = {f.name: getattr(self, f.name) for f in fields(self) if f.init}
        return Marks(**{name: [column[i] for i in kept] for name, column in columns.items()})


_BOUND: Final = [f.name for f in fields(Marks) if f.init and f.name != "presumed"]
NOTHING_PRESUMED: Final = Presumed(None, None, None, None)


@dataclass(frozen=True, slots=True)
class StoredMark:
    """The version of a mark that stands: its row, when it was recorded, and what it says.

    `content` is pupil, day, first unit, units, minutes, category, reason and what is presumed.
    """

    id: UUID
    recorded_at: datetime
    data_class: str
    content: tuple[Any, ...]

    @property
    def pupil_id(self) -> UUID:
        """The pupil it is about."""
        return self.content[0]

    @property
    def day(self) -> date:
        """The day it is on."""
        return self.content[1]


_ANY_KNOWN = text(
    """
    select exists (select from absence where controller_id = :controller and branch_id = :branch
            and replaced_at is null)
        or exists (select from absence where controller_id = :controller and branch_id = :branch
            and replaced_at is not null)
    """
).bindparams(bindparam("controller", type_=Uuid), bindparam("branch", type_=Uuid))

_KNOWN = text(
    """
    select a.external_id, a.id, a.recorded_at, a.data_class, a.pupil_id, a.day, a.start_unit,
        a.lesson_units, a.minutes, a.category, r.code,
        (select p.code from absence_presumed p where p.controller_id = a.controller_id
            and p.absence_id = a.id and p.day = a.day and p.about = 'category'),
        (select p.code from absence_presumed p where p.controller_id = a.controller_id
            and p.absence_id = a.id and p.day = a.day and p.about = 'reason')
    from absence a
    left join absence_reason r
        on r.controller_id = a.controller_id and r.absence_id = a.id and r.day = a.day
    where a.controller_id = :controller and a.branch_id = :branch and a.replaced_at is null
        and a.external_id = any (:keys)
    """
).bindparams(
    bindparam("controller", type_=Uuid),
    bindparam("branch", type_=Uuid),
    bindparam("keys", type_=ARRAY(Text)),
)

_INSERT = text(
    """
    with given as materialized (
        select * from unnest(cast(:ids as uuid[]), cast(:keys as text[]), cast(:pupils as uuid[]),
                cast(:days as date[]), cast(:start_units as smallint[]),
                cast(:lesson_units as smallint[]), cast(:minutes as smallint[]),
                cast(:categories as text[]), cast(:classes as text[]), cast(:reasons as text[]),
                cast(:reason_classes as text[]), cast(:recorded as timestamptz[]))
            as g (id, external_id, pupil_id, day, start_unit, lesson_units, minutes, category,
                data_class, code, reason_class, recorded_at)
    ), marks as (
        insert into absence (id, controller_id, branch_id, pupil_id, external_id, day, start_unit,
            lesson_units, minutes, category, data_class, recorded_at)
        select id, :controller, :branch, pupil_id, external_id, day, start_unit, lesson_units,
            minutes, category, data_class, coalesce(recorded_at, :instant)
        from given
    )
    insert into absence_reason (controller_id, absence_id, day, branch_id, pupil_id, code,
        data_class, recorded_at)
    select :controller, id, day, :branch, pupil_id, code, reason_class,
        coalesce(recorded_at, :instant)
    from given where code is not null
    """
).bindparams(
    bindparam("controller", type_=Uuid),
    bindparam("branch", type_=Uuid),
    bindparam("instant", type_=DateTime(timezone=True)),
    *(
        bindparam(name, type_=COLUMN)
        for name in (
            "ids", "keys", "pupils", "days", "start_units", "lesson_units", "minutes",
            "categories", "classes", "reasons", "reason_classes", "recorded",
        )
    ),
)  # fmt: skip

_PRESUMED = text(
    """
    insert into absence_presumed (controller_id, absence_id, day, branch_id, pupil_id, about, code,
        data_class, recorded_at)
    select :controller, id, day, :branch, pupil_id, about, code, data_class,
        coalesce(recorded_at, :instant)
    from unnest(:ids, :days, :pupils, :about, :codes, :classes, :recorded)
        as g (id, day, pupil_id, about, code, data_class, recorded_at)
    """
).bindparams(
    bindparam("controller", type_=Uuid),
    bindparam("branch", type_=Uuid),
    bindparam("instant", type_=DateTime(timezone=True)),
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("days", type_=ARRAY(Date)),
    bindparam("pupils", type_=ARRAY(Uuid)),
    bindparam("about", type_=ARRAY(Text)),
    bindparam("codes", type_=ARRAY(Text)),
    bindparam("classes", type_=ARRAY(Text)),
    bindparam("recorded", type_=ARRAY(DateTime(timezone=True))),
)

_CLOSE = text(
    """
    update absence set replaced_at = greatest(recorded_at, :instant)
    where controller_id = :controller and branch_id = :branch and replaced_at is null
        and id = any (:ids) and day = any (:days)
    """
).bindparams(
    bindparam("instant", type_=DateTime(timezone=True)),
    bindparam("controller", type_=Uuid),
    bindparam("branch", type_=Uuid),
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("days", type_=ARRAY(Date)),
)

_TOMBSTONES = text(
    f"""
    insert into absence (id, controller_id, branch_id, pupil_id, external_id, day, start_unit,
        lesson_units, minutes, category, data_class, recorded_at, replaced_at, deleted)
    select {KEY_TOGETHER}, controller_id, branch_id, pupil_id, external_id, day, start_unit,
        lesson_units, minutes, category, data_class, replaced_at, replaced_at, true
    from absence
    where controller_id = :controller and branch_id = :branch
        and id = any (:ids) and day = any (:days)
    """  # noqa: S608 - fixed words of ours
).bindparams(
    bindparam("together", type_=Text),
    bindparam("controller", type_=Uuid),
    bindparam("branch", type_=Uuid),
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("days", type_=ARRAY(Date)),
)

# Whoever missed a whole unit missed nothing else of it. A unit can be missed in parts, late and
# then sent out, but not twice in the same way.
_OVERLAPPING = text(
    """
    select new.external_id, other.external_id
    from absence new
    join absence other on other.controller_id = new.controller_id
        and other.branch_id = new.branch_id and other.pupil_id = new.pupil_id
        and other.day = new.day and other.id <> new.id
    where new.controller_id = :controller and new.branch_id = :branch
        and new.replaced_at is null and new.recorded_at >= :instant
        and new.pupil_id = any (:pupils) and new.day between :first and :last
        and other.replaced_at is null and other.branch_id = :branch
        and other.pupil_id = any (:pupils) and other.day between :first and :last
        and new.start_unit < other.start_unit + greatest(other.lesson_units, 1)
        and other.start_unit < new.start_unit + greatest(new.lesson_units, 1)
        and (new.category = other.category
            or (new.lesson_units > 0 and new.category <> all (:partly))
            or (other.lesson_units > 0 and other.category <> all (:partly)))
    limit :most
    """
).bindparams(
    bindparam("controller", type_=Uuid),
    bindparam("branch", type_=Uuid),
    bindparam("instant", type_=DateTime(timezone=True)),
    bindparam("pupils", type_=ARRAY(Uuid)),
    bindparam("first", type_=Date),
    bindparam("last", type_=Date),
    bindparam("partly", type_=ARRAY(Text)),
)


async def any_known(session: AsyncSession, branch: Branch) -> bool:
    """Return whether a branch has a mark, or ever had one."""
    return bool(await session.scalar(_ANY_KNOWN, branch.values))


async def known(
    session: AsyncSession, branch: Branch, keys: Sequence[str]
) -> dict[str, StoredMark]:
    """Return the marks that stand under some of the school's keys, by key."""
    async with planned_anew(session):
        rows = await session.execute(_KNOWN, {**branch.values, "keys": list(keys)})
    return {row[0]: StoredMark(row[1], row[2], row[3], tuple(row[4:])) for row in rows}


async def add(
    session: AsyncSession,
    branch: Branch,
    marks: Marks,
    replaced: dict[str, StoredMark],
    *,
    first: bool,
) -> list[UUID]:
    """Store marks and return their ids; those in `replaced`, by key, are versions of what stood.

    With `first` the branch has no marks but those of this delivery.
    """
    ids = keys_together(len(marks))
    if not marks:
        return ids
    await close(session, branch, list(replaced.values()))
    old = (replaced.get(key) for key in marks.keys)
    recorded = [None if mark is None else max(branch.instant, mark.recorded_at) for mark in old]
    values = {**branch.values, **marks.columns(), "ids": ids, "recorded": recorded}
    await session.execute(_INSERT, {**values, "instant": branch.instant})
    await _presume(session, branch, marks, ids, recorded)
    whose = dict(zip(marks.keys, marks.pupils, strict=True))
    await moving.settle(
        session,
        branch,
        new={} if first else {key: of for key, of in whose.items() if key not in replaced},
        moved={key: whose[key] for key, old in replaced.items() if whose[key] != old.pupil_id},
    )
    return ids


async def _presume(
    session: AsyncSession,
    branch: Branch,
    marks: Marks,
    ids: Sequence[UUID],
    recorded: Sequence[datetime | None],
) -> None:
    """Store what is presumed of marks; a chunk in which nothing is costs nothing."""
    rows = [
        (
            ids[index],
            marks.days[index],
            marks.pupils[index],
            about,
            code,
            data_class,
            recorded[index],
        )
        for index, said in enumerate(marks.presumed)
        if said is not None
        for about, code, data_class in (
            ("category", said.category, said.category_class),
            ("reason", said.reason, said.reason_class),
        )
        if code is not None
    ]
    if rows:
        names = ("ids", "days", "pupils", "about", "codes", "classes", "recorded")
        columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        values = {**branch.values, **columns, "instant": branch.instant}
        await session.execute(_PRESUMED, values)


async def close(session: AsyncSession, branch: Branch, marks: Sequence[StoredMark]) -> None:
    """Let marks stand no longer."""
    if marks:
        await session.execute(
            _CLOSE, {**branch.values, **_rows_of(marks), "instant": branch.instant}
        )


async def delete(session: AsyncSession, branch: Branch, marks: Sequence[StoredMark]) -> None:
    """Record that marks were deleted at their source; what was known of them stays known."""
    if marks:
        await close(session, branch, marks)
        values = {**branch.values, **_rows_of(marks), "together": beginning()}
        await session.execute(_TOMBSTONES, values)


def _rows_of(marks: Sequence[StoredMark]) -> dict[str, Any]:
    return {"ids": [mark.id for mark in marks], "days": list({mark.day for mark in marks})}


async def overlapping(
    session: AsyncSession, branch: Branch, pupils: Sequence[UUID], *, first: date, last: date
) -> list[tuple[str, str]]:
    """Return keys of pupils' marks, one of them new now, that take the same lesson unit."""
    async with joined_in_bulk(session):
        rows = await session.execute(
            _OVERLAPPING,
            {
                **branch.values,
                "instant": branch.instant,
                "pupils": list(pupils),
                "first": first,
                "last": last,
                "partly": list(PARTLY_MISSED),
                "most": MOST_OVERLAPS,
            },
        )
        return [(row[0], row[1]) for row in rows]

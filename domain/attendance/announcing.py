"""What a delivery of attendance says in the outbox, each in one statement."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    SelectBase,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    not_,
    null,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import TableValuedAlias

from domain.attendance.models import Absence, Signal
from domain.outbox import How, Thing, announce_from, word
from domain.pupils.bulk import Row, joined_in_bulk, one_of
from domain.pupils.models import Pupil
from permissions.vocabulary import DataClass

_MARK = {"id": Uuid, "replaced_id": Uuid, "pupil_id": Uuid, "data_class": Text}


async def marks(
    session: AsyncSession,
    rows: Sequence[Row],
    *,
    controller_id: UUID,
    branch_id: UUID,
    receipt_id: UUID,
) -> None:
    """Announce absences: new ones, and new versions of `replaced_id`.

    A version of another class, or of another pupil, is for whoever may know the new one; whoever
    may know the old one hears that it is gone.
    """
    fresh = [row for row in rows if row["replaced_id"] is None]
    versions = [row for row in rows if row["replaced_id"] is not None]
    sources: list[SelectBase] = []
    if versions:
        given = _given(versions)
        old = select(Absence).where(Absence.controller_id == controller_id).subquery("old")
        stays = and_(old.c.data_class == given.c.data_class, old.c.pupil_id == given.c.pupil_id)
        sources += [
            select(
                word(Thing.ABSENCE, "kind"),
                old.c.id.label("object_id"),
                word(How.DELETED, "change"),
                old.c.data_class,
                Pupil.young_person_id,
                old.c.branch_id,
                old.c.pupil_id,
            )
            .select_from(given)
            .join(old, old.c.id == given.c.replaced_id)
            .join(Pupil, Pupil.id == old.c.pupil_id)
            .where(not_(stays)),
            _new(
                given,
                case((stays, str(How.CHANGED)), else_=str(How.CREATED)),
                case((stays, old.c.id), else_=None),
                branch_id,
            ).join(old, old.c.id == given.c.replaced_id),
        ]
    if fresh:
        given = _given(fresh)
        sources.append(_new(given, literal(str(How.CREATED)), null(), branch_id))
    if sources:
        async with joined_in_bulk(session):
            for source in sources:
                await announce_from(
                    session, source, controller_id=controller_id, receipt_id=receipt_id
                )


def _new(
    given: TableValuedAlias,
    change: ColumnElement[str],
    former: ColumnElement[Any],
    branch_id: UUID,
) -> Select[Any]:
    columns: list[ColumnElement[Any]] = [
        word(Thing.ABSENCE, "kind"),
        given.c.id.label("object_id"),
        cast(former, Uuid).label("former_id"),
        cast(change, Text).label("change"),
        given.c.data_class,
        literal(branch_id, Uuid()).label("branch_id"),
        given.c.pupil_id,
        type_coerce(Pupil.young_person_id, Uuid()).label("young_person_id"),
    ]
    return select(*columns).select_from(given).join(Pupil, Pupil.id == given.c.pupil_id)


async def withdrawn(
    session: AsyncSession, ids: Sequence[UUID], *, controller_id: UUID, receipt_id: UUID
) -> None:
    """Announce that absences are gone, with nothing in their place."""
    if ids:
        source = (
            select(
                word(Thing.ABSENCE, "kind"),
                Absence.id.label("object_id"),
                word(How.DELETED, "change"),
                Absence.data_class,
                Pupil.young_person_id,
                Absence.branch_id,
                Absence.pupil_id,
            )
            .join(Pupil, Pupil.id == Absence.pupil_id)
            .where(Absence.controller_id == controller_id, one_of(Absence.id, ids))
        )
        await announce_from(session, source, controller_id=controller_id, receipt_id=receipt_id)


async def rates(
    session: AsyncSession,
    pupils: Collection[UUID],
    *,
    controller_id: UUID,
    branch_id: UUID,
    receipt_id: UUID,
) -> None:
    """Announce that what pupils attended of what was scheduled was computed anew."""
    if pupils:
        source = select(
            word(Thing.ATTENDANCE, "kind"),
            Pupil.id.label("object_id"),
            word(How.CHANGED, "change"),
            word(DataClass.ATTENDANCE_RATE, "data_class"),
            Pupil.young_person_id,
            literal(branch_id, Uuid()).label("branch_id"),
            Pupil.id.label("pupil_id"),
        ).where(one_of(Pupil.id, [*pupils]))
        await announce_from(session, source, controller_id=controller_id, receipt_id=receipt_id)


async def signals(
    session: AsyncSession, ids: Sequence[UUID], *, controller_id: UUID, receipt_id: UUID
) -> None:
    """Announce signals that came, and those that were withdrawn."""
    if ids:
        source = (
            select(
                word(Thing.SIGNAL, "kind"),
                Signal.id.label("object_id"),
                case(
                    (Signal.withdrawn_at.is_(None), str(How.CREATED)), else_=str(How.DELETED)
                ).label("change"),
                Signal.data_class,
                Pupil.young_person_id,
                Signal.branch_id,
                Signal.pupil_id,
            )
            .join(Pupil, Pupil.id == Signal.pupil_id)
            .where(one_of(Signal.id, ids))
            .order_by(Signal.withdrawn_at.is_(None))
        )
        await announce_from(session, source, controller_id=controller_id, receipt_id=receipt_id)


def _given(rows: Sequence[Row]) -> TableValuedAlias:
    arrays = (
        bindparam(f"mark_{name}", [row[name] for row in rows], type_=ARRAY(type_))
        for name, type_ in _MARK.items()
    )
    return func.unnest(*arrays).table_valued(*_MARK, name="given").render_derived()

"""What a delivery of attendance says in the outbox, each in one statement."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeEngine

from domain.attendance.marks import Marks, StoredMark
from domain.attendance.models import Signal
from domain.columns import COLUMN, Value
from domain.outbox import How, Thing, announce_from, word
from domain.pupils.bulk import joined_in_bulk, one_of
from domain.pupils.models import Pupil
from permissions.vocabulary import DataClass

_GONE = {"id": Uuid(), "pupil_id": Uuid(), "data_class": Text()}
_MARK = {**_GONE, "former_id": Uuid(), "former_pupil_id": Uuid(), "former_class": Text()}


async def marks(
    session: AsyncSession,
    ids: Sequence[UUID],
    given: Marks,
    replaced: Mapping[str, StoredMark],
    *,
    controller_id: UUID,
    branch_id: UUID,
    receipt_id: UUID,
) -> None:
    """Announce absences under their ids: new ones, and new versions of those in `replaced`, by key.

    A version of another class, or of another pupil, is for whoever may know the new one; whoever
    may know the old one hears that it is gone.
    """
    if not ids:
        return
    former = [replaced.get(key) for key in given.keys]
    gone = [
        old
        for old, pupil_id, data_class in zip(former, given.pupils, given.classes, strict=True)
        if old is not None and (old.pupil_id, old.data_class) != (pupil_id, data_class)
    ]
    await withdrawn(
        session, gone, controller_id=controller_id, branch_id=branch_id, receipt_id=receipt_id
    )
    columns = given.columns()
    rows = _given(
        _MARK,
        ids,
        columns["pupils"],
        columns["classes"],
        [old and old.id for old in former],
        [old and old.pupil_id for old in former],
        [old and old.data_class for old in former],
    )
    stays = and_(
        rows.c.former_class == rows.c.data_class, rows.c.former_pupil_id == rows.c.pupil_id
    )
    source = _absences(
        rows,
        cast(case((stays, str(How.CHANGED)), else_=str(How.CREATED)), Text),
        cast(case((stays, rows.c.former_id), else_=None), Uuid),
        branch_id,
        controller_id,
    )
    async with joined_in_bulk(session):
        await announce_from(session, source, controller_id=controller_id, receipt_id=receipt_id)


async def withdrawn(
    session: AsyncSession,
    gone: Sequence[StoredMark],
    *,
    controller_id: UUID,
    branch_id: UUID,
    receipt_id: UUID,
) -> None:
    """Announce that absences are gone, with nothing in their place for who could know of them."""
    if gone:
        source = _absences(
            _given(
                _GONE,
                [mark.id for mark in gone],
                [mark.pupil_id for mark in gone],
                [mark.data_class for mark in gone],
            ),
            literal(str(How.DELETED), Text),
            cast(null(), Uuid),
            branch_id,
            controller_id,
        )
        async with joined_in_bulk(session):
            await announce_from(session, source, controller_id=controller_id, receipt_id=receipt_id)


def _absences(
    given: TableValuedAlias,
    change: ColumnElement[str],
    former: ColumnElement[Any],
    branch_id: UUID,
    controller_id: UUID,
) -> Select[Any]:
    columns: list[ColumnElement[Any]] = [
        word(Thing.ABSENCE, "kind"),
        given.c.id.label("object_id"),
        former.label("former_id"),
        change.label("change"),
        given.c.data_class,
        literal(branch_id, Uuid()).label("branch_id"),
        given.c.pupil_id,
        type_coerce(Pupil.young_person_id, Uuid()).label("young_person_id"),
    ]
    # Named, so that joined as a whole it is with this board's pupils, not with everybody's.
    of_board = and_(Pupil.id == given.c.pupil_id, Pupil.controller_id == controller_id)
    return select(*columns).select_from(given).join(Pupil, of_board)


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


def _given(
    columns: Mapping[str, TypeEngine[Any]], *values: Sequence[Value] | str
) -> TableValuedAlias:
    arrays = (
        cast(bindparam(f"mark_{name}", column, type_=COLUMN), ARRAY(type_))
        for (name, type_), column in zip(columns.items(), values, strict=True)
    )
    return func.unnest(*arrays).table_valued(*columns, name="given").render_derived()

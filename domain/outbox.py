"""The outbox: that something changed, one row per change, committed with it or not at all.

A row names a kind and an id and holds no content; its data class says who may know of it. The
feed is read in the order of `position` and `number`: see `0007_outbox/01_outbox.sql`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Identity,
    SelectBase,
    Table,
    Text,
    Uuid,
    bindparam,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base
from domain.database import ask_of
from permissions.vocabulary import DataClass


class Thing(StrEnum):
    """What changed; each word is how the ids of such objects begin."""

    PUPIL = "pupil"
    ENROLMENT = "enrolment"
    CLASS_PLACE = "classplace"
    ABSENCE = "absence"
    ATTENDANCE = "attendance"
    SIGNAL = "signal"
    REPORT = "report"
    CASE = "case"
    PARTICIPANT = "participant"
    SUMMARY = "summary"
    PLAN = "plan"
    ACTION = "action"
    NOTE = "note"
    RECEIPT = "receipt"


class How(StrEnum):
    """What happened to it. With `key_changed` it is known under another id than before."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    KEY_CHANGED = "key_changed"


class Outbox(Base):
    """One change. Rows are never changed; a job removes what was kept long enough.

    Of `pupil_id`, `report_id`, `case_id` and `note_id` those are filled that decide who may know;
    `receipt_id` is the delivery that brought the change.
    """

    __tablename__ = "outbox"

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, server_default=text("0"))
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    controller_id: Mapped[UUID]
    branch_id: Mapped[UUID | None]
    kind: Mapped[str]
    object_id: Mapped[UUID]
    former_id: Mapped[UUID | None]
    change: Mapped[str]
    data_class: Mapped[str]
    young_person_id: Mapped[UUID | None]
    pupil_id: Mapped[UUID | None]
    report_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    note_id: Mapped[UUID | None]
    receipt_id: Mapped[UUID | None]
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change to announce: what, how, of which class, about whom, and what it belongs to.

    A new version of something takes the place of `former_id`, which then no longer exists.
    """

    kind: Thing
    object_id: UUID
    how: How
    data_class: DataClass
    young_person_id: UUID | None
    branch_id: UUID | None = None
    former_id: UUID | None = None
    pupil_id: UUID | None = None
    report_id: UUID | None = None
    case_id: UUID | None = None
    note_id: UUID | None = None


_GIVEN: Final = {
    "kind": Text, "object_id": Uuid, "change": Text, "data_class": Text, "young_person_id": Uuid,
    "branch_id": Uuid, "former_id": Uuid, "pupil_id": Uuid, "report_id": Uuid, "case_id": Uuid,
    "note_id": Uuid,
}  # fmt: skip


async def announce(
    session: AsyncSession,
    changes: Sequence[Change],
    *,
    controller_id: UUID,
    receipt_id: UUID | None = None,
) -> None:
    """Write changes to the outbox, in their order and in the act's own transaction.

    Call it last, when the objects are locked or written: what comes later of an object then stands
    later in the feed. An act that ends the actor's own tie announces before it does.

    Args:
        session: the transaction of the act.
        changes: what changed; nothing is written when there is none.
        controller_id: who answers for the objects.
        receipt_id: the delivery that brought the changes.
    """
    if not changes:
        return
    columns = {name: [_value(change, name) for change in changes] for name in _GIVEN}
    arrays = (
        bindparam(f"all_{name}", columns[name], type_=ARRAY(type_))
        for name, type_ in _GIVEN.items()
    )
    given = (
        func.unnest(*arrays)
        .table_valued(*_GIVEN, with_ordinality="place", name="given")
        .render_derived()
    )
    source = select(*(given.c[name] for name in _GIVEN)).order_by(given.c.place)
    await announce_from(session, source, controller_id=controller_id, receipt_id=receipt_id)


async def announce_from(
    session: AsyncSession,
    source: SelectBase,
    *,
    controller_id: UUID,
    receipt_id: UUID | None = None,
) -> None:
    """Write to the outbox what a SELECT gives, for what is too much to bring here first.

    Its columns are named as those of the table; what it leaves out is null.
    """
    await session.flush()
    rows = source.subquery("changes")
    shared = {
        "controller_id": (controller_id, Uuid),
        "receipt_id": (receipt_id, Uuid),
        "at": (ask_of(session).moment.instant, Outbox.at.type),
    }
    columns: list[Any] = list(rows.c)
    columns += [literal(value, type_) for value, type_ in shared.values()]
    given = cast("SelectBase", cast("Any", select)(*columns))
    # No RETURNING: whoever writes here need not be able to read it back.
    await session.execute(
        insert(cast("Table", Outbox.__table__)).from_select(
            [*rows.c.keys(), *shared], given, include_defaults=False
        )
    )


def word(said: str, column: str) -> ColumnElement[str]:
    """Return a word as a column of a SELECT that is announced from."""
    return literal(str(said), Text).label(column)


def _value(change: Change, name: str) -> Any:  # noqa: ANN401 - one of the columns
    return str(change.how) if name == "change" else getattr(change, name)

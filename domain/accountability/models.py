"""What is made of the trace, and the keys that make an act happen once."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Key, Texts


class AccessLine(Base):
    """One read or act, for one young person. The employee is not in it.

    The row names its own class: `log.own`, or `log.own.shielded` where it would tell a parent of
    what may be kept from them (ops/decisions/0012). The database derives it from the other columns.
    """

    __tablename__ = "access_line"

    id: Mapped[Key]
    trace_id: Mapped[UUID] = mapped_column(ForeignKey("trace.id"))
    young_person_id: Mapped[UUID] = mapped_column(ForeignKey("young_person.id"))
    role: Mapped[str]
    purpose: Mapped[str]
    activity: Mapped[str]
    act: Mapped[str]
    rules: Mapped[Texts]
    data_classes: Mapped[Texts]
    at: Mapped[datetime]
    data_class: Mapped[str] = mapped_column(server_default=FetchedValue())


class AccessLineOrganisation(Base):
    """Which organisation looked: class `log.own.organisation`, for it tells where a child is.

    Only of lines that a family reads: `line_class` is always `log.own`, and the line's key has it.
    """

    __tablename__ = "access_line_organisation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["line_id", "line_class"], ["access_line.id", "access_line.data_class"]
        ),
    )

    line_id: Mapped[UUID] = mapped_column(primary_key=True)
    young_person_id: Mapped[UUID] = mapped_column(ForeignKey("young_person.id"))
    organisation_id: Mapped[UUID]
    line_class: Mapped[str] = mapped_column(server_default=FetchedValue())


class Alert(Base):
    """What somebody answerable is told at once: class `log.organisation`."""

    __tablename__ = "alert"

    id: Mapped[Key]
    controller_id: Mapped[UUID]
    kind: Mapped[str]
    actor_id: Mapped[UUID]
    actor_organisation_id: Mapped[UUID]
    role: Mapped[str]
    purpose: Mapped[str]
    young_person_id: Mapped[UUID | None]
    amount: Mapped[int | None]
    about: Mapped[UUID | None]
    day: Mapped[date | None]
    at: Mapped[datetime]


class TraceProgress(Base):
    """Until when every trace has its lines; one row."""

    __tablename__ = "trace_progress"

    singleton: Mapped[bool] = mapped_column(primary_key=True)
    complete_until: Mapped[datetime]


class Idempotency(Base):
    """A key under which an actor did something once, and what came of it."""

    __tablename__ = "idempotency"

    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes]
    object_id: Mapped[UUID]
    recorded_at: Mapped[datetime]

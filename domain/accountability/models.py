"""What is made of the trace, and the keys that make an act happen once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Key, Texts


class AccessLine(Base):
    """One read or act, for one young person: class `log.own`. The employee is not in it."""

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


class AccessLineOrganisation(Base):
    """Which organisation looked: class `log.own.organisation`, for it tells where a child is."""

    __tablename__ = "access_line_organisation"

    line_id: Mapped[UUID] = mapped_column(ForeignKey("access_line.id"), primary_key=True)
    young_person_id: Mapped[UUID] = mapped_column(ForeignKey("young_person.id"))
    organisation_id: Mapped[UUID]


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

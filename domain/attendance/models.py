"""Attendance as delivered; see `05_attendance.sql` for what guards each table."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from domain.base import Base, Key, Small


class DeliveredWeek(Base):
    """A week of which a branch declared all absences delivered; without it a week is unknown."""

    __tablename__ = "delivered_week"

    controller_id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(primary_key=True)
    monday: Mapped[date] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime]


class Absence(Base):
    """One absence (verzuim) of one pupil on one day, in lesson units and minutes.

    `data_class` is `attendance.authorised` or `attendance.unauthorised`. A correction sets
    `replaced_at` and adds a row with the same `external_id`.
    """

    __tablename__ = "absence"

    controller_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Key]
    branch_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    external_id: Mapped[str]
    day: Mapped[date]
    start_unit: Mapped[Small]
    lesson_units: Mapped[Small]
    minutes: Mapped[Small]
    category: Mapped[str]
    data_class: Mapped[str]
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class AbsenceReason(Base):
    """The coded reason of an absence: a row of its own, for each code has its own data class."""

    __tablename__ = "absence_reason"

    controller_id: Mapped[UUID] = mapped_column(primary_key=True)
    absence_id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    code: Mapped[str]
    data_class: Mapped[str]
    recorded_at: Mapped[datetime]


class PupilWeek(Base):
    """A pupil's week: scheduled and attended minutes and lesson units; attended null if unknown."""

    __tablename__ = "pupil_week"

    controller_id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(primary_key=True)
    pupil_id: Mapped[UUID] = mapped_column(primary_key=True)
    monday: Mapped[date] = mapped_column(primary_key=True)
    scheduled_minutes: Mapped[Small]
    scheduled_units: Mapped[Small]
    attended_minutes: Mapped[Small | None]
    attended_units: Mapped[Small | None]
    recorded_at: Mapped[datetime]


class DimensionWeek(Base):
    """What a pupil missed in a week on one side of absence, as minutes and number of times.

    `dimension` is one of the tier rules'; `data_class` is the class of what the row tells. A sum
    that changed sets `replaced_at` and adds a row.
    """

    __tablename__ = "dimension_week"

    id: Mapped[Key]
    controller_id: Mapped[UUID]
    branch_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    monday: Mapped[date]
    dimension: Mapped[str]
    data_class: Mapped[str]
    minutes: Mapped[int]
    times: Mapped[Small]
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class Signal(Base):
    """A read model: a rule's threshold was reached, resting on these marks.

    `data_class` is the class of what the signal's mere existence tells. Written once; what changes
    is only `withdrawn_at`, when a correction removes its cause.
    """

    __tablename__ = "signal"

    id: Mapped[Key]
    controller_id: Mapped[UUID]
    branch_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    kind: Mapped[str]
    rule_set: Mapped[str]
    first_week: Mapped[date]
    last_week: Mapped[date]
    amount: Mapped[int]
    unit: Mapped[str]
    reached_on: Mapped[date]
    act_by: Mapped[date]
    data_class: Mapped[str]
    marks: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

"""Attendance as delivered; see `0005_attendance_at_scale` for what guards each table."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from domain.base import Base, Key, Small


class DeliveredWeek(Base):
    """A week of which a branch declared all absences delivered; without it a week is unknown.

    A declaration that was taken back has `replaced_at`; declared anew it is the next `version`.
    """

    __tablename__ = "delivered_week"

    controller_id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(primary_key=True)
    monday: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[Small] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class Absence(Base):
    """One absence (verzuim) of one pupil on one day, in lesson units and minutes.

    `data_class` is `attendance.authorised` or `attendance.unauthorised`. A correction sets
    `replaced_at` and adds a row with the same `external_id`; so does a deletion at the source,
    whose row is `deleted` and never stood: it is replaced the moment it is recorded. A version is
    `moved` while the mark is another pupil's: it was never about this one.
    """

    __tablename__ = "absence"

    controller_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[Key]
    branch_id: Mapped[UUID] = mapped_column(primary_key=True)
    pupil_id: Mapped[UUID] = mapped_column(primary_key=True)
    external_id: Mapped[str]
    day: Mapped[date] = mapped_column(primary_key=True)
    start_unit: Mapped[Small]
    lesson_units: Mapped[Small]
    minutes: Mapped[Small]
    category: Mapped[str]
    data_class: Mapped[str]
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    deleted: Mapped[bool] = mapped_column(server_default=text("false"))
    moved: Mapped[bool] = mapped_column(server_default=text("false"))


class AbsenceReason(Base):
    """The coded reason of an absence: a row of its own, for each code has its own data class.

    It belongs to one version of the absence, and lies in the partition of its `day`; it is `moved`
    with that version.
    """

    __tablename__ = "absence_reason"

    controller_id: Mapped[UUID] = mapped_column(primary_key=True)
    absence_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    code: Mapped[str]
    data_class: Mapped[str]
    recorded_at: Mapped[datetime]
    moved: Mapped[bool] = mapped_column(server_default=text("false"))


class AbsencePresumed(Base):
    """What a school presumes of an absence, apart from what it established (vermoedelijk).

    `about` says of what: the category or the reason. It belongs to one version of the absence; the
    version that establishes what it was has none. Nothing is counted by it. It is `moved` with its
    version.
    """

    __tablename__ = "absence_presumed"

    controller_id: Mapped[UUID] = mapped_column(primary_key=True)
    absence_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    code: Mapped[str]
    data_class: Mapped[str]
    recorded_at: Mapped[datetime]
    moved: Mapped[bool] = mapped_column(server_default=text("false"))


class PupilWeek(Base):
    """A pupil's week: scheduled and attended minutes and lesson units; attended null if unknown.

    A change sets `replaced_at` and adds the next `version`: what was known stays known.
    """

    __tablename__ = "pupil_week"

    controller_id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(primary_key=True)
    pupil_id: Mapped[UUID] = mapped_column(primary_key=True)
    monday: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[Small] = mapped_column(primary_key=True)
    scheduled_minutes: Mapped[Small]
    scheduled_units: Mapped[Small]
    attended_minutes: Mapped[Small | None]
    attended_units: Mapped[Small | None]
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


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

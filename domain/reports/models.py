"""Reports (verzuimmelding); see `06_chain.sql` for what guards each table."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Key, Small


class ReportState(StrEnum):
    """Where a report is on its way."""

    DRAFT = "draft"
    SENT = "sent"
    ALLOCATED = "allocated"
    TAKEN_ON = "taken_on"
    CLOSED = "closed"


TRANSITIONS: dict[ReportState, frozenset[ReportState]] = {
    ReportState.DRAFT: frozenset({ReportState.SENT}),
    ReportState.SENT: frozenset({ReportState.ALLOCATED}),
    ReportState.ALLOCATED: frozenset({ReportState.TAKEN_ON}),
    ReportState.TAKEN_ON: frozenset({ReportState.CLOSED}),
    ReportState.CLOSED: frozenset(),
}


class ReportOutcome(StrEnum):
    """What came of a report, when its officer closes it."""

    BACK_TO_SCHOOL = "back_to_school"
    HELP_STARTED = "help_started"
    ENROLMENT_ENDED = "enrolment_ended"
    NO_ABSENCE = "no_absence"


class Report(Base):
    """The head of a report on one young person: class `report.head`.

    `age` is that of the young person in whole years when it was prepared.
    """

    __tablename__ = "report"

    id: Mapped[Key]
    controller_id: Mapped[UUID]
    branch_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    young_person_id: Mapped[UUID]
    signal_id: Mapped[UUID]
    kind: Mapped[str]
    rule_set: Mapped[str]
    state: Mapped[str]
    municipality_code: Mapped[str]
    age: Mapped[Small | None]
    prepared_by: Mapped[UUID]
    prepared_at: Mapped[datetime]
    sent_by: Mapped[UUID | None]
    sent_at: Mapped[datetime | None]
    taken_on_by: Mapped[UUID | None]
    taken_on_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    retained_until: Mapped[date]


class ReportExtract(Base):
    """What a report says: class `report`, written once and never changed.

    The extract holds `givenName infix familyName birthDate branchId branchCode branchName period
    amount unit weeks`, as they were when the report was prepared; see `extract.py`.
    """

    __tablename__ = "report_extract"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    controller_id: Mapped[UUID]
    young_person_id: Mapped[UUID]
    birth_date: Mapped[date | None]
    extract: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ReportContact(Base):
    """A person to call about a report, as the school knew them when the report was prepared.

    Class `report.contact`, a row per person, from `position` 0 in the order of their names: whoever
    reads the extract does not by that read how to reach the parents.
    """

    __tablename__ = "report_contact"

    id: Mapped[Key]
    controller_id: Mapped[UUID]
    report_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str]
    relation: Mapped[str]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    recorded_at: Mapped[datetime]


class ReportAllocation(Base):
    """The fact that the register gave a report to an attendance office."""

    __tablename__ = "report_allocation"

    id: Mapped[Key]
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    office_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]

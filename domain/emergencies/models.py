"""Emergency access (noodtoegang); see `0002_policy` for what guards the table."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Key

LASTS = timedelta(minutes=30)
"""How long a declaration opens what it opens; it is never renewed."""


class Finding(StrEnum):
    """What a review of an emergency access found."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


class EmergencyAccess(Base):
    """The fact that somebody declared an emergency about a young person: class `emergency`."""

    __tablename__ = "emergency_access"

    id: Mapped[Key]
    controller_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    actor_id: Mapped[UUID]
    role: Mapped[str]
    young_person_id: Mapped[UUID] = mapped_column(ForeignKey("young_person.id"))
    reason: Mapped[str]
    declared_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[UUID | None]
    finding: Mapped[str | None]

"""Case notes (aantekening); see `06_chain.sql` for what guards the table."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from domain.base import Base, Key


class Note(Base):
    """A remark about one young person within one case, in one data class."""

    __tablename__ = "note"

    id: Mapped[Key]
    case_id: Mapped[UUID]
    controller_id: Mapped[UUID]
    young_person_id: Mapped[UUID]
    data_class: Mapped[str]
    author_id: Mapped[UUID]
    writer_role: Mapped[str]
    writer_name: Mapped[str]
    sealed: Mapped[bytes]
    recorded_at: Mapped[datetime]

"""Receipts of deliveries; see `07_accountability.sql` for what guards the table."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Key


class ImportReceipt(Base):
    """One delivery: who for which branch, the upload it waits for, and what came of it."""

    __tablename__ = "import_receipt"

    id: Mapped[Key]
    controller_id: Mapped[UUID]
    branch_id: Mapped[UUID]
    client_id: Mapped[UUID]
    kind: Mapped[str]
    dry_run: Mapped[bool]
    state: Mapped[str]
    upload_digest: Mapped[bytes]
    upload_until: Mapped[datetime]
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

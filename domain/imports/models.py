"""Receipts of deliveries; see `07_accountability.sql` and `0009_progress` for what guards them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import REAL, BigInteger
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


class ImportProgress(Base):
    """How far one delivery is: told beside it, and not part of what it stores.

    `share` is the part of the file that was received or read, from 0 to 1.
    """

    __tablename__ = "import_progress"

    receipt_id: Mapped[UUID] = mapped_column(primary_key=True)
    controller_id: Mapped[UUID]
    stage: Mapped[str]
    lines: Mapped[int | None] = mapped_column(BigInteger)
    share: Mapped[float | None] = mapped_column(REAL)
    told_at: Mapped[datetime]

"""How far a delivery is, told while it is under way.

What a delivery stores is one transaction, and what a transaction writes nobody sees before it
ends. So progress is written beside it: once a second, in a short transaction of a connection that
all deliveries of a process share. It is a row of the database and not something this process
remembers, for the next question may come to another process.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, BinaryIO, Final
from uuid import UUID

from sqlalchemy import bindparam, update

from domain import clock
from domain.database import Ask, Database, Login
from domain.imports.intake import Intake
from domain.imports.models import ImportProgress

LOGGER = logging.getLogger(__name__)

SILENCE: Final = timedelta(seconds=30)
"""A delivery that has told nothing for so long is no longer under way."""

_EVERY_SECONDS: Final = 1.0
_PATIENCE_SECONDS: Final = 5.0

_TELL: Final = (
    update(ImportProgress)
    .where(ImportProgress.receipt_id == bindparam("receipt"))
    .values(
        stage=bindparam("now_stage"),
        lines=bindparam("now_lines"),
        share=bindparam("now_share"),
        told_at=bindparam("now_told_at"),
    )
    .execution_options(synchronize_session=False)
)


class Stage(StrEnum):
    """What a delivery is busy with, as it is stored."""

    WAITING = "waiting"
    RECEIVING = "receiving"
    READING = "reading"
    FOLLOWING = "following"
    INTERRUPTED = "interrupted"


@dataclass(slots=True)
class Progress:
    """What is known of one delivery at any moment; whoever works on it keeps this up to date.

    `expected` is how many bytes were declared to come, 0 when that was not said.
    """

    expected: int = 0
    received: int = 0
    stage: Stage = Stage.RECEIVING
    _file: BinaryIO | None = None
    _size: int = 0
    _intake: Intake | None = field(default=None)

    def read(self, file: BinaryIO) -> None:
        """The whole file is here and is read from now on."""
        self._size = file.seek(0, 2)
        file.seek(0)
        self._file, self.stage = file, Stage.READING

    def take(self, intake: Intake) -> None:
        """The file is read line by line by an intake."""
        self._intake = intake

    def follow(self) -> None:
        """The file was read; what follows from it is worked out."""
        self.stage = Stage.FOLLOWING

    @property
    def lines(self) -> int | None:
        """How many lines were read; None as long as none are counted."""
        return None if self._intake is None else self._intake.rows

    @property
    def share(self) -> float | None:
        """The part of the file that is here, or that was read, from 0 to 1; None if not known."""
        if self.stage is Stage.RECEIVING:
            return min(self.received / self.expected, 1) if self.expected else None
        if self.stage is Stage.READING and self._file is not None and self._size:
            return min(self._file.tell() / self._size, 1)
        return 1 if self.stage is Stage.FOLLOWING else None


@asynccontextmanager
async def telling(
    database: Database, request: Ask, receipt_id: UUID, progress: Progress
) -> AsyncGenerator[None]:
    """Tell of a delivery while the block works on it; one of less than a second tells nothing.

    A delivery that breaks off says so at once; one whose process dies falls silent. Not being
    able to tell never disturbs the delivery.
    """
    ended = asyncio.Event()
    task = asyncio.create_task(_again_and_again(database, request, receipt_id, progress, ended))
    try:
        yield
    except Exception:
        progress.stage = Stage.INTERRUPTED
        raise
    finally:
        ended.set()
        await task
        if progress.stage is Stage.INTERRUPTED:
            await _tell(database, request, receipt_id, progress)


async def _again_and_again(
    database: Database, request: Ask, receipt_id: UUID, progress: Progress, ended: asyncio.Event
) -> None:
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), _EVERY_SECONDS)
        if ended.is_set():
            return
        await _tell(database, request, receipt_id, progress)


async def _tell(database: Database, request: Ask, receipt_id: UUID, progress: Progress) -> None:
    moment = clock.now()
    now: dict[str, Any] = {
        "receipt": receipt_id,
        "now_stage": str(progress.stage),
        "now_lines": progress.lines,
        "now_share": progress.share,
        "now_told_at": moment.instant,
    }
    try:
        async with (
            asyncio.timeout(_PATIENCE_SECONDS),
            database.acting(replace(request, moment=moment), Login.IMPORT, aside=True) as session,
        ):
            await session.execute(_TELL, now)
    except Exception as error:  # noqa: BLE001 - the next time is the remedy, whatever it was
        LOGGER.warning("the progress of a delivery was not told (%s)", type(error).__name__)

"""Acts of a school's system: starting a delivery, and delivering its file, all or nothing."""

import asyncio
from datetime import datetime
from typing import BinaryIO, TypeAlias
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.database import Ask, Database, Login, ask_of
from domain.errors import NotFound
from domain.imports import measuring, queries, rosters, transfers
from domain.imports.files import opened
from domain.imports.measuring import Attendance
from domain.imports.models import ImportProgress, ImportReceipt
from domain.imports.oso import Transfer
from domain.imports.problems import Refused
from domain.imports.progress import Progress, Stage
from domain.imports.readers import READERS, AttendanceReader
from domain.imports.receipts import (
    UPLOAD_LIFETIME,
    DeliveryKind,
    Outcome,
    ReceiptState,
    Started,
    Stored,
    check,
    digest,
    finish,
    new_secret,
)
from domain.imports.roster_records import Roster
from domain.outbox import Change, How, Thing, announce
from domain.reach import Kind, require
from domain.trace import Act, record
from permissions.vocabulary import Activity, Actor, DataClass, Role

MOST_SUBJECTS = 5_000
"""A trace row names at most this many young persons; a larger delivery writes several."""

Parsed: TypeAlias = Roster | Attendance | Transfer


async def start_import(
    session: AsyncSession, actor: Actor, *, kind: DeliveryKind, branch_id: UUID, dry_run: bool
) -> Started:
    """Open a delivery for a branch: a receipt, and the secret with which its file is uploaded.

    The upload is waited for during fifteen minutes. Of a dry run only the receipt is stored.

    Raises:
        NotFound: there is no agreement under which the client delivers for the branch.
    """
    await require(
        session, actor, Activity.READ, DataClass.IMPORT_RECEIPT,
        kind=Kind.BRANCH, reached=branch_id, path=("branchId",),
    )  # fmt: skip
    branch = await queries.branch(session, branch_id)
    if branch is None:
        raise NotFound("branchId")
    started = Started(uuid4(), new_secret())
    instant = ask_of(session).moment.instant
    await session.execute(
        insert(ImportReceipt)
        .inline()
        .values(
            id=started.receipt_id,
            controller_id=branch.organisation_id,
            branch_id=branch_id,
            client_id=actor.id,
            kind=str(kind),
            dry_run=dry_run,
            state=str(ReceiptState.WAITING),
            upload_digest=digest(started.secret),
            upload_until=instant + UPLOAD_LIFETIME,
            counts={},
            problems=[],
            started_at=instant,
        )
    )
    await session.execute(
        insert(ImportProgress)
        .inline()
        .values(
            receipt_id=started.receipt_id,
            controller_id=branch.organisation_id,
            stage=str(Stage.WAITING),
            told_at=instant,
        )
    )
    return started


async def waits_for(database: Database, request: Ask, *, receipt_id: UUID, secret: str) -> None:
    """Make sure that a delivery waits for a file, before any of the file is read.

    Raises:
        NotFound: no delivery of the client waits under this id and secret.
    """
    await _waiting(database, request, receipt_id, secret, request.moment.instant)


async def deliver(
    database: Database,
    request: Ask,
    *,
    receipt_id: UUID,
    secret: str,
    stream: BinaryIO,
    arrived: datetime | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Take in the file of a delivery, whole or not at all, and finish its receipt with it.

    Receipt, records and trace are one transaction. A refused file leaves the receipt with its
    problems and nothing else; so does a dry run with what it would have come to.

    Args:
        database: where to log in as the import role, with the client's own claims.
        request: the request of the client that started the delivery.
        receipt_id: the receipt.
        secret: the secret of its upload address; it serves once.
        stream: the file, plain, gzip or a zip; it has to be seekable.
        arrived: when its upload began, if that was before the moment of the request; what is
            stored is known from the moment of the request on.
        progress: is kept up to date, for whoever tells of it meanwhile.

    Raises:
        NotFound: no delivery waits under this id and secret, or the agreement has ended.
    """
    arrived, progress = arrived or request.moment.instant, progress or Progress()
    kind = await _waiting(database, request, receipt_id, secret, arrived)
    progress.read(stream)
    parsed = await asyncio.to_thread(_parsed, kind, stream)
    async with database.acting(request, Login.IMPORT) as session:
        receipt = check(await queries.receipt(session, receipt_id, lock=True), secret, arrived)
        if isinstance(parsed, Refused):
            return await _refused(session, receipt, parsed, request)

        async def renew() -> None:
            """Set the claims again, for they last a minute and a delivery may last longer.

            What was set in a savepoint goes with it: then those of the beginning are back.
            """
            await database.claim(await session.connection(), request)

        work = await session.begin_nested()
        try:
            await _wait_for_others(session, receipt, parsed)
            # The claims may have run out while waiting; they are the same client's.
            await renew()
            if isinstance(parsed, Roster):
                progress.follow()
                stored = await rosters.store(session, request.actor, receipt, parsed)
            elif isinstance(parsed, Transfer):
                progress.follow()
                stored = await transfers.store(session, request.actor, receipt, parsed)
            else:
                stored = await measuring.store(
                    session, request.actor, receipt, parsed, renew=renew, progress=progress
                )
        except Refused as refused:
            await work.rollback()
            await renew()
            return await _refused(session, receipt, refused, request)
        if receipt.dry_run:
            await work.rollback()
            await renew()
        else:
            await _trace(session, request, receipt, stored, _act(parsed))
            await work.commit()
        await _announce(session, receipt)
        return finish(
            receipt,
            ReceiptState.ACCEPTED,
            counts=stored.counts,
            problems=stored.warnings,
            instant=request.moment.instant,
        )


async def _waiting(
    database: Database, request: Ask, receipt_id: UUID, secret: str, arrived: datetime
) -> DeliveryKind:
    """Return the kind of file that a receipt waits for."""
    if request.actor.role is not Role.SCHOOL_SYSTEM:
        raise NotFound("receipt")
    async with database.acting(request, Login.IMPORT) as session:
        waiting = await queries.receipt(session, receipt_id)
        return DeliveryKind(check(waiting, secret, arrived).kind)


def _parsed(kind: DeliveryKind, stream: BinaryIO) -> Parsed | Refused:
    """Read the file, or make ready to read attendance line by line.

    A refusal is an answer here, for the receipt has to say it.
    """
    reader = READERS[kind]
    try:
        if isinstance(reader, AttendanceReader):
            return measuring.read(reader, stream)
        return opened(stream, reader.read)
    except Refused as refused:
        return refused


def _act(parsed: Parsed) -> Act:
    return Act.ROSTER_IMPORTED if isinstance(parsed, Roster) else Act.ATTENDANCE_IMPORTED


async def _wait_for_others(session: AsyncSession, receipt: ImportReceipt, parsed: Parsed) -> None:
    """Let one delivery at a time work on a board's pupils, or on a branch's attendance."""
    if isinstance(parsed, Roster):
        await queries.alone(session, receipt.controller_id)
    else:
        await queries.alone(session, receipt.controller_id, receipt.branch_id)


async def _refused(
    session: AsyncSession, receipt: ImportReceipt, refused: Refused, request: Ask
) -> Outcome:
    await _announce(session, receipt)
    return finish(
        receipt,
        ReceiptState.REFUSED,
        counts={},
        problems=refused.problems,
        instant=request.moment.instant,
    )


async def _announce(session: AsyncSession, receipt: ImportReceipt) -> None:
    """Announce that a delivery is finished, to whoever made it."""
    finished = Change(
        kind=Thing.RECEIPT,
        object_id=receipt.id,
        how=How.CHANGED,
        data_class=DataClass.IMPORT_RECEIPT,
        young_person_id=None,
        branch_id=receipt.branch_id,
    )
    await announce(session, [finished], controller_id=receipt.controller_id, receipt_id=receipt.id)


async def _trace(
    session: AsyncSession, request: Ask, receipt: ImportReceipt, stored: Stored, act: Act
) -> None:
    slices = range(0, max(len(stored.young_persons), 1), MOST_SUBJECTS)
    for start in slices:
        await record(
            session,
            request.actor,
            stored.rules,
            act,
            subjects=stored.young_persons[start : start + MOST_SUBJECTS],
            about=receipt.id,
        )

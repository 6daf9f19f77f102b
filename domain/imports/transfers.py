"""Taking in a transfer dossier: its attendance block is read and checked, and not stored.

The totals name no day and are of another school's marks; there is no record for them yet.
"""

from dataclasses import fields

from sqlalchemy.ext.asyncio import AsyncSession

from domain.imports.models import ImportReceipt
from domain.imports.oso import Transfer
from domain.imports.receipts import Stored
from domain.reach import Kind, require
from permissions.vocabulary import Activity, Actor, DataClass


async def store(
    session: AsyncSession, actor: Actor, receipt: ImportReceipt, transfer: Transfer
) -> Stored:
    """Say what the block holds, by number of fields; the receipt carries nothing of a person.

    Raises:
        NotFound: the delivery agreement does not hold any more.
    """
    rule = await require(
        session, actor, Activity.IMPORT, DataClass.ATTENDANCE_RATE,
        kind=Kind.BRANCH, reached=receipt.branch_id, path=("receipt",),
    )  # fmt: skip
    totals = transfer.totals
    told = (
        0
        if totals is None
        else sum(getattr(totals, field.name) is not None for field in fields(totals))
    )
    return Stored(
        counts={"attendance_totals": {"read": told, "stored": 0}},
        warnings=transfer.warnings,
        rules=[rule],
        young_persons=(),
    )

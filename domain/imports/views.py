"""What a school's system may read: its own receipts."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, select

from domain.changes.views import delivered
from domain.imports.models import ImportProgress, ImportReceipt
from domain.imports.progress import SILENCE, Stage
from domain.imports.receipts import ReceiptState
from domain.organisations.views import branches, table
from domain.reach import ME, Kind
from domain.reading.view import Field, Many, One, View
from permissions.vocabulary import DataClass


def counted(counts: dict[str, dict[str, int]]) -> list[dict[str, str | int]]:
    """Return the counts of a receipt as a list, for a contract has no open-ended keys."""
    return [
        {"what": what, "change": change, "number": number}
        for what, changes in sorted(counts.items())
        for change, number in changes.items()
    ]


def stage(row: FromClause) -> ColumnElement[Any]:
    """Return what a delivery is busy with: finished as its receipt is, interrupted when silent."""
    silent = row.c.told_at < ME.instant - SILENCE
    return case(
        (row.c.state != str(ReceiptState.WAITING), "finished"),
        (and_(row.c.stage.in_(_under_way), silent), str(Stage.INTERRUPTED)),
        else_=row.c.stage,
    )


_receipt, _progress = table(ImportReceipt), table(ImportProgress)
_under_way = [str(Stage.RECEIVING), str(Stage.READING), str(Stage.FOLLOWING)]

progress = View(
    "importprogress",
    select(_progress, _receipt.c.state)
    .join_from(_progress, _receipt, _receipt.c.id == _progress.c.receipt_id)
    .subquery("told"),
    keys={Kind.RECEIPT: "receipt_id"},
    row_class=DataClass.IMPORT_RECEIPT,
    order=("told_at", "receipt_id"),
    fields={
        "stage": Field(stage),
        "lines": Field("lines"),
        "share": Field("share"),
        "toldAt": Field("told_at"),
    },
)
"""How far a delivery is, for whoever sees its receipt."""

receipts = View(
    "receipt",
    _receipt,
    keys={Kind.RECEIPT: "id"},
    row_class=DataClass.IMPORT_RECEIPT,
    order=("started_at", "id"),
    descending=True,
    fields={
        "kind": Field("kind"),
        "dryRun": Field("dry_run"),
        "state": Field("state"),
        "counts": Field("counts", after=counted),
        "problems": Field("problems"),
        "startedAt": Field("started_at"),
        "finishedAt": Field("finished_at"),
    },
    relations={
        "branch": One(branches, lambda r, b: b.c.id == r.c.branch_id),
        "progress": One(progress, lambda r, p: p.c.receipt_id == r.c.id),
        "changes": Many(delivered, lambda r, c: c.c.receipt_id == r.c.id, paged=True),
    },
)

"""What a school's system may read: its own receipts."""

from domain.changes.views import delivered
from domain.imports.models import ImportReceipt
from domain.organisations.views import branches, table
from domain.reach import Kind
from domain.reading.view import Field, Many, One, View
from permissions.vocabulary import DataClass


def counted(counts: dict[str, dict[str, int]]) -> list[dict[str, str | int]]:
    """Return the counts of a receipt as a list, for a contract has no open-ended keys."""
    return [
        {"what": what, "change": change, "number": number}
        for what, changes in sorted(counts.items())
        for change, number in changes.items()
    ]


receipts = View(
    "receipt",
    table(ImportReceipt),
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
        "changes": Many(delivered, lambda r, c: c.c.receipt_id == r.c.id, paged=True),
    },
)

"""What may be read of changes: their kinds and ids, by whoever may read what they are about.

To read a row is to read that an object of that class changed, so the class is the same. What is
not reached now is absent, whoever reached it when it changed.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Text,
    cast,
    func,
    literal_column,
    select,
)

from domain.organisations.views import table
from domain.outbox import Outbox, Thing
from domain.reach import Kind
from domain.reading.view import Expression, Feed, Field, View
from permissions.vocabulary import DataClass

KEPT = timedelta(days=30)
"""How long a change can be read. A reader that is away for longer starts again."""

_outbox = table(Outbox)
HORIZON: ColumnElement[int] = select(
    cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger)
).scalar_subquery()
"""The oldest transaction under way: what stands before it is there, and nothing is added to it."""


def id_of(column: str, begins: str | None = None) -> Expression:
    """Return the public id in a column; it begins with the kind of the row unless said."""

    def expression(row: FromClause) -> ColumnElement[Any]:
        kind = row.c.kind if begins is None else literal_column(f"'{begins}'", Text)
        key = func.replace(cast(row.c[column], Text), literal_column("'-'"), literal_column("''"))
        return kind.op("||")(literal_column("'_'", Text)).op("||")(key)

    return expression


FIELDS = {
    "kind": Field("kind"),
    "change": Field("change"),
    "dataClass": Field("data_class"),
    "objectId": Field(id_of("object_id")),
    "formerId": Field(id_of("former_id")),
    "at": Field("at"),
}

changes = View(
    "change",
    select(_outbox).where(_outbox.c.position < HORIZON).subquery("settled"),
    keys={
        Kind.PUPIL: "pupil_id",
        Kind.REPORT: "report_id",
        Kind.CASE: "case_id",
        Kind.NOTE: "note_id",
        Kind.RECEIPT: "receipt_id",
    },
    guarded_by=(
        "data_class",
        (
            DataClass.PUPIL_IDENTITY,
            DataClass.PUPIL_ENROLMENT,
            DataClass.ATTENDANCE_RATE,
            DataClass.ATTENDANCE_UNAUTHORISED,
            DataClass.ATTENDANCE_AUTHORISED,
            DataClass.SIGNAL,
            DataClass.ATTENDANCE_REASON,
            DataClass.ATTENDANCE_REASON_HEALTH_FACT,
            DataClass.REPORT_HEAD,
            DataClass.CASE_CORE,
            DataClass.CASE_PARTICIPANTS,
            DataClass.ATTENDANCE_SUMMARY,
            DataClass.PLAN,
            DataClass.ACTION,
            DataClass.NOTE_GENERAL,
            DataClass.NOTE_SUPPORT,
            DataClass.NOTE_YOUTH_CARE,
            DataClass.IMPORT_RECEIPT,
        ),
    ),
    subject="young_person_id",
    order=("position", "number"),
    feed=Feed(HORIZON, "at", KEPT),
    fields={
        **FIELDS,
        "pupilId": Field(id_of("pupil_id", Thing.PUPIL)),
        "reportId": Field(id_of("report_id", Thing.REPORT)),
        "caseId": Field(id_of("case_id", Thing.CASE)),
    },
)

delivered = View(
    "deliveredchange",
    _outbox,
    keys={Kind.RECEIPT: "receipt_id"},
    row_class=DataClass.IMPORT_RECEIPT,
    order=("position", "number"),
    fields={**FIELDS, "pupilId": Field(id_of("pupil_id", Thing.PUPIL))},
)
"""What one delivery changed, for the system that delivered it: part of its receipt."""

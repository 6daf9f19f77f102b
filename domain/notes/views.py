"""What may be read of notes. Unsealing is work after the statement."""

from domain.cases.views import cases, participants
from domain.notes.models import Note
from domain.notes.sealing import in_place, unseal
from domain.organisations.views import table
from domain.reach import Kind
from domain.reading.view import Field, Many, One, View
from permissions.vocabulary import DataClass

notes = View(
    "note",
    table(Note),
    keys={Kind.CASE: "case_id", Kind.NOTE: "id"},
    guarded_by=(
        "data_class",
        (DataClass.NOTE_GENERAL, DataClass.NOTE_SUPPORT, DataClass.NOTE_YOUTH_CARE),
    ),
    subject="young_person_id",
    order=("recorded_at", "id"),
    descending=True,
    fields={
        "recordedAt": Field("recorded_at"),
        "dataClass": Field("data_class"),
        "text": Field(in_place, after=unseal),
        "writerName": Field("writer_name"),
        "writerRole": Field("writer_role"),
    },
    relations={"party": One(participants, lambda n, p: p.c.id == n.c.author_id)},
)

cases.extend(notes=Many(notes, lambda c, n: n.c.case_id == c.c.id, paged=True))

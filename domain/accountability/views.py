"""What a family may read: who looked, in which role, and why."""

from domain.accountability.models import AccessLine
from domain.reach import Kind
from domain.reading.view import Field, View
from permissions.vocabulary import DataClass

access_lines = View(
    "accessline",
    AccessLine.__table__,
    keys={Kind.YOUNG_PERSON: "young_person_id"},
    row_class=DataClass.LOG_OWN,
    order=("at", "id"),
    descending=True,
    fields={
        "at": Field("at"),
        "role": Field("role"),
        "purpose": Field("purpose"),
        "act": Field("act"),
        "dataClasses": Field("data_classes"),
        "rules": Field("rules"),
    },
)

"""What may be read of emergency access: by the privacy officer who reviews it."""

from domain.emergencies.models import EmergencyAccess
from domain.organisations.views import table
from domain.reach import Kind
from domain.reading.view import Field, View
from permissions.vocabulary import DataClass

emergencies = View(
    "emergency",
    table(EmergencyAccess),
    keys={Kind.CONTROLLER: "controller_id"},
    row_class=DataClass.EMERGENCY,
    subject="young_person_id",
    order=("declared_at", "id"),
    descending=True,
    fields={
        "actorId": Field("actor_id"),
        "role": Field("role"),
        "reason": Field("reason"),
        "declaredAt": Field("declared_at"),
        "endsAt": Field("ends_at"),
        "reviewedAt": Field("reviewed_at"),
        "finding": Field("finding"),
    },
)

"""What a family may read: who looked, in which role, and why."""

from sqlalchemy import func

from domain.accountability.models import AccessLine, Alert
from domain.reach import Kind
from domain.reading.view import Field, View
from domain.trace import Trace
from permissions.table import TABLE
from permissions.vocabulary import DataClass

_RULES = {rule.id: rule for rule in TABLE}


def grounds(rules: list[str]) -> list[dict[str, str]]:
    """Return the grounds behind the ids of rules; an id the table no longer has stands alone."""
    return [
        {
            "tie": str(_RULES[rule].tie),
            "dataClass": str(_RULES[rule].what),
            "basis": str(_RULES[rule].basis),
            "source": _RULES[rule].source,
        }
        if rule in _RULES
        else {"tie": rule, "dataClass": "", "basis": "", "source": ""}
        for rule in rules
    ]


# A shielded line is of a class that no rule lets anybody read, so it makes no row visible here: not
# even its class is named as withheld.
access_lines = View(
    "accessline",
    AccessLine.__table__,
    keys={Kind.YOUNG_PERSON: "young_person_id"},
    guarded_by=("data_class", (DataClass.LOG_OWN,)),
    order=("at", "id"),
    descending=True,
    fields={
        "at": Field("at"),
        "role": Field("role"),
        "purpose": Field("purpose"),
        "act": Field("act"),
        "dataClasses": Field("data_classes"),
        "grounds": Field("rules", after=grounds),
    },
)

_trace = Trace.__table__
organisation_log = View(
    "organisationlogline",
    _trace,
    keys={Kind.CONTROLLER: "controller_id"},
    row_class=DataClass.LOG_ORGANISATION,
    order=("at", "id"),
    descending=True,
    fields={
        "at": Field("at"),
        "actorId": Field("actor_id"),
        "role": Field("role"),
        "purpose": Field("purpose"),
        "act": Field("act"),
        "dataClasses": Field("data_classes"),
        "grounds": Field("rules", after=grounds),
        "youngPersons": Field(lambda line: func.cardinality(line.c.young_persons)),
    },
)

alerts = View(
    "alert",
    Alert.__table__,
    keys={Kind.CONTROLLER: "controller_id"},
    row_class=DataClass.LOG_ORGANISATION,
    order=("at", "id"),
    descending=True,
    fields={
        "kind": Field("kind"),
        "at": Field("at"),
        "actorId": Field("actor_id"),
        "role": Field("role"),
        "purpose": Field("purpose"),
        "amount": Field("amount"),
    },
)

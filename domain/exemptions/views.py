"""What may be read of exemptions and of non-enrolment."""

from domain.exemptions.models import Exemption, NonEnrolment
from domain.organisations.views import table
from domain.pupils.views import young_person_id
from domain.reach import Kind
from domain.reading.view import Field, View
from permissions.vocabulary import DataClass

WHO = {
    "youngPersonId": Field(young_person_id),
    "givenName": Field("given_name"),
    "familyName": Field("family_name"),
    "birthDate": Field("birth_date"),
    "municipalityCode": Field("municipality_code"),
}

exemptions = View(
    "exemption",
    table(Exemption),
    keys={Kind.EXEMPTION: "id"},
    guarded_by=(
        "data_class",
        (DataClass.EXEMPTION, DataClass.EXEMPTION_HEALTH, DataClass.EXEMPTION_BELIEF),
    ),
    subject="young_person_id",
    order=("registered_at", "id"),
    descending=True,
    fields={
        **WHO,
        "kind": Field("kind"),
        "firstDay": Field("first_day"),
        "lastDay": Field("last_day"),
        "statementOn": Field("statement_on"),
        "ruleSet": Field("rule_set"),
        "state": Field("state"),
        "registeredAt": Field("registered_at"),
        "endReason": Field("end_reason"),
        "endedAt": Field("ended_at"),
    },
)

non_enrolments = View(
    "nonenrolment",
    table(NonEnrolment),
    keys={Kind.NON_ENROLMENT: "id"},
    row_class=DataClass.NON_ENROLMENT,
    subject="young_person_id",
    order=("opened_at", "id"),
    descending=True,
    fields={
        **WHO,
        "since": Field("since"),
        "state": Field("state"),
        "openedAt": Field("opened_at"),
        "outcome": Field("outcome"),
        "closedAt": Field("closed_at"),
    },
)

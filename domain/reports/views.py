"""What may be read of reports: the extract as it was sent, and whom to call."""

from sqlalchemy import ColumnElement, FromClause, select

from domain.organisations.views import branches, table
from domain.pupils.views import pupils, young_person_id
from domain.reach import Kind
from domain.reading.view import Expression, Field, Many, One, View
from domain.reports.models import Report, ReportContact, ReportExtract
from permissions.vocabulary import DataClass


def extracted(key: str) -> Expression:
    """Return the text of one part of the frozen extract."""

    def expression(report: FromClause) -> ColumnElement[str]:
        return report.c.extract[key].astext

    return expression


def extracted_json(key: str) -> Expression:
    """Return one part of the frozen extract as JSON."""

    def expression(report: FromClause) -> ColumnElement[str]:
        return report.c.extract[key]

    return expression


report_contacts = View(
    "reportcontact",
    table(ReportContact),
    keys={Kind.REPORT: "report_id"},
    row_class=DataClass.REPORT_CONTACT,
    order=("position", "id"),
    fields={
        "name": Field("name"),
        "relation": Field("relation"),
        "phone": Field("phone"),
        "email": Field("email"),
    },
)

report_heads = View(
    "reporthead",
    table(Report),
    keys={Kind.REPORT: "id"},
    row_class=DataClass.REPORT_HEAD,
    subject="young_person_id",
    order=("prepared_at", "id"),
    descending=True,
    fields={
        "kind": Field("kind"),
        "state": Field("state"),
        "age": Field("age"),
        "municipalityCode": Field("municipality_code"),
        "sentAt": Field("sent_at"),
        "takenOnAt": Field("taken_on_at"),
    },
    relations={"branch": One(branches, lambda r, b: b.c.id == r.c.branch_id)},
)

_head, _extract = table(Report), table(ReportExtract)
reports = View(
    "report",
    select(_head, _extract.c.extract)
    .join_from(_head, _extract, _extract.c.report_id == _head.c.id)
    .subquery(),
    keys={Kind.REPORT: "id"},
    row_class=DataClass.REPORT,
    subject="young_person_id",
    order=("prepared_at", "id"),
    descending=True,
    fields={
        "youngPersonId": Field(young_person_id),
        "kind": Field("kind"),
        "ruleSet": Field("rule_set"),
        "state": Field("state"),
        "municipalityCode": Field("municipality_code"),
        "preparedAt": Field("prepared_at"),
        "sentAt": Field("sent_at"),
        "takenOnAt": Field("taken_on_at"),
        "closedAt": Field("closed_at"),
        "outcome": Field("outcome"),
        "givenName": Field(extracted("givenName")),
        "infix": Field(extracted("infix")),
        "familyName": Field(extracted("familyName")),
        "birthDate": Field(extracted("birthDate")),
        "weeks": Field(extracted_json("weeks")),
        "periodFrom": Field(lambda r: r.c.extract["period"]["from"].astext),
        "periodUntil": Field(lambda r: r.c.extract["period"]["until"].astext),
        "amount": Field(extracted_json("amount")),
        "unit": Field(extracted("unit")),
    },
    relations={
        "branch": One(branches, lambda r, b: b.c.id == r.c.branch_id),
        "contacts": Many(report_contacts, lambda r, c: c.c.report_id == r.c.id),
    },
)

pupils.extend(reports=Many(reports, lambda p, r: r.c.pupil_id == p.c.id))

"""What may be read of pupils, field by field."""

from sqlalchemy import ColumnElement, FromClause, Text, cast, func, literal_column, select, union

from domain.accountability.models import TraceProgress
from domain.accountability.views import access_lines
from domain.organisations.models import ClassGroup
from domain.organisations.views import branches, table
from domain.pupils.models import (
    ClassMembership,
    Enrolment,
    GuardianAuthority,
    OwnAccount,
    Pupil,
    PupilContact,
    PupilResidence,
)
from domain.reach import Kind
from domain.reading.view import Field, Many, One, View
from permissions.vocabulary import DataClass


def young_person_id(row: FromClause) -> ColumnElement[str]:
    """Return the public id of the young person that a row is about."""
    return literal_column("'youngperson_'", Text) + func.replace(
        cast(row.c.young_person_id, Text), "-", ""
    )


contacts = View(
    "contact",
    table(PupilContact),
    keys={Kind.PUPIL: "pupil_id", Kind.CONTACT: "id"},
    row_class=DataClass.PUPIL_CONTACT,
    order=("name", "id"),
    fields={
        "name": Field("name"),
        "relation": Field("relation"),
        "phone": Field("phone"),
        "email": Field("email"),
    },
)

residences = View(
    "residence",
    table(PupilResidence),
    keys={Kind.PUPIL: "pupil_id"},
    row_class=DataClass.PUPIL_WHEREABOUTS,
    order=("pupil_id",),
    fields={"postcode": Field("postcode"), "municipalityCode": Field("municipality_code")},
)

enrolments = View(
    "enrolment",
    table(Enrolment),
    keys={Kind.PUPIL: "pupil_id"},
    row_class=DataClass.PUPIL_ENROLMENT,
    order=("valid_from", "id"),
    fields={
        "validFrom": Field("valid_from"),
        "validUntil": Field("valid_until"),
        "yearGroup": Field("year_group"),
    },
    relations={"branch": One(branches, lambda e, b: b.c.id == e.c.branch_id)},
)

_member, _group = table(ClassMembership), table(ClassGroup)
class_places = View(
    "classplace",
    _member.join(_group, _group.c.id == _member.c.class_group_id)
    .select()
    .with_only_columns(
        _member.c.id,
        _member.c.pupil_id,
        _member.c.valid_from,
        _member.c.valid_until,
        _group.c.name,
        _group.c.year_group,
        _group.c.school_year,
    )
    .subquery(),
    keys={Kind.PUPIL: "pupil_id"},
    row_class=DataClass.PUPIL_ENROLMENT,
    order=("valid_from", "id"),
    fields={
        "name": Field("name"),
        "yearGroup": Field("year_group"),
        "schoolYear": Field("school_year"),
        "validFrom": Field("valid_from"),
        "validUntil": Field("valid_until"),
    },
)

pupils = View(
    "pupil",
    table(Pupil),
    keys={Kind.PUPIL: "id"},
    row_class=DataClass.PUPIL_IDENTITY,
    subject="young_person_id",
    order=("family_name", "given_name", "id"),
    fields={
        "youngPersonId": Field(young_person_id),
        "givenName": Field("given_name"),
        "infix": Field("infix"),
        "familyName": Field("family_name"),
        "birthDate": Field("birth_date"),
        "sex": Field("sex"),
    },
    relations={
        "contacts": Many(contacts, lambda p, c: c.c.pupil_id == p.c.id),
        "residence": One(residences, lambda p, r: r.c.pupil_id == p.c.id),
        "enrolments": Many(enrolments, lambda p, e: e.c.pupil_id == p.c.id),
        "classes": Many(class_places, lambda p, m: m.c.pupil_id == p.c.id),
    },
)

_authority, _account = table(GuardianAuthority), table(OwnAccount)
_progress = table(TraceProgress)
_known = union(select(_authority.c.young_person_id), select(_account.c.young_person_id)).subquery()
access_logs = View(
    "accesslog",
    select(
        _known.c.young_person_id.label("id"), _known.c.young_person_id, _progress.c.complete_until
    )
    .join_from(_known, _progress, literal_column("true"))
    .subquery(),
    keys={Kind.YOUNG_PERSON: "young_person_id"},
    row_class=DataClass.LOG_OWN,
    subject="young_person_id",
    fields={"completeUntil": Field("complete_until")},
    relations={
        "lines": Many(
            access_lines,
            lambda log, line: line.c.young_person_id == log.c.young_person_id,
            paged=True,
        ),
    },
)

"""What may be read of cases, and of an invitation before it is answered."""

from domain.cases.models import AttendanceSummary, CaseFile, CaseIdentity, Consent, Participation
from domain.organisations.views import organisations, table
from domain.pupils.views import young_person_id
from domain.reach import Kind
from domain.reading.view import Field, Many, One, View
from permissions.vocabulary import DataClass

identities = View(
    "caseidentity",
    table(CaseIdentity),
    keys={Kind.CASE: "case_id"},
    row_class=DataClass.CASE_IDENTITY,
    order=("case_id",),
    fields={
        "givenName": Field("given_name"),
        "infix": Field("infix"),
        "familyName": Field("family_name"),
        "birthDate": Field("birth_date"),
    },
)

participants = View(
    "participant",
    table(Participation),
    keys={Kind.CASE: "case_id"},
    row_class=DataClass.CASE_PARTICIPANTS,
    order=("invited_at", "id"),
    fields={
        "role": Field("role"),
        "isLead": Field("is_lead"),
        "name": Field("display_name"),
        "shares": Field("shares"),
        "invitedAt": Field("invited_at"),
        "answeredAt": Field("answered_at"),
        "acceptedAt": Field("accepted_at"),
        "endedAt": Field("ended_at"),
    },
    relations={
        "organisation": One(organisations, lambda p, o: o.c.id == p.c.organisation_id),
    },
)

summaries = View(
    "summary",
    table(AttendanceSummary),
    keys={Kind.CASE: "case_id"},
    row_class=DataClass.ATTENDANCE_SUMMARY,
    order=("offered_at", "id"),
    descending=True,
    fields={
        "band": Field("band"),
        "trend": Field("trend"),
        "periodFrom": Field("period_from"),
        "periodUntil": Field("period_until"),
        "offeredAt": Field("offered_at"),
    },
)

consents = View(
    "consent",
    table(Consent),
    keys={Kind.CASE: "case_id"},
    row_class=DataClass.CONSENT,
    order=("valid_from", "id"),
    fields={
        "dataClass": Field("data_class"),
        "validFrom": Field("valid_from"),
        "validUntil": Field("valid_until"),
    },
    relations={
        "fromOrganisation": One(organisations, lambda c, o: o.c.id == c.c.from_organisation_id),
        "toOrganisation": One(organisations, lambda c, o: o.c.id == c.c.to_organisation_id),
    },
)

cases = View(
    "case",
    table(CaseFile),
    keys={Kind.CASE: "id"},
    row_class=DataClass.CASE_CORE,
    subject="young_person_id",
    order=("opened_at", "id"),
    descending=True,
    fields={
        "youngPersonId": Field(young_person_id, DataClass.CASE_IDENTITY),
        "form": Field("form"),
        "state": Field("state"),
        "openedAt": Field("opened_at"),
        "closedAt": Field("closed_at"),
        "outcome": Field("outcome"),
    },
    relations={
        "office": One(organisations, lambda c, o: o.c.id == c.c.controller_id),
        "identity": One(identities, lambda c, i: i.c.case_id == c.c.id),
        "participants": Many(participants, lambda c, p: p.c.case_id == c.c.id),
        "summaries": Many(summaries, lambda c, s: s.c.case_id == c.c.id),
        "consents": Many(consents, lambda c, given: given.c.case_id == c.c.id),
    },
)

case_heads = View(
    "casehead",
    table(CaseFile),
    keys={Kind.CASE: "id"},
    row_class=DataClass.CASE_CORE,
    fields={"form": Field("form"), "state": Field("state"), "openedAt": Field("opened_at")},
    relations={"office": One(organisations, lambda c, o: o.c.id == c.c.controller_id)},
)

invitations = View(
    "invitation",
    table(Participation),
    keys={Kind.INVITATION: "id"},
    row_class=DataClass.CASE_CORE,
    subject="young_person_id",
    order=("invited_at", "id"),
    descending=True,
    fields={
        "role": Field("role"),
        "purpose": Field("purpose"),
        "shares": Field("shares"),
        "invitedAt": Field("invited_at"),
    },
    relations={"case": One(case_heads, lambda i, c: c.c.id == i.c.case_id)},
)

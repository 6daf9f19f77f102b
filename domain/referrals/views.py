"""What may be read of referrals: the file, by whom it was sent to."""

from sqlalchemy import select

from domain.organisations.views import organisations, table
from domain.pupils.views import young_person_id
from domain.reach import Kind
from domain.reading.view import Field, One, View
from domain.referrals.models import Referral, ReferralFile
from permissions.vocabulary import DataClass

_fact, _file = table(Referral), table(ReferralFile)
referrals = View(
    "referral",
    select(
        _fact.c.id,
        _fact.c.controller_id,
        _fact.c.young_person_id,
        _fact.c.kind,
        _fact.c.valid_from,
        _fact.c.valid_until,
        _file.c.given_name,
        _file.c.family_name,
        _file.c.birth_date,
        _file.c.question,
        _file.c.received_at,
        _file.c.outcome,
    )
    .join_from(_fact, _file, _file.c.referral_id == _fact.c.id)
    .subquery(),
    keys={Kind.REFERRAL: "id"},
    row_class=DataClass.REFERRAL,
    subject="young_person_id",
    order=("valid_from", "id"),
    descending=True,
    fields={
        "youngPersonId": Field(young_person_id),
        "kind": Field("kind"),
        "givenName": Field("given_name"),
        "familyName": Field("family_name"),
        "birthDate": Field("birth_date"),
        "question": Field("question"),
        "referredAt": Field("valid_from"),
        "validUntil": Field("valid_until"),
        "receivedAt": Field("received_at"),
        "outcome": Field("outcome"),
    },
    relations={"referrer": One(organisations, lambda r, o: o.c.id == r.c.controller_id)},
)

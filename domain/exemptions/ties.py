"""The facts that tie the office, and the family, to the office's own records."""

from typing import Any

from sqlalchemy import Select, and_, exists, or_, select

from domain.exemptions.models import Exemption, NonEnrolment
from domain.organisations.models import Assignment
from domain.organisations.ties import assigned
from domain.pupils.models import GuardianAuthority, OwnAccount, Pupil
from domain.pupils.ties import (
    account,
    authority,
    birthday,
    has_age,
    is_under,
    of_board,
    unprotected,
)
from domain.reach import ME, Kind, fact, register
from permissions.vocabulary import Tie

Record = type[Exemption] | type[NonEnrolment]


def _kept(record: Record) -> Select[Any, Any]:
    """Return the records that the token's organisation keeps, for who works there."""
    return fact(record.id, record.retained_until).where(
        record.controller_id == ME.organisation,
        or_(record.retained_until.is_(None), record.retained_until >= ME.today),
        exists(select(Assignment.id).where(assigned())),
    )


def _known_from(known: type[GuardianAuthority | OwnAccount], record: Record) -> Any:  # noqa: ANN401 - a condition of SQLAlchemy
    """Return whether what a board registered of a family is about whom the record is about."""
    return and_(
        known.young_person_id == record.young_person_id, known.controller_id == record.board_id
    )


def _of_child(record: Record) -> Select[Any, Any]:
    """Return the records of unprotected children under sixteen, by the board that they name."""
    return (
        fact(record.id, birthday(16))
        .join(GuardianAuthority, _known_from(GuardianAuthority, record))
        .join(Pupil, of_board(Pupil, GuardianAuthority))
        .where(authority(), is_under(16), unprotected(record.young_person_id))
    )


def _of_oneself(record: Record) -> Select[Any, Any]:
    """Return the records of who asks, from sixteen, by the board that they name."""
    return (
        fact(record.id, OwnAccount.valid_until)
        .join(OwnAccount, _known_from(OwnAccount, record))
        .join(Pupil, of_board(Pupil, OwnAccount))
        .where(account(), has_age(16))
    )


@register(Tie.OFFICE_RECORD, Kind.EXEMPTION)
def exemption_kept() -> Select[Any, Any]:
    """Works at the office that keeps the exemption, to the end of its retention."""
    return _kept(Exemption)


@register(Tie.OFFICE_RECORD, Kind.NON_ENROLMENT)
def non_enrolment_kept() -> Select[Any, Any]:
    """Works at the office that keeps the record, to the end of its retention."""
    return _kept(NonEnrolment)


@register(Tie.FAMILY_FILE, Kind.EXEMPTION)
def exemption_of_child() -> Select[Any, Any]:
    """Has authority over a child under sixteen whose whereabouts nobody protects."""
    return _of_child(Exemption)


@register(Tie.FAMILY_FILE, Kind.NON_ENROLMENT)
def non_enrolment_of_child() -> Select[Any, Any]:
    """Has authority over a child under sixteen whose whereabouts nobody protects."""
    return _of_child(NonEnrolment)


@register(Tie.SELF_FROM_16, Kind.EXEMPTION)
def own_exemption() -> Select[Any, Any]:
    """Is whom the exemption is about, from 16."""
    return _of_oneself(Exemption)


@register(Tie.SELF_FROM_16, Kind.NON_ENROLMENT)
def own_non_enrolment() -> Select[Any, Any]:
    """Is whom the record is about, from 16."""
    return _of_oneself(NonEnrolment)

"""The facts that tie school staff and guardians to pupils."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Uuid,
    and_,
    any_,
    cast,
    exists,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import aliased

from domain.organisations.models import Assignment
from domain.organisations.ties import assigned
from domain.pupils.models import (
    ClassMembership,
    Enrolment,
    Filiation,
    GuardianAuthority,
    OwnAccount,
    Pupil,
    PupilContact,
    WhereaboutsProtection,
)
from domain.reach import ME, Kind, fact, register
from domain.reach.facts import Column, holds
from permissions.vocabulary import Tie


@register(Tie.CLASS_ASSIGNMENT, Kind.PUPIL)
def class_assignment() -> Select[Any, Any]:
    """Assigned to a class the pupil is in."""
    return (
        fact(
            ClassMembership.pupil_id,
            func.least(Assignment.valid_until, ClassMembership.valid_until),
        )
        .join(Assignment, Assignment.class_group_id == ClassMembership.class_group_id)
        .where(assigned(), holds(ClassMembership.valid_from, ClassMembership.valid_until, ME.today))
    )


@register(Tie.BRANCH_ASSIGNMENT, Kind.PUPIL)
def branch_assignment() -> Select[Any, Any]:
    """Assigned to a branch the pupil is enrolled at."""
    return (
        fact(Enrolment.pupil_id, func.least(Assignment.valid_until, Enrolment.valid_until))
        .join(Assignment, Assignment.branch_id == Enrolment.branch_id)
        .where(assigned(), holds(Enrolment.valid_from, Enrolment.valid_until, ME.today))
    )


@register(Tie.FORMER_ENROLMENT, Kind.PUPIL)
def former_enrolment() -> Select[Any, Any]:
    """Assigned to the branch a pupil left last, until the school's retention of the record ends."""
    later = aliased(Enrolment)
    kept_until = cast(Enrolment.valid_until + text("interval '5 years'"), Date)
    return (
        fact(Enrolment.pupil_id, func.least(Assignment.valid_until, kept_until))
        .join(Assignment, Assignment.branch_id == Enrolment.branch_id)
        .where(
            assigned(),
            Enrolment.valid_until <= ME.today,
            kept_until > ME.today,
            ~exists(
                select(later.id).where(
                    later.pupil_id == Enrolment.pupil_id,
                    or_(later.valid_until.is_(None), later.valid_until > Enrolment.valid_until),
                )
            ),
        )
    )


def of_board(one: Any, other: Any) -> ColumnElement[bool]:  # noqa: ANN401 - any two mapped classes
    """Return whether two records of the family's facts are one board's, about one young person.

    What one school registers opens no other school's records.
    """
    return and_(
        one.young_person_id == other.young_person_id, one.controller_id == other.controller_id
    )


def birthday(age: int) -> ColumnElement[Any]:
    """Return the day on which the pupil of a record reaches an age; null when it is not known."""
    return cast(Pupil.birth_date + text(f"interval '{age:d} years'"), Date)


def has_age(age: int) -> ColumnElement[bool]:
    """Return whether the pupil of a record is known to have reached an age."""
    return birthday(age) <= ME.today


def is_under(age: int) -> ColumnElement[bool]:
    """Return whether the pupil of a record is known to be younger than an age."""
    return birthday(age) > ME.today


def authority() -> ColumnElement[bool]:
    """Return whether an authority is the actor's and holds now, over the pupil joined to it.

    It ends at 18 (BW 1:233); while the date of birth is not known no end is.
    """
    return and_(
        GuardianAuthority.guardian_id == ME.actor,
        holds(GuardianAuthority.valid_from, GuardianAuthority.valid_until, ME.instant),
        or_(Pupil.birth_date.is_(None), is_under(18)),
    )


def unprotected(young_person: Column) -> ColumnElement[bool]:
    """Return whether no school protects the whereabouts of a young person now."""
    return ~exists(
        select(WhereaboutsProtection.id).where(
            WhereaboutsProtection.young_person_id == young_person,
            holds(WhereaboutsProtection.valid_from, WhereaboutsProtection.valid_until, ME.instant),
        )
    )


def at_school() -> ColumnElement[bool]:
    """Return whether the pupil of a record is at a school of its board today.

    What is read of a young person over every board (the log) is opened by the board where they
    are, and by no board that they left. The database answers it, of the actor's own family alone:
    whoever may not see where a protected child is sees no enrolment.
    """
    records = select(func.reach.enrolled_records(type_=Uuid)).scalar_subquery()
    return Pupil.id == any_(func.array(records))


def account() -> ColumnElement[bool]:
    """Return whether an account is the actor's own and holds now."""
    return and_(
        OwnAccount.account_id == ME.actor,
        holds(OwnAccount.valid_from, OwnAccount.valid_until, ME.instant),
    )


def over_pupil() -> Select[Any, Any]:
    """Return the pupils over whom the actor has authority, as their own board registered it."""
    return (
        fact(Pupil.id, GuardianAuthority.valid_until)
        .join(GuardianAuthority, of_board(GuardianAuthority, Pupil))
        .where(authority())
    )


def over_child() -> Select[Any, Any]:
    """Return the young persons over whom the actor has authority, by a board they are at today."""
    return (
        fact(GuardianAuthority.young_person_id, GuardianAuthority.valid_until)
        .join(Pupil, of_board(Pupil, GuardianAuthority))
        .where(authority(), at_school())
    )


@register(Tie.AUTHORITY, Kind.PUPIL)
def authority_over_pupil() -> Select[Any, Any]:
    """Has parental authority over the young person, as the school of the record registered it."""
    return over_pupil()


@register(Tie.AUTHORITY_UNPROTECTED, Kind.PUPIL)
def authority_unprotected_over_pupil() -> Select[Any, Any]:
    """The same, and no whereabouts are protected."""
    return over_pupil().where(unprotected(Pupil.young_person_id))


@register(Tie.AUTHORITY_UNPROTECTED, Kind.YOUNG_PERSON)
def authority_unprotected_over_child() -> Select[Any, Any]:
    """Has parental authority over the young person; no whereabouts are protected."""
    return over_child().where(unprotected(GuardianAuthority.young_person_id))


@register(Tie.AUTHORITY_UNDER_16, Kind.PUPIL)
def authority_under_16_over_pupil() -> Select[Any, Any]:
    """Has parental authority over a young person who is not yet 16."""
    return over_pupil().where(is_under(16))


@register(Tie.AUTHORITY_UNDER_16, Kind.YOUNG_PERSON)
def authority_under_16_over_child() -> Select[Any, Any]:
    """Has parental authority over a young person who is not yet 16."""
    return over_child().where(is_under(16))


@register(Tie.OWN_CONTACT, Kind.CONTACT)
def own_contact() -> Select[Any, Any]:
    """Is the contact person, and has parental authority."""
    return (
        fact(PupilContact.id, GuardianAuthority.valid_until)
        .join(Pupil, Pupil.id == PupilContact.pupil_id)
        .join(GuardianAuthority, of_board(GuardianAuthority, Pupil))
        .where(authority(), PupilContact.guardian_id == ME.actor)
    )


@register(Tie.FILIATION, Kind.PUPIL)
def filiation() -> Select[Any, Any]:
    """Is a parent without authority, not limited by a court; no whereabouts are protected."""
    return (
        fact(Pupil.id, Filiation.valid_until)
        .join(Filiation, of_board(Filiation, Pupil))
        .where(
            Filiation.parent_id == ME.actor,
            Filiation.limited_by_court.is_(False),
            holds(Filiation.valid_from, Filiation.valid_until, ME.instant),
            or_(Pupil.birth_date.is_(None), is_under(18)),
            unprotected(Pupil.young_person_id),
        )
    )


def own_records(age: int) -> Select[Any, Any]:
    """Return the pupil records of the young person whose account the actor's is, from an age."""
    return (
        fact(Pupil.id, OwnAccount.valid_until)
        .join(OwnAccount, of_board(OwnAccount, Pupil))
        .where(account(), has_age(age))
    )


@register(Tie.SELF_FROM_12, Kind.PUPIL)
def own_record_from_12() -> Select[Any, Any]:
    """Is the pupil, from 12."""
    return own_records(12)


@register(Tie.SELF_FROM_16, Kind.PUPIL)
def own_record_from_16() -> Select[Any, Any]:
    """Is the pupil, from 16."""
    return own_records(16)


@register(Tie.SELF_FROM_16, Kind.YOUNG_PERSON)
def oneself() -> Select[Any, Any]:
    """Is the young person, from 16, by the account of a board they are at today."""
    return (
        fact(OwnAccount.young_person_id, OwnAccount.valid_until)
        .join(Pupil, of_board(Pupil, OwnAccount))
        .where(account(), has_age(16), at_school())
    )

"""The facts that tie school staff and guardians to pupils."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func

from domain.organisations.models import Assignment
from domain.organisations.ties import assigned
from domain.pupils.models import (
    ClassMembership,
    Enrolment,
    GuardianAuthority,
    Pupil,
    PupilContact,
)
from domain.reach import ME, Kind, fact, register
from domain.reach.facts import holds
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


def authority() -> ColumnElement[bool]:
    """Return whether an authority is the actor's and holds now."""
    return and_(
        GuardianAuthority.guardian_id == ME.actor,
        holds(GuardianAuthority.valid_from, GuardianAuthority.valid_until, ME.instant),
    )


@register(Tie.AUTHORITY, Kind.YOUNG_PERSON)
def authority_over_child() -> Select[Any, Any]:
    """Has parental authority over the young person."""
    return fact(GuardianAuthority.young_person_id, GuardianAuthority.valid_until).where(authority())


@register(Tie.AUTHORITY, Kind.PUPIL)
def authority_over_pupil() -> Select[Any, Any]:
    """Has parental authority over the young person, as the school of the record registered it."""
    return (
        fact(Pupil.id, GuardianAuthority.valid_until)
        .join(
            GuardianAuthority,
            and_(
                GuardianAuthority.young_person_id == Pupil.young_person_id,
                GuardianAuthority.controller_id == Pupil.controller_id,
            ),
        )
        .where(authority())
    )


@register(Tie.OWN_CONTACT, Kind.CONTACT)
def own_contact() -> Select[Any, Any]:
    """Is the contact person, and has parental authority."""
    return (
        fact(PupilContact.id, GuardianAuthority.valid_until)
        .join(Pupil, Pupil.id == PupilContact.pupil_id)
        .join(
            GuardianAuthority,
            and_(
                GuardianAuthority.young_person_id == Pupil.young_person_id,
                GuardianAuthority.controller_id == Pupil.controller_id,
                GuardianAuthority.guardian_id == PupilContact.guardian_id,
            ),
        )
        .where(authority(), PupilContact.guardian_id == ME.actor)
    )

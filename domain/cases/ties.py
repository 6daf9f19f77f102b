"""The facts that tie partners and schools to cases."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from domain.cases.models import CaseFile, Consent, CourtMeasure, Participation, Withholding
from domain.organisations.models import Assignment
from domain.organisations.ties import assigned
from domain.pupils.models import (
    ClassMembership,
    Enrolment,
    GuardianAuthority,
    OwnAccount,
    Pupil,
)
from domain.pupils.ties import account, authority, has_age, is_under, unprotected
from domain.reach import ME, Kind, fact, register
from domain.reach.facts import holds
from permissions.vocabulary import DataClass, Role, Tie


def working_at_party() -> ColumnElement[bool]:
    """Return whether the actor is assigned, in the token's role, where the invitation was sent."""
    return exists(
        select(Assignment.id).where(
            assigned(),
            or_(Participation.branch_id.is_(None), Assignment.branch_id == Participation.branch_id),
        )
    )


def mine() -> ColumnElement[bool]:
    """Return whether a participation is the actor's own, accepted, and holds now."""
    return and_(
        Participation.staff_id == ME.actor,
        Participation.organisation_id == ME.organisation,
        Participation.role == ME.role,
        Participation.purpose == ME.purpose,
        holds(Participation.accepted_at, Participation.ended_at, ME.instant),
        working_at_party(),
    )


@register(Tie.CASE_PARTICIPATION, Kind.CASE)
def case_participation() -> Select[Any, Any]:
    """Takes part in the case, for the purpose of the token."""
    return fact(Participation.case_id, Participation.ended_at).where(mine())


@register(Tie.CASE_LEAD, Kind.CASE)
def case_lead() -> Select[Any, Any]:
    """Leads the case."""
    return fact(Participation.case_id, Participation.ended_at).where(mine(), Participation.is_lead)


@register(Tie.KEPT_CASE, Kind.CASE)
def kept_case() -> Select[Any, Any]:
    """Opened the case, open or closed, and works at the office that keeps it."""
    return (
        fact(CaseFile.id, Assignment.valid_until)
        .join(Assignment, Assignment.organisation_id == CaseFile.controller_id)
        .where(assigned(), CaseFile.opened_by == ME.actor)
    )


def invited() -> ColumnElement[bool]:
    """Return whether an unanswered invitation was sent to where the actor works in its role."""
    return and_(
        Participation.organisation_id == ME.organisation,
        Participation.role == ME.role,
        Participation.purpose == ME.purpose,
        Participation.answered_at.is_(None),
        or_(Participation.ended_at.is_(None), ME.instant < Participation.ended_at),
        working_at_party(),
    )


@register(Tie.INVITATION, Kind.CASE)
def invitation_to_case() -> Select[Any, Any]:
    """Is invited to the case."""
    return fact(Participation.case_id, Participation.ended_at).where(invited())


@register(Tie.INVITATION, Kind.INVITATION)
def invitation() -> Select[Any, Any]:
    """Is whom the invitation was sent to."""
    return fact(Participation.id, Participation.ended_at).where(invited())


@register(Tie.SUPPORT_INVOLVEMENT, Kind.PUPIL)
def support_involvement() -> Select[Any, Any]:
    """Takes part in a case about a pupil enrolled at the actor's own branch."""
    return (
        fact(Pupil.id, func.least(Participation.ended_at, Enrolment.valid_until))
        .join(
            Participation,
            and_(
                Participation.young_person_id == Pupil.young_person_id,
                Participation.organisation_id == Pupil.controller_id,
            ),
        )
        .join(
            Enrolment,
            and_(Enrolment.pupil_id == Pupil.id, Enrolment.branch_id == Participation.branch_id),
        )
        .where(mine(), holds(Enrolment.valid_from, Enrolment.valid_until, ME.today))
    )


@register(Tie.SCHOOL_IN_CASE, Kind.CASE)
def school_in_case() -> Select[Any, Any]:
    """Assigned to the branch whose support coordinator takes part in the case about its pupil."""
    return (
        fact(Participation.case_id, Participation.ended_at)
        .join(Assignment, Assignment.branch_id == Participation.branch_id)
        .join(
            Pupil,
            and_(
                Pupil.young_person_id == Participation.young_person_id,
                Pupil.controller_id == Participation.organisation_id,
            ),
        )
        .join(
            Enrolment,
            and_(Enrolment.pupil_id == Pupil.id, Enrolment.branch_id == Participation.branch_id),
        )
        .where(
            assigned(),
            Participation.organisation_id == ME.organisation,
            Participation.role == str(Role.SUPPORT_COORDINATOR),
            holds(Participation.accepted_at, Participation.ended_at, ME.instant),
            holds(Enrolment.valid_from, Enrolment.valid_until, ME.today),
        )
    )


@register(Tie.CLASS_ASSIGNMENT, Kind.CASE)
def class_in_case() -> Select[Any, Any]:
    """Assigned to a class of the pupil about whom the school takes part in the case."""
    return (
        fact(Participation.case_id, func.least(Participation.ended_at, Assignment.valid_until))
        .join(
            Pupil,
            and_(
                Pupil.young_person_id == Participation.young_person_id,
                Pupil.controller_id == Participation.organisation_id,
            ),
        )
        .join(ClassMembership, ClassMembership.pupil_id == Pupil.id)
        .join(Assignment, Assignment.class_group_id == ClassMembership.class_group_id)
        .where(
            assigned(),
            Participation.organisation_id == ME.organisation,
            Participation.role == str(Role.SUPPORT_COORDINATOR),
            holds(Participation.accepted_at, Participation.ended_at, ME.instant),
            holds(ClassMembership.valid_from, ClassMembership.valid_until, ME.today),
        )
    )


def in_families_case(registered: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a mapped class
    """Return whether a fact of the family was registered by the board that a case came from."""
    return and_(
        registered.young_person_id == CaseFile.young_person_id,
        registered.controller_id == CaseFile.board_id,
    )


def upheld() -> ColumnElement[bool]:
    """Return whether who gave a consent still has authority, or is the young person.

    By an authority or account that holds, registered by the board that the case came from: leave
    lasts no longer than the right of whoever gave it.
    """
    return or_(
        exists(
            select(GuardianAuthority.id)
            .join(CaseFile, in_families_case(GuardianAuthority))
            .where(
                CaseFile.id == Consent.case_id,
                GuardianAuthority.guardian_id == Consent.given_by,
                holds(GuardianAuthority.valid_from, GuardianAuthority.valid_until, ME.instant),
            )
        ),
        exists(
            select(OwnAccount.id)
            .join(CaseFile, in_families_case(OwnAccount))
            .where(
                CaseFile.id == Consent.case_id,
                OwnAccount.account_id == Consent.given_by,
                holds(OwnAccount.valid_from, OwnAccount.valid_until, ME.instant),
            )
        ),
    )


@register(Tie.CONSENT, Kind.CASE)
def consent_to_share() -> Select[Any, Any]:
    """Takes part in the case, where leave was given to share the own organisation's conclusion."""
    return (
        fact(Participation.case_id, func.least(Participation.ended_at, Consent.valid_until))
        .join(Consent, Consent.case_id == Participation.case_id)
        .where(
            mine(),
            Consent.data_class == str(DataClass.NOTE_GENERAL),
            Consent.from_organisation_id == ME.organisation,
            holds(Consent.valid_from, Consent.valid_until, ME.instant),
            upheld(),
        )
    )


def measured() -> ColumnElement[bool]:
    """Return whether the actor takes part, and a measure of its organisation's holds."""
    return and_(
        mine(),
        CourtMeasure.controller_id == ME.organisation,
        holds(CourtMeasure.valid_from, CourtMeasure.valid_until, ME.instant),
    )


@register(Tie.COURT_MEASURE, Kind.CASE)
def measure_in_case() -> Select[Any, Any]:
    """Takes part in the case, under a measure about its young person."""
    return (
        fact(Participation.case_id, func.least(Participation.ended_at, CourtMeasure.valid_until))
        .join(CourtMeasure, CourtMeasure.young_person_id == Participation.young_person_id)
        .where(measured())
    )


@register(Tie.COURT_MEASURE, Kind.PUPIL)
def measure_over_pupil() -> Select[Any, Any]:
    """Takes part in a case about the pupil's young person, under a measure about them."""
    return (
        fact(Pupil.id, func.least(Participation.ended_at, CourtMeasure.valid_until))
        .join(Participation, Participation.young_person_id == Pupil.young_person_id)
        .join(CourtMeasure, CourtMeasure.young_person_id == Pupil.young_person_id)
        .where(measured())
    )


def authority_in_case() -> Select[Any, Any]:
    """Return the cases about a child over whom the actor has authority, whereabouts open."""
    return (
        fact(CaseFile.id, GuardianAuthority.valid_until)
        .join(GuardianAuthority, in_families_case(GuardianAuthority))
        .join(Pupil, in_families_case(Pupil))
        .where(authority(), unprotected(CaseFile.young_person_id))
    )


@register(Tie.AUTHORITY_UNPROTECTED, Kind.CASE)
def authority_unprotected_in_case() -> Select[Any, Any]:
    """Has authority, registered by the board the case came from; no whereabouts are protected."""
    return authority_in_case()


@register(Tie.FAMILY_FILE, Kind.CASE)
def family_file() -> Select[Any, Any]:
    """The same over a child under 16, and no dated reason withholds the file."""
    withheld = exists(
        select(Withholding.id).where(
            Withholding.case_id == CaseFile.id,
            or_(Withholding.guardian_id.is_(None), Withholding.guardian_id == ME.actor),
            holds(Withholding.valid_from, Withholding.valid_until, ME.instant),
        )
    )
    return authority_in_case().where(is_under(16), ~withheld)


def own_case(age: int) -> Select[Any, Any]:
    """Return the cases about the young person whose account the actor's is, from an age."""
    return (
        fact(CaseFile.id, OwnAccount.valid_until)
        .join(OwnAccount, in_families_case(OwnAccount))
        .join(Pupil, in_families_case(Pupil))
        .where(account(), has_age(age))
    )


@register(Tie.SELF_FROM_12, Kind.CASE)
def own_case_from_12() -> Select[Any, Any]:
    """Is whom the case is about, from 12."""
    return own_case(12)


@register(Tie.SELF_FROM_16, Kind.CASE)
def own_case_from_16() -> Select[Any, Any]:
    """Is whom the case is about, from 16."""
    return own_case(16)

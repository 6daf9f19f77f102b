"""The facts that tie partners and schools to cases."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from domain.cases.models import Participation
from domain.organisations.models import Assignment
from domain.organisations.ties import assigned
from domain.pupils.models import Enrolment, Pupil
from domain.reach import ME, Kind, fact, register
from domain.reach.facts import holds
from permissions.vocabulary import Role, Tie


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

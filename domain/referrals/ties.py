"""The facts that tie those a young person was referred to."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from domain.organisations.models import Assignment
from domain.organisations.ties import assigned
from domain.pupils.models import Enrolment
from domain.reach import ME, Kind, fact, register
from domain.reach.facts import holds
from domain.referrals.models import Referral, ReferralKind
from permissions.vocabulary import Tie


def referred() -> ColumnElement[bool]:
    """Return whether a referral to where the actor works, in the token's role, holds now.

    That of a pupil holds no longer than the pupil is enrolled with the board that made it.
    """
    enrolled = exists(
        select(Enrolment.id).where(
            Enrolment.pupil_id == Referral.pupil_id,
            holds(Enrolment.valid_from, Enrolment.valid_until, ME.today),
        )
    )
    return and_(
        Referral.to_organisation_id == ME.organisation,
        Referral.to_role == ME.role,
        holds(Referral.valid_from, Referral.valid_until, ME.instant),
        exists(select(Assignment.id).where(assigned())),
        or_(Referral.pupil_id.is_(None), enrolled),
    )


@register(Tie.REFERRAL, Kind.REFERRAL)
def referral() -> Select[Any, Any]:
    """Works where the referral was sent."""
    return fact(Referral.id, Referral.valid_until).where(referred())


@register(Tie.REFERRAL, Kind.PUPIL)
def referral_of_pupil() -> Select[Any, Any]:
    """Works where the pupil was referred to."""
    return fact(Referral.pupil_id, Referral.valid_until).where(
        referred(), Referral.pupil_id.is_not(None)
    )


@register(Tie.STATUTORY_REFERRAL, Kind.PUPIL)
def statutory_referral() -> Select[Any, Any]:
    """Works where the pupil was referred to for a task that the law gives."""
    return referral_of_pupil().where(Referral.kind == str(ReferralKind.STATUTORY))

"""The facts of organisations that tie staff and systems to branches, boards and figures."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    literal,
    null,
    or_,
    select,
    union_all,
)

from domain.organisations.models import (
    Assignment,
    DeliveryAgreement,
    HeadMandate,
    Mandate,
    Organisation,
    SchoolBranch,
)
from domain.reach import ME, Kind, fact, register
from domain.reach.facts import holds
from permissions.vocabulary import Tie


def assigned() -> ColumnElement[bool]:
    """Return whether an assignment is the actor's, in the token's role, and holds now."""
    return and_(
        Assignment.staff_id == ME.actor,
        Assignment.organisation_id == ME.organisation,
        Assignment.role == ME.role,
        holds(Assignment.valid_from, Assignment.valid_until, ME.instant),
    )


@register(Tie.BRANCH_ASSIGNMENT, Kind.BRANCH)
def branch_assignment() -> Select[Any, Any]:
    """Assigned to the branch."""
    return fact(Assignment.branch_id, Assignment.valid_until).where(
        assigned(), Assignment.branch_id.is_not(None)
    )


@register(Tie.HEAD_MANDATE, Kind.BRANCH)
def head_mandate() -> Select[Any, Any]:
    """Assigned to the branch and mandated by its head."""
    return (
        fact(HeadMandate.branch_id, HeadMandate.valid_until)
        .join(Assignment, Assignment.branch_id == HeadMandate.branch_id)
        .where(
            assigned(),
            HeadMandate.coordinator_id == ME.actor,
            holds(HeadMandate.valid_from, HeadMandate.valid_until, ME.instant),
        )
    )


@register(Tie.APPOINTMENT, Kind.CONTROLLER)
def appointment() -> Select[Any, Any]:
    """Appointed at the organisation itself."""
    return fact(Assignment.organisation_id, Assignment.valid_until).where(assigned())


def agreed() -> ColumnElement[bool]:
    """Return whether a delivery agreement is the client's and holds now."""
    return and_(
        DeliveryAgreement.client_id == ME.actor,
        holds(DeliveryAgreement.valid_from, DeliveryAgreement.valid_until, ME.instant),
    )


@register(Tie.DELIVERY_AGREEMENT, Kind.BRANCH)
def delivery_to_branch() -> Select[Any, Any]:
    """Agreed to deliver for the branch."""
    return fact(DeliveryAgreement.branch_id, DeliveryAgreement.valid_until).where(agreed())


@register(Tie.DELIVERY_AGREEMENT, Kind.CONTROLLER)
def delivery_to_board() -> Select[Any, Any]:
    """Agreed to deliver for a branch of the board."""
    return (
        fact(SchoolBranch.organisation_id, DeliveryAgreement.valid_until)
        .join(DeliveryAgreement, DeliveryAgreement.branch_id == SchoolBranch.id)
        .where(agreed())
    )


@register(Tie.MANDATE, Kind.UNIT)
def mandate() -> Select[Any, Any]:
    """Works at an organisation that holds a mandate for the unit, or for the one it lies in."""
    held = and_(
        Mandate.organisation_id == ME.organisation,
        holds(Mandate.valid_from, Mandate.valid_until, ME.instant),
        exists(select(Assignment.id).where(assigned())),
    )
    lies_in = or_(
        and_(
            Mandate.unit_level == "municipality",
            SchoolBranch.municipality_code == Mandate.unit_code,
        ),
        and_(Mandate.unit_level == "alliance", SchoolBranch.alliance_code == Mandate.unit_code),
    )
    itself = fact(Mandate.unit_level + literal(":") + Mandate.unit_code, Mandate.valid_until)
    within = fact(literal("branch:") + SchoolBranch.branch_code, Mandate.valid_until).join(
        Mandate, lies_in
    )
    both = union_all(itself.where(held), within.where(held)).subquery()
    return fact(both.c.object, both.c.until)


@register(Tie.PROCESSING_AGREEMENT, Kind.CONTROLLER)
def processing_agreement() -> Select[Any, Any]:
    """The platform works for every controller under its processing agreement (AVG 28)."""
    return fact(Organisation.id, null())

"""The facts of organisations that tie staff and systems to branches, boards and figures."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
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
    OAuthClient,
    Organisation,
    OrganisationKind,
    SchoolBranch,
)
from domain.reach import ME, Kind, fact, register
from domain.reach.facts import Column, holds
from domain.reference.models import DirectoryMunicipality
from permissions.vocabulary import Role, Tie


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


def works_or_is_client() -> ColumnElement[bool]:
    """Return whether the actor works at the token's organisation in its role, or is its client."""
    return or_(
        exists(select(Assignment.id).where(assigned())),
        exists(
            select(OAuthClient.actor_id).where(
                OAuthClient.actor_id == ME.actor,
                OAuthClient.organisation_id == ME.organisation,
                OAuthClient.role == ME.role,
                OAuthClient.purpose == ME.purpose,
            )
        ),
    )


def lying(unit: str, code: Column, level: str, of: Column) -> Select[Any, Any, Any]:
    """Return which units (`unit:code`) lie in which unit at a level, `of` being that one's code."""
    return select(
        (literal(f"{unit}:") + cast(code, Text)).label("unit"),
        literal(level).label("level"),
        cast(of, Text).label("code"),
    )


def places() -> FromClause:
    """Return every unit with every unit that it lies in: the country, regions, and the rest."""
    branch, municipality = SchoolBranch, DirectoryMunicipality
    country = literal("NL")
    in_country: tuple[tuple[str, Column], ...] = (
        ("branch", branch.branch_code),
        ("municipality", municipality.code),
        ("municipality", branch.municipality_code),
        ("region", municipality.region_code),
    )
    return union_all(
        lying("branch", branch.branch_code, "board", branch.organisation_id),
        lying("branch", branch.branch_code, "municipality", branch.municipality_code),
        lying("branch", branch.branch_code, "alliance", branch.alliance_code),
        lying("branch", branch.branch_code, "region", municipality.region_code).join_from(
            branch, municipality, municipality.code == branch.municipality_code
        ),
        lying("municipality", municipality.code, "region", municipality.region_code),
        *(lying(unit, code, "national", country) for unit, code in in_country),
        lying("alliance", branch.alliance_code, "national", country).where(
            branch.alliance_code.is_not(None)
        ),
        lying("board", Organisation.id, "national", country).where(
            Organisation.kind == str(OrganisationKind.SCHOOL_BOARD)
        ),
    ).subquery("place")


LEVELS: Final[Mapping[OrganisationKind, tuple[str, ...]]] = {
    OrganisationKind.SCHOOL_BOARD: ("branch", "board"),
    OrganisationKind.SUPPORT_ALLIANCE: ("branch", "alliance"),
    OrganisationKind.ATTENDANCE_OFFICE: ("branch", "municipality"),
    OrganisationKind.MINISTRY: ("region", "national"),
    OrganisationKind.INSPECTORATE: (
        "branch", "board", "municipality", "alliance", "region", "national",
    ),
}  # fmt: skip
"""Of which units the people of a kind of organisation read figures; of other kinds of none."""


def for_its_kind(unit: Column) -> ColumnElement[bool]:
    """Return whether a program that reads figures may read of such a unit at its organisation.

    It reads of no other levels than the people there do; people have rules of their own.
    """
    level = func.split_part(unit, literal(":"), 1)
    of_kind = (
        and_(Organisation.kind == str(kind), level.in_(levels)) for kind, levels in LEVELS.items()
    )
    return or_(
        ME.role != str(Role.REPORTING_CLIENT),
        exists(select(Organisation.id).where(Organisation.id == ME.organisation, or_(*of_kind))),
    )


@register(Tie.MANDATE, Kind.UNIT)
def mandate() -> Select[Any, Any]:
    """Works at, or delivers figures for, an organisation that holds a mandate for the unit.

    Or for the one it lies in: a branch in a board, municipality, alliance, region or the country; a
    municipality in a region or the country; a board, alliance or region in the country. A program
    is tied to units of those levels alone that people of its kind of organisation read.
    """
    held = and_(
        Mandate.organisation_id == ME.organisation,
        holds(Mandate.valid_from, Mandate.valid_until, ME.instant),
        works_or_is_client(),
    )
    place = places()
    itself = fact(Mandate.unit_level + literal(":") + Mandate.unit_code, Mandate.valid_until)
    within = fact(place.c.unit, Mandate.valid_until).join(
        Mandate, and_(Mandate.unit_level == place.c.level, Mandate.unit_code == place.c.code)
    )
    both = union_all(itself.where(held), within.where(held)).subquery()
    return fact(both.c.object, both.c.until).where(for_its_kind(both.c.object))


COMPARED: Final = ("municipality", "region", "national")
"""The levels whose units are read beside those that lie in them."""


@register(Tie.COMPARISON, Kind.UNIT)
def comparison() -> Select[Any, Any]:
    """A unit under the actor's mandate lies in this municipality, region, or the country."""
    own, place = mandate().subquery("own"), places()
    return (
        fact(place.c.level + literal(":") + place.c.code, own.c.until)
        .join_from(place, own, own.c.object == place.c.unit)
        .where(place.c.level.in_(COMPARED))
    )


@register(Tie.PROCESSING_AGREEMENT, Kind.CONTROLLER)
def processing_agreement() -> Select[Any, Any]:
    """The platform works for every controller under its processing agreement (AVG 28)."""
    return fact(Organisation.id, null())

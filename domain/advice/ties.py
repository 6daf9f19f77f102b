"""The facts that tie an office, a school and its board to the advice on a branch."""

from typing import Any

from sqlalchemy import Select, Text, cast, exists, literal, or_, select, tuple_

from domain.advice.models import Advice
from domain.organisations.models import Assignment, Mandate, SchoolBranch
from domain.organisations.ties import assigned
from domain.reach import ME, Kind, fact, register
from domain.reach.facts import holds
from domain.reference.models import DirectoryMunicipality
from permissions.vocabulary import Tie


@register(Tie.MANDATE, Kind.ADVICE)
def advice_under_mandate() -> Select[Any, Any]:
    """Works at the office that gave it, or at the board of the branch, with a mandate for that.

    The mandate is for the board, municipality, alliance, region or country that the branch lies in.
    """
    branch, place, mandate = SchoolBranch, DirectoryMunicipality, Mandate
    units = (
        ("board", cast(branch.organisation_id, Text)),
        ("municipality", branch.municipality_code),
        ("alliance", branch.alliance_code),
        ("region", place.region_code),
        ("national", literal("NL")),
    )
    held = tuple_(mandate.unit_level, mandate.unit_code).in_(
        [tuple_(literal(level), code) for level, code in units]
    )
    return (
        fact(Advice.id, mandate.valid_until)
        .join(branch, branch.id == Advice.branch_id)
        .outerjoin(place, place.code == branch.municipality_code)
        .join(mandate, held)
        .where(
            mandate.organisation_id == ME.organisation,
            holds(mandate.valid_from, mandate.valid_until, ME.instant),
            or_(
                Advice.controller_id == ME.organisation,
                branch.organisation_id == ME.organisation,
            ),
            exists(select(Assignment.id).where(assigned())),
        )
    )


@register(Tie.BRANCH_ASSIGNMENT, Kind.ADVICE)
def advice_to_branch() -> Select[Any, Any]:
    """Assigned to the branch that the advice is for."""
    return (
        fact(Advice.id, Assignment.valid_until)
        .join(Assignment, Assignment.branch_id == Advice.branch_id)
        .where(assigned())
    )

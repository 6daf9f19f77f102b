"""The fact that ties an attendance officer to a request for leave."""

from typing import Any

from sqlalchemy import Select, exists, select

from domain.leave.models import Decider, LeaveRequest
from domain.organisations.models import Assignment, OfficeMunicipality
from domain.organisations.ties import assigned
from domain.reach import ME, Kind, fact, register
from domain.reach.facts import holds
from permissions.vocabulary import Tie


@register(Tie.RESIDENCE, Kind.LEAVE)
def request_of_resident() -> Select[Any, Any]:
    """Works at the office that serves the municipality of residence; the officer decides."""
    return fact(LeaveRequest.id, LeaveRequest.retained_until).where(
        LeaveRequest.decider == str(Decider.OFFICER),
        LeaveRequest.retained_until >= ME.today,
        exists(select(Assignment.id).where(assigned())),
        exists(
            select(OfficeMunicipality.id).where(
                OfficeMunicipality.organisation_id == ME.organisation,
                OfficeMunicipality.municipality_code == LeaveRequest.municipality_code,
                holds(OfficeMunicipality.valid_from, OfficeMunicipality.valid_until, ME.instant),
            )
        ),
    )

"""The facts around an emergency: whom one works with, and a declaration while it lasts."""

from typing import Any

from sqlalchemy import Select, exists, literal, select, union_all

from domain.cases.models import Participation
from domain.emergencies.models import EmergencyAccess, Finding
from domain.organisations.models import Assignment
from domain.organisations.ties import assigned
from domain.pupils.models import Pupil
from domain.reach import ME, Kind, fact, register
from domain.reach.facts import holds
from domain.referrals.models import Referral
from domain.referrals.ties import referred
from domain.reports.models import Report
from domain.reports.ties import report_allocation
from permissions.vocabulary import Role, Tie


@register(Tie.WORKING_RELATION, Kind.YOUNG_PERSON)
def working_relation() -> Select[Any, Any]:
    """Works where the young person is known in the actor's role: a case, a report, a referral."""
    in_case = fact(Participation.young_person_id, Participation.ended_at).where(
        Participation.organisation_id == ME.organisation,
        Participation.role == ME.role,
        holds(Participation.accepted_at, Participation.ended_at, ME.instant),
        exists(select(Assignment.id).where(assigned())),
    )
    allocated = report_allocation().subquery()
    in_report = (
        fact(Report.young_person_id, allocated.c.until)
        .join(allocated, allocated.c.object == Report.id)
        .where(ME.role == literal(str(Role.ATTENDANCE_OFFICER)))
    )
    in_referral = fact(Referral.young_person_id, Referral.valid_until).where(referred())
    known = union_all(in_case, in_report, in_referral).subquery()
    return fact(known.c.object, known.c.until)


@register(Tie.EMERGENCY, Kind.PUPIL)
def emergency() -> Select[Any, Any]:
    """Declared an emergency about the young person; it lasts, and was not found unjustified."""
    return (
        fact(Pupil.id, EmergencyAccess.ends_at)
        .join(EmergencyAccess, EmergencyAccess.young_person_id == Pupil.young_person_id)
        .where(
            EmergencyAccess.actor_id == ME.actor,
            EmergencyAccess.controller_id == ME.organisation,
            EmergencyAccess.role == ME.role,
            EmergencyAccess.finding.is_distinct_from(str(Finding.NOT_JUSTIFIED)),
            holds(EmergencyAccess.declared_at, EmergencyAccess.ends_at, ME.instant),
            exists(select(Assignment.id).where(assigned())),
        )
    )

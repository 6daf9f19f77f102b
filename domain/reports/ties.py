"""The facts that tie staff and guardians to reports, and guardians to cases."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, null, select

from domain.cases.models import CaseFile
from domain.organisations.models import Assignment, HeadMandate
from domain.organisations.ties import assigned
from domain.pupils.models import GuardianAuthority
from domain.pupils.ties import authority
from domain.reach import ME, Kind, fact, register
from domain.reach.facts import holds
from domain.reports.models import Report, ReportAllocation, ReportState
from permissions.vocabulary import Tie


@register(Tie.REPORT_ALLOCATION, Kind.REPORT)
def report_allocation() -> Select[Any, Any]:
    """Works as attendance officer at the office the report is allocated to."""
    return fact(ReportAllocation.report_id, ReportAllocation.valid_until).where(
        ReportAllocation.office_id == ME.organisation,
        holds(ReportAllocation.valid_from, ReportAllocation.valid_until, ME.instant),
        exists(select(Assignment.id).where(assigned())),
    )


@register(Tie.OWN_FILE, Kind.REPORT)
def own_file() -> Select[Any, Any]:
    """Took the report on; it is closed and its retention has not ended."""
    return fact(Report.id, Report.retained_until).where(
        Report.taken_on_by == ME.actor,
        Report.state == str(ReportState.CLOSED),
        Report.retained_until >= ME.today,
        exists(select(Assignment.id).where(assigned())),
    )


@register(Tie.BRANCH_ASSIGNMENT, Kind.REPORT)
def branch_assignment() -> Select[Any, Any]:
    """Assigned to the branch that prepared the report."""
    return (
        fact(Report.id, Assignment.valid_until)
        .join(Assignment, Assignment.branch_id == Report.branch_id)
        .where(assigned())
    )


@register(Tie.HEAD_MANDATE, Kind.REPORT)
def head_mandate() -> Select[Any, Any]:
    """Mandated by the head of the branch that prepared the report, and assigned to it."""
    return (
        fact(Report.id, HeadMandate.valid_until)
        .join(HeadMandate, HeadMandate.branch_id == Report.branch_id)
        .join(Assignment, Assignment.branch_id == Report.branch_id)
        .where(
            assigned(),
            HeadMandate.coordinator_id == ME.actor,
            holds(HeadMandate.valid_from, HeadMandate.valid_until, ME.instant),
        )
    )


def registered_by_the_board() -> ColumnElement[bool]:
    """Return whether an authority was registered by the board that reported.

    What one school registers opens no other school's records.
    """
    return and_(
        GuardianAuthority.young_person_id == Report.young_person_id,
        GuardianAuthority.controller_id == Report.controller_id,
    )


@register(Tie.AUTHORITY, Kind.REPORT)
def authority_over_report() -> Select[Any, Any]:
    """Has parental authority over the young person a sent report is about."""
    return (
        fact(Report.id, GuardianAuthority.valid_until)
        .join(GuardianAuthority, registered_by_the_board())
        .where(authority(), Report.state != str(ReportState.DRAFT))
    )


@register(Tie.AUTHORITY, Kind.CASE)
def authority_in_case() -> Select[Any, Any]:
    """Has parental authority over the young person a case is about, opened from such a report."""
    return (
        fact(CaseFile.id, GuardianAuthority.valid_until)
        .join(Report, Report.id == CaseFile.report_id)
        .join(GuardianAuthority, registered_by_the_board())
        .where(authority())
    )


@register(Tie.REGISTER_TASK, Kind.REPORT)
def register_task() -> Select[Any, Any]:
    """Every sent report passes through the absence register."""
    return fact(Report.id, null()).where(
        Report.state.in_([str(ReportState.SENT), str(ReportState.ALLOCATED)])
    )

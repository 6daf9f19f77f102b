"""The facts that tie staff and families to reports."""

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, null, select, text
from sqlalchemy.orm import aliased

from domain.organisations.models import Assignment, HeadMandate, OfficeMunicipality
from domain.organisations.ties import assigned
from domain.pupils.models import GuardianAuthority, OwnAccount, Pupil
from domain.pupils.ties import account, authority, has_age, of_board, unprotected
from domain.reach import ME, Kind, fact, register
from domain.reach.facts import holds
from domain.reports.models import Report, ReportAllocation, ReportExtract, ReportState
from permissions.vocabulary import Tie

TRANSITION = "transition"
"""The kind of report that is the transition region's (18 and older, doorstroompunt)."""


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


@register(Tie.OFFICE, Kind.REPORT)
def office() -> Select[Any, Any]:
    """Divides the work at the office the report is allocated to."""
    return report_allocation()


@register(Tie.EARLIER_REPORT, Kind.REPORT)
def earlier_report() -> Select[Any, Any]:
    """Works at an office that has another report on the same young person now, and had this one."""
    current, current_report = aliased(ReportAllocation), aliased(Report)
    return fact(Report.id, Report.retained_until).where(
        Report.state == str(ReportState.CLOSED),
        Report.retained_until >= ME.today,
        exists(select(Assignment.id).where(assigned())),
        exists(
            select(ReportAllocation.id).where(
                ReportAllocation.report_id == Report.id,
                ReportAllocation.office_id == ME.organisation,
                ReportAllocation.valid_from <= ME.instant,
            )
        ),
        exists(
            select(current.id)
            .join(current_report, current_report.id == current.report_id)
            .where(
                current.office_id == ME.organisation,
                holds(current.valid_from, current.valid_until, ME.instant),
                current_report.young_person_id == Report.young_person_id,
                current_report.id != Report.id,
            )
        ),
    )


@register(Tie.TRANSITION_REPORT, Kind.REPORT)
def transition_report() -> Select[Any, Any]:
    """Works at the transition region of residence, to the young person's 27th birthday."""
    birthday = ReportExtract.birth_date + text("interval '27 years'")
    return (
        fact(Report.id, birthday)
        .join(ReportExtract, ReportExtract.report_id == Report.id)
        .where(
            Report.kind == TRANSITION,
            Report.state != str(ReportState.DRAFT),
            birthday > ME.today,
            exists(select(Assignment.id).where(assigned())),
            exists(
                select(OfficeMunicipality.id).where(
                    OfficeMunicipality.organisation_id == ME.organisation,
                    OfficeMunicipality.municipality_code == Report.municipality_code,
                    holds(
                        OfficeMunicipality.valid_from, OfficeMunicipality.valid_until, ME.instant
                    ),
                )
            ),
        )
    )


def sent() -> ColumnElement[bool]:
    """Return whether a report left the school: the family reads no drafts."""
    return Report.state != str(ReportState.DRAFT)


@register(Tie.AUTHORITY_UNPROTECTED, Kind.REPORT)
def authority_over_report() -> Select[Any, Any]:
    """Has authority, registered by the board that reported; no whereabouts are protected."""
    return (
        fact(Report.id, GuardianAuthority.valid_until)
        .join(GuardianAuthority, of_board(GuardianAuthority, Report))
        .join(Pupil, of_board(Pupil, GuardianAuthority))
        .where(authority(), unprotected(GuardianAuthority.young_person_id), sent())
    )


@register(Tie.SELF_FROM_16, Kind.REPORT)
def own_report() -> Select[Any, Any]:
    """Is whom the report is about, from 16."""
    return (
        fact(Report.id, OwnAccount.valid_until)
        .join(OwnAccount, of_board(OwnAccount, Report))
        .join(Pupil, of_board(Pupil, OwnAccount))
        .where(account(), has_age(16), sent())
    )


@register(Tie.REGISTER_TASK, Kind.REPORT)
def register_task() -> Select[Any, Any]:
    """Every sent report passes through the absence register."""
    return fact(Report.id, null()).where(
        Report.state.in_([str(ReportState.SENT), str(ReportState.ALLOCATED)])
    )

"""Who may what, written a second time by hand from the draft of the policy and not from the table.

One line per role, purpose, tie and activity; then the data classes, as their short names.
"""

PUPIL = "pupil.identity pupil.enrolment attendance.rate"
MARKS = "attendance.unauthorised attendance.authorised attendance.reason"
ILLNESS = "attendance.reason.health.fact"
CASE = "case.core case.identity case.participants plan action note.general"

TRUTH = f"""
mentor daily_guidance class_assignment read: {PUPIL} pupil.contact {MARKS} {ILLNESS} signal

attendance_coordinator daily_guidance branch_assignment read: {PUPIL} pupil.contact pupil.whereabouts {MARKS} {ILLNESS} signal report report.contact
attendance_coordinator daily_guidance branch_assignment register: pupil.contact
attendance_coordinator daily_guidance branch_assignment prepare: report
attendance_coordinator daily_guidance head_mandate send: report
attendance_coordinator daily_guidance school_in_case offer: attendance.summary

head_of_school daily_guidance branch_assignment read: {PUPIL} {MARKS} signal report
head_of_school daily_guidance branch_assignment mandate: report

support_coordinator case_coordination support_involvement read: {PUPIL} pupil.contact
support_coordinator case_coordination invitation read: case.core
support_coordinator case_coordination case_participation read: {CASE} attendance.summary
support_coordinator case_coordination case_participation write: plan action note.general
support_coordinator case_coordination case_participation agree: plan

attendance_officer compulsory_schooling report_allocation read: report report.contact
attendance_officer compulsory_schooling own_file read: report report.contact
attendance_officer compulsory_schooling report_allocation take_on: report
attendance_officer compulsory_schooling report_allocation close: report
attendance_officer case_coordination report_allocation open: case.core
attendance_officer case_coordination case_participation read: {CASE} attendance.summary
attendance_officer case_coordination case_participation write: plan action note.general
attendance_officer case_coordination case_participation agree: plan
attendance_officer case_coordination case_lead invite: case.core
attendance_officer case_coordination case_lead close: case.core

attendance_adviser prevention_advice mandate read: aggregate.branch aggregate.municipality

alliance_consultant special_needs_support invitation read: case.core
alliance_consultant special_needs_support case_participation read: {CASE}
alliance_consultant special_needs_support case_participation write: action note.general
alliance_consultant special_needs_support case_participation agree: plan

alliance_analyst policy_statistics mandate read: aggregate.alliance aggregate.branch

youth_care_worker youth_care invitation read: case.core
youth_care_worker youth_care case_participation read: {CASE} attendance.summary
youth_care_worker youth_care case_participation write: action note.general
youth_care_worker youth_care case_participation agree: plan

guardian own_data authority read: {PUPIL} {MARKS} {ILLNESS} signal report {CASE} attendance.summary log.own
guardian own_data own_contact read: pupil.contact

school_system data_delivery delivery_agreement import: {PUPIL} pupil.number pupil.whereabouts attendance.timetable {MARKS} {ILLNESS} attendance.reason.health attendance.reason.belief signal
school_system data_delivery delivery_agreement read: import.receipt

absence_register compulsory_schooling register_task allocate: report

organisation_administrator administration appointment appoint: staff
organisation_administrator administration appointment read: staff

platform_operator operation processing_agreement register: organisation
platform_operator operation processing_agreement appoint: staff

platform_job policy_statistics processing_agreement aggregate: pupil.enrolment attendance.rate attendance.unauthorised attendance.authorised
platform_job accountability processing_agreement account: log.own
"""  # noqa: E501 - one line, one row of the truth table


def permitted() -> set[tuple[str, str, str, str, str]]:
    """Return every (role, purpose, tie, activity, data class) that is permitted."""
    found: set[tuple[str, str, str, str, str]] = set()
    for line in filter(None, TRUTH.splitlines()):
        heading, _, classes = line.partition(":")
        role, purpose, tie, activity = heading.split()
        found |= {(role, purpose, tie, activity, name) for name in classes.split()}
    return found

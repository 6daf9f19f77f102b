"""Who may what, written a second time by hand from the draft of the policy and not from the table.

One line per role, purpose, tie and activity; then the data classes. `DRAFT` is what the draft says;
`BEYOND` what the table permits though the draft does not name it, and `HELD_BACK` what the draft
names and the table does not permit, each under the reason. Moving a line between them is a change
of policy.
"""
# ruff: noqa: E501 - one line, one row of the truth table

PUPIL = "pupil.identity pupil.enrolment attendance.rate"
MARKS = "attendance.unauthorised attendance.authorised"
REASONS = "attendance.reason attendance.reason.health.fact"
HEALTH = "attendance.reason.health.fact attendance.reason.health"
CLASS = f"{PUPIL} pupil.contact {MARKS} {REASONS} attendance.timetable signal"
REPORT = "report.head report report.contact report.background"
CASE = "case.core case.identity case.participants plan action note.general"
OFFICE_RECORDS = "exemption exemption.health exemption.belief non_enrolment"
FIGURES = (
    "aggregate.branch aggregate.board aggregate.municipality aggregate.alliance aggregate.region"
)

DRAFT = f"""
# School
mentor daily_guidance class_assignment read: {CLASS} plan action
mentor daily_guidance class_assignment read: notice.illness leave.request
mentor daily_guidance class_assignment write: note.general
mentor daily_guidance class_assignment propose: case.core

attendance_coordinator daily_guidance branch_assignment read: {CLASS} report.head report report.contact information_request
attendance_coordinator daily_guidance former_enrolment read: {CLASS}
attendance_coordinator daily_guidance branch_assignment read: notice.illness leave.request quality.branch
attendance_coordinator daily_guidance branch_assignment correct: {MARKS}
attendance_coordinator daily_guidance branch_assignment prepare: report
attendance_coordinator daily_guidance head_mandate send: report
attendance_coordinator daily_guidance branch_assignment answer: information_request
attendance_coordinator daily_guidance branch_assignment propose: case.core
attendance_coordinator daily_guidance school_in_case offer: attendance.summary

support_coordinator case_coordination support_involvement read: {PUPIL} pupil.contact attendance.reason.health.fact
support_coordinator case_coordination case_participation read: {CASE} note.support
support_coordinator case_coordination case_participation write: plan note.support
support_coordinator case_coordination case_lead invite: case.core
support_coordinator case_coordination case_lead close: case.core
support_coordinator case_coordination support_involvement refer: referral

head_of_school daily_guidance branch_assignment read: {PUPIL} {MARKS} attendance.reason signal report.head report aggregate.branch.exact
head_of_school daily_guidance branch_assignment read: notice.illness notice.belief leave.request leave.explanation quality.branch
head_of_school daily_guidance branch_assignment mandate: report
head_of_school daily_guidance branch_assignment decide: attendance.authorised
head_of_school daily_guidance branch_assignment approve: report
head_of_school daily_guidance branch_assignment answer: information_request
head_of_school daily_guidance branch_assignment close: aggregate.branch.exact

board_analyst policy_statistics mandate read: aggregate.branch aggregate.board

school_system data_delivery delivery_agreement import: {PUPIL} pupil.number pupil.whereabouts {MARKS} {REASONS} attendance.reason.health attendance.reason.belief attendance.timetable signal
school_system data_delivery delivery_agreement read: import.receipt

# Municipality and region. Identity and contact are those inside the report: no live school data.
attendance_officer compulsory_schooling report_allocation read: pupil.number {REPORT} decision note.enforcement information_request
attendance_officer compulsory_schooling own_file read: pupil.number {REPORT} decision note.enforcement information_request
attendance_officer compulsory_schooling earlier_report read: {REPORT} decision note.enforcement
attendance_officer compulsory_schooling residence read: leave.request leave.explanation
attendance_officer compulsory_schooling residence decide: leave.request
attendance_officer compulsory_schooling report_allocation take_on: report
attendance_officer compulsory_schooling report_allocation assign: report
attendance_officer compulsory_schooling report_allocation ask_back: report
attendance_officer compulsory_schooling report_allocation decide: decision
attendance_officer compulsory_schooling report_allocation write: note.enforcement
attendance_officer compulsory_schooling report_allocation close: report
attendance_officer compulsory_schooling report_allocation request: information_request
attendance_officer compulsory_schooling report_allocation refer: referral
attendance_officer case_coordination report_allocation open: case.core
attendance_officer case_coordination case_participation read: {CASE} conference attendance.summary
attendance_officer case_coordination case_participation write: plan action note.general
attendance_officer case_coordination case_participation agree: plan
attendance_officer case_coordination case_lead invite: case.core
attendance_officer case_coordination case_lead close: case.core

attendance_adviser prevention_advice mandate read: aggregate.branch aggregate.municipality
attendance_adviser prevention_advice mandate advise: aggregate.branch

office_allocator compulsory_schooling office read: report.head
office_allocator compulsory_schooling office assign: report.head

transition_coach transition transition_report read: report.head report report.contact
transition_coach transition transition_report take_on: report
transition_coach transition transition_report close: report
transition_coach transition invitation read: case.core
transition_coach transition case_participation read: {CASE}

absence_register compulsory_schooling register_task allocate: report

# The other partners
alliance_consultant special_needs_support referral read: {PUPIL}
alliance_consultant special_needs_support statutory_referral read: {HEALTH}
alliance_consultant special_needs_support invitation read: case.core
alliance_consultant special_needs_support case_participation read: {CASE} note.support
alliance_consultant special_needs_support case_participation write: action note.support
alliance_consultant special_needs_support case_participation agree: plan

alliance_analyst policy_statistics mandate read: aggregate.alliance aggregate.branch

youth_doctor youth_health referral read: pupil.identity pupil.contact attendance.rate {HEALTH}
youth_doctor youth_health consent write: note.general

youth_care_worker youth_care invitation read: case.core
youth_care_worker youth_care case_participation read: {CASE} conference attendance.summary
youth_care_worker youth_care own_notes read: note.youth_care
youth_care_worker youth_care case_participation write: action note.general note.youth_care
youth_care_worker youth_care case_participation agree: plan

child_protection_worker youth_care invitation read: case.core
child_protection_worker youth_care court_measure read: {CASE} conference attendance.summary pupil.contact
child_protection_worker youth_care own_notes read: note.youth_care
child_protection_worker youth_care court_measure write: action note.general note.youth_care
child_protection_worker youth_care court_measure agree: plan

referral_partner referral referral read: referral
referral_partner referral referral receive: referral

inspector supervision mandate read: {FIGURES} aggregate.national
policy_maker policy_statistics mandate read: aggregate.region aggregate.national
reporting_client policy_statistics mandate read: {FIGURES}

# The family. What tells where the child is needs that nobody is protected from it.
guardian own_data authority read: pupil.identity attendance.rate {MARKS} signal
guardian own_data authority_unprotected read: pupil.enrolment pupil.whereabouts report.head report case.core case.identity log.own.organisation
guardian own_data authority_under_16 read: {REASONS} log.own
guardian own_data family_file read: case.participants attendance.summary plan action note.general consent
guardian own_data authority read: leave.request
guardian own_data authority_under_16 read: notice.illness notice.belief
guardian own_data authority request: notice.illness notice.belief leave.request leave.explanation
guardian own_data own_contact read: pupil.contact
guardian own_data authority contest: {MARKS}
guardian own_data family_file give: consent
guardian own_data family_file write: note.general

parent_without_authority own_data filiation read: attendance.rate plan.headline

young_person own_data self_from_12 read: {PUPIL} {MARKS} signal case.core plan action
young_person own_data self_from_16 read: pupil.whereabouts attendance.timetable {REASONS} attendance.reason.health attendance.reason.belief report.head report case.identity case.participants note.general attendance.summary log.own log.own.organisation consent
young_person own_data self_from_12 read: leave.request
young_person own_data self_from_16 read: notice.illness notice.belief leave.explanation
young_person own_data self_from_16 contest: {MARKS}
young_person own_data self_from_16 give: consent
young_person own_data self_from_16 object: log.own
young_person own_data self_from_16 write: note.general

# Accountability and the platform
privacy_officer accountability appointment read: log.organisation emergency staff
privacy_officer accountability appointment review: emergency
privacy_officer accountability appointment advise: log.organisation
privacy_officer accountability appointment hold: log.organisation
"""

BEYOND = f"""
# Figures of a municipality, a region and the country are read beside those that lie in them
board_analyst policy_statistics comparison read: aggregate.municipality aggregate.region aggregate.national
alliance_analyst policy_statistics comparison read: aggregate.municipality aggregate.region aggregate.national
attendance_adviser prevention_advice comparison read: aggregate.region aggregate.national

# The board locks what its schools closed, so that their figures can be released
board_analyst policy_statistics mandate lock: aggregate.board

# Whoever keeps a school's records registers contacts, family and what is protected, and sees it
attendance_coordinator daily_guidance branch_assignment read: pupil.whereabouts
attendance_coordinator daily_guidance branch_assignment register: pupil.contact pupil.whereabouts

# A file is withheld by who leads the case, and by the officer who opened it, also when it is closed
support_coordinator case_coordination case_lead withhold: case.core
attendance_officer case_coordination case_lead withhold: case.core
attendance_officer case_coordination kept_case withhold: case.core

# And ends what is so no longer, also of a pupil who left
attendance_coordinator daily_guidance branch_assignment end: pupil.contact pupil.whereabouts
attendance_coordinator daily_guidance former_enrolment end: pupil.contact pupil.whereabouts

# The office keeps its own records of exemption and non-enrolment; no school reads any of them
attendance_officer compulsory_schooling office_record read: {OFFICE_RECORDS}
attendance_officer compulsory_schooling appointment register: exemption exemption.health exemption.belief
attendance_officer compulsory_schooling office_record end: exemption exemption.health exemption.belief
attendance_officer compulsory_schooling appointment open: non_enrolment
attendance_officer compulsory_schooling office_record close: non_enrolment
guardian own_data family_file read: {OFFICE_RECORDS}
young_person own_data self_from_16 read: {OFFICE_RECORDS}

# M@ZL: the coordinator of a school sees worrisome sickness and refers to the youth doctor
attendance_coordinator daily_guidance branch_assignment refer: referral

# Who answers an art. 18 request reads it
head_of_school daily_guidance branch_assignment read: information_request

# Who takes part in a case as coordinator of a school sees it as the other partners do, and works in it
support_coordinator case_coordination invitation read: case.core
support_coordinator case_coordination case_participation read: conference attendance.summary
support_coordinator case_coordination case_participation write: action note.general
support_coordinator case_coordination case_participation agree: plan
alliance_consultant special_needs_support case_participation write: note.general
youth_doctor youth_health invitation read: case.core
youth_doctor youth_health case_participation read: case.core case.identity case.participants

# Disclosure of youth care's notes on consent, to whom the consent names
support_coordinator case_coordination consent read: note.youth_care
attendance_officer case_coordination consent read: note.youth_care
alliance_consultant special_needs_support consent read: note.youth_care

# Under a measure of the court: whose contacts these are
child_protection_worker youth_care court_measure read: pupil.identity

# A parent without authority: whose rate this is
parent_without_authority own_data filiation read: pupil.identity

# Emergency access, for the roles that may have to find a child
attendance_officer emergency working_relation declare: emergency
attendance_officer emergency emergency read: pupil.identity pupil.contact pupil.whereabouts
youth_doctor emergency working_relation declare: emergency
youth_doctor emergency emergency read: pupil.identity pupil.contact pupil.whereabouts
youth_care_worker emergency working_relation declare: emergency
youth_care_worker emergency emergency read: pupil.identity pupil.contact pupil.whereabouts
child_protection_worker emergency working_relation declare: emergency
child_protection_worker emergency emergency read: pupil.identity pupil.contact pupil.whereabouts

# Who keeps the organisations and the platform in order
organisation_administrator administration appointment read: staff
organisation_administrator administration appointment appoint: staff
organisation_administrator administration appointment register: court_measure
platform_operator operation processing_agreement register: organisation
platform_operator operation processing_agreement appoint: staff
platform_job policy_statistics processing_agreement aggregate: {PUPIL} {MARKS} attendance.reason.health.fact report.head plan aggregate.branch.exact
platform_job accountability processing_agreement account: log.own log.own.shielded
platform_job accountability processing_agreement erase: change
"""

HELD_BACK = """
# The number serves matching and is read by nobody (ops/decisions/0005-the-number-is-an-index.md)
attendance_officer compulsory_schooling report_allocation read: pupil.number
attendance_officer compulsory_schooling own_file read: pupil.number

# Contact persons of a pupil who left are not kept up by the school
attendance_coordinator daily_guidance former_enrolment read: pupil.contact

# The allocator divides the work; an officer takes on what is hers
attendance_officer compulsory_schooling report_allocation assign: report

# No tie leads from a parent without authority to a case; the law says on request, to who works there
parent_without_authority own_data filiation read: plan.headline

# A view of the family beside what others wrote: contesting is there, appending is not yet
guardian own_data family_file write: note.general
young_person own_data self_from_16 write: note.general
"""

Row = tuple[str, str, str, str, str]


def rows(text: str) -> set[Row]:
    """Return every (role, purpose, tie, activity, data class) of a text."""
    found: set[Row] = set()
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        heading, _, classes = line.partition(":")
        role, purpose, tie, activity = heading.split()
        found |= {(role, purpose, tie, activity, name) for name in classes.split()}
    return found


def permitted() -> set[Row]:
    """Return every (role, purpose, tie, activity, data class) that is permitted."""
    return rows(DRAFT) - rows(HELD_BACK) | rows(BEYOND)

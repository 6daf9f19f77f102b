"""What the ties of schools, offices and partners reach, by the page that says what ties mean."""

from datetime import date
from uuid import UUID

from domain.reach import Kind
from permissions.vocabulary import End, Tie
from tests.proof.facts import Enrolment, HeadMandate, Membership, Served
from tests.proof.facts_of_work import (
    Allocation,
    Case,
    Consent,
    Emergency,
    Extract,
    Measure,
    Note,
    Participation,
    Report,
)
from tests.proof.standing import TWENTY_SEVEN, Reached, Standing, birthday
from tests.proof.tying import means

FIVE_YEARS = 5
E, K, T = End, Kind, Tie

# --- schools ---------------------------------------------------------------------------------


@means(T.CLASS_ASSIGNMENT, K.PUPIL, E.ASSIGNMENT)
def pupils_of_class(me: Standing) -> Reached:
    """Yield the pupils that are members, today, of a class the actor works for."""
    for work in me.work:
        if work.class_group_id is not None:
            for member in me.world.where(Membership, "class_group_id", work.class_group_id):
                if me.lasts(member.valid_from, member.valid_until):
                    yield member.pupil_id, work.valid_until


@means(T.CLASS_ASSIGNMENT, K.CASE, E.ASSIGNMENT)
def cases_of_class(me: Standing) -> Reached:
    """Yield the cases about those pupils' young persons in which the board takes part."""
    mine = dict(pupils_of_class(me))
    for part in me.parts_of_board():
        for record in me.records(part.young_person_id):
            if record.id in mine:
                yield part.case_id, mine[record.id]


@means(T.BRANCH_ASSIGNMENT, K.BRANCH, E.ASSIGNMENT)
def branches_of_work(me: Standing) -> Reached:
    """Yield the branches the actor works at."""
    for work in me.work:
        if work.branch_id is not None:
            yield work.branch_id, work.valid_until


@means(T.BRANCH_ASSIGNMENT, K.PUPIL, E.ASSIGNMENT)
def pupils_of_branch(me: Standing) -> Reached:
    """Yield the pupils whose enrolment at such a branch holds today."""
    for branch, until in branches_of_work(me):
        for enrolment in me.enrolled_at(_uuid(branch)):
            yield enrolment.pupil_id, until


@means(T.BRANCH_ASSIGNMENT, K.REPORT, E.ASSIGNMENT)
def reports_of_branch(me: Standing) -> Reached:
    """Yield the reports that such a branch prepared."""
    for branch, until in branches_of_work(me):
        for report in me.world.where(Report, "branch_id", branch):
            yield report.id, until


@means(T.FORMER_ENROLMENT, K.PUPIL, E.SCHOOL_RETENTION)
def former_pupils(me: Standing) -> Reached:
    """Yield the pupils whose last enrolment with the board was at such a branch, not long ago."""
    for branch, _ in branches_of_work(me):
        for last in me.world.where(Enrolment, "branch_id", branch):
            if last.valid_until is None or last.valid_until > me.today:
                continue
            kept_until = birthday(last.valid_until, FIVE_YEARS)
            others = (
                e for e in me.world.where(Enrolment, "pupil_id", last.pupil_id) if e is not last
            )
            if me.today < kept_until and not any(
                e.valid_until is None or e.valid_until > last.valid_until for e in others
            ):
                yield last.pupil_id, kept_until


@means(T.HEAD_MANDATE, K.BRANCH, E.MANDATE)
def mandated_branches(me: Standing) -> Reached:
    """Yield the branches the actor works at, for which the head's mandate to the actor holds."""
    for mandate in me.world.where(HeadMandate, "coordinator_id", me.actor.id):
        if (
            mandate.organisation_id == me.actor.organisation
            and me.holds(mandate.valid_from, mandate.valid_until)
            and me.works_at(mandate.branch_id)
        ):
            yield mandate.branch_id, mandate.valid_until


@means(T.HEAD_MANDATE, K.REPORT, E.MANDATE)
def mandated_reports(me: Standing) -> Reached:
    """Yield the reports that such a branch prepared."""
    for branch, until in mandated_branches(me):
        for report in me.world.where(Report, "branch_id", branch):
            yield report.id, until


@means(T.SUPPORT_INVOLVEMENT, K.PUPIL, E.PARTICIPATION)
def involved_pupils(me: Standing) -> Reached:
    """Yield the organisation's pupils at the branch for which the actor takes part about them."""
    for part in me.parts:
        if part.branch_id is None:
            continue
        here = {e.pupil_id for e in me.enrolled_at(part.branch_id)}
        for record in me.records(part.young_person_id):
            if record.id in here and record.controller_id == me.actor.organisation:
                yield record.id, part.ended_at


@means(T.SCHOOL_IN_CASE, K.CASE, E.PARTICIPATION)
def cases_of_branch(me: Standing) -> Reached:
    """Yield the cases in which the board takes part for such a branch, the pupil still there."""
    branches = {branch for branch, _ in branches_of_work(me)}
    for part in me.parts_of_board():
        if part.branch_id in branches and part.branch_id is not None:
            here = {e.pupil_id for e in me.enrolled_at(part.branch_id)}
            if any(record.id in here for record in me.records(part.young_person_id)):
                yield part.case_id, part.ended_at


# --- offices ---------------------------------------------------------------------------------


@means(T.REPORT_ALLOCATION, K.REPORT, E.REPORT_CLOSED)
@means(T.OFFICE, K.REPORT, E.REPORT_CLOSED)
def allocated_reports(me: Standing) -> Reached:
    """Yield the reports whose allocation to the token's organisation holds."""
    if me.work:
        for allocation in me.world.where(Allocation, "office_id", me.actor.organisation):
            if me.holds(allocation.valid_from, allocation.valid_until):
                yield allocation.report_id, allocation.valid_until


@means(T.OWN_FILE, K.REPORT, E.REPORT_RETENTION)
def own_files(me: Standing) -> Reached:
    """Yield the closed reports that the actor took on, until their retention is past."""
    if me.work:
        for report in me.world.where(Report, "taken_on_by", me.actor.id):
            if report.state == "closed" and me.today <= report.retained_until:
                yield report.id, report.retained_until


@means(T.EARLIER_REPORT, K.REPORT, E.REPORT_RETENTION)
def earlier_reports(me: Standing) -> Reached:
    """Yield closed reports the office once had, while it has another on the same young person."""
    current = {report for report, _ in allocated_reports(me)}
    for allocation in me.world.where(Allocation, "office_id", me.actor.organisation):
        if not me.work or allocation.valid_from > me.now:
            continue
        (report,) = me.world.where(Report, "id", allocation.report_id)
        others = me.world.where(Report, "young_person_id", report.young_person_id)
        if (
            report.state == "closed"
            and me.today <= report.retained_until
            and any(other.id in current for other in others if other.id != report.id)
        ):
            yield report.id, report.retained_until


@means(T.TRANSITION_REPORT, K.REPORT, E.AGE_27)
def transition_reports(me: Standing) -> Reached:
    """Yield the transition reports of a municipality served now, to the 27th birthday."""
    served = {
        s.municipality_code
        for s in me.world.where(Served, "organisation_id", me.actor.organisation)
        if me.work and me.holds(s.valid_from, s.valid_until)
    }
    for report in me.world.where(Report, "kind", "transition"):
        (extract,) = me.world.where(Extract, "report_id", report.id)
        if (
            report.state != "draft"
            and report.municipality_code in served
            and me.under(extract.birth_date, TWENTY_SEVEN)
        ):
            yield report.id, birthday(extract.birth_date or date.min, TWENTY_SEVEN)


@means(T.REGISTER_TASK, K.REPORT, E.REPORT_CLOSED)
def registered_reports(me: Standing) -> Reached:
    """Yield the reports that are sent or allocated."""
    for report in me.world[Report]:
        if report.state in {"sent", "allocated"}:
            yield report.id, None


# --- cases -----------------------------------------------------------------------------------


@means(T.CASE_PARTICIPATION, K.CASE, E.PARTICIPATION)
def cases_taken_part_in(me: Standing) -> Reached:
    """Yield the cases the actor takes part in."""
    for part in me.parts:
        yield part.case_id, part.ended_at


@means(T.CASE_LEAD, K.CASE, E.CASE_CLOSED)
def cases_led(me: Standing) -> Reached:
    """Yield the cases the actor takes part in as lead."""
    for part in me.parts:
        if part.is_lead:
            yield part.case_id, part.ended_at


@means(T.KEPT_CASE, K.CASE, E.ASSIGNMENT)
def cases_kept(me: Standing) -> Reached:
    """Yield the cases that the actor opened for where it works, open or closed."""
    for work in me.work:
        for case in me.world.where(Case, "opened_by", me.actor.id):
            if case.controller_id == me.actor.organisation:
                yield case.id, work.valid_until


def open_invitations(me: Standing) -> list[Participation]:
    """Return the unanswered, unended invitations to where the actor works, as what they work."""
    return [
        p
        for p in me.world.where(Participation, "organisation_id", me.actor.organisation)
        if p.role == me.actor.role
        and p.purpose == me.actor.purpose
        and p.answered_at is None
        and me.holds(p.invited_at, p.ended_at)
        and me.works_at(p.branch_id)
    ]


@means(T.INVITATION, K.INVITATION, E.INVITATION_ANSWERED)
def invitations(me: Standing) -> Reached:
    """Yield the open invitations."""
    for part in open_invitations(me):
        yield part.id, part.ended_at


@means(T.INVITATION, K.CASE, E.INVITATION_ANSWERED)
def cases_invited_to(me: Standing) -> Reached:
    """Yield the cases of the open invitations."""
    for part in open_invitations(me):
        yield part.case_id, part.ended_at


@means(T.OWN_NOTES, K.NOTE, E.PARTICIPATION)
def own_notes(me: Standing) -> Reached:
    """Yield the notes, in the actor's cases, of authors who took part for its organisation."""
    for note, author, part in _notes(me):
        if author.organisation_id == me.actor.organisation:
            yield note.id, part.ended_at


@means(T.CONSENT, K.CASE, E.CONSENT)
def cases_with_consent(me: Standing) -> Reached:
    """Yield the actor's cases with consent for what its organisation shares in general."""
    for part in me.parts:
        for consent in _consents(me, part.case_id, "note.general"):
            if consent.from_organisation_id == me.actor.organisation:
                yield part.case_id, consent.valid_until


@means(T.CONSENT, K.NOTE, E.CONSENT)
def notes_with_consent(me: Standing) -> Reached:
    """Yield the notes in the actor's cases that may go from the author's to its organisation."""
    for note, author, part in _notes(me):
        for consent in _consents(me, part.case_id, note.data_class):
            if (
                consent.from_organisation_id == author.organisation_id
                and consent.to_organisation_id == me.actor.organisation
                and consent.to_organisation_id is not None
            ):
                yield note.id, consent.valid_until


@means(T.COURT_MEASURE, K.CASE, E.MEASURE)
def cases_under_measure(me: Standing) -> Reached:
    """Yield the actor's cases about young persons for whom its institution has a measure."""
    for part in me.parts:
        for measure in me.world.where(Measure, "young_person_id", part.young_person_id):
            if measure.controller_id == me.actor.organisation and me.holds(
                measure.valid_from, measure.valid_until
            ):
                yield part.case_id, measure.valid_until


@means(T.COURT_MEASURE, K.PUPIL, E.MEASURE)
def pupils_under_measure(me: Standing) -> Reached:
    """Yield any board's record of the young persons of those cases."""
    until = dict(cases_under_measure(me))
    for part in me.parts:
        if part.case_id in until:
            for record in me.records(part.young_person_id):
                yield record.id, until[part.case_id]


# --- referrals and emergencies ---------------------------------------------------------------


@means(T.REFERRAL, K.REFERRAL, E.REFERRAL)
def referrals(me: Standing) -> Reached:
    """Yield the referrals to the token's organisation and role."""
    for referral in me.referrals() if me.work else []:
        yield referral.id, referral.valid_until


@means(T.REFERRAL, K.PUPIL, E.REFERRAL)
def referred_pupils(me: Standing) -> Reached:
    """Yield the pupils that were referred."""
    for referral in me.referrals() if me.work else []:
        if referral.pupil_id is not None:
            yield referral.pupil_id, referral.valid_until


@means(T.STATUTORY_REFERRAL, K.PUPIL, E.REFERRAL)
def statutorily_referred_pupils(me: Standing) -> Reached:
    """Yield the pupils that were referred for a statutory task."""
    for referral in me.referrals() if me.work else []:
        if referral.pupil_id is not None and referral.kind == "statutory":
            yield referral.pupil_id, referral.valid_until


@means(T.WORKING_RELATION, K.YOUNG_PERSON, E.ASSIGNMENT)
def young_persons_worked_with(me: Standing) -> Reached:
    """Yield the young persons of the organisation's cases, reports or referrals in that role."""
    for work in me.work:
        for part in me.world.where(Participation, "organisation_id", me.actor.organisation):
            if part.role == me.actor.role and me.is_held(part):
                yield part.young_person_id, work.valid_until
        if me.actor.role == "attendance_officer":
            for report, _ in allocated_reports(me):
                (found,) = me.world.where(Report, "id", report)
                yield found.young_person_id, work.valid_until
        for referral in me.referrals():
            yield referral.young_person_id, work.valid_until


@means(T.EMERGENCY, K.PUPIL, E.EMERGENCY)
def pupils_in_emergency(me: Standing) -> Reached:
    """Yield any board's record of the young person of the actor's own declaration."""
    for declared in me.world.where(Emergency, "actor_id", me.actor.id):
        if (
            me.work
            and declared.controller_id == me.actor.organisation
            and declared.role == me.actor.role
            and declared.declared_at <= me.now < declared.ends_at
            and declared.finding != "not_justified"
        ):
            for record in me.records(declared.young_person_id):
                yield record.id, declared.ends_at


# --- parts -----------------------------------------------------------------------------------


def _notes(me: Standing) -> list[tuple[Note, Participation, Participation]]:
    """Return the notes in the actor's cases: each with its author's part and the actor's own."""
    return [
        (note, author, part)
        for part in me.parts
        for note in me.world.where(Note, "case_id", part.case_id)
        for author in me.world.where(Participation, "id", note.author_id)
    ]


def _consents(me: Standing, case: UUID, data_class: str) -> list[Consent]:
    """Return the consents in a case, for a class, that hold and whose giver still has the right."""
    return [
        c
        for c in me.world.where(Consent, "case_id", case)
        if c.data_class == data_class and me.holds(c.valid_from, c.valid_until) and me.is_upheld(c)
    ]


def _uuid(value: object) -> UUID:
    """Return a reached key as the UUID it is."""
    assert isinstance(value, UUID)
    return value

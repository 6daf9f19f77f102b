"""Which rows the application's login gives an actor: by class, and facts beyond that."""

from typing import Any

from domain.reach import Kind
from permissions.vocabulary import Activity, DataClass, Role, Tie
from tests.proof import facts as f
from tests.proof import facts_of_work as w
from tests.proof.evaluate import Seer
from tests.proof.facts import Fact
from tests.proof.tables import (
    WEEK,
    Rows,
    Shown,
    Table,
    both,
    by_class,
    chosen,
    joined,
    mine,
    nothing,
    progresses,
    read,
    receipts,
    releases,
    within,
)

A, C, K = Activity, DataClass, Kind


def _classes(me: Seer) -> Rows:
    """Classes of members whose enrolment is seen, and all of an organisation one administers."""
    pupils = me.reads(C.PUPIL_ENROLMENT, K.PUPIL)
    seen: Rows = {m.class_group_id for m in me.world[f.Membership] if m.pupil_id in pupils}
    boards = me.reads(C.STAFF, K.CONTROLLER)
    return seen | {g.id for g in me.world[f.ClassGroup] if g.controller_id in boards}


def _notes(me: Seer) -> Rows:
    """Notes by their class: on the case, and those of youth care one by one."""
    return {
        note.id
        for note in me.world[w.Note]
        if (
            note.id in me.reads(C.NOTE_YOUTH_CARE, K.NOTE)
            if note.data_class == C.NOTE_YOUTH_CARE
            else note.case_id in me.reads(DataClass(note.data_class), K.CASE)
        )
    }


def _notices(me: Seer) -> Rows:
    """Notices by their class, on what they are about; and those of one's own deliveries."""
    own = receipts(me)
    about = {
        "note.youth_care": (K.NOTE, "note_id"),
        "report.head": (K.REPORT, "report_id"),
        "import.receipt": (K.RECEIPT, "receipt_id"),
    }

    def known(notice: w.Announcement) -> bool:
        at_case = (K.CASE, "case_id") if notice.case_id else (K.PUPIL, "pupil_id")
        kind, column = about.get(notice.data_class, at_case)
        return getattr(notice, column) in me.reads(DataClass(notice.data_class), kind)

    return {n.number for n in me.world[w.Announcement] if n.receipt_id in own or known(n)}


def _parts(me: Seer, part: w.Participation) -> bool:
    """Parts that tie: one's own, invitations, the own school's, those of a working relation."""
    if part.organisation_id != me.actor.organisation:
        return False
    return (
        part.staff_id == me.actor.id
        or part.id in me.reached(Tie.INVITATION, K.INVITATION)
        or part.case_id in me.objects(A.OFFER, C.ATTENDANCE_SUMMARY, K.CASE)
        or (
            part.role == Role.SUPPORT_COORDINATOR
            and part.case_id in me.reached(Tie.CLASS_ASSIGNMENT, K.CASE)
        )
        or (
            part.role == me.actor.role
            and part.young_person_id in me.objects(A.DECLARE, C.EMERGENCY, K.YOUNG_PERSON)
        )
    )


def _related(me: Seer, report: w.Report) -> bool:
    """Reports that make a working relation: those allocated to the actor's office now."""
    relation = me.objects(A.DECLARE, C.EMERGENCY, K.YOUNG_PERSON)
    return bool(relation) and report.id in me.reached(Tie.REPORT_ALLOCATION, K.REPORT)


def _allocated(me: Seer, allocation: w.Allocation) -> bool:
    """Allocations of a related report, to the actor's own office."""
    relation = me.objects(A.DECLARE, C.EMERGENCY, K.YOUNG_PERSON)
    return (
        bool(relation)
        and allocation.office_id == me.actor.organisation
        and allocation.report_id in me.reached(Tie.REPORT_ALLOCATION, K.REPORT)
    )


def _opened(me: Seer, case: w.Case) -> bool:
    """Cases whose report one may open a case from, not a second time; and those one opened."""
    return case.report_id in me.objects(A.OPEN, C.CASE_CORE, K.REPORT) or case.id in me.objects(
        A.WITHHOLD, C.CASE_CORE, K.CASE
    )


def _measures(me: Seer, measure: w.Measure) -> bool:
    """Measures of the own institution, for who takes part in a case about the young person."""
    return measure.controller_id == me.actor.organisation and any(
        part.young_person_id == measure.young_person_id for part in me.standing.parts
    )


def _protections(me: Seer, protection: f.Protection) -> bool:
    """Protections that limit the actor's own access, and those of the own school's pupils."""
    own = [a.young_person_id for a in me.world[f.Authority] if a.guardian_id == me.actor.id]
    own += [x.young_person_id for x in me.world[f.Filiation] if x.parent_id == me.actor.id]
    return protection.young_person_id in own or _registered(me, protection, C.PUPIL_WHEREABOUTS)


def _registered(me: Seer, fact: Any, data_class: DataClass) -> bool:
    """Facts that the own school registered on a pupil that one may end such facts of."""
    pupils = me.objects(A.END, data_class, K.PUPIL)
    return fact.controller_id == me.actor.organisation and any(
        record.id in pupils for record in me.standing.records(fact.young_person_id)
    )


def _of_giver(me: Seer, fact: Any, person: object) -> bool:
    """Authorities and accounts of who gave leave that concerns the own organisation."""
    return me.standing.holds(fact.valid_from, fact.valid_until) and any(
        consent.given_by == person
        and consent.young_person_id == fact.young_person_id
        and me.actor.organisation in {consent.from_organisation_id, consent.to_organisation_id}
        for part in me.standing.parts
        for consent in me.world.where(w.Consent, "case_id", part.case_id)
    )


def _withheld(me: Seer, held: w.Withholding) -> bool:
    """Withholdings that limit the actor's own access, and those of cases one may withhold."""
    own = held.guardian_id in {None, me.actor.id} and me.actor.role is Role.GUARDIAN
    return (own and held.case_id in me.reads(C.CASE_CORE, K.CASE)) or held.case_id in me.objects(
        A.WITHHOLD, C.CASE_CORE, K.CASE
    )


def _consented(me: Seer, consent: w.Consent) -> bool:
    """Consents one gave, and those between parties for whom is a party."""
    parties = {consent.from_organisation_id, consent.to_organisation_id}
    return consent.given_by == me.actor.id or (
        me.actor.organisation in parties
        and consent.case_id in me.reads(C.CASE_PARTICIPANTS, K.CASE)
    )


def _referred(me: Seer, referral: w.Referral) -> bool:
    """Referrals of the own organisation that one made or might make; those to one's own post."""
    if referral.controller_id == me.actor.organisation and (
        referral.referred_by == me.actor.id
        or referral.pupil_id in me.objects(A.REFER, C.REFERRAL, K.PUPIL)
        or referral.report_id in me.objects(A.REFER, C.REFERRAL, K.REPORT)
    ):
        return True
    return bool(me.standing.work) and referral in me.standing.referrals()


def _enrolled(me: Seer, enrolment: f.Enrolment) -> bool:
    """Enrolments that hold, of pupils who are referred to one's own post."""
    return bool(me.standing.work) and any(
        enrolment in me.standing.enrolments_of(referral.pupil_id)
        for referral in me.standing.referrals()
        if referral.pupil_id is not None
    )


def _notified(me: Seer, notice: w.Notice) -> bool:
    """Notices one made oneself about a child one may notify of: whoever made one settles it."""
    return notice.notified_by == me.actor.id and notice.pupil_id in me.objects(
        A.REQUEST, C.NOTICE_ILLNESS, K.PUPIL
    )


def _leave(kind: type[Fact], data_class: DataClass, column: str) -> Shown:
    """Rows about a request for leave: by the pupil, or by the request itself."""
    return within(
        kind,
        [(A.READ, data_class, K.PUPIL, "pupil_id"), (A.READ, data_class, K.LEAVE, column)],
        column,
    )


def _office(kind: type[Fact], column: str) -> Shown:
    """Rows about a report that one sees the head of, or may open a case from."""
    return within(
        kind,
        [(A.READ, C.REPORT_HEAD, K.REPORT, column), (A.OPEN, C.CASE_CORE, K.REPORT, column)],
        "id",
    )


def _staffed(kind: type[Fact], column: str, own: str) -> Table:
    """A table about staff: what an administrator reads, and the actor's own rows."""
    read_by = within(kind, [(A.READ, C.STAFF, K.CONTROLLER, column)], "id")
    return Table(kind, both(read_by, mine(kind, own)))


PLAN_AGREEMENT = joined("plan_id", "participation_id")

APP: tuple[Table, ...] = (
    Table(f.Release, releases),
    read(f.BranchPeriod, C.AGGREGATE_BRANCH_EXACT, K.BRANCH, "branch_id"),
    read(f.BranchTable, C.AGGREGATE_BRANCH_EXACT, K.BRANCH, "branch_id"),
    _staffed(f.Staff, "controller_id", "id"),
    _staffed(f.Assignment, "organisation_id", "staff_id"),
    Table(
        f.HeadMandate,
        both(
            within(f.HeadMandate, [(A.MANDATE, C.REPORT, K.BRANCH, "branch_id")], "id"),
            mine(f.HeadMandate, "coordinator_id"),
        ),
    ),
    Table(f.ClassGroup, _classes),
    Table(f.Agreement, mine(f.Agreement, "client_id")),
    read(f.Pupil, C.PUPIL_IDENTITY, K.PUPIL, "id"),
    read(f.Residence, C.PUPIL_WHEREABOUTS, K.PUPIL, "pupil_id", "pupil_id"),
    Table(
        f.Enrolment,
        within(f.Enrolment, [(A.READ, C.PUPIL_ENROLMENT, K.PUPIL, "pupil_id")], "id"),
        chosen(f.Enrolment, _enrolled),
    ),
    read(f.Membership, C.PUPIL_ENROLMENT, K.PUPIL, "pupil_id"),
    Table(
        f.Contact,
        within(
            f.Contact,
            [
                (A.READ, C.PUPIL_CONTACT, K.PUPIL, "pupil_id"),
                (A.READ, C.PUPIL_CONTACT, K.CONTACT, "id"),
            ],
            "id",
        ),
    ),
    Table(
        f.Authority,
        mine(f.Authority, "guardian_id"),
        both(
            chosen(f.Authority, lambda me, x: _registered(me, x, C.PUPIL_CONTACT)),
            chosen(f.Authority, lambda me, x: _of_giver(me, x, x.guardian_id)),
        ),
    ),
    Table(
        f.Filiation,
        mine(f.Filiation, "parent_id"),
        chosen(f.Filiation, lambda me, x: _registered(me, x, C.PUPIL_CONTACT)),
    ),
    Table(
        f.OwnAccount,
        mine(f.OwnAccount, "account_id"),
        both(
            chosen(f.OwnAccount, lambda me, x: _registered(me, x, C.PUPIL_CONTACT)),
            chosen(f.OwnAccount, lambda me, x: _of_giver(me, x, x.account_id)),
        ),
    ),
    Table(f.Protection, nothing, chosen(f.Protection, _protections)),
    Table(w.Absence, by_class(w.Absence, A.READ, K.PUPIL, "pupil_id")),
    Table(
        w.Reason,
        by_class(w.Reason, A.READ, K.PUPIL, "pupil_id", "absence_id"),
        key="absence_id",
    ),
    Table(
        w.Presumed,
        by_class(w.Presumed, A.READ, K.PUPIL, "pupil_id", "absence_id"),
        key="absence_id",
    ),
    read(w.Week, C.ATTENDANCE_RATE, K.PUPIL, "pupil_id", WEEK),
    Table(w.DimensionWeek, by_class(w.DimensionWeek, A.READ, K.PUPIL, "pupil_id")),
    Table(w.Signal, by_class(w.Signal, A.READ, K.PUPIL, "pupil_id")),
    Table(
        w.Notice,
        by_class(w.Notice, A.READ, K.PUPIL, "pupil_id"),
        chosen(w.Notice, _notified),
    ),
    Table(w.Leave, _leave(w.Leave, C.LEAVE_REQUEST, "id")),
    Table(
        w.LeaveExplanation,
        _leave(w.LeaveExplanation, C.LEAVE_EXPLANATION, "leave_id"),
        key="leave_id",
    ),
    Table(w.Exemption, by_class(w.Exemption, A.READ, K.EXEMPTION, "id")),
    read(w.NonEnrolment, C.NON_ENROLMENT, K.NON_ENROLMENT, "id"),
    Table(
        w.Report,
        within(w.Report, [(A.READ, C.REPORT_HEAD, K.REPORT, "id")], "id"),
        chosen(w.Report, _related),
    ),
    read(w.Extract, C.REPORT, K.REPORT, "report_id", "report_id"),
    read(w.ReportContact, C.REPORT_CONTACT, K.REPORT, "report_id"),
    Table(w.Allocation, _office(w.Allocation, "report_id"), chosen(w.Allocation, _allocated)),
    Table(
        w.Case,
        within(w.Case, [(A.READ, C.CASE_CORE, K.CASE, "id")], "id"),
        chosen(w.Case, _opened),
    ),
    read(w.CaseIdentity, C.CASE_IDENTITY, K.CASE, "case_id", "case_id"),
    Table(
        w.Participation,
        within(w.Participation, [(A.READ, C.CASE_PARTICIPANTS, K.CASE, "case_id")], "id"),
        chosen(w.Participation, _parts),
    ),
    read(w.Summary, C.ATTENDANCE_SUMMARY, K.CASE, "case_id"),
    read(w.Plan, C.PLAN, K.CASE, "case_id"),
    read(w.PlanAgreement, C.PLAN, K.CASE, "case_id", PLAN_AGREEMENT),
    read(w.Action, C.ACTION, K.CASE, "case_id"),
    Table(w.Note, _notes),
    Table(
        w.Consent,
        within(w.Consent, [(A.READ, C.CONSENT, K.CASE, "case_id")], "id"),
        chosen(w.Consent, _consented),
    ),
    Table(w.Withholding, nothing, chosen(w.Withholding, _withheld)),
    Table(
        w.Measure,
        within(w.Measure, [(A.REGISTER, C.COURT_MEASURE, K.CONTROLLER, "controller_id")], "id"),
        chosen(w.Measure, _measures),
    ),
    Table(w.Referral, nothing, chosen(w.Referral, _referred)),
    read(w.ReferralFile, C.REFERRAL, K.REFERRAL, "referral_id", "referral_id"),
    Table(
        w.Emergency,
        both(
            within(w.Emergency, [(A.READ, C.EMERGENCY, K.CONTROLLER, "controller_id")], "id"),
            mine(w.Emergency, "actor_id"),
        ),
    ),
    read(w.Alert, C.LOG_ORGANISATION, K.CONTROLLER, "controller_id"),
    read(w.Trace, C.LOG_ORGANISATION, K.CONTROLLER, "controller_id"),
    Table(w.AccessLine, by_class(w.AccessLine, A.READ, K.YOUNG_PERSON, "young_person_id")),
    read(w.LineOrganisation, C.LOG_OWN_ORGANISATION, K.YOUNG_PERSON, "young_person_id", "line_id"),
    Table(
        w.Sighting,
        mine(w.Sighting, "actor_id", joined("actor_id", "young_person_id")),
        key=joined("actor_id", "young_person_id"),
    ),
    Table(w.Receipt, receipts),
    Table(w.Progress, progresses, key="receipt_id"),
    Table(w.Announcement, _notices, key="number"),
    Table(w.Kept, mine(w.Kept, "actor_id", "key"), key="key"),
)

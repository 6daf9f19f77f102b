"""What the policy promises of whole groups of rules, whoever changes one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest

from permissions.table import TABLE
from permissions.vocabulary import (
    AGGREGATE,
    Activity,
    Basis,
    DataClass,
    End,
    Purpose,
    Role,
    Rule,
    Tie,
)

A, C, P, R, T = Activity, DataClass, Purpose, Role, Tie

ABOUT_NOBODY = AGGREGATE | {C.ORGANISATION, C.IMPORT_RECEIPT, C.STAFF}
IN_A_CASE = {T.CASE_PARTICIPATION, T.CASE_LEAD, T.INVITATION, T.OWN_NOTES, T.COURT_MEASURE}
FAMILY = {R.GUARDIAN, R.PARENT_WITHOUT_AUTHORITY, R.YOUNG_PERSON}
SCHOOL = {R.MENTOR, R.ATTENDANCE_COORDINATOR, R.SUPPORT_COORDINATOR, R.HEAD_OF_SCHOOL}
ENDS_OF = {
    T.CLASS_ASSIGNMENT: End.ASSIGNMENT,
    T.BRANCH_ASSIGNMENT: End.ASSIGNMENT,
    T.FORMER_ENROLMENT: End.SCHOOL_RETENTION,
    T.HEAD_MANDATE: End.MANDATE,
    T.SUPPORT_INVOLVEMENT: End.PARTICIPATION,
    T.SCHOOL_IN_CASE: End.PARTICIPATION,
    T.REPORT_ALLOCATION: End.REPORT_CLOSED,
    T.OWN_FILE: End.REPORT_RETENTION,
    T.EARLIER_REPORT: End.REPORT_RETENTION,
    T.OFFICE: End.REPORT_CLOSED,
    T.RESIDENCE: End.OFFICE_RETENTION,
    T.OFFICE_RECORD: End.OFFICE_RETENTION,
    T.TRANSITION_REPORT: End.AGE_27,
    T.CASE_LEAD: End.CASE_CLOSED,
    T.KEPT_CASE: End.ASSIGNMENT,
    T.CASE_PARTICIPATION: End.PARTICIPATION,
    T.INVITATION: End.INVITATION_ANSWERED,
    T.OWN_NOTES: End.PARTICIPATION,
    T.CONSENT: End.CONSENT,
    T.COURT_MEASURE: End.MEASURE,
    T.REFERRAL: End.REFERRAL,
    T.STATUTORY_REFERRAL: End.REFERRAL,
    T.WORKING_RELATION: End.ASSIGNMENT,
    T.EMERGENCY: End.EMERGENCY,
    T.AUTHORITY: End.AUTHORITY,
    T.AUTHORITY_UNPROTECTED: End.AUTHORITY,
    T.AUTHORITY_UNDER_16: End.AGE_16,
    T.FAMILY_FILE: End.AGE_16,
    T.OWN_CONTACT: End.AUTHORITY,
    T.FILIATION: End.FILIATION,
    T.SELF_FROM_12: End.ACCOUNT,
    T.SELF_FROM_16: End.ACCOUNT,
    T.MANDATE: End.MANDATE,
    T.COMPARISON: End.MANDATE,
    T.DELIVERY_AGREEMENT: End.AGREEMENT,
    T.REGISTER_TASK: End.REPORT_CLOSED,
    T.APPOINTMENT: End.APPOINTMENT,
    T.PROCESSING_AGREEMENT: End.AGREEMENT,
}


def chosen(wanted: Callable[[Rule], bool]) -> list[Rule]:
    """Return the rules wanted, of which there must be some: a promise about nothing is empty."""
    found = [rule for rule in TABLE if wanted(rule)]
    assert found
    return found


def readers(what: DataClass) -> set[tuple[Role, Tie]]:
    """Return who reads a class, and by which tie."""
    return {(r.who, r.tie) for r in chosen(lambda r: r.may is A.READ and r.what is what)}


def read_by(role: Role) -> dict[Purpose, set[DataClass]]:
    """Return the data classes a role reads, by purpose."""
    found: defaultdict[Purpose, set[DataClass]] = defaultdict(set)
    for rule in TABLE:
        if rule.who is role and rule.may is A.READ:
            found[rule.purpose].add(rule.what)
    return dict(found)


def about_a_pupil(what: DataClass) -> bool:
    """Return whether a class is the live record of a school about a pupil."""
    return what.startswith(("pupil.", "attendance.", "signal")) and what is not C.ATTENDANCE_SUMMARY


@pytest.mark.parametrize(
    "role",
    [
        R.BOARD_ANALYST, R.ATTENDANCE_ADVISER, R.ALLIANCE_ANALYST, R.INSPECTOR, R.POLICY_MAKER,
        R.REPORTING_CLIENT,
    ],
)  # fmt: skip
def test_roles_that_see_groups_see_no_person(role: Role) -> None:
    """Whoever works with figures has no rule at all on a class about a person."""
    assert {rule.what for rule in chosen(lambda r: r.who is role)} <= AGGREGATE


def test_whoever_reads_figures_reads_nothing_else_for_that_purpose() -> None:
    """Figures and persons never meet in one token, whatever the role."""
    for role in Role:
        for classes in read_by(role).values():
            assert classes <= AGGREGATE or not classes & AGGREGATE


def test_exact_figures_stay_in_the_school() -> None:
    """The exact figures of a branch, not made safe to publish, are its head's alone."""
    exact = chosen(lambda r: r.what is C.AGGREGATE_BRANCH_EXACT and r.may is not A.AGGREGATE)
    assert {(r.who, r.tie) for r in exact} == {(R.HEAD_OF_SCHOOL, T.BRANCH_ASSIGNMENT)}
    added_up = chosen(lambda r: r.what is C.AGGREGATE_BRANCH_EXACT and r.may is A.AGGREGATE)
    assert {r.who for r in added_up} == {R.PLATFORM_JOB}


def test_enforcement_and_case_work_never_meet() -> None:
    """No class that a role reads for case work is read by it for enforcement, or the reverse."""
    for role in Role:
        read = read_by(role)
        case_work = read.get(P.CASE_COORDINATION, set())
        enforcement = read.get(P.COMPULSORY_SCHOOLING, set())
        assert not case_work & enforcement


def test_an_officer_reads_no_live_school_data() -> None:
    """What the school registers reaches an officer in a report or as an offered summary alone.

    But for an emergency that she declared herself, which gives what finds a child.
    """
    live = chosen(
        lambda r: r.who is R.ATTENDANCE_OFFICER and r.may is A.READ and about_a_pupil(r.what)
    )
    assert {(r.purpose, r.tie) for r in live} == {(P.EMERGENCY, T.EMERGENCY)}


def test_opening_a_case_from_a_report_reads_nothing() -> None:
    """The allocation of a report gives a case token the activity OPEN and no read."""
    by_allocation = chosen(
        lambda r: r.tie is T.REPORT_ALLOCATION and r.purpose is P.CASE_COORDINATION
    )
    assert {r.may for r in by_allocation} == {A.OPEN}


def test_taking_part_in_a_case_gives_no_live_data() -> None:
    """A case shows an offered summary of attendance at most: nobody ties themselves to marks.

    Under a measure of the court the child's contact persons may be called.
    """
    by_case = chosen(lambda r: r.tie in IN_A_CASE and about_a_pupil(r.what))
    assert {(r.tie, r.what) for r in by_case} == {
        (T.COURT_MEASURE, C.PUPIL_IDENTITY),
        (T.COURT_MEASURE, C.PUPIL_CONTACT),
    }


def test_an_invitation_shows_the_head_of_the_case_alone() -> None:
    """Until it is answered, an invitation gives the case's head."""
    for rule in chosen(lambda r: r.tie is T.INVITATION):
        assert (rule.may, rule.what) == (A.READ, C.CASE_CORE)


def test_an_allocator_never_sees_the_extract() -> None:
    """Work is divided by the head of a report; what the school wrote is not needed for that."""
    allocator = chosen(lambda r: r.who is R.OFFICE_ALLOCATOR)
    assert {r.what for r in allocator} == {C.REPORT_HEAD}


def test_a_guardian_never_sees_the_other_parents_contact() -> None:
    """A guardian reads her own contact row, none in a report, and no number."""
    rules = chosen(lambda r: r.who is R.GUARDIAN)
    assert {r.tie for r in rules if r.what is C.PUPIL_CONTACT} == {T.OWN_CONTACT}
    assert not {r.what for r in rules} & {C.PUPIL_NUMBER, C.REPORT_CONTACT}


@pytest.mark.parametrize(
    "what",
    [
        C.PUPIL_WHEREABOUTS, C.PUPIL_ENROLMENT, C.REPORT_HEAD, C.REPORT, C.CASE_CORE,
        C.CASE_IDENTITY, C.CASE_PARTICIPANTS, C.ATTENDANCE_SUMMARY, C.LOG_OWN_ORGANISATION,
    ],
)  # fmt: skip
def test_a_parent_reads_where_a_child_is_only_when_nobody_is_protected(what: DataClass) -> None:
    """Whatever names a place, a school or an office rests on a tie that a protection ends."""
    parents = {tie for who, tie in readers(what) if who in {R.GUARDIAN, R.PARENT_WITHOUT_AUTHORITY}}
    # A family's file is authority over an unprotected child, from which nothing is withheld.
    of_a_file = what in {C.CASE_PARTICIPANTS, C.ATTENDANCE_SUMMARY}
    assert parents == {T.FAMILY_FILE if of_a_file else T.AUTHORITY_UNPROTECTED}


def test_a_parent_without_authority_reads_what_the_law_names() -> None:
    """BW 1:377c gives important facts: whose they are and the rate; the rest on request."""
    assert read_by(R.PARENT_WITHOUT_AUTHORITY) == {
        P.OWN_DATA: {C.PUPIL_IDENTITY, C.ATTENDANCE_RATE}
    }


def test_what_a_parent_loses_at_16_the_young_person_has() -> None:
    """No class falls away at 16 without the young person reading it from then on."""
    lost = chosen(lambda r: r.who is R.GUARDIAN and r.may is A.READ and r.end is End.AGE_16)
    own = read_by(R.YOUNG_PERSON)[P.OWN_DATA]
    assert {r.what for r in lost} <= own


def test_the_family_acts_on_its_own_right_alone() -> None:
    """Family has one purpose, and every tie of it is that of a family."""
    rules = chosen(lambda r: r.who in FAMILY)
    assert {r.purpose for r in rules} == {P.OWN_DATA}
    others = {r.tie for r in TABLE if r.who not in FAMILY}
    assert not {r.tie for r in rules} & others


def test_nobody_reads_the_national_number() -> None:
    """The number arrives in a delivery, serves matching, and is read by no role."""
    assert {r.may for r in chosen(lambda r: r.what is C.PUPIL_NUMBER)} == {A.IMPORT}


def test_no_school_reads_which_illness_or_which_belief() -> None:
    """Which illness is for a doctor, a statutory task and the young person; belief for the last."""
    assert readers(C.ATTENDANCE_REASON_HEALTH) == {
        (R.YOUTH_DOCTOR, T.REFERRAL),
        (R.ALLIANCE_CONSULTANT, T.STATUTORY_REFERRAL),
        (R.YOUNG_PERSON, T.SELF_FROM_16),
    }
    assert readers(C.ATTENDANCE_REASON_BELIEF) == {(R.YOUNG_PERSON, T.SELF_FROM_16)}
    assert not SCHOOL & {
        who
        for what in (C.ATTENDANCE_REASON_HEALTH, C.ATTENDANCE_REASON_BELIEF)
        for who, _ in readers(what)
    }


def test_notes_of_youth_care_leave_it_on_consent_alone() -> None:
    """Youth care reads its own notes; everybody else needs consent that is in force."""
    assert {tie for _, tie in readers(C.NOTE_YOUTH_CARE)} == {T.OWN_NOTES, T.CONSENT}
    own = {who for who, tie in readers(C.NOTE_YOUTH_CARE) if tie is T.OWN_NOTES}
    assert own == {R.YOUTH_CARE_WORKER, R.CHILD_PROTECTION_WORKER}


def test_a_doctor_writes_with_consent_alone() -> None:
    """Medical secrecy: what a youth doctor shares rests on consent, and on nothing else."""
    written = chosen(lambda r: r.who is R.YOUTH_DOCTOR and r.may is A.WRITE)
    assert {(r.tie, r.basis) for r in written} == {(T.CONSENT, Basis.CONSENT)}


def test_consent_is_a_ground_only_where_it_is_the_tie_or_is_given() -> None:
    """Nothing else rests on consent, so that refusing it costs nobody their schooling."""
    for rule in chosen(lambda r: r.basis is Basis.CONSENT):
        assert rule.tie is T.CONSENT or (rule.may, rule.what) == (A.GIVE, C.CONSENT)


def test_an_emergency_gives_what_finds_a_child_and_no_more() -> None:
    """A small fixed set, for vital interests, to whom already works with the child."""
    rules = chosen(lambda r: r.purpose is P.EMERGENCY)
    assert {r.basis for r in rules} == {Basis.VITAL_INTEREST}
    assert {(r.may, r.what, r.tie) for r in rules} == {
        (A.DECLARE, C.EMERGENCY, T.WORKING_RELATION),
        (A.READ, C.PUPIL_IDENTITY, T.EMERGENCY),
        (A.READ, C.PUPIL_CONTACT, T.EMERGENCY),
        (A.READ, C.PUPIL_WHEREABOUTS, T.EMERGENCY),
    }
    assert all((r.tie is T.EMERGENCY) == (r.may is A.READ) for r in rules)


def test_a_privacy_officer_sees_who_looked_and_nothing_of_what() -> None:
    """The data protection officer reads the log, the emergencies and the staff: no content."""
    seen = {C.LOG_ORGANISATION, C.EMERGENCY, C.STAFF}
    assert read_by(R.PRIVACY_OFFICER) == {P.ACCOUNTABILITY: seen}


def test_the_operator_reads_nothing_about_persons() -> None:
    """Who runs the platform registers organisations and their first administrators, no more."""
    rules = chosen(lambda r: r.who is R.PLATFORM_OPERATOR)
    assert all(r.what in ABOUT_NOBODY and r.may is not A.READ for r in rules)


def test_a_processor_acts_for_a_controller_and_is_never_a_ground_to_read_persons() -> None:
    """AVG art. 28 carries deliveries, jobs and operation; reading by it gives receipts alone."""
    read = chosen(lambda r: r.basis is Basis.PROCESSOR and r.may is A.READ)
    assert {r.what for r in read} == {C.IMPORT_RECEIPT}


def test_a_rule_ends_as_its_tie_does() -> None:
    """What ends a rule is what its tie can end by, and no tie is said to end in two ways."""
    assert {rule.tie: rule.end for rule in TABLE} == ENDS_OF
    assert all(rule.end is ENDS_OF[rule.tie] for rule in TABLE)

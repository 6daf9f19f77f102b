"""What must hold of the table as a whole, whatever rows it gets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import FrozenInstanceError, replace

import pytest

from permissions.table import TABLE, rows
from permissions.vocabulary import (
    AGGREGATE,
    SPECIAL_CATEGORY,
    Activity,
    Basis,
    DataClass,
    End,
    Exception_,
    Purpose,
    Role,
    Rule,
    Tie,
)

ABOUT_NOBODY = AGGREGATE | {DataClass.ORGANISATION, DataClass.IMPORT_RECEIPT, DataClass.STAFF}
FIRST = TABLE[0]


def read_by(role: Role) -> dict[Purpose, set[DataClass]]:
    """Return the data classes a role reads, by purpose."""
    found: defaultdict[Purpose, set[DataClass]] = defaultdict(set)
    for rule in TABLE:
        if rule.who is role and rule.may is Activity.READ:
            found[rule.purpose].add(rule.what)
    return dict(found)


def test_no_rule_is_in_the_table_twice() -> None:
    """The name that a trace gives to a rule belongs to one row."""
    ids = [rule.id for rule in TABLE]
    assert len(ids) == len(set(ids))


def test_a_rule_is_named_by_who_what_for_by_which_tie() -> None:
    """The name tells role, purpose, tie, activity and data class, in that order."""
    assert FIRST.id == "mentor/daily_guidance/class_assignment/read/pupil.identity"


def test_every_rule_on_special_category_data_names_its_exception() -> None:
    """AVG art. 9 forbids; a rule that permits says what lifts the prohibition."""
    special = [rule for rule in TABLE if rule.what in SPECIAL_CATEGORY]
    assert special
    assert all(rule.exception is not None for rule in special)


def test_no_other_rule_claims_an_exception() -> None:
    """An exception beside ordinary data would suggest that there is something special in it."""
    ordinary = [rule for rule in TABLE if rule.what not in SPECIAL_CATEGORY]
    assert all(rule.exception is None for rule in ordinary)


@pytest.mark.parametrize("what", sorted(SPECIAL_CATEGORY))
def test_special_category_data_without_an_exception_is_refused(what: DataClass) -> None:
    """The build fails on such a row, and says which."""
    with pytest.raises(ValueError, match=f"{what}: special-category data needs an exception"):
        replace(FIRST, what=what, exception=None)


@pytest.mark.parametrize("source", ["", "  \n"])
def test_a_rule_without_a_source_is_refused(source: str) -> None:
    """Every row cites something."""
    with pytest.raises(ValueError, match="a rule without a source is an opinion"):
        replace(FIRST, source=source)


def test_a_rule_cannot_be_changed_while_running() -> None:
    """What was loaded is what was approved."""
    with pytest.raises((FrozenInstanceError, AttributeError)):
        FIRST.source = "another"  # type: ignore[misc]


def test_shorthand_states_one_rule_per_class() -> None:
    """`rows` writes the exception beside the special class only, and a rule for each."""
    made = rows(
        Role.MENTOR,
        Purpose.DAILY_GUIDANCE,
        Tie.CLASS_ASSIGNMENT,
        Activity.READ,
        (DataClass.SIGNAL, DataClass.ATTENDANCE_REASON_HEALTH),
        basis=Basis.PUBLIC_TASK,
        exception=Exception_.UAVG_30_SCHOOL,
        end=End.ASSIGNMENT,
        source="A source",
    )
    assert [(rule.what, rule.exception) for rule in made] == [
        (DataClass.SIGNAL, None),
        (DataClass.ATTENDANCE_REASON_HEALTH, Exception_.UAVG_30_SCHOOL),
    ]


@pytest.mark.parametrize("role", [Role.ATTENDANCE_ADVISER, Role.ALLIANCE_ANALYST])
def test_roles_that_see_groups_see_no_person(role: Role) -> None:
    """Whoever reads figures has no rule at all on a class about a person."""
    assert {rule.what for rule in TABLE if rule.who is role} <= AGGREGATE


def test_whoever_reads_figures_reads_nothing_else_for_that_purpose() -> None:
    """Figures and persons never meet in one token, whatever the role."""
    for role in Role:
        for classes in read_by(role).values():
            assert classes <= AGGREGATE or not classes & AGGREGATE


def test_enforcement_and_case_work_never_meet() -> None:
    """No class that a role reads for case work is read by it for enforcement, or the reverse."""
    for role in Role:
        read = read_by(role)
        case_work = read.get(Purpose.CASE_COORDINATION, set())
        enforcement = read.get(Purpose.COMPULSORY_SCHOOLING, set())
        assert not case_work & enforcement


def test_an_officer_reads_no_live_school_data() -> None:
    """What the school registers reaches an officer in a report or as an offered summary alone."""
    live = {
        what
        for what in DataClass
        if what.startswith(("pupil.", "attendance.", "signal"))
        and what is not DataClass.ATTENDANCE_SUMMARY
    }
    for classes in read_by(Role.ATTENDANCE_OFFICER).values():
        assert not classes & live


def test_opening_a_case_from_a_report_reads_nothing() -> None:
    """The allocation of a report gives a case token the activity OPEN and no read."""
    by_allocation = {
        rule.may
        for rule in TABLE
        if rule.tie is Tie.REPORT_ALLOCATION and rule.purpose is Purpose.CASE_COORDINATION
    }
    assert by_allocation == {Activity.OPEN}


def test_partners_in_a_case_see_no_marks() -> None:
    """The alliance and youth care never read absences, reasons, rate or contact persons."""
    for role in (Role.ALLIANCE_CONSULTANT, Role.YOUTH_CARE_WORKER):
        for classes in read_by(role).values():
            for what in classes - {DataClass.ATTENDANCE_SUMMARY}:
                assert not what.startswith(("attendance.", "pupil."))


def test_an_invitation_shows_the_head_of_the_case_alone() -> None:
    """Until it is answered, an invitation gives the case's head and ends with the answer."""
    for rule in TABLE:
        if rule.tie is Tie.INVITATION:
            assert (rule.may, rule.what) == (Activity.READ, DataClass.CASE_CORE)
            assert rule.end is End.INVITATION_ANSWERED


def test_a_guardian_never_sees_the_other_parents_contact_or_where_the_child_is() -> None:
    """A guardian reads her own contact row, none in a report, no whereabouts and no number."""
    rules = [rule for rule in TABLE if rule.who is Role.GUARDIAN]
    assert {rule.tie for rule in rules if rule.what is DataClass.PUPIL_CONTACT} == {Tie.OWN_CONTACT}
    assert not {rule.what for rule in rules} & {
        DataClass.PUPIL_WHEREABOUTS,
        DataClass.PUPIL_NUMBER,
        DataClass.REPORT_CONTACT,
    }


def test_nobody_reads_the_national_number() -> None:
    """The number arrives in a delivery, serves matching, and is read by no role."""
    activities = {rule.may for rule in TABLE if rule.what is DataClass.PUPIL_NUMBER}
    assert activities == {Activity.IMPORT}


def test_nobody_reads_which_illness_or_which_belief() -> None:
    """These two classes are delivered and kept; no role reads them yet."""
    kept = {DataClass.ATTENDANCE_REASON_HEALTH, DataClass.ATTENDANCE_REASON_BELIEF}
    assert {rule.may for rule in TABLE if rule.what in kept} == {Activity.IMPORT}


def test_the_operator_reads_nothing_about_persons() -> None:
    """Who runs the platform registers organisations and their first administrators, no more."""
    rules = [rule for rule in TABLE if rule.who is Role.PLATFORM_OPERATOR]
    assert rules
    assert all(rule.what in ABOUT_NOBODY and rule.may is not Activity.READ for rule in rules)


def test_every_member_of_the_vocabulary_is_in_use() -> None:
    """A word that no row uses would promise something that is not there."""
    assert {rule.who for rule in TABLE} == set(Role)
    assert {rule.purpose for rule in TABLE} == set(Purpose)
    assert {rule.tie for rule in TABLE} == set(Tie)
    assert {rule.may for rule in TABLE} == set(Activity)
    assert {rule.what for rule in TABLE} == set(DataClass)
    assert {rule.basis for rule in TABLE} == set(Basis)
    assert {rule.exception for rule in TABLE} == {None, *Exception_}
    assert {rule.end for rule in TABLE} == set(End)


def test_a_processor_acts_for_a_controller_and_is_never_a_ground_to_read_persons() -> None:
    """AVG art. 28 carries deliveries, jobs and operation; reading by it gives receipts alone."""
    read = {r.what for r in TABLE if r.basis is Basis.PROCESSOR and r.may is Activity.READ}
    assert read == {DataClass.IMPORT_RECEIPT}


def test_a_rule_is_whole() -> None:
    """A rule has every column of its own type; none is prose but the source."""
    for rule in TABLE:
        assert isinstance(rule, Rule)
        kinds = (rule.who, rule.may, rule.what, rule.purpose, rule.tie, rule.basis, rule.end)
        assert list(map(type, kinds)) == [Role, Activity, DataClass, Purpose, Tie, Basis, End]

"""Which rows the logins of figures, imports and jobs give an actor; all logins together."""

from collections.abc import Mapping

from domain.database import Login
from domain.reach import Kind
from permissions.vocabulary import AGGREGATE as FIGURES
from permissions.vocabulary import Activity, DataClass
from tests.proof import facts as f
from tests.proof import facts_of_work as w
from tests.proof.evaluate import Seer
from tests.proof.facts import Fact
from tests.proof.tables import (
    WEEK,
    Rows,
    Table,
    by_class,
    joined,
    key_of,
    mine,
    progresses,
    receipts,
    releases,
    within,
)
from tests.proof.tables_of_the_app import APP
from tests.proof.ties_of_organisations import land_of

A, C, K = Activity, DataClass, Kind


def _published(me: Seer) -> Rows:
    reached = set().union(*(me.reads(data_class, K.UNIT) for data_class in FIGURES))
    if not reached:
        return set()
    rows = land_of(me.world).published
    return {x.id for x in rows if f"{x.level}:{x.unit_code}" in reached}


def _periods(me: Seer) -> Rows:
    branches = me.reads(C.AGGREGATE_BRANCH, K.UNIT)
    return {x.id for x in land_of(me.world).periods if f"branch:{x.branch_code}" in branches}


def _release_units(me: Seer) -> Rows:
    branches = me.reads(C.AGGREGATE_BRANCH, K.UNIT)
    return {x.id for x in land_of(me.world).release_units if f"branch:{x.branch_code}" in branches}


AGGREGATE: tuple[Table, ...] = (
    Table(f.Release, releases),
    Table(f.Published, _published),
    Table(f.ReleaseUnit, _release_units),
    Table(f.BranchPeriod, _periods),
    Table(f.Assignment, mine(f.Assignment, "staff_id")),
    Table(f.Client, mine(f.Client, "actor_id", "actor_id"), key="actor_id"),
)


def _delivers(kind: type[Fact], data_class: DataClass, about: Kind, key: str = "id") -> Table:
    column = "branch_id" if about is K.BRANCH else "controller_id"
    return Table(kind, within(kind, [(A.IMPORT, data_class, about, column)], key), key=key)


IMPORT: tuple[Table, ...] = (
    _delivers(f.Pupil, C.PUPIL_IDENTITY, K.CONTROLLER),
    _delivers(f.Residence, C.PUPIL_WHEREABOUTS, K.CONTROLLER, "pupil_id"),
    _delivers(f.ClassGroup, C.PUPIL_ENROLMENT, K.BRANCH),
    _delivers(f.Enrolment, C.PUPIL_ENROLMENT, K.BRANCH),
    _delivers(f.Membership, C.PUPIL_ENROLMENT, K.BRANCH),
    Table(w.Absence, by_class(w.Absence, A.IMPORT, K.BRANCH, "branch_id")),
    Table(
        w.Reason,
        by_class(w.Reason, A.IMPORT, K.BRANCH, "branch_id", "absence_id"),
        key="absence_id",
    ),
    Table(
        w.Presumed,
        by_class(w.Presumed, A.IMPORT, K.BRANCH, "branch_id", "absence_id"),
        key="absence_id",
    ),
    _delivers(w.Week, C.ATTENDANCE_RATE, K.BRANCH, WEEK),
    _delivers(
        w.DeliveredWeek, C.ATTENDANCE_RATE, K.BRANCH, joined("branch_id", "monday", "version")
    ),
    Table(w.DimensionWeek, by_class(w.DimensionWeek, A.IMPORT, K.BRANCH, "branch_id")),
    Table(w.Signal, by_class(w.Signal, A.IMPORT, K.BRANCH, "branch_id")),
    Table(w.Receipt, receipts),
    Table(w.Progress, progresses, key="receipt_id"),
    Table(f.Agreement, mine(f.Agreement, "client_id")),
)


def _job(kind: type[Fact], activity: Activity, data_class: DataClass, key: str = "id") -> Table:
    """A table that a job sees whole, or not at all."""
    return Table(
        kind,
        lambda me: (
            {key_of(fact, key) for fact in me.world[kind]}
            if me.objects(activity, data_class, K.CONTROLLER)
            else set()
        ),
        key=key,
    )


def _job_lines(me: Seer) -> Rows:
    return {
        line.id
        for line in me.world[w.AccessLine]
        if me.objects(A.ACCOUNT, DataClass(line.data_class), K.CONTROLLER)
    }


JOBS: tuple[Table, ...] = (
    _job(f.Staff, A.APPOINT, C.STAFF),
    _job(f.Assignment, A.APPOINT, C.STAFF),
    _job(f.Agreement, A.REGISTER, C.ORGANISATION),
    _job(f.YoungPerson, A.ACCOUNT, C.LOG_OWN),
    _job(w.Trace, A.ACCOUNT, C.LOG_OWN),
    Table(w.AccessLine, _job_lines),
    _job(w.Announcement, A.ERASE, C.CHANGE, "number"),
    _job(f.Release, A.AGGREGATE, C.AGGREGATE_BRANCH_EXACT),
    _job(f.Published, A.AGGREGATE, C.AGGREGATE_BRANCH_EXACT),
    _job(f.ReleaseUnit, A.AGGREGATE, C.AGGREGATE_BRANCH_EXACT),
    _job(f.BranchPeriod, A.AGGREGATE, C.AGGREGATE_BRANCH_EXACT),
    _job(f.BranchTable, A.AGGREGATE, C.AGGREGATE_BRANCH_EXACT),
    Table(w.Report, within(w.Report, [(A.ALLOCATE, C.REPORT, K.REPORT, "id")], "id")),
    Table(
        w.Allocation,
        within(w.Allocation, [(A.ALLOCATE, C.REPORT, K.REPORT, "report_id")], "id"),
    ),
)

TABLES: Mapping[Login, tuple[Table, ...]] = {
    Login.APP: APP,
    Login.AGGREGATE: AGGREGATE,
    Login.IMPORT: IMPORT,
    Login.JOBS: JOBS,
}
"""What each login role sees of the tables that say something of somebody."""
